"""Single faults: a system call that fails, or a git that does not do as it is told."""
import os
import shutil

import programs

GIT = shutil.which("git")
STRACE = shutil.which("strace")
# The words that have what is behind them run where a file system can be mounted for it alone.
NAMESPACE = ["unshare", "-m" if os.geteuid() == 0 else "-rm"]


def injecting(what, log="/dev/null"):
    """The words that have the program behind them run with a fault in its system calls."""
    return [STRACE, "-qqq", "-o", log, "-e", what]


def failing(place, call, error, *arguments, when="1+", path=None, follows=False):
    """What `wc` does when one of its system calls fails; `path` only counts calls on that file."""
    command = injecting(f"inject={call}:error={error}:when={when}")
    command += ["-f"] if follows else []
    command += ["-P", path] if path else []
    return place.call(*command, programs.WC, *arguments, at=place.home)


def killed(place, number, *arguments):
    """`wc` killed at its rename of this number; whether it got so far."""
    words = injecting(f"inject=rename:signal=KILL:when={number}")
    return place.call(*words, programs.WC, *arguments).returncode != 0


def count(place, call, *arguments):
    """How many such calls `wc` makes itself."""
    log = place.home / "calls"
    place.call(
        *injecting(f"trace={call}", log), programs.WC, *arguments, at=place.home, code=0)
    return sum(line.startswith(call) for line in log.read_text().splitlines())


class StrangeGit:
    """A git that comes first in a clone's PATH, and does something else where it is asked for one thing.

    `does` is a line of sh for a call that has one of the `words`, `commit|reset` say, among its arguments;
    `"$GIT" "$@"` in it is what git itself would do.
    """

    def __init__(self, clone, words, does):
        self.clone = clone
        directory = clone.home / "strange"
        pattern = "|".join(f'*" {word} "*' for word in words.split("|"))
        programs.write_program(
            directory / "git",
            f'#!/bin/bash\nGIT={GIT}\ncase " $* " in {pattern})\n{does}\n;; esac\nexec "$GIT" "$@"\n')
        self.path = f"{directory}:{os.environ['PATH']}"

    def __enter__(self):
        self.clone.environment["PATH"] = self.path
        return self

    def __exit__(self, *_):
        self.clone.environment["PATH"] = os.environ["PATH"]
