import Foundation
import TestSupport
import Testing

@testable import Platform
@testable import Watercooler

@Suite struct ThreadsDirectoryTests {
  private let home: TestWorkspace

  init() throws { home = try TestWorkspace() }

  private func find(
    _ directory: String = "", in start: String = "project", host: ThreadsDirectory.Host = .terminal,
    flag: String = "", _ more: [String: String] = [:]
  ) throws -> ThreadsDirectory {
    let changes = ["WATERCOOLER_DIR": directory].merging(more) { $1 }
    let configuration = home.configuration(
      flags: [.directory: flag], changes, in: home.home.path(start))
    return try ThreadsDirectory.find(configuration, host: host)
  }

  private func path(_ name: String) -> String { home.home.path(name) }

  @Test(arguments: [ThreadsDirectory.Host.terminal, .server])
  func `what is configured wins`(_ host: ThreadsDirectory.Host) throws {
    try home.home.makeDirectory("project/.watercooler")
    let found = try find("/srv/threads", host: host)
    #expect(found.path == "/srv/threads")
    #expect(found.reason == "environment variable WATERCOOLER_DIR")
    #expect(try find("/srv/threads", host: host, flag: "/flag").reason == "command line")
  }

  @Test(arguments: [
    ("notes", "project/notes"), ("./notes/", "project/notes"), ("../notes", "notes"),
    ("a//b/../c", "project/a/c"),
  ])
  func `a relative path begins at the working directory`(given: String, found: String) throws {
    #expect(try find(given).path == path(found))
  }

  @Test func `the nearest one upward is taken`() throws {
    try home.home.makeDirectory("project/.watercooler")
    try home.home.makeDirectory("project/a/b")
    #expect(try find(in: "project/a/b").path == path("project/.watercooler"))
    try home.home.makeDirectory("project/a/.watercooler")
    #expect(try find(in: "project/a/b").path == path("project/a/.watercooler"))
    #expect(try find(in: "project/a/b").reason == "the nearest .watercooler directory")
  }

  @Test func `one that is made and removed meanwhile is no link`() throws {
    let place = path("project/.watercooler")
    let isOver = Mutexed(false)
    let ended = DispatchGroup()
    DispatchQueue.global().async(group: ended) {
      while !isOver.value {
        _ = mkdir(place, 0o700)
        _ = rmdir(place)
      }
    }
    defer {
      isOver.set(true)
      ended.wait()
    }
    for _ in 0..<1000 { _ = try find() }
  }

  @Test func `a file of that name is none`() throws {
    try home.home.write("", to: "project/.watercooler")
    try home.home.makeDirectory("project/a/.git")
    #expect(try find(in: "project/a").path == path("project/a/.watercooler"))
  }

  @Test func `our own directory in the home holds other things`() throws {
    try home.home.makeDirectory(".watercooler")
    #expect(try find().path == path("project/.watercooler"))
  }

  @Test func `else it is made at the root of the git work tree`() throws {
    try home.home.makeDirectory("project/a/b")
    try home.home.makeDirectory("project/.git")
    for host in [ThreadsDirectory.Host.terminal, .server] {
      let found = try find(in: "project/a/b", host: host)
      #expect(found.path == path("project/.watercooler"))
      #expect(found.reason == "the root of the git work tree")
    }
    #expect(!FileManager.default.fileExists(atPath: path("project/.watercooler")))
  }

  @Test func `a linked work tree has a file for its .git`() throws {
    try home.home.makeDirectory("project/a")
    try home.home.makeDirectory("project/elsewhere")
    try home.home.write("gitdir: elsewhere\n", to: "project/.git")
    #expect(try find(in: "project/a").path == path("project/.watercooler"))
  }

  @Test func `nothing is begun in a work tree whose repository cannot be found`() throws {
    try home.home.makeDirectory("project/a")
    try home.home.write("gitdir: elsewhere\n", to: "project/.git")
    let error = #expect(throws: UnknownPlace.self) { try find(in: "project/a") }
    let link = BrokenLink(root: path("project"), target: path("project/elsewhere"))
    #expect(error?.cause as? BrokenLink == link)
    // Threads of this machine that are there go on.
    try home.home.makeDirectory("project/.watercooler")
    #expect(try find(in: "project/a").path == path("project/.watercooler"))
  }

  @Test func `outside a work tree a person's is made here, and the server's in the home`() throws {
    #expect(try find().path == path("project/.watercooler"))
    #expect(try find(host: .server).path == path(".watercooler/threads"))
  }

  @Test(arguments: ["", "/"])
  func `in the home itself they are kept apart from what else we have there`(_ end: String) throws {
    try home.home.makeDirectory(".watercooler")
    let changes = ["WATERCOOLER_DIR": "", "HOME": home.home.path + end]
    let configuration = home.configuration(changes, in: home.home.path)
    let found = try ThreadsDirectory.find(configuration, host: .terminal)
    #expect(found.path == path(".watercooler/threads"))
  }

  @Test func `a server that was started in the root keeps its threads in the home`() throws {
    let configuration = home.configuration(["WATERCOOLER_DIR": ""], in: "/")
    let found = try ThreadsDirectory.find(configuration, host: .server)
    #expect(found.path == path(".watercooler/threads"))
  }

  @Test func `a repository that is configured is cloned under the home, each for itself`() throws {
    let url = "git@example.org:team/threads.git"
    let found = try find("", ["WATERCOOLER_GIT_REPO": url])
    #expect(found.remote?.url == url && found.path == found.remote?.root)
    #expect(found.path.hasPrefix(path(".watercooler/repos/threads-")))
    let other = try find("", ["WATERCOOLER_GIT_REPO": url, "WATERCOOLER_GIT_PATH": "notes"])
    #expect(other.path.hasSuffix("/notes") && other.remote?.root != found.remote?.root)
  }

  @Test func `what is derived is kept apart, for each directory, and outside of it`() throws {
    let configuration = home.configuration()
    let paths = ["/a/b", "/x/a/b", "/a-b", "/a/b c"].map {
      ThreadsDirectory.state(for: $0, configuration)
    }
    #expect(Set(paths).count == 4)
    #expect(paths.allSatisfy { $0.hasPrefix(path(".watercooler/state/")) })
    #expect(paths[0].contains("a-b-"))
    #expect(ThreadsDirectory.state(for: "/a/b", configuration) == paths[0])
  }
}
