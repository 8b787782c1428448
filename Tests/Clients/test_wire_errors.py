"""What is no proper request, in every revision."""
import json

import pytest

from schemas import REVISIONS
from wire import Server


@pytest.fixture(params=REVISIONS)
def server(request, place, shared_data):
    with Server(place, shared_data, request.param) as server:
        server.open()
        yield server


@pytest.mark.parametrize("method", [
    "", "tools/nothing", "logging/setLevel", "resources/templates/nothing", "tasks/list"])
def test_an_unknown_method_is_an_error(server, method):
    assert server.error(method) == -32601
    server.check_that_it_serves()


@pytest.mark.parametrize("params", [
    {}, {"name": "nothing"}, {"name": 7}, {"name": "watercooler_v1_say", "arguments": []},
    {"name": "watercooler_v1_say", "arguments": "topic"}])
def test_a_call_that_is_none_is_an_error(server, params):
    assert server.error("tools/call", params) == -32602


@pytest.mark.parametrize("line, code", [
    (b"{", -32700), (b"nonsense", -32700), (b'{"jsonrpc":"2.0","id":1', -32700), (b"\xff", -32700),
    (b"[1,", -32700), (b"[" * 100_000, -32700), (b"7", -32600),
    (b"{}", -32600), (b"null", -32600), (b'{"method":"ping"}', -32600),
    (b'{"jsonrpc":"2.0","id":null,"method":"ping"}', -32600),
    (b'{"jsonrpc":"2.0","id":[],"method":"ping"}', -32600),
])
def test_a_line_that_is_no_message_is_refused_and_the_next_is_served(server, line, code):
    server.send_raw(line + b"\n")
    response = server.receive()
    assert (response["id"], response["error"]["code"]) == (None, code)
    server.check_that_it_serves()


@pytest.mark.parametrize("request_", [
    {"id": 7, "method": "ping"}, {"jsonrpc": "1.0", "id": "x", "method": "ping"},
    {"jsonrpc": None, "id": 7, "method": "ping"}])
def test_a_request_that_is_none_is_refused_under_its_id(server, request_):
    server.send(request_)
    response = server.receive()
    assert (response["id"], response["error"]["code"]) == (request_["id"], -32600)
    server.check_that_it_serves()


def test_a_line_that_is_too_long_is_refused_and_the_next_is_served(server):
    server.send_raw(b'{"jsonrpc":"2.0","id":1,"method":"' + b"x" * (17 << 20) + b'"}\n')
    assert server.receive()["error"]["code"] == -32600
    server.check_that_it_serves()


@pytest.mark.parametrize("message", [
    {"jsonrpc": "2.0", "method": "notifications/initialized"},
    {"jsonrpc": "2.0", "method": "notifications/cancelled", "params": {"requestId": 99}},
    {"jsonrpc": "2.0", "method": "notifications/roots/list_changed"},
    {"jsonrpc": "2.0", "method": "notifications/nothing", "params": {"x": [1]}},
    {"jsonrpc": "2.0", "id": 5, "result": {}},
    {"jsonrpc": "2.0", "id": 5, "error": {"code": 1, "message": "no"}},
])
def test_notifications_and_responses_are_not_answered(server, message):
    server.send_raw(json.dumps(message).encode() + b"\r\n\n \n")
    server.check_that_it_serves()


@pytest.mark.parametrize("identifier", [0, -1, 2**53, "", "1", "é\n\"", "x" * 1000])
def test_an_id_comes_back_as_it_was(server, identifier):
    server.send({"jsonrpc": "2.0", "id": identifier, "method": "tools/list",
                 "params": server.told({})})
    response = server.receive()
    assert response["id"] == identifier and type(response["id"]) is type(identifier)


def test_an_id_in_flight_is_refused_to_another(server):
    message = {"jsonrpc": "2.0", "id": "twice", "method": "tools/call", "params": server.told(
        {"name": "watercooler_v1_say", "arguments": {"topic": "x", "title": "t", "body": "b"}})}
    line = json.dumps(message) + "\n"
    server.conversation.hear_client([message, message])
    server.send_raw(2 * line.encode())
    first, second = server.receive(), server.receive()
    assert (first["error"]["code"], second["result"]["isError"]) == (-32600, False)


def test_many_calls_at_once_are_all_answered(server):
    for number in range(40):
        server.send({"jsonrpc": "2.0", "id": f"call {number}", "method": "tools/call",
                     "params": server.told({
                         "name": "watercooler_v1_say", "arguments": {
                             "topic": "busy", "title": f"{number}", "body": f"body {number}"}})})
        server.send({"jsonrpc": "2.0", "id": f"list {number}", "method": "tools/list",
                     "params": server.told({})})
    answers = [server.receive() for _ in range(80)]
    assert len({answer["id"] for answer in answers}) == 80
    assert all(not answer["result"].get("isError") for answer in answers)
    entries = json.loads(server.text("read_thread", topic="busy", format="json"))["entries"]
    assert sorted(int(entry["title"]) for entry in entries) == list(range(40))


def batch(*messages):
    return [{"jsonrpc": "2.0", **message} for message in messages]


def test_a_batch_is_answered_in_one_revision_and_refused_in_the_others(server):
    messages = batch(
        {"id": 101, "method": "ping"}, {"method": "notifications/nothing"},
        {"id": 102, "method": "tools/list"}, {"id": "103", "method": "nothing"},
        {"id": 104, "method": "tools/call",
         "params": {"name": "watercooler_v1_whoami", "arguments": {}}})
    server.send(messages)
    answer = server.receive()
    if server.revision == "2025-03-26":
        assert sorted(str(one["id"]) for one in answer) == ["101", "102", "103", "104"]
    else:
        assert (answer["id"], answer["error"]["code"]) == (None, -32600)
    server.check_that_it_serves()


def test_a_batch_of_nothing_is_refused_and_one_of_notifications_is_not_answered(server):
    server.send_raw(b"[]\n")
    assert server.receive()["error"]["code"] == -32600
    if server.revision == "2025-03-26":
        server.send(batch({"method": "notifications/nothing"}, {"method": "notifications/other"}))
    server.check_that_it_serves()
