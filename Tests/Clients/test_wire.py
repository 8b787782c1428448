"""Every tool in every revision; `wire.Server` checks each line."""
import json

import pytest

from lines import Lines
from programs import TOOLS
from schemas import HANDSHAKE, REVISIONS, STATELESS
from wire import Server


@pytest.fixture(params=REVISIONS)
def server(request, place, shared_data):
    with Server(place, shared_data, request.param) as server:
        server.open()
        yield server


@pytest.mark.parametrize("asked", [*HANDSHAKE, STATELESS, "1999-01-01", ""])
def test_a_known_revision_is_agreed_to_and_another_gets_the_newest(asked, place, shared_data):
    agreed = asked if asked in HANDSHAKE else HANDSHAKE[-1]
    with Server(place, shared_data, agreed) as server:
        result = Lines.initialize(server, asked)
        assert result["protocolVersion"] == agreed
        assert result["serverInfo"]["name"] == "watercooler"
        assert len(server.tools()) == len(TOOLS)


def test_tools_are_listed_on_one_page_and_say_what_they_do(server):
    tools = server.tools()
    assert [tool["name"] for tool in tools] == [f"watercooler_v1_{name}" for name in TOOLS]
    assert server.tools() == tools
    for tool in tools:
        assert len(tool["description"].encode()) < 2048
        assert len(tool["name"]) < 33
        assert tool["inputSchema"]["type"] == "object"
        assert ("outputSchema" in tool) == (server.revision >= "2025-06-18")
        assert ("annotations" in tool) == (server.revision >= "2025-03-26")
        if "annotations" in tool:
            assert len(tool["annotations"]) == 5
    assert server.error("tools/list", {"cursor": "1"}) == -32602


def test_tools_list_is_small(server):
    tools = server.tools()
    whole = len(json.dumps({"tools": tools}, separators=(",", ":"), ensure_ascii=False).encode())
    for tool in tools:
        tool.pop("outputSchema", None)
    size = len(json.dumps({"tools": tools}, separators=(",", ":"), ensure_ascii=False).encode())
    print(f"tools/list in {server.revision}: {size} bytes without output schemas, {whole} with")
    assert size < 12_000


def test_every_tool_does_its_work(server, place):
    server.tools()
    said = server.text(
        "say", topic="plan", title="Shall we?", body="Ship on **Friday**.\n\nOr not?",
        role="planner", entry_type="Plan", ball="Codex", status="in_review")
    for line in ["✅ Entry added to 'plan'", "Title: Shall we?", "Role: planner | Type: Plan",
                 "Ball flipped to: Codex", "Status: IN_REVIEW"]:
        assert line in said.splitlines()
    acked = server.text("ack", topic="plan", agent="Codex (bob)")
    assert "✅ Acknowledged 'plan'" in acked and "Ball remains with: Codex" in acked
    handed = server.text("handoff", topic="plan", note="Yours", target_agent="Cursor")
    assert "Ball handed off to: Cursor" in handed
    assert "Ship on **Friday**." in server.text("list_updates", agent="Zoe", topics=["plan"])
    assert "Yours" in server.text("wait", agent="Joe", topic="plan")
    closed = server.text("set_status", topic="plan", status="closed")
    assert "✅ Status updated for 'plan'" in closed
    assert "Codex (bob)" in server.text("set_ball", topic="plan", ball="Codex (bob)")
    read = server.text("read_thread", topic="plan")
    for word in ["# Shall we?", "Ship on **Friday**.", "Yours", "Status: CLOSED", "Codex (bob)"]:
        assert word in read
    assert "plan: Shall we?" in server.text("list_threads")
    assert "Nothing new." in server.text("list_updates")
    assert "Nothing came" in server.text("wait", timeout_s=0)
    assert "plan [0]: Ship on **Friday**." in server.text("search", query="friday")
    assert "nothing to sync" in server.text("sync")
    assert "plan.md" in server.text("reindex")
    assert "Claude (alice)" in server.text("whoami")
    assert "1 threads, 3 entries" in server.text("health")
    assert [path.name for path in place.threads.glob("[!.]*")] == ["plan.md"]


def test_what_is_structured_is_what_is_said(server):
    server.tools()
    server.call("say", topic="plan", title="One", body="First")
    for tool, arguments in [("read_thread", {"topic": "plan"}), ("list_threads", {})]:
        result = server.call(tool, **arguments, format="json")
        told = json.loads(result["content"][0]["text"])
        if server.revision >= "2025-06-18":
            assert result["structuredContent"] == told
        else:
            assert "structuredContent" not in result


def test_short_names_and_unknown_arguments_are_understood(server):
    result = server.result("tools/call", {"name": "watercooler_say", "arguments": {
        "topic": "old", "title": "t", "body": "b", "code_path": ".", "agent_func": "x",
        "create_if_missing": True}})
    assert result["isError"] is False


@pytest.mark.parametrize("tool, arguments", [
    ("say", {}), ("say", {"topic": "x", "title": "t"}), ("say", {"topic": 7}),
    ("say", {"topic": "../x", "title": "t", "body": "b"}),
    ("say", {"topic": "x", "title": "a\nb", "body": "b"}),
    ("say", {"topic": "x", "title": "t", "body": "nul \0"}),
    ("say", {"topic": "x", "title": "t", "body": "b", "entry_id": "no ULID"}),
    ("say", {"topic": "x", "title": "t", "body": "b", "if_ball": "Codex"}),
    ("say", {"topic": "x", "title": "t" * 201, "body": "b"}),
    ("say", {"topic": "x", "title": "t", "body": "b" * (1 << 20) + "b"}),
    ("ack", {"topic": "none"}), ("set_status", {"topic": "none", "status": "CLOSED"}),
    ("set_ball", {"topic": "none", "ball": "Codex"}), ("set_ball", {"topic": "none"}),
])
def test_a_write_that_fails_says_so_and_writes_nothing(server, place, tool, arguments):
    server.tools()
    text = server.failure(tool, **arguments)
    assert text.startswith("Error: ") and "Written: no" in text and len(text) < 10_000
    assert not place.threads.exists() or list(place.threads.glob("[!.]*")) == []


@pytest.mark.parametrize("tool, arguments", [
    ("read_thread", {}), ("read_thread", {"topic": "none"}),
    ("read_thread", {"topic": "plan", "from_entry": -1}),
    ("read_thread", {"topic": "plan", "since": "yesterday"}),
    ("read_thread", {"topic": "plan", "limit": "many"}), ("list_threads", {"cursor": "x"}),
    ("list_threads", {"open_only": "perhaps"}), ("search", {}), ("search", {"query": " "}),
    ("search", {"query": "x", "topics": [1]}), ("list_threads", {"agent": "a\nb"}),
    ("list_updates", {"since": "yesterday"}), ("list_updates", {"topics": [7]}),
    ("wait", {"for": "godot"}), ("wait", {"timeout_s": -1}), ("wait", {"since": "never"}),
    ("wait", {"topic": "../plan"}),
])
def test_a_reading_that_fails_says_why(server, tool, arguments):
    server.tools()
    server.call("say", topic="plan", title="One", body="First")
    text = server.failure(tool, **arguments)
    assert text.startswith("Error: ") and "Written" not in text and len(text) < 10_000


def test_the_nearest_topic_is_named(server):
    server.call("say", topic="release-plan", title="One", body="First")
    assert "release-plan" in server.failure("read_thread", topic="relaese-plan")
