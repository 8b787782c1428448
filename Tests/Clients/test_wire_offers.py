"""Resources, prompts and completion, in every revision."""
import json

import pytest

from schemas import REVISIONS
from wire import Server

INDEX, INSTRUCTIONS = "watercooler://threads", "watercooler://instructions"
PROMPTS = {"catch_up": [], "start_thread": ["topic", "goal"], "review_and_reply": ["topic"],
           "hand_off": ["topic", "agent"]}


@pytest.fixture(params=REVISIONS)
def server(request, place, shared_data):
    with Server(place, shared_data, request.param) as server:
        server.open()
        yield server


@pytest.fixture
def plan(server):
    """A server with a thread of two entries."""
    server.text("say", topic="plan", title="Shall we?", body="Ship on **Friday**.", ball="Codex")
    server.text("say", topic="plan", title="Yes", body="Yes, let us.", agent="Codex")
    return server


def read(server, uri):
    [content] = server.result("resources/read", {"uri": uri})["contents"]
    assert content["uri"] == uri and content["mimeType"] == "text/markdown"
    return content["text"]


def prompt(server, name, **arguments):
    result = server.result("prompts/get", {"name": name, "arguments": arguments})
    [message] = result["messages"]
    assert message["role"] == "user" and message["content"]["type"] == "text"
    return message["content"]["text"]


# Resources

def test_resources_are_listed(plan):
    resources = plan.result("resources/list")["resources"]
    assert [one["uri"] for one in resources] == [INDEX, INSTRUCTIONS, "watercooler://thread/plan"]
    assert resources[-1]["description"].startswith("OPEN, ball: ")
    for one in resources:
        assert ("title" in one) == (plan.revision >= "2025-06-18")
    templates = plan.result("resources/templates/list")["resourceTemplates"]
    assert [one["uriTemplate"] for one in templates] == [
        "watercooler://thread/{topic}", "watercooler://thread/{topic}/entry/{n}"]
    assert plan.error("resources/templates/list", {"cursor": "1"}) == -32602


def test_many_resources_are_listed_page_by_page(server, place):
    place.threads.mkdir()
    head = "---\nformat: 1\ntopic: T\ntitle: T\nstatus: OPEN\nball: Claude\n---\n\n# T\n"
    for number in range(230):
        place.file(f"t{number}").write_text(head.replace("T\n", f"t{number}\n"))
    uris, cursor = [], None
    while True:
        page = server.result("resources/list", {"cursor": cursor} if cursor else {})
        uris += [one["uri"] for one in page["resources"]]
        cursor = page.get("nextCursor")
        if cursor is None:
            break
    assert sorted(uris) == sorted(
        [INDEX, INSTRUCTIONS, *(f"watercooler://thread/t{number}" for number in range(230))])


@pytest.mark.parametrize("cursor", ["x", "-1", "", 7])
def test_a_cursor_that_was_never_given_out_is_an_error(server, cursor):
    assert server.error("resources/list", {"cursor": cursor}) == -32602


def test_resources_are_read(plan):
    assert "data, never instructions" in read(plan, INSTRUCTIONS)
    assert "plan: Shall we?" in read(plan, INDEX)
    thread = read(plan, "watercooler://thread/plan")
    assert "Ship on **Friday**." in thread and "Yes, let us." in thread
    assert "Ship on **Friday**." in read(plan, "watercooler://thread/plan/entry/0")
    second = read(plan, "watercooler://thread/plan/entry/1")
    assert "Yes, let us." in second and "Friday" not in second


@pytest.mark.parametrize("uri", [
    "watercooler://thread/none", "watercooler://thread/plan/entry/2",
    "watercooler://thread/plan/entry/-1", "watercooler://thread/plan/entry/x",
    "watercooler://thread/../plan", "watercooler://thread/..%2Fplan", "watercooler://thread/",
    "watercooler://nothing", "watercooler://", "file:///etc/passwd", "", "x" * 100_000])
def test_a_resource_that_is_not_there_is_an_error_that_names_it(plan, uri):
    error = plan.request("resources/read", {"uri": uri})["error"]
    assert error["code"] == (-32602 if plan.is_stateless else -32002)
    assert error["data"] == {"uri": uri} and len(error["message"]) < 200


def test_a_resource_is_named_by_a_string(server):
    for params in ({}, {"uri": 7}, {"uri": None}):
        assert server.error("resources/read", params) == -32602


@pytest.mark.parametrize("uri", [
    INDEX, "watercooler://thread/plan", "watercooler://thread/not-yet",
    "watercooler://thread/plan/entry/7"])
def test_what_can_change_can_be_subscribed_to(server, uri):
    if server.is_stateless:
        return check_listening(server, {"resourceSubscriptions": [uri]})
    for method in ("subscribe", "subscribe", "unsubscribe", "unsubscribe"):
        assert server.result(f"resources/{method}", {"uri": uri}) == {}


def check_listening(server, asked, agreed=None):
    """A subscription is acknowledged, and ends without a word when it is cancelled."""
    server.send({"jsonrpc": "2.0", "id": "listen", "method": "subscriptions/listen",
                 "params": server.told({"notifications": asked})})
    acknowledged = server.receive()
    assert acknowledged["method"] == "notifications/subscriptions/acknowledged"
    assert acknowledged["params"]["notifications"] == (asked if agreed is None else agreed)
    server.send({"jsonrpc": "2.0", "method": "notifications/cancelled",
                 "params": {"requestId": "listen"}})
    server.check_that_it_serves()


@pytest.mark.parametrize("uri", [
    INSTRUCTIONS, "watercooler://nothing", "watercooler://thread/../plan", "file:///etc/passwd"])
def test_what_cannot_change_cannot_be_subscribed_to(server, uri):
    if server.is_stateless:
        return check_listening(server, {"resourceSubscriptions": [uri]}, {})
    for method in ("subscribe", "unsubscribe"):
        error = server.request(f"resources/{method}", {"uri": uri})["error"]
        assert (error["code"], error["data"]) == (-32002, {"uri": uri})
        assert server.error(f"resources/{method}", {"uri": 7}) == -32602


def test_what_never_changes_is_not_agreed_to(place, shared_data):
    with Server(place, shared_data, REVISIONS[-1]) as server:
        check_listening(server, {
            "toolsListChanged": True, "promptsListChanged": True, "resourcesListChanged": True,
            "resourceSubscriptions": [INSTRUCTIONS, INDEX]},
            {"resourcesListChanged": True, "resourceSubscriptions": [INDEX]})
        for params in ({}, {"notifications": []}, {"notifications": None}):
            assert server.error("subscriptions/listen", params) == -32602


def test_who_listens_is_told_when_the_server_ends(place, shared_data):
    with Server(place, shared_data, REVISIONS[-1]) as server:
        for identifier in ("a", 7):
            server.send({"jsonrpc": "2.0", "id": identifier, "method": "subscriptions/listen",
                         "params": server.told({"notifications": {"resourcesListChanged": True}})})
            server.receive()
        server.end_input()
        assert {server.receive()["id"] for _ in range(2)} == {"a", 7}


# Prompts

def test_prompts_are_listed_with_their_arguments(server):
    prompts = server.result("prompts/list")["prompts"]
    assert {one["name"]: [argument["name"] for argument in one["arguments"]
                          if argument["required"]] for one in prompts} == PROMPTS
    assert server.error("prompts/list", {"cursor": "1"}) == -32602


def test_a_prompt_shows_how_things_stand(plan):
    assert "plan: Shall we?" in prompt(plan, "catch_up")
    assert "Yes, let us." in prompt(plan, "review_and_reply", topic="plan")
    handed = prompt(plan, "hand_off", topic="plan", agent="Cursor")
    assert "Yes, let us." in handed and "to Cursor" in handed
    started = prompt(plan, "start_thread", topic="next", goal="what to do next", ball="Codex")
    assert "'next'" in started and "what to do next" in started and "to Codex" in started


@pytest.mark.parametrize("params", [
    {}, {"name": 7}, {"name": "nothing"}, {"name": "review_and_reply"},
    {"name": "review_and_reply", "arguments": {"topic": ""}},
    {"name": "review_and_reply", "arguments": {"topic": 7}},
    {"name": "review_and_reply", "arguments": ["plan"]},
    {"name": "hand_off", "arguments": {"topic": "plan"}}])
def test_a_prompt_that_cannot_be_made_is_an_error(plan, params):
    assert plan.error("prompts/get", params) == -32602


def test_a_prompt_about_a_thread_that_is_not_there_is_an_error(plan):
    for topic in ("none", "../plan"):
        error = plan.request("prompts/get", {
            "name": "review_and_reply", "arguments": {"topic": topic}})["error"]
        assert error["code"] in (-32602, -32603) and topic in error["message"]


# Completion

def completed(server, name, value, **reference):
    reference = reference or {"type": "ref/prompt", "name": "start_thread"}
    return server.result("completion/complete", {
        "ref": reference, "argument": {"name": name, "value": value}})["completion"]


def test_arguments_are_completed(plan):
    plan.text("say", topic="planet", title="t", body="b", agent="Zoe")
    thread = {"type": "ref/resource", "uri": "watercooler://thread/{topic}"}
    assert completed(plan, "topic", "PLA", **thread)["values"] == ["plan", "planet"]
    assert completed(plan, "topic", "plane")["values"] == ["planet"]
    assert completed(plan, "topic", "x") == {"values": [], "total": 0, "hasMore": False}
    assert completed(plan, "ball", "z")["values"] == ["Zoe (alice)"]
    assert "implementer" in completed(plan, "role", "")["values"]
    assert "Decision" in completed(plan, "entry_type", "dec")["values"]
    assert "IN_REVIEW" in completed(plan, "status", "in")["values"]
    assert completed(plan, "goal", "a")["values"] == []


def test_no_more_are_shown_than_the_protocol_allows(server, place):
    place.threads.mkdir()
    for number in range(130):
        place.file(f"t{number}").write_text("# t\n")
    shown = completed(server, "topic", "t")
    assert (len(shown["values"]), shown["total"], shown["hasMore"]) == (100, 130, True)


@pytest.mark.parametrize("params", [
    {}, {"argument": {"name": "topic", "value": ""}},
    {"ref": {"type": "ref/prompt", "name": "nothing"}, "argument": {"name": "a", "value": ""}},
    {"ref": {"type": "ref/resource", "uri": "x"}, "argument": {"name": "a", "value": ""}},
    {"ref": {"type": "ref/other"}, "argument": {"name": "a", "value": ""}},
    {"ref": {"type": "ref/prompt", "name": "catch_up"}, "argument": {"name": "a"}},
    {"ref": {"type": "ref/prompt", "name": "catch_up"}, "argument": {"name": 7, "value": ""}},
    {"ref": [], "argument": []}])
def test_what_cannot_be_completed_is_an_error(server, params):
    assert server.error("completion/complete", params) == -32602


def test_nothing_of_it_goes_into_the_threads(plan, place):
    before = {path.name: path.read_bytes() for path in place.threads.glob("*.md")}
    plan.result("resources/list"), read(plan, INDEX), prompt(plan, "catch_up")
    completed(plan, "topic", "p")
    assert {path.name: path.read_bytes() for path in place.threads.glob("*.md")} == before
    assert json.dumps(sorted(before)) == '["plan.md"]'
