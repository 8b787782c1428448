/// The processes of this machine, where the system lists them: in /proc.
package enum ProcessList {
  /// Their ids; nil where they cannot be told. A chroot may have an empty /proc, and a container
  /// somebody else's: then not even this process is in it.
  package static var ids: [Int32]? {
    guard let own = try? FileLink.words(of: "/proc/self"),
      own.elementsEqual("\(ThisProcess.id)".utf8)
    else { return nil }
    let names = try? Directory.names(in: "/proc", where: { Int32($0) != nil })
    return names?.compactMap { Int32($0) }
  }

  /// Whether those of other users are in it too: they may be hidden, the first of all as well.
  package static var showsOthers: Bool { FileAccess.presence.isGranted(at: "/proc/1") }
}
