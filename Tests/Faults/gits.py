"""A git that lies, is late or dies: a wrapper that is first in PATH, wrong in one of its calls."""
import shutil
from pathlib import Path

import faults
import programs
from kills import subcommand
from worlds import DEADLINE

# Counts the calls; what git itself starts finds the real one. In the call that the plan names:
WRAPPER = """#!/bin/sh
PATH='{path}'
export PATH
set -C
n=1
while ! printf '%s\\n' "$*" >'{state}'/"$n"; do n=$((n + 1)); done 2>/dev/null
set +C
read -r at form call when error <'{state}/plan'
[ "$n" = "$at" ] || exec '{git}' "$@"
work() {{ '{git}' "$@" >'{state}/out'; }}
fatal() {{ echo 'fatal: the disk was taken away' >&2; exit 128; }}
case $form in
empty) exit 0 ;;
mute) '{git}' "$@" >/dev/null; exit $? ;;
half) work "$@"; s=$?; head -c $(($(wc -c <'{state}/out') / 2)) '{state}/out'; exit $s ;;
short) work "$@"; s=$?; head -c -1 '{state}/out'; exit $s ;;
banner) echo 'welcome to this git'; exec '{git}' "$@" ;;
wrong) work "$@"; s=$?; LC_ALL=C sed -E 's/[0-9a-f]{{40}}/{wrong}/g' '{state}/out'; exit $s ;;
late) sleep {late}; exec '{git}' "$@" ;;
hang) exec sleep 100 ;;
stuck) work "$@"; exec sleep 100 ;;
killed) kill -KILL $$ ;;
done-killed) work "$@"; kill -KILL $$ ;;
fails) fatal ;;
silent) exit 1 ;;
done-fails) '{git}' "$@"; fatal ;;
done-silent) work "$@"; exit 1 ;;
call) exec strace -f -qq -o /dev/null -e "trace=$call" -e "inject=$call:error=$error:when=$when" '{git}' "$@" ;;
esac
"""
QUICK = ["empty", "mute", "half", "short", "banner", "wrong", "killed", "done-killed", "fails", "silent",
         "done-fails", "done-silent"]
# Calls of git itself that fail: which, the how manieth, and how.
CALLS = [("write", 1, "ENOSPC"), ("write", 2, "EIO"), ("rename", 1, "EACCES"), ("rename", 1, "EIO"),
         ("link", 1, "EIO"), ("unlink", 1, "EACCES"), ("mkdir", 1, "ENOSPC"), ("openat", 8, "EIO"),
         ("openat", 16, "EMFILE"), ("openat", 30, "EACCES"), ("read", 6, "EIO"), ("read", 12, "EIO")]
# These take as long as the deadline.
SLOW = ["late", "hang", "stuck"]
WRONG = "5" * 40


class Git(faults.Fault):
    """One of the gits that a command starts."""

    kind = "git"

    def __init__(self, number, word, *form):
        """
        - form: One of those that are named; or a call, its number and its error.
        """
        self.number, self.word, self.form = number, word, form
        self.name = "-".join(map(str, [number, word, *form]))

    def begin(self, world):
        state = state_of(world)
        shutil.rmtree(state, ignore_errors=True)
        state.mkdir()
        form = ["call", *self.form] if len(self.form) > 1 else self.form
        (state / "plan").write_text(" ".join(map(str, [self.number, *form])) + "\n")
        programs.write_program(wrapper(world), WRAPPER.format(
            path=Path(shutil.which("git")).parent, git=shutil.which("git"), state=state, wrong=WRONG,
            late=DEADLINE + 1))

    def end(self, world):
        # The world's own git again is the one that is next in PATH.
        wrapper(world).unlink(missing_ok=True)


def wrapper(world):
    return world.directory / "bin" / "git"


def state_of(world):
    return world.directory.with_name("gits")


def counted(world, operation, run):
    """All faults of this kind: each form at each call, the slow ones once for each subcommand."""
    run(Git(0, "none", "none"))
    words = {int(call.name): subcommand(call.read_text().split())
             for call in state_of(world).glob("[0-9]*")}
    calls = CALLS if shutil.which("strace") else []
    listed = []
    for number, word in sorted(words.items()):
        is_first = list(words.values()).index(word) == list(words).index(number)
        listed += [Git(number, word, form) for form in QUICK + (SLOW if is_first else [])]
        listed += [Git(number, word, *call) for call in calls]
    return listed


def named(name, listed):
    """The fault that has this number and form, whatever that git is told."""
    for fault in listed:
        form = "-".join(map(str, fault.form))
        if name.startswith(f"{fault.number}-") and name.endswith(f"-{form}"):
            # 'fails' is the end of 'done-fails', too.
            if not name.endswith(f"done-{form}") or form.startswith("done"):
                return fault
    return None
