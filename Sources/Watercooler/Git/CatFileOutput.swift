/// The output of `git cat-file --batch`: an answer to each question, in their order.
struct CatFileOutput {
  /// An object as git has it.
  struct Object: Equatable {
    let name: String
    let type: String
    let bytes: [UInt8]
  }

  /// By what was asked; what git has no object for is left out.
  let objects: [String: Object]
  /// The first complaint on standard error: of a damaged object, or of something that has nothing to do with
  /// the answers, such as an alternate that is gone. It makes none of them worthless: whether what is
  /// `missing` is really not there, its directory tells.
  let complaint: String?

  /// - Parameters:
  ///   - questions: What was asked, a name of an object each.
  ///   - stderr: A damaged object is `missing` too, and told of there.
  /// - Throws: `GitError.unexpected` where an answer is missing, cut off or one too many.
  init(_ output: [UInt8], stderr: [UInt8], to questions: [String]) throws(GitError) {
    let doing = "reading objects"
    var objects: [String: Object] = [:]
    var rest = output[...]
    for question in questions {
      guard let end = rest.firstIndex(of: .lineFeed) else {
        throw .unexpected(doing, "there is no answer for \(question)")
      }
      let header = rest[..<end].string
      rest = rest[(end + 1)...]
      if header == question + " missing" { continue }
      // "NAME TYPE SIZE", the contents, and a line's end.
      let words = header.split(separator: " ", omittingEmptySubsequences: false).map(String.init)
      guard words.count == 3, words[0].isObjectName, let size = Int(words[2]), size >= 0,
        size < rest.count, rest[rest.startIndex + size] == .lineFeed
      else {
        throw .unexpected(doing, "the answer for \(question) is cut off or none: '\(header)'")
      }
      objects[question] = Object(
        name: words[0], type: words[1], bytes: Array(rest.prefix(size)))
      rest = rest.dropFirst(size + 1)
    }
    guard rest.isEmpty else { throw .unexpected(doing, "there is more than was asked for") }
    complaint = String(decoding: stderr, as: UTF8.self).split(whereSeparator: \.isNewline)
      .first { $0.hasPrefix("error:") || $0.hasPrefix("fatal:") }.map(String.init)
    self.objects = objects
  }
}

/// A directory as git keeps it: what it has, by name.
struct TreeObject: Equatable {
  struct Entry: Equatable {
    /// Such as `100644`, `100755`, and `40000` for a directory.
    let mode: String
    let object: String

    /// Whether it is a symbolic link, whose bytes say where it leads.
    var isLink: Bool { mode == "120000" }
  }

  /// By name, as bytes: not every name of somebody else's file is UTF-8.
  private(set) var entries: [[UInt8]: Entry] = [:]

  subscript(name: String) -> Entry? { entries[Array(name.utf8)] }

  /// A directory as `cat-file` prints it.
  init(_ object: CatFileOutput.Object) throws(GitError) {
    try Self.forEach(in: object) { mode, name, digits in
      let digits = digits.map { byte in
        let text = String(byte, radix: 16)
        return text.count < 2 ? "0" + text : text
      }
      entries[Array(name)] = Entry(mode: mode.string, object: digits.joined())
    }
  }

  /// The names alone, with nothing made of the rest: a directory may have thousands. A repository in it is
  /// left out, as the commit that it names is not in this one.
  static func names(in object: CatFileOutput.Object) throws(GitError) -> Set<Bytes> {
    var names: Set<Bytes> = []
    try forEach(in: object) { mode, name, _ in
      if !mode.elementsEqual("160000".utf8) { names.insert(name) }
    }
    return names
  }

  /// Reads the object's contents: for each entry its mode, its name, a NUL, and the bytes of an object's
  /// name, of which there are as many as in the tree's own.
  private static func forEach(
    in object: CatFileOutput.Object, _ body: (_ mode: Bytes, _ name: Bytes, _ digits: Bytes) -> Void
  ) throws(GitError) {
    let length = object.name.utf8.count / 2
    var rest = object.bytes[...]
    while !rest.isEmpty {
      guard let end = rest.firstIndex(of: 0), end + length < rest.endIndex,
        let space = rest[..<end].firstIndex(of: UInt8(ascii: " "))
      else { throw .unexpected("reading a directory", "\(object.name) is cut off") }
      body(rest[..<space], rest[(space + 1)..<end], rest[(end + 1)...].prefix(length))
      rest = rest[(end + 1 + length)...]
    }
  }
}
