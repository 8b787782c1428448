internal import MCP
internal import Platform

extension Toolbox {
  private static let pageSize = 100

  /// The threads as things that a client can read and watch.
  var resources: ResourceCatalog {
    ResourceCatalog(
      templates: [
        ResourceTemplate(
          uriTemplate: ThreadURI.scheme + "thread/{topic}", name: "thread", title: "A thread",
          description: "A thread by its topic, with all its entries."),
        ResourceTemplate(
          uriTemplate: ThreadURI.scheme + "thread/{topic}/entry/{n}", name: "entry",
          title: "An entry", description: "One entry of a thread; the first is 0."),
      ],
      list: { cursor, context in try listed(from: cursor, context) },
      read: { uri, context in try ThreadURI(uri).flatMap { try text(of: $0, context)?.harmless } },
      canChange: { uri in ThreadURI(uri).map { $0 != .instructions } ?? false },
      watch: { cancellation, isReady, changed in
        watch(cancellation, isReady: isReady, changed: changed)
      })
  }

  private func listed(from cursor: String?, _ context: CallContext) throws -> ResourceCatalog.Page {
    guard let start = try? Self.start(cursor) else {
      throw ProtocolError.invalidParams("\"cursor\" must be the \"nextCursor\" of a page")
    }
    let workspace = try workspace(for: context)
    // As it is here: reading one asks the remote.
    let threads = try workspace.list()
    let page = threads.dropFirst(start).prefix(Self.pageSize).map { thread in
      Resource(
        uri: "\(ThreadURI.thread(thread.topic))", name: thread.topic.name,
        title: thread.title.onOneLine.harmless,
        description: [thread.status, "ball: \(thread.ball?.description ?? "nobody")"]
          .joined(separator: ", ").onOneLine.harmless)
    }
    let fixed =
      start > 0
      ? []
      : [
        Resource(
          uri: "\(ThreadURI.index)", name: "threads", title: "All threads",
          description: "The threads: your turn, new, waiting on others, closed."),
        Resource(
          uri: "\(ThreadURI.instructions)", name: "instructions", title: "How to use it",
          description: "What an agent should know before it uses the tools."),
      ]
    let end = start + page.count
    return (fixed + page, end < threads.count ? String(end) : nil)
  }

  /// The text at a URI; nil where there is none.
  private func text(of uri: ThreadURI, _ context: CallContext) throws -> String? {
    if uri == .instructions { return Self.instructions }
    let workspace = try workspace(for: context).refreshed(deadline: context.deadline)
    let note = Self.note(workspace)
    do {
      switch uri {
      case .instructions: return nil
      case .index:
        return "\(ForeignWords.notice)\n\n" + ListView(try workspace.list()).markdown + note
      case .thread(let topic):
        let page = ThreadPage(
          try workspace.read(topic.name), size: ReplyRoom.most, keeping: .last)
        return page.markdown + note
      case .entry(let topic, let number):
        let reading = try workspace.read(topic.name, .from(number, limit: 1))
        if reading.entries.isEmpty { return nil }
        return "\(ForeignWords.notice)\n\n" + ThreadView(reading).markdown(of: number) + note
      }
    } catch StoreError.notFound {
      return nil
    }
  }
}
