"""Resources, prompts, completion and subscriptions, through both release lines of the library."""
import pytest

import sdk
from awaiting import asynchronous

pytestmark = pytest.mark.usefixtures("checked_traces")
THREAD = "watercooler://thread/plan"


@pytest.fixture(params=sdk.REVISIONS)
def mode(request):
    return request.param


async def say(session):
    await session.done("say", topic="plan", title="Shall we?", body="Ship on **Friday**.")


@asynchronous
async def test_resources_are_listed_and_read(place, mode):
    async with sdk.connected(place, mode) as session:
        await say(session)
        assert [one["uri"] for one in await session.resources()] == [
            "watercooler://threads", "watercooler://instructions", THREAD]
        assert [one["uriTemplate"] for one in await session.templates()] == [
            "watercooler://thread/{topic}", "watercooler://thread/{topic}/entry/{n}"]
        assert "Ship on **Friday**." in await session.read(THREAD)
        assert "Ship on **Friday**." in await session.read(f"{THREAD}/entry/0")
        assert "plan: Shall we?" in await session.read("watercooler://threads")
        with pytest.raises(sdk.ProtocolError, match="resource not found") as error:
            await session.read("watercooler://thread/none")
        assert error.value.error.code == (-32602 if session.is_stateless else -32002)


@asynchronous
async def test_what_was_read_is_not_kept_when_it_has_changed(place, mode):
    """The newer line keeps a result for as long as the server says that it holds."""
    async with sdk.connected(place, mode) as session:
        await say(session)
        assert "Monday" not in await session.read(THREAD)
        place.wc("say", "plan", "-m", "Or on Monday.")
        assert "Monday" in await session.read(THREAD)
        place.wc("say", "other", "-m", "Hello")
        assert "watercooler://thread/other" in [one["uri"] for one in await session.resources()]


@asynchronous
async def test_prompts_are_listed_and_made(place, mode):
    async with sdk.connected(place, mode) as session:
        await say(session)
        assert [one["name"] for one in await session.prompts()] == [
            "catch_up", "start_thread", "review_and_reply", "hand_off"]
        assert "plan: Shall we?" in await session.prompt("catch_up")
        made = await session.prompt("hand_off", topic="plan", agent="Codex")
        assert "Ship on **Friday**." in made and "to Codex" in made
        with pytest.raises(sdk.ProtocolError, match="'topic' is missing"):
            await session.prompt("review_and_reply")


@asynchronous
async def test_arguments_are_completed(place, mode):
    async with sdk.connected(place, mode) as session:
        await say(session)
        assert await session.completed("watercooler://thread/{topic}", "topic", "pl") == ["plan"]
        assert await session.completed("review_and_reply", "topic", "x") == []
        assert "Claude (alice)" in await session.completed("hand_off", "agent", "cla")


@asynchronous
async def test_subscribing_is_agreed_to(place, mode):
    async with sdk.connected(place, mode) as session:
        if session.is_stateless:
            async with session.client.listen(
                    resources_list_changed=True, tools_list_changed=True,
                    resource_subscriptions=[THREAD]) as subscription:
                honored = subscription.honored
                assert honored.resource_subscriptions == [THREAD]
                assert honored.resources_list_changed and not honored.tools_list_changed
        else:
            await session.subscribe(THREAD)
            with pytest.raises(sdk.ProtocolError, match="resource not found"):
                await session.subscribe("watercooler://instructions")
            await session.unsubscribe(THREAD)
        await session.done("whoami")
