internal import Platform

/// The change of one thread between two looks.
package struct ThreadNews: Sendable {
  /// The state of a thread, as far as a change of it is told.
  package struct State: Sendable, Equatable {
    /// The title in the head; the topic where there is none.
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
  /// The indices of the entries that were never there before, under this topic or one that is gone.
  package let added: [Int]
  /// The indices at which something else stands than before, or nothing any more.
  package let changed: Set<Int>

  package var isNew: Bool { before == nil }
  package var isGone: Bool { after == nil }
}

/// Tells which threads have changed since it last looked.
///
/// A look compares names, sizes, times and inodes, and reads only the files in which they differ.
package struct ThreadsWatch: Sendable {
  private var store: ThreadStore
  /// The clone, for what its files do not show; nil in local mode, and before it is made.
  private let sync: GitProcessSync?
  /// What was shown otherwise than by the files, as long as that is so.
  private var mark: Showing.Mark?
  /// The one file that is looked at; nil for all.
  private let file: String?
  private var snapshot = WorkTreeSnapshot(bytes: [])
  private var known: [String: Known] = [:]

  /// A file's thread, as far as the watch knows it.
  private struct Known {
    var state: ThreadNews.State?
    /// Every entry that was ever in it: one that is missing for a moment does not come anew.
    var entries: Set<Fingerprint> = []
    /// The text of each that is in it now.
    var texts: [Fingerprint] = []
  }

  /// Takes note of how the threads are now: only what changes then is news.
  /// - Parameter topic: The only one to be watched, as its file is spelled.
  package init(_ workspace: Workspace, only topic: Topic? = nil) {
    store = ThreadStore(directory: workspace.store.directory)
    sync = (try? workspace.existingSync()) ?? nil
    file = topic?.fileName
    _ = look()
  }

  /// The threads that have changed, by topic.
  package mutating func look() -> [ThreadNews] {
    guard let now = snapshotNow() else { return [] }
    let shown = lookAtShown(now)
    let changed = Set(now.names(differingFrom: snapshot)).union(shown)
    snapshot = now
    let topics = changed.compactMap(Topic.init(fileName:)).sorted()
    let listed = store.list(topics)
    // Threads that are gone come first: their entries are no news under another topic.
    let gone = listed.filter { $0.content == nil }.compactMap { take($0.topic, nil, moved: []) }
    let moved = known.values.filter { $0.state == nil }
      .reduce(into: Set<Fingerprint>()) { $0.formUnion($1.entries) }
    let there = listed.compactMap { topic, content in
      content.flatMap { take(topic, $0, moved: moved) }
    }
    return (gone + there).sorted { $0.topic < $1.topic }
  }

  /// Looks up what is shown otherwise than by the files.
  /// - Returns: The names of the files of which that has changed.
  private mutating func lookAtShown(_ now: WorkTreeSnapshot) -> [String] {
    guard let sync = sync?.before(.after(.seconds(5))) else { return [] }
    let before = store
    do {
      let mark = try sync.showing.mark(now)
      if mark == self.mark { return [] }
      store.shown = try sync.showing.shown()
      self.mark = mark
    } catch {
      // What cannot be told now is looked at the next time.
      return []
    }
    let shown = store.shown
    let isOfAll = before.shown?.isAll ?? false != shown?.isAll ?? false
    let topics =
      isOfAll
      ? ((try? before.topics()) ?? []) + ((try? store.topics()) ?? [])
      : (shown ?? ShownThreads()).topics(differingFrom: before.shown)
    return topics.map(\.fileName).filter { file == nil || $0 == file }
  }

  /// Nil if it cannot be told how the files are.
  private func snapshotNow() -> WorkTreeSnapshot? {
    guard let file else {
      // Nothing was written yet.
      if FileAccess.presence.refusal(at: store.directory)?.isNotFound == true {
        return WorkTreeSnapshot(bytes: [])
      }
      return WorkTreeSnapshot(of: store.directory)
    }
    var now = WorkTreeSnapshot(bytes: [])
    now.look(at: file, in: store.directory)
    return now
  }

  /// - Parameter moved: Entries of threads that are gone.
  private mutating func take(
    _ topic: Topic, _ content: ThreadStore.Content?, moved: Set<Fingerprint>
  ) -> ThreadNews? {
    var known = known[topic.fileName] ?? Known()
    let (before, textsBefore) = (known.state, known.texts)
    var added: [Int] = []
    var thread: Thread?
    switch content {
    case .thread(let found):
      known.state = ThreadNews.State(found, topic: topic)
      added = found.entries.indices.filter {
        let fingerprint = found.entries[$0].fingerprint
        return known.entries.insert(fingerprint).inserted && !moved.contains(fingerprint)
      }
      known.texts = found.entries.map(\.textFingerprint)
      thread = found
    case nil: (known.state, known.texts) = (nil, [])
    case .unreadable:
      // The file's state is not known now: it is looked at again.
      snapshot.forget(topic.fileName)
      return nil
    }
    self.known[topic.fileName] = known
    let texts = known.texts
    let changed = (0..<max(texts.count, textsBefore.count)).filter { index in
      !texts.indices.contains(index) || !textsBefore.indices.contains(index)
        || texts[index] != textsBefore[index]
    }
    if known.state == before, changed.isEmpty { return nil }
    return ThreadNews(
      topic: topic, before: before, after: known.state, thread: thread, added: added,
      changed: Set(changed))
  }
}

extension Entry {
  /// Its identity, short enough to be kept.
  fileprivate var fingerprint: Fingerprint {
    var fingerprint = Fingerprint()
    fingerprint.add(identity)
    return fingerprint
  }

  /// All that it says.
  fileprivate var textFingerprint: Fingerprint {
    var fingerprint = Fingerprint()
    fingerprint.add(raw)
    return fingerprint
  }
}
