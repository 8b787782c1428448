internal import Foundation

/// An entry that is in its thread's file, and whose commit is made by whoever pushes next.
struct UncommittedEntry: Sendable, Equatable {
  let id: EntryID
  let topic: Topic
  /// What its commit would be called, were it alone.
  let subject: String
  /// How the file looked with it, and how long it was.
  let look: WorkTreeSnapshot
  let count: Int
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
    try copy(of: entry.topic).write(bytes)
    let fields = [
      Array(entry.id.description.utf8), Array(entry.topic.name.utf8), Array(entry.subject.utf8),
      entry.look.bytes, Array("\(entry.count)".utf8),
    ]
    // A record that was cut off, of who was killed or had a full disk, ends here.
    let isCutOff = note.bytes.last.map { $0 != .lineFeed } ?? false
    try note.append(
      (isCutOff ? [.lineFeed] : []) + fields.joined(separator: [Self.separator]) + [.lineFeed])
  }

  var all: [UncommittedEntry] { Self.read(note.bytes) }

  static func read(_ bytes: [UInt8]) -> [UncommittedEntry] {
    // What is after the last line's end was cut off.
    bytes.split(separator: .lineFeed, omittingEmptySubsequences: false).dropLast()
      .compactMap { line in
        let fields = line.split(separator: Self.separator, omittingEmptySubsequences: false)
        let texts = fields.map { String(decoding: $0, as: UTF8.self) }
        guard fields.count == 5, let id = EntryID(texts[0]), let topic = try? Topic(texts[1]),
          let count = Int(texts[4])
        else { return nil }
        return UncommittedEntry(
          id: id, topic: topic, subject: texts[2], look: WorkTreeSnapshot(bytes: Array(fields[3])),
          count: count)
      }
  }

  /// The file as it was with this entry, the last of its thread here; nil if it was not kept whole.
  func file(with entry: UncommittedEntry) -> [UInt8]? {
    let bytes = copy(of: entry.topic).bytes
    return bytes.count == entry.count ? bytes : nil
  }

  func clear() {
    note.clear()
    for name in (try? Directory.names(in: directory)) ?? [] { unlink(directory + "/" + name) }
  }

  private func copy(of topic: Topic) -> NoteFile {
    NoteFile(path: directory + "/" + topic.fileName)
  }

  private static let separator: UInt8 = 0x1F
}

/// Why entries that somebody else was to commit were not written: who waits for theirs looks here.
struct CommitFailures: Sendable {
  fileprivate let note: NoteFile

  func add(_ error: CommitError) {
    let text = "\(error.message.onOneLine)\u{1F}\((error.hint ?? "").onOneLine)"
    let lines = error.entries.map { "\($0)\u{1F}\(text)\n" }.joined()
    // Who has not looked after so many others has gone.
    let bytes = Array(lines.utf8)
    _ = note.count < 1 << 16 ? try? note.append(bytes) : try? note.write(bytes)
  }

  func error(of id: EntryID) -> CommitError? {
    for line in note.bytes.split(separator: .lineFeed).reversed() {
      let texts = line.split(separator: 0x1F, omittingEmptySubsequences: false)
        .map { String(decoding: $0, as: UTF8.self) }
      if texts.count == 3, texts[0] == id.description {
        return CommitError(
          message: texts[1], hint: texts[2].isEmpty ? nil : texts[2], entries: [id])
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
  /// Commits what others wrote, and this process, without a commit. No git child where there is none.
  func commitUncommitted(for id: EntryID? = nil) throws {
    if clone.uncommitted.isEmpty { return }
    try clone.withLock(.write, deadline: .after(Self.localPatience)) {
      try commitUncommitted($0, for: id)
    }
  }

  /// The same for who holds the write lock.
  /// - Parameter id: What the caller wrote, if anything.
  /// - Throws: `CommitError` if that could not be committed, and is in no file any more. Of others'
  ///   entries they hear themselves.
  func commitUncommitted(_ lock: borrowing FileLock, for id: EntryID? = nil) throws {
    let entries = clone.uncommitted.all
    guard let newest = entries.last else { return }
    var seen: Set<Topic> = []
    // The last of each thread: the file as it was then has those before it.
    let last = Array(entries.reversed().filter { seen.insert($0.topic).inserted }.reversed())
    let message = CommitMessage(joining: entries)
    do {
      do {
        try commit(last, message, lock)
      } catch let cause as GitError where cause.isPassing {
        // A git that was killed, say: not for the others to bear.
        if !isCommitted(newest.id) { try commit(last, message, lock) }
      }
    } catch let cause as GitError {
      // Git may have been ended when the branch had it already, or who committed it before it said so.
      if !isCommitted(newest.id) {
        try remove(entries, from: last, lock)
        let error = CommitError(
          cause: cause, signingRoot: settings.isSigning ? clone.root : nil,
          entries: entries.map(\.id))
        clone.failures.add(error)
        if let id, error.entries.contains(id) { throw error }
        return
      }
      forgetSnapshot()
    }
    clone.uncommitted.clear()
  }

  private func commit(
    _ entries: [UncommittedEntry], _ message: CommitMessage, _ lock: borrowing FileLock
  ) throws {
    if entries.allSatisfy({ look(at: $0.topic.fileName) == $0.look }) {
      try commit(entries.map(\.topic), message, areNew: false, lock)
      try correct(entries.filter { look(at: $0.topic.fileName) != $0.look }, message, lock)
    } else {
      try commitKept(entries, on: try commit(at: clone.branchRef), message, lock)
    }
  }

  /// Somebody saved a file while it was committed, and git may have read that instead of what was
  /// written: then the commit is made anew, and the save is an edit like any other.
  private func correct(
    _ entries: [UncommittedEntry], _ message: CommitMessage, _ lock: borrowing FileLock
  ) throws {
    if entries.isEmpty { return }
    let names = entries.map { "HEAD:" + clone.name(of: $0.topic) }
    let committed = try blobs(names)
    let wrong = zip(names, entries).filter { name, entry in
      clone.uncommitted.file(with: entry).map { committed[name] != $0 } ?? false
    }
    if wrong.isEmpty { return }
    try commitKept(
      entries, of: clone.branchRef, on: try commit(at: clone.branchRef + "^"), message, lock)
  }

  /// Commits the files as they were kept, whatever is in the work tree by now.
  /// - Parameter tree: What the other files are like; as on the parent by default.
  private func commitKept(
    _ entries: [UncommittedEntry], of tree: String? = nil, on parent: String?,
    _ message: CommitMessage, _ lock: borrowing FileLock
  ) throws {
    var files: [Topic: [UInt8]] = [:]
    for entry in entries {
      files[entry.topic] =
        try clone.uncommitted.file(with: entry) ?? AtomicFile.read(store.path(of: entry.topic))
    }
    let made = try commitBeside(parent, files, of: tree, message)
    try setBranch(to: made, entries.map(\.topic), lock)
  }

  /// Takes what could not be committed out of its files again.
  private func remove(
    _ entries: [UncommittedEntry], from files: [UncommittedEntry], _ lock: borrowing FileLock
  ) throws {
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
    forgetSnapshot()
    clone.uncommitted.clear()
    _ = try? run(["--literal-pathspecs", "reset", "--quiet", "--"] + names)
  }
}
