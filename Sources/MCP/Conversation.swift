internal import Platform

/// The lines of one client, one by one, and what is done about each. Used by the reader's thread alone.
///
/// Everything but a tool's work is answered right here, so that `ping` and `initialize` wait for no
/// tool.
struct Conversation {
  private let writer: FrameWriter
  private let inFlight: CallsInFlight
  private let subscriptions: Subscriptions
  private let log: Log
  private let definition: ServerDefinition
  private var handshake: HandshakeEra

  init(
    _ definition: ServerDefinition, writer: FrameWriter, inFlight: CallsInFlight,
    subscriptions: Subscriptions, log: Log
  ) {
    self.definition = definition
    handshake = HandshakeEra(definition)
    self.writer = writer
    self.inFlight = inFlight
    self.subscriptions = subscriptions
    self.log = log
  }

  /// Takes one line, without its end.
  mutating func receive(_ line: [UInt8]) {
    subscriptions.keepWatching()
    let byteOrderMark: [UInt8] = [0xEF, 0xBB, 0xBF]
    let text = line.starts(with: byteOrderMark) ? line.dropFirst(3) : line[...]
    if text.allSatisfy({ $0 == 0x20 || $0 == 0x09 || $0 == 0x0D }) { return }
    do {
      let json = try JSON(parsing: text)
      if let messages = json.array {
        receive(batch: messages)
      } else {
        receive(json, in: nil)
      }
    } catch {
      refuse(.parseError(error), id: nil, in: nil)
    }
  }

  /// Refuses a line that is longer than `limit` bytes.
  func refuseLine(longerThan limit: Int) {
    refuse(.invalidRequest("a line is longer than \(limit) bytes"), id: nil, in: nil)
  }

  private mutating func receive(batch messages: [JSON]) {
    guard let revision = handshake.caller?.revision, revision.allowsBatches else {
      let revision = handshake.caller?.revision.rawValue ?? "a connection without a version"
      return refuse(.invalidRequest("\(revision) has no batches"), id: nil, in: nil)
    }
    guard !messages.isEmpty else {
      return refuse(.invalidRequest("the batch is empty"), id: nil, in: nil)
    }
    let batch = Batch()
    batch.hold()
    for message in messages { receive(message, in: batch) }
    batch.release(writer: writer, inFlight: inFlight)
  }

  private mutating func receive(_ json: JSON, in batch: Batch?) {
    do {
      switch try Message(json) {
      case .request(let request): receive(request, in: batch)
      case .notification(let notification): receive(notification)
      case .response: log.write(.debug, "ignored a response; nothing was asked")
      }
    } catch {
      refuse(error.error, id: error.id, in: batch)
    }
  }

  private func receive(_ notification: Notification) {
    switch notification.method {
    case "notifications/cancelled":
      guard let id = notification.params["requestId"].flatMap({ RequestID($0) }) else { return }
      log.write(.debug, "request \(id) was cancelled")
      inFlight.cancel(id)
      writer.disown(id)
      // Nothing runs for one that only listens.
      if subscriptions.end(id) { _ = inFlight.finish(id) }
    case "notifications/initialized" where definition.announcementCapability != nil:
      subscriptions.announce()
    default: break  // All others tell us nothing that we need.
    }
  }

  private mutating func receive(_ request: Request, in batch: Batch?) {
    do throws(ProtocolError) {
      guard !inFlight.contains(request.id) else {
        throw .invalidRequest("the id is still in flight")
      }
      // The revision decides whether there may be a batch, so it cannot be agreed on inside one.
      if batch != nil, request.method == "initialize" {
        throw .invalidRequest("\"initialize\" cannot be in a batch")
      }
      let isStateless = StatelessEra.claims(request)
      let caller = isStateless ? try StatelessEra.caller(of: request) : handshake.caller
      let answer =
        if isStateless, let caller {
          try StatelessEra(definition).answer(request, from: caller)
        } else {
          try handshake.answer(request, subscriptions)
        }
      switch answer {
      case .reply(let reply):
        send(.success(reply), to: request.id, in: batch, caller)
      case .call(let call):
        guard let caller else { throw .invalidRequest("nobody said who calls") }
        start(call, for: request, from: caller, in: batch)
      case .listen(let filter): listen(filter, for: request.id)
      }
    } catch {
      refuse(error, id: request.id, in: batch)
    }
  }

  /// Does the work on a thread of its own, or says that there is too much.
  ///
  /// Too much is an error that the model sees, rather than a queue: a call that waits in a queue
  /// uses up its client's patience without saying so, and the queue needs a bound as well.
  private func start(
    _ call: PendingCall, for request: Request, from caller: Caller, in batch: Batch?
  ) {
    func refuse(_ reason: CallNotBegun) {
      send(call.failed(reason), to: request.id, in: batch, caller)
    }
    switch inFlight.start(request.id) {
    case .closed: refuse(.ending)
    case .full: refuse(.tooMany(limit: inFlight.limit))
    case .started(let cancellation):
      batch?.hold()
      let progress = progress(of: call, for: request, from: caller)
      let context = CallContext(
        id: request.id, clientInfo: caller.clientInfo,
        deadline: .after(call.timeLimit, cancellation: cancellation), progress: progress)
      let answer: @Sendable (Result<Reply, ProtocolError>) -> Void = {
        [writer, inFlight, definition] outcome in
        progress.finish()
        let response = Response(
          id: request.id, outcome: outcome.map { $0.json(in: caller.revision, from: definition) },
          whenWritten: (try? outcome.get())?.whenWritten)
        if let batch {
          batch.release(adding: response, writer: writer, inFlight: inFlight)
        } else {
          writer.send(response.json, confirmation: [response].confirmation) {
            inFlight.finish(request.id)
          }
        }
      }
      do throws(SystemError) {
        try startThread(named: call.name) { [writer] in
          // Replies that the client has got are done with first: it may ask because of them.
          writer.waitUntilSettled(until: .now + .seconds(1))
          answer(call.run(context))
        }
      } catch {
        answer(call.failed(CallNotBegun.noThread(error)))
      }
    }
  }

  private func progress(
    of call: PendingCall, for request: Request, from caller: Caller
  ) -> Progress {
    guard let token = request.params["_meta"]?["progressToken"],
      token.string != nil || token.double != nil
    else { return .unheard }
    let id = request.id
    return Progress(
      token: token, in: caller.revision, message: "\(call.name) is at work"
    ) { [writer, inFlight] notification in
      writer.send(notification) { inFlight.isWanted(id) }
    }
  }

  /// It stays in flight, without a thread, until it is ended.
  private func listen(_ filter: Subscriptions.Filter, for id: RequestID) {
    switch inFlight.start(id) {
    case .closed: refuse(.failed("\(CallNotBegun.ending)"), id: id, in: nil)
    case .full:
      refuse(.failed("\(CallNotBegun.tooMany(limit: inFlight.limit))"), id: id, in: nil)
    case .started:
      guard subscriptions.listen(id, filter) else {
        refuse(.failed("\(CallNotBegun.ending)"), id: id, in: nil)
        return _ = inFlight.finish(id)
      }
      let fail: @Sendable (any Error) -> Void = { [subscriptions, writer, inFlight, log] error in
        // Unless it was ended meanwhile.
        guard subscriptions.end(id) else { return }
        let failure = Service.error(for: error)
        log.write(.info, "refused request \(id): \(failure.message)")
        let response = Response(id: id, outcome: .failure(failure))
        writer.send(response.json) { inFlight.finish(id) }
      }
      do throws(SystemError) {
        try startThread(named: "listen") { [subscriptions] in
          do { try subscriptions.acknowledge(id) } catch { fail(error) }
        }
      } catch {
        fail(CallNotBegun.noThread(error))
      }
    }
  }

  private func send(
    _ outcome: Result<Reply, ProtocolError>, to id: RequestID, in batch: Batch?, _ caller: Caller?
  ) {
    // Only `initialize` and `ping` are answered without one, and they are the same in all revisions.
    let revision = caller?.revision ?? .newestWithHandshake
    reply(
      Response(id: id, outcome: outcome.map { $0.json(in: revision, from: definition) }),
      in: batch)
  }

  private func refuse(_ error: ProtocolError, id: RequestID?, in batch: Batch?) {
    log.write(.info, "refused \(id.map { "request \($0)" } ?? "a line"): \(error.message)")
    reply(Response(id: id, outcome: .failure(error)), in: batch)
  }

  private func reply(_ response: Response, in batch: Batch?) {
    if let batch { batch.add(response) } else { writer.send(response.json) }
  }
}
