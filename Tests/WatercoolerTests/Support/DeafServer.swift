import Foundation

/// A server that takes every connection and never says a word, nor ends one.
final class DeafServer: Sendable {
  let port: UInt16
  private let number: Int32

  init() throws {
    #if os(Linux)
      let kind = Int32(SOCK_STREAM.rawValue)
    #else
      let kind = SOCK_STREAM
    #endif
    number = socket(AF_INET, kind, 0)
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
    var length = socklen_t(MemoryLayout<sockaddr_in>.size)
    let number = number
    let isBound = withUnsafeMutablePointer(to: &address) { pointer in
      pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        bind(number, $0, length) == 0 && listen(number, 100) == 0
          && getsockname(number, $0, &length) == 0
      }
    }
    port = UInt16(bigEndian: address.sin_port)
    if !isBound { throw CocoaError(.fileReadUnknown) }
  }

  deinit { close(number) }

  var url: String { "git://127.0.0.1:\(port)/threads" }
}
