/// From where to where the branch is being moved: whoever finds it under the write lock knows that the
/// files are no edits of anybody's.
struct MoveMark: Sendable {
  let note: NoteFile

  func set(from: String, to target: String) throws {
    try note.write(Array("\(from) \(target)\n".utf8))
  }

  func clear() throws { try note.clear() }

  var isSet: Bool { get throws { try !note.isEmpty } }

  /// Nil where it was cut off while it was written: then nothing was moved yet.
  var move: (from: String, target: String)? {
    get throws {
      let bytes = try note.bytes
      guard bytes.last == .lineFeed else { return nil }
      let words = bytes[...].trimmed.string.split(separator: " ").map(String.init)
      return words.count == 2 ? (words[0], words[1]) : nil
    }
  }
}

extension Clone {
  var moving: MoveMark { MoveMark(note: note(.moving)) }
}
