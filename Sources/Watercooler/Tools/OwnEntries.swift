internal import Synchronization

/// The entries that were written through this server.
final class OwnEntries: Sendable {
  private let ids = Mutex<Set<EntryID>>([])

  func insert(_ id: EntryID) { ids.withLock { _ = $0.insert(id) } }

  func contains(_ id: EntryID) -> Bool { ids.withLock { $0.contains(id) } }
}
