"""Nobody heard whether the remote took a write: what it has, or had, is not written again, and what it never had is."""
from typing import NamedTuple

import pytest

from by_hand import Person, check_with_hands, with_ball, without

# The server dies when it has moved the branch, or before that, and the repository is gone.
DIES = """#!/bin/sh
{condition}
mv "{repository}" "{away}"
kill -9 "$PPID"
exit 1
"""


class Writing(NamedTuple):
    """A command that writes, without the body of an entry."""

    words: list
    is_entry: bool = True

    @property
    def topic(self):
        return self.words[1]


ENTRY = Writing(["say", "plan", "--ball", "Claude", "-m"])
BALL = Writing(["ball", "plan", "Claude"], False)
THREAD = Writing(["say", "other", "--ball", "Claude", "-m"])
KINDS = {"entry": ENTRY, "ball": BALL, "thread": THREAD}
# What waits behind it passes no ball on.
ACK = Writing(["ack", "plan", "-m"])
STATUS = Writing(["status", "plan", "IN_REVIEW"], False)

behind = pytest.mark.parametrize(
    "behind", [None, ACK, STATUS], ids=["alone", "entry-behind", "status-behind"])


@pytest.fixture
def here(world):
    clone = world.clone("here")
    clone.environment["WATERCOOLER_FRESH"] = "0.001"
    clone.say("plan", world.body(), "--ball", "Codex")
    return clone


@pytest.fixture
def there(world, here):
    clone = world.clone("there")
    clone.environment["WATERCOOLER_FRESH"] = "0.001"
    clone.wc("read", "plan")
    return clone


def write(clone, writing):
    """Writes; returns the receipt."""
    world = clone.world
    if not writing.is_entry:
        if writing is BALL:
            world.balls_set_apart.add(writing.topic)
        return clone.receipt(*writing.words)
    body = world.body()
    receipt = clone.receipt(*writing.words, body)
    world.ledger.acknowledge(receipt, body)
    return receipt


def cut_off(clone, writing, behind, arrives=True):
    """Writes, and hears nothing; then writes what waits behind it, and the remote is there again.

    Returns the ID of the first, of an entry or of a change alone.
    """
    remote = clone.world.remote
    repository = remote.bare.directory
    hook = remote.bare.hook("reference-transaction" if arrives else "pre-receive", DIES.format(
        condition='[ "$1" = committed ] || exit 0' if arrives else "",
        repository=repository, away=repository.with_name("away.git")))
    before = remote.bare.tip
    assert write(clone, writing)["state"] == "unknown"
    if behind:
        assert write(clone, behind)["state"] == "blocked"
    remote.come_back()
    hook.unlink()
    assert (remote.bare.tip != before) == arrives
    return clone.outbox()[0]


def carried(world, identity):
    """How often the remote's history says that it has this."""
    messages = world.remote.bare.git("log", "--format=%B", world.remote.bare.branch).decode()
    return messages.split("\n").count(f"Watercooler-Entry-ID: {identity}")


def ball(world):
    return world.documents()["plan"].head["ball"]


def check_nothing_waits(clone, behind):
    """One sync sends what waits, and another one finds nothing to send; entries are checked at the end."""
    bare = clone.world.remote.bare
    clone.wc("sync", "--quiet")
    assert clone.outbox() == []
    if behind is STATUS:
        assert clone.world.documents()["plan"].head["status"] == "IN_REVIEW"
    before = bare.tip
    clone.wc("sync", "--quiet")
    assert bare.tip == before


def forget(world, identity):
    """A person removed it: nobody answers for it, and it must not come."""
    _, body = world.ledger.acknowledged.pop(identity)
    world.ledger.refuse(body)


@behind
def test_a_ball_that_arrived_does_not_take_back_a_later_one(world, here, there, behind):
    identity = cut_off(here, BALL, behind)
    there.wc("ball", "plan", "Team")
    check_nothing_waits(here, behind)
    assert ball(world) == "Team"
    assert carried(world, identity) == 1


@behind
def test_an_entry_that_arrived_and_was_removed_does_not_come_back(world, here, behind):
    removed = cut_off(here, ENTRY, behind)
    person = Person(world)
    person.commit(without(removed))
    person.git("push", "--quiet")
    forget(world, removed)
    check_nothing_waits(here, behind)
    assert carried(world, removed) == 1
    check_with_hands(world)


@behind
@pytest.mark.parametrize("is_first", [True, False], ids=["others-wrote-first", "nobody-wrote"])
@pytest.mark.parametrize("kind", KINDS.values(), ids=KINDS)
def test_what_did_not_arrive_is_sent_once(world, here, there, kind, is_first, behind):
    identity = cut_off(here, kind, behind, arrives=False)
    if is_first:
        there.say("plan", world.body(), "--ball", "Cursor")
    check_nothing_waits(here, behind)
    assert carried(world, identity) == 1
    document = world.documents()[kind.topic]
    assert document.head["ball"] == "Claude"
    assert (identity in document.identities) == kind.is_entry


# Squashed

# How the messages of ours and the person's stand in the squashed commit.
MESSAGES = {
    # As `git rebase -i` puts them, and turned round: git knows trailers at a message's end alone.
    "ours-first": "{ours}\n\n{theirs}\n", "ours-last": "{theirs}\n\n{ours}\n",
    # As `git merge --squash` proposes it.
    "log": "Squashed commit of the following:\n\n{log}\n",
}

one_behind = pytest.mark.parametrize("behind", [None, ACK], ids=["alone", "entry-behind"])
entry_or_ball = pytest.mark.parametrize("kind", [ENTRY, BALL], ids=["entry", "ball"])
# Whether the person takes ours back.
against = pytest.mark.parametrize("is_against", [False, True], ids=["beside", "against"])


def oppose(person, kind, identity):
    """A person's commit that takes ours back."""
    person.commit(without(identity) if kind is ENTRY else with_ball("Team"))


def add(person):
    """A person's commit that has nothing to do with ours."""
    (person.directory / "README.md").write_text("# Ours\n")
    person.git("add", "README.md")
    person.git("commit", "--quiet", "--message", "By hand")


def check_squashed(here, kind, identity, behind, is_against):
    world = here.world
    if is_against and kind is ENTRY:
        forget(world, identity)
    check_nothing_waits(here, behind)
    if kind is BALL:
        assert ball(world) == ("Team" if is_against else "Claude")
    check_with_hands(world)


@one_behind
@pytest.mark.parametrize("message", MESSAGES.values(), ids=MESSAGES)
@entry_or_ball
@against
def test_what_arrived_and_was_squashed_is_not_written_again(
        world, here, kind, message, behind, is_against):
    """One commit of ours and of the person's stands in the place of both."""
    identity = cut_off(here, kind, behind)
    person = Person(world)
    if is_against:
        oppose(person, kind, identity)
    else:
        add(person)
    ours, theirs = [person.git("log", "-1", "--format=%B", commit) for commit in ("HEAD~1", "HEAD")]
    log = person.git("log", "HEAD~2..HEAD")
    person.git("reset", "--quiet", "--soft", "HEAD~2")
    person.git("commit", "--quiet", "--message", message.format(ours=ours, theirs=theirs, log=log))
    person.git("push", "--quiet", "--force")
    check_squashed(here, kind, identity, behind, is_against)


@one_behind
@entry_or_ball
@against
def test_what_somebody_else_brought_squashed_is_not_written_again(
        world, here, kind, behind, is_against):
    """A person takes what waits here into one commit with `git merge --squash`, and pushes it."""
    identity = cut_off(here, kind, behind, arrives=False)
    person = Person(world)
    add(person)
    person.git("fetch", "--quiet", str(here.threads), "HEAD")
    person.git("merge", "--quiet", "--squash", "FETCH_HEAD~1" if behind else "FETCH_HEAD")
    person.git("commit", "--quiet", "--no-edit")
    if is_against:
        oppose(person, kind, identity)
    person.git("push", "--quiet")
    check_squashed(here, kind, identity, behind, is_against)
