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
    guard let url, try hasOnlyThreads, try !ThreadStore(directory: root).topics().isEmpty
    else { return nil }
    let git = try Git(inheriting: configuration.environment)
    let doing = "looking for shared threads"
    do {
      let repository = try Repository.at(root, git: git, deadline: .after(.seconds(5)))
      guard let branch = try repository.refs.branch() else { return nil }
      let remote = Clone.trackingRef(of: branch)
      guard try !repository.output(.present([remote]), doing: doing).isEmpty else { return nil }
      guard try repository.output(.newest(of: "HEAD", notIn: remote), doing: doing).isEmpty else {
        return nil
      }
      let messages = try repository.output(.newestMessages(of: remote), doing: doing)
      return messages[...].string.contains("\n\(Trailer.entryID): ") ? url : nil
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
