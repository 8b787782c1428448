"""What each tool says of itself in its annotations is so: it is called twice, and what it changed is looked at."""
import pytest

import programs
from bare import Bare
from programs import TOOLS
from schemas import HANDSHAKE
from wire import Server

ARGUMENTS = {
    "say": {"topic": "plan", "title": "T", "body": "B"}, "ack": {"topic": "plan"},
    "handoff": {"topic": "plan"}, "set_status": {"topic": "plan", "status": "BLOCKED"},
    "set_ball": {"topic": "plan", "ball": "Codex"}, "read_thread": {"topic": "plan"},
    "search": {"query": "one"}, "list_updates": {"limit": 1}, "wait": {"timeout_s": 1},
}
# Files of a clone that tell when something was asked, and not what there is.
MOMENTS = {"contact", "metrics.jsonl", "calls.jsonl", "arrived", "fetch.lock", "FETCH_HEAD"}


@pytest.fixture
def shared(tmp_path):
    bare = Bare(tmp_path / "threads.git")
    here, there = [
        programs.Place(tmp_path / agent, agent, WATERCOOLER_GIT_REPO=bare.directory.as_uri(),
                       WATERCOOLER_FRESH="0.001") for agent in ("here", "there")]
    for body in ("one", "two", "three"):
        there.wc("say", "plan", "-m", body)
    return bare, here, there


def files(directory):
    """What every file below a directory holds."""
    return {str(path): path.read_bytes() for path in sorted(directory.rglob("*"))
            if path.is_file() and not MOMENTS & set(path.parts) and ".git" not in path.parts}


def states(bare, here):
    """The remote, the threads here, and what is known of the reader."""
    return bare.tip, files(here.threads), files(here.home / ".watercooler" / "state")


@pytest.mark.parametrize("name", TOOLS)
def test_a_tool_does_what_its_annotations_say(name, shared, shared_data):
    bare, here, there = shared
    with Server(here, shared_data, HANDSHAKE[-1]) as server:
        server.open()
        tool = next(one for one in server.tools() if one["name"] == f"watercooler_v1_{name}")
        hints = tool["annotations"]
        # Something is there to be fetched, but not by the call itself.
        server.text("list_threads")
        seen = [states(bare, here)]
        for _ in range(2):
            server.call(name, **ARGUMENTS.get(name, {}))
            seen.append(states(bare, here))
    (tip, threads, marks), (tip_after, threads_after, marks_after), _ = seen
    if hints["readOnlyHint"]:
        assert (tip_after, threads_after) == (tip, threads)
        # What moves a reader's marks shows something else the next time.
        assert hints["idempotentHint"] == (marks_after == marks)
    else:
        assert hints["idempotentHint"] == (seen[2] == seen[1])
    assert not hints["destructiveHint"] and not hints["openWorldHint"]


def test_sync_is_not_read_only(shared, shared_data):
    bare, here, there = shared
    here.wc("list")
    away = bare.directory.with_name("away")
    bare.directory.rename(away)
    here.run("say", "plan", "-m", "offline", code=0)
    away.rename(bare.directory)
    tip = bare.tip
    with Server(here, shared_data, HANDSHAKE[-1]) as server:
        server.open()
        tools = {one["name"]: one["annotations"] for one in server.tools()}
        server.text("sync")
    assert bare.tip != tip and not tools["watercooler_v1_sync"]["readOnlyHint"]
