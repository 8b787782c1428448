internal import Platform

extension CommandDescription {
  static let debug = CommandDescription(
    "debug", "look for a fault in a thread's file",
    details: [
      "dump  prints what the parser makes of each byte of the file as it is here: the remote is not",
      "      asked, and nothing is changed or counts as seen",
    ],
    arguments: [.required("dump"), .required("TOPIC")],
    examples: [
      "\(programName) debug dump release-plan", "\(programName) debug dump release-plan --json",
    ]
  ) { invocation in
    guard invocation.arguments[0] == "dump" else {
      throw UsageError.extraArgument(invocation.arguments[0], command: "debug")
    }
    let workspace = try Workspace(invocation.configuration, host: .terminal, settles: false)
    let view = DumpView(try workspace.file(of: invocation.arguments[1]))
    try invocation.print(view.text, json: [JSON.Member("dump", view.json)])
    return .done
  }
}
