internal import Platform

/// A resource by its URI.
enum ThreadURI: Equatable, CustomStringConvertible {
  case index
  case instructions
  case thread(Topic)
  /// Entry N of a thread, from 0.
  case entry(Topic, Int)

  static let scheme = "watercooler://"

  /// Nil for what is none of ours.
  init?(_ text: String) {
    guard text.hasPrefix(Self.scheme) else { return nil }
    let parts = text.dropFirst(Self.scheme.count)
      .split(separator: "/", omittingEmptySubsequences: false)
      .map { $0.percentDecoded ?? "" }
    switch (parts.first, parts.count) {
    case ("threads", 1): self = .index
    case ("instructions", 1): self = .instructions
    case ("thread", 2):
      guard let topic = try? Topic(parts[1]) else { return nil }
      self = .thread(topic)
    case ("thread", 4) where parts[2] == "entry":
      guard let topic = try? Topic(parts[1]), let number = Int(parts[3]), number >= 0 else {
        return nil
      }
      self = .entry(topic, number)
    default: return nil
    }
  }

  var description: String {
    switch self {
    case .index: Self.scheme + "threads"
    case .instructions: Self.scheme + "instructions"
    case .thread(let topic): Self.scheme + "thread/\(topic)"
    case .entry(let topic, let number): Self.scheme + "thread/\(topic)/entry/\(number)"
    }
  }
}
