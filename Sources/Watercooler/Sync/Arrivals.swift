internal import Platform

/// A move of the branch that brought something from others: from where, and to where.
struct ArrivalMark: Sendable, Equatable {
  /// Its name, which says when.
  let id: EntryID
  let before: String
  let after: String

  init(id: EntryID = .make(), before: String, after: String) {
    (self.id, self.before, self.after) = (id, before, after)
  }

  init?(_ name: String, _ bytes: [UInt8]) {
    let words = bytes[...].trimmed.string.split(separator: " ").map(String.init)
    guard let id = EntryID(name), words.count == 2 else { return nil }
    self.init(id: id, before: words[0], after: words[1])
  }

  var bytes: [UInt8] { Array("\(before) \(after)\n".utf8) }
}

/// The moves of the branch that brought something, for one of the processes of a clone to tell of, whichever of them
/// made the move: each is a small file for a minute, and belongs to whoever removes it, and puts it back if it could
/// not be told.
struct Arrivals: OnClone {
  let open: OpenClone
}

extension Arrivals {
  private var directory: String { clone.path(of: .arrived) }

  /// The time that somebody has to find what arrived: what is older is no news.
  private static let newsworthy = Duration.seconds(60)

  /// Leaves word of what arrived. The caller holds the write lock; a disk that cannot be written to is
  /// no reason to fail.
  func leave(_ mark: ArrivalMark) {
    _ = try? Directory.makeOne(directory)
    let names = (try? Directory.names(in: directory)) ?? []
    for name in names where !isNews(name) && !isNews(String(name.dropFirst())) {
      try? File.remove(directory + "/" + name)
    }
    write(mark)
  }

  /// Leaves a word as it was before it was taken: its age goes on.
  func putBack(_ mark: ArrivalMark) { write(mark) }

  private func write(_ mark: ArrivalMark) {
    // With a temporary file of its own, as whoever puts back holds no lock.
    _ = try? AtomicFile.replace(
      mark.id.description, in: directory, with: mark.bytes, by: ".\(mark.id)",
      isFlushed: false)
  }

  /// Whether something may have arrived that nobody has told of.
  var hasAny: Bool {
    let names = (try? Directory.names(in: directory, where: isNews)) ?? []
    return !names.isEmpty
  }

  /// Takes what arrived, the first first: no other process gets the same.
  func take() -> [ArrivalMark] {
    let names = (try? Directory.names(in: directory, where: isNews)) ?? []
    return names.sorted().compactMap { name in
      let path = directory + "/" + name
      // One that cannot be read now stays for the next look.
      guard let bytes = try? AtomicFile.read(path) else { return nil }
      return (try? File.remove(path)) == nil ? nil : ArrivalMark(name, bytes)
    }
  }

  /// The names are ULIDs, and say when.
  private func isNews(_ name: String) -> Bool {
    guard let id = EntryID(name) else { return false }
    let age = Timestamp.now.seconds - Int64(id.milliseconds / 1000)
    return .seconds(age) < Self.newsworthy
  }

  /// The entries that a move of the branch brought, by the names of the threads' files.
  func entries(brought mark: ArrivalMark) throws -> [String: [Entry]] {
    let changed = try past.changedFiles(from: mark.before, to: mark.after)
    let before = try past.threads(changed, at: mark.before)
    let after = try past.threads(changed, at: mark.after)
    // An entry that was in a file that is gone is no news in another one.
    let gone = before.filter { (after[$0.key] ?? nil) == nil }.compactMap(\.value)
    let moved = Set(gone.flatMap(\.entries).map(\.identity))
    return after.compactMapValues { $0 }.reduce(into: [:]) { found, file in
      let known = moved.union((before[file.key]??.entries ?? []).map(\.identity))
      found[file.key] = file.value.entries.filter { !known.contains($0.identity) }
    }
  }
}
