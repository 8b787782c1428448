internal import Foundation

/// How thread files look from outside: sizes, times and inodes, by name. A file that still looks so has
/// not been edited.
struct WorkTreeSnapshot: Equatable {
  private var files: [String: String] = [:]

  /// Of the files as they are now; nil if it cannot be told.
  init?(of directory: String) {
    guard let names = try? Directory.names(in: directory, where: { $0.hasSuffix(".md") }) else {
      return nil
    }
    for name in names { look(at: name, in: directory) }
  }

  /// Takes one file as it is now; one that is gone is in no snapshot.
  mutating func look(at name: String, in directory: String) {
    do {
      let info = try FileStatus.of(directory + "/" + name, followingLinks: false)
      files[name] = info.map { info in
        let time = info.modificationTime
        return "\(info.st_size) \(info.st_ino) \(time.tv_sec) \(time.tv_nsec)"
      }
    } catch {
      // Neither how it was nor gone.
      files[name] = "unreadable"
    }
  }

  /// Whether a file in a directory looks now as it does here.
  func isCurrent(_ name: String, in directory: String) -> Bool {
    var now = WorkTreeSnapshot(bytes: [])
    now.look(at: name, in: directory)
    return now.files[name] == files[name]
  }

  /// It is not known any more how a file looks: neither as it is now nor if it were gone.
  mutating func forget(_ name: String) { files[name] = "unknown" }

  /// The files that look otherwise than in another snapshot, or are in one of them alone.
  func names(differingFrom other: WorkTreeSnapshot) -> [String] {
    let gone = other.files.keys.filter { files[$0] == nil }
    return files.filter { other.files[$0.key] != $0.value }.map(\.key) + gone
  }

  // MARK: - In a file

  init(bytes: [UInt8]) {
    let fields = bytes.split(separator: 0).map { String(decoding: $0, as: UTF8.self) }
    for index in stride(from: 0, to: fields.count - 1, by: 2) {
      files[fields[index]] = fields[index + 1]
    }
  }

  var bytes: [UInt8] {
    files.sorted { $0.key < $1.key }.flatMap { "\($0.key)\0\($0.value)\0".utf8 }
  }
}

extension GitProcessSync {
  private var snapshot: NoteFile { clone.note(.asLeft) }

  /// Whether the thread files are as our last operation left them: then nobody has edited anything, and
  /// git need not be asked.
  var isAsLeft: Bool {
    var look: WorkTreeSnapshot?
    return isAsLeft(&look)
  }

  /// The same, and how the files look; nil where that cannot be told.
  func isAsLeft(_ look: inout WorkTreeSnapshot?) -> Bool {
    look = WorkTreeSnapshot(of: clone.threads)
    // None is kept of a clone without threads, nor after `forgetSnapshot`; one that cannot be read tells
    // nothing, and git is asked.
    guard let kept = try? snapshot.bytes, !kept.isEmpty else { return false }
    return look == WorkTreeSnapshot(bytes: kept)
  }

  func save(_ seen: WorkTreeSnapshot) throws { try snapshot.write(seen.bytes) }

  /// How our last operation left the files. Whoever replaces one looks at it at once, before anything
  /// else takes time: what is saved after that must not be taken for ours.
  var seen: WorkTreeSnapshot { get throws { WorkTreeSnapshot(bytes: try snapshot.bytes) } }

  /// Something differs and has to stay so for now: the next operation looks again.
  func forgetSnapshot() throws { try snapshot.clear() }
}
