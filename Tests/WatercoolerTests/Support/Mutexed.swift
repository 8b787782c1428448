import Synchronization

/// A value that several threads of a test share.
final class Mutexed<Value: Sendable>: Sendable {
  private let state: Mutex<Value>

  init(_ value: Value) { state = Mutex(value) }

  var value: Value { state.withLock { $0 } }

  func set(_ value: Value) { state.withLock { $0 = value } }
}

extension Mutexed where Value == Int {
  func add(_ amount: Int) { state.withLock { $0 += amount } }
}
