/// Why entries that somebody else was to commit were not written: who waits for theirs looks here.
struct CommitFailures: Sendable {
  fileprivate let note: NoteFile

  func add(_ error: CommitError, of entries: [EntryID]) throws {
    let text = "\(error.message.onOneLine)\u{1F}\((error.hint ?? "").onOneLine)"
    let lines = entries.map { "\($0)\u{1F}\(text)\n" }.joined()
    // Who has not looked after hundreds of others has gone.
    try note.log(Array(lines.utf8))
  }

  /// An entry that is written anew has not failed yet.
  func forget(_ id: EntryID) throws {
    let bytes = try note.bytes
    let name = Array(id.description.utf8)
    let others = bytes.split(separator: .lineFeed).filter { !$0.starts(with: name) }
    let left = others.flatMap { $0 + [.lineFeed] }
    if left.count < bytes.count { try note.write(left) }
  }

  func error(of id: EntryID) throws -> CommitError? {
    for line in try note.bytes.split(separator: .lineFeed).reversed() {
      let texts = line.split(separator: 0x1F, omittingEmptySubsequences: false)
        .map { String(decoding: $0, as: UTF8.self) }
      if texts.count == 3, texts[0] == id.description {
        return CommitError(message: texts[1], hint: texts[2].isEmpty ? nil : texts[2])
      }
    }
    return nil
  }
}

extension Clone {
  var failures: CommitFailures { CommitFailures(note: note(.failures)) }
}
