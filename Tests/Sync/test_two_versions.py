"""Two versions of the programs at once: a server that was started before an upgrade lives on, beside newer commands.

WATERCOOLER_OLD_BIN names the directory with the older programs.
"""
import contextlib
import fcntl
import json
import random
import time

import pytest

import programs
from bare import Gate
from checks import check_remote, judge
from clones import at_once
from kills import at_work
from programs import eventually
from test_storm import storm, write

pytestmark = pytest.mark.skipif(
    programs.OLD_BIN is None,
    reason="WATERCOOLER_OLD_BIN does not name a directory with the programs of an earlier version")
VERSIONS = ["old", "new"]
IDS = [f"01KE90000000000000000000{number}" for number in range(10, 14)]


def by(version, clone):
    """A clone, with the programs of that version."""
    return clone.using(programs.BIN if version == "new" else programs.OLD_BIN)


def other(version):
    return VERSIONS[1 - VERSIONS.index(version)]


def settle(clone, *versions):
    """One `wc sync` of each, in this order; then nothing waits for any of them."""
    eventually(lambda: not at_work(clone), "the end of all children")
    for version in versions:
        done = by(version, clone).run("sync", "--quiet")
        assert (done.returncode, done.stdout, done.stderr) == (0, b"", b""), (version, done)
    for version in VERSIONS:
        assert by(version, clone).outbox() == [], version
    # What one has put into a file and the other has not is an edit to that, until the file is still.
    if clone.git("status", "--porcelain"):
        time.sleep(2.1)
        by(versions[-1], clone).run("sync", "--quiet")


@pytest.fixture
def clone(world):
    clone = world.clone()
    clone.say("plan", world.body(), "--ball", "Codex")
    return clone


# A storm

@pytest.mark.parametrize("count", [1, 2])
def test_a_storm_of_both(world, share, count):
    """Two writers of each version on each clone, in one thread; four in ten of their writes are killed."""
    clones = [world.clone() for _ in range(count)]
    for clone in clones:
        clone.say("plan", world.body())
    entries = share(80, least=8) // count
    works = [(by(version, clone), random.Random(world.random.random()))
             for clone in clones for version in VERSIONS * 2]
    written = []
    at_once(*[lambda c=clone, r=chance: written.append(write(c, entries, r))
              for clone, chance in works])
    order = world.random.sample(VERSIONS, 2)
    for clone in clones:
        settle(clone, *order)
    found = [entry.body for entry in world.documents()["plan"].entries]
    bodies, killed = ([body for each in written for body in each[part]] for part in (0, 1))
    assert all(found.count(body) <= 1 for body in bodies)
    print(f"{len(killed)} of {len(bodies)} writes killed; {sum(map(found.count, killed))} of them "
          "were written")
    judge(world)


@pytest.mark.parametrize("topics", [1, 8])
def test_both_write_at_once(world, clone, share, topics):
    """What they say is pushed, all of it: they share commits and pushes, or wait for each other."""
    there = world.clone()
    there.say("plan-0", world.body())
    for _ in range(share(20)):
        at_once(*[
            lambda n=n: by(VERSIONS[n % 2], (clone, there)[n // 8]).say(
                f"plan-{n % topics}", world.body(), "--ball", world.ball())
            for n in range(12)])


@pytest.mark.parametrize("lives_on", VERSIONS)
def test_a_server_lives_on(world, clone, share, lives_on):
    """An agent of one version at its server, while commands of the other write, read and sync."""
    entries = share(80)
    there = world.clone()
    commands = by(other(lives_on), clone)

    with by(lives_on, clone).server() as server:

        def agent():
            for _ in range(entries):
                result = server.say("plan", world.body())
                assert result["structuredContent"]["state"] == "pushed", result
                assert server.call("read_thread", topic="plan")["isError"] is False

        def person():
            for _ in range(entries):
                commands.say("plan", world.body())
                commands.say(world.random.choice(["one", "two"]), world.body())

        def cron():
            for _ in range(entries * 2):
                assert commands.run("sync", "--quiet").returncode in (0, 4)

        def others():
            for _ in range(entries):
                there.say("plan", world.body())

        at_once(agent, person, cron, others)
        entry = commands.say("plan", world.body())["entry_id"]
        thread = server.call("read_thread", topic="plan")["structuredContent"]
        assert thread["entries"][-1]["entry_id"] == entry
    judge(world)


def test_the_storm_that_anybody_can_run(world):
    said, _ = storm(world, "--transport", "file", "--clones", 2, "--entries", 3, "--seconds", 20,
                    "--faults", "kills", "--old", programs.OLD_BIN)
    assert said.endswith("lost 0, doubled 0, altered 0, moved 0\n"), said
    assert "every second writer with " in said, said


# One waits for the other

@pytest.mark.parametrize("pushes", VERSIONS)
def test_who_waits_while_the_other_pushes(world, clone, pushes):
    gate = Gate(world.remote.bare, is_accepted=False)
    waits = by(other(pushes), clone)

    def push():
        by(pushes, clone).say("plan", world.body())

    def wait(identity):
        eventually(lambda: gate.is_reached, "the push")
        waits.say("plan", world.body(), "--entry-id", identity)

    def let_go():
        eventually(lambda: gate.is_reached, "the push")
        eventually(lambda: set(IDS) <= set(waits.outbox()), "the entries that wait")
        gate.open()

    at_once(push, let_go, *[lambda one=one: wait(one) for one in IDS])


@contextlib.contextmanager
def pushing(clone):
    """As long as somebody has the lock of whoever pushes."""
    with open(clone.threads / ".git" / "watercooler" / "push.lock", "w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def kill_while_it_waits(clone, topic, identity):
    """Ends a writer that waits for whoever pushes; where its entry is, and the body."""
    body = clone.world.body()
    writer = clone.start(clone.bin / "wc", "say", topic, "-m", body, "--entry-id", identity)
    eventually(lambda: identity in clone.outbox(), "the entry in the outbox")
    writer.kill()
    writer.communicate()
    eventually(lambda: not at_work(clone), "the end of all children")
    return topic, body


@pytest.mark.parametrize("first", VERSIONS)
@pytest.mark.parametrize("killed", VERSIONS)
def test_what_a_killed_writer_left_is_sent_once(world, clone, killed, first):
    """By whichever version comes first; by both together it is not doubled either."""
    with pushing(clone):
        left = {one: kill_while_it_waits(by(killed, clone), topic, one)
                for one, topic in zip(IDS, ["plan", "plan", "fresh", "plan"])}
    order = first, other(first)
    for version in order:
        by(version, clone).say("plan", world.body())
    settle(clone, *order)
    # What was killed is there, too, and as it was said.
    world.ledger.acknowledged.update(left)
    check_remote(world)


@pytest.mark.parametrize("killed", VERSIONS)
def test_a_retry_by_the_other_version_is_no_second_entry(world, clone, killed):
    with pushing(clone):
        topic, body = kill_while_it_waits(by(killed, clone), "plan", IDS[0])
    by(other(killed), clone).say(topic, body, "--entry-id", IDS[0])
    assert world.documents()["plan"].identities.count(IDS[0]) == 1


@pytest.mark.parametrize("wrote", VERSIONS)
def test_the_other_version_takes_back_what_waits(world, clone, wrote):
    world.remote.go_away()
    kept = by(wrote, clone).say("plan", world.body(), state="blocked")
    body = world.body()
    dropped = by(wrote, clone).say("plan", body, state="blocked")
    by(other(wrote), clone).wc("outbox", "drop", dropped["entry_id"])
    del world.ledger.acknowledged[dropped["entry_id"]]
    world.ledger.refuse(body)
    for version in VERSIONS:
        assert by(version, clone).outbox() == [kept["entry_id"]]
    world.remote.come_back()
    settle(clone, wrote)


# From one to the other

@pytest.mark.parametrize("wrote", VERSIONS)
@pytest.mark.parametrize("kind", ["file", "ssh"])
def test_what_one_wrote_offline_the_other_sends(make_world, kind, wrote):
    """Going on, and going back: the other version alone sends it all, and shows it all before that."""
    world = make_world(kind)
    clone, there = world.clone(), world.clone()
    for topic in ("plan", "yours"):
        clone.say(topic, world.body(), "--ball", "Codex")
    there.say("plan", world.body())
    world.remote.go_away()
    state = "blocked" if kind == "file" else "queued"
    writer, sender = by(wrote, clone), by(other(wrote), clone)
    waiting = [writer.say(topic, world.body(), state=state)["entry_id"]
               for topic in ("plan", "plan", "fresh", "fresh", "plan")]
    waiting.append(writer.say("plan", world.body(), "--ball", "Cursor", state=state)["entry_id"])
    for words in (["ball", "yours", "Cursor"], ["status", "yours", "in-review"],
                  ["init-thread", "empty", "--title", "Nothing yet"]):
        assert writer.receipt(*words)["state"] == state
    world.balls_set_apart.add("yours")
    found = sender.outbox()
    assert [one for one in found if one in waiting] == waiting and len(found) == len(waiting) + 3
    threads = json.loads(sender.run("list", "--json", code=0).stdout)["threads"]
    assert {thread["topic"] for thread in threads} == {"plan", "yours", "fresh", "empty"}
    world.remote.come_back()
    sender.wc("sync", "--quiet")
    documents = check_remote(world)
    assert set(waiting) <= {one for each in documents.values() for one in each.identities}
    assert (documents["yours"].head["ball"], documents["yours"].head["status"]) \
        == ("Cursor", "IN-REVIEW")
    assert documents["empty"].head["title"] == "Nothing yet"
    # They turn back once more.
    writer.say("plan", world.body())
    settle(clone, other(wrote), wrote)
    judge(world)
