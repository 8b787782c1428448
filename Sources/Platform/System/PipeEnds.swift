#if canImport(Darwin)
  internal import Darwin
#else
  internal import Glibc
#endif

extension FileDescriptor? {
  /// The descriptor's number; -1, which `poll` passes over, once it is closed.
  package var number: Int32 {
    switch self {
    case .some(let descriptor): descriptor.number
    case .none: -1
    }
  }
}

/// Both ends of a new pipe.
@frozen package struct PipeEnds: ~Copyable {
  package let read: FileDescriptor
  package let write: FileDescriptor

  package init() throws(SystemError) {
    var ends: [Int32] = [-1, -1]
    let failure: SystemError? = Inheritance.whileNoChildStarts {
      guard pipe(&ends) == 0 else { return SystemError("make", "a pipe") }
      // A child that inherited one would keep the other end open until its own end.
      for end in ends where fcntl(end, F_SETFD, FD_CLOEXEC) < 0 {
        return SystemError("set up", "a pipe")
      }
      return nil
    }
    if let failure {
      for end in ends where end >= 0 { close(end) }
      throw failure
    }
    read = FileDescriptor(owning: ends[0])
    write = FileDescriptor(owning: ends[1])
  }
}
