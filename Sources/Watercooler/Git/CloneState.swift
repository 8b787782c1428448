/// A commit that only one side has: the clone, or the remote as it was last seen.
package struct CloneCommit: Sendable, Equatable {
  /// Empty for what waits here for its commit.
  package let id: String
  /// The names of its parents, the first one first: none for a first commit, several for a merge.
  package let parents: [String]
  /// When it was committed, by the clock of whoever did.
  package let time: Timestamp
  /// `Name <address>`, and the time as git writes it: what a replay keeps.
  let authorName: String
  let authorEmail: String
  let authorDate: String
  /// The trailers that its message ends with, such as `Name: value`.
  let trailers: [String]
  /// All of it, the trailers included.
  package let message: String

  /// The message's first line.
  package var subject: String {
    message.split(separator: "\n", maxSplits: 1).first.map(String.init) ?? ""
  }

  /// The values of its trailers of a name, which is the same in any case.
  func values(ofTrailer name: String) -> [String] {
    trailers.compactMap { line in
      guard let colon = line.firstIndex(of: ":"), line[..<colon].lowercased() == name.lowercased()
      else { return nil }
      return String(line[line.index(after: colon)...].drop { $0 == " " })
    }
  }
}

/// How a clone's branch and the remote's, as it was last seen, stand to each other.
package struct CloneState: Sendable, Equatable {
  /// The commits that are not pushed yet, the oldest first: the outbox.
  package var ahead: [CloneCommit] = []
  /// The commits that the remote has beyond the clone's branch, the oldest first.
  package var behind: [CloneCommit] = []
  /// The remote's branch as it was last seen; nil while it has none, and where nothing differs.
  package var tip: String?
  /// Whether the clone has no commit yet, and the remote has some.
  package var isUnborn = false

  /// The clone's own commit; nil where nothing is ahead.
  package var head: String? { ahead.last?.id }
  /// Whether the remote has commits that are to be taken in before anything is pushed.
  package var isBehind: Bool { !behind.isEmpty || isUnborn }
}

// MARK: - What git prints

extension CloneState {
  /// For errors.
  static let comparing = "comparing the clone with its remote"

  /// The fields of each commit, as `ListedCommit` reads them. NUL is the one byte that no author, ref or
  /// message can have in it.
  static let format =
    "--format="
    + ["%m", "%H", "%P", "%ct", "%an", "%ae", "%ad", "%D", "%(trailers:only,unfold)", "%B"]
    .joined(separator: "%x00")

  /// Reads what `git log` prints of both sides.
  /// - Throws: `GitError.unexpected` for what is cut off: each commit's parents are listed too, be it as
  ///   the border, and where there is any commit, the one that the remote's branch names is among them.
  init(output: [UInt8], tracking: String?) throws(GitError) {
    let doing = Self.comparing
    var border: Set<String> = []
    for record in try ListedCommit.all(in: output, doing) {
      if let tracking, record.refs.contains(tracking) { tip = record.commit.id }
      switch record.mark {
      case "<": ahead.append(record.commit)
      // Without a remote branch to compare with, everything is ours.
      case ">" where tracking == nil: ahead.append(record.commit)
      case ">": behind.append(record.commit)
      default: border.insert(record.commit.id)
      }
    }
    let listed = border.union((ahead + behind).map(\.id))
    guard (ahead + behind).allSatisfy({ $0.parents.allSatisfy(listed.contains) }) else {
      throw .unexpected(doing, "the list of commits is cut off")
    }
    guard tracking == nil || listed.isEmpty || tip != nil else {
      throw .unexpected(doing, "the commit of the remote's branch is not in the list")
    }
    ahead.reverse()
    behind.reverse()
  }

  /// Reads what `git log` prints of a listing of some commits, in its order.
  static func commits(in output: [UInt8], _ doing: String) throws(GitError) -> [CloneCommit] {
    try ListedCommit.all(in: output, doing).map(\.commit)
  }
}

/// One record of a listing.
private struct ListedCommit {
  private static let fieldCount = 10

  /// `<`, `>`, or `-` for the border between what is compared and what both have.
  let mark: String
  /// The full names of the refs that name it.
  let refs: [String]
  let commit: CloneCommit

  static func all(in output: [UInt8], _ doing: String) throws(GitError) -> [ListedCommit] {
    let fields = try GitOutput.fields(output, doing)
    var commits: [ListedCommit] = []
    for start in stride(from: 0, to: fields.count, by: fieldCount) {
      guard let commit = ListedCommit(fields[start...].prefix(fieldCount)) else {
        throw .unexpected(doing, "'\(fields[start].prefix(60))' begins no record of a commit")
      }
      commits.append(commit)
    }
    return commits
  }

  private init?(_ record: ArraySlice<String>) {
    let fields = Array(record)
    guard fields.count == Self.fieldCount, ["<", ">", "-"].contains(fields[0]),
      fields[1].isObjectName, let seconds = Int64(fields[3])
    else { return nil }
    let parents = fields[2].split(separator: " ").map(String.init)
    guard parents.allSatisfy(\.isObjectName) else { return nil }
    (mark, refs) = (fields[0], fields[7].split(separator: ", ").map(String.init))
    commit = CloneCommit(
      id: fields[1], parents: parents, time: Timestamp(seconds: seconds), authorName: fields[4],
      authorEmail: fields[5], authorDate: fields[6],
      trailers: fields[8].split(separator: "\n").map(String.init), message: fields[9])
  }
}
