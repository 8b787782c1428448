import Foundation

@testable import MCP
@testable import Platform
@testable import Watercooler

/// Resources that a test changes.
final class TestResources: Sendable {
  private struct State {
    var texts = ["test://one": "1"]
    var watches = 0
    var changed: [@Sendable (ResourceChange) -> Void] = []
  }

  private let state = Monitor(State())

  var catalog: ResourceCatalog {
    ResourceCatalog(
      templates: [
        ResourceTemplate(
          uriTemplate: "test://{name}", name: "thing", title: "A thing", description: "Any thing.")
      ],
      list: { cursor, _ in
        if cursor == "2" { return ([Self.resource("test://two")], nil) }
        if cursor != nil { throw UnknownCursor() }
        return ([Self.resource("test://one")], "2")
      },
      read: { uri, _ in self.state.withLock { $0.texts[uri] } },
      canChange: { $0.hasPrefix("test://") },
      watch: { cancellation, isReady, changed in
        self.state.withLock {
          $0.watches += 1
          $0.changed.append(changed)
        }
        isReady()
        let isOver = Monitor(false)
        cancellation.withHandler({ isOver.withLock { $0 = true } }) {
          _ = isOver.wait { $0 ? true : nil }
        }
        self.state.withLock {
          $0.watches -= 1
          $0.changed.removeAll()
        }
      })
  }

  /// How many watches run.
  func waitForWatches(_ count: Int) -> Bool {
    state.wait(until: .now + .seconds(30)) { $0.watches == count ? true : nil } ?? false
  }

  /// Changes a text, and tells those who watch.
  func set(_ uri: String, to text: String?) {
    let (changed, isListChanged) = state.withLock { state in
      let isListChanged = (state.texts[uri] == nil) != (text == nil)
      state.texts[uri] = text
      return (state.changed, isListChanged)
    }
    let change = ResourceChange(
      isListChanged: isListChanged, announcements: [("test/changed", ["uri": .string(uri)])]
    ) { $0 == uri }
    for tell in changed { tell(change) }
  }

  private static func resource(_ uri: String) -> Resource {
    Resource(uri: uri, name: uri, title: "T", description: "D")
  }

  private struct UnknownCursor: Error {}
}
