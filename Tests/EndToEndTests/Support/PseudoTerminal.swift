import Foundation
import Testing

@testable import MCP
@testable import Watercooler

/// A terminal that a program believes in.
final class PseudoTerminal {
  private let master: Int32
  private let slave: Int32
  /// What programs may open.
  let path: String

  init() throws {
    var numbers: (master: Int32, slave: Int32) = (-1, -1)
    var name = [CChar](repeating: 0, count: 1024)
    try #require(openpty(&numbers.master, &numbers.slave, &name, nil, nil) == 0)
    // The slave is kept open, so that what was printed does not go with the last program.
    (master, slave) = numbers
    path = String(decoding: name.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
    for number in [master, slave] { _ = fcntl(number, F_SETFD, FD_CLOEXEC) }
    _ = fcntl(master, F_SETFL, O_NONBLOCK)
  }

  deinit {
    close(slave)
    close(master)
  }

  /// What has been printed since the last call, with plain line ends.
  func screen() -> String {
    var bytes: [UInt8] = []
    var buffer = [UInt8](repeating: 0, count: 65536)
    while true {
      let count = read(master, &buffer, buffer.count)
      if count <= 0 { break }
      bytes += buffer[..<count]
    }
    return String(decoding: bytes, as: UTF8.self).replacing("\r\n", with: "\n")
  }
}
