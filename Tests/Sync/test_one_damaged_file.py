"""One file that cannot be merged holds back its own thread, and nothing else, until somebody mends it."""
import json

import pytest

from by_hand import Person, check_with_hands
from test_past_a_person import told

NEWS = """---
format: 1
topic: news
title: News
status: OPEN
ball: Team
---

# News

---
Entry: Zoe 2026-11-30T10:00:00Z
Title: n

news
<!-- Entry-ID: 01M7XX0F93F0WMC16VMVX7YP8Z -->
"""


def markers(path):
    lines = [f"<<<<<<< a\n{line}\n=======\nstatus: CLOSED\n>>>>>>> b" if line.startswith("status: ") else line
             for line in path.read_text().split("\n")]
    path.write_text("\n".join(lines))


def latin(path):
    path.write_bytes(path.read_bytes() + b"\xff\xfe\n")


def newer(path):
    path.write_text(path.read_text().replace("format: 1\n", "format: 99\n", 1))


def directory(path):
    path.unlink()
    path.mkdir()
    (path / "x").write_text("x\n")


def link(path):
    path.with_name("other.txt").write_text(path.read_text())
    path.unlink()
    path.symlink_to("other.txt")


def link_away(path):
    path.unlink()
    path.symlink_to("/etc/hostname")


def words(path):
    path.write_text("Nothing of a thread.\n")


DAMAGES = [markers, latin, newer, directory, link, link_away, words]


@pytest.fixture
def damaged(world):
    """A clone with an entry that waits, and a person who can damage its thread in the remote."""
    here = world.clone("here")
    here.environment["WATERCOOLER_FRESH"] = "0.001"
    here.say("plan", world.body())
    person = Person(world)
    # Something else is to be seen of it by the person alone.
    world.is_checked = False

    def push(change):
        person.git("pull", "--quiet", "--rebase")
        change(person.directory / "plan.md")
        person.git("add", "--all")
        person.git("commit", "--quiet", "--message", "By hand")
        person.git("push", "--quiet")

    return here, person, push


@pytest.mark.parametrize("damage", DAMAGES)
def test_one_damaged_file_stops_nothing_else(world, damaged, damage):
    here, person, push = damaged
    good = (person.directory / "plan.md").read_bytes()

    def with_news(path):
        damage(path)
        (person.directory / "news.md").write_text(NEWS)

    push(with_news)
    receipt = here.say("plan", world.body(), state="blocked")
    waiting = receipt["entry_id"]
    assert receipt["problem"] and receipt["hint"], receipt
    here.say("other", world.body())
    assert len(told(here, "read", "news")["thread"]["entries"]) == 1
    shown = here.run("read", "plan", "--json")
    if shown.returncode == 0:
        entries = json.loads(shown.stdout)["thread"]["entries"]
        assert entries[-1]["entry_id"] == waiting and entries[-1]["number"] is None
    damaged_bytes = world.remote.bare.git("ls-tree", "-r", world.remote.bare.branch)
    assert here.run("sync", code=4).stderr.startswith(b"Blocked: 1 waiting")
    assert world.remote.bare.git("ls-tree", "-r", world.remote.bare.branch) == damaged_bytes
    assert here.outbox() == [waiting]

    def mend(path):
        if path.is_dir():
            (path / "x").unlink()
            path.rmdir()
        path.unlink(missing_ok=True)
        path.write_bytes(good)

    push(mend)
    here.wc("sync", "--quiet")
    assert here.outbox() == []
    assert world.documents()["plan"].identities[-1] == waiting
    check_with_hands(world)


def test_two_files_that_differ_in_case(world, damaged):
    here, person, push = damaged
    push(lambda path: path.with_name("PLAN.md").write_bytes(path.read_bytes()))
    said = here.say("plan", world.body())["entry_id"]
    here.say("other", world.body())
    assert here.read("plan")["entries"][-1]["entry_id"] == said
    done = here.run("say", "plan", "-m", "which?", code=1)
    assert b"differ only in case" in done.stderr
    push(lambda path: path.with_name("PLAN.md").unlink())
    here.wc("sync", "--quiet")
    here.say("plan", world.body())
    assert here.outbox() == []
    check_with_hands(world)
