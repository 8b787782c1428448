internal import Platform

/// The branches of a remote, as git tells them.
///
/// Git takes an answer with nothing in it, and a web page without a line feed, for a repository that has no
/// branch, and says of them what it says of an empty one. Only what came as packets is git's own word.
struct RemoteBranches: Sendable, Equatable {
  /// Without `refs/heads/`.
  let names: [String]
  /// Whether the remote names its objects by SHA-256; false also where it does not say.
  var isSHA256 = false

  /// The branch that whoever joins an empty remote begins. Not the one that its HEAD names: that is told over
  /// some ways only (protocol 2), and those who come by others would begin another.
  static let first = "main"

  /// Asks a remote: one round trip.
  /// - Parameter directory: The clone that knows the remote; nil for a URL.
  static func ask(
    _ remote: String, _ git: Git, in directory: String?, until deadline: Deadline
  ) throws(GitError) -> Result<RemoteBranches, RemoteProblem> {
    // To standard error, not to a file: one that cannot be written would look like no packet.
    let tracing = git.adding(["GIT_TRACE_PACKET": "1", "GIT_TRACE_BARE": "0"])
    let result = try tracing.run(
      GitArguments.branches(of: remote).words, in: directory, until: deadline)
    return try answer(result)
  }

  /// The answer in what the command printed, with the trace of its packets among its complaints.
  static func answer(
    _ result: CommandResult
  ) throws(GitError) -> Result<RemoteBranches, RemoteProblem> {
    let lines = result.stderr.split(separator: .lineFeed)
    let packets = lines.filter(\.isPacket)
    guard result.succeeded else {
      let words = lines.filter { !$0.isPacket }.joined(separator: [.lineFeed])
      let problem = RemoteProblem(stderr: Array(words))
      // Nothing was sent that may have arrived.
      return .failure(
        problem.kind == .cutOff
          ? RemoteProblem(.unreachable, detail: problem.detail) : problem)
    }
    var branches = RemoteBranches(names: try names(result))
    branches.isSHA256 = packets.contains { line in
      line.isReceived && line.trimmedEnd.string.hasSuffix(" object-format=sha256")
    }
    if branches.names.isEmpty, !packets.contains(where: \.isReceived) {
      return .failure(RemoteProblem(.notGit, detail: ""))
    }
    return .success(branches)
  }

  private static func names(_ result: CommandResult) throws(GitError) -> [String] {
    let doing = "listing the remote's branches"
    if result.stdoutDiscarded > 0 { throw .unexpected(doing, "there are too many") }
    var names: [String] = []
    for line in result.stdout.split(separator: .lineFeed) {
      let fields = line.split(separator: UInt8(ascii: "\t"), omittingEmptySubsequences: false)
      guard fields.count == 2, fields[0].isObjectName, let name = fields[1].string.branchName else {
        throw .unexpected(doing, "an object and a branch were expected, not '\(line.string)'")
      }
      names.append(name)
    }
    return names
  }

  /// The names for a person: not all of hundreds.
  var list: String {
    names.prefix(5).joined(separator: ", ")
      + (names.count > 5 ? " and \(names.count - 5) more" : "")
  }
}

extension ArraySlice<UInt8> {
  /// Whether it is a line of git's trace of packets, not of what a server prints:
  /// `05:46:08.947521 pkt-line.c:80           packet:    ls-remote< 0000`.
  fileprivate var isPacket: Bool { packet != nil }

  /// Whether it tells of a packet that came from the remote.
  fileprivate var isReceived: Bool { packet == UInt8(ascii: "<") }

  /// Which way it went.
  private var packet: UInt8? {
    let words = split(separator: UInt8(ascii: " "), maxSplits: 4)
    guard words.count >= 4, words[0].isTime, words[2].elementsEqual("packet:".utf8) else {
      return nil
    }
    return words[3].last.flatMap { "<>".utf8.contains($0) ? $0 : nil }
  }

  private var isTime: Bool {
    count == 15
      && enumerated().allSatisfy { offset, byte in
        switch offset {
        case 2, 5: byte == UInt8(ascii: ":")
        case 8: byte == UInt8(ascii: ".")
        default: (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
        }
      }
  }
}
