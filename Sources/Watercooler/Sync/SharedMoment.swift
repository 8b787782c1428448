internal import Foundation

/// A moment that all processes of a clone share: the modification time of an empty file.
struct SharedMoment: Sendable {
  let path: String

  /// Makes it now.
  func touch() {
    if utimes(path, nil) == 0 { return }
    _ = try? FileDescriptor(opening: path, flags: O_WRONLY | O_CREAT)
  }

  /// Makes it a moment that is some time ago.
  func touch(ago duration: Duration) {
    touch()
    var moment = timespec()
    clock_gettime(CLOCK_REALTIME, &moment)
    let nanoseconds =
      Int64(moment.tv_sec) * 1_000_000_000 + Int64(moment.tv_nsec)
      - Int64(duration / .nanoseconds(1))
    moment.tv_sec = Int(nanoseconds / 1_000_000_000)
    moment.tv_nsec = Int(nanoseconds % 1_000_000_000)
    utimensat(AT_FDCWD, path, [moment, moment], 0)
  }

  func forget() { unlink(path) }

  /// When it was, in whole seconds; nil if never.
  var time: Timestamp? {
    var info = stat()
    guard stat(path, &info) == 0 else { return nil }
    return Timestamp(seconds: Int64(info.modificationTime.tv_sec))
  }

  /// How long ago it was; nil if never.
  var age: Duration? { FileStatus.age(of: path) }

  /// Whether it was within the last `duration`. A clock that was set back does not make it so for
  /// longer.
  func isWithin(_ duration: Duration) -> Bool {
    age.map { $0 >= .zero && $0 < duration } ?? false
  }
}
