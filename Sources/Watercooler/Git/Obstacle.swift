/// Why git could not write on this machine, told from its own words: nothing is damaged then.
enum Obstacle: Sendable, Equatable {
  case full
  case readOnly
  case notPermitted
  /// Git does not say why: a full disk is the most likely.
  case unknown

  /// - Parameter line: A line of git's. What it tells of another machine begins with `remote:`.
  init?(_ line: some StringProtocol) {
    func has(_ words: String...) -> Bool { words.contains { line.contains($0) } }
    if line.hasPrefix("remote:") { return nil }
    if has("No space left on device", "Disk quota exceeded", "Out of diskspace") {
      self = .full
    } else if has("Read-only file system") {
      self = .readOnly
    } else if has("insufficient permission for adding an object")
      || has("nable to create ") && has("Permission denied")
    {
      self = .notPermitted
    } else if has("couldn't write '", "couldn't close '") {
      // Of a ref's lock; git leaves the reason out.
      self = .unknown
    } else {
      return nil
    }
  }

  var message: String {
    switch self {
    case .full: "the disk of this machine is full"
    case .readOnly: "the file system of this machine may only be read"
    case .notPermitted: "git may not write on this machine"
    case .unknown: "git cannot write on this machine"
    }
  }

  /// - Parameter directory: What has to be written to; nil where that is not known.
  func hint(for directory: String? = nil) -> String {
    switch self {
    case .full: "free some space and try again"
    case .readOnly: "have the file system mounted for writing, or choose another place with --dir"
    case .notPermitted:
      "give yourself permission to it"
        + (directory.map { ": chmod -R u+rwX \(SSHCommand.quoted($0))" } ?? "")
    case .unknown: "look whether the disk is full, and free some space"
    }
  }
}

extension CommandResult {
  /// The lines of git's own words.
  private var words: [Substring] {
    String(decoding: stderr, as: UTF8.self).split(whereSeparator: \.isNewline)
  }

  /// The obstacle that kept it from writing here, if that is why it failed.
  var obstacle: Obstacle? { words.lazy.compactMap { Obstacle($0) }.first }

  /// Whether it failed as the system refused it something: then what it says is missing or corrupt may be as
  /// it should.
  var isRefused: Bool {
    let reasons = [
      "Permission denied", "Too many open files", "Cannot allocate memory", "out of memory",
      "Operation not permitted",
    ]
    return obstacle != nil || words.contains { line in reasons.contains { line.contains($0) } }
  }
}
