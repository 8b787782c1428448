/// The output of `git merge-tree --write-tree -z --messages`.
struct MergeTreeOutput: Equatable {
  /// The resulting tree.
  let tree: String
  /// Files deleted on one side and changed on the other: the tree has them as they were changed.
  private(set) var restored: [String] = []
  /// Files with anything else to be resolved.
  private(set) var conflicts: [String] = []

  /// Reads the tree, then a line for each stage of a file in conflict, an empty one, and messages: the
  /// number of paths, the paths, a type, a text. All end with NUL.
  /// - Parameter hasConflicts: What git's exit code says; without them nothing may tell of one.
  /// - Throws: `GitError.unexpected` where it is cut off: the tree of a conflict has its marks in it.
  init(_ output: [UInt8], hasConflicts: Bool) throws(GitError) {
    let doing = "merging what others pushed"
    var rest = try GitOutput.fields(output, doing)[...]
    tree = try GitOutput.objectName(text: rest.popFirst() ?? "", doing)
    let cutOff = GitError.unexpected(doing, "what it says of conflicts is cut off")
    guard let end = rest.firstIndex(of: "") else { throw cutOff }
    let unresolved = rest[..<end].compactMap { $0.split(separator: "\t", maxSplits: 1).last }
    rest = rest[(end + 1)...]
    var told: Set<String> = []
    while let first = rest.popFirst() {
      guard let count = Int(first), count >= 0, count <= rest.count - 2 else { throw cutOff }
      let paths = Array(rest.prefix(count))
      rest = rest.dropFirst(count)
      let type = rest.removeFirst()
      rest.removeFirst()
      if type.hasPrefix("CONFLICT") { told.formUnion(paths) }
      if type == "CONFLICT (modify/delete)" {
        restored += paths.prefix(1)
      } else if type.hasPrefix("CONFLICT") {
        conflicts += paths.prefix(1)
      }
    }
    guard hasConflicts != (restored + conflicts).isEmpty else { throw cutOff }
    // Where a conflict is told, nothing is made of the tree.
    if conflicts.isEmpty, !unresolved.allSatisfy({ told.contains(String($0)) }) { throw cutOff }
  }
}
