/// The entries that the last pushes of a clone carried, and their commits: whoever waited for its turn
/// meanwhile finds its entry here, and need not ask git for it. Written under the push lock; under the write
/// lock it is read and cleared, too.
struct RecentPushes: Sendable {
  let note: NoteFile

  /// The remote has accepted these commits.
  func add(_ commits: [(commit: String, ids: [EntryID])]) {
    let lines = commits.flatMap { commit, ids in ids.map { "\($0) \(commit)\n" } }
    // The log begins anew after hundreds of entries: whoever has not looked by then asks git.
    do { try note.log(Array(lines.joined().utf8)) } catch { try? forget() }
  }

  /// The commit that carried an entry or a change; nil where it was no part of them.
  func commit(of id: EntryID) -> String? {
    lines.first { $0[0].elementsEqual(id.description.utf8) }?[1].string
  }

  /// All commits that they carried.
  var commits: Set<String> { Set(lines.map { $0[1].string }) }

  private var lines: [[Bytes]] {
    // A note that cannot be read is no answer: git is asked.
    guard let bytes = try? note.bytes else { return [] }
    return bytes.split(separator: .lineFeed, omittingEmptySubsequences: false).dropLast()
      .map { $0.split(separator: UInt8(ascii: " ")) }.filter { $0.count == 2 }
  }

  /// The branch went elsewhere: what was pushed may be gone over there, and be written anew here.
  func forget() throws { try note.clear() }
}

extension Clone {
  var recentPushes: RecentPushes { RecentPushes(note: note(.pushed)) }
}
