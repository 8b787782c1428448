/// Threads that are to be read otherwise than their files have them: something waits that is in no file yet.
package struct ShownThreads: Sendable, Equatable {
  /// The bytes of threads, as they are to be read.
  var files: [Topic: [UInt8]] = [:]
  /// Whether there are no other threads than these, whatever the directory has.
  var isAll = false
  /// The commit of the remote that is in them, where they are all; nil where the remote has none.
  var tip: String?
  /// The entries in them that wait here to be sent.
  var pending: Set<EntryID> = []

  /// The topics that are shown otherwise than by some others.
  func topics(differingFrom other: ShownThreads?) -> [Topic] {
    let before = other?.files ?? [:]
    return Set(files.keys).union(before.keys).filter { files[$0] != before[$0] }.sorted()
  }
}
