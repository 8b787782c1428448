"""Clients of different eras, on two clones of one remote: what one says, the other hears of."""
import itertools

import pytest

import programs
from bare import Bare
from schemas import HANDSHAKE, STATELESS
from wire import Server

ERAS = [(HANDSHAKE[-1], STATELESS), (STATELESS, HANDSHAKE[-1]), (HANDSHAKE[0], STATELESS),
        (STATELESS, STATELESS)]
THREAD = "watercooler://thread/plan"


@pytest.fixture
def on(tmp_path):
    """Makes machines that share threads through one remote."""
    remote = Bare(tmp_path / "threads.git").directory.as_uri()

    def on(agent):
        place = programs.Place(tmp_path / agent, agent, WATERCOOLER_GIT_REPO=remote,
                               WATERCOOLER_POLL="0.5", WATERCOOLER_FRESH="0.001")
        del place.environment["WATERCOOLER_DIR"]
        return place
    return on


@pytest.fixture(params=ERAS, ids=" and ".join)
def pair(request, on, shared_data):
    first, second = request.param
    with Server(on("Anna"), shared_data, first) as anna, Server(
            on("Ben"), shared_data, second) as ben:
        anna.open()
        ben.open()
        anna.text("say", topic="plan", title="First", body="One")
        assert "One" in ben.text("read_thread", topic="plan")
        yield anna, ben


def start(server, tool, progress=None, **arguments):
    """Sends a call, and gives its id."""
    params = {"name": f"watercooler_v1_{tool}", "arguments": arguments}
    if progress is not None:
        params["_meta"] = {"progressToken": progress}
    server.send(server.message(f"{tool} call", "tools/call", params))
    return f"{tool} call"


def until(server, is_wanted):
    """What comes up to the message that is wanted."""
    for _ in range(1000):
        message = server.receive()
        yield message
        if is_wanted(message):
            return
    raise AssertionError("it never came")


def test_one_waits_while_the_other_says(pair):
    anna, ben = pair
    for turn in range(3):
        waiting = start(ben, "wait", topic="plan")
        anna.text("say", topic="other", title="Elsewhere", body="not in plan")
        anna.text("say", topic="plan", title="Next", body=f"entry {turn} of Anna")
        answer = ben.receive()
        assert answer["id"] == waiting
        text = answer["result"]["content"][0]["text"]
        assert f"entry {turn} of Anna" in text and "not in plan" not in text
        waiting = start(anna, "wait", **{"for": "ball"})
        said = ben.text("say", topic="plan", title="Back", body=f"answer {turn}", ball="Anna")
        assert "Pushed as" in said
        answer = anna.receive()
        assert answer["id"] == waiting and f"answer {turn}" in answer["result"]["content"][0]["text"]
    assert "Nothing new." in ben.text("list_updates", topics=["plan"])


def test_a_wait_tells_how_long_it_waits(pair):
    anna, ben = pair
    waiting = start(ben, "wait", progress="p", topic="plan", timeout_s=3)
    *told, answer = until(ben, lambda message: message.get("id") == waiting)
    assert "Nothing came in 3 s" in answer["result"]["content"][0]["text"]
    values = [one["params"]["progress"] for one in told]
    assert len(values) >= 2 and all(a < b for a, b in itertools.pairwise(values))
    assert {one["params"]["progressToken"] for one in told} == {"p"}
    assert {one["params"]["total"] for one in told} == {3}
    ben.check_that_it_serves()


def test_a_wait_that_is_called_off_is_not_answered(pair):
    anna, ben = pair
    waiting = start(ben, "wait", topic="plan")
    ben.check_that_it_serves()
    ben.send({"jsonrpc": "2.0", "method": "notifications/cancelled",
              "params": {"requestId": waiting}})
    anna.text("say", topic="plan", title="Next", body="while nobody waits")
    ben.check_that_it_serves()
    # And it was not taken for seen.
    assert "while nobody waits" in ben.text("list_updates")


def subscribe(server):
    if server.is_stateless:
        server.send(server.message("listening", "subscriptions/listen", {"notifications": {
            "resourceSubscriptions": [THREAD], "resourcesListChanged": True}}))
        assert server.receive()["method"] == "notifications/subscriptions/acknowledged"
    else:
        server.result("resources/subscribe", {"uri": THREAD})


def test_a_subscriber_hears_of_what_was_pushed(pair):
    anna, ben = pair
    anna.text("say", topic="plan", title="Before", body="nobody hears of it")
    subscribe(ben)
    anna.text("say", topic="new", title="A thread", body="more")
    *_, told = until(ben, lambda one: one.get("method") == "notifications/resources/list_changed")
    anna.text("say", topic="plan", title="Next", body="a change")
    *_, told = until(ben, lambda one: one.get("method") == "notifications/resources/updated")
    assert told["params"]["uri"] == THREAD
    [content] = contents(ben)
    assert "a change" in content["text"]
    if ben.is_stateless:
        assert told["params"]["_meta"]["io.modelcontextprotocol/subscriptionId"] == "listening"
        ben.send({"jsonrpc": "2.0", "method": "notifications/cancelled",
                  "params": {"requestId": "listening"}})


def contents(server):
    """What stands at the thread's URI; what is told meanwhile is let go by."""
    server.send(server.message("reading", "resources/read", {"uri": THREAD}))
    *_, answer = until(server, lambda one: one.get("id") == "reading")
    return answer["result"]["contents"]
