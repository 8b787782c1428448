"""`wc doctor` finds what is wrong, changes nothing unless it is told to, and mends what it finds."""
import hashlib
import os
import time

import pytest

from bare import PLAIN, git
from test_left_by_git import diverge
from transcripts import age


def look(clone):
    """Every file of a clone, but for our own state and what is known of the remote."""
    found = {}
    for path in sorted(clone.threads.rglob("*")):
        name = str(path.relative_to(clone.threads))
        parts = path.relative_to(clone.threads).parts
        if parts[:2] == (".git", "watercooler") or parts[:3] == (".git", "refs", "remotes"):
            continue
        if parts[:4] == (".git", "logs", "refs", "remotes") or parts[:2] == (".git", "objects"):
            continue
        info = path.lstat()
        data = path.read_bytes() if path.is_file() else b""
        found[name] = (info.st_mode, info.st_mtime_ns * path.is_file(),
                       hashlib.sha256(data).hexdigest())
    return found


def leave_things(case):
    """What a command would mend: an edit, a file that is gone, an old lock, an entry that waits."""
    case.here.say("notes", case.world.body())
    case.here.say("third", case.world.body())
    diverge(case)
    file = case.here.file("plan")
    file.write_text(file.read_text().replace("topic: plan", "topic: plan\nowner: alice"))
    age(file)
    case.here.file("notes").unlink()
    third = case.here.file("third")
    third.write_text(third.read_text()[:-30])
    age(third)
    lock = case.here.threads / ".git" / "index.lock"
    lock.touch()
    age(lock)


@pytest.mark.parametrize("option", [[], ["--dry-run"], ["--fix", "--dry-run"]],
                         ids=["without-an-option", "dry-run", "dry-run-of-a-fix"])
def test_it_only_looks(case, option):
    leave_things(case)
    case.here.git("config", "--unset", "merge.watercooler.driver")
    before = look(case.here)
    case.wc("doctor", *option, code=1)
    assert look(case.here) == before
    case.wc("doctor", "--fix")
    case.wc("doctor")


def test_it_only_looks_at_a_rebase(case):
    left = case.here.threads / ".git" / "rebase-merge"
    left.mkdir()
    (left / "head-name").write_text("refs/heads/main\n")
    age(left)
    before = look(case.here)
    case.wc("doctor", "--dry-run", code=1)
    assert look(case.here) == before
    case.wc("doctor", "--fix")
    case.wc("doctor")


def test_what_it_finds(case, tmp_path):
    """A key that others may read, attributes, the driver, what waits, a clock that is wrong."""
    diverge(case)
    # Somebody whose clock is a day ahead, and who has the newest commit here.
    clock = {"GIT_COMMITTER_DATE": f"@{int(time.time()) + 86400} +0000"}
    git("commit", "--quiet", "--allow-empty", "-m", "From tomorrow", directory=case.here.threads,
        environment=PLAIN | clock)
    key = tmp_path / "key"
    key.write_text("no key\n")
    key.chmod(0o644)
    case.here.environment["WATERCOOLER_GIT_SSH_KEY"] = str(key)
    (case.here.threads / ".git" / "info" / "attributes").unlink()
    case.here.git("config", "--unset", "merge.watercooler.driver")
    assert "clock" in case.wc("doctor", code=1)
    case.note("what waits is made anew when it is sent, with the time of that")
    case.wc("doctor", "--fix")
    assert os.stat(key).st_mode & 0o777 == 0o600
    case.wc("doctor")
    assert case.here.git("check-attr", "merge", "--", "x.md") == b"x.md: merge: watercooler\n"
    case.say()


def test_a_merge_driver_that_does_not_work(case):
    case.here.git("config", "merge.watercooler.driver", "false")
    case.wc("doctor", code=1)
    case.wc("doctor", "--fix")
    case.wc("doctor")
