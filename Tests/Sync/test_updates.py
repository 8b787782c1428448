"""What one has not seen: shown once, to each reader, and waited for across clones."""
import json
import signal
import socket

import pytest

import programs
from clones import at_once
from programs import eventually
from remotes import descendants, is_running
from running import Running

# As often as it goes, and no contact of before does for a reading.
SOON = {"WATERCOOLER_POLL": "1", "WATERCOOLER_FRESH": "0.001"}


def updates(clone, *options):
    shown = clone.json("updates", *options)["updates"]
    return shown | {"bodies": [entry["body"].split("\n")[0] for thread in shown["threads"]
                               for entry in thread["entries"]]}


def contacts(clone):
    """The moment of the last contact with the remote."""
    path = clone.threads / ".git" / "watercooler" / "contact"
    return path.stat().st_mtime_ns if path.exists() else 0


def waiting(clone, *arguments):
    """A `wc wait` that has asked the remote, and found nothing."""
    before = contacts(clone)
    running = Running(clone, "wait", "--timeout", f"{programs.PATIENCE}", *arguments, **SOON)
    eventually(lambda: contacts(clone) > before, "a contact")
    return running


@pytest.fixture
def pair(world):
    """Two clones, and a thread that both have seen."""
    here, there = world.clone("Claude"), world.clone("Codex")
    here.say("plan", world.body("first"))
    there.wc("read", "plan")
    return here, there


def test_what_others_said_is_shown_once(world, pair):
    here, there = pair
    here.environment |= SOON
    said = [there.say("plan", world.body(str(n)))["entry_id"] for n in range(3)]
    there.say("another", world.body("new"))
    shown = updates(here)
    assert shown["count"] == shown["total"] == 4
    assert [entry["entry_id"] for thread in shown["threads"] if thread["topic"] == "plan"
            for entry in thread["entries"]] == said
    assert updates(here)["total"] == 0
    there.say("plan", world.body("last"))
    assert updates(here, "--since", shown["next_cursor"])["total"] == 1


def test_marks_of_two_agents_on_one_clone_do_not_mix(world, pair):
    here, there = pair
    here.environment |= SOON
    there.say("plan", world.body("news"))
    assert updates(here)["total"] == 1
    assert updates(here, "--as", "Gemini")["total"] == 2
    assert updates(here, "--as", "Claude (bob)")["total"] == 2
    assert updates(here)["total"] == updates(here, "--as", "Gemini")["total"] == 0


def test_many_processes_mark_at_once(world, pair, share):
    here, there = pair
    for _ in range(share(10)):
        for _ in range(12):
            there.say("plan", world.body())
        here.wc("sync", "--quiet")
        count = len(here.read("plan")["entries"])
        at_once(*[lambda n=n: here.wc("read", "plan", "--from", str(max(0, count - n)))
                  for n in range(1, 13)])
        assert updates(here)["total"] == 0


def test_a_wait_ends_when_another_clone_says_something(world, pair):
    here, there = pair
    with waiting(here) as running:
        there.say("plan", world.body("the answer"))
        code, output, errors = running.end()
    assert (code, errors) == (0, "") and "the answer" in output
    assert updates(here)["total"] == 0


def test_a_wait_for_the_ball_is_for_nothing_else(world, pair):
    here, there = pair
    with waiting(here, "plan", "--ball", "me", "--json") as running:
        there.say("plan", world.body("to somebody else"), "--ball", "Gemini")
        there.say("other", world.body("elsewhere"), "--ball", "Claude")
        eventually(lambda: (here.threads / "other.md").exists(), "the news")
        assert running.is_running
        there.wc("ball", "plan", "Claude")
        world.balls_set_apart.add("plan")
        code, output, errors = running.end()
    assert (code, errors) == (0, "")
    threads = json.loads(output)["updates"]["threads"]
    assert [(thread["topic"], thread["your_turn"]) for thread in threads] == [("plan", True)]


def test_when_the_time_is_up_it_says_so(world, pair):
    here, _ = pair
    done = here.run("wait", "plan", "--timeout", "1", "--json")
    assert done.returncode == 3
    shown = json.loads(done.stdout)
    assert (shown["version"], shown["updates"], shown["unread"]) == (1, None, [])
    assert done.stderr == b"nothing came within 1\n"
    done = here.run("wait", "plan", "--timeout", "soon")
    assert done.returncode == 2 and b"expected a time such as 90s, 10m or 2h" in done.stderr


def test_a_remote_that_is_away_is_waited_for(make_world):
    world = make_world("http")
    here, there = world.clone("Claude"), world.clone("Codex")
    here.say("plan", world.body("first"))
    there.say("plan", world.body("second"))
    here.environment |= SOON
    here.wc("read", "plan")
    with waiting(here) as running:
        world.remote.go_away()
        assert "still waiting" in running.line("stderr")
        there.say("plan", world.body("meanwhile"), state="queued")
        world.remote.come_back()
        there.wc("sync", "--quiet")
        code, output, errors = running.end()
    assert (code, errors) == (0, "") and "meanwhile" in output


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_wait_that_is_called_off_leaves_nothing(world, pair, number):
    here, there = pair
    before = contacts(here)
    with waiting(here) as running:
        assert running.end(number) == (130, "", "")
    # Another time while the remote is being asked, and does not answer.
    with socket.socket() as deaf:
        deaf.bind(("127.0.0.1", 0))
        deaf.listen()
        here.git("remote", "set-url", "origin", f"git://127.0.0.1:{deaf.getsockname()[1]}/x")
        with Running(here, "wait", **SOON) as running:
            connection, _ = deaf.accept()
            family = eventually(lambda: descendants(running.pid), "a git")
            assert running.end(number) == (130, "", "")
            connection.close()
        alive = [pid for pid in family if is_running(pid)]
        assert not alive, alive
    here.git("remote", "set-url", "origin", world.remote.url)
    there.say("plan", world.body("later"))
    here.environment |= SOON
    assert updates(here)["total"] == 1 and before


def test_a_remote_that_hangs_leaves_time_for_what_is_here(world, pair):
    here, _ = pair
    here.environment |= SOON | {"WATERCOOLER_TIMEOUT": "3"}
    here.say("plan", world.body("a neighbour's"), "--as", "Gemini")
    cursor = updates(here)["next_cursor"]
    url = here.git("remote", "get-url", "origin").strip()
    with socket.socket() as deaf:
        deaf.bind(("127.0.0.1", 0))
        deaf.listen()
        here.git("remote", "set-url", "origin", f"git://127.0.0.1:{deaf.getsockname()[1]}/x")
        for since in ([], ["--since", cursor]):
            done = here.run("updates", "--json", *since)
            assert done.returncode == 0 and b"stopped" not in done.stderr, done
            shown = json.loads(done.stdout)
            assert "no answer in time" in shown["freshness"]["problem"]
            assert shown["updates"]["next_cursor"] == cursor
            done = here.run("wait", "--timeout", "2s", "--json", *since)
            assert done.returncode == 3 and b"stopped" not in done.stderr, done
    here.git("remote", "set-url", "origin", url)


def test_following_prints_entries_as_they_arrive(world, pair):
    here, there = pair
    for number in range(3):
        there.say("plan", world.body(f"old {number}"))
    with Running(here, "read", "plan", "--follow", "--last", "1", **SOON) as running:
        running.line_with("old 2")
        there.say("plan", world.body("from there"))
        running.line_with("## [4]")
        running.line_with("from there")
        here.say("plan", world.body("from here"))
        running.line_with("from here")
        code, output, errors = running.interrupt()
    assert (code, errors) == (0, "") and "## [" not in output
    # What `--last` left out is not seen.
    assert updates(here)["total"] == 4


def test_following_as_lines_of_json(world, pair):
    here, there = pair
    with Running(here, "read", "Plan", "--follow", "--json", **SOON) as running:
        first = json.loads(running.line())
        assert (first["version"], first["topic"], first["number"]) == (1, "plan", 0)
        receipts = [there.say("plan", world.body(str(n))) for n in range(3)]
        lines = [json.loads(running.line()) for _ in receipts]
        assert [line["entry_id"] for line in lines] == [one["entry_id"] for one in receipts]
        assert [line["number"] for line in lines] == [1, 2, 3]
        assert running.end(signal.SIGTERM) == (0, "", "")
    assert updates(here)["total"] == 0


def test_following_ends_when_nobody_reads(world, pair):
    here, _ = pair
    # The last line of what there is: then there is nothing to print, and nobody left to print it to.
    script = '"$0" read plan --follow | while read line; do [ "$line" = "|end" ] && exit; done'
    done = here.call("sh", "-c", script, programs.WC)
    assert (done.returncode, done.stdout, done.stderr) == (0, b"", b"")


def test_following_and_raw_do_not_go_together(world, pair):
    done = pair[0].run("read", "plan", "--follow", "--raw")
    assert done.returncode == 2 and b"do not go together" in done.stderr


def test_a_sync_that_goes_on(make_world):
    world = make_world("http")
    here, there = world.clone("Claude"), world.clone("Codex")
    here.say("plan", world.body("first"))
    with Running(here, "sync", "--watch", "1") as running:
        running.line_with("In step with the remote")
        there.say("plan", world.body("second"))
        line = running.line()
        assert line.endswith("In step with the remote; arrived: 1 from others in plan\n"), line
        world.remote.go_away()
        here.say("plan", world.body("kept"), state="queued")
        assert "Queued: 1 waiting since" in running.line_with("Queued", of="stderr")
        world.remote.come_back()
        assert running.line().endswith("In step with the remote\n")
        code, output, _ = running.interrupt()
    assert (code, output) == (0, "")
    assert here.outbox() == []


def test_a_quiet_sync_tells_trouble_and_its_end(make_world):
    world = make_world("http")
    here, there = world.clone("Claude"), world.clone("Codex")
    here.say("plan", world.body("first"))
    with Running(here, "sync", "--watch", "1", "--quiet") as running:
        there.say("plan", world.body("second"))
        eventually(lambda: b"second" in here.file("plan").read_bytes(), "the news")
        world.remote.go_away()
        assert "the remote cannot be reached" in running.line("stderr")
        world.remote.come_back()
        assert running.line("stderr").endswith("In step with the remote\n")
        assert running.end(signal.SIGTERM) == (0, "", "")


def test_a_sync_that_goes_on_as_lines_of_json(world, pair):
    here, there = pair
    with Running(here, "sync", "--watch", "1", "--json") as running:
        first = json.loads(running.line())
        assert (first["version"], first["sync"]["state"], first["problem"]) == (1, "pushed", None)
        said = there.say("plan", world.body("second"))["entry_id"]
        arrived = json.loads(running.line())["sync"]["arrived"]
        assert [(one["topic"], one["entry_id"]) for one in arrived] == [("plan", said)]
        assert running.interrupt() == (0, "", "")


def test_what_goes_on_needs_a_remote_and_a_time(place, world):
    done = place.run("sync", "--watch", "1")
    assert done.returncode == 1 and b"on this machine only" in done.stderr
    clone = world.clone()
    clone.say("plan", world.body())
    for value in ["0", "soon", "-1"]:
        done = clone.run("sync", f"--watch={value}")
        assert done.returncode == 2 and b"a number of seconds" in done.stderr
