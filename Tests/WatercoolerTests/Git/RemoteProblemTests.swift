import Testing

@testable import Platform
@testable import Watercooler

/// What ssh, libcurl, git and the large hosts print, each as it was seen.
@Suite struct RemoteProblemTests {
  private func problem(_ stderr: String) -> RemoteProblem {
    RemoteProblem(stderr: Array(stderr.utf8))
  }

  @Test(
    arguments: [
      ("fatal: unable to access 'http://a/': Failed to connect to a port 40133", .unreachable),
      ("ssh: connect to host a port 14030: Connection refused", .unreachable),
      ("fatal: unable to access 'http://a/': The requested URL returned error: 503", .unreachable),
      ("fatal: unable to access 'http://a/': The requested URL returned error: 429", .unreachable),
      ("error: RPC failed; HTTP 429 curl 22 The requested URL returned error: 429", .unreachable),
      ("fatal: rate limited by 'http://a/', please try again later", .unreachable),
      ("fatal: unable to access 'http://a/': Empty reply from server", .unreachable),
      (
        "fatal: unable to access 'http://a/': The requested URL returned error: 403",
        .authentication
      ),
      ("error: RPC failed; HTTP 504 curl 22 The requested URL returned error: 504", .cutOff),
      ("error: RPC failed; curl 52 Empty reply from server", .cutOff),
      ("error: RPC failed; HTTP 413 curl 22 The requested URL returned error: 413", .policy),
      ("remote: fatal: pack exceeds maximum allowed size (100.00 MiB)\nfatal: early EOF", .policy),
      (
        "remote: error: File a.md is 120.00 MB; this exceeds GitHub's file size limit of 100.00 MB",
        .policy
      ),
      (
        "fatal: the receiving end does not support this repository's hash algorithm\nfatal: the remote end hung up unexpectedly",
        .objectFormat
      ),
      ("fatal: mismatched algorithms: client sha1; server sha256", .objectFormat),
      (
        "fatal: unable to access 'https://a/': SSL certificate problem: certificate has expired",
        .certificate
      ),
      (
        "fatal: unable to access 'https://a/': server certificate verification failed. CAfile: none CRLfile: none",
        .certificate
      ),
      (
        "fatal: unable to access 'https://a/': SSL: no alternative certificate subject name matches target host name 'a'",
        .certificate
      ),
      (
        "fatal: unable to access 'https://a/': OpenSSL/3.0: error:0A00010B:SSL routines::wrong version number",
        .tls
      ),
      (
        "error: RPC failed; curl 56 GnuTLS recv error (-12): A TLS fatal alert has been received.",
        .cutOff
      ),
      (
        "fatal: unable to access 'https://a/': gnutls_handshake() failed: Handshake failed", .tls
      ),
      (
        "fatal: unable to access 'https://a/': gnutls_handshake() failed: The TLS connection was non-properly terminated.",
        .cutOff
      ),
      (
        "fatal: unable to access 'https://a/': OpenSSL SSL_read: Connection reset by peer, errno 104",
        .cutOff
      ),
      ("remote: The project you were looking for has been moved.\nfatal: x", .noRepository),
      (
        " ! [remote rejected] main -> main (GH007: Your push would publish a private email address.)",
        .policy
      ),
      ("From ssh://a\n ! [rejected] main -> origin/main  (non-fast-forward)", .historyRewritten),
    ] as [(String, RemoteProblem.Kind)])
  func `a problem is told by what git says of it, not by a number in a port`(
    printed: String, kind: RemoteProblem.Kind
  ) {
    #expect(RemoteProblem(stderr: Array(printed.utf8)).kind == kind)
  }

  @Test func `what fails in the same way for long is not taken for passing`() throws {
    let anna = try TestRemote().clone("Anna")
    let pushes = anna.sync.clone.failingPushes
    for _ in 0..<10 { #expect(pushes.add("early EOF") == nil) }
    let note = anna.sync.clone.note(.failing)
    let since = Timestamp.now.seconds - 601
    try note.write(Array("3 \(since) early EOF\n".utf8))
    #expect(pushes.add("early EOF") == nil)
    let known = try #require(pushes.add("early EOF"))
    #expect(known.count == 5 && known.since.seconds == since)
    #expect(pushes.add("something else") == nil)
    try note.write(Array("9 \(since) early EOF\n".utf8))
    pushes.clear()
    #expect(pushes.add("early EOF") == nil)
    try note.write(Array("nonsense".utf8))
    #expect(pushes.add("early EOF") == nil)
  }

  private static let sshEnd =
    "fatal: Could not read from remote repository.\n\nPlease make sure you have the correct access rights\nand the repository exists.\n"

  @Test(arguments: [
    "ssh: Could not resolve hostname git.example.org: Name or service not known",
    "ssh: Could not resolve hostname h: Temporary failure in name resolution",
    "ssh: connect to host example.org port 22: Connection refused",
    "ssh: connect to host example.org port 22: Connection timed out",
    "ssh: connect to host example.org port 22: No route to host",
    "ssh: connect to host example.org port 22: Network is unreachable",
    "ssh: connect to host example.org port 22: Operation timed out",
    "kex_exchange_identification: Connection closed by remote host\nConnection closed by 192.0.2.1 port 22",
    "kex_exchange_identification: read: Connection reset by peer",
    "Connection closed by 192.0.2.1 port 22", "",
    "ControlSocket /tmp/s already exists, disabling multiplexing",
    "mux_client_request_session: read from master failed: Broken pipe",
  ])
  func `ssh finds nobody`(_ words: String) {
    #expect(problem(words + "\r\n" + Self.sshEnd).kind == .unreachable)
  }

  @Test(arguments: [
    "fatal: unable to access 'https://example.org/x/': Could not resolve host: example.org",
    "fatal: unable to access 'https://example.org/x/': Failed to connect to example.org port 443 after 3 ms: Couldn't connect to server",
    "fatal: unable to access 'https://example.org/x/': Failed to connect to example.org port 443: Connection timed out",
    "fatal: unable to access 'http://127.0.0.1:4013/x/': Failed to connect to 127.0.0.1 port 4013 after 0 ms: Couldn't connect to server",
    "fatal: unable to access 'http://127.0.0.1:40312/x/': Failed to connect to 127.0.0.1 port 40312: Connection refused",
    "fatal: unable to access 'https://example.org/team-401/x403.git/': Could not resolve host: example.org",
    "fatal: unable to connect to 127.0.0.1:\n127.0.0.1[0: 127.0.0.1]: errno=Connection refused",
    "fatal: unable to look up nowhere.invalid (port 9418) (Name or service not known)",
  ])
  func `http and git find nobody`(_ words: String) {
    #expect(problem(words + "\n").kind == .unreachable)
  }

  @Test(arguments: [
    "fatal: the remote end hung up unexpectedly", "fatal: early EOF",
    "error: RPC failed; curl 56 Recv failure: Connection reset by peer\nsend-pack: unexpected disconnect while reading sideband packet",
    "error: RPC failed; curl 92 HTTP/2 stream 5 was not closed cleanly: CANCEL (err 8)",
    "fatal: unable to access 'https://example.org/x/': Operation too slow. Less than 1000 bytes/sec transferred the last 10 seconds",
    "client_loop: send disconnect: Broken pipe", "Connection to 192.0.2.1 closed by remote host.",
    "Timeout, server example.org not responding.\nfatal: the remote end hung up unexpectedly",
  ])
  func `the connection ends in the middle`(_ words: String) {
    #expect(problem(words + "\n").kind == .cutOff)
  }

  @Test(arguments: [
    "git@github.com: Permission denied (publickey).",
    "git@example.org: Permission denied (publickey,password,keyboard-interactive).",
    "Received disconnect from 192.0.2.1 port 22:2: Too many authentication failures",
    "fatal: Authentication failed for 'https://example.org/x/'",
    "fatal: could not read Username for 'https://github.com': terminal prompts disabled",
    "remote: Invalid username or password.\nfatal: Authentication failed for 'https://github.com/a/b/'",
    "remote: HTTP Basic: Access denied\nfatal: Authentication failed for 'https://gitlab.com/a/b.git/'",
    "remote: Permission to a/b.git denied to alice.\nfatal: unable to access 'https://github.com/a/b/': The requested URL returned error: 403",
    "fatal: unable to access 'https://example.org/x/': The requested URL returned error: 401",
    "fatal: unable to access 'https://example.org/x/': The requested URL returned error: 403 Forbidden",
    "ERROR: Permission to a/b.git denied to bob.",
    "error: RPC failed; HTTP 403 curl 22 The requested URL returned error: 403",
  ])
  func `the remote does not know us`(_ words: String) {
    #expect(problem(words + "\n" + Self.sshEnd).kind == .authentication)
  }

  @Test(arguments: [
    "Host key verification failed.",
    "No ED25519 host key is known for example.org and you have requested strict checking.\r\nHost key verification failed.",
    "@@@@@@@@@@@\r\n@    WARNING: REMOTE HOST IDENTIFICATION HAS CHANGED!     @\r\n@@@@@@@@@@@\r\nHost key verification failed.",
  ])
  func `the host is not known`(_ words: String) {
    #expect(problem(words + "\r\n" + Self.sshEnd).kind == .hostKey)
  }

  @Test(arguments: [
    "ERROR: Repository not found.\n" + sshEnd,
    "remote: Repository not found.\nfatal: repository 'https://github.com/a/b/' not found\n",
    "fatal: '/srv/x.git' does not appear to be a git repository\n" + sshEnd,
    "fatal: repository '/srv/x.git' does not exist\n",
  ])
  func `there is no such repository`(_ words: String) {
    #expect(problem(words).kind == .noRepository)
  }

  @Test(arguments: [
    "fatal: http://127.0.0.1:43519/team/threads.git/info/refs not valid: is this a git repository?\n",
    "fatal: unable to update url base from redirection:\n  asked for: http://127.0.0.1:36373/team/threads.git/info/refs?service=git-upload-pack\n   redirect: http://127.0.0.1:36373/login?from=x\n",
    "warning: redirecting to http://127.0.0.1:36313/login/\nfatal: http://127.0.0.1:36313/login/info/refs not valid: is this a git repository?\n",
  ])
  func `a web page is no git`(_ words: String) {
    #expect(problem(words).kind == .notGit)
    #expect(
      problem(words).message.hasPrefix("the remote cannot be reached (not git: a web page): "))
  }

  @Test(arguments: [
    ("fatal: couldn't find remote ref refs/heads/main\n", RemoteProblem.Kind.noBranch),
    (
      "warning: Could not find remote branch talk to clone.\n"
        + "fatal: Remote branch talk not found in upstream origin\n", .noBranch
    ),
    (
      "From /srv/x\n ! [rejected]        main       -> origin/main  (non-fast-forward)\n",
      .historyRewritten
    ),
    ("remote: error: GH006: Protected branch update failed for refs/heads/main.\n", .policy),
    (
      "remote: GitLab: You are not allowed to push code to protected branches on this project.\n",
      .policy
    ),
    ("remote: Your push would exceed the quota\n", .policy),
    ("fatal: something nobody has seen yet\n", .other), ("", .other),
  ])
  func `the branch, its history, and a no`(_ words: String, _ kind: RemoteProblem.Kind) {
    #expect(problem(words).kind == kind)
  }

  @Test func `what is beside the point is left out`() {
    #expect(
      problem(
        "To /srv/x\nhint: Updates were rejected\nremote: \nremote:         \nERROR: Repository not found.\n"
          + Self.sshEnd
      ).detail == "ERROR: Repository not found.")
    #expect(problem("remote: closed        \nremote:         \n").detail == "closed")
  }

  @Test(arguments: [
    (
      "POST git-upload-pack (371 bytes)\nerror: RPC failed; HTTP 500 curl 22 The requested URL returned error: 500\nfatal: expected flush after ref listing\n",
      "error: RPC failed; HTTP 500 curl 22 The requested URL returned error: 500; expected flush after ref listing"
    ),
    (
      "POST git-upload-pack (gzip 1627 to 821 bytes)\nPOST git-upload-pack (chunked)\nfatal: early EOF\n",
      "early EOF"
    ),
    (
      "From http://127.0.0.1:18977/x\n = [up to date]      main       -> origin/main\n   30d7ae9..b862dc7  quota      -> origin/quota\n * [new branch]      new        -> origin/new\nfatal: early EOF\n",
      "early EOF"
    ),
    (
      "POST git-upload-pack (371 bytes)\nFrom http://127.0.0.1:18977/x\n ! [rejected]        main       -> origin/main  (non-fast-forward)\n",
      "! [rejected]        main       -> origin/main  (non-fast-forward)"
    ),
  ])
  func `what a verbose git says of its work is no reason`(_ printed: String, _ detail: String) {
    #expect(problem(printed).detail == detail)
  }

  @Test func `the name of a branch that was fetched is no reason`() {
    let printed = " * [new branch]      quota      -> origin/quota\nfatal: something else\n"
    #expect(problem(printed).kind == .other)
  }

  @Test(arguments: [
    "fatal: unable to access 'https://alice:hunter2@example.org/x/': Could not resolve host",
    "remote: Invalid token ghp_hunter2\n", "fatal: password=hunter2 is wrong",
    // Where the words are cut, what shows that it is one may be cut off.
    "fatal: \(String(repeating: "x", count: 375)) https://a:hunter2@example.org/",
    "fatal: \(String(repeating: "x", count: 375)) https://a:hunter2@example.org/: No space left on device",
    "error: object file \(String(repeating: "x", count: 362)) https://a:hunter2@example.org/ is empty",
  ])
  func `no secret is told`(_ words: String) {
    #expect(!problem(words).message.contains("hunter2"))
  }

  @Test func `every kind that needs somebody has a hint`() {
    let kinds: [RemoteProblem.Kind] = [
      .unreachable, .notGit, .cutOff, .authentication, .hostKey, .noRepository, .noBranch,
      .otherBranches,
      .historyRewritten, .policy, .busy, .locked, .damaged,
    ]
    let passing: [RemoteProblem.Kind] = [.unreachable, .notGit, .cutOff, .busy, .locked]
    for kind in kinds {
      #expect(RemoteProblem(kind, detail: "").hint?.isEmpty == false)
      #expect(RemoteProblem(kind, detail: "x").message.hasSuffix(": x"))
      #expect(RemoteProblem(kind, detail: "").isPassing == passing.contains(kind))
    }
  }

  @Test(arguments: [
    ("ssh://alice@example.org:2222/threads.git", "ssh-keyscan -p 2222 example.org >>"),
    ("ssh://example.org/threads.git", "ssh-keyscan example.org >>"),
    ("git@example.org:team/threads.git", "ssh-keyscan example.org >>"),
    ("https://example.org/threads.git", "ssh-keyscan HOST >>"),
  ])
  func `a hint is a command that can be typed as it stands`(_ url: String, _ command: String) {
    var problem = RemoteProblem(.hostKey, detail: "")
    problem.place = RemoteProblem.Place(url: url, branch: "main", root: "/a clone", renewal: "")
    #expect(problem.hint?.contains(command + "~/.ssh/known_hosts") == true)
    problem.place?.knownHosts = "/its hosts"
    let hint = problem.hint ?? ""
    #expect(hint.contains("HOST") || hint.hasSuffix("'/its hosts'"))
    var gone = RemoteProblem(.noBranch, detail: "")
    gone.place = problem.place
    #expect(gone.message == "the branch main is gone from the remote")
    #expect(gone.hint?.contains("git -C '/a clone' push origin main;") == true)
  }

  private static let openKey = """
    @@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@\r
    @         WARNING: UNPROTECTED PRIVATE KEY FILE!          @\r
    @@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@\r
    Permissions 0644 for '/a b/my 'key'' are too open.\r
    It is required that your private key files are NOT accessible by others.\r
    This private key will be ignored.\r
    Load key "/a b/my 'key'": bad permissions\r
    git@example.org: Permission denied (publickey).\r

    """

  @Test func `a key that others may read is made one's own`() {
    let open = problem(Self.openKey + Self.sshEnd)
    #expect(open.kind == .authentication)
    #expect(open.message.hasPrefix("ssh cannot use the key: Permissions 0644 for '/a b/my"))
    let path = SSHCommand.quoted("/a b/my 'key'")
    #expect(open.hint == "have it be yours alone: chmod 600 \(path)")
    // Another key was let in.
    let other = Self.openKey.split(separator: "\r\n").dropLast().joined(separator: "\n")
    #expect(problem(other + "\nERROR: Repository not found.\n").kind == .noRepository)
  }

  @Test(arguments: [
    ("invalid format", "is no private key"), ("error in libcrypto", "is no private key"),
    ("Permission denied", "chmod u+r /a/key"), ("something new", "WATERCOOLER_GIT_SSH_KEY"),
  ])
  func `what else ssh says of a key`(_ words: String, _ hint: String) {
    let stderr = "Load key \"/a/key\": \(words)\r\ngit@h: Permission denied (publickey).\r\n"
    #expect(problem(stderr + Self.sshEnd).hint?.contains(hint) == true)
  }

  @Test func `a file of host keys that may not be read`() {
    let stderr =
      "hostkeys_find_by_key_hostfile: hostkeys_foreach failed for /a b/hosts: Permission denied\r\nHost key verification failed.\r\n"
    #expect(problem(stderr + Self.sshEnd).kind == .hostKey)
    #expect(problem(stderr).hint == "give yourself permission to read it: chmod u+r '/a b/hosts'")
  }

  @Test func `a flood of words is cut`() {
    #expect(problem(String(repeating: "words ", count: 1000)).detail.count <= 400)
  }
}
