/// A guess at the names that somebody meant who typed another one.
package enum Nearest {
  /// The candidates that are a few slips away from `word`, have it in them, or are in it; the nearest first.
  package static func matches(for word: String, in candidates: [String], limit: Int = 3) -> [String]
  {
    let word = Array(word.lowercased().utf8)
    let scored = candidates.compactMap { candidate -> (distance: Int, name: String)? in
      let other = Array(candidate.lowercased().utf8)
      let isPart =
        word.count > 2 && other.count > 2 && (other.contains(word) || word.contains(other))
      let distance = distance(word, other)
      if isPart { return (min(distance, 2), candidate) }
      return distance <= max(1, min(word.count, other.count) / 3) ? (distance, candidate) : nil
    }
    return scored.sorted { ($0.distance, $0.name) < ($1.distance, $1.name) }
      .prefix(limit).map(\.name)
  }

  /// How many letters to add, drop, change or swap with a neighbour make one word the other.
  static func distance(_ left: [UInt8], _ right: [UInt8]) -> Int {
    var beforeLast: [Int] = []
    var last = Array(0...right.count)
    for (row, letter) in left.enumerated() {
      var current = [row + 1]
      for (column, other) in right.enumerated() {
        var best = min(last[column + 1] + 1, current[column] + 1)
        best = min(best, last[column] + (letter == other ? 0 : 1))
        if row > 0, column > 0, letter == right[column - 1], left[row - 1] == other {
          best = min(best, beforeLast[column - 1] + 1)
        }
        current.append(best)
      }
      (beforeLast, last) = (last, current)
    }
    return last[right.count]
  }
}

extension Collection where Element: Equatable {
  fileprivate func contains(_ part: [Element]) -> Bool {
    indices.contains { self[$0...].starts(with: part) }
  }
}
