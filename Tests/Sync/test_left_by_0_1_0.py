"""A machine as version 0.1.0 leaves it, with everything in it: nothing is lost, doubled or news again.

fixtures/make.py made it with those programs: the clone of `wc init` with an outbox, and two entries
whose writers were killed before their commit; an own branch, a path, a clone that a variable names, and
threads that are shared with nobody.
"""
import json
import re
from pathlib import Path

import pytest

import programs
from bare import git
from left import Left
from lines import Lines
from packing import unpack
from placeholders import Comparison

ARCHIVE = programs.ROOT / "Tests" / "Sync" / "fixtures" / "left-by-0.1.0.tar.gz"
REMOTES = {"clone": ("threads", "main"), "named": ("threads", "main"), "path": ("docs", "main"),
           "branch": ("code", "watercooler")}
MARK = re.compile(rb"^(Entry: .+)$|^<!-- Entry-ID: (.{26}) -->$", re.MULTILINE)
KEPT = ["found/plan-*.md", "imported-*/from-before.md"]


class Machine:
    """What was unpacked."""

    def __init__(self, root, is_in_place):
        self.root = root
        self.manifest = unpack(ARCHIVE, root, is_in_place)

    def open(self, place):
        return Left(self.root, place, self.manifest["places"])

    def go_away(self):
        (self.root / "remotes").rename(self.root / "away")

    def waiting(self, place):
        """The entries that are not in the remote, in the order in which they were written."""
        killed = self.manifest["uncommitted"] if place == "clone" else []
        return self.manifest["outbox"].get(place, []) + killed

    def files(self, place):
        """The threads that the remote has, by topic."""
        name, branch = REMOTES[place]
        remote = self.root / "remotes" / f"{name}.git"
        names = git("ls-tree", "-r", "--name-only", branch, directory=remote).decode().split()
        return {Path(path).stem: git("show", f"{branch}:{path}", directory=remote)
                for path in names if path.endswith(".md") and not path.endswith("README.md")}

    def marks(self, place):
        """The first line and the Entry-ID of each entry that the remote has, thread by thread."""
        return {topic: [(line or identity).decode() for line, identity in MARK.findall(data)]
                for topic, data in self.files(place).items()}

    def identities(self, place):
        """The Entry-IDs that the remote has."""
        return [mark for marks in self.marks(place).values() for mark in marks if len(mark) == 26]


@pytest.fixture(params=[True, False], ids=["in place", "copied"])
def machine(request, tmp_path):
    return Machine(tmp_path / "left", request.param)


in_each_place = pytest.mark.parametrize("place", ["clone", "branch", "path", "named", "local"])
in_each_clone = pytest.mark.parametrize("place", list(REMOTES))


def run(here, *arguments, code=0):
    done = here.run(*arguments)
    assert done.returncode == code, done
    return done.stdout.decode()


def entries(here, topic):
    return json.loads(run(here, "read", topic, "--json"))["thread"]["entries"]


def news(here, *arguments):
    """The Entry-IDs that are news; all of them count as seen then."""
    found = json.loads(run(here, "updates", "--json", *arguments))["updates"]["threads"]
    return [entry["entry_id"] for thread in found for entry in thread["entries"]]


@in_each_place
def test_everything_is_shown(machine, place):
    machine.go_away()
    here = machine.open(place)
    shown = machine.manifest["shown"][place]
    assert {thread["topic"] for thread in json.loads(run(here, "list", "--json"))["threads"]} \
        == set(shown)
    for topic, thread in shown.items():
        found = entries(here, topic)
        count = len(thread["entries"])
        assert Comparison().differences(thread["entries"], found[:count], topic) == []
        killed = [entry["entry_id"] for entry in found[count:]]
        assert killed == [one for one in machine.waiting(place) if one in killed]
    if place == "clone":
        assert run(here, "search", "Killed.").count("\n") == 4


@in_each_clone
def test_the_outbox_lists_what_waits(machine, place):
    machine.go_away()
    here = machine.open(place)
    waiting = machine.waiting(place)
    found = [one for commit in json.loads(run(here, "outbox", "--json"))["outbox"]
             for one in commit["entry_ids"]]
    assert [one for one in found if one in waiting] == waiting
    # The change of a status is no entry, and has an ID of its own.
    assert len(found) == len(waiting) + (place == "clone")


@in_each_clone
def test_all_is_sent_once(machine, place):
    here = machine.open(place)
    before = machine.marks(place)
    run(here, "sync", "--quiet")
    after = machine.marks(place)
    sent = [mark for topic, marks in after.items() for mark in marks[len(before.get(topic, [])):]]
    assert sorted(mark for mark in sent if len(mark) == 26) == machine.waiting(place)
    assert len(sent) == 2 * len(machine.waiting(place))
    assert all(after[topic][:len(marks)] == marks for topic, marks in before.items())
    assert json.loads(run(here, "outbox", "--json"))["outbox"] == []
    assert git("status", "--porcelain", "--untracked-files=no", directory=here.threads) == b""
    files = machine.files(place)
    assert place != "clone" or b"\nstatus: IN-PROGRESS\n" in files["yours"]
    run(here, "sync", "--quiet")
    assert machine.files(place) == files


def test_all_is_sent_once_by_all(machine):
    for place in [*REMOTES, *REMOTES]:
        run(machine.open(place), "sync", "--quiet")
    for place in REMOTES:
        found = machine.identities(place)
        assert len(found) == len(set(found))
        assert set(machine.waiting(place)) <= set(found)
        assert run(machine.open(place), "outbox") == ""


def test_what_was_seen_is_no_news(machine):
    machine.go_away()
    for place in machine.manifest["places"]:
        here = machine.open(place)
        # Those that were killed have not been shown to anybody.
        killed = machine.manifest["uncommitted"] if place == "clone" else []
        assert sorted(news(here, "--as", "Reader")) == killed
        assert news(here) == (machine.manifest["news"]["local"] if place == "local" else [])
        assert news(here) == news(here, "--as", "Reader") == []


def test_what_is_new_is_news_once(machine):
    news_of, killed = machine.manifest["news"], machine.manifest["uncommitted"]
    here = machine.open("clone")
    run(here, "sync", "--quiet")
    assert sorted(news(here)) == sorted([news_of["named"][1], *news_of["colleague"]])
    assert sorted(news(here, "--as", "Reader")) == sorted(
        news_of["named"] + news_of["colleague"] + killed)
    plan = [news_of["colleague"][0], *machine.manifest["outbox"]["clone"][:2], killed[0]]
    assert news(here, "--as", "Gemini", "--topic", "plan") == plan
    assert news(here) == news(here, "--as", "Reader") == []
    assert news(here, "--as", "Gemini", "--topic", "plan") == []


@in_each_place
def test_nothing_is_wrong_with_it(machine, place):
    here = machine.open(place)
    if place != "local":
        run(here, "sync", "--quiet")
    assert run(here, "doctor") == "nothing is wrong\n"
    assert json.loads(run(here, "whoami", "--json"))["dir"] == str(here.threads)


@in_each_place
def test_it_is_written_to(machine, place):
    here = machine.open(place)
    body = "Written by a later version."
    receipt = json.loads(run(here, "say", f"of-{place}", "-m", body, "--json"))["receipt"]
    assert receipt["state"] == ("local" if place == "local" else "pushed")
    assert entries(here, f"of-{place}")[-1]["body"] == body
    run(here, "say", f"of-{place}", "-m", "If", "--if-ball", "Nobody", code=3)
    run(here, "say", f"of-{place}", "-m", "If", "--if-ball", receipt["ball"])
    if place != "local":
        assert machine.marks(place)[f"of-{place}"][-3] == receipt["entry_id"]


def test_what_is_kept_stays(machine):
    here = machine.open("clone")
    notes, state = here.threads / ".git" / "watercooler", here.state

    def kept():
        rescued = git("for-each-ref", "refs/watercooler/rescued/", directory=here.threads)
        files = [path for pattern in KEPT for path in notes.glob(pattern)]
        files += [*state.glob("drafts/*"), state / "index.md"]
        return rescued, {path: path.read_bytes() for path in files}

    before, calls = kept(), (state / "calls.jsonl").read_bytes()
    contacts = json.loads(run(here, "stats", "--json"))["stats"]
    assert before[0] != b"" and len(before[1]) >= 5
    run(here, "sync", "--quiet")
    run(here, "doctor", "--fix")
    run(here, "say", "plan", "-m", "Later")
    with Lines(here, programs.SERVER) as server:
        server.initialize("2025-11-25")
        server.text("list_threads")
    assert kept() == before
    assert (state / "calls.jsonl").read_bytes().startswith(calls)
    assert json.loads(run(here, "stats", "--json"))["stats"]["since"] == contacts["since"]


@in_each_place
def test_a_server_opens_it(machine, place):
    here = machine.open(place)
    expected = machine.manifest["shown"][place][f"of-{place}"] if place != "clone" else \
        machine.manifest["shown"]["clone"]["plan"]
    # A client starts a server anywhere.
    options = ["--dir", here.threads] if place in ("branch", "local") else []
    with Lines(here, programs.SERVER, *options) as server:
        server.initialize("2025-11-25")
        result = server.call("sync")
        assert (result["isError"], result["structuredContent"]["outbox"]) == (False, []), result
        thread = server.call("read_thread", topic=expected["topic"])["structuredContent"]
        bodies = [entry["body"] for entry in thread["entries"]]
        assert [entry["body"] for entry in expected["entries"] if entry["body"] not in bodies] == []
        assert server.call("health")["structuredContent"]["findings"] == []
    if place != "local":
        assert set(machine.waiting(place)) <= set(machine.identities(place))
