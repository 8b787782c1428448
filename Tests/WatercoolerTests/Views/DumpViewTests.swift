import Testing

@testable import Platform
@testable import Watercooler

/// Threads that read as they are meant to.
@Suite struct DumpViewTests {
  private func dump(_ file: String) throws -> String { try DumpView(of: Array(file.utf8)).text }

  @Test func `a thread of format 1: each line of its head, each entry with its parts`() throws {
    let file = #"""
      ---
      format: 1
      topic: t
      title: "Colours: which?"
      status: OPEN
      ball: Codex
      x-mood: calm # kept
      created: 2026-11-21T01:54:50Z
      updated: 2026-11-21T01:58:48Z
      ---

      # Colours: which?

      ---
      Entry: Claude (alice) 2026-11-21T01:54:50Z
      Role: planner
      Type: Plan
      Title: Two colours
      Ball: Codex

      Blue, or green.
      <!-- Entry-ID: 01M7XX0F93F0WMC16VMVX7YP8Z -->

      ---
      Entry: Codex (bob) 2026-11-21T01:58:48Z
      Title: Neither
      Status: OPEN
      After: 01M7XX0F93F0WMC16VMVX7YP8Z
      Mood: calm

      Grün.
      <!-- Entry-ID: 01M7XX7Q0YTVE7Q4T3G8DD5D0R -->
      P.S.: or red.

      ---
      Entry: Codex (bob) 2026-11-21T01:59:00Z

      <!-- Entry-ID: 01M7XX0F93F0WMC16VMVX7YP8Z -->

      """#
    let expected = #"""
      /t.md: format 1, 3 entries, 621 bytes, 38 lines
      title "Colours: which?", status "OPEN", ball "Codex", created "2026-11-21T01:54:50Z", updated "2026-11-21T01:59:00Z"

      offset  length    line  part
           0     157       1  front matter
           0       4       1    opening "---\n"
           4      10       2    format "format: 1\n"
          14       9       3    topic "topic: t\n"
          23      25       4    title "title: \"Colours: which?\"\n"
          48      13       5    status "status: OPEN\n"
          61      12       6    ball "ball: Codex\n"
          73      20       7    unknown key x-mood "x-mood: calm # kept\n"
          93      30       8    created "created: 2026-11-21T01:54:50Z\n"
         123      30       9    updated "updated: 2026-11-21T01:58:48Z\n"
         153       4      10    closing "---\n"
         157      20      11  preamble: 3 lines
         158      18      12    heading "# Colours: which?\n"
         177     167      14  entry 0: format 1, Entry-ID 01M7XX0F93F0WMC16VMVX7YP8Z, agent "Claude (alice)", time "2026-11-21T01:54:50Z", role "planner", type "Plan", title "Two colours", ball "Codex"
         177     104      14    header
         177       4      14      separator "---\n"
         181      43      15      entry line "Entry: Claude (alice) 2026-11-21T01:54:50Z\n"
         224      14      16      Role "Role: planner\n"
         238      11      17      Type "Type: Plan\n"
         249      19      18      Title "Title: Two colours\n"
         268      12      19      Ball "Ball: Codex\n"
         280       1      20      blank "\n"
         281      16      21    body: 1 line, 0 quoted
         297      45      22    Entry-ID "<!-- Entry-ID: 01M7XX0F93F0WMC16VMVX7YP8Z -->"
         342       2      22    gap "\n\n"
         344     186      24  entry 1: format 1, not of this program, Entry-ID 01M7XX7Q0YTVE7Q4T3G8DD5D0R, agent "Codex (bob)", time "2026-11-21T01:58:48Z", title "Neither", status "OPEN", after "01M7XX0F93F0WMC16VMVX7YP8Z"
         344     118      24    header
         344       4      24      separator "---\n"
         348      40      25      entry line "Entry: Codex (bob) 2026-11-21T01:58:48Z\n"
         388      15      26      Title "Title: Neither\n"
         403      13      27      Status "Status: OPEN\n"
         416      34      28      After "After: 01M7XX0F93F0WMC16VMVX7YP8Z\n"
         450      11      29      unknown key Mood "Mood: calm\n"
         461       1      30      blank "\n"
         462       7      31    body: 1 line, 0 quoted
         469      46      32    Entry-ID "<!-- Entry-ID: 01M7XX7Q0YTVE7Q4T3G8DD5D0R -->\n"
         515      13      33    body: 1 line, 0 quoted
         528       2      33    gap "\n\n"
         530      91      35  entry 2: format 1, not of this program, Entry-ID 01M7XX0F93F0WMC16VMVX7YP8Z, which stands earlier, agent "Codex (bob)", time "2026-11-21T01:59:00Z"
         530      45      35    header
         530       4      35      separator "---\n"
         534      40      36      entry line "Entry: Codex (bob) 2026-11-21T01:59:00Z\n"
         574       1      37      blank "\n"
         575      45      38    Entry-ID "<!-- Entry-ID: 01M7XX0F93F0WMC16VMVX7YP8Z -->"
         620       1      38    gap "\n"

      """#
    #expect(try dump(file) == expected)
  }

  @Test func `a body: its lines with a backslash of ours, and those that look like more`() throws {
    let file = #"""
      ---
      format: 1
      ---
      ---
      Entry: Claude 2026-11-21T01:54:50Z

      \Entry: Codex 2026-11-21T01:54:50Z
      \\<!-- Entry-ID: 01M7XX0F93F0WMC16VMVX7YP8Z -->
      \plain
      Entry: Codex 2026-11-21T01:54:50Z
      Entry: nobody
      <!-- Entry-ID: 01M7XX0F93F0WMC16VMVX7YP8Z -->
      <<<<<<< ours
      >>>>>>> theirs
      <!-- Entry-ID: 01M7XX7Q0YTVE7Q4T3G8DD5D0R -->

      """#
    let expected = #"""
      /t.md: format 1, 1 entry, 316 bytes, 15 lines
      status "OPEN", created "2026-11-21T01:54:50Z", updated "2026-11-21T01:54:50Z"

      offset  length    line  part
           0      18       1  front matter
           0       4       1    opening "---\n"
           4      10       2    format "format: 1\n"
          14       4       3    closing "---\n"
          18     298       4  entry 0: format 1, not of this program, Entry-ID 01M7XX7Q0YTVE7Q4T3G8DD5D0R, agent "Claude", time "2026-11-21T01:54:50Z"
          18      40       4    header
          18       4       4      separator "---\n"
          22      35       5      entry line "Entry: Claude 2026-11-21T01:54:50Z\n"
          57       1       6      blank "\n"
          58     212       7    body: 8 lines, 2 quoted
          58      35       7      quoted "\\Entry: Codex 2026-11-21T01:54:50Z\n"
          93      48       8      quoted "\\\\<!-- Entry-ID: 01M7XX0F93F0WMC16VMVX7YP8Z -->\n"
         148      34      10      entry line without '---' "Entry: Codex 2026-11-21T01:54:50Z\n"
         182      14      11      entry line without an agent and a time "Entry: nobody\n"
         196      46      12      Entry-ID that does not count "<!-- Entry-ID: 01M7XX0F93F0WMC16VMVX7YP8Z -->\n"
         242      13      13      conflict marker "<<<<<<< ours\n"
         255      15      14      conflict marker ">>>>>>> theirs\n"
         270      45      15    Entry-ID "<!-- Entry-ID: 01M7XX7Q0YTVE7Q4T3G8DD5D0R -->"
         315       1      15    gap "\n"

      """#
    #expect(try dump(file) == expected)
  }

  @Test func `a legacy thread`() throws {
    let file = #"""
      # colours — Thread
      Status: OPEN
      Ball: codex
      Topic: t
      Owner: alice
      by hand

      Before the first.

      ---
      Entry: Claude (alice) 2025-10-07T19:38:35.123456+00:00
      Type: Note
      Title: Fenced

      ```
      ---
      Entry: Codex 2025-10-07T19:38:35Z
      \Entry: Codex 2025-10-07T19:38:35Z
      ```

      <!-- Entry-ID: 01M7XX0F93F0WMC16VMVX7YP8Z -->


      """#
    let expected = #"""
      /t.md: legacy, 1 entry, 310 bytes, 22 lines
      title "colours", status "OPEN", ball "codex", created "2025-10-07T19:38:35Z", updated "2025-10-07T19:38:35Z"

      offset  length    line  part
           0      77       1  legacy head
           0      21       1    heading "# colours — Thread\n"
          21      13       2    Status "Status: OPEN\n"
          34      12       3    Ball "Ball: codex\n"
          46       9       4    Topic "Topic: t\n"
          55      13       5    unknown key Owner "Owner: alice\n"
          68       8       6    other "by hand\n"
          76       1       7    blank "\n"
          77      19       8  preamble: 2 lines
          96     214      10  entry 0: legacy, Entry-ID 01M7XX0F93F0WMC16VMVX7YP8Z, agent "Claude (alice)", time "2025-10-07T19:38:35Z", type "Note", title "Fenced"
          96      85      10    header
          96       4      10      separator "---\n"
         100      55      11      entry line "Entry: Claude (alice) 2025-10-07T19:38:35.123456+00:00\n"
         155      11      12      Type "Type: Note\n"
         166      14      13      Title "Title: Fenced\n"
         180       1      14      blank "\n"
         181      82      15    body: 6 lines, as it is
         189      34      17      entry line in a code fence "Entry: Codex 2025-10-07T19:38:35Z\n"
         263      45      21    Entry-ID "<!-- Entry-ID: 01M7XX0F93F0WMC16VMVX7YP8Z -->"
         308       2      21    gap "\n\n"

      """#
    #expect(try dump(file) == expected)
  }

  @Test func `a thread of the oldest generation`() throws {
    let file = #"""
      Title: Colours
      Status: open
      Updated: 2025-10-07T00:27:54Z

      - Updated: 2025-10-07T00:27:54Z by Codex
      Blue.

      """#
    let expected = #"""
      /t.md: legacy, 1 entry, 106 bytes, 6 lines
      title "Colours", status "open", created "2025-10-07T00:27:54Z", updated "2025-10-07T00:27:54Z"

      offset  length    line  part
           0      59       1  legacy head
           0      15       1    Title "Title: Colours\n"
          15      13       2    Status "Status: open\n"
          28      30       3    Updated "Updated: 2025-10-07T00:27:54Z\n"
          58       1       4    blank "\n"
          59      47       5  entry 0: legacy, Updated, no Entry-ID, agent "Codex", time "2025-10-07T00:27:54Z"
          59      41       5    header
          59      41       5      updated line "- Updated: 2025-10-07T00:27:54Z by Codex\n"
         100       5       6    body: 1 line, as it is
         105       1       6    gap "\n"

      """#
    #expect(try dump(file) == expected)
  }
}

extension DumpView {
  init(of file: [UInt8], target: String? = nil) throws {
    self.init(ThreadFile(topic: try Topic("t"), path: "/t.md", target: target, bytes: file))
  }
}
