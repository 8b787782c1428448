internal import Platform

extension OnClone {
  /// A sentence for people where commits are made in another name than before, told once; else nil. The caller holds
  /// the write lock.
  var newAuthor: String? {
    let note = clone.note(.author)
    let now = "\(settings.author) <\(settings.email)>"
    guard let noted = try? note.bytes[...].trimmed.string, noted != now else { return nil }
    try? note.write(Array((now + "\n").utf8))
    let before = noted.isEmpty ? earlierAuthor : noted
    return before == nil || before == now
      ? nil : "commits are made in the name of \(now) from now on; before, of \(before ?? "")"
  }

  /// The name that an earlier version, which noted none, wrote in; nil where nothing was sent from here, or that was in
  /// a name that is configured.
  private var earlierAuthor: String? {
    let hasWritten = (FileStatus.ifKnown(clone.path(of: .pushed))?.size ?? 0) > 0
    if settings.isAuthorConfigured { return nil }
    let first = SyncSettings()
    return hasWritten ? "\(first.author) <\(first.email)>" : nil
  }
}
