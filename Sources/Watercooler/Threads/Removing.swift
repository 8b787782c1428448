extension Thread {
  /// Without these entries, and with the ball and the status where the others put them.
  func removing(_ ids: [EntryID]) -> Thread {
    var result = self
    let removed = entries.filter { entry in entry.id.map { ids.contains($0) } ?? false }
    result.entries.removeAll { removed.contains($0) }
    if let ball = result.entries.last(where: { $0.ball != nil })?.ball,
      removed.contains(where: { $0.ball == self.ball })
    {
      result.setHead("ball", ball.description)
    }
    if let status = result.entries.last(where: { $0.status != nil })?.status,
      removed.contains(where: { $0.status?.text == self.status })
    {
      result.setHead("status", status.text)
    }
    return result
  }
}
