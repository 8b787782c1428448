internal import Platform

/// How thread files look from outside: sizes, times and inodes, by name. A file that still looks so has
/// not been edited.
///
/// A clone may have thousands of threads, and each write looks at all of them once: they are kept as they stand
/// in the file that they are noted in, which is compared as bytes.
struct WorkTreeSnapshot: Equatable {
  /// A name and a look, each before a NUL, for each file, in the order of the names' bytes.
  private var records: [UInt8] = []

  init() {}

  /// Of the files as they are now; nil if it cannot be told.
  init?(of directory: String) {
    guard let names = try? Directory.names(in: directory, where: { $0.hasSuffix(".md") }) else {
      return nil
    }
    records.reserveCapacity(names.count * 64)
    for name in names.sorted(by: { $0.utf8.lexicographicallyPrecedes($1.utf8) }) {
      guard let look = Self.look(at: name, in: directory) else { continue }
      records += Self.record(name, look)
    }
  }

  /// Takes one file as it is now; one that is gone is in no snapshot.
  mutating func look(at name: String, in directory: String) {
    set(name, to: Self.look(at: name, in: directory))
  }

  /// Takes one file as it was written.
  /// - Parameter status: Nil where it is not known: then the file is forgotten.
  mutating func take(_ name: String, as status: FileStatus?) {
    if let status { set(name, to: Self.look(of: status)) } else { forget(name) }
  }

  /// How a file looks now; nil for one that is not there.
  private static func look(at name: String, in directory: String) -> [UInt8]? {
    do {
      guard let info = try FileStatus.of(directory + "/" + name, followingLinks: false) else {
        return nil
      }
      return look(of: info)
    } catch {
      // Neither how it was nor gone.
      return Array("unreadable".utf8)
    }
  }

  private static func look(of info: FileStatus) -> [UInt8] {
    let time = info.modified
    return Array(
      "\(info.size) \(info.identity.inode) \(time.seconds) \(time.nanoseconds)".utf8)
  }

  /// Whether a file in a directory looks now as it does here.
  func isCurrent(_ name: String, in directory: String) -> Bool {
    Self.look(at: name, in: directory)?[...] == look(of: name)
  }

  /// It is not known any more how a file looks: neither as it is now nor if it were gone.
  mutating func forget(_ name: String) { set(name, to: Array("unknown".utf8)) }

  /// How one of the files looks, and nothing else.
  func only(_ name: String) -> WorkTreeSnapshot {
    var only = WorkTreeSnapshot()
    only.set(name, to: look(of: name).map { Array($0) })
    return only
  }

  /// The files that look otherwise than in another snapshot, or are in one of them alone.
  func names(differingFrom other: WorkTreeSnapshot) -> [String] {
    let (looks, others) = (looks, other.looks)
    let gone = others.keys.filter { looks[$0] == nil }
    return looks.filter { others[$0.key] != $0.value }.map(\.key) + gone
  }

  // MARK: - Records

  private static func record(_ name: String, _ look: [UInt8]) -> [UInt8] {
    Array(name.utf8) + [0] + look + [0]
  }

  private var looks: [String: Bytes] {
    let fields = records.split(separator: 0, omittingEmptySubsequences: false).dropLast()
    var looks: [String: Bytes] = [:]
    for index in stride(from: 0, to: fields.count - 1, by: 2) {
      looks[fields[index].string] = fields[index + 1]
    }
    return looks
  }

  private func look(of name: String) -> Bytes? {
    let found = place(of: name)
    if found.isEmpty { return nil }
    return records[found].dropFirst(name.utf8.count + 1).dropLast()
  }

  private mutating func set(_ name: String, to look: [UInt8]?) {
    records.replaceSubrange(place(of: name), with: look.map { Self.record(name, $0) } ?? [])
  }

  /// The record of a file; empty, and where it would be, for one that has none.
  private func place(of name: String) -> Range<Int> {
    var start = 0
    while start < records.count {
      guard let middle = records[start...].firstIndex(of: 0),
        let end = records[(middle + 1)...].firstIndex(of: 0)
      else { break }
      let found = records[start..<middle]
      if found.elementsEqual(name.utf8) { return start..<(end + 1) }
      if name.utf8.lexicographicallyPrecedes(found) { return start..<start }
      start = end + 1
    }
    return start..<start
  }

  // MARK: - In a file

  init(bytes: [UInt8]) { records = bytes }

  var bytes: [UInt8] { records }
}

/// The thread files as an operation of ours left them, and the commit that the branch named then: a branch that
/// somebody moved since, with no file changed, has what the files have not.
struct FilesAsLeft: Equatable {
  /// Nil for a branch without a commit.
  let head: String?
  let files: WorkTreeSnapshot

  init(head: String?, files: WorkTreeSnapshot) { (self.head, self.files) = (head, files) }

  /// Nil for bytes that are no such note: of an earlier version, say.
  init?(bytes: [UInt8]) {
    guard let end = bytes.firstIndex(of: .lineFeed) else { return nil }
    let name = bytes[..<end]
    guard name.isEmpty || name.isObjectName else { return nil }
    self.init(
      head: name.isEmpty ? nil : name.string,
      files: WorkTreeSnapshot(bytes: Array(bytes[(end + 1)...])))
  }

  var bytes: [UInt8] { Array((head ?? "").utf8) + [.lineFeed] + files.bytes }
}
