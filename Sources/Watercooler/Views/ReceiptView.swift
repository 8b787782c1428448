package import Platform

/// A receipt as JSON and in words.
package struct ReceiptView {
  package let receipt: Receipt

  package init(_ receipt: Receipt) { self.receipt = receipt }

  package var json: JSON {
    let members: [JSON.Member] = [
      .init("topic", .string(receipt.topic.name)),
      .init("entry_id", JSON(receipt.entryID?.description)),
      .init("written", .bool(isWritten)),
      .init("ball", JSON(receipt.ball?.description)),
      .init("status", .string(receipt.status)),
      .init("entry_count", JSON(receipt.entryCount)),
      .init("path", .string(receipt.path)),
    ]
    return .object(members + DeliveryView(receipt.delivery).members)
  }

  /// Whether this call changed the file; a retry of what is there already does not.
  package var isWritten: Bool {
    switch receipt.action {
    case .added, .changed, .created: true
    case .alreadyThere, .unchanged: false
    }
  }

  /// The delivery of the change in lines: how far it has got.
  package var state: String { DeliveryView(receipt.delivery).text }

  /// For a person, in a line.
  package var sentence: String { words.onOneLine }

  private var words: String {
    let topic = "'\(receipt.topic)'"
    let ball = receipt.ball.map { "; the ball is with \($0)" } ?? ""
    switch receipt.action {
    case .added where receipt.delivery.state == .local:
      return "entry \(receipt.entryCount - 1) added to \(topic)\(ball)"
    // The number of the entry is not said: the remote decides it.
    case .added: return "added to \(topic)\(ball)"
    case .alreadyThere(let id): return "\(topic) has the entry \(id) already\(ball)"
    case .changed: return "\(topic) is \(receipt.status)\(ball)"
    case .created: return "thread \(topic) made\(ball)"
    case .unchanged: return "\(topic) was so already: \(receipt.status)\(ball)"
    }
  }
}
