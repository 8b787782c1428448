"""A git that fails now and then, while it is told to."""
import shutil
from pathlib import Path

import programs

# A command fails before or after its work, with words or without, or is killed.
WRAPPER = """#!/bin/sh
PATH='{path}'
export PATH
read -r rate 2>/dev/null <'{rate}' || exec '{git}' "$@"
random=$(od -An -N2 -tu2 /dev/urandom)
[ $((random % 100)) -lt "$rate" ] || exec '{git}' "$@"
echo failed >>'{count}'
case $((random / 100 % 5)) in
0) echo 'fatal: this git fails now and then' >&2; exit 128 ;;
1) exit 1 ;;
2) '{git}' "$@"; echo 'fatal: this git fails when all is done' >&2; exit 128 ;;
3) '{git}' "$@" >/dev/null; exit 1 ;;
4) kill -KILL $$ ;;
esac
"""


class FailingGit:
    """First in the PATH of clones; what git itself starts is the real one."""

    def __init__(self, directory):
        self.directory = directory
        directory.mkdir()
        self._rate = directory / "rate"
        self._count = directory / "count"
        self._count.touch()
        programs.write_program(directory / "git", WRAPPER.format(
            path=Path(shutil.which("git")).parent, rate=self._rate, git=shutil.which("git"),
            count=self._count))

    def install(self, clone):
        clone.environment["PATH"] = f"{self.directory}:{clone.environment['PATH']}"

    def fail(self, rate):
        """So many in a hundred fail from now on; none with 0."""
        if not rate:
            self._rate.unlink(missing_ok=True)
            return
        new = self.directory / "new"
        new.write_text(f"{rate}\n")
        new.rename(self._rate)

    @property
    def count(self):
        """How many commands have failed."""
        return len(self._count.read_text().splitlines())
