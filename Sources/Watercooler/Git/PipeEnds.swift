#if canImport(Darwin)
  internal import Darwin
#else
  internal import Glibc
#endif

extension FileDescriptor? {
  /// The descriptor's number; -1, which `poll` passes over, once it is closed.
  var number: Int32 {
    switch self {
    case .some(let descriptor): descriptor.number
    case .none: -1
    }
  }
}

/// Both ends of a new pipe.
struct PipeEnds: ~Copyable {
  let read: FileDescriptor
  let write: FileDescriptor

  init() throws(SystemError) {
    var ends: [Int32] = [-1, -1]
    let isMade = Inheritance.whileNoChildStarts {
      guard pipe(&ends) == 0 else { return false }
      for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
      return true
    }
    guard isMade else { throw SystemError("make", "a pipe") }
    read = FileDescriptor(owning: ends[0])
    write = FileDescriptor(owning: ends[1])
  }
}
