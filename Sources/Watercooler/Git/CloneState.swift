/// A commit that only one side has: the clone, or the remote as it was last seen.
package struct CloneCommit: Sendable, Equatable {
  package let id: String
  package let parents: [String]
  /// When it was committed, by the clock of whoever did.
  package let time: Timestamp
  /// `Name <address>`, and the time as git writes it: what a replay keeps.
  let authorName: String
  let authorEmail: String
  let authorDate: String
  /// Of its trailers; empty for a commit made by hand.
  package let entryIDs: [EntryID]
  package let topics: [String]
  package let message: String

  package var subject: String {
    message.split(separator: "\n", maxSplits: 1).first.map(String.init) ?? ""
  }
}

extension [CloneCommit] {
  /// How many entries and other changes they carry: under load one commit has several.
  package var changeCount: Int { reduce(0) { $0 + Swift.max(1, $1.entryIDs.count) } }
}

/// How a clone's branch and the remote's, as it was last seen, stand to each other.
package struct CloneState: Sendable, Equatable {
  /// What is not pushed yet, the oldest first: the outbox.
  package var ahead: [CloneCommit] = []
  /// What the remote has beyond the clone's branch, the oldest first.
  package var behind: [CloneCommit] = []
  /// The remote's branch as it was last seen; nil while it has none, and where nothing differs.
  package var tip: String?
  /// Whether the clone has no commit yet, and the remote has some.
  package var isUnborn = false

  /// The clone's own commit; nil where nothing is ahead.
  package var head: String? { ahead.last?.id }
  package var isBehind: Bool { !behind.isEmpty || isUnborn }
}

// MARK: - What git prints

extension CloneState {
  /// The arguments that print it: one child tells both sides, the tip, and every trailer.
  static func arguments(_ branch: String, tracking: String?) -> [String] {
    let range = tracking.map { "\(branch)...\($0)" } ?? branch
    return listing([
      "--topo-order", "--left-right", "--boundary", "--decorate=full",
      "--decorate-refs=\(tracking ?? "refs/none")", range,
    ])
  }

  /// The arguments that list commits so that they can be read here; paths may follow.
  static func listing(_ what: [String]) -> [String] {
    let fields = [
      "%m", "%H", "%P", "%ct", "%an", "%ae", "%ad", "%D",
      "%(trailers:key=\(Trailer.entryID),valueonly,separator=%x2C)",
      "%(trailers:key=\(Trailer.topic),valueonly,separator=%x2C)", "%B",
    ]
    let format = "--format=" + fields.joined(separator: "%x1f")
    return ["log", "-z", "--date=raw", "--no-show-signature", format] + what + ["--"]
  }

  /// Reads what `git log` with these arguments prints.
  init(output: [UInt8], tracking: String?) {
    for record in output.split(separator: 0) {
      let fields = record.split(separator: 0x1F, maxSplits: 10, omittingEmptySubsequences: false)
        .map { String(decoding: $0, as: UTF8.self) }
      guard fields.count == 11 else { continue }
      if let tracking, fields[7].split(separator: ", ").contains(Substring(tracking)) {
        tip = fields[1]
      }
      let commit = CloneCommit(
        id: fields[1], parents: fields[2].split(separator: " ").map(String.init),
        time: Timestamp(seconds: Int64(fields[3]) ?? 0), authorName: fields[4],
        authorEmail: fields[5], authorDate: fields[6],
        entryIDs: fields[8].split(separator: ",").compactMap { EntryID(String($0)) },
        topics: fields[9].split(separator: ",").map(String.init), message: fields[10])
      switch fields[0] {
      case "<": ahead.append(commit)
      // Without a remote branch to compare with, everything is ours.
      case ">" where tracking == nil: ahead.append(commit)
      case ">": behind.append(commit)
      default: continue
      }
    }
    ahead.reverse()
    behind.reverse()
  }
}

/// The names of the trailers that a commit of ours ends with.
enum Trailer {
  static let entryID = "Watercooler-Entry-ID"
  static let topic = "Watercooler-Topic"
  /// The condition that a conditional write was made under.
  static let condition = "Watercooler-Condition"
}
