internal import Platform

/// A clone of shared threads that a person has made with git alone: it has no mark of ours yet.
struct PlainClone {
  let root: String
  let configuration: Configuration

  /// Nil for a directory that is no work tree with a git directory of its own.
  init?(_ root: String, _ configuration: Configuration) throws {
    guard try GitDirectory.at(root)?.isLinked == false else { return nil }
    (self.root, self.configuration) = (root, configuration)
  }

  /// The URL of what it was cloned from; nil where that is not configured.
  private var url: String? {
    configuration.readGitConfig(of: root)
    return configuration.gitConfig.get("remote.\(Clone.remote).url")
  }

  func isClone(of url: String) -> Bool {
    configuration.comparable(self.url ?? "") == configuration.comparable(url)
  }

  /// The URL of the repository whose threads it shares: nothing but threads is in it, the branch that is checked out has
  /// no commit that the remote's has not, and among the newest are some of this program, which makes none for threads of
  /// one machine. Nil where that is not so: nothing of a person's leaves the machine because of a guess.
  /// - Throws: `UnknownPlace` where git cannot tell.
  func urlOfSharedThreads() throws -> String? {
    guard let url, try hasOnlyThreads, let directory = try GitDirectory.at(root),
      let head = try directory.head, head.hasPrefix("refs/heads/"),
      try !ThreadStore(directory: root).topics().isEmpty
    else { return nil }
    let remote = Clone.trackingRef(of: String(head.dropFirst("refs/heads/".count)))
    let git = try Git(inheriting: configuration.environment)
    func asked(_ arguments: GitArguments) throws -> String {
      let result = try git.run(arguments.words, in: root, until: .after(.seconds(5)))
      if !result.succeeded { throw GitError.failed("looking for shared threads", result) }
      return result.stdout[...].string
    }
    do {
      guard try !asked(.present([remote])).isEmpty else { return nil }
      guard try asked(.newest(of: head, notIn: remote)).isEmpty else { return nil }
      let isOurs = try asked(.newestMessages(of: remote)).contains("\n\(Trailer.entryID): ")
      return isOurs ? url : nil
    } catch let error as GitError {
      throw try UnknownPlace(root, error, configuration)
    }
  }

  /// Whether nothing but threads could be in it: no directory, and no file that is no Markdown.
  var hasOnlyThreads: Bool {
    get throws {
      try Directory.names(in: root).allSatisfy { name in
        let isMarkdown = name.hasSuffix(".md") || name == "LICENSE"
        return try name.hasPrefix(".")
          || isMarkdown && !FileStatus.isDirectory("\(root)/\(name)")
      }
    }
  }
}
