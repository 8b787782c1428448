"""The client library `mcp` in its two release lines, under one face."""
import itertools
import json
from contextlib import asynccontextmanager
from importlib.metadata import version

import anyio
from mcp import StdioServerParameters
from mcp.types import PromptReference, ResourceTemplateReference
from pydantic import AnyUrl

import programs

IS_OLD = version("mcp").startswith("1.")
# How a connection can open, and what it speaks then: the older line knows one way.
REVISIONS = {"handshake": "2025-11-25"} if IS_OLD else {
    "legacy": "2025-11-25", "auto": "2026-07-28", "2026-07-28": "2026-07-28"}

if IS_OLD:
    from mcp import ClientSession, McpError as ProtocolError
    from mcp.client.stdio import stdio_client
else:
    from mcp import Client, MCPError as ProtocolError

_traces = itertools.count()


class Session:
    """A connection that is open."""

    def __init__(self, client, mode, opening, heard):
        self.client = client
        self.is_stateless = REVISIONS[mode] >= "2026"
        self.opening = opening
        # What the server said unasked, by its method.
        self.heard = heard

    async def tools(self):
        return (await self.client.list_tools()).tools

    async def ping(self):
        await self.client.send_ping()

    async def call(self, tool, **arguments):
        """Text, structured content, and whether it is an error."""
        result = await self.client.call_tool(f"watercooler_v1_{tool}", arguments)
        told = plain(result)
        [content] = told["content"]
        return content["text"], told.get("structuredContent"), told["isError"]

    async def done(self, tool, **arguments):
        """The structured content of a call that succeeds."""
        text, structured, is_error = await self.call(tool, **arguments)
        assert not is_error, text
        return structured

    async def resources(self):
        return plain(await self.client.list_resources())["resources"]

    async def templates(self):
        return plain(await self.client.list_resource_templates())["resourceTemplates"]

    async def read(self, uri):
        [content] = plain(await self.client.read_resource(self._uri(uri)))["contents"]
        return content["text"]

    async def subscribe(self, uri):
        await self.client.subscribe_resource(self._uri(uri))

    async def unsubscribe(self, uri):
        await self.client.unsubscribe_resource(self._uri(uri))

    async def prompts(self):
        return plain(await self.client.list_prompts())["prompts"]

    async def prompt(self, name, **arguments):
        [message] = plain(await self.client.get_prompt(name, arguments))["messages"]
        return message["content"]["text"]

    async def completed(self, reference, name, value):
        """The values for an argument of a prompt, or of a template if that is the reference."""
        reference = (ResourceTemplateReference(type="ref/resource", uri=reference)
                     if "{" in reference else PromptReference(type="ref/prompt", name=reference))
        result = await self.client.complete(reference, {"name": name, "value": value})
        return plain(result)["completion"]["values"]

    @staticmethod
    def _uri(text):
        return AnyUrl(text) if IS_OLD else text


def plain(result):
    """A result as it came over the wire."""
    return json.loads(result.model_dump_json(by_alias=True))


@asynccontextmanager
async def connected(place, mode, *command, **environment):
    """A connection to a server of its own, which leaves a trace in the home; or to what a command
    leads to."""
    if not command:
        trace = place.home / f"{next(_traces)}.trace"
        command = [str(programs.SERVER), "--trace", str(trace)]
    parameters = StdioServerParameters(
        command=command[0], args=command[1:], env=place.environment | environment,
        cwd=str(place.home))
    heard = []

    async def hear(message):
        if not isinstance(message, Exception) and hasattr(message, "model_dump_json"):
            heard.append(plain(message))

    with anyio.fail_after(programs.PATIENCE):
        if IS_OLD:
            async with stdio_client(parameters) as streams, \
                    ClientSession(*streams, message_handler=hear) as client:
                opening = await client.initialize()
                yield Session(client, mode, plain(opening), heard)
        else:
            async with Client(parameters, mode=mode, message_handler=hear) as client:
                info = client.server_info
                yield Session(client, mode, {
                    "protocolVersion": client.protocol_version,
                    "serverInfo": {"name": info.name} if info else None,
                    "instructions": client.instructions,
                }, heard)
