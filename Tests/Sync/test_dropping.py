"""What is taken back from the outbox: the checker knows of it, and so does whoever said it."""
import fcntl
import json
from pathlib import Path

import pytest

import programs
from checks import check_clone, judge
from kills import Killer, at_work, was_killed
from programs import eventually
from strange import STRACE, failing
from transcripts import age

LOCKS = Path("/proc/locks")


@pytest.fixture
def clone(world):
    clone = world.clone()
    clone.say("plan", world.body(), "--ball", "Codex")
    return clone


def wait(clone):
    """Says something that waits in the outbox."""
    world = clone.world
    world.remote.go_away()
    body = world.body()
    identity = clone.say("plan", body, state="blocked")["entry_id"]
    world.remote.come_back()
    return identity, body


def forget(world, identity, body):
    """It was taken back: nobody answers for it, and it must not come."""
    del world.ledger.acknowledged[identity]
    world.ledger.refuse(body)


def test_what_was_taken_back_is_not_lost(world, clone, tmp_path):
    said = tmp_path / "said.json"
    identity, body = wait(clone)
    said.write_text(json.dumps({"entry_id": identity, "state": "blocked"}))
    printed = clone.wc("outbox", "drop", identity.lower(), "--json")
    forget(world, identity, body)
    assert "1 pushed, 1 dropped" in judge(world)
    told = tmp_path / "told.json"
    told.write_text(printed)
    assert "told: 1 dropped" in judge(world, "--receipts", said, told)
    # Said again, with the same identity, it is answered for.
    clone.say("plan", body, "--entry-id", identity)
    world.ledger.refused.remove(body)
    assert "told: 2 pushed" in judge(world)


def waiters(path):
    """How many wait for the lock on a file."""
    inode = f":{path.stat().st_ino} "
    return sum("->" in line and inode in line for line in LOCKS.read_text().splitlines())


@pytest.mark.skipif(not LOCKS.exists(), reason="this system does not tell who waits for a lock")
def test_a_writer_is_told_that_it_was_taken_back(world, clone):
    """Committed, and waiting for its turn to push, when somebody takes it back."""
    path = clone.threads / ".git" / "watercooler" / "push.lock"
    identity, body = "01M7XX0F93F0WMC16VMVX7YP8Z", world.body()
    programs_at_work = []
    with open(path) as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        for number, words in enumerate([["outbox", "drop", identity],
                                        ["say", "plan", "-m", body, "--entry-id", identity]]):
            programs_at_work.append(clone.start(programs.WC, *words))
            # They are served in their order.
            eventually(lambda n=number: waiters(path) == n + 1, "the wait for the lock")
    (_, refusal), (told, errors) = [one.communicate(timeout=programs.PATIENCE)
                                    for one in programs_at_work]
    assert [one.returncode for one in programs_at_work] == [0, 1], (refusal, errors)
    assert told == b"" and errors.startswith(b"error: not written: it was taken back"), errors
    world.ledger.refuse(body)
    assert "1 dropped" in judge(world)


def test_killed_at_each_point_it_is_taken_back_or_waits(world, clone, tmp_path, share):
    killer = Killer(clone, tmp_path / "killer")
    kept, _ = wait(clone)
    identity, body = wait(clone)
    points = killer.points("outbox", "drop", identity)
    forget(world, identity, body)
    for point in points[::len(points) // share(len(points), least=6)]:
        identity, body = wait(clone)
        done = killer.kill(point, "outbox", "drop", identity)
        eventually(lambda: not at_work(clone), "the end of all children")
        outbox = clone.outbox()
        if was_killed(done):
            assert outbox in ([kept, identity], [kept]), point
        elif done.returncode == 0:
            assert outbox == [kept], point
        # The next command goes on where it was killed; what it was not told is either way right.
        done = clone.run("sync", "--quiet")
        assert (done.returncode, done.stderr) == (0, b""), (point, done)
        check_clone(clone)
        del world.ledger.acknowledged[identity]
        kept, _ = wait(clone)
        judge(world)


@pytest.mark.skipif(not STRACE, reason="strace is not installed")
@pytest.mark.parametrize("call, name", [("rename", ".watercooler.tmp"), ("openat", "plan.md")])
def test_a_file_that_cannot_be_changed_does_not_send_it_all_the_same(world, clone, call, name):
    identity, body = wait(clone)
    path = clone.threads / "plan.md"
    done = failing(clone, call, "EACCES", "outbox", "drop", identity, "--json", when="1",
                   path=clone.threads / name, follows=True)
    assert done.returncode == 0, done
    [note] = json.loads(done.stdout)["notes"]
    assert note.startswith(f"{path} has it until that file can be written"), note
    forget(world, identity, body)
    assert identity in path.read_text()
    # Whoever reads before it can be is not shown it.
    read = failing(clone, "rename", "EACCES", "read", "plan", "--json", path=clone.threads / ".watercooler.tmp",
                   follows=True)
    assert read.returncode == 0 and identity not in read.stdout.decode(), read
    assert identity in path.read_text()
    clone.wc("sync", "--quiet")
    assert identity not in path.read_text()
    assert "1 pushed, 1 dropped" in judge(world)


@pytest.mark.skipif(not STRACE, reason="strace is not installed")
def test_it_is_not_sent_with_an_edit_of_its_file(world, clone):
    identity, body = wait(clone)
    path = clone.threads / "plan.md"
    failing(clone, "openat", "EACCES", "outbox", "drop", identity, when="1", path=path, follows=True)
    forget(world, identity, body)
    path.write_text(path.read_text().replace("topic: plan\n", "topic: plan\nowner: alice\n"))
    age(path)
    done = clone.run("sync")
    assert b"'plan' had what was taken back: left out; as found: " in done.stdout + done.stderr, done
    assert identity not in path.read_text()
    assert world.documents()["plan"].head["owner"] == "alice"
    assert "1 pushed, 1 dropped" in judge(world)


@pytest.mark.skipif(not STRACE, reason="strace is not installed")
def test_a_thread_that_it_began_goes_once_its_file_can_be_removed(world, clone):
    world.remote.go_away()
    body = world.body()
    identity = clone.say("fresh", body, state="blocked")["entry_id"]
    world.remote.come_back()
    path = clone.threads / "fresh.md"
    done = failing(clone, "unlink", "EACCES", "outbox", "drop", identity, path=path, follows=True)
    assert done.returncode == 0 and b"until that file can be written" in done.stderr, done
    forget(world, identity, body)
    assert path.exists()
    age(path)
    clone.say("plan", world.body())
    assert not path.exists()
    assert "fresh" not in world.documents()


@pytest.mark.skipif(not STRACE, reason="strace is not installed")
def test_what_is_taken_back_stays_so_where_its_note_cannot_be_written(world, clone):
    identity, body = wait(clone)
    path = clone.threads / ".git" / "watercooler" / "applied"
    done = failing(clone, "write", "ENOSPC", "outbox", "drop", identity, when="2+", path=path,
                   follows=True)
    assert done.returncode == 0, done
    forget(world, identity, body)
    clone.wc("sync", "--quiet")
    assert "1 pushed, 1 dropped" in judge(world)


def test_a_record_that_cannot_be_read_is_not_lost_with_another(world, clone):
    kept, _ = wait(clone)
    identity, _ = wait(clone)
    [path] = (clone.threads / ".git" / "watercooler" / "outbox").glob(f"*-{kept}")
    whole = path.read_bytes()
    path.write_bytes(b"nothing")
    done = clone.run("outbox", "drop", identity)
    assert done.returncode == 1 and f"{path} cannot be read" in done.stderr.decode(), done
    path.write_bytes(whole)
    assert clone.outbox() == [kept, identity]
    clone.wc("sync", "--quiet")
    assert "3 entries" in judge(world)
