"""What a git that was killed leaves locked goes by itself; what a git that runs holds does not."""
import os
import subprocess

import pytest

import programs
from bare import PLAIN, git
from clones import at_once
from remotes import eventually
from test_kill import check_is_clean
from transcripts import age

BRANCH, TRACKING = "refs/heads/main", "refs/remotes/origin/main"
LOCKS = ["index", "HEAD", "ORIG_HEAD", BRANCH, TRACKING, "packed-refs", "shallow", "config",
         "objects/maintenance"]
# Without these nothing can be committed.
NEEDED_TO_WRITE = ["index", "HEAD", BRANCH]


@pytest.fixture
def clones(world):
    here, there = world.clone("here"), world.clone("there")
    for clone in (here, there):
        # Each command asks the remote.
        clone.environment["WATERCOOLER_FRESH"] = "0.001"
        clone.say("plan", world.body())
    return here, there


def leave(clone, name, seconds=60):
    """A lock that nobody has touched for so long."""
    path = clone.threads / ".git" / f"{name}.lock"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.touch()
    age(path, seconds)
    return path


@pytest.mark.parametrize("name", LOCKS)
@pytest.mark.parametrize("command", ["say", "read", "sync", "drop", "conditional"])
def test_an_old_lock_goes_by_itself(clones, name, command):
    here, there = clones
    world = here.world
    there.say("plan", world.body(), "--ball", "Claude")
    path = leave(here, name)
    if command == "say":
        here.say("plan", world.body())
    elif command == "conditional":
        here.say("plan", world.body(), "--if-ball", "Claude")
    elif command == "drop":
        path.unlink()
        world.remote.go_away()
        body = world.body()
        identity = here.say("plan", body, state="blocked")["entry_id"]
        leave(here, name)
        here.wc("outbox", "drop", identity)
        world.remote.come_back()
        del world.ledger.acknowledged[identity]
        world.ledger.refuse(body)
    else:
        here.wc(command, *(["plan"] if command == "read" else ["--quiet"]))
        assert len(here.read("plan")["entries"]) == 3
    assert not path.exists()
    check_is_clean(here)


@pytest.mark.parametrize("name", LOCKS)
def test_a_lock_of_just_now_is_left_alone(clones, name):
    """Who made it may be at work on another machine. What cannot be done meanwhile is said."""
    here, there = clones
    world = here.world
    there.say("plan", world.body())
    path = leave(here, name, seconds=0)
    code, receipt, errors = here.try_say("plan", world.body())
    if name in NEEDED_TO_WRITE:
        assert code == 1 and receipt is None
        assert f"error: nothing was written: a git that ended left {path}" in errors, errors
        assert "hint: try again in 10 seconds" in errors, errors
    elif name == TRACKING:
        # What others pushed cannot be taken in, so nothing can be sent.
        assert (code, receipt["state"]) == (0, "queued"), errors
        assert f"the remote was not asked: a git that ended left {path}" in errors, errors
    else:
        assert (code, errors) == (0, ""), errors
    done = here.run("read", "plan")
    assert done.returncode == 0, done
    if name == TRACKING:
        assert f"the remote was not asked: a git that ended left {path}".encode() in done.stderr
    assert path.exists()
    found = here.run("doctor")
    assert found.returncode == 1 and f"wrong: a git that ended left {path}".encode() in found.stdout
    age(path)
    assert f"wrong: a git that ended left {path}".encode() in here.run("doctor").stdout
    assert path.exists(), "doctor only looks"
    here.say("plan", world.body())
    assert not path.exists()
    check_is_clean(here)


def test_a_lock_that_a_git_holds_is_left_alone(clones, tmp_path):
    """However old: somebody's editor is open, and git has the lock, but not the file."""
    here, _ = clones
    world = here.world
    note = here.threads / "note.txt"
    note.write_text("words\n")
    here.git("add", "note.txt")
    editor = f'touch "{tmp_path}/open"; while [ ! -e "{tmp_path}/done" ]; do sleep 0.02; done'
    person = subprocess.Popen(
        ["git", "-C", str(here.threads), "commit", "-a", "-m", "Note", "-e"],
        env=PLAIN | {"GIT_EDITOR": f"sh -c '{editor}'"}, stdout=subprocess.DEVNULL)
    path = here.threads / ".git" / "index.lock"
    try:
        eventually(lambda: (tmp_path / "open").exists() and path.exists(), "the editor")
        age(path)
        code, _, errors = here.try_say("plan", world.body())
        words = f"git (process {person.pid}) is at work in this clone, and holds {path}"
        assert code == 1 and f"error: nothing was written: {words}\n" in errors, errors
        assert f"hint: try again when process {person.pid} has ended" in errors, errors
        assert f"wrong: {words}\n".encode() in here.run("doctor", "--fix").stdout
        assert path.exists()
    finally:
        (tmp_path / "done").touch()
        person.wait(programs.PATIENCE)
    here.say("plan", world.body())
    assert here.git("log", "-1", "--format=%s", "--", "note.txt") == b"Note\n"


def test_a_lock_beside_other_writers_goes_too(clones, share):
    """Whoever comes first removes it, and nobody what is new by then."""
    here, _ = clones
    world = here.world
    for _ in range(share(20, least=2)):
        leave(here, "index")
        leave(here, BRANCH)
        at_once(*[lambda: here.say("plan", world.body())] * 6)
        check_is_clean(here)


def test_locks_of_somebodys_own_repository(world, tmp_path):
    """Threads on a branch of a code repository: its configuration and housekeeping are not ours."""
    project = tmp_path / "project"
    git("clone", "--quiet", world.remote.url, str(project))
    (project / "code.c").write_text("int x;\n")
    git("add", ".", directory=project)
    git("commit", "--quiet", "-m", "Code", directory=project)
    git("push", "--quiet", "origin", "HEAD:refs/heads/code", directory=project)
    clone = world.clone("here")
    del clone.environment["WATERCOOLER_GIT_REPO"], clone.environment["WATERCOOLER_DIR"]
    clone.work = project
    clone.threads = project / ".watercooler"
    world.is_checked = False
    clone.run("init", "--branch", "watercooler")
    clone.wc("say", "plan", "-m", "one")
    own, shared = clone.threads, project / ".git"
    worktree = shared / "worktrees" / os.listdir(shared / "worktrees")[0]
    ours = [worktree / "index.lock", shared / "refs/heads/watercooler.lock",
            shared / "packed-refs.lock"]
    theirs = [shared / "index.lock", shared / "HEAD.lock", shared / "config.lock",
              shared / "refs/heads/main.lock"]
    for path in ours + theirs:
        path.touch()
        age(path)
    clone.wc("say", "plan", "-m", "two")
    assert not any(path.exists() for path in ours) and all(path.exists() for path in theirs)
    assert b"two" in git("log", "-1", "--format=%B", directory=own)
