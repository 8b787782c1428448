#if canImport(Darwin)
  internal import Darwin
#else
  // `environ`, a variable of C's, is not safe where another thread sets one: only `setVariable` does.
  @preconcurrency internal import Glibc
#endif

/// The process that runs this: what it was given, and how it ends.
package enum ThisProcess {
  package static var id: Int32 { getpid() }

  /// The number of the user who started it.
  package static var user: UInt32 { getuid() }

  /// The number of the user as whom it may do things: another one in a set-user-ID program.
  package static var effectiveUser: UInt32 { geteuid() }

  /// The directory in which paths begin that do not begin at the root; empty where the system does not say.
  package static var workingDirectory: String {
    guard let path = getcwd(nil, 0) else { return "" }
    defer { free(path) }
    return String(cString: path)
  }

  /// How many processors there are to run threads on.
  package static var processorCount: Int { max(1, sysconf(Int32(_SC_NPROCESSORS_ONLN))) }

  // MARK: - Environment

  /// The environment's variables; bytes that are no UTF-8 become U+FFFD.
  package static var environment: [String: String] {
    #if canImport(Darwin)
      let entries: ProgramArguments.Vector? = _NSGetEnviron().pointee
    #else
      let entries: ProgramArguments.Vector? = environ
    #endif
    var variables: [String: String] = [:]
    var index = 0
    while let entry = entries?[index] {
      index += 1
      let text = String(cString: entry)
      guard let equals = text.utf8.firstIndex(of: UInt8(ascii: "=")) else { continue }
      variables[String(text[..<equals])] = String(text[text.utf8.index(after: equals)...])
    }
    return variables
  }

  /// Sets a variable for the children that get this process's own environment. Not for a process with other
  /// threads.
  package static func setVariable(_ name: String, to value: String) { setenv(name, value, 1) }

  // MARK: - Its end

  /// Ends the process, whatever its other threads do.
  package static func exit(with code: Int32) -> Never { leave(code) }

  /// Becomes another program, with these arguments and all that is open. Returns only if that fails.
  /// - Parameters:
  ///   - name: What it is called as, in place of the first argument.
  ///   - arguments: As bytes: not every file's name is UTF-8.
  package static func become(
    _ program: String, calledAs name: String, with arguments: ProgramArguments.Vector
  ) -> SystemError {
    if arguments[0] != nil { arguments[0] = strdup(name) }
    execv(program, arguments)
    return SystemError("run", program)
  }
}

/// `exit(3)`, under a name that no method hides.
private func leave(_ code: Int32) -> Never { exit(code) }
