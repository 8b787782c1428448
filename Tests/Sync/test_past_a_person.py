"""While somebody's rebase or merge is unfinished, reads and writes go past it, and nothing of it is touched."""
import json
import threading

import pytest

import checks
import programs
from bare import git, try_git
from by_hand import check_with_hands
from programs import eventually
from transcripts import age

NOTES = "notes.txt"


def told(clone, *command):
    """The JSON of a command that also says that something waits."""
    return json.loads(clone.run(*command, "--json", code=0).stdout)


class Pulling:
    """A clone in which an entry waits, with a person's commit that conflicts with what another one pushed."""

    def __init__(self, world):
        self.world = world
        self.here, self.there = world.clone("here"), world.clone("there")
        for clone in world.clones:
            clone.environment["WATERCOOLER_FRESH"] = "0.001"
        self.here.say("plan", world.body())
        self.there.wc("sync", "--quiet")
        self.commit(self.there, "theirs\n")
        self.there.wc("sync", "--quiet")
        world.remote.go_away()
        self.waiting = self.here.say("plan", world.body(), state="blocked")["entry_id"]
        self.commit(self.here, "ours\n")
        world.remote.come_back()

    def commit(self, clone, text):
        (clone.threads / NOTES).write_text(text)
        clone.git("add", NOTES)
        clone.git("commit", "--quiet", "--message", "By hand")

    def stop(self, kind):
        """Begins what stops at the conflict, some time ago."""
        done = try_git(*kind, directory=self.here.threads)
        assert done.returncode != 0, done
        assert "<<<<<<< " in (self.here.threads / NOTES).read_text()
        for name in LEFT:
            if (left := self.here.threads / ".git" / name).exists():
                age(left)
        self.before = self.look()

    def look(self):
        """What the person has before them."""
        threads = self.here.threads
        files = [*threads.glob("*.md"), threads / ".git" / "index", threads / ".git" / "HEAD"]
        heads = self.here.git("for-each-ref", "--format=%(refname) %(objectname)", "refs/heads")
        return {path: path.read_bytes() for path in files}, heads

    def check_untouched(self):
        assert self.look() == self.before

    def check_finished(self):
        """The person goes on."""
        self.check_untouched()
        self.resolve(["rebase", "--continue"])
        self.here.wc("sync", "--quiet")
        check_with_hands(self.world)

    def resolve(self, command):
        (self.here.threads / NOTES).write_text("both\n")
        self.here.git("add", NOTES)
        git("-c", "core.editor=true", *command, directory=self.here.threads)
        # Git forgets to remove it where a rebase has merged.
        (self.here.threads / ".git" / "AUTO_MERGE").unlink(missing_ok=True)


LEFT = ["rebase-merge", "MERGE_HEAD", "CHERRY_PICK_HEAD", "REVERT_HEAD"]
REBASE = ["pull", "--quiet", "--rebase"]
MERGE = ["pull", "--quiet", "--no-rebase"]
ENDS = {
    "rebase": (REBASE, ["rebase", "--continue"]), "rebase-abort": (REBASE, ["rebase", "--abort"]),
    "rebase-skip": (REBASE, ["rebase", "--skip"]),
    "merge": (MERGE, ["commit", "--no-edit"]), "merge-abort": (MERGE, ["merge", "--abort"]),
}


@pytest.fixture
def pulling(world):
    return Pulling(world)


@pytest.fixture
def stopped(pulling):
    pulling.stop(REBASE)
    return pulling


@pytest.mark.parametrize("moved", [False, True], ids=["", "after-others"])
@pytest.mark.parametrize("kind, end", ENDS.values(), ids=ENDS)
def test_it_is_played_through(pulling, kind, end, moved):
    at = pulling
    at.stop(kind)
    first = at.here.say("plan", at.world.body())["entry_id"]
    new = at.here.say("fresh", at.world.body())["entry_id"]
    if moved:
        at.there.say("plan", at.world.body(), "--ball", "here")
    second = at.here.say("plan", at.world.body())["entry_id"]
    documents = at.world.documents()
    assert [one for one in documents["plan"].identities if one in (first, second)] == [first, second]
    assert new in documents["fresh"].identities and at.waiting not in documents["plan"].identities
    # What waits is shown with the rest, and says that it is not there yet.
    read = {one["entry_id"]: one["number"] for one in told(at.here, "read", "plan")["thread"]["entries"]}
    assert read[at.waiting] is None and None not in (read[first], read[second])
    at.check_untouched()
    assert at.here.run("sync", code=4).stderr.startswith(b"Blocked: 2 waiting")
    at.resolve(end)
    if end[-1] in ("--abort", "--skip"):
        at.here.git("reset", "--quiet", "--hard", "HEAD~1" if end[-1] == "--abort" else "HEAD")
    arrived = told(at.here, "sync")["sync"]["arrived"]
    assert not {first, second, new} & {one["entry_id"] for one in arrived}
    check_with_hands(at.world)
    assert at.here.outbox() == []
    shown = git("show", f"{at.world.remote.bare.branch}:{NOTES}", directory=at.world.remote.bare.directory)
    assert shown == (b"theirs\n" if end[-1] in ("--abort", "--skip") else b"both\n")


@pytest.mark.parametrize("kind", ["cherry-pick", "revert"])
def test_other_commands_are_left_alone(world, kind):
    here = world.clone("here")
    here.say("plan", world.body())
    for text in ("one\n", "two\n", "three\n"):
        (here.threads / NOTES).write_text(text)
        here.git("add", NOTES)
        here.git("commit", "--quiet", "--message", text)
    done = try_git(kind, "HEAD~1", directory=here.threads)
    assert done.returncode != 0, done
    for name in LEFT:
        if (left := here.threads / ".git" / name).exists():
            age(left)
    world.remote.go_away()
    here.say("plan", world.body(), state="blocked")
    world.remote.come_back()
    here.say("plan", world.body())
    assert len(told(here, "read", "plan")["thread"]["entries"]) == 3
    assert "<<<<<<< " in (here.threads / NOTES).read_text()
    here.git(kind, "--abort")
    here.wc("sync", "--quiet")
    check_with_hands(world)


def ids(updates):
    return [one["entry_id"] for thread in updates["threads"] for one in thread["entries"]]


def test_what_others_write_meanwhile_is_noticed(stopped):
    at = stopped
    cursor = told(at.here, "updates")["updates"]["next_cursor"]
    wait = at.here.start(at.here.bin / "wc", "wait", "plan", "--timeout", "30s", "--json")
    said = at.there.say("plan", at.world.body(), "--ball", "here")["entry_id"]
    printed, errors = wait.communicate(timeout=programs.PATIENCE)
    assert wait.returncode == 0, errors
    assert ids(json.loads(printed)["updates"]) == [said]
    # Whoever follows has seen it, too.
    follow = at.here.start(at.here.bin / "wc", "read", "plan", "--follow", "--json")
    second = at.there.say("plan", at.world.body())["entry_id"]
    line = next(line for line in iter(follow.stdout.readline, b"") if second.encode() in line)
    follow.terminate()
    follow.communicate()
    assert json.loads(line)["entry_id"] == second
    assert ids(told(at.here, "updates", "--since", cursor)["updates"]) == [said, second]
    at.check_finished()


def test_a_write_whose_push_was_cut_off_is_found(stopped):
    at = stopped
    at.there.say("plan", at.world.body())
    body = at.world.body()
    hook = at.world.remote.bare.hook("post-receive", "#!/bin/sh\nkill -9 $PPID\nsleep 0.2\n")
    code, receipt, errors = at.here.try_say("plan", body)
    hook.unlink()
    assert code in (0, 4) and receipt, errors
    at.there.say("plan", at.world.body())
    at.here.say("plan", at.world.body())
    document = at.world.documents()["plan"]
    assert document.identities.count(receipt["entry_id"]) == 1
    at.check_finished()


def test_a_condition_is_checked_with_the_remote(stopped):
    at = stopped
    at.there.say("plan", at.world.body(), "--ball", "here")
    at.here.say("plan", at.world.body(), "--if-ball", "here", "--ball", "there")
    code, _, errors = at.here.try_say("plan", at.world.body(), "--if-ball", "here")
    assert code != 0 and "ball" in errors
    at.here.wc("status", "plan", "IN_REVIEW")
    assert at.world.documents()["plan"].head["status"] == "IN_REVIEW"
    at.world.balls_set_apart.add("plan")
    at.check_finished()


def test_what_waits_can_be_dropped_if_it_is_not_the_persons(stopped):
    at = stopped
    at.world.remote.go_away()
    bodies = [at.world.body() for _ in range(3)]
    said = [at.here.say("new", body, state="blocked")["entry_id"] for body in bodies]
    at.world.remote.come_back()
    done = at.here.run("outbox", "drop", at.waiting, code=1)
    assert b"rebase" in done.stderr
    at.here.wc("outbox", "drop", said[0])
    at.world.ledger.acknowledged.pop(said[0])
    at.world.ledger.refuse(bodies[0])
    at.here.run("sync", code=4)
    assert at.world.documents()["new"].identities == said[1:]
    at.check_finished()


def numbers(clone, topic="plan"):
    """The number of each entry of a thread, as it is shown."""
    entries = told(clone, "read", topic)["thread"]["entries"]
    return {one["entry_id"]: one["number"] for one in entries}


def is_nothing_removed(clone):
    return told(clone, "updates")["updates"]["removed"] == []


def sealed(pulling):
    """What waits is below a person's commit, and has no record any more."""
    pulling.world.remote.go_away()
    pulling.here.run("list", code=0)
    pulling.world.remote.come_back()
    assert not any((pulling.here.threads / ".git" / "watercooler" / "outbox").glob("0*-*"))


def test_what_a_persons_commit_has_is_shown_and_found(pulling):
    at = pulling
    sealed(at)
    assert numbers(at.here)[at.waiting] is None
    at.stop(REBASE)
    assert numbers(at.here)[at.waiting] is None and is_nothing_removed(at.here)
    topic, body = at.world.ledger.acknowledged[at.waiting]
    receipt = at.here.receipt("say", topic, "-m", body, "--entry-id", at.waiting)
    assert (receipt["state"], receipt["commit"]) == ("blocked", None)
    at.here.say("plan", at.world.body())
    at.check_finished()
    assert at.world.documents()["plan"].identities.count(at.waiting) == 1


@pytest.mark.parametrize("abort", [False, True], ids=["", "aborted"])
def test_what_cannot_be_merged_is_gone_past(pulling, abort):
    """Until somebody pulls by hand a person's commits wait, and nothing else does."""
    at = pulling
    if abort:
        at.stop(REBASE)
        first = at.here.say("plan", at.world.body())["entry_id"]
        shown = numbers(at.here)
        at.here.git("rebase", "--abort")
        assert numbers(at.here) == shown and first in shown
    cursor = told(at.here, "updates")["updates"]["next_cursor"]
    said = at.here.say("plan", at.world.body())["entry_id"]
    others = at.there.say("plan", at.world.body(), "--ball", "here")["entry_id"]
    at.here.say("plan", at.world.body(), "--if-ball", "here")
    found = numbers(at.here)
    documents = at.world.documents()["plan"].identities
    assert [found[identity] for identity in documents] == list(range(len(documents)))
    assert {said, others} <= set(found) and is_nothing_removed(at.here)
    assert ids(told(at.here, "updates", "--since", cursor)["updates"]) == [others]
    done = at.here.run("sync", code=4)
    assert NOTES.encode() in done.stderr and done.stderr.startswith(b"Blocked: ")
    at.stop(REBASE)
    at.resolve(["rebase", "--continue"])
    at.here.wc("sync", "--quiet")
    check_with_hands(at.world)
    assert at.here.outbox() == []


HOLD = "#!/bin/sh\n: >'{place}/came'\nwhile [ ! -e '{place}/go' ]; do sleep 0.02; done\n"


@pytest.mark.parametrize("end", ["--abort", "--continue"])
def test_a_rebase_that_begins_while_something_is_committed(pulling, tmp_path, end):
    """Git has looked where the branch is, and has left no sign of it yet."""
    at = pulling
    hook = at.here.threads / ".git" / "hooks" / "pre-rebase"
    programs.write_program(hook, HOLD.format(place=tmp_path))
    person = {"GIT_COMMITTER_NAME": "A person", "GIT_COMMITTER_EMAIL": "person@example.org"}
    rebase = at.here.start("git", "-C", str(at.here.threads), *REBASE, environment=person)
    eventually((tmp_path / "came").exists, "the rebase")
    at.world.remote.go_away()
    said = at.here.say("plan", at.world.body(), state="blocked")["entry_id"]
    at.world.remote.come_back()
    (tmp_path / "go").touch()
    rebase.communicate()
    assert (at.here.threads / ".git" / "rebase-merge").exists()
    hook.unlink()
    if end == "--continue":
        at.here.say("plan", at.world.body())
        at.resolve(["rebase", end])
    else:
        at.here.git("rebase", end)
        assert said in numbers(at.here)
        at.stop(REBASE)
        at.resolve(["rebase", "--continue"])
    done = at.here.run("sync", code=0)
    assert b"taken out by hand" not in done.stderr
    check_with_hands(at.world)
    assert said in at.world.documents()["plan"].identities


def test_what_was_taken_back_is_not_said_to_be_pushed(stopped):
    at = stopped
    at.world.remote.go_away()
    body = at.world.body()
    said = at.here.say("plan", body, state="blocked")["entry_id"]
    at.world.remote.come_back()
    hook = at.world.remote.bare.hook("pre-receive", "#!/bin/sh\nsleep 1\n")
    slow = at.here.start(at.here.bin / "wc", "say", "other", "-m", "slow")
    eventually(lambda: at.here.outbox()[-1:] != [said], "the slow push")
    at.here.run("outbox", "drop", said)
    slow.communicate()
    hook.unlink()
    is_gone = said not in at.world.documents()["plan"].identities
    receipt = at.here.run("say", "plan", "-m", body, "--entry-id", said, "--json")
    at.here.run("sync")
    there = said in at.world.documents()["plan"].identities
    assert there == (receipt.returncode == 0), (is_gone, receipt)
    if not there:
        at.world.ledger.acknowledged.pop(said)
    at.check_finished()


def test_what_a_person_has_pushed_does_not_wait(stopped):
    at = stopped
    at.here.git("push", "--quiet", "origin", "HEAD:main")
    assert numbers(at.here)[at.waiting] is not None
    assert at.waiting not in at.here.outbox()
    at.check_finished()


def test_a_thread_that_waits_keeps_its_title(world):
    at = Pulling(world)
    at.world.remote.go_away()
    waiting = at.here.say("new", world.body(), "--title", "The title", state="blocked")["entry_id"]
    at.world.remote.come_back()
    at.stop(REBASE)
    first = at.here.say("new", world.body())["entry_id"]
    at.here.wc("ball", "new", "Codex")
    document = world.documents()["new"]
    assert document.head["title"] == "The title" and document.identities == [first]
    at.check_untouched()
    at.resolve(["rebase", "--continue"])
    at.here.wc("sync", "--quiet")
    world.balls_set_apart.add("new")
    check_with_hands(world)
    assert world.documents()["new"].identities == [first, waiting]


def test_a_link_is_read_and_not_written_to(world):
    first = world.clone("first")
    first.say("plan", world.body())
    (first.threads / "alias.md").symlink_to("plan.md")
    first.git("add", "alias.md")
    first.git("commit", "--quiet", "--message", "A link")
    first.wc("sync", "--quiet")
    at = Pulling(world)
    at.stop(REBASE)
    entries = told(at.here, "read", "alias")["thread"]["entries"]
    assert len(entries) == len(told(at.here, "read", "plan")["thread"]["entries"])
    done = at.here.run("say", "alias", "-m", "no", code=1)
    assert b"link" in done.stderr
    at.check_untouched()
    # A link is no thread to the checks.
    world.is_checked = False


def test_cron_and_two_agents_are_in_nobodys_way(pulling):
    """A person pulls, types at the conflict for a while, and goes on, while others work in the same clone."""
    at = pulling
    over = threading.Event()
    failures = []

    def work(number, *commands):
        while not over.is_set():
            for command in commands:
                command(number)

    def say(_):
        code, receipt, errors = at.here.try_say("plan", at.world.body())
        if (code, receipt and receipt["state"]) not in ((0, "pushed"), (0, "blocked"), (0, "queued")):
            failures.append(errors)

    def read(_):
        done = at.here.run("read", "plan")
        if done.returncode:
            failures.append(done.stderr)

    def cron(_):
        done = at.here.run("sync", "--quiet")
        if done.returncode not in (0, 4):
            failures.append(done)

    at.stop(REBASE)
    workers = [threading.Thread(target=work, args=one) for one in [
        (0, say, read), (1, say, read), (2, cron)]]
    for worker in workers:
        worker.start()
    try:
        for number in range(20):
            (at.here.threads / NOTES).write_text(f"typed {number}\n" * 100)
            at.there.say("plan", at.world.body())
            assert (at.here.threads / NOTES).read_text() == f"typed {number}\n" * 100
        at.resolve(["rebase", "--continue"])
        at.there.say("plan", at.world.body())
    finally:
        over.set()
        for worker in workers:
            worker.join()
    assert failures == []
    at.here.wc("sync", "--quiet")
    check_with_hands(at.world)
    bare = at.world.remote.bare
    assert bare.files(bare.tip)[NOTES] == b"both\n"


def test_what_is_in_no_file_yet_is_read(world):
    """A file that cannot be written hides nothing: neither what was said here nor what others wrote."""
    here, there = world.clone("here"), world.clone("there")
    for clone in (here, there):
        clone.environment["WATERCOOLER_FRESH"] = "0.001"
    here.say("plan", world.body())
    there.wc("sync", "--quiet")
    cursor = told(here, "updates")["updates"]["next_cursor"]
    obstacle = here.threads / ".watercooler.tmp"
    obstacle.mkdir()
    (obstacle / "x").touch()
    before = here.file("plan").read_bytes()
    own = [here.say("plan", world.body())["entry_id"] for _ in range(2)]
    new = here.say("fresh", world.body())["entry_id"]
    others = there.say("plan", world.body(), "--ball", "here")["entry_id"]
    world.remote.go_away()
    own.append(here.say("plan", world.body(), state="blocked")["entry_id"])
    world.remote.come_back()
    entries = told(here, "read", "plan")["thread"]["entries"]
    assert sorted(one["entry_id"] for one in entries[1:]) == sorted([*own, others])
    assert here.file("plan").read_bytes() == before
    assert ids(told(here, "updates", "--since", cursor)["updates"]) == [others]
    fresh = told(here, "read", "fresh")["thread"]["entries"]
    assert [one["entry_id"] for one in fresh] == [new]
    assert {one["topic"] for one in told(here, "list")["threads"]} == {"plan", "fresh"}
    (obstacle / "x").unlink()
    obstacle.rmdir()
    here.wc("sync", "--quiet")
    checks.check(world)
