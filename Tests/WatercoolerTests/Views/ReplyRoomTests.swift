import Testing

@testable import Platform
@testable import Watercooler

@Suite struct ReplyRoomTests {
  @Test(arguments: ["x", "\n", "\\", "\"", "\u{1}", "é", "e\u{301}", "𝄞"])
  func `the start of a text takes no more than it may, whatever is in it`(character: String) {
    let text = String(repeating: character, count: 2000)
    let start = ReplyRoom.start(of: text, units: 500)
    let units = JSON.string(start).description.utf16.count - 2
    #expect(units <= 500)
    #expect(units > 490)
    #expect(text.unicodeScalars.starts(with: start.unicodeScalars))
  }

  @Test func `items fit until the room is used up`() {
    let item: JSON = ["text": "0123456789"]
    let size = ReplyRoom.units(of: item)
    var room = ReplyRoom(600 + ReplyRoom.units(of: [:]) + 3 * size)
    #expect(room.fitting([item, item], as: \.self) == 2)
    #expect(room.fitting([item, item], as: \.self) == 1)
    #expect(room.left == 0)
  }

  @Test func `a value is not longer in a list than was reckoned`() {
    let value: JSON = ["a": ["b": [1, "\n"]], "c": "𝄞"]
    let one = JSON.object([.init("list", [value])]).indented().utf16.count
    let two = JSON.object([.init("list", [value, value])]).indented().utf16.count
    #expect(two - one <= ReplyRoom.units(of: value))
  }

  @Test func `a page of a thread is as long as it may be, in both formats`() throws {
    let files = try TestWorkspace()
    for number in 0..<6 { try files.say("long", String(repeating: "\n\(number)", count: 4000)) }
    let reading = try files.workspace().read("long")
    for size in [1000, 20_000, 40_000, 100_000] {
      for end in [ThreadPage.End.first, .last] {
        let page = ThreadPage(reading, size: size, keeping: end)
        #expect(page.json.indented().utf16.count <= max(size, 2000))
        #expect(page.markdown.utf16.count <= max(size, 2000))
      }
    }
  }
}
