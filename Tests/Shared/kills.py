"""Ends a program at a moment that can be named: its n-th git child or file operation."""
import os
import re
import shutil
import signal
from pathlib import Path
from typing import NamedTuple

import programs

# Counts the calls, and strikes at the one that the plan names; what git starts finds the real one.
# Within a call: at the git's own n-th file operation.
FAKE_GIT = """#!/bin/sh
PATH='{path}'
set -C
n=1
while ! echo "$*" >'{state}'/"$n"; do n=$((n + 1)); done 2>/dev/null
read -r at when whom <'{state}/plan'
case "$at $whom" in
"all within") exec strace -qq -o '{traces}'/"$n" -e trace="$when" '{git}' "$@" ;;
"$n within")
  exec strace -qq -o /dev/null -e trace="${{when%:*}}" \\
    -e inject="${{when%:*}}:signal=KILL:when=${{when#*:}}" '{git}' "$@" ;;
esac
[ "$n" = "$at" ] || exec '{git}' "$@"
strike() {{
  [ "$whom" = nobody ] && {{ echo 'fatal: this git fails' >&2; exit 128; }}
  [ "$whom" = child ] || kill -KILL $PPID
  [ "$whom" = parent ] || kill -KILL $$
}}
[ "$when" = after ] || strike
'{git}' "$@"
status=$?
[ "$when" = before ] || strike
exit $status
"""
CALLS = ["rename", "renameat", "renameat2", "unlink", "unlinkat", "openat", "fsync", "write"]
CALLS_OF_GIT = [*CALLS, "link", "linkat", "pwrite64"]
CALL = re.compile(r"^(\w+)\((.*)")


class Point(NamedTuple):
    """One moment to be killed at: before a file operation, or around a git child, or before a file
    operation of that child. Where nobody is killed, the child fails."""

    call: str
    number: int
    when: str = "before"
    whom: str = "parent"


def operations(log):
    """What in a log of strace changes files: each call, and the how manieth of its name."""
    counts = {}
    for line in log.read_text(errors="replace").splitlines() if log.exists() else []:
        if call := CALL.match(line):
            counts[call[1]] = counts.get(call[1], 0) + 1
            is_reading = call[1] == "openat" and "O_CREAT" not in call[2]
            # What goes to a pipe is read by whoever asked.
            is_told = call[1] == "write" and re.match(r"[12],", call[2])
            if not is_reading and not is_told:
                yield call[1], counts[call[1]]


def subcommand(words):
    """What git is told to do, after the options of git itself."""
    at = 0
    while words[at].startswith("-"):
        at += 2 if words[at] in ("-C", "-c") else 1
    return words[at]


class Killer:
    """Runs a clone's command, to its end or not."""

    def __init__(self, clone, directory):
        self.clone = clone
        self.directory = directory
        self.state = directory / "calls"
        self.log = directory / "strace.log"
        self.traces = directory / "traces"
        path = clone.environment["PATH"]
        programs.write_program(directory / "bin" / "git", FAKE_GIT.format(
            path=path, state=self.state, traces=self.traces, git=shutil.which("git")))
        self.path = f"{directory}/bin:{path}"

    def points(self, *arguments):
        """Runs a command, and tells each point at which it could have been killed."""
        self._plan(None)
        # Only the program itself is followed: what git does is git's.
        trace = ["strace", "-o", str(self.log), "-e", f"trace={','.join(CALLS)}"]
        done = self._run(trace if shutil.which("strace") else [], arguments)
        assert done.returncode == 0, done
        children = len(list(self.state.iterdir())) - 1
        found = [Point("git", number, when, whom) for number in range(1, children + 1)
                 for when in ("before", "after") for whom in ("parent", "child", "both")]
        return found + [Point(call, number) for call, number in operations(self.log)]

    def points_within(self, *arguments):
        """Runs a command, and tells each file operation of its git children."""
        self._plan(Point("git", "all", ",".join(CALLS_OF_GIT), "within"))
        done = self._run([], arguments)
        assert done.returncode == 0, done
        return [Point("git", int(trace.name), f"{call}:{number}", "within")
                for trace in sorted(self.traces.iterdir(), key=lambda path: int(path.name))
                for call, number in operations(trace)]

    def words(self, *arguments):
        """Runs a command to its end, and tells what each of its git children is told to do."""
        self._plan(None)
        done = self._run([], arguments)
        assert done.returncode == 0, done
        calls = sorted(self.state.glob("[0-9]*"), key=lambda path: int(path.name))
        return [subcommand(call.read_text().split()) for call in calls]

    def numbers(self, word, *arguments):
        """Runs a command to its end, and tells which of its git children have this word."""
        found = self.words(*arguments)
        return [number for number, each in enumerate(found, 1) if each == word]

    def number(self, word, *arguments):
        return self.numbers(word, *arguments)[0]

    def kill(self, point, *arguments):
        """What a command does that is killed there."""
        self._plan(point if point.call == "git" else None)
        if point.call == "git":
            return self._run([], arguments)
        where = f"inject={point.call}:signal=KILL:when={point.number}"
        return self._run(["strace", "-o", str(self.log), "-e", f"trace={point.call}", "-e", where],
                         arguments)

    def _plan(self, point):
        for directory in (self.state, self.traces):
            shutil.rmtree(directory, ignore_errors=True)
            directory.mkdir()
        plan = f"{point.number} {point.when} {point.whom}\n" if point else "0 - -\n"
        (self.state / "plan").write_text(plan)

    def _run(self, before, arguments):
        return self.clone.call(*before, programs.WC, *arguments, environment={"PATH": self.path})


def was_killed(done):
    return done.returncode == -signal.SIGKILL


def at_work(clone):
    """The processes that have to do with a clone, by what they were started with."""
    return working_on(clone.threads)


def working_on(path):
    found = []
    for process in Path("/proc").glob("[0-9]*"):
        try:
            words = (process / "cmdline").read_bytes()
            if int(process.name) != os.getpid() and str(path).encode() in words:
                found.append(words.replace(b"\0", b" ").decode(errors="replace"))
        except OSError:
            continue
    return found
