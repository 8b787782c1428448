internal import Platform

/// An entry that is in its thread's file, and whose commit is made by whoever pushes next.
struct UncommittedEntry: Sendable, Equatable {
  let id: EntryID
  let topic: Topic
  /// The subject that its commit would have, were it alone.
  let subject: String
  /// How the file looked with it.
  let look: WorkTreeSnapshot
}

/// The entries of a clone that wait for their commit. While one process pushes, others go on writing;
/// then one commit carries all that they wrote, each entry with its trailer.
///
/// Read and written under the write lock. What a writer that was killed left here is committed by the
/// next operation, as it is.
struct UncommittedEntries: Sendable {
  fileprivate let note: NoteFile
  fileprivate let directory: String
  /// The IDs of those that somebody was answered for.
  fileprivate let answered: NoteFile

  var isEmpty: Bool { get throws { try note.isEmpty } }

  /// - Parameter bytes: The thread's file, kept: somebody may edit it before it is committed.
  func add(_ entry: UncommittedEntry, file bytes: [UInt8]) throws {
    _ = try? Directory.makeOne(directory)
    try AtomicFile.replace(entry.topic.fileName, in: directory, with: bytes, isFlushed: false)
    // The subject last: it may have anything in it but a line's end.
    let fields = [
      Array(entry.id.description.utf8), Array(entry.topic.name.utf8), entry.look.bytes,
      Array(entry.subject.utf8),
    ]
    let before = try note.bytes
    // A record that was cut off, of who was killed, ends here.
    let isCutOff = before.last.map { $0 != .lineFeed } ?? false
    do {
      try note.append(
        (isCutOff ? [.lineFeed] : []) + fields.joined(separator: [Self.separator]) + [.lineFeed])
    } catch {
      try? File.cut(note.path, to: before.count)
      throw error
    }
  }

  var all: [UncommittedEntry] { get throws { Self.read(try note.bytes) } }

  /// How many records there are, read or not: what was cut off is one too.
  var recordCount: Int {
    get throws { try note.bytes.split(separator: .lineFeed).count }
  }

  func contains(_ id: EntryID) throws -> Bool { try all.contains { $0.id == id } }

  /// Somebody was told that it is written: where its commit cannot be made it stays in its file, as an edit.
  func answer(for id: EntryID) throws { try answered.append(Array("\(id)\n".utf8)) }

  /// Those that somebody was answered for.
  var answeredIDs: Set<EntryID> {
    get throws { Set(try answered.bytes.split(separator: .lineFeed).compactMap { EntryID($0) }) }
  }

  static func read(_ bytes: [UInt8]) -> [UncommittedEntry] {
    // A record without a line's end was cut off.
    bytes.split(separator: .lineFeed, omittingEmptySubsequences: false).dropLast()
      .compactMap { line in
        let fields = line.split(
          separator: Self.separator, maxSplits: 3, omittingEmptySubsequences: false)
        let texts = fields.map { String(decoding: $0, as: UTF8.self) }
        guard fields.count == 4, let id = EntryID(texts[0]), let topic = try? Topic(texts[1])
        else { return nil }
        return UncommittedEntry(
          id: id, topic: topic, subject: texts[3], look: WorkTreeSnapshot(bytes: Array(fields[2])))
      }
  }

  /// The thread's file as it was with the last of its entries here.
  func file(of topic: Topic) throws -> [UInt8]? {
    try AtomicFile.readIfPresent(directory + "/" + topic.fileName)
  }

  func clear() throws {
    try note.clear()
    if try !answered.isEmpty { try answered.clear() }
    // Copies that stay are written over by the next ones.
    for name in (try? Directory.names(in: directory)) ?? [] {
      try? File.remove(directory + "/" + name)
    }
  }

  private static let separator: UInt8 = 0x1F
}

extension Clone {
  var uncommitted: UncommittedEntries {
    UncommittedEntries(
      note: note(.uncommitted), directory: path(of: .uncommittedFiles), answered: note(.answered))
  }
}
