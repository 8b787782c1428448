internal import Platform

/// An entry in words: each part on one line, but for the body.
///
/// Other people's words begin no line: a head begins with `## [` or a bar, the line below it with `by`, and each line of
/// a body with a mark. So there are as many heads in a text as entries, whatever is in these.
struct EntryParts {
  /// Its number, or `pending`; and that it is in the reader's name.
  let name: String
  let isPending: Bool
  let title: String
  /// Its agent, time, role and type, and the ball and status that it set.
  let facts: String
  /// The entries that its writer had not seen, in words; nil if there are none.
  let unseen: String?
  let body: String

  init(_ entry: Entry, number: Int?, unseen: [Int], isOwn: Bool, body: String?) {
    var facts = "by " + entry.agent.description.asFact
    facts += " | " + entry.time.description
    for fact in [entry.role, entry.type] { if let fact { facts += " | " + fact.text.asFact } }
    if let ball = entry.ball { facts += " | ball to " + ball.description.asFact }
    if let status = entry.status { facts += " | status " + status.text.asFact }
    self.facts = facts.onOneLine
    title = entry.title?.description.onOneLine ?? ""
    name = (number.map { "\($0)" } ?? "pending") + (isOwn ? ", in your name" : "")
    isPending = number == nil
    self.body = body ?? entry.body.string
    let more = unseen.count > 5 ? " and \(unseen.count - 5) more" : ""
    let names = unseen.prefix(5).map { "[\($0)]" }.joined(separator: ", ")
    self.unseen =
      unseen.isEmpty ? nil : "written without having seen \(names)\(more)"
  }

  /// A head, the facts and the body, each line of which has a mark.
  var markdown: String {
    let title = title.isEmpty ? "" : " " + title
    let line = unseen.map { facts + "\n" + $0 } ?? facts
    return "## [\(name)]\(title)\n\n\(line)\n" + (body.isEmpty ? "" : "\n\(body.markedLines)\n")
  }
}

extension [String] {
  /// The facts of a line, of which some are others' words: none of these can look like two.
  var facts: String { map(\.asFact).joined(separator: " | ").onOneLine }
}

extension String {
  fileprivate var asFact: String {
    utf8.contains(UInt8(ascii: "|")) ? replacing("|", with: "\\|") : self
  }

  /// The mark before each line of a body: no part of the text.
  static let lineMark = UInt8(ascii: "|")

  /// The text with a mark before each line, whatever ends that where it is shown: a line feed, a return, or what
  /// Unicode takes for an end of a line or page.
  var markedLines: String {
    var text = self
    return text.withUTF8 { bytes in
      let count = bytes.indices.count { bytes.endsLine(at: $0) }
      return String(unsafeUninitializedCapacity: bytes.count + count + 1) { marked in
        marked[0] = Self.lineMark
        var end = 1
        for index in bytes.indices {
          marked[end] = bytes[index]
          end += 1
          if bytes.endsLine(at: index) {
            marked[end] = Self.lineMark
            end += 1
          }
        }
        return end
      }
    }
  }
}

extension UnsafeBufferPointer<UInt8> {
  /// Whether a line ends after a byte.
  fileprivate func endsLine(at index: Int) -> Bool {
    switch self[index] {
    case 0x0A, 0x0B, 0x0C: true
    case 0x0D: index + 1 == count || self[index + 1] != 0x0A
    // U+0085.
    case 0x85: index >= 1 && self[index - 1] == 0xC2
    // U+2028 and U+2029.
    case 0xA8, 0xA9: index >= 2 && self[index - 1] == 0x80 && self[index - 2] == 0xE2
    default: false
    }
  }
}
