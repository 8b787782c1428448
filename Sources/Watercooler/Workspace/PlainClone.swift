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

  /// The URL of the repository whose threads it shares: threads are in it, and their newest commits were made by this
  /// program, which makes none for threads of one machine. Nil where that is not so, or cannot be told.
  func urlOfSharedThreads() throws -> String? {
    guard let url else { return nil }
    let store = ThreadStore(directory: root)
    guard try store.topics().contains(where: { (try? store.read($0)) != nil }) else { return nil }
    let git = try Git(inheriting: configuration.environment)
    let messages = try? git.run(
      GitArguments.newestMessages.words, in: root, until: .after(.seconds(5)))
    guard let messages, messages.succeeded else { return nil }
    let isOurs = messages.stdout[...].string.contains("\n\(Trailer.entryID): ")
    return isOurs ? url : nil
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
