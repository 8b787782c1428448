/// How thread files look from outside: sizes, times and inodes, by name. A file that still looks so has
/// not been edited.
struct WorkTreeSnapshot: Equatable {
  /// The commit that the files are of, where that is known.
  var commit: String?
  private var looks: [String: String] = [:]

  init() {}

  /// Of the files as they are now; nil if it cannot be told.
  init?(of directory: String) {
    guard let names = try? Directory.names(in: directory, where: { $0.hasSuffix(".md") }) else {
      return nil
    }
    for name in names { look(at: name, in: directory) }
  }

  /// Takes one file as it is now; one that is gone is in no snapshot.
  mutating func look(at name: String, in directory: String) {
    looks[name] = Self.look(at: name, in: directory)
  }

  /// How a file looks now; nil for one that is not there.
  static func look(at name: String, in directory: String) -> String? {
    do {
      let info = try FileStatus.of(directory + "/" + name, followingLinks: false)
      return info.map { info in
        let time = info.modified
        return "\(info.size) \(info.identity.inode) \(time.seconds) \(time.nanoseconds)"
      }
    } catch {
      // Neither how it was nor gone.
      return "unreadable"
    }
  }

  /// Whether a file in a directory looks now as it does here.
  func isCurrent(_ name: String, in directory: String) -> Bool {
    Self.look(at: name, in: directory) == looks[name]
  }

  /// It is not known any more how a file looks: neither as it is now nor if it were gone.
  mutating func forget(_ name: String) { looks[name] = "unknown" }

  /// How one of the files looks, and nothing else.
  func only(_ name: String) -> WorkTreeSnapshot {
    var only = WorkTreeSnapshot()
    only.looks[name] = looks[name]
    return only
  }

  func hasSameFiles(as other: WorkTreeSnapshot) -> Bool { looks == other.looks }

  /// The names of the files, in no order.
  var names: [String] { Array(looks.keys) }

  /// The files that look otherwise than in another snapshot, or are in one of them alone.
  func names(differingFrom other: WorkTreeSnapshot) -> [String] {
    let gone = other.looks.keys.filter { looks[$0] == nil }
    return looks.filter { other.looks[$0.key] != $0.value }.map(\.key) + gone
  }

  // MARK: - In a file

  /// A file without a name has the commit.
  init(bytes: [UInt8]) {
    let fields = bytes.split(separator: 0, omittingEmptySubsequences: false).dropLast()
      .map { String(decoding: $0, as: UTF8.self) }
    for index in stride(from: 0, to: fields.count - 1, by: 2) {
      looks[fields[index]] = fields[index + 1]
    }
    commit = looks.removeValue(forKey: "")
    if commit?.isObjectName == false { commit = nil }
  }

  var bytes: [UInt8] {
    let files = looks.merging(commit.map { ["": $0] } ?? [:]) { first, _ in first }
    return files.sorted { $0.key < $1.key }.flatMap { "\($0.key)\0\($0.value)\0".utf8 }
  }
}
