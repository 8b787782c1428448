internal import Foundation

extension GitProcessSync {
  /// Takes the threads of a directory of this machine into the clone: new topics as they are, others
  /// merged, what the remote has first. The directory is kept beside the clone's own state.
  package func importThreads(from directory: String, until deadline: Deadline) throws -> Delivery {
    let source = ThreadStore(directory: directory)
    var skipped: [String] = []
    try clone.withLock(.write, deadline: deadline) { lock in
      _ = try prepare(lock)
      var targets: [Topic] = []
      var seen = try seen
      for topic in try source.topics() {
        let bytes = try AtomicFile.read(source.path(of: topic))
        guard let (target, content) = try store.merging(bytes, into: topic) else {
          skipped.append(topic.fileName)
          continue
        }
        targets.append(target)
        if try content == AtomicFile.readIfPresent(store.path(of: target)) { continue }
        try AtomicFile.replace(target.fileName, in: clone.threads, with: content)
        seen.look(at: target.fileName, in: clone.threads)
      }
      // Also what an import that could not be finished has left in the files.
      let imported = targets.isEmpty ? [] : try edits().map(\.topic).filter(targets.contains)
      if !imported.isEmpty {
        let message = CommitMessage(
          subject: "\(settings.author): \(imported.count) threads imported",
          entryIDs: [.make()], topics: imported.map(\.name))
        try commit(imported, message, areNew: true, lock)
      }
      try save(seen)
    }
    let kept = clone.file("imported-\(EntryID.make())")
    let isMoved = rename(directory, kept) == 0
    var delivery = deliver(nil, until: deadline)
    delivery.notes.append("the files as they were are in \(isMoved ? kept : directory)")
    delivery.notes += skipped.map { "\($0) cannot be read as a thread, and was not imported" }
    return delivery
  }
}
