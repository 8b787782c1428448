#if canImport(Darwin)
  internal import Darwin
#else
  internal import Glibc
#endif

/// The file that this process runs.
package enum ProgramFile {
  /// Its path, absolute and, on Linux, without links; nil where nothing tells.
  package static let path: String? = {
    #if os(Linux)
      return [linked, started].lazy.compactMap { $0 }
        .first { FileAccess.presence.isGranted(at: $0) } ?? linked
    #else
      return started?.standardized ?? ProgramArguments.all?.first
    #endif
  }()

  #if os(Linux)
    /// As /proc has it. Of a program that was replaced since, that is no file any more.
    private static var linked: String? {
      let path = try? FileLink.words(of: "/proc/self/exe")
      return path.flatMap { $0.isEmpty ? nil : String(decoding: $0, as: UTF8.self) }
    }

    /// As the system was asked to start it: what the kernel hands to each program.
    private static var started: String? {
      typealias Read = @convention(c) (UInt) -> UInt
      let executedName: UInt = 31
      guard let symbol = dlsym(nil, "getauxval"),
        let name = UnsafePointer<CChar>(
          bitPattern: unsafeBitCast(symbol, to: Read.self)(executedName))
      else { return nil }
      return String(cString: name).realPath
    }
  #else
    /// As the system was asked to start it.
    private static var started: String? {
      var size: UInt32 = 0
      _NSGetExecutablePath(nil, &size)
      var buffer = [CChar](repeating: 0, count: Int(size) + 1)
      guard _NSGetExecutablePath(&buffer, &size) == 0 else { return nil }
      return String(
        decoding: buffer.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }
  #endif
}
