/// Makes the secrets in a text harmless, so that it may go into a log, an error or a receipt.
package enum Redaction {
  private static let stars = Array("***".utf8)

  /// The beginnings of tokens that say of themselves what they are: GitHub's, GitLab's, and Slack's.
  private static let tokenPrefixes = [
    "ghp_", "gho_", "ghu_", "ghs_", "ghr_", "github_pat_", "glpat-", "xoxb-", "xoxp-",
  ].map { Array($0.utf8) }

  /// Names whose value is a secret: of a URL's query, and of HTTP's header.
  private static let secretNames = [
    "access_token=", "private_token=", "token=", "password=", "authorization: basic ",
    "authorization: bearer ",
  ].map { Array($0.utf8) }

  /// The text without the user-info of its URLs and without tokens. Where it is to be cut, it is cut after this:
  /// the part that shows a secret to be one may be cut off.
  package static func redact(_ text: String) -> String {
    let bytes = Array(text.utf8)
    var result: [UInt8] = []
    var rest = bytes[...]
    while let byte = rest.first {
      if let visible = secretStart(rest, after: result.last) {
        result += rest.prefix(visible)
        let hidden = rest.dropFirst(visible).prefix { isSecretByte($0) }
        if !hidden.isEmpty { result += stars }
        rest = rest[hidden.endIndex...]
      } else if rest.starts(with: "://".utf8) {
        result += rest.prefix(3)
        rest = rest.dropFirst(3)
        if let at = userInfoEnd(rest) {
          result += stars
          rest = rest[at...]
        }
      } else {
        result.append(byte)
        rest = rest.dropFirst()
      }
    }
    return String(decoding: result, as: UTF8.self)
  }

  /// A URL that can be typed again, without what is secret in it: a name that ssh logs in with is none.
  package static func url(_ url: String) -> String {
    let safe = redact(url)
    guard safe != url, let start = safe.firstRange(of: "://***@") else { return safe }
    let scheme = safe[..<start.lowerBound]
    let user = url.dropFirst(scheme.count + 3).prefix { !":@/".contains($0) }
    return "\(scheme)://\(scheme == "ssh" ? "\(user)@" : "")\(safe[start.upperBound...])"
  }

  /// How much of the beginning of `rest` only announces a secret that follows; nil if none does.
  private static func secretStart(_ rest: ArraySlice<UInt8>, after previous: UInt8?) -> Int? {
    // In the middle of a word it is no token: "laughs_".
    if previous.map(isWordByte) != true,
      let prefix = tokenPrefixes.first(where: { rest.starts(with: $0) })
    {
      return prefix.count
    }
    return secretNames.first { name in
      rest.count >= name.count && zip(rest, name).allSatisfy { lowercased($0) == $1 }
    }?.count
  }

  /// The index of the `@` that ends the user-info of a URL, whose authority begins with `rest`.
  private static func userInfoEnd(_ rest: ArraySlice<UInt8>) -> Int? {
    let url = rest.prefix { $0 > 0x20 && !"\"'`<>".utf8.contains($0) }
    let authority = url.prefix { !"/?#".utf8.contains($0) }
    if let at = authority.lastIndex(of: UInt8(ascii: "@")) { return at }
    // A password with a raw "/" ends the authority too early; then no port stands there.
    guard let colon = authority.firstIndex(of: UInt8(ascii: ":")),
      !authority[(colon + 1)...].allSatisfy({ UInt8(ascii: "0")...UInt8(ascii: "9") ~= $0 })
    else { return nil }
    return url.lastIndex(of: UInt8(ascii: "@"))
  }

  private static func lowercased(_ byte: UInt8) -> UInt8 {
    UInt8(ascii: "A")...UInt8(ascii: "Z") ~= byte ? byte | 0x20 : byte
  }

  private static func isWordByte(_ byte: UInt8) -> Bool {
    byte == UInt8(ascii: "_") || UInt8(ascii: "0")...UInt8(ascii: "9") ~= byte
      || UInt8(ascii: "a")...UInt8(ascii: "z") ~= lowercased(byte)
  }

  /// Whether a secret may go on with this byte: rather too much is hidden than a password's end.
  private static func isSecretByte(_ byte: UInt8) -> Bool {
    byte > 0x20 && !"\"'`<>(),;&".utf8.contains(byte)
  }
}
