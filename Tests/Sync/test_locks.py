"""What a git that was killed leaves locked goes by itself; what a git that runs holds does not."""
import fcntl
import json
import os
import subprocess
import time

import pytest

import programs
from bare import PLAIN, git
from clones import at_once
from programs import eventually
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
        # It is accepted, and waits for its commit.
        assert (code, receipt["state"]) == (0, "queued"), errors
        assert f"a git that ended left {path}" in errors, errors
        assert "Hint: try again in 10 seconds" in errors, errors
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
        code, receipt, errors = here.try_say("plan", world.body())
        words = f"git (process {person.pid}) is at work in this clone, and holds {path}"
        assert (code, receipt["state"]) == (0, "queued") and words in errors, errors
        assert f"Hint: try again when process {person.pid} has ended" in errors, errors
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


@pytest.fixture
def held(clones):
    """A clone to which something came while somebody holds its write lock, and a cursor from before."""
    here, there = clones
    here.wc("read", "plan")
    cursor = here.json("updates")["updates"]["next_cursor"]
    there.say("plan", here.world.body("news"))
    path = here.threads / ".git" / "watercooler" / "write.lock"
    with open(path, "w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield here, cursor, str(path)


@pytest.mark.parametrize("command", [
    ["read", "plan"], ["list"], ["updates"], ["updates", "--since", "CURSOR"], ["search", "body"]])
def test_a_reading_shows_what_is_here_while_somebody_writes(held, command):
    here, cursor, path = held
    here.environment["WATERCOOLER_TIMEOUT"] = "5"
    began = time.monotonic()
    done = here.run(*[cursor if word == "CURSOR" else word for word in command], "--json")
    assert done.returncode == 0 and time.monotonic() - began < 6, done
    shown = json.loads(done.stdout)["freshness"]
    words = f"another process is writing to {path}, and did not finish in time"
    assert words in shown["problem"] and any(words in note for note in shown["notes"]), shown
    assert "nothing was written" not in done.stdout.decode()


@pytest.mark.parametrize("since", [False, True])
def test_a_wait_keeps_its_time_while_somebody_writes(held, since):
    here, cursor, path = held
    place = ["--since", cursor] if since else []
    began = time.monotonic()
    done = here.run("wait", "--timeout", "2s", "--json", *place)
    # What others wrote is shown, and brought into the files later.
    assert done.returncode == 0 and time.monotonic() - began < 3.5, (done, time.monotonic() - began)
    assert path in json.loads(done.stdout)["freshness"]["problem"]
    cursor = json.loads(done.stdout)["updates"]["next_cursor"]
    with here.server() as server:
        began = time.monotonic()
        found = server.call("wait", timeout_s=1, **({"since": cursor} if since else {}))
        assert time.monotonic() - began < 2.5, found
        assert not found["isError"] and found["structuredContent"]["timed_out"], found
        assert path in found["structuredContent"]["freshness"]["problem"]
        found = server.call("list_updates")
        assert not found["isError"] and path in json.dumps(found), found
