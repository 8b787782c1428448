import Foundation
import TestSupport
import Testing

@testable import Platform
@testable import Watercooler

@Suite struct OpenFileTests {
  @Test(arguments: [0, 1, 4095, 4096, 4097, 300_000])
  func `all of a file is read, whatever its size is taken for`(_ count: Int) throws {
    let directory = try TemporaryDirectory()
    let bytes = (0..<count).map { UInt8(truncatingIfNeeded: $0 * 7) }
    let path = directory.path("file")
    try FileDescriptor(opening: path, for: .making).write(bytes)
    #expect(try FileDescriptor(opening: path, for: .reading).readAll() == bytes)
    let file = try FileDescriptor(opening: path, for: .reading)
    #expect(try file.file.readAll(expecting: 10) == bytes)
  }

  @Test func `a pipe that never blocks is waited for, to read and to write`() throws {
    let pipe = try PipeEnds()
    try pipe.read.neverBlock()
    try pipe.write.neverBlock()
    let bytes = [UInt8](repeating: 7, count: 1_000_000)
    let (reading, writing) = (pipe.read.file, pipe.write.file)
    var empty: [UInt8] = [0]
    #expect(try empty.withUnsafeMutableBytes { try reading.readAtOnce(into: $0) } == nil)
    let isWritten = Mutexed(false)
    onThread {
      isWritten.set((try? writing.write(bytes[...])) != nil)
    }
    var (count, chunk) = (0, [UInt8](repeating: 0, count: 65536))
    while count < bytes.count { count += try reading.read(into: &chunk) }
    #expect(eventually { isWritten.value })
  }

  @Test func `an error names the file`() throws {
    let file = OpenFile(number: -1, name: "the answer")
    #expect(throws: SystemError("write", "the answer", code: EBADF)) { try file.write([1]) }
    #expect(throws: SystemError("read", "the answer", code: EBADF)) { try file.readAll() }
  }
}
