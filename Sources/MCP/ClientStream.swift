internal import Platform

/// One end of the conversation, read and written by blocking calls.
struct ClientStream: Sendable {
  let number: Int32

  private var incoming: OpenFile { OpenFile(number: number, name: "what the client sends") }
  private var outgoing: OpenFile { OpenFile(number: number, name: "to the client") }

  /// Fills some of `buffer`, waiting for the first byte only. Returns 0 at the end of the file.
  func read(into buffer: inout [UInt8]) throws(SystemError) -> Int {
    try incoming.read(into: &buffer)
  }

  /// Writes all of `bytes`.
  func write(_ bytes: [UInt8]) throws(SystemError) { try outgoing.write(bytes[...]) }

  /// Whether a write of up to 4 KiB, which a pipe takes whole, would not wait.
  var isWritable: Bool { outgoing.isWritable }

  /// Whether the other side has closed its end, even if it left something to read.
  var hasHungUp: Bool { incoming.hasHungUp }
}
