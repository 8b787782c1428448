import Testing

@testable import Platform
@testable import Watercooler

@Suite struct RetryAfterTests {
  private static let now = Timestamp(seconds: 1_800_000_000)

  private func trace(_ status: Int, _ headers: String...) -> HTTPTrace {
    let lines = ["HTTP/1.1 \(status) Words"] + headers
    var stderr = Array(
      lines.map { "05:44:38.402401 http.c:684              <= Recv header: \($0)\n" }.joined().utf8)
    return HTTPTrace(removedFrom: &stderr)
  }

  private func seconds(_ status: Int, _ headers: String...) -> Int64? {
    let lines = headers.joined(separator: "\n05:44:38.402401 http.c:684    <= Recv header: ")
    return RetryAfter(trace(status, lines), now: Self.now).map {
      $0.until.seconds - Self.now.seconds
    }
  }

  @Test func `seconds, or a date by the host's own clock`() {
    // The second that has begun is waited for too.
    #expect(seconds(429, "Retry-After: 30") == 31)
    #expect(seconds(503, "retry-after: 1") == 2)
    let date = "Retry-After: Sun, 06 Nov 1994 08:51:37 GMT"
    #expect(seconds(429, date, "Date: Sun, 06 Nov 1994 08:49:37 GMT") == 121)
    #expect(seconds(429, "Retry-After: Fri, 15 Jan 2027 08:00:10 GMT") == 11)
  }

  @Test(arguments: ["", "0", "-5", "soon", "1.5", "12 s", "+3", "0x10", "٣"])
  func `what is no time is none`(_ value: String) {
    #expect(seconds(429, "Retry-After: \(value)") == nil)
  }

  @Test func `a moment that is over, another status, or no header is none`() {
    #expect(seconds(429, "Retry-After: Sun, 06 Nov 1994 08:49:37 GMT") == nil)
    #expect(seconds(429, "Server: x") == nil)
    #expect(seconds(200, "Retry-After: 30") == nil)
    #expect(seconds(301, "Retry-After: 30") == nil)
    #expect(RetryAfter(HTTPTrace()) == nil)
  }

  @Test(arguments: ["3600", "86400", "99999999999999999999999", "Fri, 31 Dec 9999 23:59:59 GMT"])
  func `an hour is the longest`(_ value: String) {
    #expect(seconds(429, "Retry-After: \(value)") == 3601)
  }

  @Test(arguments: [
    "Sun, 06 Nov 1994 08:49:37 GMT", "Sun Nov  6 08:49:37 1994", "Sun Nov 06 08:49:37 1994",
  ])
  func `a date of HTTP`(_ text: String) {
    #expect(HTTPDate(text)?.time.description == "1994-11-06T08:49:37Z")
    #expect(HTTPDate("\(text) x") == nil)
  }

  @Test func `a date of HTTP with a short year, and what is none`() {
    #expect(HTTPDate("Friday, 01-Jan-27 00:00:00 GMT")?.time.description == "2027-01-01T00:00:00Z")
    for text in ["", "2027-01-01T00:00:00Z", "Sun, 06 Foo 1994 08:49:37 GMT", "Sun, 6 Nov 1994"] {
      #expect(HTTPDate(text) == nil)
    }
  }

  @Test func `it passes by itself, and says when`() {
    let problem = RetryAfter(trace(429, "Retry-After: 30"), now: Self.now)?.problem
    #expect(
      problem?.message
        == "the remote asks to be left alone until 2027-01-15T08:00:31Z (it answered 429)")
    #expect(problem?.isPassing == true)
    #expect(problem?.hint?.hasPrefix("nothing to do") == true)
  }
}
