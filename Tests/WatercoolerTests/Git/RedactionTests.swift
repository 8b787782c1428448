import Testing

@testable import Platform
@testable import Watercooler

@Suite struct RedactionTests {
  @Test(arguments: [
    ("https://user:tok@host/x.git", "https://***@host/x.git"),
    (
      "fatal: unable to access 'https://tok@host:8443/x/': no",
      "fatal: unable to access 'https://***@host:8443/x/': no"
    ),
    ("ssh://git@host/x and http://a:b@c", "ssh://***@host/x and http://***@c"),
    ("https://user:p@ss@host/x", "https://***@host/x"),
    ("https://user:pa/ss@host/x", "https://***@host/x"),
    ("https://user:p%40ss@[::1]:80/x", "https://***@[::1]:80/x"),
    ("https://üser:tök@host/ü", "https://***@host/ü"),
  ])
  func `a URL's user-info goes`(_ text: String, _ redacted: String) {
    #expect(Redaction.redact(text) == redacted)
  }

  @Test(arguments: [
    ("ghp_abcDEF123", "ghp_***"),
    ("(github_pat_11A_bc)", "(github_pat_***)"),
    ("glpat-a-b_c, more", "glpat-***, more"),
    ("password=p@ss!wörd&x", "password=***&x"),
    ("Authorization: Basic dXNlcjp0b2s=\nnext", "Authorization: Basic ***\nnext"),
    ("authorization: BEARER a.b-c", "authorization: BEARER ***"),
    ("https://host/x?access_token=abc&y=1", "https://host/x?access_token=***&y=1"),
  ])
  func `a token goes`(_ text: String, _ redacted: String) {
    #expect(Redaction.redact(text) == redacted)
  }

  @Test(arguments: [
    "", "plain text", "git@host:me/x.git", "me@example.org", "https://host/@scope/x@1.2",
    "https://host:8443/@x", "://", "https://", "laughp_s", "ghp_", "a token of thanks", "@",
  ])
  func `what is no secret stays`(_ text: String) {
    #expect(Redaction.redact(text) == text)
  }

  @Test func `redacting twice changes nothing more`() {
    let once = Redaction.redact("https://a:b@c/?token=x ghp_y")
    #expect(Redaction.redact(once) == once)
  }
}
