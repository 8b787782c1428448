import Foundation
import TestSupport
import Testing

@testable import Platform
@testable import Watercooler

@Suite struct ServerLocationTests {
  private let home: TestWorkspace

  /// Programs as a package manager installs them: in a directory of their version, with links.
  init() throws {
    home = try TestWorkspace()
    for name in ["cellar/1.0/bin", "local/bin", "other"] { try home.home.makeDirectory(name) }
    for name in ["watercooler", "watercooler-mcp"] {
      try home.home.write("", to: "cellar/1.0/bin/\(name)", executable: true)
      try home.home.link("local/bin/" + name, to: "../../cellar/1.0/bin/" + name)
    }
    try home.home.link("local/bin/wc", to: "watercooler")
    try home.home.link("other/wc", to: home.home.path("local/bin/wc"))
    try home.home.link("project/wc", to: home.home.path("cellar/1.0/bin/watercooler"))
  }

  private func find(_ argument: String, path: String = "") throws -> String {
    let path = path.split(separator: ":").map { home.home.path(String($0)) }
    let found = try ServerLocation.find(
      argument: argument, program: home.home.path("cellar/1.0/bin/watercooler"),
      configuration: home.configuration(["PATH": path.joined(separator: ":")]))
    return String(found.dropFirst(home.home.path.count + 1))
  }

  @Test(arguments: [
    ("wc", "nowhere:local/bin", "local/bin/watercooler-mcp"),
    // The link is followed one step, to where both programs are.
    ("wc", "other", "local/bin/watercooler-mcp"),
    ("../local/bin/../bin/wc", "", "local/bin/watercooler-mcp"),
    ("./wc", "", "cellar/1.0/bin/watercooler-mcp"),
    // Called by a name that cannot be found.
    ("wc", "threads", "cellar/1.0/bin/watercooler-mcp"),
    ("/nowhere/wc", "", "cellar/1.0/bin/watercooler-mcp"),
  ])
  func `the server is found beside the program, under the path that stays`(
    _ argument: String, _ path: String, _ server: String
  ) throws {
    #expect(try find(argument, path: path) == server)
  }

  @Test func `another program of the same name is not it`() throws {
    for name in ["wc", "watercooler-mcp"] {
      try home.home.write("", to: "threads/\(name)", executable: true)
    }
    #expect(try find("wc", path: "threads:local/bin") == "local/bin/watercooler-mcp")
  }

  @Test func `without one the error says what to do`() throws {
    let program = home.home.path("cellar/1.0/bin/watercooler")
    for place in ["local/bin", "cellar/1.0/bin"] {
      try FileManager.default.removeItem(atPath: home.home.path(place + "/watercooler-mcp"))
    }
    #expect(throws: HostError.noServer(besides: program)) { try find("wc", path: "local/bin") }
  }
}
