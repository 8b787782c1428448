/// Threads kept in step with a remote branch, through the system's git: what the rest of the program asks for.
///
/// A write is a commit here first, then one push; a read is one fetch. What others pushed meanwhile is
/// merged by the rules of `ThreadMerge`, and nothing is ever taken from what the remote has shown.
package struct GitProcessSync: OnClone {
  let open: OpenClone
  /// Sentences for people about how it was opened.
  let notes: [String]

  init(open: OpenClone) { self.init(open: open, notes: []) }

  private init(open: OpenClone, notes: [String]) { (self.open, self.notes) = (open, notes) }

  /// - Parameter notes: Sentences for people about how it was opened.
  package init(
    _ clone: Clone, git: Git, settings: SyncSettings, deadline: Deadline, notes: [String] = []
  ) {
    let open = OpenClone(clone, git: git, settings: settings, deadline: deadline)
    self.init(open: open, notes: notes)
  }

  /// The same clone with more to know of how it was opened.
  package func noting(_ notes: [String]) -> GitProcessSync {
    GitProcessSync(open: open, notes: self.notes + notes)
  }

  /// The same clone for another operation.
  package func before(_ deadline: Deadline) -> GitProcessSync {
    GitProcessSync(open: open.before(deadline), notes: notes)
  }
}
