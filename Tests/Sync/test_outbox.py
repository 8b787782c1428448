"""A remote that is gone, silent, cut off or unwilling: what was said is kept, and said to be."""
import json

import pytest

from bare import Gate
from clones import at_once
from programs import eventually


@pytest.fixture(params=["ssh", "http"])
def world(request, make_world):
    return make_world(request.param)


@pytest.fixture
def clone(world):
    clone = world.clone()
    clone.say("plan", world.body(), "--ball", "Codex")
    return clone


def is_sent(world, receipt):
    entries = world.documents()[receipt["topic"]].identities
    return entries.count(receipt["entry_id"]) == 1


def by_server(clone):
    """The start of a server sends, without a call."""
    with clone.server():
        eventually(lambda: not clone.outbox(), "the sending")


SENDERS = {
    "say": lambda clone: clone.say("other", clone.world.body()),
    "read": lambda clone: clone.wc("read", "plan"), "list": lambda clone: clone.wc("list"),
    "sync": lambda clone: clone.wc("sync", "--quiet"), "server": by_server,
}


@pytest.mark.parametrize("send", SENDERS)
def test_what_waits_is_sent_by_the_next_command(world, clone, send):
    world.remote.go_away()
    receipts = [clone.say("plan", world.body(), state="queued") for _ in range(2)]
    assert [receipt["waiting"] for receipt in receipts] == [1, 2]
    assert receipts[1]["problem"] and receipts[1]["waiting_since"]
    assert clone.outbox() == [receipt["entry_id"] for receipt in receipts]
    world.remote.come_back()
    # A reading that shares the last contact asks the remote for nothing.
    clone.environment["WATERCOOLER_FRESH"] = "0.001"
    SENDERS[send](clone)
    assert all(is_sent(world, receipt) for receipt in receipts)
    assert clone.outbox() == []


def test_a_directory_that_is_not_there_needs_somebody(make_world):
    """A path that is gone is not a network that is down; all is sent when it is back."""
    world = make_world("file")
    clone = world.clone()
    clone.say("plan", world.body())
    world.remote.go_away()
    receipt = clone.say("plan", world.body(), state="blocked")
    assert clone.outbox() == [receipt["entry_id"]]
    world.remote.come_back()
    clone.wc("sync", "--quiet")
    assert is_sent(world, receipt)


def test_require_push_fails_and_keeps_the_entry(world, clone):
    assert clone.try_say("plan", world.body(), "--require-push")[0] == 0
    world.remote.go_away()
    code, receipt, errors = clone.try_say("plan", world.body(), "--require-push")
    assert code == 4 and receipt["state"] == "queued"
    assert clone.outbox() == [receipt["entry_id"]]
    done = clone.run("sync", "--quiet")
    assert (done.returncode, done.stdout, done.stderr.count(b"\n")) == (4, b"", 1), done
    world.remote.come_back()


def test_an_entry_can_be_taken_back(world, clone):
    world.remote.go_away()
    kept = clone.say("plan", world.body(), state="queued")
    body = world.body()
    dropped = clone.say("plan", body, state="queued")
    after = clone.say("other", world.body(), state="queued")
    clone.wc("outbox", "drop", dropped["entry_id"])
    assert clone.outbox() == [kept["entry_id"], after["entry_id"]]
    del world.ledger.acknowledged[dropped["entry_id"]]
    world.ledger.refuse(body)
    world.remote.come_back()


def test_what_was_shown_cannot_be_taken_back(world, clone):
    receipt = clone.say("plan", world.body())
    assert clone.run("outbox", "drop", receipt["entry_id"]).returncode == 1


def test_conditions_are_never_queued(world, clone):
    world.remote.go_away()
    code, receipt, errors = clone.try_say("plan", world.body(), "--if-ball", "Codex")
    assert code in (1, 4) and receipt is None and "error: " in errors, (code, receipt, errors)
    assert clone.outbox() == []
    world.remote.come_back()


def test_reading_goes_on_without_the_remote_and_says_so(world, clone):
    world.remote.go_away()
    receipt = clone.say("plan", world.body(), state="queued")
    clone.environment["WATERCOOLER_FRESH"] = "0.001"
    done = clone.run("read", "plan", "--json")
    thread = json.loads(done.stdout)["thread"]
    assert done.returncode == 0
    assert [entry["entry_id"] for entry in thread["entries"]][-1] == receipt["entry_id"]
    assert thread["entries"][0]["number"] == 0 and thread["entries"][1]["number"] is None
    assert b"as of" in done.stderr or "as_of" in json.dumps(json.loads(done.stdout))
    world.remote.come_back()


def test_two_that_were_offline_come_together(world, clone, share):
    """More than fifty, which are merged in one step, on both sides and in one thread."""
    other = world.clone()
    other.say("plan", world.body())
    world.remote.go_away()
    entries = share(80, least=3)
    for _ in range(entries):
        clone.say("plan", world.body(), state="queued")
        other.say("plan", world.body(), state="queued")
    world.remote.come_back()
    at_once(lambda: clone.wc("sync", "--quiet"), lambda: other.wc("sync", "--quiet"))
    assert len(world.documents()["plan"].entries) == 2 * entries + 2


def test_a_merge_of_more_than_fifty(make_world):
    world = make_world("http")
    here, there = world.clone(), world.clone()
    here.say("plan", world.body())
    there.say("plan", world.body())
    world.remote.go_away()
    at_once(*[lambda: here.say("plan", world.body(), state="queued")] * 56)
    world.remote.come_back()
    there.say("plan", world.body())
    here.say("plan", world.body())


# Cut off

@pytest.fixture(params=["ssh", "http"])
def cut_world(request, make_world):
    return make_world(request.param)


def cut_at(world, clone, is_accepted, then, *options):
    """A write whose connection ends at the gate; its receipt, and what `then` is then done."""
    gate = Gate(world.remote.bare, is_accepted)
    found = []

    def say():
        found.append(clone.try_say("plan", world.body(), *options))

    def cut():
        eventually(lambda: gate.is_reached, "the push")
        world.remote.go_away()
        then(gate)

    at_once(say, cut)
    gate.remove()
    world.remote.come_back()
    return found[0]


@pytest.mark.parametrize("is_accepted", [False, True])
@pytest.mark.parametrize("options", [[], ["--require-push"]])
def test_a_cut_loses_and_doubles_nothing(cut_world, is_accepted, options):
    clone = cut_world.clone()
    clone.say("plan", cut_world.body())
    code, receipt, errors = cut_at(
        cut_world, clone, is_accepted, lambda gate: gate.open(1), *options)
    assert receipt["state"] in ("queued", "unknown"), (receipt, errors)
    assert code == (4 if options else 0)
    clone.wc("sync", "--quiet")
    assert is_sent(cut_world, receipt)
    assert cut_world.documents()["plan"].identities[-1] == receipt["entry_id"]


def test_a_push_that_is_accepted_after_its_connection_is_gone(cut_world):
    """The server takes its time: the push goes through when the writer has given up."""
    clone, other = cut_world.clone(), cut_world.clone()
    clone.say("plan", cut_world.body())
    other.say("plan", cut_world.body())
    bare = cut_world.remote.bare
    tip = bare.tip
    gate = Gate(bare, is_accepted=False)
    found = []

    def say():
        found.append(clone.try_say("plan", cut_world.body()))

    def cut():
        eventually(lambda: gate.is_reached, "the push")
        cut_world.remote.go_away()

    at_once(say, cut)
    cut_world.remote.come_back()
    # Whoever comes now finds the push still waiting, and then what it wrote.
    at_once(lambda: clone.run("sync", "--quiet"), lambda: gate.open(0),
            lambda: other.say("plan", cut_world.body()))
    eventually(lambda: bare.tip != tip)
    _, receipt, _ = found[0]
    assert receipt["state"] in ("queued", "unknown"), str(receipt)
    clone.wc("sync", "--quiet")
    assert is_sent(cut_world, receipt)


@pytest.mark.parametrize("kind", ["ssh", "http"])
def test_a_silent_network_does_not_hang_a_write(make_world, kind):
    world = make_world(kind)
    clone = world.clone()
    clone.say("plan", world.body())
    world.remote.proxy.tell("stall")
    clone.environment["WATERCOOLER_TIMEOUT"] = "3"
    code, receipt, _ = clone.try_say("plan", world.body())
    assert code == 0 and receipt["state"] in ("queued", "unknown")
    world.remote.proxy.tell("cut")
    world.remote.come_back()
    clone.environment["WATERCOOLER_TIMEOUT"] = "50"
    clone.wc("sync", "--quiet")
    assert is_sent(world, receipt)


@pytest.mark.parametrize("option", [[], ["--require-push"]])
def test_a_server_that_ends_every_connection_is_one_that_is_gone(world, clone, option):
    world.remote.proxy.tell("slam")
    code, receipt, errors = clone.try_say("plan", world.body(), *option)
    assert receipt["state"] in ("queued", "unknown"), str(receipt)
    assert code == (4 if option else 0)
    world.remote.come_back()


@pytest.mark.parametrize("status, state", [
    (429, "queued"), (500, "queued"), (502, "queued"), (503, "queued"), (504, "queued"),
    (401, "blocked"), (403, "blocked"), (404, "blocked"),
])
def test_what_an_http_server_answers_is_told_apart(make_world, status, state):
    world = make_world("http")
    clone = world.clone()
    clone.say("plan", world.body())
    world.remote.server.answer_only(status)
    receipt = clone.say("plan", world.body(), state=state)
    assert receipt["problem"] and receipt["hint"], str(receipt)
    world.remote.server.answer_only(None)
