"""The checker of histories finds what it is for, in histories that plain git made."""
import json

import pytest

from bare import Bare, git
from checks import judged
from test_checks import IDS, thread


def check_history(remote, *clones, receipts=()):
    """The checker's exit code and what it says."""
    options = ["--receipts", *receipts] if receipts else []
    return judged(remote, *clones, options=options)


def message(*identities):
    return "Claude: words (plan)\n\n" + "".join(
        f"Watercooler-Entry-ID: {one}\n" for one in identities)


class History:
    """A remote, whose commits say that a program of ours made them, and what writers were told."""

    def __init__(self, directory):
        self.bare = Bare(directory / "threads.git")
        self.directory = directory
        self.receipts = directory / "receipts.jsonl"
        self.receipts.touch()

    def commit(self, text, *identities):
        words = message(*identities) if identities else "By hand"
        tip = self.bare.commit({"plan.md": text}, words, self.bare.tip)
        self.bare.set_branch(tip)
        return tip

    def tell(self, identity, state="pushed", commit=None):
        receipt = {"entry_id": identity, "topic": "plan", "state": state, "commit": commit}
        with open(self.receipts, "a") as file:
            file.write(json.dumps({"receipt": receipt}, indent=1) + "\n")

    def clone(self, name="clone"):
        path = self.directory / name
        git("clone", "--quiet", self.bare.directory.as_uri(), str(path))
        return path

    def check(self, *clones):
        return check_history(self.bare.directory, *clones, receipts=[self.receipts])


@pytest.fixture
def history(tmp_path):
    history = History(tmp_path)
    for number in (1, 2):
        tip = history.commit(thread(*IDS[:number]), IDS[number - 1])
        history.tell(IDS[number - 1], commit=tip)
    return history


def test_a_good_history_is_good(history):
    clone = history.clone()
    code, words = history.check(clone)
    assert (code, "2 pushed" in words) == (0, True), words
    # By a URL, and with what the clone's own log has: lines that were cut off say nothing.
    log = clone / ".git" / "watercooler" / "metrics.jsonl"
    log.parent.mkdir()
    log.write_text('{"operation": "write", "entry_id": "%s", "state": "pushed"}\n{"oper' % IDS[0])
    code, words = check_history(history.bare.directory.as_uri(), clone)
    assert (code, "1 pushed" in words) == (0, True), words


def test_what_was_told_and_is_not_there_is_found(history):
    history.tell(IDS[2])
    code, words = history.check()
    assert code == 1 and f"lost: {IDS[2]} was pushed" in words, words


@pytest.mark.parametrize("state, code", [
    ("pushed", 1), ("queued", 0), ("blocked", 0), ("unknown", 0), ("local", 0)])
def test_what_waits_in_a_clone_is_not_lost(history, state, code):
    clone = history.clone()
    (clone / "plan.md").write_text(thread(*IDS[:3]))
    git("commit", "--quiet", "-am", message(IDS[2]), directory=clone)
    history.tell(IDS[2], state)
    assert history.check(clone)[0] == code
    git("reset", "--quiet", "--hard", "origin/main", directory=clone)
    assert history.check(clone)[0] == (1 if state in ("queued", "blocked") else code)


@pytest.mark.parametrize("told, code", [
    (["queued", "dropped"], 0), (["queued", "dropping"], 0), (["pushed", "dropped"], 1),
    (["queued", "dropped", "queued"], 1), (["dropped", "pushed"], 1)])
def test_what_was_taken_back_is_not_lost(history, told, code):
    for state in told:
        history.tell(IDS[2], state)
    assert history.check()[0] == code


def test_what_another_clone_took_back_is_still_waited_for(history):
    clones = [history.clone("one"), history.clone("other")]
    for clone, state in zip(clones, ("queued", "dropped")):
        log = clone / ".git" / "watercooler" / "metrics.jsonl"
        log.parent.mkdir()
        log.write_text(json.dumps({"entry_id": IDS[2], "state": state}) + "\n")
    code, words = check_history(history.bare.directory, *clones)
    assert code == 1 and f"lost: {IDS[2]} was queued" in words, words


@pytest.mark.parametrize("told, code", [
    (["queued", "dropped"], 1), (["unknown", "dropped"], 0), (["queued", "dropping"], 0)])
def test_what_was_taken_back_does_not_come(history, told, code):
    for state in told:
        history.tell(IDS[1], state)
    # It was pushed by then, as the fixture says; this is of somebody who was told nothing of it.
    history.receipts.write_text(history.receipts.read_text().replace('"pushed"', '"none"'))
    found, words = history.check()
    assert found == code and (f"FOUND: dropped: {IDS[1]}" in words) == bool(code), words


def test_a_change_that_is_no_entry_is_known_by_its_commit(history):
    history.tell(IDS[2], commit=history.commit(thread(*IDS[:2], ball="Team"), IDS[2]))
    assert history.check()[0] == 0


@pytest.mark.parametrize("text, kind", [
    (thread(IDS[1], IDS[0], IDS[2]), "moved"), (thread(IDS[0], IDS[2], IDS[1]), "moved"),
    (thread(IDS[0], IDS[2]), "removed"), (thread(*IDS[:3], body="other"), "altered"),
    (thread(*IDS[:2], IDS[2], IDS[2]), "damaged"), (thread(*IDS[:3]) + "more\n", "damaged"),
    (thread(*IDS[:3], ball="Nobody"), "ball"),
])
def test_what_no_append_explains_is_found(history, text, kind):
    history.commit(text, IDS[2])
    code, words = history.check()
    assert code == 1 and f"FOUND: {kind}: " in words, words


@pytest.mark.parametrize("text, kind", [
    (thread(IDS[1]), "removed"), (thread(*IDS[:2], body="other"), "altered")])
def test_what_was_done_by_hand_is_told_and_is_no_finding(history, text, kind):
    history.commit(text)
    code, words = history.check()
    assert code == 0 and f"by hand: {kind}: " in words, words


def test_an_entry_in_two_threads_is_found(history):
    files = {"plan.md": thread(*IDS[:2]), "other.md": thread(IDS[0])}
    history.bare.set_branch(history.bare.commit(files, message(IDS[0]), history.bare.tip))
    code, words = history.check()
    assert code == 1 and "FOUND: doubled: " in words, words


def test_another_text_in_a_clone_is_found(history):
    clone = history.clone()
    git("reset", "--quiet", "--hard", "HEAD~1", directory=clone)
    (clone / "plan.md").write_text(thread(*IDS[:2]).replace(f"body {IDS[1]}", "body other"))
    git("commit", "--quiet", "-am", message(IDS[1]), directory=clone)
    code, words = history.check(clone)
    assert code == 1 and "another text" in words, words


def test_an_object_that_is_gone_is_found(history):
    tip = history.bare.tip
    (history.bare.directory / "objects" / tip[:2] / tip[2:]).unlink()
    assert history.check()[0] == 1
