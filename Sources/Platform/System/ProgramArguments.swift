#if canImport(Darwin)
  internal import Darwin
#else
  internal import Glibc
#endif

/// The arguments that this process was started with, wherever it runs.
///
/// On Linux `CommandLine` has them from /proc, and so none in a chroot or a sandbox that has no /proc.
/// The system has put them on the stack of every program, and that is where they are taken from.
package enum ProgramArguments {
  /// C's form of a list of texts, as in `argv` and `environ`: each ends with NUL, and after the last one is nil.
  package typealias Vector = UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>

  /// All of them as bytes, the program's name first, with nil after the last. Nil where they are not
  /// known.
  package static var vector: Vector? {
    #if canImport(Darwin)
      CommandLine.unsafeArgv
    #else
      onStack ?? (CommandLine.argc > 0 ? CommandLine.unsafeArgv : nil)
    #endif
  }

  /// All of them as text, the program's name first. Nil where they are not known.
  package static let all: [String]? = vector.map { vector in
    var texts: [String] = []
    while let argument = vector[texts.count] { texts.append(String(cString: argument)) }
    return texts
  }

  /// All of them byte by byte, the program's name first: not every file's name is UTF-8. Nil where they are
  /// not known.
  package static var bytes: [[UInt8]]? {
    vector.map { vector in
      var all: [[UInt8]] = []
      while let argument = vector[all.count] {
        all.append(Array(UnsafeRawBufferPointer(start: argument, count: strlen(argument))))
      }
      return all
    }
  }

  #if !canImport(Darwin)
    /// The arguments at the stack's start, which glibc keeps: its first word is the count, and they
    /// follow. The C library's own note of the first one tells that it is so on this machine.
    private static var onStack: Vector? {
      typealias Word = UnsafeMutableRawPointer
      guard let end = dlsym(nil, "__libc_stack_end"),
        let name = dlsym(nil, "program_invocation_name"),
        let count = end.load(as: Word?.self), let first = name.load(as: Word?.self)
      else { return nil }
      let start = count + MemoryLayout<Int>.stride
      guard start.load(as: Word?.self) == first else { return nil }
      return start.assumingMemoryBound(to: UnsafeMutablePointer<CChar>?.self)
    }
  #endif
}

/// The name by which people call the program that says what to do: the one that they have just used, or `wc`.
package let programName: String = {
  let called = ProgramArguments.all?.first?.split(separator: "/").last.map(String.init)
  return called == "watercooler" ? "watercooler" : "wc"
}()
