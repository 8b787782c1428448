"""FastMCP: its command line and its client, which try the stateless era first."""
import json
import shlex
import sys
from pathlib import Path

import pytest
from fastmcp import Client
from fastmcp.client.transports import StdioTransport
from fastmcp.exceptions import ToolError

import programs
import traces
from awaiting import asynchronous
from programs import TOOLS

pytestmark = pytest.mark.usefixtures("checked_traces")


def fastmcp(place, command, *arguments):
    """What `fastmcp` prints about a server that it starts, to which it hands no environment."""
    server = shlex.join([
        str(programs.SERVER), "--dir", str(place.threads), "--agent", "Claude", "--user", "alice",
        "--trace", str(place.home / "fastmcp.trace")])
    program = Path(sys.executable).with_name("fastmcp")
    return json.loads(programs.call(
        program, command, "--command", server, "--json", *arguments, code=0, at=place.home,
        environment={key: place.environment[key] for key in ("HOME", "PATH")}).stdout)


def test_it_lists_what_there_is(place):
    listed = fastmcp(place, "list", "--resources", "--prompts", "--input-schema")
    assert [tool["name"] for tool in listed["tools"]] == [f"watercooler_v1_{name}" for name in TOOLS]
    assert listed["tools"][0]["inputSchema"]["required"] == ["topic", "title", "body"]
    assert [one["uri"] for one in listed["resources"]] == [
        "watercooler://threads", "watercooler://instructions"]
    assert "catch_up" in [one["name"] for one in listed["prompts"]]
    # A server that is only to list its tools leaves nothing behind.
    assert not place.threads.exists()


def test_it_calls_tools_and_reads_resources(place):
    said = fastmcp(place, "call", "--target", "watercooler_v1_say", "--input-json", json.dumps(
        {"topic": "plan", "title": "One", "body": "From the command line"}))
    assert said["is_error"] is False
    assert "✅ Entry added to 'plan'" in said["content"][0]["text"]
    [entry] = place.read("plan")["entries"]
    assert (entry["agent"], entry["body"]) == ("Claude (alice)", "From the command line")
    assert "From the command line" in json.dumps(
        fastmcp(place, "call", "--target", "watercooler://thread/plan"))


@pytest.mark.parametrize("era", ["auto", "legacy", "2026-07-28"])
@asynchronous
async def test_its_client_opens_says_and_reads(place, era):
    trace = place.home / "client.trace"
    transport = StdioTransport(
        str(programs.SERVER), ["--trace", str(trace)], env=place.environment, cwd=str(place.home),
        keep_alive=False)
    async with Client(transport, mode=era, timeout=programs.PATIENCE) as client:
        revision = "2025-11-25" if era == "legacy" else "2026-07-28"
        assert client.protocol_version == revision
        assert len(await client.list_tools()) == len(TOOLS)
        said = await client.call_tool(
            "watercooler_v1_say", {"topic": "plan", "title": "One", "body": "Hello"})
        assert said.structured_content["written"] is True
        read = await client.call_tool("watercooler_v1_read_thread", {"topic": "plan"})
        assert read.structured_content["entries"] == place.read("plan")["entries"]
        with pytest.raises(ToolError, match="not found"):
            await client.call_tool("watercooler_v1_read_thread", {"topic": "none"})
        [content] = await client.read_resource("watercooler://thread/plan")
        assert "Hello" in content.text
        assert "Hello" in str(await client.get_prompt("review_and_reply", {"topic": "plan"}))
    first = next(traces.messages(trace))[1]["method"]
    assert first == {"auto": "server/discover", "legacy": "initialize"}.get(era, "tools/list")
