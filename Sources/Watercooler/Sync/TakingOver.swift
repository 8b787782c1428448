internal import Platform

/// What programs of earlier versions leave in a clone, also those that go on running beside this one: entries that
/// wait for their commit in notes of their own become records, and what they were writing when they were killed is
/// whole. No program writes these notes any more, and a version later this file can go.
struct TakingOver: OnClone {
  let open: OpenClone
}

extension TakingOver {
  private var note: NoteFile { clone.note(.uncommitted) }

  /// Makes records of the entries that an earlier version left without a commit.
  func takeOver(_ lock: borrowing WriteLock) throws {
    if try note.isEmpty { return }
    for record in try left() { try clone.records.add(record) }
    try note.clear()
    try clone.note(.answered).clear()
  }

  /// The entries that an earlier version left without a commit, as records.
  func left() throws -> [OutboxRecord] {
    if try note.isEmpty { return [] }
    let known = Set(try clone.records.names().map(\.id))
    let base = try repository.refs.tip(of: clone.trackingRef)
    let next = try clone.nextRecordNumber
    // A line without an end was cut off: what it was to say is in the file, as an edit.
    let lines = try note.bytes.split(separator: .lineFeed, omittingEmptySubsequences: false)
    var records: [OutboxRecord] = []
    for line in lines.dropLast() {
      let fields = line.split(separator: 0x1F, maxSplits: 3, omittingEmptySubsequences: false)
      guard fields.count == 4, let id = EntryID(fields[0].string), !known.contains(id),
        let topic = try? Topic(fields[1].string), let entry = try entry(id, of: topic)
      else { continue }
      let author = Authorship(
        name: settings.committer.name, email: settings.committer.email,
        date: "\(entry.time.seconds) +0000")
      records.append(
        OutboxRecord(
          number: next + records.count, id: id, topic: topic,
          change: .entry(Array(entry.raw)), subject: fields[3].string, author: author,
          agent: entry.agent.description.onOneLine, condition: nil, base: base))
    }
    return records
  }

  /// An entry as its writer kept it, else as its file has it.
  private func entry(_ id: EntryID, of topic: Topic) throws -> Entry? {
    let kept = "\(clone.path(of: .uncommittedFiles))/\(topic.fileName)"
    for path in [kept, store.path(of: topic)] {
      let thread = try AtomicFile.readIfPresent(path).flatMap { ThreadParser.parse($0[...]) }
      if let entry = thread?.entries.first(where: { $0.id == id }) { return entry }
    }
    return nil
  }

  private var writing: NoteFile { clone.note(.writing) }

  /// Whether a thread's file is the work of a writer that was killed: it is whole.
  func wasWriting(_ topic: Topic) -> Bool {
    (try? writing.bytes == Array(topic.name.utf8)) ?? false
  }

  func forgetWriting() throws {
    if try !writing.isEmpty { try writing.clear() }
  }
}

extension OnClone {
  var takingOver: TakingOver { TakingOver(open: open) }
}
