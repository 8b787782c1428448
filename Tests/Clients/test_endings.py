"""The end of a server in the middle of its work: soon, and with nothing lost.

A client kills what has not ended after two seconds. What the server decides about that is tested with a
few tries: on a busy machine any one of them may be late.
"""
import fcntl
import json
import os
import signal
import subprocess
import sys
import time

import pytest

import programs
import remotes
from bare import Gate
from checks import check
from clones import World
from kills import at_work, working_on
from programs import eventually
from remotes import descendants, is_running
from schemas import HANDSHAKE, STATELESS
from wire import Server

PATIENCE_OF_CLIENTS = 2
ENDS = {
    "EOF": Server.end_input,
    "SIGTERM": lambda server: os.kill(server.pid, signal.SIGTERM),
}
# Starts the server, passes on what it is told, and reads nothing: to be killed.
CLIENT = """
import subprocess, sys
server = subprocess.Popen(sys.argv[1:], stdin=subprocess.PIPE, stdout=subprocess.PIPE)
print(server.pid, flush=True)
for line in sys.stdin.buffer:
    server.stdin.write(line)
    server.stdin.flush()
"""


@pytest.fixture(params=ENDS)
def end(request):
    return ENDS[request.param]


def in_time(attempt):
    """Tries an ending, which says how long it took, until one is in time."""
    times = []
    while not times or min(times) >= PATIENCE_OF_CLIENTS:
        assert len(times) < 3, f"ended after {times} s"
        times.append(attempt(len(times)))
    print(f"ended after {times[-1]:.2f} s")


def ended(server, end):
    """What is still said, and how long it takes, when a server is ended; it ends well."""
    start = time.monotonic()
    end(server)
    messages, code, log = server.outcome()
    took = time.monotonic() - start
    assert (code, log) == (0, b"")
    return messages, took


def saying(server, identifier, topic, body):
    return server.message(identifier, "tools/call", {
        "name": "watercooler_v1_say", "arguments": {"topic": topic, "title": "t", "body": body}})


def is_told_as_written(message):
    """Whether a reply says that its entry was written; it must say one or the other."""
    result = message["result"]
    if not result["isError"]:
        return True
    assert "Written: no" in result["content"][0]["text"]
    return False


# Without a remote

def test_a_write_that_waits_for_others_is_called_off_and_says_so(place, shared_data, end):
    place.threads.mkdir()

    def attempt(number):
        server = Server(place, shared_data, STATELESS)
        server.tools()
        lock = os.open(place.threads, os.O_RDONLY)
        try:
            fcntl.flock(lock, fcntl.LOCK_EX)
            server.send(saying(server, "waits", "plan", "body"))
            # With an answer to the next one, it is at work.
            server.check_that_it_serves()
            [answer], took = ended(server, end)
        finally:
            os.close(lock)
        assert answer["id"] == "waits" and not is_told_as_written(answer)
        assert not place.file("plan").exists()
        return took

    in_time(attempt)


def test_what_is_said_of_writes_at_the_end_is_true(place, shared_data, end):
    """Ended after some of many writes at once: each that was answered is as the answer says."""
    random = programs.seeded()

    def attempt(number):
        server = Server(place, shared_data, random.choice([HANDSHAKE[-1], STATELESS]))
        server.open()
        topic = f"busy-{number}"
        for entry in range(30):
            server.send(saying(server, entry + 100, topic, f"body {entry}"))
        answers = [server.receive() for _ in range(random.randrange(30))]
        rest, took = ended(server, end)
        answers += rest
        bodies = [one["body"] for one in place.read(topic)["entries"]] \
            if place.file(topic).exists() else []
        assert len(set(bodies)) == len(bodies)
        for answer in answers:
            is_there = f"body {answer['id'] - 100}" in bodies
            assert is_there == is_told_as_written(answer), answer
        # What was read before the end of the input is answered, all of it.
        assert len(answers) == 30 or end is not Server.end_input
        return took

    in_time(attempt)


# With a remote that is slow

@pytest.fixture
def world(tmp_path):
    world = World(tmp_path, remotes.HTTPRemote(tmp_path), programs.seeded())
    try:
        yield world
        check(world)
    finally:
        world.remote.close()


def heard(world, message, body):
    """Takes note of a reply: what it says is checked when all is over."""
    if is_told_as_written(message):
        world.ledger.acknowledge(message["result"]["structuredContent"], body)
        return message["result"]["structuredContent"]["state"]
    world.ledger.refuse(body)
    return None


def let_through(gate, world):
    """Lets a push that nobody waits for any more come to its end."""
    gate.open()
    eventually(lambda: not working_on(world.remote.bare.directory), "the end of the push")
    gate.remove()


@pytest.mark.parametrize("is_accepted", [False, True], ids=["before", "after"])
def test_a_push_in_the_middle_is_left_and_what_it_carried_is_kept(
        world, shared_data, end, is_accepted):
    """The remote has all of it, and does not answer: before it takes it, or after."""
    clone = world.clone()
    clone.say("plan", world.body())

    def attempt(number):
        server = Server(clone, shared_data, STATELESS)
        server.tools()
        body = world.body()
        gate = Gate(world.remote.bare, is_accepted)
        server.send(saying(server, "pushes", "plan", body))
        eventually(lambda: gate.is_reached, "the push")
        [answer], took = ended(server, end)
        assert heard(world, answer, body) == "unknown"
        eventually(lambda: not at_work(clone), "the end of what it started")
        let_through(gate, world)
        return took

    in_time(attempt)


@pytest.mark.parametrize("moment", ["at once", "with its first git", "at its first word"])
def test_a_write_to_a_slow_remote_is_there_or_was_not_made(world, shared_data, end, moment):
    clone = world.clone()
    clone.say("plan", world.body())
    world.remote.proxy.tell("delay", 200)

    def attempt(number):
        server = Server(clone, shared_data, STATELESS)
        server.tools()
        world.remote.proxy.tell("reset")
        body = world.body()
        server.send(saying(server, "writes", "plan", body))
        if moment == "with its first git":
            eventually(lambda: descendants(server.pid), "a git")
        elif moment == "at its first word":
            eventually(lambda: world.remote.proxy.tell("count")["up"], "a request")
        answers, took = ended(server, end)
        for answer in answers:
            heard(world, answer, body)
        # Only a signal comes before what was sent.
        assert answers or end is not Server.end_input and moment == "at once"
        eventually(lambda: not at_work(clone), "the end of what it started")
        return took

    try:
        in_time(attempt)
    finally:
        world.remote.proxy.tell("delay", 0)


# Without the client

@pytest.mark.parametrize("is_accepted", [False, True], ids=["before", "after"])
def test_a_client_that_is_killed_takes_the_server_with_it_and_loses_nothing(world, is_accepted):
    clone = world.clone()
    clone.say("plan", world.body())

    def attempt(number):
        gate = Gate(world.remote.bare, is_accepted)
        with clone.start(sys.executable, "-c", CLIENT, programs.SERVER, at="/",
                         stdin=subprocess.PIPE, stderr=None) as client:
            pid = int(client.stdout.readline())
            call = {"name": "watercooler_v1_say",
                    "arguments": {"topic": "plan", "title": "t", "body": world.body()}}
            for message in (
                    {"id": 1, "method": "initialize", "params": {"protocolVersion": "2025-11-25"}},
                    {"id": 2, "method": "tools/call", "params": call}):
                client.stdin.write(json.dumps({"jsonrpc": "2.0"} | message).encode() + b"\n")
            client.stdin.flush()
            eventually(lambda: gate.is_reached, "the push")
            start = time.monotonic()
            client.kill()
            eventually(lambda: not is_running(pid), "the end of the server")
            took = time.monotonic() - start
        eventually(lambda: not at_work(clone), "the end of what it started")
        let_through(gate, world)
        # Committed before the push began: it waits, or it arrived.
        entries = json.loads(clone.run("read", "plan", "--json").stdout)["thread"]["entries"]
        assert entries[-1]["body"] == call["arguments"]["body"]
        world.ledger.acknowledge(
            {"entry_id": entries[-1]["entry_id"], "topic": "plan"}, entries[-1]["body"])
        return took

    in_time(attempt)
