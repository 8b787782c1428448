"""A system that has no thread to give: everything is answered, and nothing waits for what never runs."""
import fcntl
import json
import os
import threading
from contextlib import contextmanager

import pytest

import programs
from bare import Bare
from lines import Lines
from schemas import HANDSHAKE, STATELESS
from starving import starving  # noqa: F401
from wire import Server

WORDS = "cannot start a thread: resource temporarily unavailable"
URI = "watercooler://threads"
# More than may be in flight.
MANY = 70


def calling(server, number):
    return server.message(number, "tools/call", {"name": "watercooler_v1_list_threads", "arguments": {}})


def subscribing(server):
    return server.message("s", "resources/subscribe", {"uri": URI})


def listening(server):
    return server.message("s", "subscriptions/listen", {
        "notifications": {"resourcesListChanged": True, "resourceSubscriptions": [URI]}})


def methods(server, count):
    return {server.receive().get("method") for _ in range(count)}


# The server


@pytest.mark.parametrize("revision", [HANDSHAKE[-1], STATELESS])
def test_each_call_is_answered_and_later_ones_work(place, shared_data, starving, revision):
    with Server(place, shared_data, revision) as server:
        server.open()
        with starving():
            for number in range(MANY):
                server.send(calling(server, f"call {number}"))
            answers = [server.receive() for _ in range(MANY)]
        assert {answer["id"] for answer in answers} == {f"call {n}" for n in range(MANY)}
        for answer in answers:
            assert answer["result"]["isError"] is True
            [content] = answer["result"]["content"]
            assert WORDS in content["text"] and "not made" in content["text"]
        assert not server.conversation.unanswered
        for _ in range(3):
            server.text("say", topic="plan", title="Later", body="works")
        server.check_that_it_serves()


def test_a_batch_is_answered_whole(place, shared_data, starving):
    with Server(place, shared_data, "2025-03-26") as server:
        server.open()
        with starving():
            server.send([calling(server, 101), server.message(102, "ping"), calling(server, 103)])
            answers = server.receive()
        assert sorted(answer["id"] for answer in answers) == [101, 102, 103]
        server.check_that_it_serves()


def test_what_has_no_result_for_a_failure_is_an_error(place, shared_data, starving):
    with Server(place, shared_data, HANDSHAKE[-1]) as server:
        server.open()
        with starving():
            response = server.request("resources/list")
        assert WORDS in response["error"]["message"]
        assert server.result("resources/list")["resources"]


@pytest.mark.parametrize("revision, request_of", [
    (HANDSHAKE[-1], subscribing), (STATELESS, listening)])
def test_a_subscription_is_refused_and_then_made(place, shared_data, starving, revision, request_of):
    with Server(place, shared_data, revision) as server:
        server.open()
        with starving():
            server.send(request_of(server))
            assert WORDS in server.receive()["error"]["message"]
        # The same id: it is free again.
        server.send(request_of(server))
        answer = server.receive()
        assert answer.get("result") == {} or answer["method"].endswith("acknowledged")
        place.wc("say", "plan", "-m", "heard")
        assert {"notifications/resources/updated",
                "notifications/resources/list_changed"} == methods(server, 2)
        if revision == STATELESS:
            server.end_input()
            assert server.receive()["id"] == "s"


def test_what_is_announced_begins_later(place, shared_data, starving):
    place.environment["WATERCOOLER_CLAUDE_CHANNEL"] = "1"
    with Lines(place, programs.SERVER) as server:
        assert server.result("ping") == {}
        with starving():
            server.initialize(HANDSHAKE[-1])
            assert server.result("ping") == {}
        assert server.result("ping") == {}
        # Its watch has begun when a subscription has.
        server.result("resources/subscribe", {"uri": "watercooler://thread/none"})
        place.wc("say", "plan", "--as", "Codex", "-m", "heard")
        heard = [server.receive()["method"] for _ in range(2)]
        assert sorted(heard) == ["notifications/claude/channel",
                                 "notifications/resources/list_changed"]


def test_a_server_that_is_started_then_waits_for_its_threads(place, shared_data, starving):
    starving.begin()
    with Server(place, shared_data, HANDSHAKE[-1]) as server:
        assert WORDS in server.log_line()
        server.send(server.message("first", "ping"))
        starving.end()
        assert server.receive()["id"] == "first"
        server.open()


def test_a_server_that_gets_none_says_so(place, starving):
    starving.begin()
    done = place.call(programs.SERVER)
    assert (done.returncode, done.stdout) == (1, b"")
    assert f"\nerror: {WORDS}\nhint: too many threads" in done.stderr.decode()


# The commands


@pytest.fixture
def shared(place, starving, tmp_path):
    """A place whose threads are in a clone, with an entry."""
    place.environment["WATERCOOLER_GIT_REPO"] = str(Bare(tmp_path / "r.git").directory)
    place.wc("say", "plan", "-m", "first")
    return place


@contextmanager
def held(path):
    """A lock of ours that somebody holds."""
    descriptor = os.open(path, os.O_RDONLY)
    fcntl.flock(descriptor, fcntl.LOCK_EX)
    yield descriptor
    os.close(descriptor)


def test_every_command_does_without(shared, starving):
    starving.begin()
    shared.wc("say", "plan", "-m", "second")
    shared.wc("sync")
    shared.wc("updates")
    shared.wc("outbox")
    assert [entry["body"] for entry in shared.read("plan")["entries"]] == ["first", "second"]


def test_a_lock_that_is_held_is_waited_for_until_the_deadline(shared, starving):
    starving.begin()
    shared.environment["WATERCOOLER_TIMEOUT"] = "1"
    with held(shared.threads / ".git" / "watercooler" / "write.lock"):
        done = shared.run("say", "plan", "-m", "locked")
    assert done.returncode == 1
    assert b"another process is writing" in done.stderr


def test_a_lock_that_is_given_back_is_taken(place, starving):
    place.wc("say", "plan", "-m", "first")
    starving.begin()
    with held(place.threads) as lock:
        writers = [threading.Thread(target=place.wc, args=["say", "plan", "-m", f"writer {n}"])
                   for n in range(4)]
        for writer in writers:
            writer.start()
        fcntl.flock(lock, fcntl.LOCK_UN)
        for writer in writers:
            writer.join()
    assert len(place.read("plan")["entries"]) == 5


def test_what_follows_says_that_it_cannot(shared, starving):
    starving.begin()
    for arguments in (["wait"], ["read", "plan", "--follow"], ["sync", "--watch", "5"]):
        done = shared.run(*arguments)
        assert done.returncode == 1
        assert done.stderr.decode().startswith(f"error: {WORDS}\n"), done


@pytest.mark.parametrize("number", range(1, 40, 3))
def test_a_descriptor_that_cannot_be_set_up_is_no_wait(shared, number, tmp_path):
    """Each of the calls for it is refused in turn."""
    trace = tmp_path / "trace"
    shared.environment.pop("LD_PRELOAD")
    # A git that cannot set its own descriptors up may wait for ever.
    shared.environment["WATERCOOLER_TIMEOUT"] = "4"
    strace = ["strace", "-f", "-o", trace, "-e", f"inject=fcntl:error=EINVAL:when={number}"]
    done = shared.call(*strace, programs.WC, "say", "plan", "-m", "second",
                       patience=programs.PATIENCE / 4)
    assert done.returncode in (0, 1), done
    if b"never written twice" in done.stderr:
        return  # What became of it is not known, and that is said.
    thread = json.loads(shared.run("read", "plan", "--json").stdout)["thread"]
    bodies = [entry["body"] for entry in thread["entries"]]
    assert ("second" in bodies) == (done.returncode == 0), done
