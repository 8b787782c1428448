"""A clone in which much waits, as the last version before the records leaves it: all is sent, once, as it was said.

fixtures/make_before_records.py made it with those programs: commits that are not sent, and entries without a
commit, whose writers were killed or were told that nobody knows what became of them.
"""
import json

import pytest

from bare import git
from checks import check_ball, judged
from documents import Document, is_thread
from history import Repository
from left import Left
from lines import Lines
from packing import unpack
from programs import ROOT

ARCHIVE = ROOT / "Tests" / "Sync" / "fixtures" / "left-before-records.tar.gz"
# Who has read, or was told, has nothing in them any more.
SETTLED = ["uncommitted", "answered"]


class Machine:
    """What was unpacked: a clone and its remote, and what was said in it."""

    def __init__(self, root, is_in_place):
        self.root = root
        self.manifest = unpack(ARCHIVE, root, is_in_place)
        self.said = {one: tuple(said) for one, said in self.manifest["said"].items()}
        self.uncommitted = self.manifest["uncommitted"]
        self.outbox = self.manifest["outbox"] + self.uncommitted
        self.here = Left(root, "clone", self.manifest["places"])
        self.notes = self.here.threads / ".git" / "watercooler"
        self.remote = root / "remotes" / "threads.git"
        self.before = self.documents()

    def go_away(self):
        (self.root / "remotes").rename(self.root / "away")

    def come_back(self):
        (self.root / "away").rename(self.root / "remotes")

    def documents(self):
        """The threads that the remote has, by topic."""
        remote = Repository(self.remote)
        return {name.removesuffix(".md"): Document(data, name)
                for name, data in remote.files(remote.tip("refs/heads/main")).items()
                if is_thread(name)}

    def files(self):
        """All that is there, but what was noted of contacts; and when it was changed."""
        return {path: (path.read_bytes(), path.stat().st_mtime_ns)
                for path in self.root.rglob("*")
                if path.is_file() and path.name not in ("metrics.jsonl", "contact")}

    def say(self, topic, body, *options, state="pushed"):
        receipt = self.here.receipt("say", topic, "-m", body, *options)
        assert receipt["state"] == state, receipt
        self.said[receipt["entry_id"]] = topic, body

    def sync(self):
        done = self.here.run("sync", "--quiet")
        assert (done.returncode, done.stdout, done.stderr) == (0, b"", b""), done

    def check(self):
        """All that was said is in the remote, once, in its order, after what was there."""
        after = self.documents()
        for topic, document in after.items():
            shown = self.before[topic].entries if topic in self.before else []
            assert document.entries[:len(shown)] == shown, topic
            known = {entry.identity for entry in shown}
            sent = [(entry.identity, entry.body) for entry in document.entries[len(shown):]]
            assert sent == [(one, body) for one, (where, body) in self.said.items()
                            if where == topic and one not in known], topic
        assert set(after) == {*self.before, *(topic for topic, _ in self.said.values())}
        for topic in set(after) - {"yours"}:
            check_ball(topic, after[topic])
        # These were set without an entry.
        assert (after["yours"].head["ball"], after["plan"].head["status"]) == ("Codex", "IN-REVIEW")
        code, words = judged(self.remote, self.here.threads)
        assert code == 0, words

    def check_is_settled(self):
        """Nothing waits, and nothing is left to be done."""
        assert self.here.json("outbox")["outbox"] == []
        assert git("status", "--porcelain", directory=self.here.threads) == b""
        for note in SETTLED:
            path = self.notes / note
            assert not path.exists() or path.read_bytes() == b"", note
        tips = self.tips()
        self.sync()
        assert self.tips() == tips
        assert self.here.wc("doctor") == "nothing is wrong\n"

    def tips(self):
        return [git("rev-parse", "main", directory=place).strip()
                for place in (self.remote, self.here.threads)]


@pytest.fixture(params=[True, False], ids=["in place", "copied"])
def machine(request, tmp_path):
    return Machine(tmp_path / "left", request.param)


# The first that somebody does in it

def sync(machine):
    machine.sync()


def say(machine):
    machine.say("plan", "Written by a later version.")


def say_in_a_new_thread(machine):
    machine.say("new", "Written by a later version.")


def say_conditionally(machine):
    machine.say("review", "Written by a later version.", "--if-ball", "Codex", "--ball", "Codex")
    machine.sync()


def read(machine):
    thread = machine.here.read("plan")
    assert [entry["body"] for entry in thread["entries"]].count("Killed.") == 2
    machine.sync()


def write_offline(machine):
    machine.go_away()
    machine.say("plan", "Written by a later version.", state="blocked")
    machine.say("new", "And without the remote.", state="blocked")
    assert len(machine.here.json("outbox")["outbox"]) >= 3
    machine.come_back()
    machine.sync()


def read_offline(machine):
    machine.go_away()
    done = machine.here.run("read", "review", "--json", code=0)
    bodies = [entry["body"] for entry in json.loads(done.stdout)["thread"]["entries"]]
    assert bodies[-2:] == ["Killed.", "Nobody knows."]
    machine.come_back()
    machine.sync()


def retry(machine):
    """Whoever heard nothing says it again, with the same identity."""
    for identity in machine.uncommitted:
        topic, body = machine.said[identity]
        receipt = machine.here.receipt("say", topic, "-m", body, "--entry-id", identity)
        assert (receipt["entry_id"], receipt["state"]) == (identity, "pushed"), receipt


def say_what_was_refused(machine):
    """Its writer was told that it is not written: now it is."""
    topics = {"Git fails.": "review", "Taken back.": "plan"}
    for body, identity in machine.manifest["refused"].items():
        machine.say(topics[body], body, "--entry-id", identity)


def mend(machine):
    machine.here.run("doctor", "--fix", code=0)
    machine.sync()


def start_a_server(machine):
    with Lines(machine.here, machine.here.bin / "watercooler-mcp") as server:
        server.initialize("2025-11-25")
        result = server.call("sync")
        assert (result["isError"], result["structuredContent"]["outbox"]) == (False, []), result


@pytest.mark.parametrize("take_over", [
    sync, say, say_in_a_new_thread, say_conditionally, read, write_offline, read_offline, retry,
    say_what_was_refused, mend, start_a_server])
def test_all_is_sent_once(machine, take_over):
    take_over(machine)
    machine.check()
    machine.check_is_settled()
    machine.check()


@pytest.mark.parametrize("is_away", [True, False])
def test_the_outbox_lists_all_that_waits_and_changes_nothing(machine, is_away):
    if is_away:
        machine.go_away()
    before = machine.files()
    waiting = json.loads(machine.here.run("outbox", "--json", code=0).stdout)["outbox"]
    assert [one for commit in waiting for one in commit["entry_ids"]] == machine.outbox
    assert machine.files() == before
    if is_away:
        machine.come_back()


def test_one_without_a_commit_is_taken_back(machine):
    dropped = machine.uncommitted[1]
    machine.here.wc("outbox", "drop", dropped)
    del machine.said[dropped]
    machine.sync()
    machine.check()
    machine.check_is_settled()


def test_what_is_new_is_news_once(machine):
    """Those that were killed were shown to nobody; all others to the reader."""
    shown = {entry["entry_id"] for thread in machine.manifest["shown"].values()
             for entry in thread["entries"]}
    there = {one for document in machine.before.values() for one in document.identities}
    machine.sync()
    found = machine.here.json("updates", "--as", "Reader")["updates"]["threads"]
    news = sorted(entry["entry_id"] for thread in found for entry in thread["entries"])
    assert news == sorted([*(there - shown), *machine.uncommitted])
    assert machine.here.json("updates", "--as", "Reader")["updates"]["threads"] == []


def test_entries_keep_their_numbers(machine):
    machine.sync()
    for topic, thread in machine.manifest["shown"].items():
        now = {entry["entry_id"]: entry for entry in machine.here.read(topic)["entries"]}
        for entry in thread["entries"]:
            was = entry["number"]
            assert was is None or now[entry["entry_id"]]["number"] == was
            assert now[entry["entry_id"]]["body"] == entry["body"]
