internal import Foundation

/// The processes of this machine, where the system lists them: in /proc.
enum ProcessList {
  /// Their ids; nil where they cannot be told. A chroot may have an empty /proc, and a container
  /// somebody else's: then not even this process is in it.
  static var ids: [Int32]? {
    let own = try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self")
    guard own == "\(getpid())" else { return nil }
    let names = try? Directory.names(in: "/proc", where: { Int32($0) != nil })
    return names?.compactMap { Int32($0) }
  }

  /// Whether those of other users are in it too: they may be hidden, the first of all as well.
  static var showsOthers: Bool { access("/proc/1", F_OK) == 0 }
}
