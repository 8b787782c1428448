"""Threads in a path of a code repository that is cloned without its files' contents: what is written and merged there
needs none of them, and leaves the code as it is."""
import subprocess

import pytest

import programs
from bare import PLAIN, Bare, git

COMMITS, FILES = 40, 25


def code(directory):
    """A bare repository with a thousand files of code, one of them executable, and a link."""
    bare = Bare(directory / "code.git")
    # As hosts have it.
    bare.git("config", "uploadpack.allowFilter", "true")
    stream = b""
    for number in range(COMMITS):
        stream += f"commit refs/heads/main\ncommitter A <a@b> {1700000000 + number} +0000\ndata 4\ncode\n".encode()
        for file in range(FILES):
            data = f"int number{number}_{file};\n" * 20
            stream += f"M 100644 inline src/{number}/{file}.c\ndata {len(data)}\n{data}\n".encode()
        if number == 0:
            stream += b"M 100755 inline run\ndata 10\n#!/bin/sh\n\nM 120000 inline notes/link.md\ndata 9\n../run.md\n"
    bare.git("fast-import", "--quiet", data=stream)
    return bare


class Machine:
    """A clone of the path on a machine of its own."""

    def __init__(self, directory, bare, name):
        home = directory / name
        home.mkdir()
        self.threads = home / "threads"
        self.environment = PLAIN | {
            "HOME": str(home), "WATERCOOLER_AGENT": name, "WATERCOOLER_DIR": str(self.threads),
            "WATERCOOLER_FRESH": "0.001"}
        self.wc("init", bare.directory.as_uri(), "--path", "notes/threads", "--dir", str(self.threads))

    def wc(self, *arguments, code=0):
        done = subprocess.run([str(programs.WC), *arguments], env=self.environment, stdin=subprocess.DEVNULL,
                              capture_output=True, timeout=programs.PATIENCE)
        assert done.returncode == code, done
        return done.stdout.decode()

    @property
    def missing(self):
        """How many objects of the history are not here."""
        listed = git("rev-list", "--objects", "--all", "--missing=print", directory=self.threads)
        return listed.count(b"\n?") + listed.startswith(b"?")


@pytest.mark.parametrize("operation", [
    ["say", "plan", "-m", "more"], ["say", "new", "-m", "first"], ["ack", "plan"], ["status", "plan", "DONE"],
    ["say", "plan", "-m", "on a condition", "--if-ball", "Team"], ["outbox", "drop"], ["sync"]], ids=" ".join)
def test_no_file_of_the_code_is_fetched(tmp_path, operation):
    bare = code(tmp_path)
    here, there = Machine(tmp_path, bare, "Here"), Machine(tmp_path, bare, "There")
    here.wc("say", "plan", "-m", "begun", "--ball", "Team")
    there.wc("say", "plan", "-m", "and there", "--ball", "Team")
    before = here.missing
    assert before >= COMMITS * FILES
    if operation == ["outbox", "drop"]:
        # Two that wait, one of them dropped: what is made anew is whole.
        away = tmp_path / "away.git"
        bare.directory.rename(away)
        here.wc("say", "plan", "-m", "dropped", "--entry-id", "01M7XX0F93F0WMC16VMVX70001")
        here.wc("say", "other", "-m", "kept")
        here.wc("outbox", "drop", "01M7XX0F93F0WMC16VMVX70001")
        away.rename(bare.directory)
        operation = ["sync"]
    here.wc(*operation)
    here.wc("sync")
    assert here.missing == before
    assert not git("status", "--porcelain", directory=here.threads)
    tree = bare.git("ls-tree", "-r", "main").decode()
    assert len([line for line in tree.splitlines() if "\tsrc/" in line]) == COMMITS * FILES
    assert "100755 blob" in tree and "120000 blob" in tree
    assert "and there" in bare.git("show", "main:notes/threads/plan.md").decode()
    assert "dropped" not in bare.git("show", "main:notes/threads/plan.md").decode()
    bare.git("fsck", "--strict", "--no-dangling")
