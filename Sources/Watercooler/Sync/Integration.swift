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
  /// Brings the clone up to what was fetched, with what is not pushed yet on top. The caller holds the
  /// write lock.
  ///
  /// The result is made of objects alone, before branch, index or work tree change: there is no
  /// moment at which being killed leaves a rebase half done.
  /// - Returns: What arrived.
  func integrate(_ lock: borrowing WriteLock, notes: inout [String]) throws -> [Delivery.Arrival] {
    let state = try state()
    guard state.isBehind, let tip = state.tip else { return [] }
    let target = try replay(state.ahead, onto: tip, notes: &notes)
    let head = state.isUnborn ? nil : try state.head ?? self.head()
    try workTree.moveBranch(from: head, to: target, lock)
    clone.level.set(tip)
    let before = try head ?? repository.objects.emptyTree()
    arrivals.leave(ArrivalMark(before: before, after: target))
    return state.behind.flatMap { commit -> [Delivery.Arrival] in
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
    let driver = MergeDriver.command(program: settings.program, isShownFirst: true)
    let merge = try repository.objects.merge(
      shown, replayed, drivers: ["watercooler": driver], doing: "merging what others pushed")
    if !merge.conflicts.isEmpty {
      throw IntegrationConflict(files: merge.conflicts, root: clone.root)
    }
    notes += merge.restored.map {
      "'\($0)' was deleted on one side and written to on the other: kept"
    }
    return merge.tree
  }
}
