/// A file that we keep beside git's own, or beside the threads: every one is declared here, and nowhere else.
/// `docs/sync.md` has the same as a table, which a test compares.
struct StateFile: Sendable, Equatable {
  /// Its name in its directory; one that ends with `/` is a directory, and capital letters stand for what
  /// differs from file to file.
  let name: String
  /// The purpose of the file, and who writes it.
  let what: String
  /// The lock that keeps two writers apart.
  let lock: Lock
  let format: String
  /// The state in which a writer that was cut off leaves it, and what comes of that.
  let cutOff: String

  enum Lock: String {
    case push = "push lock"
    case write = "write lock"
    case place = "the place's lock"
    case directory = "the directory's lock"
    /// Replaced whole, appended to in one write, or believed only where its shape is right.
    case none = "none"
  }

  private init(
    _ name: String, _ what: String, _ lock: Lock, _ format: String, cutOff: String
  ) {
    (self.name, self.what, self.lock) = (name, what, lock)
    (self.format, self.cutOff) = (format, cutOff)
  }
}

// MARK: - In a work tree's own git directory, under `watercooler/`

extension StateFile {
  static let ofClone: [StateFile] = [
    pushLock, fetchLock, writeLock, store, author, outbox, applied, offered, writing, moving,
    asLeft, paths,
    attributes, uncommitted,
    uncommittedFiles, answered, failures, pushed, contact, contention, refusal, retryAfter, failing,
    arrived,
    unfinished, found, imported, scratch, metrics,
  ]

  /// Those that are not in a linked work tree's git directory, but in the one of its repository, under
  /// `watercooler/branches/BRANCH/`.
  static let ofOutbox: [StateFile] = [outbox, applied, offered]

  static let pushLock = StateFile(
    "push.lock", "held by whoever sends", .none, "empty", cutOff: "the system lets go of it")
  static let fetchLock = StateFile(
    "fetch.lock", "held by whoever asks the remote", .none, "empty",
    cutOff: "the system lets go of it")
  static let writeLock = StateFile(
    "write.lock",
    "held by whoever changes the branch, the index or the files; a git that does holds it too",
    .none, "empty", cutOff: "the system lets go of it when that git has ended")
  static let store = StateFile(
    "store", "the work tree is ours: `wc init`, or the first command after 0.1.0", .none,
    "JSON, replaced whole",
    cutOff: "it is not there, and the work tree nobody's yet")
  static let author = StateFile(
    "author", "in whose name the last commit was made here", .write, "NAME <ADDRESS> LF",
    cutOff: "a change of it is told once more")
  static let outbox = StateFile(
    "outbox/", "what was accepted here, until the remote has shown it: a record each", .write,
    "NUMBER-ID: a record, replaced whole", cutOff: "it was not accepted")
  static let applied = StateFile(
    "applied",
    "what the records were applied to, the branch with them, the last one's number, those left out",
    .write, "(COMMIT COMMIT NUMBER… LF)…, two while the branch moves",
    cutOff: "what the branch has is taken for a person's")
  static let offered = StateFile(
    "offered", "the same of commits that were sent, until it is known what became of them", .push,
    "(COMMIT COMMIT NUMBER… LF)…", cutOff: "the line is left out: it was not sent")
  static let writing = StateFile(
    "writing", "of an earlier version: the thread that it is writing to", .write, "TOPIC",
    cutOff: "the file is whole: it is taken in at once, as an edit")
  static let moving = StateFile(
    "moving", "where the branch is being moved from, and to", .write, "COMMIT COMMIT LF",
    cutOff: "the next command goes on with the move")
  static let asLeft = StateFile(
    "left", "how the files looked when we left them, and where the branch was", .write,
    "COMMIT LF (FILE NUL LOOK NUL)…",
    cutOff: "git is asked what was edited")
  static let paths = StateFile(
    "paths", "the paths that git is given", .write, "(PATH NUL)…", cutOff: "it is written anew")
  static let attributes = StateFile(
    "attributes", "how git is to merge threads, where the repository says nothing of it", .none,
    "attributes", cutOff: "threads are merged line by line once, and it is written anew")
  static let uncommitted = StateFile(
    "uncommitted", "of an earlier version: entries without a commit, which become records", .write,
    "(ID US TOPIC US LOOK US SUBJECT LF)…",
    cutOff: "the entry of the record that was cut off is taken in as an edit")
  static let uncommittedFiles = StateFile(
    "uncommitted-files/", "of an earlier version: their files as they were written", .write,
    "TOPIC.md, replaced whole",
    cutOff: "the entry is taken in as an edit")
  static let answered = StateFile(
    "answered", "of an earlier version: those of them that somebody was answered for", .write,
    "(ID LF)…",
    cutOff: "the line is left out: nobody was answered yet")
  static let failures = StateFile(
    "failures", "what was taken back from the outbox, for whoever waits for it", .write,
    "(ID US MESSAGE US HINT LF)…, at most 64 KiB", cutOff: "the line is left out")
  static let pushed = StateFile(
    "pushed", "what the last pushes carried; the write lock clears it, too", .push,
    "(ID COMMIT LF)…, at most 64 KiB",
    cutOff: "the line is left out, and git is asked")
  static let contact = StateFile(
    "contact", "when the remote last answered", .none, "its time", cutOff: "it is older")
  static let contention = StateFile(
    "contention", "when somebody else last pushed first", .none, "its time",
    cutOff: "it is older")
  static let refusal = StateFile(
    "refusal", "when the remote last refused for good", .none, "its time", cutOff: "it is older")
  static let retryAfter = StateFile(
    "retry-after", "until when the host wants to be left alone", .none, "SECONDS STATUS URL LF",
    cutOff: "it is not read, and the host is asked")
  static let failing = StateFile(
    "failing", "how often pushes have ended in the same way, since when, and git's words", .push,
    "COUNT SECONDS WORDS LF", cutOff: "it is counted from one again")
  static let arrived = StateFile(
    "arrived/",
    "a move of the branch that brought something, for a minute: whoever removes it tells of it",
    .none, "ID: COMMIT COMMIT LF, replaced whole", cutOff: "it is not there, and nobody tells of it"
  )
  static let unfinished = StateFile(
    "unfinished", "the rebase or merge of somebody's that readers were told of", .none,
    "FILE INODE LF", cutOff: "it is told once more")
  static let found = StateFile(
    "found/", "files as they were found, before they were mended", .write, "replaced whole",
    cutOff: "the file that was to be mended is as it was")
  static let imported = StateFile(
    "imported-ID/", "threads of this machine that were imported", .place, "as they were",
    cutOff: "what is not in it yet is imported by the next command")
  static let scratch = StateFile(
    "scratch/", "two threads that `wc doctor` has merged", .none, "threads",
    cutOff: "the next `wc doctor` removes it")
  static let metrics = StateFile(
    "metrics.jsonl", "what contacts took, and how they ended; `metrics.1.jsonl` has those before",
    .none,
    "JSON lines, at most 1 MiB", cutOff: "the line is left out")
}

// MARK: - Elsewhere

extension StateFile {
  /// Beside a place where threads are shared, or in the threads directory.
  static let ofPlace: [StateFile] = [placeLock, cloning, importing, temporary]

  static let placeLock = StateFile(
    "PLACE.lock", "held by whoever makes or settles the place", .none, "`wc init` LF",
    cutOff: "the system lets go of it; the next command removes it, if its words are in it")
  static let cloning = StateFile(
    "PLACE.cloning/", "the work tree that is being made", .place,
    "a clone, and the file `.watercooler-init`",
    cutOff: "nobody's: the next command removes it")
  static let importing = StateFile(
    "PLACE.importing/", "threads of this machine on their way into it", .place, "threads",
    cutOff: "the next command imports them, or puts them back")
  static let temporary = StateFile(
    AtomicFile.temporaryName, "a thread's file before it is in its place", .directory,
    "a thread", cutOff: "the next write removes it")

  /// Refs of the repository.
  static let refs: [StateFile] = [rescued, rewritten, incoming]

  static let rescued = StateFile(
    "refs/watercooler/rescued/ID", "a commit as it was found, before `wc doctor --fix` mended it",
    .write, "a commit", cutOff: "nothing was mended yet")
  static let rewritten = StateFile(
    "refs/watercooler/rewritten",
    "a history that was rewritten at the remote, while it is taken over",
    .push, "a commit", cutOff: "it is fetched anew")
  static let incoming = StateFile(
    "refs/watercooler/incoming/BRANCH", "a branch of threads, until it is known to be one", .place,
    "a commit", cutOff: "it is fetched anew")

  /// Of a reader, under `~/.watercooler/state/PLACE/`.
  static let ofReader: [StateFile] = [seen, shared, drafts, index, calls]

  static let seen = StateFile(
    "seen/AGENT/TOPIC", "what the agent has seen of a thread", .directory, "text, replaced whole",
    cutOff: "it is as it was, and shown once more")
  static let shared = StateFile(
    "shared", "the threads of the place are shared, and how", .none, "JSON, replaced whole",
    cutOff: "it is as it was")
  static let drafts = StateFile(
    "drafts/TOPIC-ID.md", "a body while it is in an editor", .none, "text",
    cutOff: "it stays, and the command that failed names it")
  static let index = StateFile(
    "index.md", "the list of threads, and `index.html`: `wc reindex`, `wc web-export`", .none,
    "text, replaced whole", cutOff: "it is as it was")
  static let calls = StateFile(
    "calls.jsonl", "the calls that the server answered; `calls.1.jsonl` has those before", .none,
    "JSON lines, at most 1 MiB", cutOff: "the line is left out")

  /// The rows of the tables in `docs/sync.md`, in their order.
  static var rows: [String] {
    (ofClone + ofPlace + refs + ofReader).map { file in
      let cells = ["`\(file.name)`", file.what, file.lock.rawValue, file.format, file.cutOff]
      return "| " + cells.joined(separator: " | ") + " |"
    }
  }
}

// MARK: - Where they are

extension StateFile {
  /// The name as a path has it: without a slash at its end.
  /// - Parameter value: The words that stand in the place of the capital letters, where the name has some.
  func path(with value: String = "") -> String {
    let whole = name.hasSuffix("/") ? name.dropLast() : name[...]
    guard let start = whole.firstIndex(where: \.isUppercase) else { return String(whole) }
    return String(whole[..<start] + value + whole[start...].drop(while: \.isUppercase))
  }
}

extension Clone {
  /// The path of a file of the clone.
  /// - Parameter value: As of `StateFile.path`.
  func path(of file: StateFile, with value: String = "") -> String {
    let isOfOutbox = StateFile.ofOutbox.contains(file)
    return "\(isOfOutbox ? outboxDirectory : stateDirectory)/\(file.path(with: value))"
  }

  func note(_ file: StateFile) -> NoteFile { NoteFile(path: path(of: file)) }

  /// The last time that the remote answered.
  var contact: SharedMoment { SharedMoment(path: path(of: .contact)) }
  /// The last time that somebody else pushed first.
  var contention: SharedMoment { SharedMoment(path: path(of: .contention)) }
  /// The last time that the remote refused a push for good.
  var refusal: SharedMoment { SharedMoment(path: path(of: .refusal)) }
}
