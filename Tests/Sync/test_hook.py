"""The user's command for what arrives: told once, of what others said, and holding up nothing."""
import json
import os
import signal

import pytest

import programs
from programs import eventually
from running import Running
from strange import StrangeGit

NOTIFY = programs.ROOT / "examples" / "notify" / "notify"


@pytest.fixture
def pair(world):
    """Two clones, and the file to which the first one's hook adds what it gets."""
    here, there = world.clone("Claude"), world.clone("Codex")
    here.say("plan", world.body("first"))
    there.wc("read", "plan")
    told = here.home / "told"
    told.touch()
    here.environment["WATERCOOLER_ON_UPDATE"] = f"cat >> '{told}'"
    return here, there, told


def lines(told):
    return [json.loads(line) for line in told.read_text().splitlines()]


def sync(clone, **variables):
    """A sync that goes on, and has begun."""
    running = Running(clone, "sync", "--watch", "1", **variables)
    running.line_with("In step")
    return running


def test_it_gets_what_others_said_and_nothing_else(world, pair):
    here, there, told = pair
    with sync(here) as running:
        # Said here, by whomever, and said elsewhere by oneself.
        here.say("plan", world.body("mine"))
        here.say("plan", world.body("a neighbour's"), "--as", "Gemini")
        there.say("plan", world.body("mine too"), "--as", "Claude")
        receipts = [there.say(topic, world.body(topic)) for topic in ("plan", "another")]
        told_of = eventually(lambda: len(lines(told)) == 2 and lines(told), "the command")
        assert running.interrupt()[::2] == (0, "")
    for receipt in receipts:
        line = next(line for line in told_of if line["entry_id"] == receipt["entry_id"])
        assert (line.pop("version"), line.pop("topic")) == (1, receipt["topic"])
        assert line in here.read(receipt["topic"])["entries"]
    assert len(lines(told)) == 2


def test_by_whichever_command_it_was_pulled_it_is_told_once(world, pair, share):
    here, there, told = pair
    here.environment["WATERCOOLER_FRESH"] = "0.001"
    with sync(here), sync(here), Running(here, "read", "plan", "--follow", "--json") as following:
        following.line()
        said = []
        for _ in range(share(60)):
            said.append(there.say("plan", world.body())["entry_id"])
            here.wc("read", "plan")
            said.append(there.say("other", world.body())["entry_id"])
        eventually(lambda: len(lines(told)) >= len(said), "the command")
    # Everybody who watches has ended: nothing is told any more.
    assert sorted(line["entry_id"] for line in lines(told)) == sorted(said)


def test_what_ends_a_wait_is_told(world, pair):
    here, there, told = pair
    with Running(here, "wait", "--timeout", "60", WATERCOOLER_POLL="1") as running:
        said = there.say("plan", world.body("the answer"))["entry_id"]
        code, output, errors = running.end()
    assert (code, errors) == (0, "") and "the answer" in output
    assert [line["entry_id"] for line in lines(told)] == [said]


def test_without_a_watch_it_is_not_run(world, pair):
    here, there, told = pair
    there.say("plan", world.body("news"))
    here.environment["WATERCOOLER_FRESH"] = "0.001"
    here.wc("read", "plan")
    here.wc("sync", "--quiet")
    assert lines(told) == []


@pytest.mark.parametrize("does", ["exit 128", "kill -9 $$", "exit 0"])
def test_what_git_could_not_tell_is_told_by_whoever_comes_next(world, pair, does):
    here, there, told = pair
    here.environment["WATERCOOLER_FRESH"] = "0.001"
    said = there.say("plan", world.body("news"))["entry_id"]
    here.wc("read", "plan")
    with StrangeGit(here, "diff-tree", does):
        done = here.run("wait", "--timeout", "1s")
        assert b"warning: " in done.stderr and lines(told) == [], done
    here.run("wait", "--timeout", "1s")
    assert [line["entry_id"] for line in lines(told)] == [said]


def test_what_people_pushed_with_git_alone_is_told_too(world, pair):
    here, there, told = pair
    by_hand = "\n---\nEntry: Bob 2026-01-02T03:04:05Z\nTitle: T\n\nby hand\n"
    with sync(here):
        with open(there.file("plan"), "a") as file:
            file.write(by_hand)
        there.git("-c", "user.name=Bob", "-c", "user.email=b@example.org", "commit", "-qam", "Hand")
        there.git("push", "-q")
        told_of = eventually(lambda: lines(told), "the command")
    assert [(line["agent"], line["entry_id"]) for line in told_of] == [("Bob", None)]
    world.is_checked = False


def test_its_failure_is_said_once_and_the_sync_goes_on(world, pair):
    here, there, told = pair
    here.environment["WATERCOOLER_ON_UPDATE"] = f"echo >> '{told}'; echo no bell >&2; exit 3"
    with sync(here) as running:
        for number in range(1, 4):
            there.say("plan", world.body())
            eventually(lambda: len(told.read_text().splitlines()) == number, "the command")
        code, _, errors = running.interrupt()
    assert code == 0
    assert errors == ("warning: the command of 'onUpdate' failed: exit 3: no bell; it is not said "
                      "again; try it by hand, with a line of JSON as its input\n")


def test_one_that_hangs_is_ended_with_all_that_it_started_and_holds_up_nothing(world, pair):
    here, there, told = pair
    pids = here.home / "pids"
    here.environment["WATERCOOLER_ON_UPDATE"] = f"sleep 1000 & echo $$ $! >> '{pids}'; wait"
    with sync(here) as running:
        there.say("plan", world.body("first"))
        started = eventually(lambda: pids.exists() and pids.read_text().split(), "the command")
        there.say("plan", world.body("second"))
        running.line_with("arrived")
        running.line_with("arrived")
        assert b"second" in here.file("plan").read_bytes()
        assert all(is_alive(pid) for pid in started)
        line = running.line("stderr")
        assert "failed: ended after 10 seconds" in line
        assert not any(is_alive(pid) for pid in started)
        running.end(signal.SIGTERM)
    assert not any(is_alive(pid) for pid in pids.read_text().split())


def is_alive(pid):
    try:
        with open(f"/proc/{pid}/stat") as file:
            return file.read().rsplit(")", 1)[1].split()[0] != "Z"
    except FileNotFoundError:
        return False


def test_the_example_writes_a_line_where_there_is_no_desktop(world, pair):
    here, there, _ = pair
    here.environment["WATERCOOLER_ON_UPDATE"] = f"'{NOTIFY}'"
    here.environment["PATH"] = path_without(here, "notify-send", "osascript")
    title = '''It's "done" & <b>dusted</b> $(touch pwned) \\n'''
    news = here.home / ".watercooler" / "news.txt"
    with sync(here):
        there.say("plan", world.body('"title":"another"'), "-t", title, "--ball", "Claude")
        there.say("plan", world.body(), "-t", "-n é", "--as", "Codex (bob)")
        eventually(lambda: news.exists() and len(news.read_text().splitlines()) == 2, "the line")
    lines = [line.split(" | ", 1)[1] for line in news.read_text().splitlines()]
    assert lines == [f"Codex (alice): {title} | plan, the ball is with Claude",
                     "Codex (bob): -n é | plan, the ball is with Codex (alice)"]


def test_the_example_notifies_a_desktop(world, pair):
    """A stand-in tells what it was called with: a real one needs somebody who looks."""
    here, there, _ = pair
    bin = here.home / "bin"
    called = here.home / "called"
    programs.write_program(
        bin / "notify-send",
        f"#!/bin/sh\nprintf '%s\\n' \"$@\" > '{called}.new'\nmv '{called}.new' '{called}'\n")
    here.environment["PATH"] = f"{bin}:{path_without(here, 'osascript')}"
    here.environment["WATERCOOLER_ON_UPDATE"] = f"'{NOTIFY}'"
    with sync(here):
        there.say("plan", world.body(), "-t", "<i> & co", "--ball", "A <b>")
        eventually(called.exists, "the notification")
    assert called.read_text().splitlines() == [
        "-a", "Watercooler", "--", "Codex (alice): <i> & co",
        "plan, the ball is with A &lt;b&gt;"]


def path_without(clone, *names):
    """The programs of PATH, but for these."""
    directory = clone.home / ("without-" + "-".join(names))
    directory.mkdir()
    for place in reversed(os.environ["PATH"].split(":")):
        for program in os.listdir(place) if os.path.isdir(place) else []:
            link = directory / program
            if program not in names:
                link.unlink(missing_ok=True)
                link.symlink_to(f"{place}/{program}")
    return str(directory)
