/// The environment of each git child: the user's, made silent, deterministic and about no repository
/// but the one it is told.
///
/// Credentials, proxies and the ssh command are the user's and pass through.
package struct GitEnvironment: Sendable, Equatable {
  /// Every variable the child has.
  package let variables: [String: String]

  /// Variables that would make git work on another repository, index or object store than that of
  /// the directory it is given, or read names and attributes otherwise. They are set when we run
  /// under a hook or an alias of git.
  private static let unset = [
    "GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE", "GIT_COMMON_DIR", "GIT_PREFIX", "GIT_NAMESPACE",
    "GIT_OBJECT_DIRECTORY", "GIT_ALTERNATE_OBJECT_DIRECTORIES", "GIT_QUARANTINE_PATH",
    "GIT_IMPLICIT_WORK_TREE", "GIT_GRAFT_FILE", "GIT_SHALLOW_FILE", "GIT_REPLACE_REF_BASE",
    "GIT_NO_REPLACE_OBJECTS", "GIT_INTERNAL_SUPER_PREFIX", "GIT_CONFIG", "GIT_ATTR_SOURCE",
    "GIT_LITERAL_PATHSPECS", "GIT_GLOB_PATHSPECS", "GIT_NOGLOB_PATHSPECS", "GIT_ICASE_PATHSPECS",
    "GIT_EXTERNAL_DIFF", "GIT_DIFF_OPTS", "GIT_REFLOG_ACTION",
    // A hook of `git commit --date` has them: our entries are of now.
    "GIT_AUTHOR_DATE", "GIT_COMMITTER_DATE",
    // They win over LC_MESSAGES.
    "LC_ALL", "LANGUAGE",
  ]

  /// The variable that tells a git of ours from one that somebody runs.
  static let mark = (name: "WATERCOOLER_CALL", value: "1")

  /// Variables that have one value in every call.
  private static let set = [
    // The words of git are matched, and shown next to our own English.
    "LC_MESSAGES": "C",
    // Nothing may ask. An empty GIT_ASKPASS wins over core.askPass and SSH_ASKPASS; then git would
    // ask the terminal, and is told not to.
    "GIT_TERMINAL_PROMPT": "0",
    "GIT_ASKPASS": "",
    "SSH_ASKPASS": "",
    "SSH_ASKPASS_REQUIRE": "never",
    // The Git Credential Manager's windows.
    "GCM_INTERACTIVE": "never",
    // `rebase --continue` and `merge` open an editor; `:` is git's own word for none.
    "GIT_EDITOR": ":",
    "GIT_SEQUENCE_EDITOR": ":",
    "GIT_MERGE_AUTOEDIT": "no",
    mark.name: mark.value,
    // Git 2.54 can wait for a host that is busy, for minutes, and past our deadline.
    "GIT_HTTP_MAX_RETRIES": "0",
    // A branch whose name is in a file is read without a child, and the oldest git can read it.
    "GIT_DEFAULT_REF_FORMAT": "files",
    // No `ext::`, which runs a program that a URL names.
    "GIT_ALLOW_PROTOCOL": "file:git:http:https:ssh",
  ]

  /// Makes the environment of git's children out of this process's own.
  package init(inheriting inherited: [String: String]) {
    var variables = inherited
    for name in Self.unset { variables[name] = nil }
    variables.merge(Self.set) { _, ours in ours }
    self.variables = variables
  }

  private init(variables: [String: String]) { self.variables = variables }

  func adding(_ more: [String: String]) -> GitEnvironment {
    GitEnvironment(variables: variables.merging(more) { _, new in new })
  }
}
