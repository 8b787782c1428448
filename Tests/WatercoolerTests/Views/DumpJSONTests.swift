import Testing

@testable import Platform
@testable import Watercooler

@Suite struct DumpJSONTests {
  @Test func `a dump as JSON has the same parts, and text that is escaped as in the table`() throws
  {
    let file =
      "---\nformat: 1\nx: \u{1B}\"\n---\n\n# t\n\n---\nEntry: A 2026-11-21T01:54:50Z\n\n"
      + "Entry: \\\n"
    let expected: JSON = [
      "topic": "t", "path": "/t.md", "link_target": .null, "length": 74, "line_count": 11,
      "is_thread": true, "format": 1, "entry_count": 1, "title": "t", "status": "OPEN",
      "ball": .null, "created": "2026-11-21T01:54:50Z", "updated": "2026-11-21T01:54:50Z",
      "problems": [],
      "parts": [
        [
          "kind": "front_matter", "offset": 0, "length": 24, "line": 1,
          "parts": [
            ["kind": "opening", "offset": 0, "length": 4, "line": 1, "text": "---\\n"],
            [
              "kind": "key", "offset": 4, "length": 10, "line": 2, "key": "format", "value": "1",
              "is_known": true, "is_first": true, "text": "format: 1\\n",
            ],
            [
              "kind": "key", "offset": 14, "length": 6, "line": 3, "key": "x",
              "value": "\\x1b\"", "is_known": false, "is_first": true, "text": "x: \\x1b\"\\n",
            ],
            ["kind": "closing", "offset": 20, "length": 4, "line": 4, "text": "---\\n"],
          ],
        ],
        [
          "kind": "preamble", "offset": 24, "length": 6, "line": 5,
          "marks": [
            [
              "offset": 25, "length": 4, "line": 6,
              "is": ["heading"],
              "text": "# t\\n",
            ]
          ],
        ],
        [
          "kind": "entry", "offset": 30, "length": 44, "line": 8, "number": 0,
          "form": "format 1, not of this program", "entry_id": .null, "repeated_entry_id": .null,
          "agent": "A",
          "time": "2026-11-21T01:54:50Z", "role": .null, "type": .null, "title": .null,
          "ball": .null, "status": .null, "after": .null,
          "parts": [
            [
              "kind": "header", "offset": 30, "length": 35, "line": 8,
              "parts": [
                ["kind": "separator", "offset": 30, "length": 4, "line": 8, "text": "---\\n"],
                [
                  "kind": "entry_line", "offset": 34, "length": 30, "line": 9,
                  "text": "Entry: A 2026-11-21T01:54:50Z\\n",
                ],
                ["kind": "blank", "offset": 64, "length": 1, "line": 10, "text": "\\n"],
              ],
            ],
            [
              "kind": "body", "offset": 65, "length": 8, "line": 11, "is_quoted": true,
              "marks": [
                [
                  "offset": 65, "length": 8, "line": 11,
                  "is": ["entry line without an agent and a time"],
                  "text": "Entry: \\\\",
                ]
              ],
            ],
            ["kind": "gap", "offset": 73, "length": 1, "line": 11, "text": "\\n"],
          ],
        ],
      ],
    ]
    let view = DumpView(
      ThreadFile(topic: try Topic("t"), path: "/t.md", target: nil, bytes: Array(file.utf8)))
    #expect(view.json == expected)
  }
}
