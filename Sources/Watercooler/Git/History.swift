internal import Platform

/// Commits: listing them, and looking for the one that says something.
struct History: OfRepository {
  let repository: Repository

  /// The newest commits of a branch, the newest first; none of a branch that nobody has begun.
  /// - Parameter paths: Those that they are to have changed; none for all commits.
  func newest(of ref: String, limit: Int, paths: [String]) throws(GitError) -> [CloneCommit] {
    if try repository.refs.commit(at: ref) == nil { return [] }
    let printed = try output(
      .log(["--max-count=\(limit)", ref], paths: paths), doing: "listing the history")
    return try CloneState.commits(in: printed, "listing the history")
  }

  /// The commits that a commit has beyond another one, that one and its history excluded; all of its history where
  /// that is nil.
  func commits(of commit: String, since other: String?) throws(GitError) -> [CloneCommit] {
    let printed = try output(
      .log([commit] + (other.map { ["^\($0)"] } ?? [])), doing: "listing the history")
    return try CloneState.commits(in: printed, "listing the history")
  }

  /// The newest commit of a branch whose message has a line that begins with a text; nil where none has.
  func newest(on ref: String, withLine text: String) throws(GitError) -> String? {
    let doing = "looking for '\(text)' on \(ref)"
    let found = try run(.newest(on: ref, withLine: text))
    if !found.succeeded {
      // A branch without a commit has nothing.
      if try repository.refs.commit(at: ref) == nil { return nil }
      throw .failed(doing, found)
    }
    return found.stdout.isEmpty ? nil : try GitOutput.objectName(found.stdout, doing)
  }

  /// Whether a file of a branch has a line that begins with a text.
  func hasLine(
    beginningWith text: String, at ref: String, paths: [String]
  ) throws(GitError) -> Bool {
    // A branch without a commit has nothing.
    if try repository.refs.commit(at: ref) == nil { return false }
    let found = try run(.lines(beginningWith: text, at: ref, paths: paths))
    switch found.status {
    case .exited(0): return true
    case .exited(1): return false
    default: throw .failed("looking for what was committed", found)
    }
  }
}
