"""The sweep finds what it is for: each of these programs does what it must not let pass."""
import os
import re
import sys

import pytest

import programs
from promises import Answer

SCRIPT = programs.ROOT / "scripts" / "faults"
# Does as the program does, and something else in the operation that is looked at.
LIAR = """#!/bin/sh
wc='{program}'
remote=$(echo "$HOME" | sed 's,/alice/home,/remote/threads.git,')
case "$*" in *"{words}"*)
{lie}
;; esac
exec "$wc" "$@"
"""
RECEIPT = """cat <<END
{"receipt": {"topic": "plan", "entry_id": "01M7XX0F93F0WMC16VMVX7YP8Z", "state": "%s"}}
END
exit 0"""
REWIND = """"$wc" "$@"; git -C "$remote" update-ref refs/heads/main refs/heads/main~1; exit 0"""
ALTER = """"$wc" "$@"
cd "$WATERCOOLER_DIR" && sed -i 's/plan of bob, 0/plan of eve, 0/' plan.md
git -c user.name=x -c user.email=x commit -qam x; git push -q; exit 0"""
MOVE = """"$wc" "$@"
cd "$WATERCOOLER_DIR" && awk '/^---$/ { n++ } n < 4 { print > "head" } n == 4 { print > "one" } n > 4 { print > "rest" }' plan.md
cat head rest one > plan.md; rm head rest one
git -c user.name=x -c user.email=x commit -qam x; git push -q; exit 0"""
# The first time is the one that the others are compared with.
SECOND = """flag=$HOME/../../../asked; [ -e "$flag" ] || { : >"$flag"; exec "$wc" "$@"; }
"""
OF_ALICE = """case $HOME in */bob/*) exec "$wc" "$@" ;; esac
"""
LIES = {
    "pushes nothing": ("say", "said under", RECEIPT % "pushed", "untrue", "lost"),
    "keeps nothing": ("say", "said under", RECEIPT % "queued", "lost"),
    "says local": ("say", "said under", '"$wc" "$@" | sed s/pushed/local/; exit 0', "untrue"),
    "drops an entry": ("say", "said under", REWIND, "lost", "mangled"),
    "alters an entry": ("say", "said under", ALTER, "mangled"),
    "moves an entry": ("say", "said under", MOVE, "mangled"),
    "says it twice": ("say", "said under", '"$wc" "$@" >/dev/null', "doubled"),
    "writes what it refuses": (
        "say", "said under", '"$wc" "$@" >/dev/null; echo error: nothing was written >&2; exit 1', "untrue"),
    "writes and fails": ("say", "said under", '"$wc" "$@" >/dev/null; echo error: eh >&2; exit 1', "untrue"),
    "says nothing": ("say", "said under", "exit 0", "untrue"),
    "hangs": ("say", "said under", "exec sleep 60", "hang"),
    "traps": ("say", "said under", "kill -ILL $$", "trap"),
    "refuses a condition that is met": (
        "say-if", "said under", "echo 'error: not written: the ball is with Bob' >&2; exit 3", "untrue"),
    "does not sync": ("sync", "sync --json", 'echo \'{"sync": {"waiting": 0}}\'; exit 0', "untrue"),
    "hides what waits": ("outbox", "outbox --json", 'echo \'{"outbox": []}\'; exit 0', "untrue"),
    "keeps what it drops": ("drop", "outbox drop", 'echo \'{"dropped": {}}\'; exit 0', "untrue"),
    "drops what it keeps": (
        "drop", "outbox drop", '"$wc" "$@" >/dev/null; echo error: unchanged >&2; exit 1', "untrue"),
    "hides what is there": ("list", "list --json", SECOND + 'echo \'{"threads": []}\'; exit 0', "untrue"),
    "hides it from a script": ("list-text", "list", SECOND + "exit 0", "untrue"),
    "clones nothing": ("init", "init file", OF_ALICE + 'echo \'{"created": true}\'; exit 0', "untrue"),
    "begins only once": (
        "init", "init file", '[ ! -e "$WATERCOOLER_DIR" ] || { echo error: eh >&2; exit 1; }', "stuck"),
}
# In a repository of code.
TOUCHES = {
    "edits the code": 'echo "int ours;" >>main.c',
    "takes back a rebase": "git -c core.hooksPath=/dev/null rebase --abort",
    "sets what is the code's": "git config --local watercooler.threads true",
    "runs a hook": "git hook run pre-commit",
    "pushes the code": "git push --quiet --no-verify origin HEAD:refs/heads/code",
}
# Only what is looked at is a lie: afterwards news are told as they are.
SEEN = SECOND + """flag=$HOME/was-here; [ -e "$flag" ] || { : >"$flag"; "$wc" "$@" >/dev/null
echo '{"updates": {"threads": []}, "problem": "none of them could be shown"}'; exit 0; }"""


def run(tmp_path, case, words, lie):
    return run_with(programs.make_liar(tmp_path, LIAR, words=words, lie=lie), tmp_path, case)


def run_with(directory, tmp_path, case):
    return programs.call(
        sys.executable, SCRIPT, "--case", case, text=True, patience=300,
        environment=os.environ | {"WATERCOOLER_BIN": str(directory), "TMPDIR": str(tmp_path)})


def kinds(done):
    return set(re.findall(r"^(lost|doubled|mangled|untrue|hang|trap|touched|stuck): ", done.stdout, re.MULTILINE))


@pytest.mark.parametrize("name", LIES)
def test_a_program_is_found_out_that(name, tmp_path):
    operation, words, lie, *expected = LIES[name]
    done = run(tmp_path, f"file/{operation}/none/none", words, lie)
    assert done.returncode == 1, done.stdout + done.stderr
    assert set(expected) <= kinds(done), done.stdout + done.stderr


@pytest.mark.parametrize("name", TOUCHES)
def test_a_program_is_found_out_that_touches_the_persons(name, tmp_path):
    done = run(tmp_path, "branch/list/none/none", "list --json", f'({TOUCHES[name]}) >&2; exec "$wc" "$@"')
    assert done.returncode == 1, done.stdout + done.stderr
    assert kinds(done) == {"touched"}, done.stdout + done.stderr


def test_a_program_is_found_out_that_marks_as_seen_what_it_does_not_show(tmp_path):
    done = run(tmp_path, "file/updates/none/none", "updates --json", SEEN)
    assert done.returncode == 1, done.stdout + done.stderr
    assert "counts as seen, and was not shown" in done.stdout, done.stdout


@pytest.mark.parametrize("mode", ["local", "branch", "path", "ssh"])
def test_a_program_that_tells_the_truth_passes(mode, tmp_path):
    for operation in ("say", "updates"):
        (tmp_path / operation).mkdir()
        done = run(tmp_path / operation, f"{mode}/{operation}/none/none", "nothing like this", "")
        assert done.returncode == 0 and done.stdout.endswith("1 passed, 0 failed\n"), \
            done.stdout + done.stderr


def test_a_case_is_run_again_by_its_name(tmp_path):
    """Calls are counted where the loader ends, git's calls by their number."""
    for case in ("local/read/strace/getdents64-1-EIO", "file/say/git/1-config-done-fails",
                 "local/say/kill/rename-1-KILL", "local/say/limit/files-9", "local/say/stdout/stdout-full"):
        place = tmp_path / case.replace("/", "-")
        place.mkdir()
        done = run_with(programs.BIN, place, case)
        assert done.stdout.startswith(f"{case}\n") and "kept: " in done.stdout, \
            done.stdout + done.stderr


@pytest.mark.parametrize("words, told", [
    ("error: nothing was written: git could not sign", "refused"),
    ("error: no space left on device\nhint: free some space; what was there is unchanged", "refused"),
    ("Error: Not written: the ball is with Codex", "refused"),
    ("error: nothing that waits has the ID\nhint: what is pushed cannot be taken back", "refused"),
    ("error: nobody knows yet whether it was written: the file could not be put back", "unsure"),
    ("error: cannot flush the directory; the entry was written", "written"),
    ("error: standard output is full; the entry is in the thread", "written"),
    ("error: added to 'plan'; the ball is with Codex (nothing is shared); standard output is full",
     "written"),
    ("error: it is not taken back yet, only begun: git reset failed", "unsure"),
    ("error: cannot flush the directory: input/output error", ""),
])
def test_an_error_is_taken_at_its_word(words, told):
    assert Answer(1, "", words, 0).told == told


def test_an_unknown_case_is_said_to_be_none(tmp_path):
    done = run(tmp_path, "local/read/strace/getdents64-1-EBADF", "nothing like this", "")
    assert done.returncode == 1 and "no case local/read/strace/getdents64-1-EBADF" in done.stderr
