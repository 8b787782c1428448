"""One thing that fails, while a command runs."""
import os
import shutil
import signal
import subprocess
import time

import programs
import remotes
from promises import Answer
from worlds import DEADLINE

# What strace and a busy machine take on top.
GRACE = 2


class Fault:
    """Nothing fails; the others say what does."""

    kind = "none"
    name = "none"
    # What it is about, where the name alone does not say it.
    about = ""
    # Whether the program was to be ended.
    kills = False
    # Whether it goes on as long as the process.
    lasts = False
    # Whether it can say nothing to a person.
    is_mute = False
    # Whether nobody was there to be answered.
    is_unread = False

    def begin(self, world):
        """Before the command."""

    def end(self, world):
        """After it: all is well again."""

    def command(self, world, words):
        return words

    # How it comes upon a server that runs, where it does not begin with it.
    attach = None

    def detach(self):
        """Leaves the server alone again."""

    def streams(self):
        return {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE}

    def __str__(self):
        return f"{self.kind}/{self.name}"


def end_family(process):
    """Ends a process and all that came of it."""
    for pid in [*reversed(remotes.descendants(process.pid)), process.pid]:
        try:
            os.kill(pid, signal.SIGKILL)
        except ProcessLookupError:
            pass


def run(world, words, fault):
    """What `wc` answers to these words while this fails."""
    machine = world.alice
    fault.begin(world)
    began = time.monotonic()
    command = fault.command(world, [str(programs.WC), *words])
    process = machine.start(*command, **fault.streams())
    try:
        out, errors = process.communicate(timeout=DEADLINE + GRACE + 2)
        code = process.returncode
    except subprocess.TimeoutExpired:
        end_family(process)
        out, errors = process.communicate()
        code = None
    seconds = time.monotonic() - began
    fault.end(world)
    return Answer(code, (out or b"").decode(errors="replace"),
                  (errors or b"").decode(errors="replace"), seconds)


def missing(*names):
    """Which of these programs are not installed."""
    return [name for name in names if not shutil.which(name)]
