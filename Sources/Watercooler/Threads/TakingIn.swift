extension Thread {
  /// This thread with what somebody edited in a copy of it, perhaps an old one: no entry goes, and
  /// what the copy does not know stays as it is.
  /// - Returns: The file; nil if either cannot be merged.
  func takingIn(_ edited: Thread, topic: Topic) -> [UInt8]? {
    let edited = edited.withoutCutOffEnd(of: self)
    // The edited bytes stay as they are where everything stands in its order, and what is new after it.
    let order = edited.entries.prefix(entries.count).map(\.identity)
    if order == entries.map(\.identity) { return edited.bytes }
    // An entry that the copy lacks was never in it, for all that a work tree can tell.
    let known = Set(edited.entries.map(\.identity))
    var base = self
    base.entries.removeAll { !known.contains($0.identity) }
    // Nor is a ball or a status that such an entry set taken back by a copy from before it.
    for (key, value) in [
      ("ball", { $0.ball?.description }), ("status", { $0.status?.text }),
    ] as [(String, (Entry) -> String?)] {
      guard let setter = entries.last(where: { value($0) != nil }), value(setter) == self[key],
        !known.contains(setter.identity)
      else { continue }
      let before = base.entries.last { value($0) != nil }.flatMap(value) ?? edited[key]
      if let before { base.setHead(key, before) }
    }
    let merge = ThreadMerge(base: base, shown: self, replayed: edited, topic: topic)
    return merge?.thread.bytes
  }
}

extension Thread {
  /// This copy of a thread without a last entry whose saving was cut off: it is no new one.
  fileprivate func withoutCutOffEnd(of whole: Thread) -> Thread {
    guard let last = entries.last else { return self }
    let others = Set(entries.dropLast().compactMap(\.id))
    let isCutOff: Bool
    if let id = last.id {
      // The next one's first line, not whole yet, reads as this one's text.
      let rest = whole.entries.drop { $0.id != id }.reduce(into: Bytes()) { $0 += $1.raw + $1.gap }
      isCutOff = rest.starts(with: last.raw) && whole.entries.allSatisfy { $0.raw != last.raw }
    } else {
      isCutOff = whole.entries.contains { entry in
        entry.id.map { !others.contains($0) } ?? false
          && entry.agent == last.agent && entry.time == last.time
      }
    }
    var result = self
    if isCutOff { result.entries.removeLast() }
    return result
  }
}

extension Bytes {
  /// How many lines mark a conflict, in a merge that was not resolved or in a text about one.
  var conflictMarkers: Int {
    let marks = ["<<<<<<< ", ">>>>>>> "]
    return lines.count { line in marks.contains { line.starts(with: $0.utf8) } }
  }

  var hasConflictMarkers: Bool { conflictMarkers > 0 }
}
