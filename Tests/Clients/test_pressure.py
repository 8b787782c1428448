"""More than a client reads: many long replies at once, and a client that does not read at all."""
import json
import threading
from contextlib import contextmanager

import pytest

from schemas import HANDSHAKE, STATELESS
from wire import Server

MOST = 64
LENGTH = 300_000
MEGABYTE = 1 << 20


def body_of(number):
    return f"body {number} " + chr(ord("a") + number % 26) * LENGTH + f" end of {number}"


def reading(server, number):
    """A request for the thread of this number, by turns in both eras."""
    server.revision = [HANDSHAKE[-1], STATELESS][number % 2]
    return server.message(f"read {number}", "tools/call", {
        "name": "watercooler_v1_read_thread",
        "arguments": {"topic": f"long-{number % MOST}", "max_chars": 1_000_000}})


def check_reply(message):
    """The reply to `reading` is whole and its own."""
    number = int(message["id"].split()[1])
    result = message["result"]
    assert result["isError"] is False
    [entry] = result["structuredContent"]["entries"]
    assert entry["body"] == body_of(number % MOST)
    assert entry["body"] in result["content"][0]["text"]


def sent_unread(server, requests):
    """Sends what the server takes while nobody reads; returns those requests, and the rest of the last
    one."""
    data = b"".join(json.dumps(request).encode() + b"\n" for request in requests)
    sent = server.stop_reading_and_send(data)
    assert sent < len(data), "the server took everything, and nobody read"
    end = data.index(b"\n", sent) + 1
    asked = requests[:data[:end].count(b"\n")]
    server.conversation.hear_client(asked)
    return asked, data[sent:end]


@contextmanager
def sending(server, data):
    """Sends while the answers are read: the one waits for the other."""
    thread = threading.Thread(target=server.send_raw, args=[data])
    thread.start()
    yield
    thread.join()


@pytest.fixture
def server(place, shared_data):
    """A server with a thread of 300 KB for each call that can be in flight."""
    with Server(place, shared_data, HANDSHAKE[-1]) as server:
        server.initialize()
        server.text("say", topic="long-0", title="Long", body=body_of(0))
        written = place.file("long-0").read_text()
        for number in range(1, MOST):
            text = written.replace("topic: long-0", f"topic: long-{number}")
            place.file(f"long-{number}").write_text(text.replace(body_of(0), body_of(number)))
        yield server
        server.check_that_it_serves()


def test_as_many_calls_as_can_be_in_flight_get_long_replies(server):
    requests = [reading(server, number) for number in range(MOST)]
    for request in requests:
        server.send(request)
    answers = [server.receive() for _ in requests]
    assert {answer["id"] for answer in answers} == {request["id"] for request in requests}
    for answer in answers:
        check_reply(answer)


def test_a_client_that_stops_reading_fills_no_memory_and_gets_everything_later(server):
    """As many as the server takes, which is no more than it has room for."""
    requests = [reading(server, number) for number in range(100 * MOST)]
    before = server.memory
    asked, rest = sent_unread(server, requests)
    growth = server.memory - before
    print(f"{growth / MEGABYTE:.1f} MB more while nobody read, {len(asked)} calls sent")
    # What is in flight, each with its thread, the text, the value and the line that they become, and
    # what the allocator keeps for each thread: far from what 6,400 replies would take.
    assert growth < MOST * 9 * LENGTH
    with sending(server, rest):
        answers = [server.receive() for _ in asked]
    assert {answer["id"] for answer in answers} == {request["id"] for request in asked}
    refused = [answer for answer in answers if answer["result"]["isError"]]
    for answer in answers:
        if answer not in refused:
            check_reply(answer)
    for answer in refused:
        assert f"{MOST} calls are running already" in answer["result"]["content"][0]["text"]
    print(f"{len(answers) - len(refused)} were done, {len(refused)} refused as too many")
    assert len(answers) - len(refused) >= MOST


def test_replies_that_need_no_work_fill_no_memory_either(place, shared_data):
    with Server(place, shared_data, STATELESS) as server:
        requests = [server.message(f"list {number}", "tools/list") for number in range(5_000)]
        length = len(json.dumps(server.tools()))
        before = server.memory
        asked, rest = sent_unread(server, requests)
        growth = server.memory - before
        print(f"{growth / MEGABYTE:.1f} MB more while nobody read, {len(asked)} requests sent")
        assert len(asked) * length < 20 * MEGABYTE and growth < 8 * MEGABYTE
        with sending(server, rest):
            assert [server.receive()["id"] for _ in asked] == [request["id"] for request in asked]
        server.check_that_it_serves()
