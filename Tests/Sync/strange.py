"""Single faults: a system call that fails, or a git that does not do as it is told."""
import os
import shutil
import subprocess

import programs

GIT = shutil.which("git")
STRACE = shutil.which("strace")


def failing(place, call, error, *arguments, when="1+", path=None, follows=False):
    """What `wc` does when one of its system calls fails; `path` only counts calls on that file."""
    command = [STRACE, "-qqq", "-o", "/dev/null", "-e", f"inject={call}:error={error}:when={when}"]
    command += ["-f"] if follows else []
    command += ["-P", str(path)] if path else []
    return subprocess.run(
        [*command, str(programs.WC), *arguments], env=place.environment, cwd=place.home,
        stdin=subprocess.DEVNULL, capture_output=True, timeout=programs.PATIENCE)


def count(place, call, *arguments):
    """How many such calls `wc` makes itself."""
    log = place.home / "calls"
    subprocess.run(
        [STRACE, "-qqq", "-o", str(log), "-e", f"trace={call}", str(programs.WC), *arguments],
        env=place.environment, cwd=place.home, stdin=subprocess.DEVNULL, check=True,
        capture_output=True, timeout=programs.PATIENCE)
    return sum(line.startswith(call) for line in log.read_text().splitlines())


class StrangeGit:
    """A git that comes first in a clone's PATH, and does something else where it is asked for one thing.

    `does` is a line of sh for a call that has one of the `words`, `commit|reset` say, among its arguments;
    `"$GIT" "$@"` in it is what git itself would do.
    """

    def __init__(self, clone, words, does):
        self.clone = clone
        directory = clone.home / "strange"
        directory.mkdir(exist_ok=True)
        program = directory / "git"
        pattern = "|".join(f'*" {word} "*' for word in words.split("|"))
        program.write_text(
            f'#!/bin/bash\nGIT={GIT}\ncase " $* " in {pattern})\n{does}\n;; esac\nexec "$GIT" "$@"\n')
        program.chmod(0o755)
        self.path = f"{directory}:{os.environ['PATH']}"

    def __enter__(self):
        self.clone.environment["PATH"] = self.path
        return self

    def __exit__(self, *_):
        self.clone.environment["PATH"] = os.environ["PATH"]
