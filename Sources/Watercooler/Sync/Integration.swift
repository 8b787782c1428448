internal import Platform

/// A merge that needs a person: files that are no threads were changed on both sides.
package struct IntegrationConflict: ExplainedError, Equatable {
  /// The paths of these files in the repository, from its root.
  package let files: [String]
  let root: String

  package var message: String {
    "what others pushed and what waits here change the same lines of \(files.joined(separator: ", "))"
  }
  package var hint: String? {
    "run 'git pull --rebase' in \(root), resolve it there, then try again; entries wait meanwhile"
  }
}

/// Bringing what others pushed into the clone.
struct Integration: OnClone {
  let open: OpenClone
}

extension Integration {
  /// Brings the clone up to what was fetched: what is a person's is merged with it, and the records that it does not
  /// have are applied to that. The caller holds the write lock, and has looked at the files.
  ///
  /// The result is made of objects alone, before branch, index or work tree change: there is no
  /// moment at which being killed leaves a rebase half done.
  /// - Returns: What arrived.
  func integrate(_ lock: borrowing WriteLock, notes: inout [String]) throws -> [Delivery.Arrival] {
    var applied = try branch.state(lock)
    let state = try state()
    guard state.isBehind, let tip = state.tip else { return [] }
    var records = clone.records.read(try clone.records.names()).records
    if !isAll(state, applied, of: records) {
      applied = try branch.seal(at: applied.head, applied)
      records = clone.records.read(try clone.records.names()).records
    }
    let sealed = try replay(peoples(state, applied), onto: tip, notes: &notes)
    let (settled, own) = try settle(records, state, applied)
    let names = try clone.records.names().filter { !settled.contains($0.number) }
    let outcome = try applying.apply(records.filter { !settled.contains($0.number) }, to: sealed)
    clone.records.remove(outcome.present.map(\.name))
    notes += outcome.notes
    let left = names.map(\.number).filter { !outcome.present.map(\.number).contains($0) }
    var next = AppliedRecords(below: sealed, head: sealed, number: (left.first ?? 1) - 1)
    do {
      next.head = try applying.commits(of: outcome.steps, on: sealed).head
      next.number = max(applied.number, left.last ?? 0)
      next.held = Set(left).subtracting(outcome.steps.flatMap(\.records).map(\.number))
    } catch let error as GitError {
      // The news is shown all the same; the records go on waiting, and are in the files.
      notes.append("what waits here is not committed: \(uncommitted(error).description)")
    }
    try workTree.moveBranch(from: applied.head, to: next.head, lock, applied: (applied, next))
    if next.head == sealed, !outcome.steps.isEmpty {
      branch.render(outcome.files, at: next.head)
    }
    let before = try applied.head ?? repository.objects.emptyTree()
    if let target = next.head { arrivals.leave(ArrivalMark(before: before, after: target)) }
    return Self.arrivals(state.behind.filter { !own.contains($0.id) })
  }

  /// Whether the commits above what the records were applied to say nothing but what the records say. Elsewhere one
  /// was lost, or damaged, and what it said is kept as a person's work.
  private func isAll(
    _ state: CloneState, _ applied: AppliedRecords, of records: [OutboxRecord]
  ) -> Bool {
    let ids = Set(records.map(\.id))
    return state.ahead.dropFirst(peoples(state, applied).count)
      .allSatisfy { $0.entryIDs.allSatisfy(ids.contains) }
  }

  /// The commits of people's that wait: those that the records were applied to.
  private func peoples(_ state: CloneState, _ applied: AppliedRecords) -> [CloneCommit] {
    guard let below = state.ahead.lastIndex(where: { $0.id == applied.below }) else { return [] }
    return Array(state.ahead[...below])
  }

  /// Removes the records that the remote has: it is ahead of the commit that they are in, or of one that they were
  /// offered in, or its commits name them. An entry whose identity somebody else has used is looked for in its file.
  /// - Parameter applied: How far they are in the branch; nil for records that are not.
  /// - Returns: Their numbers, and the commits that were sent by us, among others.
  func settle(
    _ records: [OutboxRecord], _ state: CloneState, _ applied: AppliedRecords?
  ) throws -> (settled: Set<Int>, own: Set<String>) {
    let arrived = Set(state.behind.map(\.id))
    let offers = try clone.offered.offers
    let named = Set(state.behind.flatMap(\.namedIDs))
    let ahead = Set(state.ahead.flatMap(\.entryIDs))
    var settled: Set<Int> = []
    // Entries that were sent past a person's work are in no commit of the branch: their pushes are noted elsewhere.
    var own = clone.recentPushes.commits
    for record in records {
      let commits = Set(offers.filter { $0.has(record.name) }.compactMap(\.head))
      own.formUnion(commits.intersection(arrived))
      let isBelow = applied?.has(record.name) ?? false && !ahead.contains(record.id)
      let isNamed = named.contains(record.id) && (record.isBare || !commits.isEmpty)
      if isBelow || isNamed || !commits.isDisjoint(with: arrived) { settled.insert(record.number) }
    }
    clone.records.remove(records.map(\.name).filter { settled.contains($0.number) })
    return (settled, own)
  }

  private static func arrivals(_ commits: [CloneCommit]) -> [Delivery.Arrival] {
    commits.flatMap { commit -> [Delivery.Arrival] in
      let topic = commit.topics.first ?? ""
      if commit.entryIDs.isEmpty {
        return [Delivery.Arrival(topic: topic, entryID: nil, subject: commit.subject)]
      }
      return commit.entryIDs.map {
        Delivery.Arrival(topic: topic, entryID: $0, subject: commit.subject)
      }
    }
  }

  /// The most commits that are replayed one by one; more become one, as two hundred would take seconds.
  static let separateReplays = 20

  /// Makes commits like `commits` on top of `tip`; nothing but objects changes.
  /// - Returns: The last of them, or `tip` if it has all of it already.
  private func replay(
    _ commits: [CloneCommit], onto tip: String, notes: inout [String]
  ) throws -> String {
    guard let last = commits.last else { return tip }
    // A merge made by hand has its other side's commits beside it.
    let isSimple =
      commits.count <= Self.separateReplays && commits.allSatisfy { $0.parents.count < 2 }
    let steps = isSimple ? commits.map { [$0] } : [commits]
    var parent = tip
    var parentTree = try repository.objects.tree(of: tip)
    for step in steps {
      // Each is merged as a whole with the tip, rather than its change with the one before: a thread
      // that was edited twice keeps the second edit.
      let tree = try mergeTree(tip, step.last?.id ?? last.id, notes: &notes)
      // A change that others made too, or have overtaken, is sent as a commit that changes nothing: whoever made
      // it finds its ID.
      if tree == parentTree,
        try step.flatMap(\.entryIDs).allSatisfy({ try workTree.isCommitted($0, at: tip) })
      {
        continue
      }
      let draft = CommitDraft(
        parent: parent, tree: tree, message: CommitMessage.text(replaying: step),
        author: step.first?.authorship)
      parent = try repository.commit(draft, by: settings.committer).commit
      parentTree = tree
    }
    return parent
  }

  /// Merges two commits into a tree. Threads are merged by this program, which git runs as their
  /// merge driver; the first commit is what the remote has shown.
  func mergeTree(
    _ shown: String, _ replayed: String, notes: inout [String]
  ) throws -> String {
    let merge = try merge(shown, replayed)
    if !merge.conflicts.isEmpty {
      throw IntegrationConflict(files: merge.conflicts, root: clone.root)
    }
    notes += merge.restored.map {
      "'\($0)' was deleted on one side and written to on the other: kept"
    }
    return merge.tree
  }

  /// The same, whatever cannot be merged.
  func merge(_ shown: String, _ replayed: String) throws -> MergeTreeOutput {
    let driver = MergeDriver.command(program: settings.program, isShownFirst: true)
    let attributes = clone.note(.attributes)
    if try attributes.isEmpty {
      try attributes.write(ThreadAttributes.text(path: clone.path))
    }
    return try repository.objects.merge(
      shown, replayed, drivers: ["watercooler": driver], attributes: attributes.path,
      doing: "merging what others pushed")
  }
}
