internal import Foundation

/// The name of the thread that is being written to: whoever finds it under the write lock knows that
/// its writer died, and that the file as it stands is whole.
struct WriteMark: Sendable {
  let path: String

  func set(_ topic: Topic) throws {
    try FileDescriptor(opening: path, flags: O_WRONLY | O_CREAT | O_TRUNC)
      .write(Array(topic.name.utf8))
  }

  func clear() { unlink(path) }

  func holds(_ topic: Topic) -> Bool {
    (try? AtomicFile.read(path)) == Array(topic.name.utf8)
  }
}

/// From where to where the branch is being moved: whoever finds it under the write lock knows that the
/// files are no edits of anybody's.
struct MoveMark: Sendable {
  let path: String

  func set(from: String, to target: String) throws {
    try FileDescriptor(opening: path, flags: O_WRONLY | O_CREAT | O_TRUNC)
      .write(Array("\(from) \(target)\n".utf8))
  }

  func clear() { unlink(path) }

  var isSet: Bool { access(path, F_OK) == 0 }

  /// Nil where it was cut off while it was written: then nothing was moved yet.
  var move: (from: String, target: String)? {
    guard let bytes = try? AtomicFile.read(path), bytes.last == .lineFeed else { return nil }
    let words = bytes[...].trimmed.string.split(separator: " ").map(String.init)
    return words.count == 2 ? (words[0], words[1]) : nil
  }
}

extension Clone {
  var writing: WriteMark { WriteMark(path: file("writing")) }
  var moving: MoveMark { MoveMark(path: file("moving")) }
}
