internal import Synchronization

/// A value that several threads of a test share.
package final class Mutexed<Value: Sendable>: Sendable {
  private let state: Mutex<Value>

  package init(_ value: Value) { state = Mutex(value) }

  package var value: Value { state.withLock { $0 } }

  package func set(_ value: Value) { state.withLock { $0 = value } }

  package func change(_ body: @Sendable (inout Value) -> Void) { state.withLock { body(&$0) } }
}

extension Mutexed where Value == Int {
  package func add(_ amount: Int) { state.withLock { $0 += amount } }
}
