internal import Platform

/// A thread's file as it lies there, whatever it holds.
package struct ThreadFile: Sendable {
  package let topic: Topic
  /// An absolute path; a link may be there.
  package let path: String
  /// The file that a link leads to; nil for a file itself.
  package let target: String?
  package let bytes: [UInt8]
}

extension Workspace {
  /// The file of a topic, read without a lock, and without a look at the remote. Where several differ only
  /// in case, the one that is spelled just so.
  /// - Throws: `InvalidTopic`, `StoreError`, `SystemError`.
  package func file(of name: String) throws -> ThreadFile {
    let topic = try spelling(of: name)
    let path = store.path(of: topic)
    let isLink = try FileStatus.of(path, followingLinks: false)?.isLink == true
    return ThreadFile(
      topic: topic, path: path, target: isLink ? path.realPath : nil,
      bytes: try store.contents(of: topic))
  }

  /// The lock of the Python tool on a topic. Nil for a name that is no topic, which nothing can lock.
  package func legacyLock(of name: String) throws -> LegacyLock? {
    guard let topic = try? topic(name) else { return nil }
    return LegacyLock(of: try store.spelling(of: topic) ?? topic, in: store.directory)
  }

  private func spelling(of name: String) throws -> Topic {
    if let topic = try? Topic(name),
      try FileStatus.of(store.path(of: topic), followingLinks: false) != nil
    {
      return topic
    }
    let topic = try topic(name)
    if let found = try store.spelling(of: topic) { return found }
    // Here nobody makes a clone in which it might be.
    if try !FileStatus.exists(store.directory) { throw StoreError.noDirectory(store.directory) }
    throw try store.notFound(topic)
  }
}
