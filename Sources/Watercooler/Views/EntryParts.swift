internal import Platform

/// An entry in words: each part on one line, but for the body.
///
/// What others chose begins no line: a head begins with `## [` or a bar, the line below it with `by`, and each line of
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
    var facts = ["by \(entry.agent)", entry.time.description]
    facts += [entry.role?.text, entry.type?.text].compactMap { $0 }
    if let ball = entry.ball { facts.append("ball to \(ball)") }
    if let status = entry.status { facts.append("status \(status)") }
    self.facts = facts.facts
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
  var facts: String {
    map { $0.replacing("|", with: "\\|") }.joined(separator: " | ").onOneLine
  }
}

extension String {
  /// The text with a mark before each line, whatever ends that where it is shown: a line feed, a return, or what
  /// Unicode takes for an end of a line or page.
  var markedLines: String {
    var text = self
    return text.withUTF8 { bytes in
      var marked: [UInt8] = [Self.lineMark]
      marked.reserveCapacity(bytes.count + bytes.count / 16 + 16)
      var start = 0
      while let end = bytes[start...].endOfLine {
        marked += bytes[start..<end]
        marked.append(Self.lineMark)
        start = end
      }
      marked += bytes[start...]
      return String(decoding: marked, as: UTF8.self)
    }
  }

  /// The mark before each line of a body: no part of the text.
  static let lineMark = UInt8(ascii: "|")
}

extension Slice<UnsafeBufferPointer<UInt8>> {
  /// The index after the first end of a line; nil where there is none.
  fileprivate var endOfLine: Int? {
    var index = startIndex
    while index < endIndex {
      let byte = self[index]
      index += 1
      switch byte {
      case 0x0A, 0x0B, 0x0C: return index
      case 0x0D: return index < endIndex && self[index] == 0x0A ? index + 1 : index
      // U+0085.
      case 0xC2 where index < endIndex && self[index] == 0x85: return index + 1
      // U+2028 and U+2029.
      case 0xE2
      where index + 1 < endIndex && self[index] == 0x80 && (0xA8...0xA9).contains(self[index + 1]):
        return index + 2
      default: break
      }
    }
    return nil
  }
}
