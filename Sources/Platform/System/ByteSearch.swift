#if canImport(Darwin)
  internal import Darwin
#else
  internal import Glibc
#endif

extension UnsafeRawBufferPointer {
  /// The offset of the first such byte; nil where there is none. By `memchr`: several bytes at a time, where
  /// `firstIndex(of:)` looks at one after the other.
  package func firstOffset(of byte: UInt8) -> Int? {
    guard let baseAddress, let found = memchr(baseAddress, Int32(byte), count) else { return nil }
    return UnsafeRawPointer(found) - baseAddress
  }
}
