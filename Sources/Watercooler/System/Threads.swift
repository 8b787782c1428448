internal import Foundation

/// Runs `body`, which may block, on a new thread.
func startThread(named name: String, _ body: @escaping @Sendable () -> Void) {
  let thread = Foundation.Thread(block: body)
  thread.name = name
  // As much as the main thread has: Darwin gives others 512 KiB.
  thread.stackSize = 8 << 20
  thread.start()
}
