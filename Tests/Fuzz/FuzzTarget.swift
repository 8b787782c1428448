import Foundation

/// What libFuzzer calls: one input, judged by the target that `WATERCOOLER_FUZZ` names.
@_cdecl("LLVMFuzzerTestOneInput")
public func judgeOneInput(_ data: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
  FuzzTarget.chosen.judge(Array(UnsafeBufferPointer(start: data, count: count)))
  return 0
}

/// What text from outside comes to, and what must hold for all of it: else the process traps, and
/// libFuzzer keeps the input.
enum FuzzTarget: String {
  case thread, head, merge, json, record, git

  static let chosen: FuzzTarget = {
    let name = ProcessInfo.processInfo.environment["WATERCOOLER_FUZZ"] ?? ""
    guard let target = FuzzTarget(rawValue: name) else {
      FileHandle.standardError.write(
        Data("WATERCOOLER_FUZZ: thread, head, merge, json, record or git\n".utf8))
      exit(2)
    }
    return target
  }()

  func judge(_ input: [UInt8]) {
    switch self {
    case .thread: Self.judgeThread(input)
    case .head: Self.judgeHead(input)
    case .merge: Self.judgeMerge(input)
    case .json: Self.judgeJSON(input)
    case .record: Self.judgeRecord(input)
    case .git: Self.judgeGit(input)
    }
  }

  /// A file is printed as it was read, and an edit of it can be read again.
  private static func judgeThread(_ input: [UInt8]) {
    guard var thread = ThreadParser.parse(input[...]) else { return }
    precondition(thread.bytes == input, "printed otherwise than it was read")
    guard thread.problems.isEmpty, let topic = try? Topic("fuzz"), let agent = try? Agent("Fuzz")
    else { return }
    let count = thread.entries.count
    let draft = EntryDraft(agent: agent, time: Timestamp(seconds: 0), body: input[...], id: .make())
    thread.add(Entry(draft), topic: topic)
    let again = ThreadParser.parse(thread.bytes[...])
    precondition(again?.entries.count == count + 1, "an added entry is another number of entries")
    let body = EntryDraft.normalised(input[...])
    precondition(again?.entries.last?.body == body, "a body is read otherwise than it was written")
  }

  /// A value and a file, separated by 0xFF: the value is read as it was written, alone and in the
  /// front matter, of which nothing else changes.
  private static func judgeHead(_ input: [UInt8]) {
    let parts = input.split(separator: 0xFF, maxSplits: 1, omittingEmptySubsequences: false)
    guard parts.count == 2 else { return }
    let (value, file) = (String(decoding: parts[0], as: UTF8.self), Bytes(parts[1]))
    let decoded = YAMLScalar.decode(Bytes(YAMLScalar.encoded(value)))
    precondition(
      decoded?.value.utf8.elementsEqual(value.utf8) == true && decoded?.trailer.isEmpty == true,
      "a value is read otherwise than it was written")
    var problems: [Problem] = []
    guard let (found, rest) = FrontMatter.parse(file, problems: &problems) else { return }
    precondition(found.bytes + rest == Array(file), "printed otherwise than it was read")
    guard problems.isEmpty else { return }
    var head = found
    head.set("title", value)
    guard let again = FrontMatter.parse(Bytes(head.bytes + rest), problems: &problems)?.head,
      problems.isEmpty
    else { preconditionFailure("a head that was set cannot be read") }
    precondition(
      again["title"]?.utf8.elementsEqual(value.utf8) == true, "a head is read otherwise than set")
    let others = found.items.filter { !$0.isKey("title") }
    precondition(again.items.filter { !$0.isKey("title") } == others, "another line has changed")
  }

  /// Three versions, separated by 0xFF: the merge can be read, and merging again changes nothing.
  private static func judgeMerge(_ input: [UInt8]) {
    let parts = input.split(separator: 0xFF, maxSplits: 2, omittingEmptySubsequences: false)
    guard parts.count == 3, let topic = try? Topic("fuzz") else { return }
    let threads = parts.map { ThreadParser.parse($0) }
    guard let shown = threads[1], let replayed = threads[2] else { return }
    guard
      let merge = ThreadMerge(base: threads[0], shown: shown, replayed: replayed, topic: topic)
    else { return }
    guard let result = ThreadParser.parse(merge.thread.bytes[...]) else {
      preconditionFailure("a merge that does not read as a thread")
    }
    guard shown.problems.isEmpty, replayed.problems.isEmpty else { return }
    let again = ThreadMerge(base: replayed, shown: result, replayed: replayed, topic: topic)
    precondition(
      again == nil || again?.thread.bytes == merge.thread.bytes, "merged again it changes")
  }

  /// A value is the same after it was printed and read again.
  private static func judgeJSON(_ input: [UInt8]) {
    guard let value = try? JSON(parsing: input) else { return }
    let printed = value.serialized()
    guard let again = try? JSON(parsing: printed) else {
      preconditionFailure("printed JSON cannot be read")
    }
    precondition(again.serialized() == printed, "printed otherwise the second time")
  }

  /// A record is written as it was read, and can be applied, or cannot.
  private static func judgeRecord(_ input: [UInt8]) {
    guard let record = try? OutboxRecord(input, path: "fuzz") else { return }
    let again = try? OutboxRecord(record.bytes, path: "fuzz")
    precondition(again == record, "read otherwise than it was written")
    let applied = try? record.applied(to: nil, as: record.topic, isOffered: false)
    guard case .changed(let thread)? = applied else { return }
    precondition(ThreadParser.parse(thread.bytes[...]) != nil, "it makes no thread")
  }

  /// Whatever git prints, it is read to the end.
  private static func judgeGit(_ input: [UInt8]) {
    _ = try? CloneState(output: input, tracking: "refs/remotes/origin/main")
    _ = try? MergeTreeOutput(input, hasConflicts: true)
    _ = try? GitConfig(output: input)
    _ = try? CatFileOutput(input, stderr: [], to: ["HEAD:a", "HEAD:b"])
    let name = String(repeating: "a", count: 40)
    _ = try? TreeObject(CatFileOutput.Object(name: name, type: "tree", bytes: input))
    _ = try? DiffTreeOutput(input, from: name, to: name)
    _ = RemoteProblem(stderr: input)
    _ = GitVersion(output: String(decoding: input, as: UTF8.self))
    _ = Redaction.redact(String(decoding: input, as: UTF8.self))
  }
}
