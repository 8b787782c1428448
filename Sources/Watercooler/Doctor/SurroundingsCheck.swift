internal import Platform

/// The checks of what is around a clone: its clock and its disk.
extension CloneDoctor {
  /// A clock that is far from that of others makes times hard to read; the order does not depend on it.
  func clockFindings(_ deadline: Deadline) throws -> [Finding] {
    let newest = try past.commits(of: nil, limit: 1).first?.time
    guard let newest, newest.seconds > Timestamp.now.seconds + 300 else { return [] }
    return [
      Finding(
        "the newest commit is of \(newest), and it is \(Timestamp.now) here",
        meaning: "this clock, or somebody's, is wrong: times are hard to read, the order is right",
        mend: "set the clock, or have it set by the network")
    ]
  }

  func diskFindings(_ deadline: Deadline) throws -> [Finding] {
    guard let free = Disk.freeSpace(at: clone.root), free < 100 << 20 else { return [] }
    return [
      Finding(
        "\(free >> 20) MB are free on the disk of \(clone.root)",
        meaning: "writes will soon fail; what is there stays whole", mend: "free some space")
    ]
  }
}
