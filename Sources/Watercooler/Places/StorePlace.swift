package import Platform

/// The place where threads are or are to be, and the names beside it by which whoever comes next knows what
/// somebody began there and did not finish.
///
///     ROOT            threads of this machine, or a work tree of ours
///     ROOT.lock       held by whoever makes or settles it
///     ROOT.cloning    a work tree that is being made: nobody's yet
///     ROOT.importing  threads of this machine on their way into ROOT
package struct StorePlace: Sendable {
  /// An absolute path without links in it.
  package let root: String

  /// - Parameter root: A link to a directory is that directory.
  package init(_ root: String) { self.root = root.resolved }

  private var lock: String { StateFile.placeLock.path(with: root) }
  private var making: String { StateFile.cloning.path(with: root) }
  /// The directory of threads of this machine that wait for their import; it need not be there.
  package var importing: String { StateFile.importing.path(with: root) }
  /// The work tree while it is being made, under the name that it is to have: git names a linked work tree by it.
  var draft: String { making + "/" + root.lastName }

  /// Whether a work tree is one that is being made: nobody's yet.
  static func isDraft(_ root: String) throws -> Bool {
    try root.parentPath.hasSuffix(StateFile.cloning.path()) && FileStatus.exists(root)
  }

  /// Whether somebody makes it this moment, or was cut off at it. Others may have files of these names: ours
  /// look so.
  package var isUnsettled: Bool { get throws { try isMaking || isImporting || isLockOurs } }

  private var isMaking: Bool {
    get throws {
      guard try FileStatus.isDirectory(making) else { return false }
      if try isUnmistakable || FileStatus.exists(sign) { return true }
      // Version 0.1.0 had git clone right into it, without a file.
      return try Directory.names(in: making) == [".git"]
    }
  }

  /// Whether there are threads that wait for their import.
  package var isImporting: Bool {
    get throws {
      guard try FileStatus.isDirectory(importing) else { return false }
      if isUnmistakable { return true }
      let store = ThreadStore(directory: importing)
      return try store.topics().contains { (try? store.read($0)) != nil }
    }
  }

  /// Whether nobody else has such names there.
  private var isUnmistakable: Bool { "\(root)/".contains("/.watercooler/") }

  /// The file that tells a directory in which something was being made from somebody's of that name.
  private var sign: String { making + "/.watercooler-init" }

  private static let lockWords = Array("wc init\n".utf8)

  private var isLockOurs: Bool {
    get throws {
      guard let words = try AtomicFile.readIfPresent(lock) else { return false }
      // Cut off before it was written.
      return words == Self.lockWords || isUnmistakable && words.isEmpty
    }
  }

  /// Whether a repository is there, as far as files tell.
  private var isRepository: Bool {
    get throws { try FileStatus.of(root + "/.git", followingLinks: false) != nil }
  }

  func withLock<T>(until deadline: Deadline, _ body: () throws -> T) throws -> T {
    try Directory.make(root.parentPath)
    while true {
      try makeLock()
      var isOurTurn = false
      do {
        let result: T? = try FileLock.withLock(on: lock, opening: .locking, deadline: deadline) {
          held in
          // The holder before us may have removed the file: others lock a new one by now.
          isOurTurn = try held.status().identity == FileStatus.of(lock)?.identity
          if !isOurTurn { return nil }
          // Somebody else's file of that name stays.
          defer { if (try? isLockOurs) == true { try? File.remove(lock) } }
          return try body()
        }
        if let result { return result }
      } catch let error as SystemError where error.isAbsence && !isOurTurn {
        // Removed before it was opened.
      }
    }
  }

  /// Makes the file to lock, unless it is there. Its words are in it before anybody can lock it for long: whoever
  /// has it last knows it by them.
  private func makeLock() throws {
    do throws(SystemError) {
      try FileDescriptor(opening: lock, for: .making).write(Self.lockWords)
    } catch {
      if !error.isTaken { throw error }
    }
  }

  // MARK: - Making

  /// Makes a work tree of ours here: whole, by one process, or not at all. Whoever asks for it meanwhile
  /// waits, and uses it.
  /// - Parameters:
  ///   - takesLocal: Whether threads of this machine that are here are moved aside, to be imported.
  ///   - isThere: Whether it is made already; asked under the lock.
  ///   - fill: Makes it in a directory that is not there.
  ///   - finish: What belongs to it and is elsewhere; whoever finds the lock of a process that died does it.
  /// - Returns: Whether it was made now.
  /// - Throws: `CloneError.notEmpty`, and what `fill` throws; then all is as it was.
  func make(
    takesLocal: Bool, until deadline: Deadline, isThere: () throws -> Bool,
    fill: (String) throws -> Void, finish: () throws -> Void
  ) throws -> Bool {
    try withLock(until: deadline) {
      _ = try settleLocked(until: deadline)
      if try isThere() { return false }
      let isEmpty =
        try !FileStatus.exists(root)
        || Directory.names(in: root).isEmpty
      if !isEmpty, !takesLocal { throw CloneError.notEmpty(root) }
      try begin()
      do {
        try fill(draft)
        try put(isEmpty: isEmpty, until: deadline)
      } catch {
        try? removeDraft()
        throw error
      }
      Self.remove(making)
      try finish()
      return true
    }
  }

  /// Makes the directory in which it is made.
  private func begin() throws {
    // Cut off before it was signed.
    try? Directory.removeEmpty(making)
    if try FileStatus.exists(making) { throw CloneError.taken(making) }
    if try FileStatus.exists(importing), try !isImporting { throw CloneError.taken(importing) }
    try Directory.make(making)
    try NoteFile(path: sign).write(Self.lockWords)
  }

  /// Has threads of another place of this machine wait for their import here. Whoever writes to them this
  /// moment is waited for. On another file system they stay where they are.
  func takeAside(_ directory: String, until deadline: Deadline) throws {
    let directory = directory.resolved
    try FileLock.withLock(on: directory, deadline: deadline) { _ in
      if try FileStatus.exists(importing) { throw CloneError.taken(importing) }
      do throws(SystemError) {
        try File.move(directory, to: importing, called: "move aside")
      } catch {
        if !error.isOtherFileSystem { throw error }
      }
    }
  }

  /// Puts what was made in its place.
  private func put(isEmpty: Bool, until deadline: Deadline) throws {
    if isEmpty {
      try? Directory.removeEmpty(root)
    } else {
      try moveAside(until: deadline)
    }
    do {
      try File.move(draft, to: root)
    } catch {
      if !isEmpty { try? File.move(importing, to: root) }
      if error.isBusy || error.isOtherFileSystem { throw CloneError.mountPoint(root) }
      throw SystemError("make", root, code: error.code)
    }
  }

  /// Makes what is here wait for its import. Whoever writes into it this moment is waited for.
  private func moveAside(until deadline: Deadline) throws {
    try FileLock.withLock(on: root, deadline: deadline) { _ in
      // A link to a repository that is gone.
      try? File.remove(root + "/.git")
      if try FileStatus.exists(importing) {
        _ = try Self.absorb(root, into: importing)
        Self.remove(root)
      } else {
        try File.move(root, to: importing, called: "move aside")
      }
    }
  }

  // MARK: - Settling

  /// Takes back what somebody began here and did not finish, unless somebody is at it, who is waited for.
  /// Threads that wait for their import stay where they are if there is a work tree for them.
  /// - Returns: What people should know of it.
  package func settle(until deadline: Deadline) throws -> [String] {
    try withLock(until: deadline) { try settleLocked(until: deadline) }
  }

  private func settleLocked(until deadline: Deadline) throws -> [String] {
    var notes: [String] = []
    if try isMaking {
      try removeDraft()
      if try FileStatus.exists(making) {
        throw SystemError("remove", making, code: SystemError.denied)
      }
      notes.append(
        "a '\(programName) init' that was cut off was taken back: nothing was shared by it")
    }
    guard try isImporting, try !isRepository else { return notes }
    try? Directory.removeEmpty(root)
    if try FileStatus.exists(root) {
      try FileLock.withLock(on: root, deadline: deadline) { _ in
        let left = try Self.absorb(importing, into: root)
        if left.isEmpty {
          Self.remove(importing)
          return
        }
        let kept = "\(root).left-\(EntryID.make())"
        try File.move(importing, to: kept)
        notes.append("\(left.joined(separator: ", ")) could not be merged: they are in \(kept)")
      }
    } else {
      try File.move(importing, to: root, called: "move back")
    }
    notes.append("an import that was cut off was taken back: its threads are in \(root) again")
    return notes
  }

  /// Moves what a directory holds into another, threads merged; both are of this machine alone.
  /// - Returns: The names of what could not be, and stays.
  private static func absorb(_ source: String, into target: String) throws -> [String] {
    var left: [String] = []
    for name in try Directory.names(in: source).sorted() {
      if try !FileStatus.exists("\(target)/\(name)") {
        try File.move("\(source)/\(name)", to: "\(target)/\(name)")
      } else if let topic = Topic(fileName: name),
        let merged = ThreadMerge.merging(
          try AtomicFile.read("\(source)/\(name)"),
          into: try AtomicFile.read("\(target)/\(name)"), topic: topic)
      {
        try AtomicFile.replace(name, in: target, with: merged)
        try? File.remove("\(source)/\(name)")
      } else if name != AtomicFile.temporaryName {
        left.append(name)
      }
    }
    return left
  }

  /// Removes what was being made, and what a repository around it knows of it as its linked work tree.
  private func removeDraft() throws {
    for directory in root.parentPath.ancestors {
      guard let repository = try? GitDirectory.at(directory) else { continue }
      for linked in try repository.linked where linked.root.isSamePath(as: draft) {
        // It may be in its place already, and only its repository not know that yet.
        if !GitDirectory.isRoot(root, of: linked.own) { Self.remove(linked.own) }
      }
    }
    Self.remove(making)
  }

  private static func remove(_ path: String) {
    try? Directory.removeAll(path)
  }
}

extension Error {
  /// Whether a place is somebody else's turn, or may not be written to: who only reads goes on without.
  var isNoTurn: Bool { self is LockError || (self as? SystemError)?.isRefusal == true }
}
