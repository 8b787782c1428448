internal import Platform

/// The outbox of a clone: a file for each change that was accepted here and that the remote has not shown yet.
///
/// A file is written whole and flushed, and never changed; its name says which record it is. They are added under the
/// write lock, and removed under the push lock or the write lock.
struct OutboxRecords: Sendable {
  fileprivate let directory: String

  /// A record by its name, which tells number and ID without its being read.
  struct Name: Sendable, Equatable {
    fileprivate let text: String
    let number: Int

    /// Of twelve digits, so that the names stand in the order of the records.
    init(number: Int, id: EntryID) {
      let digits = String(number)
      text = String(repeating: "0", count: max(0, 12 - digits.count)) + digits + "-\(id)"
      self.number = number
    }

    /// Nil for what is no record.
    fileprivate init?(_ text: String) {
      let bytes = text.utf8
      guard bytes.count == 12 + 1 + 26, let number = Int(text.prefix(12)) else { return nil }
      (self.text, self.number) = (text, number)
    }

    /// A record's ID; one that is none is no record's.
    var id: EntryID { EntryID(text.suffix(26)) ?? EntryID(value: 0) }
  }

  /// The names of all records, the first accepted first.
  func names() throws -> [Name] {
    let names: [String]
    do {
      names = try Directory.names(in: directory)
    } catch let error as SystemError where error.isAbsence {
      return []
    }
    return names.compactMap(Name.init).sorted { $0.number < $1.number }
  }

  /// The records that can be read, and why others cannot: one hides no other.
  func read(
    _ names: [Name]
  ) -> (records: [OutboxRecord], unreadable: [UnreadableRecord]) {
    var (records, unreadable): ([OutboxRecord], [UnreadableRecord]) = ([], [])
    for name in names {
      do throws(UnreadableRecord) {
        if let record = try record(name) { records.append(record) }
      } catch {
        unreadable.append(error)
      }
    }
    return (records, unreadable)
  }

  /// - Returns: Nil for one that is gone.
  /// - Throws: `UnreadableRecord`, also where the system does not give it.
  func record(_ name: Name) throws(UnreadableRecord) -> OutboxRecord? {
    let path = path(of: name)
    let bytes: [UInt8]?
    do {
      bytes = try AtomicFile.readIfPresent(path)
    } catch {
      throw UnreadableRecord(path: path, reason: "\(error)")
    }
    guard let bytes else { return nil }
    return try OutboxRecord(bytes, path: path)
  }

  /// Accepts a change: when this returns it is kept, whatever happens.
  /// - Throws: `SystemError`: then it is not. `UnflushedFile`: it is, but perhaps not after a power cut.
  func add(_ record: OutboxRecord) throws {
    if try !FileStatus.exists(directory) {
      try Directory.makeOne(directory)
      try FileDescriptor(opening: directory.parentPath, for: .reading).flush()
    }
    try AtomicFile.replace(
      Name(number: record.number, id: record.id).text, in: directory, with: record.bytes)
  }

  func remove(_ names: [Name]) {
    // One that stays is looked for in the remote, found there, and removed then.
    for name in names { try? File.remove(path(of: name)) }
  }

  /// Moves a record that nobody wants to be sent any more to where it can be found.
  /// - Returns: Its path there.
  func keepAside(_ name: Name, in other: String) throws -> String {
    try Directory.make(other)
    let path = "\(other)/record-\(name.id)"
    do {
      try File.move(self.path(of: name), to: path)
    } catch {
      // It was sent in between.
      if !error.isAbsence { throw error }
    }
    return path
  }

  private func path(of name: Name) -> String { "\(directory)/\(name.text)" }
}

extension OutboxRecord {
  var name: OutboxRecords.Name { OutboxRecords.Name(number: number, id: id) }
}

extension Clone {
  var records: OutboxRecords { OutboxRecords(directory: path(of: .outbox)) }
}
