"""Which git children an operation has when nothing is wrong: none looks for something that may be."""
import pytest

from kills import Killer
from transcripts import age

# Every operation reads the settings, and asks how the branch and the remote's stand to each other.
CHILDREN = {
    "read, fresh": (["read", "plan"], ["config", "rev-parse"]),
    "list, fresh": (["list"], ["config", "rev-parse"]),
    "outbox": (["outbox"], ["config", "rev-parse"]),
    "read": (["read", "plan"], ["config", "fetch", "rev-parse"]),
    "say": (["say", "plan", "-m", "words"], ["config", "fast-import", "update-index", "push"]),
    "say, a new thread": (["say", "new", "-m", "words"], ["config", "fast-import", "update-index", "push"]),
    "sync": (["sync"], ["config", "fetch", "rev-parse", "rev-parse", "maintenance"]),
}


@pytest.fixture
def here(world):
    here = world.clone("here")
    for topic in ("plan", "notes"):
        here.say(topic, world.body())
    # What is said here without the ledger is nobody's to check.
    world.is_checked = False
    return here


@pytest.mark.parametrize("name", CHILDREN)
def test_nothing_is_wrong(here, tmp_path, name):
    arguments, children = CHILDREN[name]
    here.environment["WATERCOOLER_FRESH"] = "1000" if "fresh" in name else "0.001"
    here.wc("sync")
    assert Killer(here, tmp_path / "killer").words(*arguments) == children


@pytest.mark.parametrize("command", [["read", "plan"], ["say", "plan", "-m", "words"], ["sync"]])
def test_what_came_from_others_is_no_reason_to_look(world, here, tmp_path, command):
    there = world.clone("there")
    there.say("notes", world.body())
    here.environment["WATERCOOLER_FRESH"] = "0.001"
    here.wc("read", "plan")
    assert "status" not in Killer(here, tmp_path / "killer").words(*command)


def test_a_branch_is_looked_for_before_its_first_push_alone(world, tmp_path):
    clone = world.clone()
    clone.wc("list")
    world.is_checked = False
    killer = Killer(clone, tmp_path / "killer")
    for looks in (1, 0):
        words = killer.words("say", "plan", "-m", "words")
        assert (words.count("ls-remote"), words.count("push")) == (looks, 1), words


def test_a_file_that_somebody_touched_is_looked_at_once(here, tmp_path):
    here.wc("sync")
    age(here.file("notes"))
    here.environment["WATERCOOLER_FRESH"] = "1000"
    killer = Killer(here, tmp_path / "killer")
    assert killer.words("read", "plan").count("status") == 1
    assert killer.words("read", "plan") == ["config", "rev-parse"]
