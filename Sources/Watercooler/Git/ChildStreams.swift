internal import Platform

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
    let isReady = Poll.wait(
      for: [
        (wakeup.readEnd, .reading), (stdout.number, .reading), (stderr.number, .reading),
        (stdin.number, .writing),
      ], milliseconds: milliseconds)
    if isReady[0] { wakeup.reset() }
    if isReady[1] { stdout.readOnce() }
    if isReady[2] { stderr.readOnce() }
    if isReady[3] { feed() }
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
    // A failure is mostly a child that wants no more. `inputLeft` tells of it: whether that is an error only
    // the caller knows.
    var mayGoOn = true
    do throws(SystemError) {
      let pipe = OpenFile(number: stdin.number, name: "a pipe")
      if let written = try pipe.writeAtOnce(input) { input = input.dropFirst(written) }
    } catch {
      mayGoOn = false
    }
    if input.isEmpty || !mayGoOn { stdin = nil }
  }
}
