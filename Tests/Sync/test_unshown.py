"""What one reader counts as seen, where others write in the same clone and the remote is away."""
import json

import pytest

from clones import at_once

AWAY = "git://127.0.0.1:1/nowhere"
SOON = {"WATERCOOLER_POLL": "0.5", "WATERCOOLER_FRESH": "0.001"}


def bodies(updates):
    return [entry["body"] for thread in updates["threads"] for entry in thread["entries"]]


@pytest.mark.parametrize("topics", [["plan"], ["plan", "notes"]])
def test_others_entries_are_new_to_who_waited_while_the_remote_was_away(world, topics):
    here, there = world.clone("Claude"), world.clone("Other")
    here.environment |= SOON
    for topic in topics:
        there.say(topic, world.body("first"))
        here.wc("read", topic)
    url = here.git("remote", "get-url", "origin").strip()
    here.git("remote", "set-url", "origin", AWAY)
    said = [[world.body(f"{name} {n}") for n in range(15)] for name in ("Codex", "Gemini")]

    def write(name, words):
        for number, body in enumerate(words):
            here.say(topics[number % len(topics)], body, "--agent", name, state="queued")

    heard = []

    def wait():
        with here.server() as server:
            while len(heard) < 30:
                result = server.call("wait", timeout_s=20)["structuredContent"]
                assert not result.get("timed_out"), heard
                heard.extend(bodies(result))

    at_once(lambda: write("Codex", said[0]), lambda: write("Gemini", said[1]), wait)
    assert sorted(heard) == sorted(said[0] + said[1])
    new = [there.say(topics[n % len(topics)], world.body(f"new {n}")) for n in range(20)]
    here.git("remote", "set-url", "origin", url)
    here.wc("sync", "--quiet")
    updates = here.json("updates")["updates"]
    found = [entry["entry_id"] for thread in updates["threads"] for entry in thread["entries"]]
    assert sorted(found) == sorted(receipt["entry_id"] for receipt in new)


def test_a_wait_that_brought_nothing_says_that_the_remote_was_away(world):
    here, there = world.clone("Claude"), world.clone("Other")
    there.say("plan", world.body("first"))
    here.wc("read", "plan")
    here.environment |= SOON
    url = here.git("remote", "get-url", "origin").strip()
    here.git("remote", "set-url", "origin", AWAY)
    with here.server() as server:
        result = server.call("wait", timeout_s=1)
        text, found = result["content"][0]["text"], result["structuredContent"]
        assert found["timed_out"] and "Nothing came in 1 s" in text
        assert "cannot be reached" in text and "cannot be reached" in found["freshness"]["problem"]
        assert found["freshness"]["as_of"] and found["next_cursor_note"]
        prompt = server.result("prompts/get", {"name": "catch_up"})
        assert "cannot be reached" in prompt["messages"][0]["content"]["text"]
        prompt = server.result("prompts/get", {
            "name": "review_and_reply", "arguments": {"topic": "plan"}})
        assert "cannot be reached" in prompt["messages"][0]["content"]["text"]
    done = here.run("wait", "--timeout", "1s", "--json")
    assert done.returncode == 3, done
    shown = json.loads(done.stdout)
    assert shown["updates"] is None and "cannot be reached" in shown["freshness"]["problem"]
    assert b"could be seen from here" in done.stderr
    here.git("remote", "set-url", "origin", url)
