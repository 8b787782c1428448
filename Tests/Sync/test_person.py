"""A person with an editor, on a clone in which others write all the while."""
import os
import random
import shutil
import threading
import time

import pytest

from checks import check
from clones import at_once
from documents import Document
from programs import eventually


class Editor:
    """Somebody who keeps a file open and saves it now and then, with words of their own in it."""

    def __init__(self, path, mark, seed):
        self.path = path
        self.mark = mark
        self.random = random.Random(seed)
        self.buffer = path.read_bytes()
        self.saves = 0

    def change(self):
        self.saves += 1
        words = f"{self.mark} {self.saves}".encode()
        lines = self.buffer.split(b"\n")
        index = next(i for i, line in enumerate(lines) if line.startswith(self.mark.encode()))
        lines[index] = words
        self.buffer = b"\n".join(lines)

    def open(self):
        """Reads the file again; a moment in which it is not there is a moment too early."""
        data = self.path.read_bytes()
        if self.mark.encode() in data:
            self.buffer = data

    def save(self):
        if self.random.random() < 0.5:
            other = self.path.with_name(f".{self.path.name}.swp")
            other.write_bytes(self.buffer)
            os.replace(other, self.path)
        else:
            half = len(self.buffer) // 2
            with open(self.path, "wb", buffering=0) as file:
                file.write(self.buffer[:half])
                time.sleep(self.random.uniform(0, 0.02))
                file.write(self.buffer[half:])

    def work(self, done):
        while not done.is_set():
            if self.random.random() < 0.5:
                self.open()
            self.change()
            self.save()
            done.wait(self.random.uniform(0, 0.3))


def test_a_person_edits_all_the_while(world, share):
    here, there = world.clone(), world.clone()
    mark = "What I always wanted to say:"
    mine = here.say("plan", mark)
    del world.ledger.acknowledged[mine["entry_id"]]
    there.say("plan", world.body())
    editor = Editor(here.file("plan"), mark, world.random.randrange(1 << 32))
    entries = share(40, least=4)
    done = threading.Event()
    refused = []

    def edit():
        editor.work(done)

    def write():
        try:
            for _ in range(entries):
                code, receipt, errors = here.try_say("plan", world.body(), "--ball", world.ball())
                if receipt is None:
                    assert code == 1 and "error: " in errors, (code, errors)
                    refused.append(errors)
                there.say("plan", world.body(), "--ball", world.ball())
        finally:
            done.set()

    at_once(edit, write)
    print(f"{editor.saves} saves, {len(refused)} of {entries} writes refused: {refused[:1]}")
    # Taken in, or put aside, once it has been still for a while.
    eventually(lambda: here.run("sync", "--quiet").returncode == 0
               and not here.git("status", "--porcelain"), "the end of the edits")
    editor.open()
    editor.change()
    editor.save()
    last = f"{mark} {editor.saves}"
    eventually(lambda: here.run("sync", "--quiet").returncode == 0
               and last.encode() in world.remote.bare.files(world.remote.bare.tip)["plan.md"],
               "the last edit's arrival")
    document = Document(here.file("plan").read_bytes())
    assert mine["entry_id"] in document.identities


def test_a_stale_buffer_removes_nothing(world):
    here, there = world.clone(), world.clone()
    here.say("plan", world.body(), "--ball", "Claude")
    stale = here.file("plan").read_bytes()
    for _ in range(3):
        there.say("plan", world.body())
    # The ball is not taken back either, nor is the status.
    here.say("plan", world.body(), "--ball", "Cursor", "--status", "CLOSED")
    here.file("plan").write_bytes(stale)
    eventually(lambda: here.run("sync", "--quiet").returncode == 0
               and not here.git("status", "--porcelain"), "the restoring")
    document = Document(here.file("plan").read_bytes())
    assert len(document.entries) == 5
    assert (document.head["ball"], document.head["status"]) == ("Cursor", "CLOSED")
    here.say("plan", world.body())


def test_a_ball_that_is_given_by_hand_is_given(world):
    here, there = world.clone(), world.clone()
    here.say("plan", world.body(), "--ball", "Claude")
    stale = here.file("plan").read_bytes()
    there.say("plan", world.body(), "--ball", "Cursor")
    here.wc("sync", "--quiet")
    assert b"\nball: Claude\n" in stale
    here.file("plan").write_bytes(stale.replace(b"\nball: Claude\n", b"\nball: Team\n"))
    eventually(lambda: here.run("sync", "--quiet").returncode == 0
               and not here.git("status", "--porcelain"), "the end of the edit")
    assert Document(here.file("plan").read_bytes()).head["ball"] == "Team"
    world.balls_set_apart.add("plan")


@pytest.mark.parametrize("where", [
    "\n---\nEntry: clo", "Role: impl", "\n\nlast wo", "words\n<!-- Entry-ID: 01", "words\n"])
def test_a_half_saved_file_costs_and_adds_nothing(world, where):
    """A save that was cut off, at the disk's end or by our own writing, and stayed so."""
    clone = world.clone()
    clone.say("plan", world.body())
    clone.say("plan", "last words")
    whole = clone.file("plan").read_bytes()
    cut = whole.rindex(where.encode()) + len(where)
    clone.file("plan").write_bytes(whole[:cut])
    eventually(lambda: clone.run("sync", "--quiet").returncode == 0
               and not clone.git("status", "--porcelain"), "the mending")
    assert len(Document(clone.file("plan").read_bytes()).entries) == 2


SAVING_GIT = """#!/bin/sh
for word in "$@"; do
  if [ "$word" = fast-import ] && [ -e {home}/stale ]; then mv {home}/stale {file}; fi
done
exec {git} "$@"
"""


def test_a_save_between_our_writing_and_the_commit_is_not_committed_as_ours(world):
    """What is committed is what was written, not what the file is by then."""
    here, there = world.clone(), world.clone()
    here.say("plan", world.body())
    stale = here.file("plan").read_bytes()
    for _ in range(2):
        there.say("plan", world.body())
    here.wc("sync", "--quiet")
    tools = here.home / "bin"
    tools.mkdir()
    (tools / "git").write_text(SAVING_GIT.format(
        home=here.home, file=here.file("plan"), git=shutil.which("git")))
    (tools / "git").chmod(0o700)
    (here.home / "stale").write_bytes(stale)
    here.environment["PATH"] = f"{tools}:{here.environment['PATH']}"
    here.try_say("plan", world.body())
    assert not (here.home / "stale").exists()
    eventually(lambda: here.run("sync", "--quiet").returncode == 0
               and not here.git("status", "--porcelain"), "the mending")
    assert len(world.documents()["plan"].entries) == 4
    check(world)
