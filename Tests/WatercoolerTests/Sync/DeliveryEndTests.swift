import Testing

@testable import Platform
@testable import Watercooler

/// The state of an entry whose push ended otherwise than well.
@Suite struct DeliveryEndTests {
  @Test(arguments: [
    RemoteProblem.Kind.authentication, .hostKey, .noRepository, .leftAlone, .busy, .other,
  ])
  func `nobody knows of a push that was cut off, whatever the remote says after it`(
    _ kind: RemoteProblem.Kind
  ) {
    var delivery = Delivery(.queued)
    delivery.doubt = RemoteProblem(.cutOff, detail: "")
    delivery.end(because: RemoteProblem(kind, detail: ""))
    #expect(delivery.state == .unknown)
  }

  @Test(arguments: [
    (RemoteProblem.Kind.authentication, Delivery.State.blocked), (.other, .blocked),
    (.busy, .queued), (.unreachable, .queued), (.cutOff, .unknown),
  ])
  func `without a doubt the problem says it`(_ kind: RemoteProblem.Kind, _ state: Delivery.State) {
    var delivery = Delivery(.queued)
    delivery.end(because: RemoteProblem(kind, detail: ""))
    #expect(delivery.state == state)
  }
}
