internal import Platform

/// Every operation on threads, once: what `wc` and the server both call.
package struct Workspace: Sendable {
  package let configuration: Configuration
  package let directory: ThreadsDirectory
  private(set) var store: ThreadStore
  /// Whether what has the shape of a secret may be written.
  package var allowsSecrets = false
  /// The plain name of the client that asks through the server, for its identity.
  /// Empty for a client without a name; nil at a terminal.
  package var client: String?
  /// Hears what is being done that may take a while.
  package var tell: @Sendable (String) -> Void = { _ in }
  /// Sentences for people about how the place of the threads was found.
  private(set) var notes: [String] = []
  /// Whether somebody who shared them may have been cut off before all was done.
  private(set) var wasCutOff = false
  /// The freshness of what is read here; nil in local mode, and before `refreshed`.
  package var freshness: Freshness? { didSet { store.shown = freshness?.shown } }
  /// Until when the call that reads here may ask git; nil before `refreshed`.
  var readingDeadline: Deadline?
  /// The name of the agent that asks, where the call itself gives it.
  private var agentName: String?

  /// - Parameter settles: Whether what somebody began to make in the place of the threads, and did not finish,
  ///   is taken back first.
  /// - Throws: `ConfigurationError`, `UnknownPlace`, `UnsharedPlace`.
  package init(
    _ configuration: Configuration, host: ThreadsDirectory.Host, settles: Bool = true
  ) throws {
    var directory = try ThreadsDirectory.find(configuration, host: host)
    var notes: [String] = []
    var wasCutOff = false
    if settles, try directory.place.isUnsettled {
      let deadline = try configuration.deadline()
      do {
        notes = try directory.place.settle(
          until: deadline.limited(to: min(.seconds(5), deadline.remaining / 2)))
        wasCutOff = true
      } catch let error where error.isNoTurn {
        // Somebody is at it, or nothing can be written; what is here can be used as it is.
        if try !FileStatus.exists(directory.path) { throw error }
      }
      directory = try ThreadsDirectory.find(configuration, host: host)
    }
    self.init(configuration, directory)
    (self.notes, self.wasCutOff) = (notes, wasCutOff)
  }

  private init(_ configuration: Configuration, _ directory: ThreadsDirectory) {
    (self.configuration, self.directory) = (configuration, directory)
    store = ThreadStore(directory: directory.path)
    store.holdsLegacyLock = directory.remote == nil
    readerDirectory = ThreadsDirectory.state(for: directory.path, configuration)
  }

  /// The place where threads are to be shared: also one where they were, and where nothing of use is left.
  package static func toShare(_ configuration: Configuration) throws -> Workspace {
    do {
      return try Workspace(configuration, host: .terminal, settles: false)
    } catch UnsharedPlace.gone(let directory, _, _) {
      return Workspace(configuration, ThreadsDirectory(path: directory, reason: "it was shared"))
    } catch let error as UnknownPlace where error.cause is BrokenLink && error.isOurs {
      return Workspace(configuration, ThreadsDirectory(path: error.root, reason: "it was shared"))
    }
  }

  /// This workspace with another agent to read and write as; itself for nil.
  package func acting(as agent: String?) throws -> Workspace {
    guard let agent else { return self }
    var workspace = self
    workspace.agentName = agent
    return workspace
  }

  /// The identity that reads and writes, unless a call names somebody.
  package func identity() throws -> Identity {
    let configured = try configuration.identity(client: client)
    guard let agentName else { return configured }
    let agent = try configuration.agent(named: agentName, client: client)
    return Identity(agent: agent, origin: "command line", isLocked: configured.isLocked)
  }

  /// Makes the threads directory; false if it was there.
  package func makeDirectory() throws -> Bool {
    if try FileStatus.exists(directory.path) { return false }
    try store.makeDirectory()
    return true
  }

  /// The directory for what is derived from the threads, an absolute path: marks, indexes, logs. Never among them.
  package let readerDirectory: String

  func topic(_ name: String) throws -> Topic { try Topic(new: name) }
}
