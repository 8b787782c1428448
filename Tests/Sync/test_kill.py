"""Killed at every git child and file operation of a command, nothing is lost or doubled."""
import fcntl
import json
import threading
import time
from collections import Counter

import pytest

from bare import try_git
from checks import check_clone, judge
from clones import at_once
from kills import Killer, Point, at_work, was_killed
from programs import eventually
from transcripts import age


class Operation:
    """Brings the clones to where a command has all its work to do, and tells the command."""

    def __init__(self, world):
        self.world = world
        self.here, self.there = world.clone("here"), world.clone("there")
        self.number = 0
        self.bodies = []
        # Nothing is to be shared with a contact just before.
        self.here.environment["WATERCOOLER_FRESH"] = "0.001"
        self.there.say("plan", world.body(), "--ball", "Claude")
        self.here.wc("sync", "--quiet")

    def stop_a_pull(self):
        """A person's pull that stopped at a conflict, some time ago."""
        file, self.number = "notes.txt", self.number + 1
        self.there.wc("sync", "--quiet")
        for clone, text in ((self.there, "theirs"), (self.here, "ours")):
            (clone.threads / file).write_text(f"{text} {self.number}\n")
            clone.git("add", file)
            clone.git("commit", "--quiet", "--message", f"By hand {self.number}")
            if clone is self.there:
                clone.wc("sync", "--quiet")
        done = try_git("pull", "--quiet", "--rebase", directory=self.here.threads)
        assert done.returncode, done
        age(self.stopped)

    @property
    def stopped(self):
        return self.here.threads / ".git" / "rebase-merge"

    def finish(self):
        """The person goes on, without what was in the way."""
        if self.stopped.exists():
            self.here.git("rebase", "--skip")

    def saying(self, topic, *options):
        self.bodies.append(self.world.body())
        return ["say", topic, "-m", self.bodies[-1], "--json", *options]

    def is_first_refused(self):
        """Who was refused a moment ago looks before it pushes; here it has forgotten that."""
        (self.here.threads / ".git" / "watercooler" / "contention").unlink(missing_ok=True)


def say(at):
    return at.saying("plan")


def say_first(at):
    at.number += 1
    return at.saying(f"new-{at.number}")


def say_contended(at):
    at.there.say("plan", at.world.body())
    at.is_first_refused()
    return at.saying("plan")


def say_in_a_group(at):
    """While somebody pushes, until the entry waits for whoever commits it, or its writer is dead."""
    state = at.here.threads / ".git" / "watercooler"
    lock = open(state / "push.lock", "w")
    fcntl.flock(lock, fcntl.LOCK_EX)

    def push():
        end = time.monotonic() + 1
        outbox = state / "outbox"
        while time.monotonic() < end and not (outbox.exists() and any(outbox.iterdir())):
            time.sleep(0.001)
        lock.close()

    threading.Thread(target=push).start()
    return at.saying("plan")


def read(at):
    at.there.say("plan", at.world.body())
    return ["read", "plan"]


def sync(at):
    at.world.remote.go_away()
    for _ in range(2):
        assert at.here.try_say("plan", at.world.body())[1]["state"] != "pushed"
    at.world.remote.come_back()
    at.there.say("plan", at.world.body())
    at.is_first_refused()
    return ["sync"]


def say_conditionally(at):
    at.there.say("plan", at.world.body(), "--ball", "Claude")
    return at.saying("plan", "--if-ball", "Claude", "--ball", "Claude")


def say_past_a_rebase(at):
    at.finish()
    at.here.wc("sync", "--quiet")
    at.stop_a_pull()
    return at.saying("plan")


def sync_after_a_rebase(at):
    say_past_a_rebase(at)
    at.bodies.pop()
    at.here.say("plan", at.world.body())
    at.world.remote.go_away()
    assert at.here.try_say("plan", at.world.body())[1]["state"] != "pushed"
    at.world.remote.come_back()
    at.finish()
    at.there.say("plan", at.world.body())
    at.is_first_refused()
    return ["sync"]


def told(world, done, body):
    """Keeps the account of a command that was not killed itself: its reply counts."""
    if was_killed(done) or body is None:
        return
    receipt = json.loads(done.stdout)["receipt"] if done.stdout.strip() else None
    if receipt:
        world.ledger.acknowledge(receipt, body)
    else:
        assert b"error: " in done.stderr, done
        if b"nobody knows yet" not in done.stderr:
            world.ledger.refuse(body)


def check_is_clean(clone):
    """One `wc sync` leaves nothing to be done, and nothing behind."""
    done = clone.run("sync", "--quiet")
    assert (done.returncode, done.stdout, done.stderr) == (0, b"", b""), done
    assert clone.outbox() == []
    assert list(clone.threads.glob(".*.tmp")) == []
    check_clone(clone)


@pytest.mark.parametrize(
    "prepare", [
        say, say_first, say_contended, say_in_a_group, read, sync, say_conditionally,
        say_past_a_rebase, sync_after_a_rebase])
def test_killed_at_each_point_nothing_is_lost_or_doubled(world, tmp_path, share, prepare):
    at = Operation(world)
    here = at.here
    killer = Killer(here, tmp_path / "killer")
    arguments = prepare(at)
    points = killer.points(*arguments)
    chosen = points[::len(points) // share(len(points), least=6)]
    killed = Counter()
    failures = []
    for index, point in enumerate(chosen):
        arguments = prepare(at)
        body = at.bodies[-1] if at.bodies else None

        def strike():
            done = killer.kill(point, *arguments)
            killed[point.call, was_killed(done)] += 1
            told(world, done, body)

        def go_on():
            here.say("plan", world.body())

        try:
            if index % 2:
                at_once(strike, go_on)
            else:
                strike()
            # At once: a child of who was killed may still be at work.
            go_on()
            eventually(lambda: not at_work(here), "the end of all children")
            at.finish()
            check_is_clean(here)
        except AssertionError as error:
            failures.append((index, point, error))
            # The other points are to be seen too.
            time.sleep(2.1)
            at.finish()
            here.run("sync")
    for index, point, error in failures:
        print(f"{index}: {point}: {error}\n")
    assert not failures, f"{len(failures)} of {len(chosen)} points"
    found = Counter(entry.body for document in world.documents().values()
                    for entry in document.entries)
    assert all(found[body] <= 1 for body in at.bodies)
    print(f"{len(chosen)} of {len(points)} points; {dict(killed)}")
    judge(world)


@pytest.mark.parametrize("prepare", [read, say_conditionally])
@pytest.mark.parametrize("when", ["before", "after"])
def test_a_git_that_is_killed_is_no_answer(world, tmp_path, prepare, when):
    """Who is asked for the branch's commit, and gives none, does not mean that there is none."""
    at = Operation(world)
    killer = Killer(at.here, tmp_path / "killer")
    for number in killer.numbers("rev-parse", *prepare(at)):
        arguments = prepare(at)
        done = killer.kill(Point("git", number, when, "child"), *arguments)
        if prepare is say_conditionally:
            told(world, done, at.bodies[-1])
        at.here.say("plan", world.body())
        check_is_clean(at.here)


@pytest.mark.parametrize("topic", ["plan", "new"])
def test_a_commit_is_kept_whose_git_is_killed_when_it_is_made(world, tmp_path, topic):
    at = Operation(world)
    killer = Killer(at.here, tmp_path / "killer")
    number = killer.number("fast-import", *at.saying(f"{topic}-before" if topic == "new" else topic))
    body = world.body()
    point = Point("git", number, "after", "child")
    done = killer.kill(point, "say", topic, "-m", body, "--json")
    assert done.returncode == 0, done
    told(world, done, body)
    check_is_clean(at.here)


def test_a_move_of_the_branch_that_is_cut_off_is_finished(world, tmp_path):
    at = Operation(world)
    at.there.say("plan", world.body())
    killer = Killer(at.here, tmp_path / "killer")
    number = killer.number("reset", "sync")
    at.there.say("plan", world.body())
    assert was_killed(killer.kill(Point("git", number, "before", "both"), "sync"))
    # Nothing is put aside for what the sync had begun to bring.
    at.here.say("plan", world.body())
    check_is_clean(at.here)
    assert not list((at.here.threads / ".git" / "watercooler").glob("found/*"))
