"""What git, or somebody with git, left in a clone: it goes, or the words say what to do."""
import os
import re
import shutil
import subprocess

import pytest

import programs
from bare import try_git
from test_unwilling import DECLINES
from transcripts import age

# Merges line by line, as git does without a driver.
BY_LINES = ["-c", "merge.watercooler.driver=git merge-file %A %O %B"]


def test_an_old_index_lock_goes_by_itself(case):
    lock = case.here.threads / ".git" / "index.lock"
    lock.touch()
    age(lock)
    case.say()
    assert not lock.exists()


def test_a_fresh_index_lock_is_left_alone(case):
    lock = case.here.threads / ".git" / "index.lock"
    lock.touch()
    case.say()
    case.wc("read", "plan")
    assert lock.exists()
    case.wc("doctor", code=1)
    case.note("its git has ended")
    lock.unlink()
    case.say()


def diverge(case):
    """An entry that waits here, and another one in the remote; a plain merge would conflict."""
    hook = case.world.remote.bare.hook("pre-receive", DECLINES)
    waiting = case.here.say("plan", case.world.body(), state="blocked")["entry_id"]
    hook.unlink()
    case.there.say("plan", case.world.body())
    return waiting


def check_gone_past(case, waiting, path, sync):
    """All goes on past what somebody is at, however long it takes; whoever asks for a fix says that nobody is."""
    age(path)
    left = left_there(case)
    case.say()
    case.wc("read", "plan")
    case.wc("sync", code=sync)
    case.wc("doctor", code=1)
    assert left_there(case) == left and path.exists()
    check_fixed(case, waiting, path)


def left_there(case):
    """What somebody who is at it has before them."""
    file = case.here.threads / ".git" / "index"
    return case.here.file("plan").read_bytes(), file.read_bytes()


def check_fixed(case, waiting, path):
    case.wc("doctor", "--fix", code=0)
    case.say()
    assert not path.exists() and waiting in case.world.documents()["plan"].identities





@pytest.fixture
def rebase(case):
    """A rebase that stopped at a conflict, with an edit of another file stashed by it."""
    case.here.say("notes", case.world.body())
    waiting = diverge(case)
    edited = case.here.file("notes")
    edited.write_text(edited.read_text().replace("topic: notes", "topic: notes\nowner: alice"))
    done = try_git(*BY_LINES, "pull", "--rebase", "--autostash", directory=case.here.threads)
    left = case.here.threads / ".git" / "rebase-merge"
    assert done.returncode != 0 and (left / "autostash").exists(), done
    assert "<<<<<<< " in case.here.file("plan").read_text()
    return waiting, left


def test_an_interrupted_rebase(case, rebase):
    waiting, left = rebase
    check_gone_past(case, waiting, left, sync=4)
    assert "owner: alice" in case.here.file("notes").read_text()
    age(case.here.file("notes"))
    case.wc("sync")


def test_a_rebase_that_an_early_version_left_is_taken_back(case, rebase):
    waiting, left = rebase
    log = case.here.threads / ".git" / "logs" / "HEAD"
    log.write_text(re.sub(
        r"^(\S+ \S+) [^<]*<[^>]*>", r"\1 Watercooler <watercooler@localhost>", log.read_text(),
        flags=re.MULTILINE))
    age(left)
    case.say()
    assert not left.exists() and waiting in case.world.documents()["plan"].identities
    assert "owner: alice" in case.here.file("notes").read_text()
    age(case.here.file("notes"))
    case.wc("sync")


def test_a_rebase_with_nothing_but_an_autostash(case):
    edited = case.here.file("plan")
    edited.write_text(edited.read_text().replace("topic: plan", "topic: plan\nowner: alice"))
    stash = case.here.git("stash", "create").decode()
    case.here.git("checkout", "--quiet", "--", "plan.md")
    left = case.here.threads / ".git" / "rebase-merge"
    left.mkdir()
    (left / "autostash").write_text(stash)
    check_gone_past(case, case.shown()[0], left, sync=0)
    rescued = case.here.git("for-each-ref", "--format=%(objectname)", "refs/watercooler/rescued")
    assert stash.strip() in rescued.decode()
    assert "owner: alice" in edited.read_text()
    age(edited)
    case.wc("sync")


@pytest.fixture
def merge(case):
    waiting = diverge(case)
    case.here.git("fetch", "--quiet")
    done = try_git(*BY_LINES, "merge", "origin/main", directory=case.here.threads)
    left = case.here.threads / ".git" / "MERGE_HEAD"
    assert done.returncode != 0 and left.exists(), done
    assert "<<<<<<< " in case.here.file("plan").read_text()
    return waiting, left


def test_an_unfinished_merge(case, merge):
    check_gone_past(case, *merge, sync=4)


def test_a_detached_head(case):
    waiting = diverge(case)
    case.here.git("checkout", "--quiet", "--detach")
    head = case.here.threads / ".git" / "HEAD"
    case.say(code=1)
    case.wc("read", "plan")
    case.wc("sync", code=1)
    case.wc("doctor", code=1)
    case.wc("doctor", "--fix")
    case.say()
    assert head.read_text() == "ref: refs/heads/main\n"
    assert waiting in case.world.documents()["plan"].identities


def test_another_branch(case):
    waiting = diverge(case)
    case.here.git("checkout", "--quiet", "-b", "mine")
    extra = case.here.threads / "mine.txt"
    extra.write_text("mine\n")
    case.here.git("add", "mine.txt")
    case.here.git("commit", "--quiet", "-m", "Mine")
    case.say(code=1)
    case.wc("read", "plan")
    case.wc("doctor", code=1)
    case.note("what the hint says")
    case.here.git("switch", "--quiet", "main")
    case.say()
    assert waiting in case.world.documents()["plan"].identities
    assert case.here.git("show", "mine:mine.txt") == b"mine\n"


def loose(clone, revision):
    name = clone.git("rev-parse", revision).decode().strip()
    return clone.threads / ".git" / "objects" / name[:2] / name[2:]


def spoil(path):
    path.chmod(0o600)
    path.write_bytes(b"no object")


@pytest.mark.parametrize("kind", ["commit", "file"])
@pytest.mark.parametrize("which", ["outbox", "pushed"])
def test_a_damaged_object(case, which, kind):
    """What the doctor says makes the clone anew, with what waits in it."""
    shown = case.shown()
    if which == "outbox":
        shown.append(diverge(case))
    commit = "HEAD" if which == "outbox" else "HEAD~1"
    spoil(loose(case.here, commit if kind == "commit" else f"{commit}:plan.md"))
    case.wc("read", "plan")
    said = case.here.run("sync")
    case.tell(["sync"], said.returncode, said.stdout.decode(), said.stderr.decode())
    command = re.search("the thread files: (.*)", case.wc("doctor", code=1)).group(1)
    case.note("what it says")
    age(case.here.file("plan"))
    done = subprocess.run(["/bin/sh", "-c", command], capture_output=True, env={
        **case.here.environment, "PATH": f"{programs.BIN}:{os.environ['PATH']}"})
    assert done.returncode == 0, done
    shutil.rmtree(f"{case.here.threads}.damaged")
    case.wc("doctor")
    case.say()
    assert set(shown) <= set(case.shown())
