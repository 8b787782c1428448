"""The Python tool and ours in one directory of this machine: neither writes while the other does."""
import json
import os
import subprocess
import sys
import threading
import time

import pytest

# Rewrites a thread's file as that tool does: under a lock of its own, which it makes exclusively.
OTHER = """
import os, pathlib, sys, time
directory, count, name = pathlib.Path(sys.argv[1]), int(sys.argv[2]), sys.argv[3]
thread, lock = directory / "plan.md", directory / ".plan.lock"
for number in range(count):
    end = time.time() + 30
    while True:
        try:
            with os.fdopen(os.open(lock, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o644), "w") as file:
                file.write(str(os.getpid()))
            break
        except FileExistsError:
            assert time.time() < end, "its lock stays"
            time.sleep(0.005)
    text = thread.read_text()
    time.sleep(0.01)
    thread.write_text(f"{text}\\n---\\nEntry: {name} 2026-01-01T00:00:00Z\\nTitle: t\\n\\n{name} {number}\\n")
    lock.unlink()
"""


@pytest.fixture
def lock(place):
    place.wc("say", "plan", "-m", "first")
    return place.threads / ".plan.lock"


def test_both_write_at_once(place, lock):
    others = [subprocess.Popen([sys.executable, "-c", OTHER, str(place.threads), "40", f"Python{one}"])
              for one in range(2)]
    said = []

    def say(writer):
        for number in range(20):
            place.wc("say", "plan", "-m", f"ours {writer} {number}")
            said.append(f"ours {writer} {number}")

    writers = [threading.Thread(target=say, args=[one]) for one in range(2)]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join()
    assert [other.wait(60) for other in others] == [0, 0] and len(said) == 40
    said += [f"Python{one} {number}" for one in range(2) for number in range(40)]
    bodies = [entry["body"] for entry in place.read("plan")["entries"]]
    assert sorted(bodies) == sorted(["first", *said]) and not lock.exists()


def test_a_lock_of_ours_says_whose_it_is_from_its_first_moment(place, lock):
    """One without a number would be waited for, whoever was killed there."""
    writer = threading.Thread(target=lambda: [place.wc("say", "plan", "-m", "x") for _ in range(30)])
    writer.start()
    seen = set()
    while writer.is_alive():
        try:
            seen.add(lock.read_text().partition("=")[0])
        except FileNotFoundError:
            pass
    assert seen == {"pid"}


def held(lock, text, age=0):
    lock.write_text(text)
    os.utime(lock, (time.time() - age,) * 2)


def dead():
    process = subprocess.Popen(["true"])
    process.wait()
    return process.pid


def test_somebody_elses_is_waited_for_and_named(place, lock, shared_data):
    before = (place.threads / "plan.md").read_bytes()
    held(lock, str(os.getpid()))
    began = time.monotonic()
    done = place.run("say", "plan", "-m", "no", code=1)
    assert 1.5 < time.monotonic() - began < 10
    assert str(lock).encode() in done.stderr and b"nothing was written" in done.stderr
    # Other threads are free.
    place.wc("say", "other", "-m", "yes")
    assert (place.threads / "plan.md").read_bytes() == before
    done = place.run("unlock", "plan", code=1)
    assert str(os.getpid()).encode() in done.stderr and lock.exists()
    assert "No lock file present." in place.wc("unlock", "other")
    released = threading.Timer(0.5, lock.unlink)
    released.start()
    place.wc("say", "plan", "-m", "after")
    assert not lock.exists()


@pytest.mark.parametrize("text, age", [("", 11), ("{me}", 11), ("{dead}", 0), ("pid={dead}\n", 0)])
def test_a_stale_one_is_taken_over(place, lock, text, age):
    held(lock, text.format(me=os.getpid(), dead=dead()), age)
    place.wc("say", "plan", "-m", "after")
    assert not lock.exists()
    held(lock, text.format(me=os.getpid(), dead=dead()), age)
    assert json.loads(place.wc("unlock", "plan", "--json"))["removed"] is True and not lock.exists()


def test_force_removes_any(place, lock):
    held(lock, str(os.getpid()))
    assert "The lock was removed." in place.wc("unlock", "plan", "--force") and not lock.exists()


def test_it_goes_on_every_way_out(place, lock):
    for arguments in (["say", "plan", "-m", "x", "--expect", "01M7XX0F93F0WMC16VMVX7YP8Z"],
                      ["say", "plan", "-m", "x", "--if-ball", "Nobody"], ["status", "plan", "OPEN"],
                      ["ack", "nowhere"], ["say", "plan", "-m", "x"]):
        place.run(*arguments)
        assert list(place.threads.glob(".*.lock")) == []
