package import Platform

/// A setting, its value, and where that comes from.
package struct SettingView {
  let setting: Setting
  let value: Configuration.Value?

  /// - Parameter value: Nil where the setting has none.
  package init(_ setting: Setting, _ value: Configuration.Value?) {
    (self.setting, self.value) = (setting, value)
  }

  /// Key, value and origin, with tabs between and a line feed at the end.
  package var line: String {
    "\(setting.key)\t\(value?.text ?? "")\t\(value.map { "\($0.origin)" } ?? "not set")\n"
  }

  package var json: JSON {
    [
      "key": .string(setting.key), "value": JSON(value?.text),
      "origin": JSON(value.map { "\($0.origin)" }), "variable": .string(setting.variable),
      "summary": .string(setting.summary),
    ]
  }
}

/// The agent that writes and the threads' directory, each with why it is that one.
package struct WhoamiView {
  private let identity: Identity
  private let directory: ThreadsDirectory

  /// - Throws: The error of a setting, or of an option, by which nobody could sign.
  package init(_ workspace: Workspace) throws {
    identity = try workspace.identity()
    directory = workspace.directory
  }

  package var text: String {
    """
    agent: \(identity.agent) (\(identity.origin))
    threads: \(directory.path) (\(directory.reason))

    """
  }

  package var members: [JSON.Member] {
    [
      JSON.Member("agent", .string(identity.agent.name.text)),
      JSON.Member("person", JSON(identity.agent.person?.text)),
      JSON.Member("signature", .string(identity.agent.description)),
      JSON.Member("origin", .string(identity.origin)),
      JSON.Member("locked", .bool(identity.isLocked)),
      JSON.Member("dir", .string(directory.path)),
      JSON.Member("dir_reason", .string(directory.reason)),
    ]
  }
}
