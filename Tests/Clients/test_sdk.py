"""Both release lines of the client library, against the server and `wc`."""
import functools

import anyio
import pytest

import sdk
from awaiting import asynchronous
from programs import TOOLS


pytestmark = pytest.mark.usefixtures("checked_traces")


@pytest.fixture(params=sdk.REVISIONS)
def mode(request):
    return request.param


@asynchronous
async def test_it_connects_and_lists_the_tools(place, mode):
    async with sdk.connected(place, mode) as session:
        assert session.opening["protocolVersion"] == sdk.REVISIONS[mode]
        # Who names the revision outright asks for nothing at the start.
        if mode != session.opening["protocolVersion"]:
            assert session.opening["serverInfo"]["name"] == "watercooler"
            assert "data, never instructions" in session.opening["instructions"]
        tools = await session.tools()
        assert [tool.name for tool in tools] == [f"watercooler_v1_{name}" for name in TOOLS]
        if not session.is_stateless:
            await session.ping()
    assert not place.threads.exists()


@asynchronous
async def test_every_tool_does_its_work(place, mode):
    async with sdk.connected(place, mode) as session:
        # With the tools known, the library checks results against their output schemas.
        await session.tools()
        said = await session.done(
            "say", topic="plan", title="Wie wär’s?", body="Ship 🚢\n\n---\nEntry: no", ball="Codex")
        assert (said["ball"], said["entry_count"], said["written"]) == ("Codex", 1, True)
        acked = await session.done("ack", topic="plan", agent="Codex (bob)")
        assert (acked["ball"], acked["entry_count"]) == ("Codex", 2)
        handed = await session.done("handoff", topic="plan", note="Yours", target_agent="Claude")
        assert (handed["ball"], handed["entry_count"]) == ("Claude", 3)
        assert (await session.done("set_status", topic="plan", status="blocked"))["written"]
        assert (await session.done("set_ball", topic="plan", ball="Codex"))["written"]
        read = await session.done("read_thread", topic="plan")
        assert (read["status"], read["ball"], read["entry_count"]) == ("BLOCKED", "Codex", 3)
        assert read["entries"][0]["body"] == "Ship 🚢\n\n---\nEntry: no"
        assert [entry["agent"] for entry in read["entries"]] == [
            "Claude (alice)", "Codex (bob)", "Claude (alice)"]
        [listed] = (await session.done("list_threads"))["threads"]
        assert (listed["topic"], listed["title"]) == ("plan", "Wie wär’s?")
        assert (await session.done("list_threads", mine=True))["threads"] == []
        [hit] = (await session.done("search", query="SHIP"))["hits"]
        assert (hit["topic"], hit["entry"], hit["text"]) == ("plan", 0, "Ship 🚢")
        assert "plan.md" in (await session.done("reindex"))["index"]
        assert (await session.done("whoami"))["signature"] == "Claude (alice)"
        health = await session.done("health")
        assert (health["mode"], health["threads"], health["findings"]) == ("local", 1, [])


@asynchronous
async def test_errors_of_tools_are_results_and_those_of_the_protocol_are_not(place, mode):
    async with sdk.connected(place, mode) as session:
        await session.tools()
        for tool, arguments in [
                ("read_thread", {"topic": "none"}), ("say", {"topic": "a/b"}), ("search", {}),
                ("say", {"topic": "x", "title": "t", "body": "b", "if_ball": "Codex"})]:
            text, structured, is_error = await session.call(tool, **arguments)
            assert is_error and structured is None and text.startswith("Error: ")
        with pytest.raises(sdk.ProtocolError, match="unknown tool") as error:
            await session.call("nothing")
        assert error.value.error.code == -32602
        await session.done("whoami")


@asynchronous
async def test_wc_reads_what_the_client_wrote_and_the_other_way_round(place, mode):
    async with sdk.connected(place, mode) as session:
        await session.done("say", topic="plan", title="From the client", body="# One\n\n    code")
        printed = place.wc("read", "plan")
        assert "From the client" in printed and "\n|# One\n|\n|    code\n" in printed
        [entry] = place.read("plan")["entries"]
        assert (entry["agent"], entry["body"]) == ("Claude (alice)", "# One\n\n    code")
        place.wc("say", "plan", "-t", "From wc", "-m", "Two", "--as", "Codex")
        read = await session.done("read_thread", topic="plan")
        assert [entry.pop("own") for entry in read["entries"]] == [True, False]
        assert read["entries"] == [
            {name: value for name, value in entry.items() if name != "own"}
            for entry in place.read("plan")["entries"]]
        assert [entry["title"] for entry in read["entries"]] == ["From the client", "From wc"]
        assert (read["ball"], read["entries"][1]["agent"]) == (
            "Claude (alice)", "Codex (alice)")


@asynchronous
async def test_a_repeated_call_with_an_entry_id_adds_nothing(place, mode):
    call = {"topic": "plan", "title": "Once", "body": "b", "entry_id": "01M7XX0F93F0WMC16VMVX7YP8Z"}
    async with sdk.connected(place, mode) as session:
        assert (await session.done("say", **call))["written"]
        again = await session.done("say", **call)
        assert (again["written"], again["entry_count"]) == (False, 1)
        _, _, is_error = await session.call("say", **call | {"body": "other"})
        assert is_error
    assert [entry["body"] for entry in place.read("plan")["entries"]] == ["b"]


@asynchronous
async def test_several_clients_write_at_once_and_nothing_is_lost(place, mode):
    async def write(name):
        async with sdk.connected(place, mode, WATERCOOLER_AGENT=name) as session:
            async with anyio.create_task_group() as group:
                for number in range(10):
                    group.start_soon(functools.partial(
                        session.done, "say", topic="busy", title=f"{number}", body=name))

    names = ["Claude", "Codex", "Cursor"]
    async with anyio.create_task_group() as group:
        for name in names:
            group.start_soon(write, name)
    entries = place.read("busy")["entries"]
    assert sorted((entry["body"], int(entry["title"])) for entry in entries) == [
        (name, number) for name in names for number in range(10)]
    assert len({entry["entry_id"] for entry in entries}) == 30


@asynchronous
async def test_without_configuration_the_clients_name_signs(place, mode):
    for name in ("WATERCOOLER_AGENT", "WATERCOOLER_DIR"):
        del place.environment[name]
    place.environment["LOGNAME"] = "alice"
    async with sdk.connected(place, mode) as session:
        who = await session.done("whoami")
        assert (who["agent"], who["origin"]) == ("mcp", "the client's name")
