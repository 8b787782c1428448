internal import Foundation

/// SplitMix64: the same numbers from the same seed on every machine.
package struct SeededGenerator: RandomNumberGenerator {
  private var state: UInt64

  package init(seed: UInt64) { state = seed }

  package mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var mixed = state
    mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
    mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
    return mixed ^ (mixed >> 31)
  }

  package mutating func chance(_ oneIn: Int) -> Bool {
    Int.random(in: 0..<oneIn, using: &self) == 0
  }

  package mutating func pick<T>(_ items: [T]) -> T {
    items[Int.random(in: 0..<items.count, using: &self)]
  }
}

/// How a randomised test runs: from `WATERCOOLER_SEED` (else from the clock), and as many cases as
/// `WATERCOOLER_CASES` per cent of the full number say. Both are printed, so that a failure can be
/// run again.
package struct RandomRun {
  package let seed: UInt64
  package let cases: Int

  package init(_ name: String, full: Int) {
    let environment = ProcessInfo.processInfo.environment
    seed =
      environment["WATERCOOLER_SEED"].flatMap { UInt64($0) }
      ?? UInt64(Date().timeIntervalSince1970 * 1000)
    let percent = environment["WATERCOOLER_CASES"].flatMap { Int($0) } ?? 5
    cases = max(1, full * percent / 100)
    print("\(name): \(cases) of \(full) random cases, WATERCOOLER_SEED=\(seed)")
  }
}
