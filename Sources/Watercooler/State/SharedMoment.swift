internal import Platform

/// A moment that all processes of a clone share: the modification time of an empty file.
struct SharedMoment: Sendable {
  let path: String

  /// Makes it now.
  func touch() {
    if (try? File.touch(path)) != nil { return }
    _ = try? FileDescriptor(opening: path, for: .writing)
  }

  /// Makes it a moment that is some time ago.
  func touch(ago duration: Duration) {
    touch()
    try? File.touch(path, at: .now - duration)
  }

  func forget() { try? File.remove(path) }

  /// When it was, in whole seconds; nil if never.
  var time: Timestamp? {
    FileStatus.ifKnown(path).map { Timestamp(seconds: $0.modified.seconds) }
  }

  /// How long ago it was; nil if never.
  var age: Duration? { FileStatus.ifKnown(path)?.age }

  /// Whether it was within the last `duration`. A clock that was set back does not make it so for
  /// longer.
  func isWithin(_ duration: Duration) -> Bool {
    age.map { $0 >= .zero && $0 < duration } ?? false
  }
}
