"""Long threads, long lists and long lines."""
import json
import re

import pytest

from schemas import HANDSHAKE, REVISIONS, STATELESS
from wire import Server

# In the units that clients count in; a character of Python's is one or two of them.
REPLY = 40_000
LINE = 8_000_000


# What is long is long in each; these differ in what goes out beside the text.
@pytest.fixture(params=[HANDSHAKE[0], HANDSHAKE[-1], STATELESS])
def server(request, place, shared_data):
    with Server(place, shared_data, request.param) as server:
        server.open()
        server.tools()
        yield server
        assert server.longest < LINE


def say(server, topic, number, body):
    server.text("say", topic=topic, title=f"Entry {number}", body=body)


def units(text):
    return len(text.encode("utf-16-le")) // 2


def pages(server, topic, **arguments):
    """The entries of a thread, page by page, and how many pages there were."""
    entries, count, start = [], 0, 0
    while start is not None:
        text = server.text("read_thread", topic=topic, from_entry=start, format="json", **arguments)
        page = json.loads(text)
        assert page["entries"] or start == page["entry_count"]
        entries += page["entries"]
        count += 1
        start = page["next_from"]
    return entries, count


def test_a_thread_is_read_page_by_page(server):
    for number in range(7):
        say(server, "long", number, f"body {number}")
    entries, count = pages(server, "long", limit=3)
    assert count == 3
    assert [entry["number"] for entry in entries] == list(range(7))
    assert [entry["body"] for entry in entries] == [f"body {number}" for number in range(7)]
    last = json.loads(server.text("read_thread", topic="long", limit=2, format="json"))
    assert [entry["number"] for entry in last["entries"]] == [5, 6]
    after = server.text("read_thread", topic="long", since=entries[4]["entry_id"], format="json")
    assert [entry["number"] for entry in json.loads(after)["entries"]] == [5, 6]
    beyond = json.loads(server.text("read_thread", topic="long", from_entry=99, format="json"))
    assert (beyond["entries"], beyond["next_from"]) == ([], None)


@pytest.mark.parametrize("character", ["x", "\n", "\\", "é", "𝄞", "e\u0301", "\u0001"])
@pytest.mark.parametrize("style", ["markdown", "json"])
def test_a_reply_has_its_limit_whatever_is_in_it(server, character, style):
    for number in range(9):
        say(server, "long", number, f"<{character * 6_000}>")
    text = server.text("read_thread", topic="long", format=style)
    assert units(text) <= REPLY
    if style == "markdown":
        assert "Entry 8" in text and "Earlier ones" in text
    entries, _ = pages(server, "long")
    assert [entry["body"] for entry in entries] == [f"<{character * 6_000}>"] * 9


def test_an_entry_that_is_longer_than_a_reply_is_cut_and_comes_whole_when_asked(server):
    body = "".join(f"line {number}\n" for number in range(60_000)).strip()
    say(server, "long", 0, body)
    text = server.text("read_thread", topic="long")
    assert len(text) <= REPLY and "max_chars=" in text
    needed = int(re.search(r"from_entry=0, limit=1, max_chars=(\d+)", text)[1])
    for style in ["markdown", "json"]:
        whole = server.text("read_thread", topic="long", from_entry=0, limit=1, max_chars=needed,
                            format=style)
        marked = body.replace("\n", "\n|")
        assert (marked if style == "markdown" else json.dumps(body)[1:-1]) in whole


def test_an_entry_that_no_reply_holds_is_cut_and_its_file_is_named(server, place):
    say(server, "long", 0, "\n".join("x" for _ in range(500_000)))
    text = server.text("read_thread", topic="long", max_chars=10_000_000)
    assert len(text) > 600_000 and f"the file is {place.file('long')}]" in text


def test_the_longest_reply_stays_under_the_longest_line(server):
    for number in range(3):
        say(server, "long", number, "\u0001" * 1_000_000)
    for style in ["markdown", "json"]:
        server.text("read_thread", topic="long", max_chars=10_000_000, format=style)
    assert server.longest < LINE


def test_threads_are_listed_page_by_page(server):
    for number in range(12):
        say(server, f"topic-{number}", number, "body")
    topics, cursor = [], None
    while True:
        arguments = {"cursor": cursor} if cursor else {}
        text = server.text("list_threads", limit=5, format="json", **arguments)
        page = json.loads(text)
        assert page["total"] == 12
        topics += [thread["topic"] for thread in page["threads"]]
        cursor = page["next_cursor"]
        if cursor is None:
            break
    assert sorted(topics) == sorted(f"topic-{number}" for number in range(12))
    assert "cursor=5" in server.text("list_threads", limit=5)


@pytest.mark.parametrize("tool, arguments", [
    ("list_threads", {}), ("list_threads", {"format": "json"}), ("reindex", {}),
    ("search", {"query": "quite"})])
def test_lists_of_many_threads_have_the_limit_too(place, shared_data, tool, arguments):
    place.threads.mkdir()
    title = "quite long " * 18
    head = f"---\nformat: 1\ntopic: T\ntitle: {title}\nstatus: OPEN\nball: Claude\n---\n\n# T\n"
    for number in range(300):
        place.file(f"topic-{number}").write_text(head.replace("T\n", f"topic-{number}\n"))
    with Server(place, shared_data, REVISIONS[-1]) as server:
        server.open()
        assert len(server.text(tool, **arguments)) <= REPLY


def test_a_hit_in_a_very_long_line_is_cut(place, shared_data):
    with Server(place, shared_data, REVISIONS[-1]) as server:
        server.open()
        server.tools()
        for number in range(12):
            say(server, f"topic-{number}", number, "word " + "x" * 1_000_000)
        hits = server.call("search", query="word")
        assert len(hits["content"][0]["text"]) <= REPLY
        assert len(hits["structuredContent"]["hits"]) == 12
        assert server.longest < LINE
