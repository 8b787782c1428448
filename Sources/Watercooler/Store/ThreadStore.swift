package import Platform
internal import Synchronization

/// The threads of one directory, as files.
///
/// Reading takes no lock: a file is always whole. Writers take the directory's lock, read, change and
/// replace; what they do not understand they leave alone.
package struct ThreadStore: Sendable {
  /// An absolute path.
  package let directory: String
  /// The threads that are read otherwise than from their files; nil for none. It is for reading alone: whoever
  /// writes to a file writes to what is in it.
  var shown: ShownThreads?
  /// Whether a write also holds the lock of the Python tool, which may be at work in the same directory.
  var holdsLegacyLock = false

  package init(directory: String) { self.directory = directory }

  /// A thread as its file holds it.
  package struct Stored: Sendable {
    /// Spelled as the file is.
    package let topic: Topic
    /// The absolute path of its file, or of the link in its place.
    package let path: String
    package let thread: Thread
  }

  /// One row of a listing: a thread, or why it could not be read.
  package struct Listed: Sendable {
    package let topic: Topic
    /// As `Stored.path`.
    package let path: String
    package let content: Content
  }

  /// The thread in a file, or the error that kept it from being read.
  package enum Content: Sendable {
    case thread(Thread)
    case unreadable(any ExplainedError)
  }

  /// The topics that have a file, by name. Empty where there is no directory yet.
  package func topics() throws -> [Topic] {
    try fileNames().compactMap(Topic.init(fileName:)).sorted()
  }

  /// Every thread, by topic. One that cannot be read hides none of the others; a file that vanishes
  /// meanwhile, and one that is no thread, is left out.
  package func list() throws -> [Listed] {
    list(try topics()).compactMap { topic, content in
      content.map { Listed(topic: topic, path: path(of: topic), content: $0) }
    }
  }

  /// The contents of the files of topics, which are spelled as the files are; nil for one that is not there,
  /// or is no thread. All processors read and parse.
  func list(_ topics: [Topic]) -> [(topic: Topic, content: Content?)] {
    let workers = max(1, min(ThisProcess.processorCount, topics.count / 8))
    let parts = Mutex([[(topic: Topic, content: Content?)]](repeating: [], count: workers))
    inParallel(workers) { worker in
      let first = topics.count * worker / workers
      let end = topics.count * (worker + 1) / workers
      let listed = topics[first..<end].map { ($0, content(of: $0)) }
      parts.withLock { $0[worker] = listed }
    }
    return parts.withLock { $0.flatMap { $0 } }
  }

  private func content(of topic: Topic) -> Content? {
    do {
      return ThreadParser.parse(try contents(of: topic)[...]).map { .thread($0) }
    } catch let error as SystemError where error.isAbsence {
      return nil
    } catch let error as any ExplainedError {
      return .unreadable(error)
    } catch {
      return .unreadable(StoreError.unreadable(path(of: topic), reason: "\(error)"))
    }
  }

  /// A thread, whatever the case of its topic; of several that differ in case, the one that is spelled just so.
  /// - Throws: `StoreError`, `SystemError`.
  package func read(_ topic: Topic) throws -> Stored {
    let isSpelledSo = try fileNames { $0 == topic.fileName }.first != nil
    let found = isSpelledSo ? topic : try spelling(of: topic)
    guard let found else { throw try notFound(topic) }
    return try stored(found)
  }

  /// The decision about a thread by the closure that `update` calls, with a value for the caller.
  package enum Change<Result> {
    case write(Thread, Result)
    case keep(Result)
  }

  /// Reads a thread and writes what `change` makes of it, with nobody else writing in between.
  /// - Parameters:
  ///   - topic: Found without case; a new file takes it as it is.
  ///   - isFlushed: Whether the file is there after a power cut too, once this returns.
  ///   - change: Gets nil where there is no such thread yet.
  /// - Returns: What `change` returned, the path of the file, how a file that was written looks, and what is to be
  ///   known of one that could not be flushed.
  /// - Throws: `UnwritableThread` for a damaged file, `StoreError`, `SystemError`, `LockError`,
  ///   `Interruption`. Then nothing was written.
  package func update<T>(
    _ topic: Topic, deadline: Deadline, isFlushed: Bool = true,
    _ change: (Stored?) throws -> Change<T>
  ) throws -> (result: T, path: String, written: FileStatus?, unflushed: UnflushedFile?) {
    try locked(topic, deadline: deadline) {
      let stored = try readIfPresent(topic)
      try stored?.thread.checkWritable(file: stored?.topic.fileName ?? "")
      let topic = stored?.topic ?? topic
      switch try change(stored) {
      case .keep(let result): return (result, path(of: topic), nil, nil)
      case .write(let thread, let result):
        try deadline.check()
        let target = try writablePath(of: topic)
        do {
          let written = try AtomicFile.replace(
            target.name, in: target.directory, with: thread.bytes, isFlushed: isFlushed)
          return (result, path(of: topic), written, nil)
        } catch let error as UnflushedFile {
          return (result, path(of: topic), nil, error)
        }
      }
    }
  }

  private func locked<T>(_ topic: Topic, deadline: Deadline, _ body: () throws -> T) throws -> T {
    try FileLock.withLock(on: directory, deadline: deadline) { _ in
      if !holdsLegacyLock { return try body() }
      let lock = LegacyLock(of: try spelling(of: topic) ?? topic, in: directory)
      return try lock.withLock(until: deadline, body)
    }
  }

  /// A moment, now, before which no entry comes that is not in the files yet: entries get their time
  /// under the lock, and a flush may take long.
  /// - Parameter patience: How long whoever writes is waited for.
  /// - Throws: `LockError`, `SystemError`.
  func quietMoment(within patience: Duration) throws -> Timestamp {
    do {
      return try FileLock.withLock(on: directory, deadline: .after(patience)) { _ in .now }
    } catch let error as SystemError where error.isNotFound {
      return .now
    }
  }

  /// Makes the directory, and those above it, where it is not there.
  package func makeDirectory() throws { try Directory.make(directory) }

  // MARK: - Files

  /// The absolute path that a topic's file has, or would have, with the topic spelled as it is.
  package func path(of topic: Topic) -> String { directory + "/" + topic.fileName }

  func notFound(_ topic: Topic) throws -> StoreError {
    .notFound(topic, nearest: Nearest.matches(for: topic.name, in: try topics().map(\.name)))
  }

  /// A thread, whatever the case of its topic; nil where there is none.
  func readIfPresent(_ topic: Topic) throws -> Stored? {
    try spelling(of: topic).map(stored)
  }

  /// - Parameter topic: Spelled as its file is.
  private func stored(_ topic: Topic) throws -> Stored {
    let path = path(of: topic)
    guard let thread = ThreadParser.parse(try contents(of: topic)[...]) else {
      throw StoreError.notAThread(path)
    }
    return Stored(topic: topic, path: path, thread: thread)
  }

  /// The topic as its file is spelled; nil where there is none.
  func spelling(of topic: Topic) throws -> Topic? {
    let wanted = topic.fileName.lowercased()
    // Thousands of names are told apart by their lengths, those that have one for each letter.
    let names = try fileNames { name in
      (name.utf8.count == wanted.utf8.count || !name.utf8.allSatisfy { $0 < 0x80 })
        && name.lowercased() == wanted
    }
    if names.count > 1 { throw StoreError.sameButForCase(names.sorted()) }
    return names.first.flatMap(Topic.init(fileName:))
  }

  private func fileNames(where isWanted: (String) -> Bool = { _ in true }) throws -> [String] {
    let others = shown?.files.keys.map(\.fileName).filter(isWanted) ?? []
    if shown?.isAll == true { return others }
    do {
      let names = try Directory.names(in: directory) { $0.hasSuffix(".md") && isWanted($0) }
      return others.isEmpty ? names : Array(Set(names).union(others))
    } catch let error as SystemError where error.isNotFound {
      // Not where a file stands in the place of the directory.
      return others
    }
  }

  func contents(of topic: Topic) throws -> [UInt8] {
    if let bytes = shown?.files[topic] { return bytes }
    let target = try writablePath(of: topic)
    return try AtomicFile.read(target.directory + "/" + target.name)
  }

  /// The place of the bytes of a topic: its file, or what a link within the directory leads to.
  private func writablePath(of topic: Topic) throws -> (directory: String, name: String) {
    let path = path(of: topic)
    guard try FileStatus.of(path, followingLinks: false)?.isLink == true else {
      return (directory, topic.fileName)
    }
    guard let target = path.realPath, let root = directory.realPath else {
      throw SystemError("follow", path)
    }
    guard target.hasPrefix(root + "/") else {
      throw StoreError.outside(path: path, target: target)
    }
    return (target.parentPath, target.lastName)
  }

  /// Refuses a topic whose file is a link, wherever that leads: for writes that git is to have.
  /// - Throws: `StoreError.link`, `SystemError`.
  func checkNoLink(_ topic: Topic) throws {
    let path = path(of: topic)
    guard try FileStatus.of(path, followingLinks: false)?.isLink == true else { return }
    guard let target = path.realPath, let root = directory.realPath else {
      let target = String(decoding: try FileLink.words(of: path), as: UTF8.self)
      throw StoreError.link(path: path, target: target, topic: nil)
    }
    let name = target.hasPrefix(root + "/") ? String(target.dropFirst(root.count + 1)) : ""
    throw StoreError.link(path: path, target: target, topic: Topic(fileName: name))
  }
}
