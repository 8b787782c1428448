import Testing

@testable import Platform
@testable import Watercooler

@Suite struct HTTPTraceTests {
  private func line(_ text: String) -> String {
    "05:44:38.402401 http.c:684              \(text)\n"
  }

  private func separated(_ stderr: String) -> (words: String, trace: HTTPTrace) {
    var bytes = Array(stderr.utf8)
    let trace = HTTPTrace(removedFrom: &bytes)
    return (String(decoding: bytes, as: UTF8.self), trace)
  }

  @Test func `git's words are left, and the last answer is read`() {
    let (words, trace) = separated(
      line("== Info: Connected to a (192.0.2.1) port 80 (#0)") + "POST git-upload-pack (3 bytes)\n"
        + line("=> Send header: Authorization: Basic <redacted>")
        + line("<= Recv header: HTTP/1.1 401 Unauthorized") + line("<= Recv header: Old: yes")
        + line("<= Recv header:") + line("<= Recv header, 0000000017 bytes (0x00000011)")
        + line("<= Recv header: HTTP/2 429") + line("<= Recv header: retry-after:  30 ")
        + line("<= Recv header: Server: a:b") + "fatal: something")
    #expect(words == "POST git-upload-pack (3 bytes)\nfatal: something")
    #expect(trace.status == 429)
    #expect(trace.headers == ["retry-after": "30", "server": "a:b"])
  }

  @Test(arguments: [
    "", "\n", "a\n\nb\n", "fatal: at 05:44:38.402401 http.c:684\n",
    "05:44:38.402401 git.c:684      trace: exec\n", "05:44:38",
    "remote: <= Recv header: HTTP/2 429\n",
    "\u{FF} \u{0}\n",
  ])
  func `what is no trace stays as it is`(_ stderr: String) {
    let (words, trace) = separated(stderr)
    #expect(words == stderr)
    #expect(trace == HTTPTrace())
  }

  @Test func `somebody's own trace stays theirs`() {
    for (own, ours) in [("", "1"), ("0", "1"), ("/tmp/t", "/tmp/t"), ("3", "3")] {
      let variables = HTTPTrace.variables(inherited: ["GIT_TRACE_CURL": own])
      #expect(variables["GIT_TRACE_CURL"] == ours)
    }
    #expect(HTTPTrace.variables(inherited: [:])["GIT_TRACE_REDACT"] == "1")
  }
}
