internal import Platform

/// The reason why a host cannot be configured, or its server not be started.
package enum HostError: ExplainedError, Equatable {
  case noServer(besides: String)
  /// The text says of which program.
  case badCommand(String)
  case secret(variable: String)
  case uneditable(path: String, host: String, problem: String, line: Int, column: Int)
  /// An entry of our name that starts no program: it names a URL.
  case otherKind(path: String)
  /// The reason says of which file.
  case inaccessible(reason: String, host: String)
  case keepsChanging(path: String, host: String)
  case notInstalled(path: String, host: String, isProject: Bool)
  case switchedOff(path: String)
  case badEntry(path: String, problem: String)
  case notInPath(String, host: String)
  case unknownVariable(String, host: String)

  package var message: String {
    switch self {
    case .noServer(let program): "there is no watercooler-mcp beside \(program)"
    case .badCommand(let problem): problem
    case .secret(let variable):
      "\(variable) holds a secret, which would stand in the client's file"
    case .uneditable(let path, _, let problem, let line, let column):
      "\(path), line \(line), column \(column): \(problem); the file is as it was"
    case .otherKind(let path): "'\(Host.entryName)' in \(path) does not start a program"
    case .inaccessible(let reason, _): reason
    case .keepsChanging(let path, _): "\(path) is being written by something else"
    case .notInstalled(let path, _, _): "'\(Host.entryName)' is not in \(path)"
    case .switchedOff(let path): "'\(Host.entryName)' is switched off in \(path)"
    case .badEntry(let path, let problem): "'\(Host.entryName)' in \(path): \(problem)"
    case .notInPath(let name, let host): "there is no '\(name)' in the PATH that \(host) passes on"
    case .unknownVariable(let name, let host): "\(name) is something that only \(host) can fill in"
    }
  }

  package var hint: String? {
    switch self {
    case .noServer: "install both programs into one directory, or name it with --command PATH"
    case .badCommand: "--command takes the path of a program that is there"
    case .secret: "keep it in a file of yours alone, and name that in WATERCOOLER_GIT_TOKEN_FILE"
    case .uneditable(_, let host, _, _, _), .inaccessible(_, let host):
      "'\(programName) mcp config \(host)' prints what belongs there, to be put in by hand"
    case .otherKind: "take that entry out, then call this again"
    case .keepsChanging: "end the client, then call this again"
    case .notInstalled(_, let host, let isProject):
      "'\(programName) mcp install \(host)\(isProject ? " --project" : "")' puts it there"
    case .switchedOff: "switch it on, in the client or in that file"
    case .badEntry: "mend it there; '\(programName) help mcp' shows how it is written anew"
    case .notInPath: "write its absolute path; '\(programName) mcp install' does"
    case .unknownVariable: "ask the client itself, or write what it stands for"
    }
  }
}
