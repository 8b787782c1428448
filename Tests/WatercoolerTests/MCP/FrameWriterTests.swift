import Foundation
import Testing

@testable import MCP
@testable import Platform
@testable import Watercooler

@Suite struct FrameWriterTests {
  private func writer(to pipe: TestPipe, capacity: Int, isGone: Bool = false) -> FrameWriter {
    FrameWriter(
      ClientStream(number: pipe.writing), capacity: capacity, patience: .milliseconds(10),
      isClientGone: { isGone }, trace: nil)
  }

  /// Too long to be written by the thread that sends it.
  private let long = JSON.string(String(repeating: "x", count: 5000))

  @Test func `what waits to be read is bounded`() throws {
    let pipe = try TestPipe()
    let writer = writer(to: pipe, capacity: 20_000)
    let frame = long
    try startThread(named: "sender") {
      for _ in 0..<500 { writer.send(frame) }
      _ = writer.flush(until: .now + .seconds(30))
      close(pipe.writing)
    }
    try startThread(named: "writer") { try? writer.run() }
    var lines = LineReader(ClientStream(number: pipe.reading), limit: 10_000)
    var count = 0
    while let line = try lines.next() {
      #expect(line == .text(frame.serialized()))
      count += 1
    }
    #expect(count == 500)
    #expect((1...20_000).contains(writer.peak))
  }

  @Test func `a frame longer than the bound goes out alone`() throws {
    let pipe = try TestPipe()
    let writer = writer(to: pipe, capacity: 10)
    try startThread(named: "writer") { try? writer.run() }
    let frame = JSON.string(String(repeating: "x", count: 100))
    for _ in 0..<3 { writer.send(frame) }
    var lines = LineReader(ClientStream(number: pipe.reading), limit: 1000)
    for _ in 0..<3 { #expect(try lines.next() == .text(frame.serialized())) }
    writer.close()
  }

  @Test func `a frame that is not wanted any more is not queued`() throws {
    let pipe = try TestPipe()
    let writer = writer(to: pipe, capacity: 1000)
    writer.send("no", if: { false })
    #expect(writer.peak == 0)
  }

  @Test func `a closed writer drops frames, having asked for them once`() throws {
    let pipe = try TestPipe()
    let writer = writer(to: pipe, capacity: 1000)
    writer.close()
    let asked = Monitor(0)
    writer.send("no") {
      asked.withLock {
        $0 += 1; return true
      }
    }
    #expect(asked.withLock { $0 } == 1)
    #expect(writer.peak == 0)
  }

  @Test func `a client that is gone and takes nothing closes the writer`() throws {
    let pipe = try TestPipe()
    // Nothing takes the frames: no thread writes.
    let writer = writer(to: pipe, capacity: 10, isGone: true)
    writer.send(long)
    #expect(!writer.isClosed)
    writer.send(long)
    #expect(writer.isClosed)
  }

  @Test func `a short frame needs no other thread, and waits for none that is longer`() throws {
    let pipe = try TestPipe()
    let writer = writer(to: pipe, capacity: 20_000)
    writer.send("at once")
    var lines = LineReader(ClientStream(number: pipe.reading), limit: 10_000)
    #expect(try lines.next() == .text(JSON.string("at once").serialized()))
    // In the order in which they were sent, whoever writes them.
    writer.send(long)
    writer.send("behind it")
    try startThread(named: "writer") { try? writer.run() }
    #expect(try lines.next() == .text(long.serialized()))
    #expect(try lines.next() == .text(JSON.string("behind it").serialized()))
    writer.close()
  }

  // MARK: - Receipts

  /// What was told, in that order.
  private final class Told: Sendable {
    let names = Monitor<[String]>([])

    func confirmation(_ name: String, for id: Int = 0) -> FrameWriter.Confirmation {
      FrameWriter.Confirmation(for: [.number("\(id)")]) { self.names.withLock { $0.append(name) } }
    }
  }

  @Test func `a sender is told when its frame is written, and not before`() throws {
    let pipe = try TestPipe()
    let writer = writer(to: pipe, capacity: 1 << 20)
    let told = Told()
    // More than a pipe holds.
    let huge = JSON.string(String(repeating: "x", count: 1 << 18))
    writer.send("short", confirmation: told.confirmation("short"))
    #expect(told.names.read { $0 } == ["short"])
    writer.send(huge, confirmation: told.confirmation("huge"))
    writer.send("last", confirmation: told.confirmation("last"))
    try startThread(named: "writer") { try? writer.run() }
    var lines = LineReader(ClientStream(number: pipe.reading), limit: 1 << 20)
    _ = try lines.next()
    #expect(told.names.read { $0 } == ["short"])
    _ = try lines.next()
    writer.waitUntilSettled(until: .now + .seconds(30))
    #expect(told.names.read { $0.contains("huge") })
    #expect(writer.flush(until: .now + .seconds(30)))
    #expect(told.names.read { $0 } == ["short", "huge", "last"])
    writer.close()
  }

  @Test func `nobody is told of a frame that was dropped, not wanted, or called off`() throws {
    let pipe = try TestPipe()
    let writer = writer(to: pipe, capacity: 1 << 20)
    let told = Told()
    writer.send(long, confirmation: told.confirmation("not wanted")) { false }
    writer.send(long, confirmation: told.confirmation("called off", for: 1))
    writer.send(long, confirmation: told.confirmation("written", for: 2))
    writer.disown(.number("1"))
    try startThread(named: "writer") { try? writer.run() }
    #expect(writer.flush(until: .now + .seconds(30)))
    #expect(told.names.read { $0 } == ["written"])
    writer.close()
    writer.send(long, confirmation: told.confirmation("closed"))
    writer.send("short", confirmation: told.confirmation("closed too"))
    #expect(told.names.read { $0 } == ["written"])
  }

  @Test func `nobody is told of a frame that the client did not take`() throws {
    let pipe = try TestPipe()
    let writer = writer(to: pipe, capacity: 1 << 20)
    let told = Told()
    let old = signal(SIGPIPE) { _ in }
    defer { signal(SIGPIPE, old) }
    writer.send(long, confirmation: told.confirmation("long"))
    close(pipe.reading)
    #expect(throws: SystemError.self) { try writer.run() }
    #expect(told.names.read { $0 } == [])
    // Nor does anybody wait for it.
    writer.waitUntilSettled(until: .now + .seconds(30))
    #expect(writer.flush(until: .now + .seconds(30)))
  }

  @Test func `a short frame that nobody takes is not waited for`() throws {
    let pipe = try TestPipe()
    let writer = writer(to: pipe, capacity: 20_000)
    close(pipe.reading)
    let old = signal(SIGPIPE) { _ in }
    defer { signal(SIGPIPE, old) }
    writer.send("nobody takes it")
    // It is left to the thread that writes, which finds that out.
    #expect(throws: SystemError.self) { try writer.run() }
    #expect(writer.isClosed)
  }
}
