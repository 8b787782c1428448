package import Platform

/// The delivery of a change, which is how far it has got, as JSON and in words.
package struct DeliveryView {
  package let delivery: Delivery

  package init(_ delivery: Delivery) { self.delivery = delivery }

  package var members: [JSON.Member] {
    [
      .init("state", .string(delivery.state.rawValue)),
      .init("commit", JSON(delivery.commit)),
      .init("attempts", JSON(delivery.attempts)),
      .init("arrived", .array(delivery.arrived.map(Self.json))),
      .init("waiting", JSON(delivery.waiting)),
      .init("waiting_since", JSON(delivery.waitingSince?.description)),
      .init("problem", JSON(delivery.problem?.message)),
      .init("hint", JSON(delivery.problem?.hint)),
      .init("notes", .array(delivery.notes.map { .string($0) })),
      .init("elapsed_ms", JSON(Int(delivery.elapsed / .milliseconds(1)))),
    ]
  }

  static func json(_ arrival: Delivery.Arrival) -> JSON {
    [
      "topic": .string(arrival.topic), "entry_id": JSON(arrival.entryID?.description),
      "subject": .string(arrival.subject),
    ]
  }

  /// Lines: how far it got and why no further, what came meanwhile, what else there is to know.
  package var text: String {
    ([state] + [arrived].compactMap { $0 } + notes).joined(separator: "\n")
  }

  /// How far it got, and why no further.
  var state: String {
    let reason = delivery.problem.map { "\n\($0.message)" } ?? ""
    let hint = delivery.problem?.hint.map { "\nHint: \($0)" } ?? ""
    switch delivery.state {
    case .local: return "Saved on this machine (local mode, nothing is shared)"
    case .pushed: return "Pushed" + (delivery.commit.map { " as \($0.prefix(7))" } ?? "")
    case .queued: return "Queued: \(waiting)\(reason)\(hint)"
    case .blocked: return "Blocked: \(waiting)\(reason)\(hint)"
    case .unknown:
      return "Unknown whether it arrived: settled at the next contact; \(waiting)\(reason)\(hint)"
    }
  }

  private var waiting: String {
    let since = delivery.waitingSince.map { " since \($0)" } ?? ""
    return "\(delivery.waiting) waiting\(since)"
  }

  private var arrived: String? { Self.arrival(delivery.arrived).map { "Meanwhile \($0)" } }

  /// The count of what came from others, and its topics, in words; nil for none.
  static func arrival(_ arrived: [Delivery.Arrival]) -> String? {
    let count = arrived.count
    if count == 0 { return nil }
    var seen: Set<String> = []
    let topics = arrived.map(\.topic).filter { !$0.isEmpty && seen.insert($0).inserted }
    let places = topics.isEmpty ? "" : " in \(topics.joined(separator: ", "))"
    return "arrived: \(count) from others\(places)"
  }

  /// The other things that people should know, such as edits taken in and files mended, a line each.
  package var notes: [String] { delivery.notes.map { "Note: \($0)" } }
}

/// The freshness of a reading, as JSON and in words.
package struct FreshnessView {
  private let freshness: Freshness

  package init(_ freshness: Freshness) { self.freshness = freshness }

  package var json: JSON {
    [
      "as_of": JSON(freshness.asOf?.description),
      "problem": JSON(freshness.problem?.message), "hint": JSON(freshness.problem?.hint),
      "unpushed": JSON(freshness.outbox.changeCount),
      "arrived": .array(freshness.arrived.map(DeliveryView.json)),
      "notes": .array(freshness.notes.map { .string($0) }),
    ]
  }

  /// Lines that a reader has to know; nil when what is shown is all there is.
  package var text: String? {
    var lines: [String] = []
    // The notes say that a reading may be old for another reason.
    if let problem = freshness.problem, !(problem is StaleReading) {
      lines.append("As of \(freshness.asOf?.description ?? "never"): \(problem.message)")
      // A problem that passes by itself needs nothing to be done.
      if (problem as? RemoteProblem)?.isPassing != true, let hint = problem.hint {
        lines.append("Hint: \(hint)")
      }
    }
    if !freshness.outbox.isEmpty {
      lines.append("\(freshness.outbox.changeCount) not pushed yet: see '\(programName) outbox'")
    }
    lines += freshness.notes.map { "Note: \($0)" }
    return lines.isEmpty ? nil : lines.joined(separator: "\n")
  }
}
