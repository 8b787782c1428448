internal import Foundation

/// An entry that is in its thread's file, and whose commit is made by whoever pushes next.
struct UncommittedEntry: Sendable, Equatable {
  let id: EntryID
  let topic: Topic
  /// What its commit would be called, were it alone.
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

  var isEmpty: Bool { note.isEmpty }

  /// - Parameter bytes: The thread's file, kept: somebody may edit it before it is committed.
  func add(_ entry: UncommittedEntry, file bytes: [UInt8]) throws {
    mkdir(directory, 0o777)
    try AtomicFile.replace(entry.topic.fileName, in: directory, with: bytes, isFlushed: false)
    // The subject last: it may have anything in it but a line's end.
    let fields = [
      Array(entry.id.description.utf8), Array(entry.topic.name.utf8), entry.look.bytes,
      Array(entry.subject.utf8),
    ]
    let before = note.bytes
    // A record that was cut off, of who was killed, ends here.
    let isCutOff = before.last.map { $0 != .lineFeed } ?? false
    do {
      try note.append(
        (isCutOff ? [.lineFeed] : []) + fields.joined(separator: [Self.separator]) + [.lineFeed])
    } catch {
      truncate(note.path, off_t(before.count))
      throw error
    }
  }

  var all: [UncommittedEntry] { Self.read(note.bytes) }

  func contains(_ id: EntryID) -> Bool { all.contains { $0.id == id } }

  static func read(_ bytes: [UInt8]) -> [UncommittedEntry] {
    // What is after the last line's end was cut off.
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
  func file(of topic: Topic) -> [UInt8]? {
    try? AtomicFile.read(directory + "/" + topic.fileName)
  }

  func clear() {
    note.clear()
    for name in (try? Directory.names(in: directory)) ?? [] { unlink(directory + "/" + name) }
  }

  private static let separator: UInt8 = 0x1F
}

/// Why entries that somebody else was to commit were not written: who waits for theirs looks here.
struct CommitFailures: Sendable {
  fileprivate let note: NoteFile

  func add(_ error: CommitError, of entries: [EntryID]) {
    let text = "\(error.message.onOneLine)\u{1F}\((error.hint ?? "").onOneLine)"
    let lines = entries.map { "\($0)\u{1F}\(text)\n" }.joined()
    // Who has not looked after so many others has gone.
    let bytes = Array(lines.utf8)
    _ = note.count < 1 << 16 ? try? note.append(bytes) : try? note.write(bytes)
  }

  func error(of id: EntryID) -> CommitError? {
    for line in note.bytes.split(separator: .lineFeed).reversed() {
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
  var uncommitted: UncommittedEntries {
    UncommittedEntries(note: note("uncommitted"), directory: file("uncommitted-files"))
  }
  var failures: CommitFailures { CommitFailures(note: note("failures")) }
}

extension GitProcessSync {
  /// Commits what others wrote, and this process, without a commit. Nothing is done where there is none.
  /// - Returns: What people should know of it.
  func commitUncommitted() throws -> [String] {
    if clone.uncommitted.isEmpty { return [] }
    // Somebody may have another branch checked out by now, or have left a rebase.
    return try clone.withLock(.write, deadline: .after(Self.localPatience)) { try prepare($0) }
  }

  /// The same for who holds the write lock, and has looked at the branch. What cannot be committed is in
  /// no file any more; those who wrote it find the reason in `failures`.
  func commitUncommitted(_ lock: borrowing FileLock) throws {
    if clone.uncommitted.isEmpty { return }
    let entries = clone.uncommitted.all
    do {
      do {
        try commit(entries, lock)
      } catch let cause as GitError where cause.isPassing {
        // A git that was killed, say: not for the others to bear.
        if try !missing(entries).isEmpty { try commit(entries, lock) }
      }
    } catch let cause as GitError {
      // Git may have been ended when the branch had them already; or somebody has committed by hand.
      let missing = try missing(entries)
      if !missing.isEmpty {
        let root = settings.isSigning ? clone.root : nil
        clone.failures.add(CommitError(cause: cause, signingRoot: root), of: missing.map(\.id))
        try remove(missing, lock)
      }
      forgetSnapshot()
    }
    // Of a record that nobody can read the entry is an edit.
    if entries.isEmpty { forgetSnapshot() }
    clone.uncommitted.clear()
  }

  /// The last entry of each thread: the file as it was then has those before it.
  private func lastOfEach(_ entries: [UncommittedEntry]) -> [UncommittedEntry] {
    var seen: Set<Topic> = []
    return entries.reversed().filter { seen.insert($0.topic).inserted }.reversed()
  }

  private func commit(_ entries: [UncommittedEntry], _ lock: borrowing FileLock) throws {
    if entries.isEmpty { return }
    let files = lastOfEach(entries)
    let message = CommitMessage(joining: entries)
    if files.allSatisfy({ look(at: $0.topic.fileName) == $0.look }) {
      try commit(files.map(\.topic), message, areNew: false, lock)
      let saved = files.filter { look(at: $0.topic.fileName) != $0.look }
      if saved.isEmpty { return }
      // Somebody saved a file while it was committed, and git may have read that instead of what was
      // written: then the commit is made anew, and the save is an edit like any other.
      let committed = try blobs(saved.map { "HEAD:" + clone.name(of: $0.topic) })
      let isWrong = saved.contains { entry in
        committed["HEAD:" + clone.name(of: entry.topic)] != clone.uncommitted.file(of: entry.topic)
      }
      if isWrong { try commitBeside(entries, on: clone.branchRef + "^", message, lock) }
    } else {
      try commitBeside(entries, on: clone.branchRef, message, lock)
    }
  }

  /// Commits entries on what a commit has, whatever is in the work tree by now: a person may have saved
  /// the file, or have pulled, committed or taken something out by hand.
  private func commitBeside(
    _ entries: [UncommittedEntry], on ref: String, _ message: CommitMessage,
    _ lock: borrowing FileLock
  ) throws {
    let parent = try commit(at: ref)
    var files: [Topic: [UInt8]] = [:]
    for topic in lastOfEach(entries).map(\.topic) {
      let object = (parent ?? "HEAD") + ":" + clone.name(of: topic)
      let known = try blobs([object])[object]
      let kept = clone.uncommitted.file(of: topic).flatMap { ThreadParser.parse($0[...]) }
      guard let kept else { continue }
      guard let known, let shown = ThreadParser.parse(known[...]) else {
        files[topic] = kept.bytes
        continue
      }
      let ids = entries.filter { $0.topic == topic }.map(\.id)
      let base = kept.removing(ids)
      let merge = ThreadMerge(base: base, shown: shown, replayed: kept, topic: topic)
      files[topic] = merge?.thread.bytes
    }
    if files.isEmpty { return }
    let made = try commitBeside(parent, files, message)
    try setBranch(to: made, Array(files.keys), lock)
  }

  /// Those that the branch does not have.
  private func missing(_ entries: [UncommittedEntry]) throws -> [UncommittedEntry] {
    let names = lastOfEach(entries).map { "HEAD:" + clone.name(of: $0.topic) }
    let known = try blobs(names).mapValues { bytes in
      Set(ThreadParser.parse(bytes[...])?.entries.compactMap(\.id) ?? [])
    }
    return entries.filter { entry in
      !(known["HEAD:" + clone.name(of: entry.topic)]?.contains(entry.id) ?? false)
    }
  }

  /// Takes what could not be committed out of its files again.
  private func remove(_ entries: [UncommittedEntry], _ lock: borrowing FileLock) throws {
    let files = lastOfEach(entries)
    let names = files.map { clone.name(of: $0.topic) }
    let committed = try blobs(names.map { "HEAD:" + $0 })
    for (name, entry) in zip(names, files) {
      let file = entry.topic.fileName
      var bytes = committed["HEAD:" + name]
      if look(at: file) != entry.look {
        // Somebody edited it meanwhile.
        let edited = (try? store.readIfPresent(entry.topic))?.thread
        bytes = edited?.removing(entries.map(\.id)).bytes
      }
      if let bytes { try AtomicFile.replace(file, in: clone.threads, with: bytes) }
    }
    _ = try? run(["--literal-pathspecs", "reset", "--quiet", "--"] + names)
  }
}
