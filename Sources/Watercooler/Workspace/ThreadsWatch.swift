internal import Foundation

/// What has become of one thread between two looks.
package struct ThreadNews: Sendable {
  /// Where a thread stands.
  package struct State: Sendable, Equatable {
    package let title: String
    package let entryCount: Int
    package let ball: Agent?
    package let status: String

    init(_ thread: Thread, topic: Topic) {
      (title, entryCount) = (thread.title ?? topic.name, thread.entries.count)
      (ball, status) = (thread.ball, thread.status)
    }
  }

  package let topic: Topic
  /// Nil for a thread that was not there.
  package let before: State?
  /// Nil for a thread that is gone.
  package let after: State?
  /// As it is now; nil for one that is gone.
  package let thread: Thread?
  /// The indices of the entries that were never there before.
  package let added: [Int]

  package var isNew: Bool { before == nil }
  package var isGone: Bool { after == nil }
}

/// Tells which threads have changed since it last looked.
///
/// A look compares names, sizes, times and inodes, and reads only the files in which they differ.
package struct ThreadsWatch: Sendable {
  private let store: ThreadStore
  /// The one file that is looked at; nil for all.
  private let file: String?
  private var snapshot = WorkTreeSnapshot(bytes: [])
  private var known: [String: Known] = [:]

  /// What is known of the thread in a file.
  private struct Known {
    var state: ThreadNews.State?
    /// Every entry that was ever in it: one that is missing for a moment does not come anew.
    var entries: Set<Fingerprint> = []
  }

  /// Takes note of how the threads are now: only what changes then is news.
  /// - Parameter topic: The only one to be watched, as its file is spelled.
  package init(_ workspace: Workspace, only topic: Topic? = nil) {
    store = workspace.store
    file = topic?.fileName
    _ = look()
  }

  /// The threads that have changed, by topic.
  package mutating func look() -> [ThreadNews] {
    guard let now = snapshotNow() else { return [] }
    let changed = now.names(differingFrom: snapshot)
    snapshot = now
    let topics = changed.compactMap(Topic.init(fileName:)).sorted()
    return store.list(topics).compactMap { take($0, $1) }
  }

  /// Nil if it cannot be told how the files are.
  private func snapshotNow() -> WorkTreeSnapshot? {
    guard let file else {
      // Nothing was written yet.
      if access(store.directory, F_OK) != 0, errno == ENOENT { return WorkTreeSnapshot(bytes: []) }
      return WorkTreeSnapshot(of: store.directory)
    }
    var now = WorkTreeSnapshot(bytes: [])
    now.look(at: file, in: store.directory)
    return now
  }

  private mutating func take(_ topic: Topic, _ content: ThreadStore.Content?) -> ThreadNews? {
    var known = known[topic.fileName] ?? Known()
    let before = known.state
    var added: [Int] = []
    var thread: Thread?
    switch content {
    case .thread(let found):
      known.state = ThreadNews.State(found, topic: topic)
      added = found.entries.indices.filter {
        known.entries.insert(found.entries[$0].fingerprint).inserted
      }
      thread = found
    case nil: known.state = nil
    case .unreadable:
      // How it is now is not known: it is looked at again.
      snapshot.forget(topic.fileName)
      return nil
    }
    self.known[topic.fileName] = known
    if known.state == before, added.isEmpty { return nil }
    return ThreadNews(
      topic: topic, before: before, after: known.state, thread: thread, added: added)
  }
}

extension Entry {
  /// Its identity, short enough to be kept.
  fileprivate var fingerprint: Fingerprint {
    var fingerprint = Fingerprint()
    fingerprint.add(identity)
    return fingerprint
  }
}
