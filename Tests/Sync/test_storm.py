"""Many clones, four in ten of whose writes are killed: nothing is lost, doubled, mangled."""
import json
import os
import random
import subprocess
import sys
import time

import pytest

import programs
from checks import judge
from clones import at_once
from kills import at_work
from programs import eventually
from test_kill import check_is_clean

CLONES = 4
KILLED = 0.4
STORM = programs.ROOT / "scripts" / "storm"
# Changes what one writer says, and answers as if nothing had happened.
LIAR = """#!/bin/sh
case "$*" in *"body 7 "*) set -- say "$2" -m "something else" --json ;; esac
exec '{program}' "$@"
"""


def say(clone, body, moment):
    """Says something, and is killed after so many seconds if that is not None; whether it was, and
    how long it took."""
    began = time.monotonic()
    process = clone.start(clone.bin / "wc", "say", "plan", "-m", body, "--json")
    try:
        output, errors = process.communicate(
            timeout=programs.PATIENCE if moment is None else moment)
    except subprocess.TimeoutExpired:
        process.kill()
        output, errors = process.communicate()
    if process.returncode == 0:
        clone.world.ledger.acknowledge(json.loads(output)["receipt"], body)
    else:
        assert process.returncode < 0, errors
    return process.returncode < 0, time.monotonic() - began


def write(clone, count, random):
    """Writes so many entries, and is killed in four of ten, at any moment of a write: all bodies, and
    those.

    A write may be over before its moment: then it is the next one's turn, beyond the count too, and
    the moments come earlier until one is killed.
    """
    bodies, killed, reach = [clone.world.body()], [], 1
    _, usual = say(clone, bodies[0], None)
    while len(bodies) < count or len(killed) < KILLED * len(bodies):
        is_due = len(killed) < KILLED * (len(bodies) + 1)
        bodies.append(clone.world.body())
        moment = random.uniform(0, usual * reach) if is_due else None
        was_killed, seconds = say(clone, bodies[-1], moment)
        if was_killed:
            killed.append(bodies[-1])
            reach = 1
        else:
            usual = seconds
            reach = reach * 0.7 if is_due else reach
    return bodies, killed


def test_a_storm_of_killed_writers(world, share):
    entries = share(200, least=32)
    clones = [world.clone() for _ in range(CLONES)]
    at_once(*[lambda c=clone: c.say("plan", world.body()) for clone in clones])
    seeds = [random.Random(world.random.random()) for _ in clones]
    written = []
    at_once(*[lambda c=clone, s=seed: written.append(write(c, entries // CLONES, s))
              for clone, seed in zip(clones, seeds)])
    bodies, killed = ([body for each in written for body in each[part]] for part in (0, 1))
    for clone in clones:
        eventually(lambda c=clone: not at_work(c), "the end of all children")
    # What was killed half-way is settled by the next write or, at the latest, by one sync.
    for clone in clones:
        check_is_clean(clone)
    found = [entry.body for entry in world.documents()["plan"].entries]
    assert all(found.count(body) <= 1 for body in bodies)
    kept = sum(found.count(body) for body in killed)
    print(f"{len(killed)} of {len(bodies)} writes killed; {kept} of them were written")
    judge(world)


def storm(world, *options, code=0, bin=programs.BIN):
    """What a storm prints on both streams, which must end with this code."""
    done = programs.call(
        sys.executable, STORM, *options, "--seed", world.random.randrange(1 << 32), text=True,
        environment=os.environ | {"WATERCOOLER_BIN": str(bin)}, patience=300)
    assert done.returncode == code, done.stdout + done.stderr
    return done.stdout, done.stderr


@pytest.mark.parametrize("transport", ["file", "ssh", "http"])
def test_the_storm_that_anybody_can_run(world, transport):
    said, _ = storm(world, "--transport", transport, "--clones", 3, "--entries", 3, "--seconds", 30)
    assert said.endswith("lost 0, doubled 0, altered 0, moved 0\n"), said
    if os.environ.get("CI"):
        missing = [line for line in said.splitlines() if line.startswith("not run: ")]
        assert all("file:// has no network" in line for line in missing), missing


def test_servers_in_a_storm_hold_on_to_nothing(world):
    said, _ = storm(
        world, "--transport", "ssh", "--clones", 2, "--writers", 1, "--entries", 1000, "--seconds", 12,
        "--servers", "--cron", 1, "--topics", 3, "--pause", 0.2, "--faults", "kills,cuts,delays")
    assert said.count("at the end") == 2, said
    for what in ("say by a server", "sync by cron", "lost 0, doubled 0, altered 0, moved 0"):
        assert what in said, said


def test_readers_in_a_storm_are_shown_everything(world):
    """Two agents on each of two clones, by marks and by a cursor, while git fails now and then."""
    said, _ = storm(world, "--transport", "file", "--clones", 2, "--writers", 2, "--entries", 6,
                    "--seconds", 20, "--readers", "--faults", "git")
    assert " git commands failed" in said and said.count("-marks: ") == 4, said


def test_a_storm_that_loses_something_says_so(world, tmp_path, monkeypatch):
    """A program that answers for what it did not write is found out."""
    liar = programs.make_liar(tmp_path, LIAR)
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    _, errors = storm(
        world, "--transport", "file", "--faults", "none", "--clones", 2, code=1, bin=liar)
    assert "NOT GOOD: " in errors
