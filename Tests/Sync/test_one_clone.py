"""One machine on which much runs at once: processes, servers, cron; and what is killed there."""
import signal
import subprocess
import time

import pytest

import programs
from clones import at_once
from programs import eventually
from test_kill import check_is_clean


@pytest.mark.parametrize("topics", [1, 32])
def test_thirty_two_processes_write(world, share, topics):
    clone = world.clone()
    clone.say("plan-0", world.body())
    for _ in range(share(10)):
        at_once(*[lambda n=n: clone.say(f"plan-{n % topics}", world.body(), "--ball", world.ball())
                  for n in range(32)])


def test_command_server_and_cron_share_a_clone(world, share):
    here, there = world.clone(), world.clone()
    entries = share(40)

    def commands():
        for _ in range(entries):
            here.say("plan", world.body())

    def server():
        with here.server() as speaker:
            for _ in range(entries):
                assert speaker.say("plan", world.body())["isError"] is False
                assert speaker.call("read_thread", topic="plan")["isError"] is False

    def cron():
        for _ in range(entries * 2):
            assert here.run("sync", "--quiet").returncode in (0, 4)

    def others():
        for _ in range(entries):
            there.say("plan", world.body())

    at_once(commands, server, cron, others)


def test_the_first_commit_comes_while_another_process_looks_for_it(world, waiting_git):
    place, slowly = waiting_git
    clone = world.clone()
    clone.wc("sync", "--quiet")
    slow = clone.start(
        programs.WC, "sync", environment=slowly(clone, "--verify refs/heads/main^{commit}", "after"))
    eventually((place / "came").exists, "the look at the branch")
    clone.say("plan", world.body())
    (place / "go").touch()
    errors = slow.communicate(timeout=programs.PATIENCE)[1]
    assert (slow.returncode, errors) == (0, b"")


@pytest.mark.parametrize("is_empty", [True, False])
def test_servers_that_start_at_once_make_one_clone(make_world, share, is_empty):
    for _ in range(share(20)):
        world = make_world()
        if not is_empty:
            world.clone().say("plan", world.body())
        clone = world.clone()

        def start_and_say():
            with clone.server() as server:
                assert server.say("plan", world.body())["isError"] is False

        at_once(*[start_and_say] * 2)


def test_commands_that_start_at_once_make_one_clone(world):
    world.clone().say("plan", world.body())
    clone = world.clone()
    at_once(lambda: clone.wc("sync", "--quiet"), lambda: clone.run("list").check_returncode(),
            lambda: clone.say("plan", world.body()), lambda: clone.say("other", world.body()))


def test_a_retry_is_no_second_entry(world):
    clone = world.clone()
    body = world.body()
    identity = "01M7XX0F93F0WMC16VMVX7YP8A"
    at_once(*[lambda: clone.say("plan", body, "--entry-id", identity)] * 4)
    assert clone.read("plan")["entry_count"] == 1
    code, receipt, errors = clone.try_say("plan", world.body(), "--entry-id", identity)
    assert code == 1 and receipt is None and identity in errors


# Killed

def kill_at(clone, body, moment):
    """Starts a command and kills it then; whether it had ended by itself."""
    process = clone.start(programs.WC, "say", "plan", "-m", body, "--json",
                          stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    time.sleep(moment)
    process.send_signal(signal.SIGKILL)
    return process.wait(programs.PATIENCE) == 0


def test_killed_at_any_moment_nothing_is_lost_or_doubled(world, share):
    here, there = world.clone(), world.clone()
    here.say("plan", world.body())
    there.say("plan", world.body())
    started = time.monotonic()
    here.say("plan", world.body())
    whole = time.monotonic() - started
    bodies = [world.body() for _ in range(share(200))]

    def killed():
        for body in bodies:
            kill_at(here, body, world.random.uniform(0, 1.2 * whole))
        # A lock file of git's may be believed only when it is ten seconds old.
        eventually(lambda: here.run("sync", "--quiet").returncode == 0, "recovery")
        here.say("plan", world.body())

    def undisturbed():
        for _ in bodies:
            there.say("plan", world.body())

    at_once(killed, undisturbed)
    found = [entry.body for entry in world.documents()["plan"].entries]
    assert all(found.count(body) <= 1 for body in bodies)


def test_what_a_killed_writer_had_half_written_goes_with_one_sync(world):
    clone = world.clone()
    clone.say("plan", world.body())
    (clone.threads / ".watercooler.tmp").write_bytes(b"---\nformat: 1\nto")
    check_is_clean(clone)


def test_a_merge_that_goes_on_alone_leaves_a_writers_file_alone(world):
    """Git's merge outlives who ran it, and holds no lock: what a writer is making is not its own."""
    clone = world.clone()
    clone.say("plan", world.body())
    data = clone.file("plan").read_bytes()
    place = clone.home / "merge"
    place.mkdir()
    for name in ("base", "ours", "theirs", ".watercooler.tmp"):
        (place / name).write_bytes(data)
    made = (place / ".watercooler.tmp").stat().st_ino
    done = clone.run("merge-driver", *[str(place / name) for name in ("base", "ours", "theirs")],
                     "plan.md", "shown-first")
    assert done.returncode == 0, done
    assert (place / ".watercooler.tmp").stat().st_ino == made
    assert sorted(path.name for path in place.iterdir()) == \
        [".watercooler.tmp", "base", "ours", "theirs"]
