package import Platform

/// The work of a request that is yet to be done: on a thread of its own, which it may block.
struct PendingCall: Sendable {
  /// The name of its thread, which notifications of progress say too.
  let name: String
  let timeLimit: Duration
  /// Gives the reply, or throws what `failure` words.
  let work: @Sendable (CallContext) throws -> Reply
  /// The reply to work that failed; throws where the protocol has an error for that.
  let failure: @Sendable (any Error) throws(ProtocolError) -> Reply

  init(
    _ name: String, timeLimit: Duration,
    failure: @escaping @Sendable (any Error) throws(ProtocolError) -> Reply,
    work: @escaping @Sendable (CallContext) throws -> Reply
  ) {
    (self.name, self.timeLimit, self.work, self.failure) = (name, timeLimit, work, failure)
  }

  /// Does the work on this thread.
  func run(_ context: CallContext) -> Result<Reply, ProtocolError> {
    do { return .success(try work(context)) } catch { return failed(error) }
  }

  /// The outcome of work that failed, or that was not begun.
  func failed(_ error: any Error) -> Result<Reply, ProtocolError> {
    if let error = error as? ProtocolError { return .failure(error) }
    do throws(ProtocolError) {
      return .success(try failure(error))
    } catch {
      return .failure(error)
    }
  }
}

/// The reason why a call was not begun.
enum CallNotBegun: Error, CustomStringConvertible {
  /// As many calls run as may.
  case tooMany(limit: Int)
  /// The system has no thread to give.
  case noThread(SystemError)
  /// The server is ending.
  case ending

  var description: String {
    switch self {
    case .tooMany(let limit):
      "Error: \(limit) calls are running already and this one was not made; "
        + "make it again when some of them are done"
    case .noThread(let error):
      "Error: \(error.message), and this call was not made; make it again in a moment"
    case .ending: "Error: the server is ending and this call was not made"
    }
  }
}

/// The circumstances of a request, which its work is handed beside the arguments.
package struct CallContext: Sendable {
  package let id: RequestID
  /// Nil for a client that did not give its name.
  package let clientInfo: ClientInfo?
  /// The time limit from when the request arrived, and the switch by which the client calls it off.
  package let deadline: Deadline
  /// Tells the client of the work, if it asked for that.
  package let progress: Progress

  /// The defaults are those of work that no client waits for.
  package init(
    id: RequestID = .number("0"), clientInfo: ClientInfo?, deadline: Deadline,
    progress: Progress = .unheard
  ) {
    (self.id, self.clientInfo, self.deadline) = (id, clientInfo, deadline)
    self.progress = progress
  }
}
