"""Commits that are made beside the branch, by two at once: none has a part of the other."""
import json
import shutil
import subprocess

import pytest

import programs
from clones import at_once
from remotes import eventually

# Waits before it has a tree made, until it is told to go on.
WAITING_GIT = """#!/bin/sh
PATH='{path}'
case " $* " in
*" write-tree "*)
  : >'{place}/came'
  while [ ! -e '{place}/go' ]; do sleep 0.02; done
esac
exec '{git}' "$@"
"""


@pytest.fixture
def waiting_git(tmp_path):
    place = tmp_path / "waiting"
    place.mkdir()

    def make(clone):
        path = clone.environment["PATH"]
        program = place / "git"
        program.write_text(WAITING_GIT.format(path=path, place=place, git=shutil.which("git")))
        program.chmod(0o755)
        return clone.environment | {"PATH": f"{place}:{path}"}

    return place, make


def test_a_conditional_write_and_a_write_beside_an_edit(world, waiting_git):
    place, slowly = waiting_git
    here = world.clone("here")
    for topic in ("plan", "notes", "third"):
        here.say(topic, world.body(), "--ball", "Claude")
    slow, bodies = slowly(here), [world.body(), world.body()]

    def say(topic, body, environment, *options):
        done = subprocess.run(
            [str(programs.WC), "say", topic, "-m", body, "--json", *options], env=environment,
            stdin=subprocess.DEVNULL, capture_output=True, timeout=programs.PATIENCE)
        assert done.returncode == 0, done
        world.ledger.acknowledge(json.loads(done.stdout)["receipt"], body)
        return done.stdout

    def beside_an_edit():
        eventually((place / "came").exists, "the conditional write")
        # Being saved this very moment: its entry is made beside the branch.
        file = here.file("notes")
        file.write_text(file.read_text().replace("topic: notes", "topic: notes\nowner: alice"))
        assert b"is being edited" in say("notes", bodies[1], here.environment)

    def go_on():
        # It is committed, and waits for its turn to push.
        eventually(here.outbox, "the write beside the edit")
        (place / "go").touch()

    at_once(lambda: say("plan", bodies[0], slow, "--if-ball", "Claude"), beside_an_edit, go_on)
    eventually(lambda: here.run("sync").returncode == 0
               and b"owner: alice" in world.remote.bare.git("show", "main:notes.md"), "the edit")
    found = {topic: [entry.body for entry in document.entries][1:]
             for topic, document in world.documents().items()}
    assert found == {"plan": bodies[:1], "notes": bodies[1:], "third": []}
