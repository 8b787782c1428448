"""What was in no answer is new: however a client, a server or an output ends in the middle of it."""
import json
import os
import signal
from pathlib import Path

import pytest

import programs
from programs import eventually
from schemas import STATELESS
from wire import Server

COUNT = 125


@pytest.fixture
def crowded(place):
    """Entries that are new to the place's agent, and take more than one pipe holds."""
    place.threads.mkdir()
    for topic in ("plan", "notes"):
        text = f"---\nformat: 1\ntopic: {topic}\nstatus: OPEN\nball: Claude\n---\n\n# {topic}\n"
        for number in range(COUNT):
            text += "\n---\nEntry: Codex (bob) 2026-11-21T01:54:50Z\nTitle: t\n\n"
            text += f"{topic} {number} {'x' * 700}\n"
            text += f"<!-- Entry-ID: 01M7XX0F93{topic[0].upper()}0{number:014d} -->\n"
        place.file(topic).write_text(text)
    place.ids = left(place, "--as", "Somebody")
    assert len(place.ids) == 2 * COUNT
    return place


def shown(messages):
    """The entries in answers."""
    return {entry["entry_id"] for message in messages if "result" in message
            for thread in message["result"].get("structuredContent", {}).get("threads", [])
            for entry in thread["entries"]}


def left(place, *options):
    """What is still new, and is not any more."""
    threads = place.json("updates", *options)["updates"]["threads"]
    return {entry["entry_id"] for thread in threads for entry in thread["entries"]}


def asking(server, identifier, tool="list_updates", **arguments):
    server.send(server.message(identifier, "tools/call", {
        "name": f"watercooler_v1_{tool}", "arguments": arguments}))


def has_answered(place, server, count):
    """Whether the server has done the work of so many calls, and waits for its client or for nothing."""
    logs = list(place.home.glob(".watercooler/state/*/calls.jsonl"))
    if sum(len(log.read_text().splitlines()) for log in logs) < count:
        return False
    states = [task.read_text().rsplit(")", 1)[1].split()[0]
              for task in Path(f"/proc/{server.pid}/task").glob("*/stat")]
    return all(state == "S" for state in states)


ENDS = {
    "EOF": Server.end_input,
    "SIGTERM": lambda server: os.kill(server.pid, signal.SIGTERM),
    "SIGKILL": lambda server: os.kill(server.pid, signal.SIGKILL),
}


@pytest.mark.parametrize("end", ENDS)
def test_what_is_queued_when_a_server_ends_stays_new(crowded, shared_data, end):
    server = Server(crowded, shared_data, STATELESS)
    server.open()
    for identifier in range(12):
        asking(server, identifier, limit=20)
    # Nobody reads what it says until it can say no more.
    eventually(lambda: has_answered(crowded, server, 12), "the work")
    ENDS[end](server)
    # What it has said until then is in the pipe: whole lines, and the start of one.
    messages = [json.loads(line) for line in server.last_words().split(b"\n")[:-1]]
    assert shown(messages) | left(crowded) == crowded.ids


def test_what_is_called_off_while_it_is_queued_stays_new(crowded, shared_data):
    with Server(crowded, shared_data, STATELESS) as server:
        server.open()
        asking(server, "first", "read_thread", topic="notes", limit=60, from_entry=0)
        asking(server, "second", "read_thread", topic="notes", limit=60, from_entry=0)
        # A queue that is not empty: what comes now waits behind it.
        eventually(lambda: has_answered(crowded, server, 2), "the work")
        asking(server, "off", topics=["plan"], limit=40)
        eventually(lambda: has_answered(crowded, server, 3), "the work")
        server.send({"jsonrpc": "2.0", "method": "notifications/cancelled",
                     "params": server.told({"requestId": "off"})})
        # With the work of the next one done, that was heard.
        asking(server, "heard", "whoami")
        eventually(lambda: has_answered(crowded, server, 4), "the work")
        server.send(server.message("ping", "server/discover", {}))
        seen = set()
        while True:
            message = server.receive()
            if message.get("id") in ("first", "second"):
                seen |= {entry["entry_id"]
                         for entry in message["result"]["structuredContent"]["entries"]}
            if message.get("id") == "ping":
                break
        # A client heeds no answer to what it has called off.
        assert crowded.ids - left(crowded) <= seen


OUTPUTS = {"full": ">/dev/full", "closed": ">&-", "gone": "| true"}


@pytest.mark.parametrize("output", OUTPUTS)
@pytest.mark.parametrize("command", [
    "updates", "updates --json", "read plan", "read plan --json", "read plan --raw", "wait",
    "wait --json"])
def test_what_could_not_be_printed_stays_new(crowded, command, output):
    if output == "full" and not os.path.exists("/dev/full"):
        pytest.skip("no /dev/full")
    script = f"{{ '{programs.WC}' {command} --as Gemini; echo $? >code; }} {OUTPUTS[output]}"
    done = crowded.call("/bin/sh", "-c", script)
    code = (crowded.home / "code").read_text().strip()
    if output == "gone":
        # A reader that has seen enough is no error.
        assert code == "0", done
    else:
        assert code == "1" and done.stderr.startswith(b"error: "), done
        assert b"cannot write" in done.stderr, done
    assert left(crowded, "--as", "Gemini") == crowded.ids
