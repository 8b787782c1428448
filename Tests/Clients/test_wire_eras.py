"""Both eras on one connection: each request is answered in its own, whatever came before."""
import json

import pytest

from conversation import PREFIX
from schemas import HANDSHAKE, STATELESS
from wire import META, Server

VERSION, CAPABILITIES, CLIENT = (
    PREFIX + key for key in ("protocolVersion", "clientCapabilities", "clientInfo"))


@pytest.fixture
def server(place, shared_data):
    """A server that nothing was said to, asked in the stateless era."""
    with Server(place, shared_data, STATELESS) as server:
        yield server


def speaking(server, revision):
    """The server, asked in another revision from now on."""
    server.revision = revision
    return server


def without(key):
    return {name: value for name, value in META.items() if name != key}


def test_a_stateless_request_needs_nothing_before_it(server):
    assert "Entry added" in server.text("say", topic="plan", title="One", body="First")
    assert "First" in server.text("read_thread", topic="plan")


def test_what_it_is_and_offers_is_the_same_in_both_eras(server):
    discovered = server.open()
    assert discovered["supportedVersions"] == [STATELESS]
    for revision in HANDSHAKE:
        opened = speaking(server, revision).initialize()
        assert opened["instructions"] == discovered["instructions"]
        assert opened["serverInfo"].items() <= discovered["_meta"][PREFIX + "serverInfo"].items()
        assert opened["capabilities"].items() <= discovered["capabilities"].items()


@pytest.mark.parametrize("revision", HANDSHAKE)
def test_eras_can_alternate_request_by_request(server, revision):
    speaking(server, revision).initialize()
    for number in range(3):
        old = speaking(server, revision).tools()
        new = speaking(server, STATELESS).tools()
        assert [tool["name"] for tool in old] == [tool["name"] for tool in new]
        speaking(server, revision).text("say", topic="plan", title=f"old {number}", body="b")
        speaking(server, STATELESS).text("say", topic="plan", title=f"new {number}", body="b")
    read = json.loads(server.text("read_thread", topic="plan", format="json"))
    assert [entry["title"] for entry in read["entries"]] == [
        f"{era} {number}" for number in range(3) for era in ("old", "new")]


def test_initialize_may_come_again_in_another_revision(server):
    for revision in [*HANDSHAKE, *reversed(HANDSHAKE)]:
        assert speaking(server, revision).initialize()["protocolVersion"] == revision
        assert server.tools()


def test_calls_of_all_revisions_can_be_in_flight_at_once(server):
    for number, revision in enumerate([*HANDSHAKE, STATELESS] * 4):
        requests = [("tools/call", {"name": "watercooler_v1_whoami", "arguments": {}})]
        if revision != STATELESS:
            requests.insert(0, ("initialize", {"protocolVersion": revision}))
        for method, params in requests:
            server.send({"jsonrpc": "2.0", "id": f"{method} {number}", "method": method,
                         "params": speaking(server, revision).told(params)})
    while server.conversation.unanswered:
        assert "result" in server.receive()


def test_before_initialize_only_ping_and_stateless_requests_are_served(server):
    speaking(server, HANDSHAKE[-1])
    assert server.result("ping") == {}
    for method in ("tools/list", "tools/call", "resources/list", "prompts/get", "nothing"):
        assert server.error(method) == -32600
    assert speaking(server, STATELESS).tools()
    # One of the other era still must initialize.
    assert speaking(server, HANDSHAKE[-1]).error("tools/list") == -32600
    server.initialize()
    assert server.tools()


def test_initialize_with_the_members_of_a_stateless_request_is_a_handshake(server):
    result = speaking(server, HANDSHAKE[-1]).result(
        "initialize", {"protocolVersion": STATELESS, "capabilities": {}, "_meta": META})
    assert result["protocolVersion"] == HANDSHAKE[-1]


@pytest.mark.parametrize("asked", [*HANDSHAKE, "2027-01-01", "", "x" * 100_000])
def test_another_version_is_refused_with_those_that_there_are(server, asked):
    for method in ("server/discover", "tools/list", "nothing"):
        error = server.request(method, {"_meta": {VERSION: asked}})["error"]
        assert error["code"] == -32022 and len(error["message"]) < 200
        assert error["data"] == {"supported": [STATELESS], "requested": asked}
    assert server.tools()


@pytest.mark.parametrize("meta", [
    without(VERSION), without(CAPABILITIES), META | {VERSION: 7}, META | {VERSION: None},
    META | {CAPABILITIES: []}, META | {CAPABILITIES: None}])
def test_a_request_that_does_not_say_what_it_must_is_refused(server, meta):
    for method in ("server/discover", "tools/list"):
        server.send({"jsonrpc": "2.0", "id": method, "method": method, "params": {"_meta": meta}})
        assert server.receive()["error"]["code"] == -32602


def test_discovery_without_any_version_is_refused(server):
    for params in ({}, {"_meta": {}}, {"_meta": None}, {"_meta": 7}):
        server.send({"jsonrpc": "2.0", "id": 1000, "method": "server/discover", "params": params})
        assert server.receive()["error"]["code"] == -32602


@pytest.mark.parametrize("method", [
    "ping", "logging/setLevel", "resources/subscribe", "resources/unsubscribe", "nothing"])
def test_what_the_stateless_era_has_not_is_no_method_there(server, method):
    assert server.error(method, {"uri": "watercooler://threads", "level": "info"}) == -32601


def test_what_the_handshake_era_has_not_is_no_method_there(server):
    for revision in HANDSHAKE:
        speaking(server, revision).initialize()
        assert server.error("subscriptions/listen", {"notifications": {}}) == -32601
        assert server.error("logging/setLevel", {"level": "info"}) == -32601


def test_a_request_is_signed_by_the_client_that_it_names(place, shared_data):
    """Without a configured agent: neither era, and no request, lends its name to another."""
    del place.environment["WATERCOOLER_AGENT"]
    with Server(place, shared_data, HANDSHAKE[-1]) as server:
        server.initialize()

        def signature(meta=None):
            params = {"name": "watercooler_v1_whoami", "arguments": {}}
            params |= {"_meta": meta} if meta else {}
            server.send({"jsonrpc": "2.0", "id": "who", "method": "tools/call", "params": params})
            return server.receive()["result"]["structuredContent"]["signature"]

        assert signature() == "raw lines (alice)"
        assert signature(META | {CLIENT: {"name": "claude-code", "version": "1"}}) \
            == "Claude (alice)"
        assert signature(META | {CLIENT: {"name": "cursor-vscode", "version": "1"}}) \
            == "Cursor (alice)"
        assert signature(without(CLIENT)) == "Agent (alice)"
        assert signature() == "raw lines (alice)"


def test_a_stateless_request_can_be_in_a_batch_of_the_revision_that_has_them(server):
    messages = [
        {"jsonrpc": "2.0", "id": "old", "method": "tools/list"},
        {"jsonrpc": "2.0", "id": "new", "method": "tools/list", "params": {"_meta": META}}]
    server.send(messages)
    assert server.receive()["error"]["code"] == -32600
    speaking(server, "2025-03-26").initialize()
    server.send(messages)
    results = {one["id"]: one["result"] for one in server.receive()}
    assert "ttlMs" in results["new"] and "ttlMs" not in results["old"]
