#if canImport(Darwin)
  internal import Darwin
#else
  internal import Glibc
#endif

/// Our side of a child's three streams, served together while it runs.
///
/// Reading one after the other, or after the child's end, hangs as soon as it prints more than a
/// pipe holds (64 KiB).
struct ChildStreams: ~Copyable {
  /// The descriptors that become the child's 0, 1 and 2.
  struct Numbers: Sendable {
    let stdin: Int32
    let stdout: Int32
    let stderr: Int32
  }

  /// The child's ends. Ours to close once it has them: a pipe to a child that stopped reading
  /// must break.
  private struct ChildEnds: ~Copyable {
    let stdin: FileDescriptor?
    let stdout: FileDescriptor
    let stderr: FileDescriptor
  }

  let numbers: Numbers
  private(set) var stdout: CappedPipe
  private(set) var stderr: CappedPipe
  private var childEnds: ChildEnds?
  private var stdin: FileDescriptor?
  private var input: ArraySlice<UInt8> = []

  /// Opens what a child with this input needs, to keep up to `limit` bytes of each output.
  init(input: Command.Input, limit: Int) throws(SystemError) {
    var childInput: FileDescriptor?
    let stdinNumber: Int32
    switch input {
    case .nothing:
      let null = try FileDescriptor.null()
      stdinNumber = null.number
      childInput = consume null
    case .descriptor(let number):
      stdinNumber = number
    case .bytes(let bytes):
      let pipe = try PipeEnds()
      try pipe.write.neverBlock()
      stdinNumber = pipe.read.number
      childInput = consume pipe.read
      stdin = consume pipe.write
      self.input = bytes[...]
    }
    let out = try PipeEnds()
    let err = try PipeEnds()
    try out.read.neverBlock()
    try err.read.neverBlock()
    numbers = Numbers(stdin: stdinNumber, stdout: out.write.number, stderr: err.write.number)
    stdout = CappedPipe(consume out.read, limit: limit)
    stderr = CappedPipe(consume err.read, limit: limit)
    childEnds = ChildEnds(stdin: childInput, stdout: consume out.write, stderr: consume err.write)
  }

  /// Closes the child's ends, which it has by now.
  mutating func childHasStarted() { childEnds = nil }

  /// Waits until a stream or `wakeup` has something, at most `milliseconds`, and serves it.
  mutating func serve(orUntil wakeup: Wakeup, milliseconds: Int32) {
    var polled = [
      pollfd(fd: wakeup.readEnd, events: Int16(POLLIN), revents: 0),
      pollfd(fd: stdout.number, events: Int16(POLLIN), revents: 0),
      pollfd(fd: stderr.number, events: Int16(POLLIN), revents: 0),
      pollfd(fd: stdin.number, events: Int16(POLLOUT), revents: 0),
    ]
    let count = poll(&polled, nfds_t(polled.count), milliseconds)
    if count < 0, errno != EINTR {
      // Without `poll` all are tried in turn, at a pace that takes no processor.
      usleep(10_000)
      for index in polled.indices { polled[index].revents = polled[index].events }
    } else if count <= 0 {
      return
    }
    if polled[0].revents != 0 { wakeup.reset() }
    if polled[1].revents != 0 { stdout.readOnce() }
    if polled[2].revents != 0 { stderr.readOnce() }
    if polled[3].revents != 0 { feed() }
  }

  /// Takes what the child left in its pipes, without waiting for more: somebody else may hold them.
  mutating func drain() {
    stdout.drain()
    stderr.drain()
  }

  /// How many bytes of its input the child did not take.
  var inputLeft: Int { input.count }

  /// Why what the child printed may not be whole.
  var failure: SystemError? { stdout.failure ?? stderr.failure }

  private mutating func feed() {
    let number = stdin.number
    let written = input.withUnsafeBytes { write(number, $0.baseAddress, $0.count) }
    if written > 0 { input = input.dropFirst(written) }
    // Any other failure is mostly a child that wants no more. `inputLeft` tells of it: whether that is an
    // error only the caller knows.
    let mayGoOn = written >= 0 || errno == EAGAIN || errno == EINTR
    if input.isEmpty || !mayGoOn { stdin = nil }
  }
}
