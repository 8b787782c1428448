"""`mcp-proxy` before the server: Streamable HTTP on loopback for clients that start no programs."""
import subprocess
import sys
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path

import pytest
from mcp import ClientSession
from mcp.client.streamable_http import streamable_http_client

import programs
from awaiting import asynchronous
from programs import TOOLS, eventually
from remotes import descendants, free_port, is_listening

pytestmark = pytest.mark.usefixtures("checked_traces")


@contextmanager
def proxy(place):
    """The address of a proxy in front of a server."""
    port = free_port()
    program = Path(sys.executable).with_name("mcp-proxy")
    with (place.home / "proxy.log").open("wb") as log:
        process = place.start(
            program, "--port", port, "--pass-environment", "--", programs.SERVER,
            "--trace", place.home / "proxy.trace", stdout=subprocess.DEVNULL, stderr=log)
    try:
        eventually(lambda: process.poll() is not None or is_listening(port), "the proxy")
        assert process.poll() is None, (place.home / "proxy.log").read_text()
        servers = descendants(process.pid)
        assert len(servers) == 1
        yield f"http://127.0.0.1:{port}/mcp"
    finally:
        process.terminate()
        process.wait(programs.PATIENCE)
    eventually(lambda: not Path(f"/proc/{servers[0]}").exists(), "the end of the server")


@asynccontextmanager
async def session(url):
    async with streamable_http_client(url) as (reading, writing, _), \
            ClientSession(reading, writing) as client:
        opening = await client.initialize()
        assert opening.serverInfo.name == "watercooler"
        yield client


@asynchronous
async def test_it_carries_initialize_say_and_read(place):
    with proxy(place) as url:
        async with session(url) as client:
            tools = (await client.list_tools()).tools
            assert [tool.name for tool in tools] == [f"watercooler_v1_{name}" for name in TOOLS]
            said = await client.call_tool(
                "watercooler_v1_say", {"topic": "plan", "title": "One", "body": "Hello 🚢"})
            assert said.structuredContent["written"] is True
        # Another client finds what the first one said.
        async with session(url) as client:
            await client.list_tools()
            read = await client.call_tool("watercooler_v1_read_thread", {"topic": "plan"})
            assert read.structuredContent["entries"] == place.read("plan")["entries"]
            assert [entry["body"] for entry in read.structuredContent["entries"]] == ["Hello 🚢"]
            failed = await client.call_tool("watercooler_v1_read_thread", {"topic": "none"})
            assert failed.isError and "not found" in failed.content[0].text
