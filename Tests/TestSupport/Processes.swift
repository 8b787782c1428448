package import Foundation

/// Waits until a claim about another process or thread holds; false if it does not within 30 s.
package func eventually(_ claim: () throws -> Bool) rethrows -> Bool {
  let end = ContinuousClock.now + .seconds(30)
  while ContinuousClock.now < end {
    if try claim() { return true }
    usleep(1000)
  }
  return false
}

/// Whether a process lives; a zombie does not.
package func isAlive(_ pid: pid_t) -> Bool {
  guard kill(pid, 0) == 0 else { return false }
  #if os(Linux)
    guard let data = FileManager.default.contents(atPath: "/proc/\(pid)/stat") else { return false }
    let afterName = String(decoding: data, as: UTF8.self).split(separator: ") ").last
    return afterName?.hasPrefix("Z") == false
  #else
    return true
  #endif
}

/// The number of this process's open descriptors.
package func openDescriptors() throws -> Int {
  try FileManager.default.contentsOfDirectory(atPath: "/dev/fd").count
}

/// Runs `body` on a thread of its own, as a pool's thread must not wait.
package func onThread(_ body: @escaping @Sendable () -> Void) {
  Thread(block: body).start()
}
