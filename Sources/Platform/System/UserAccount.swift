#if canImport(Darwin)
  internal import Darwin
#else
  internal import Glibc
#endif

/// The user of this process, as the system's list of users has them; not what the environment says.
package struct UserAccount: Sendable, Equatable {
  /// The login name.
  package let name: String
  /// The home directory.
  package let home: String

  /// Nil where the list does not have the user, as in a container that runs as some number.
  package static var own: UserAccount? {
    // A program that became root keeps the home of the user who started it.
    let number = geteuid() == 0 ? getuid() : geteuid()
    var buffer = [CChar](repeating: 0, count: 16 << 10)
    while true {
      var entry = passwd()
      var found: UnsafeMutablePointer<passwd>?
      let code = getpwuid_r(number, &entry, &buffer, buffer.count, &found)
      if code == ERANGE, buffer.count < 1 << 20 {
        buffer = [CChar](repeating: 0, count: buffer.count * 2)
        continue
      }
      guard code == 0, found != nil, let name = entry.pw_name, let home = entry.pw_dir else {
        return nil
      }
      return UserAccount(name: String(cString: name), home: String(cString: home).standardized)
    }
  }
}
