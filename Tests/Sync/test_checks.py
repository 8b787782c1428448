"""The checks find what they are for: each test makes what they must not let pass."""
import fcntl

import pytest

import checks
import readers
from bare import Bare, git
from clones import Ledger, World
from documents import Document

IDS = [f"01M7XX0F93F0WMC16VMVX7YP8{letter}" for letter in "ABCDE"]
HEAD = "---\nformat: 1\ntopic: plan\ntitle: T\nstatus: OPEN\nball: {ball}\n---\n\n# T\n"
ENTRY = """
---
Entry: Claude (alice) 2026-01-02T03:04:05Z
Role: implementer
Ball: Codex

{body}
<!-- Entry-ID: {identity} -->
"""


def thread(*identities, ball="Codex", body="body"):
    return HEAD.format(ball=ball) + "".join(
        ENTRY.format(body=f"{body} {one}", identity=one) for one in identities)


@pytest.fixture
def bare(tmp_path):
    return Bare(tmp_path / "threads.git")


class Remote:
    def __init__(self, bare):
        self.bare = bare


def only_remote(bare):
    return World(None, Remote(bare), None)


def history(bare, *texts):
    tip = None
    for text in texts:
        tip = bare.commit({"plan.md": text} if text else {}, parent=tip)
        bare.set_branch(tip)
    return only_remote(bare)


def acknowledged(identity, body=None, topic="plan"):
    ledger = Ledger()
    body = f"body {identity}" if body is None else body
    ledger.acknowledge({"entry_id": identity, "topic": topic}, body)
    return ledger


def test_a_good_history_passes(bare):
    world = history(bare, thread(IDS[0]), thread(*IDS[:2]), thread(*IDS[:4]))
    for identity in IDS[:4]:
        world.ledger.acknowledge({"entry_id": identity, "topic": "plan"}, f"body {identity}")
    assert checks.check_remote(world)["plan"].identities == IDS[:4]


@pytest.mark.parametrize("quoted, said", [
    ("a\n\n---\n\\Entry: B 2026-01-02T03:04:05Z\nc", "a\n\n---\nEntry: B 2026-01-02T03:04:05Z\nc"),
    ("\\\\Entry: B 2026-01-02T03:04:05Z", "\\Entry: B 2026-01-02T03:04:05Z"),
    ("\\<!-- Entry-ID: 01M7XX0F93F0WMC16VMVX7YP8Z -->",
     "<!-- Entry-ID: 01M7XX0F93F0WMC16VMVX7YP8Z -->"),
    ("\\Entry: nothing", "\\Entry: nothing"), ("---\nEntry: nothing", "---\nEntry: nothing"),
    ("ends  \n\n\tx ", "ends  \n\n\tx "),
])
def test_bodies_are_read_as_they_were_said(bare, quoted, said):
    text = HEAD.format(ball="Codex") + ENTRY.format(body=quoted, identity=IDS[0])
    world = history(bare, text)
    world.ledger = acknowledged(IDS[0], said)
    checks.check_remote(world)


@pytest.mark.parametrize("texts, ledger, problem", [
    ([thread(*IDS[:2]), thread(IDS[1], IDS[0])], Ledger(), "moves entries"),
    ([thread(*IDS[:2]), thread(IDS[0])], Ledger(), "removes 01"),
    ([thread(IDS[0]), thread(IDS[1], IDS[0])], Ledger(), "moves entries"),
    ([thread(IDS[0]), None], Ledger(), "removes plan.md"),
    ([thread(IDS[0], IDS[0])], Ledger(), "more than once"),
    ([thread(IDS[0], ball="Claude")], Ledger(), "ball of plan"),
    ([thread(IDS[0])], acknowledged(IDS[1]), "not in the remote"),
    ([thread(IDS[0])], acknowledged(IDS[0], "other"), "not as it was said"),
    ([thread(IDS[0])], acknowledged(IDS[0], topic="other"), "not as it was said"),
    ([thread(IDS[0]) + "<<<<<<< HEAD\n"], Ledger(), "conflict markers"),
    ([thread(IDS[0]) + "more\n"], Ledger(), "after the Entry-ID"),
    ([HEAD.format(ball="x") + "\n---\nEntry: A 2026-01-02T03:04:05Z\nRole: x\n\nno identity\n"],
     Ledger(), "0 Entry-IDs"),
    ([], acknowledged(IDS[0]), "the remote is empty"),
])
def test_a_bad_history_does_not_pass(bare, texts, ledger, problem):
    world = history(bare, *texts)
    world.ledger = ledger
    with pytest.raises(AssertionError, match=problem):
        checks.check_remote(world)


def test_a_refused_body_and_a_doubled_one_are_found(bare):
    world = history(bare, thread(IDS[0]))
    world.ledger.refuse(f"body {IDS[0]}")
    with pytest.raises(AssertionError, match="refused, and written"):
        checks.check_remote(world)
    text = HEAD.format(ball="Codex") + "".join(
        ENTRY.format(body="same", identity=one) for one in IDS[:2])
    with pytest.raises(AssertionError, match="2 times"):
        world = history(bare, text)
        world.ledger = acknowledged(IDS[0], "same")
        checks.check_entries(world.ledger, {"plan": Document(text.encode())})


def test_a_forced_push_is_found(bare):
    world = history(bare, thread(IDS[0]), thread(*IDS[:2]))
    bare.set_branch(bare.commit({"plan.md": thread(*IDS[:3])}))
    with pytest.raises(AssertionError, match="no longer in the line"):
        checks.check_remote(world)


class OnlyClone:
    """As much of a clone as the checks look at."""

    def __init__(self, directory, bare):
        self.name = "clone"
        self.world = only_remote(bare)
        (directory / "machine").mkdir()
        self.threads = directory / "machine" / "threads"
        git("clone", "--quiet", bare.directory.as_uri(), str(self.threads))

    def git(self, *arguments):
        return git(*arguments, directory=self.threads)


@pytest.fixture
def clone(tmp_path, bare):
    history(bare, thread(IDS[0]))
    clone = OnlyClone(tmp_path, bare)
    checks.check_clone(clone)
    return clone


def add(clone):
    (clone.threads / "new.md").write_text("new")


def stage(clone):
    add(clone)
    clone.git("add", "new.md")


def stash(clone):
    stage(clone)
    clone.git("stash")


def detach(clone):
    clone.git("checkout", "--quiet", "--detach")


def rebase(clone):
    (clone.threads / ".git" / "rebase-merge").mkdir()


def index_lock(clone):
    (clone.threads / ".git" / "index.lock").touch()


def half_cloned(clone):
    clone.threads.with_name("threads.tmp").mkdir()


def break_object(clone):
    add(clone)
    blob = clone.git("hash-object", "-w", "new.md").decode().strip()
    (clone.threads / "new.md").unlink()
    path = clone.threads / ".git" / "objects" / blob[:2] / blob[2:]
    path.chmod(0o600)
    path.write_bytes(b"no object")


@pytest.mark.parametrize("spoil", [
    add, stage, stash, detach, rebase, index_lock, half_cloned, break_object])
def test_a_clone_with_something_left_does_not_pass(clone, spoil):
    spoil(clone)
    with pytest.raises(AssertionError):
        checks.check_clone(clone)


def test_a_lock_that_somebody_still_holds_is_found(clone):
    lock = clone.threads / ".git" / "watercooler-write"
    with open(lock, "w") as held:
        fcntl.flock(held, fcntl.LOCK_EX)
        with pytest.raises(AssertionError, match="is locked"):
            checks.check_clone(clone)


class Shown:
    """As much of a follower as the check looks at."""

    name, how = "one", "cursor"

    def __init__(self, *identities):
        self.shown = set(identities)


def test_an_entry_that_a_reader_was_never_shown_is_found():
    documents = {"plan": Document(thread(*IDS[:2]).encode())}
    readers.check([Shown(*IDS[:3])], documents)
    with pytest.raises(AssertionError, match="never shown 1 of 2"):
        readers.check([Shown(*IDS[:2]), Shown(IDS[0])], documents)
