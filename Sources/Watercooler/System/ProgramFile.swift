internal import Foundation

/// The file that this process runs.
package enum ProgramFile {
  /// Its path, absolute and without links; nil where nothing tells.
  ///
  /// Not `Bundle.main` on Linux: that ends the process where /proc is missing, and where the
  /// program's directory cannot be looked at.
  package static let path: String? = {
    #if os(Linux)
      return [linked, started].lazy.compactMap { $0 }.first { access($0, F_OK) == 0 } ?? linked
    #else
      return Bundle.main.executablePath ?? ProgramArguments.all?.first
    #endif
  }()

  #if os(Linux)
    /// As /proc has it. Of a program that was replaced since, that is no file any more.
    private static var linked: String? {
      var buffer = [UInt8](repeating: 0, count: Int(PATH_MAX))
      let count = readlink("/proc/self/exe", &buffer, buffer.count)
      return count > 0 ? String(decoding: buffer[..<count], as: UTF8.self) : nil
    }

    /// As the system was asked to start it: what the kernel hands to each program.
    private static var started: String? {
      typealias Read = @convention(c) (UInt) -> UInt
      let executedName: UInt = 31
      guard let symbol = dlsym(nil, "getauxval"),
        let name = UnsafePointer<CChar>(
          bitPattern: unsafeBitCast(symbol, to: Read.self)(executedName)),
        let real = realpath(name, nil)
      else { return nil }
      defer { free(real) }
      return String(cString: real)
    }
  #endif
}
