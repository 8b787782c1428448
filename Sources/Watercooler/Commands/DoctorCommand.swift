internal import Platform

extension CommandDescription {
  static let doctor = CommandDescription(
    "doctor", "look for everything that can be wrong, and mend it",
    options: [
      CommandOption("--fix", help: "mend what can be mended safely; what is touched is kept"),
      CommandOption("--dry-run", help: "only say what --fix would do, as without it"),
    ],
    examples: ["\(programName) doctor", "\(programName) doctor --fix"]
  ) { invocation in
    let configuration = invocation.configuration
    let check = { try Workspace.checkup(configuration, deadline: try configuration.deadline()) }
    let findings = try check()
    let isFixing = invocation.has("--fix") && !invocation.has("--dry-run")
    let outcomes = findings.map { finding in
      isFixing ? finding.fix.map { fix in Result { try fix() } } : nil
    }
    let isFixed = outcomes.map { (try? $0?.get()) != nil }
    // One fix may have mended what stands there as another finding.
    let still = isFixed.contains(true) ? try check() : findings
    let views = zip(findings, outcomes).enumerated().compactMap { index, pair in
      let isLeft = isFixed[index] || pair.1 != nil || still.contains { $0.isSame(as: pair.0) }
      return isLeft ? FindingView(pair.0, pair.1) : nil
    }
    let left = views.count - isFixed.count { $0 }
    let canFix = !isFixing && findings.contains { $0.fix != nil }
    try invocation.print(
      views.isEmpty
        ? "nothing is wrong\n"
        : views.map(\.text).joined()
          + (canFix ? "'\(programName) doctor --fix' mends what it can\n" : ""),
      json: [JSON.Member("findings", .array(views.map(\.json)))])
    return left == 0 ? .done : .failed
  }
}
