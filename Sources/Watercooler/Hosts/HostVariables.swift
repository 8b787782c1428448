internal import Platform

/// The variables that a host fills in where it reads an entry.
enum HostVariables: Sendable {
  case none
  /// `${NAME}` and `${NAME:-otherwise}`.
  case braced
  /// The same, and `$NAME`; what is not set stays as it is written.
  case shell
  /// `${env:NAME}`, `${userHome}`, `${workspaceFolder}`.
  case editor

  /// The text with its variables filled in.
  /// - Throws: `HostError.unknownVariable` for what only the host knows.
  func filled(_ text: String, host: Host, places: HostPlaces) throws(HostError) -> String {
    if case .none = self { return text }
    var result = ""
    var rest = text[...]
    while let dollar = rest.firstIndex(of: "$") {
      result += rest[..<dollar]
      rest = rest[dollar...]
      let (name, length) = name(in: rest)
      guard let name else {
        result.append("$")
        rest = rest.dropFirst()
        continue
      }
      guard let value = value(of: name, places) else {
        guard case .shell = self else {
          throw .unknownVariable(String(rest.prefix(length)), host: host.title)
        }
        result += rest.prefix(length)
        rest = rest.dropFirst(length)
        continue
      }
      result += value
      rest = rest.dropFirst(length)
    }
    return result + rest
  }

  /// The variable that a text begins with, and how much of the text it is.
  private func name(in text: Substring) -> (String?, length: Int) {
    let inner = text.dropFirst()
    if inner.first == "{", let end = inner.firstIndex(of: "}") {
      let name = inner[..<end].dropFirst()
      return (String(name), name.count + 3)
    }
    guard case .shell = self, let first = inner.utf8.first, first.isLetter || first == 0x5F else {
      return (nil, 0)
    }
    let name = inner.prefix { $0.isASCII && ($0.isLetter || $0.isNumber || $0 == "_") }
    return (String(name), name.count + 1)
  }

  private func value(of name: String, _ places: HostPlaces) -> String? {
    guard case .editor = self else {
      guard let range = name.firstRange(of: ":-") else { return places.environment[name] }
      return places.variable(String(name[..<range.lowerBound])) ?? String(name[range.upperBound...])
    }
    switch name {
    case "userHome": return places.home
    case "workspaceFolder": return places.project
    case "pathSeparator", "/": return "/"
    default:
      guard name.hasPrefix("env:") else { return nil }
      return places.environment[String(name.dropFirst(4))] ?? ""
    }
  }
}
