"""What scripts see of the programs on one machine has not changed: objects, columns and exit codes.

RECORD=1 writes the files anew, with the programs that are tested. What they held before is to be
compared by hand, and what changed belongs into CHANGELOG.md.
"""
import pytest

import programs
import seeds
from every_tool import ID, NO_ID, fail_with_every_tool, use_every_tool
from lines import Lines


@pytest.fixture
def local(tmp_path):
    """A machine with threads of its own."""
    place = programs.Place(tmp_path)
    place.threads.mkdir()
    for name, text in seeds.threads().items():
        (place.threads / name).write_text(text)
    return place


def test_local_writing(outside, local):
    for options in (["--json"], []):
        number = 10 if options else 20
        def call(*arguments):
            outside.wc(local, *arguments, *options)
        call("init")
        call("say", "plan", "-m", "Shall we?", "--entry-id", ID.format(number))
        call("say", "plan", "-m", "Shall we?", "--entry-id", ID.format(number))
        call("append-entry", "plan", "--agent", "Codex", "--role", "critic", "--type", "Plan",
             "--title", "No", "--body", "Not yet", "--ball", "Team", "--status", "blocked")
        call("ack", "plan")
        call("handoff", "plan", "Codex", "-m", "Yours")
        call("handoff", "plan", "--note", "Back", "--as", "Codex")
        call("status", "plan", "in-progress")
        call("set-status", "plan", "in-progress")
        call("ball", "plan", "Claude")
        call("set-ball", "other", "codex")
        call("init-thread", "third", "--title", "Third", "--ball", "Codex")
        call("init-thread", "third")
        call("say", "plan", "-m", "If", "--if-ball", "claude")
        call("say", "plan", "-m", "If", "--if-ball", "Codex")
        call("say", "plan", "-m", "If", "--expect", NO_ID)
        call("ack", "plan", "--if-ball", "Nobody")
        call("handoff", "plan", "--if-ball", "Nobody")
        call("say", "plan", "-m", "x", "--require-push")
        call("say", "plan", "-m", "Another body", "--entry-id", ID.format(number))
        for topic in ("plan", "other", "third"):
            local.file(topic).unlink()


def test_local_reading(outside, local):
    (local.threads / "README.md").write_text("# No thread\n")
    for options in (["--json"], []):
        def call(*arguments, **variables):
            outside.wc(local, *arguments, *options, **variables)
        for arguments in ([], ["--open"], ["--open-only"], ["--closed"], ["--all"], ["--mine"],
                          ["--open", "--closed"], ["--mine", "--as", "Codex (bob)"],
                          ["--mine", "--closed"]):
            call("list", *arguments)
        call("list", "--threads-dir", str(local.home), WATERCOOLER_DIR="")
        call("read", "yours")
        call("read", "YOURS", "--last", "1")
        call("read", "yours", "--from", "1")
        call("read", "legacy")
        call("read", "empty")
        call("search", "deadline")
        call("search", "Entry", "1", "--by", "Codex", "--limit", "2")
        call("search", "of", "theirs", "--topic", "theirs")
        call("search", "no such words")
        call("updates", "--limit", "1")
        call("updates", "--topic", "waiting", "--as", "Gemini")
        call("updates", "--since", "2026-01-06T00:00:00Z")
        call("wait", "--ball", "me", "--timeout", "1s")
        call("wait", "legacy", "--timeout", "1s", "--as", "Cursor")
        call("wait", "empty", "--timeout", "1s")
        call("whoami")
        call("whoami", "--as", "Gemini (carol)")
        call("unlock", "yours")
        call("version")
        call("config")
        call("config", "--show")
        call("config", "agent")
        call("config", "counterpart")
        call("reindex")
        call("reindex", "--out", "index.txt", "--open")
        call("web-export", "--out", "index.html")
        call("doctor")
        for words in (["sync"], ["outbox"], ["outbox", "drop", NO_ID], ["log"], ["stats"]):
            call(*words)
        call("help")
        call("help", "say")
    outside.wc(local, "read", "yours", "--raw")
    outside.wc(local, "completion", "bash")
    index = (local.home / "index.txt").read_text().splitlines()
    outside.other("index.txt", [line.split(" | ") for line in index])


def test_local_damage(outside, local):
    local.file("damaged").write_text(seeds.DAMAGED)
    local.file("binary").write_bytes(b"---\nformat: 1\ntopic: binary\n---\n\0\xff")
    for options in (["--json"], []):
        for arguments in (
                ["list"], ["read", "damaged"], ["read", "damaged", "--raw"], ["read", "binary"],
                ["search", "deadline", "--topic", "damaged"], ["updates", "--topic", "damaged"],
                ["say", "damaged", "-m", "x"], ["ack", "damaged"], ["handoff", "damaged"],
                ["status", "damaged", "closed"], ["ball", "damaged", "Codex"],
                ["init-thread", "damaged"], ["doctor"], ["doctor", "--dry-run"],
                ["doctor", "--fix"]):
            outside.wc(local, *arguments, *options)
    with outside.server(local) as call:
        for tool in ("read_thread", "ack"):
            call(tool, topic="damaged")
        call("list_threads")
        call("list_updates", topics=["damaged"])
        call("health")


def test_local_tools(outside, local):
    with outside.server(local) as call:
        use_every_tool(call)
        call("sync")
        call("wait", topic="waiting", timeout_s=1, agent="Cursor")
        call("wait", topic="empty", timeout_s=1)
        fail_with_every_tool(call)


def test_failures_and_usage(outside, local):
    """Exit codes 1 and 2, for each reason that there is."""
    local.environment["EDITOR"] = "false"
    for arguments in USAGE + FAILURES:
        outside.wc(local, *arguments)


USAGE = [
    ["help", "nonsense"], ["help", "a", "b"],
    *[[command, "--nonsense"] for command in (
        "init", "say", "ack", "handoff", "status", "ball", "read", "list", "updates", "wait",
        "search", "sync", "outbox", "log", "stats", "doctor", "whoami", "config", "mcp",
        "completion", "reindex", "web-export", "init-thread", "unlock", "help", "version",
        "append-entry", "set-status", "set-ball")],
    *[[command] for command in (
        "say", "ack", "handoff", "status", "ball", "read", "search", "mcp", "completion",
        "init-thread", "unlock")],
    *[[command, "a", "b", "c"] for command in (
        "init", "say", "ack", "handoff", "status", "ball", "read", "list", "updates", "wait",
        "sync", "outbox", "log", "stats", "doctor", "whoami", "config", "mcp", "completion",
        "reindex", "web-export", "init-thread", "unlock", "version")],
    ["status", "yours"], ["ball", "yours"], ["mcp", "config"], ["mcp", "nonsense", "codex"],
    ["mcp", "test", "codex", "--as", "x"], ["completion", "nonsense"], ["say", "yours", "-m"],
    ["read", "yours", "--last", "x"], ["read", "yours", "--last", "-1"],
    ["read", "yours", "--from", "1.5"], ["read", "yours", "--follow", "--raw"],
    ["list", "--json=x"], ["log", "--limit", "x"], ["search", "x", "--limit", "x"],
    ["updates", "--limit", "x"], ["wait", "--timeout", "0"], ["wait", "--timeout", "soon"],
    ["wait", "--ball", "Codex"], ["sync", "--watch", "x"], ["sync", "--watch", "0"],
    ["outbox", "keep", "x"], ["outbox", "drop"], ["say", "yours", "-m", "x", "-F", "y"],
    ["say", "yours", "nodash"],
]
FAILURES = [
    *[[command, "nowhere"] for command in ("read", "ack", "wait")],
    ["status", "nowhere", "closed"], ["set-status", "nowhere", "closed"],
    ["ball", "nowhere", "Codex"], ["say", "a/b", "-m", "x"], ["read", "a/b"], ["read", ""],
    ["say", "yours"], ["say", "yours", "-m", " "], ["say", "yours", "-F", "nowhere"],
    ["say", "yours", "--body", "@nowhere"], ["say", "yours", "-m", "x", "--entry-id", "x"],
    ["say", "yours", "-m", "x", "--expect", "x"], ["say", "yours", "-m", "x", "-t", "two\nlines"],
    ["say", "yours", "-m", "x", "--as", ""], ["config", "nowhere"], ["config", "nowhere", "x"],
    ["updates", "--since", "yesterday"], ["updates", "--topic", "nowhere"],
    ["search", ""], ["search", "x", "--topic", "nowhere"], ["mcp", "config", "emacs"],
    ["mcp", "test", "codex"], ["mcp", "install", "claude-desktop", "--project"],
    ["reindex", "--out", "/dev/null/index.md"], ["read", "--", "-x"],
    ["outbox", "drop", NO_ID], ["sync", "--watch", "1"], ["unlock", "a/b"],
]


@pytest.mark.parametrize("client", ["claude-code", "codex", "cursor", "gemini", "vscode"])
def test_clients(outside, local, client):
    # The user's own file is elsewhere on each system.
    options = ["--project"] if client == "vscode" else []
    outside.json(local, "mcp", "config", client, "--as", "Gemini", *options)
    outside.json(local, "mcp", "install", client, "--dry-run", *options)
    for _ in range(2):
        outside.json(local, "mcp", "install", client, *options)
    outside.json(local, "mcp", "test", client, *options)


def test_offers(outside, local):
    """The tools, and what they take and give."""
    with Lines(local, programs.SERVER) as server:
        server.initialize("2025-11-25")
        outside.other("tools/list", server.result("tools/list"))
