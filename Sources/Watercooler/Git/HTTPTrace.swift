internal import Platform

/// The head of the last answer over HTTP that git got, as curl traces it.
///
/// Git 2.39 tells an answer's status and nothing else of it. The trace comes on standard error, between git's
/// words, and is taken out of them in memory: a file would keep what git does not know to be a secret,
/// such as a header of somebody's own.
struct HTTPTrace: Sendable, Equatable {
  /// The answer's status; nil where nothing was answered, or not over HTTP.
  private(set) var status: Int?
  /// Its headers, by their names in lower case.
  private(set) var headers: [String: String] = [:]

  /// The variables that have git trace the heads of requests and answers, not what is transferred. Other transports than HTTP know none of it.
  static func variables(inherited: [String: String]) -> [String: String] {
    // Somebody's own trace, into a file, stays theirs.
    let own = inherited["GIT_TRACE_CURL"] ?? ""
    let isTraced = !["", "0", "false", "no", "off"].contains(own.lowercased())
    return [
      "GIT_TRACE_CURL": isTraced ? own : "1", "GIT_TRACE_CURL_NO_DATA": "1",
      "GIT_TRACE_REDACT": "1", "GIT_TRACE_BARE": "0",
    ]
  }

  /// Takes the trace out of what git printed on standard error.
  init(removedFrom stderr: inout [UInt8]) {
    var words: [UInt8] = []
    for line in stderr.split(separator: .lineFeed, omittingEmptySubsequences: false) {
      if let traced = Self.traced(line) { read(traced) } else { words += line + [.lineFeed] }
    }
    // The last line has no end of its own.
    stderr = words.dropLast()
  }

  init() {}

  private mutating func read(_ line: ArraySlice<UInt8>) {
    let text = String(decoding: line, as: UTF8.self)
    guard let header = text.wholeMatch(of: /<= Recv header: (.*?)\s*/)?.1 else { return }
    if let answer = header.firstMatch(of: /^HTTP\/[0-9.]+ ([0-9]{3})\b/) {
      (status, headers) = (Int(answer.1), [:])
    } else if let colon = header.firstIndex(of: ":") {
      let value = header[header.index(after: colon)...].trimmingPrefix { $0 == " " || $0 == "\t" }
      headers[header[..<colon].lowercased()] = String(value)
    }
  }

  /// The text of a line that is traced, `15:04:05.123456 http.c:684    <= Recv header: …`; nil for others.
  private static func traced(_ line: ArraySlice<UInt8>) -> ArraySlice<UInt8>? {
    let clock = Array("dd:dd:dd.dddddd http.c:".utf8)
    let digit = UInt8(ascii: "d")
    guard line.count > clock.count,
      zip(line, clock).allSatisfy({ $1 == digit ? $0.isDigit : $0 == $1 })
    else { return nil }
    return line.dropFirst(clock.count).drop { $0.isDigit }.drop { $0 == UInt8(ascii: " ") }
  }
}

extension Git {
  /// Runs a git that asks a remote: what it complains about is free of the trace, which is beside it.
  func ask(
    _ arguments: GitArguments, in directory: String? = nil, until deadline: Deadline
  ) throws(GitError) -> RemoteAnswer {
    let traced = adding(HTTPTrace.variables(inherited: environment.variables))
    let result = try traced.run(arguments.words, in: directory, until: deadline)
    var stderr = result.stderr
    let trace = HTTPTrace(removedFrom: &stderr)
    let answer = CommandResult(
      status: result.status, stdout: result.stdout, stderr: stderr,
      stdoutDiscarded: result.stdoutDiscarded, stderrDiscarded: result.stderrDiscarded,
      inputLeft: result.inputLeft)
    return RemoteAnswer(result: answer, trace: trace)
  }
}
