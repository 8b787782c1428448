"""An answer is true whatever the system and git say: an error is no absence, and silence is no answer."""
import fcntl
import json
import os
import subprocess
import time

import pytest

import programs
from bare import git
from documents import Document
from programs import eventually
from remotes import make_key
from strange import StrangeGit, count, failing, injecting
from transcripts import age


def bodies(place, topic="plan"):
    return [entry.body for entry in Document(place.file(topic).read_bytes(), topic).entries]


@pytest.fixture
def clone(world):
    clone = world.clone("here")
    clone.environment["WATERCOOLER_FRESH"] = "0.001"
    clone.say("plan", world.body(), "--ball", "Claude")
    return clone


def said_so_far(world, clone):
    """What the remote has, once the fault is gone and all is sent."""
    clone.wc("sync")
    return [entry.body for entry in world.documents()["plan"].entries]


# An error is no absence

@pytest.mark.parametrize("error", ["EIO", "EACCES"])
def test_a_list_of_files_that_breaks_off_makes_no_thread_new(place, error):
    for body in ("one", "two"):
        place.wc("say", "plan", "-m", body)
    calls = count(place, "getdents64", "list")
    assert calls > 1
    for number in range(1, calls + 2):
        done = failing(place, "getdents64", error, "say", "plan", "-m", f"try {number}", when=number)
        assert bodies(place)[:2] == ["one", "two"], (number, done)
        assert done.returncode == 0 or b"error: cannot list" in done.stderr, done
        said = f"try {number}" in bodies(place)
        assert said == (done.returncode == 0), done


@pytest.mark.parametrize("call, path", [
    ("newfstatat", ".git"), ("openat", ".git/watercooler/uncommitted"),
    ("openat", ".git/watercooler/moving"), ("openat", ".git/HEAD"), ("openat", "plan.md"),
    ("newfstatat", "plan.md"), ("newfstatat", ".git/watercooler/uncommitted"),
    ("openat", ".git/watercooler/applied"), ("getdents64", ".git/watercooler/outbox"),
    ("getdents64", "."), ("getdents64", ".git")])
def test_what_cannot_be_looked_at_is_not_taken_for_gone(world, clone, call, path):
    body = world.body()
    done = failing(
        clone, call, "EIO", "say", "plan", "-m", body, "--json", path=clone.threads / path)
    told = json.loads(done.stdout)["receipt"]["state"] if done.stdout else None
    assert told in (None, "pushed", "queued", "blocked"), done
    if told:
        world.ledger.acknowledge(json.loads(done.stdout)["receipt"], body)
    else:
        assert done.returncode == 1 and done.stderr.startswith(b"error: "), done
        if b"nobody knows yet" not in done.stderr:
            world.ledger.refuse(body)
    assert len(said_so_far(world, clone)) == (2 if told else 1)


@pytest.mark.parametrize("how", ["no git in PATH", "git config fails", "git config says nothing"])
def test_a_clone_is_never_silently_local(world, clone, tmp_path, how):
    # As its owner has it: nothing but the directory names the clone.
    del clone.environment["WATERCOOLER_GIT_REPO"]
    world.is_checked = False
    clone.wc("sync")
    strange = {"git config fails": "exit 3", "git config says nothing": "exit 0"}.get(how, "exit 1")
    with StrangeGit(clone, "config", strange):
        if how == "no git in PATH":
            clone.environment["PATH"] = str(tmp_path / "nothing")
        for arguments in (["say", "plan", "-m", "words", "--json"], ["read", "plan"], ["list"]):
            done = clone.run(*arguments)
            assert done.returncode == 1 and not done.stdout, (arguments, done)
            assert b"error: " in done.stderr, done
    assert len(said_so_far(world, clone)) == 1
    clone.environment["WATERCOOLER_GIT_REPO"] = world.remote.url


# What git prints is checked before it is believed

# What each of git's commands may be asked in a write, a read or a drop, and does instead of it.
STRANGE = {
    "says nothing": "exit 0",
    "is cut off": '"$GIT" "$@" >/tmp/$$.out; n=$(stat -c %s /tmp/$$.out); head -c $((n / 2)) /tmp/$$.out; rm /tmp/$$.out; exit 0',
    "has a banner": 'echo "Welcome to git"; exec "$GIT" "$@"',
    "fails when it is done": '"$GIT" "$@"; exit 128',
    "is killed when it is done": '"$GIT" "$@"; kill -9 $$',
    "is killed before": "kill -9 $$",
}
WORDS = ["fast-import", "log", "rev-parse", "push", "fetch", "cat-file", "diff-tree", "merge-tree", "status",
         "reset", "update-index"]


@pytest.mark.parametrize("what", STRANGE)
@pytest.mark.parametrize("word", WORDS)
def test_a_strange_git_makes_no_answer_untrue(world, clone, word, what):
    """In a write to which another clone was faster, and in one to a new thread."""
    there = world.clone("there")
    for topic, options in (("plan", []), ("new", []), ("plan", ["--if-ball", "Claude"])):
        there.say("plan", world.body(), "--ball", "Claude")
        before = set(world.documents()["plan"].identities)
        clone.environment["WATERCOOLER_TIMEOUT"] = "5"
        body = world.body()
        with StrangeGit(clone, word, STRANGE[what]):
            code, receipt, errors = clone.try_say(topic, body, *options)
        now = world.documents()
        is_there = topic in now and any(entry.body == body for entry in now[topic].entries)
        if receipt and receipt["state"] == "pushed":
            assert is_there, receipt
        elif not receipt:
            assert code in (1, 3), errors
            assert not is_there or "nobody knows yet" in errors, errors
        clone.environment["WATERCOOLER_TIMEOUT"] = "50"
        if clone.file(topic).exists():
            age(clone.file(topic))
        clone.wc("sync")
        assert before <= set(world.documents()["plan"].identities)


def test_a_commit_that_was_not_made_is_not_called_taken_back(world, clone):
    with StrangeGit(clone, "fast-import", "cat >/dev/null; exit 0"):
        code, receipt, errors = clone.try_say("plan", world.body())
    assert "taken back" not in errors and (receipt is None or receipt["state"] != "pushed")
    age(clone.file("plan"))
    assert len(said_so_far(world, clone)) == (1 if "nothing was written" in errors else 2)


def test_a_push_counts_only_if_git_reports_it(world, clone):
    with StrangeGit(clone, "push", "exit 0"):
        receipt = clone.say("plan", world.body(), state="unknown")
    assert receipt["problem"]
    assert len(said_so_far(world, clone)) == 2


def test_an_author_of_any_name_stops_nobody(world, clone):
    there = world.clone("there")
    there.wc("read", "plan")
    there.git("config", "user.name", "Eve\x1fx")
    there.git("config", "user.email", "eve@example.org")
    there.git("commit", "--quiet", "--allow-empty", "-m", "By hand")
    there.git("push", "--quiet", "origin", "HEAD")
    clone.environment["WATERCOOLER_TIMEOUT"] = "10"
    clone.say("plan", world.body())
    clone.wc("read", "plan")
    assert clone.git("rev-parse", "HEAD") == clone.git("rev-parse", "origin/main")


# Words that say what became of it

def test_a_directory_that_cannot_be_flushed_is_told_and_a_retry_is_no_second_entry(place):
    place.wc("say", "plan", "-m", "one")
    done = failing(place, "fsync", "EIO", "say", "plan", "-m", "two", when=2)
    assert done.returncode == 1 and b"it was written to " in done.stderr, done
    assert bodies(place) == ["one", "two"]
    identity = Document(place.file("plan").read_bytes(), "plan").entries[-1].identity
    assert f"the Entry-ID {identity}".encode() in done.stderr, done
    place.wc("say", "plan", "-m", "two", "--entry-id", identity)
    assert bodies(place) == ["one", "two"]


def test_a_write_whose_flush_is_slow_is_after_the_cursor(place):
    place.wc("say", "plan", "-m", "one")
    slow = place.start(
        *injecting("inject=fsync,fdatasync:delay_enter=3000000:when=1"), programs.WC, "say", "plan",
        "-m", "two", "--as", "Codex", stdout=subprocess.DEVNULL, stderr=None)
    try:
        eventually((place.threads / ".watercooler.tmp").exists, "the write")
        time.sleep(1.5)
        shown = place.json("updates", "--since", "1h", "--as", "Me")["updates"]
        assert len(bodies(place)) == 1
        assert "another process is writing" in shown["next_cursor_note"], shown
    finally:
        assert slow.wait(programs.PATIENCE) == 0
    shown = place.json("updates", "--since", shown["next_cursor"], "--as", "Me")["updates"]
    assert [entry["body"] for entry in shown["threads"][0]["entries"]] == ["two"]


@pytest.mark.parametrize("to", [">/dev/full", ">&-"])
def test_an_answer_that_cannot_be_printed_says_what_was_done(world, clone, to):
    body = world.body()
    done = clone.call(
        "/bin/sh", "-c", f'"$0" "$@" {to}', programs.WC, "say", "plan", "-m", body, code=1)
    assert b"Pushed as" in done.stderr and b"unchanged" not in done.stderr, done
    assert said_so_far(world, clone)[-1] == body


def test_a_closed_output_takes_no_path_into_a_thread(place):
    for turn in range(3):
        place.call(
            "/bin/sh", "-c", '"$0" "$@" >&- 2>&-', programs.WC, "say", "plan", "-m", "words")
    assert bodies(place) == ["words"] * 3
    assert str(place.threads) not in place.file("plan").read_text()


@pytest.mark.parametrize("word", ["reset", "diff-tree", "cat-file", "update-ref"])
@pytest.mark.parametrize("does", ["exit 128", "exit 0", "kill -9 $$"])
def test_a_drop_that_fails_half_way_says_so(world, clone, word, does):
    world.remote.go_away()
    receipt = clone.say("plan", world.body(), state="blocked")
    later = clone.say("plan", world.body(), state="blocked")
    with StrangeGit(clone, word, does):
        done = clone.run("outbox", "drop", receipt["entry_id"], "--json")
    world.remote.come_back()
    clone.wc("sync")
    is_sent = receipt["entry_id"] in world.documents()["plan"].identities
    if done.returncode == 0:
        assert not is_sent, done
    elif not is_sent:
        assert b"nobody knows yet" in done.stderr, done
    if not is_sent:
        del world.ledger.acknowledged[receipt["entry_id"]]
    assert later["entry_id"] in world.documents()["plan"].identities


def test_a_new_thread_whose_commit_fails_waits_and_is_not_left_staged(world, clone):
    with StrangeGit(clone, "fast-import|reset|update-index", "kill -9 $$"):
        code, receipt, errors = clone.try_say("new", world.body())
    assert (code, receipt["state"]) == (0, "queued"), errors
    clone.wc("sync")
    assert clone.git("status", "--porcelain") == b""
    assert receipt["entry_id"] in world.documents()["new"].identities


def test_a_group_whose_look_up_fails_waits(world, clone):
    """Its commit fails while nobody can tell whether the branch has it: it is in the outbox."""
    with clone_pushing(clone):
        with StrangeGit(clone, "fast-import|log|grep|cat-file", "exit 128"):
            clone.environment["WATERCOOLER_TIMEOUT"] = "1"
            code, receipt, errors = clone.try_say("plan", world.body())
    clone.environment["WATERCOOLER_TIMEOUT"] = "50"
    assert (code, receipt["state"]) == (0, "queued"), errors
    assert len(said_so_far(world, clone)) == 2


class clone_pushing:
    """Somebody holds a clone's push lock."""

    def __init__(self, clone):
        self.path = clone.threads / ".git" / "watercooler" / "push.lock"

    def __enter__(self):
        self.file = open(self.path, "w")
        fcntl.flock(self.file, fcntl.LOCK_EX)

    def __exit__(self, *_):
        self.file.close()


# In time, whatever hangs

@pytest.mark.parametrize("word", WORDS + ["config", "maintenance"])
def test_a_git_that_hangs_is_not_waited_for(world, clone, word):
    clone.environment["WATERCOOLER_TIMEOUT"] = "1"
    world.clone("there").say("plan", world.body())
    with StrangeGit(clone, word, "exec sleep 1000"):
        code, receipt, errors = clone.try_say("plan", world.body())
        assert receipt or errors.startswith("error: "), errors
        for arguments in (["read", "plan"], ["outbox"], ["sync"]):
            clone.run(*arguments)
    clone.environment["WATERCOOLER_TIMEOUT"] = "50"
    age(clone.file("plan"))
    clone.wc("sync")


# Queries change nothing

def test_the_outbox_lists_what_waits_for_its_commit_and_makes_none(world, clone):
    with clone_pushing(clone):
        clone.environment["WATERCOOLER_TIMEOUT"] = "1"
        world.is_checked = False
        with StrangeGit(clone, "fast-import", "kill -9 $$"):
            pass
        killed = clone.start(programs.WC, "say", "plan", "-m", "waits",
                             environment={"WATERCOOLER_TIMEOUT": "50"}, stdout=None, stderr=None)
        outbox = clone.threads / ".git" / "watercooler" / "outbox"
        eventually(lambda: outbox.exists() and any(outbox.glob("0*-*")), "the entry's record")
        killed.kill()
        killed.wait()
        head = clone.git("rev-parse", "HEAD")
        # Whoever holds the write lock is not waited for.
        with open(outbox.with_name("write.lock")) as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            waiting = clone.json("outbox")["outbox"]
        assert [commit["topics"] for commit in waiting] == [["plan"]]
        assert waiting[0]["commit"] is None and waiting[0]["entry_ids"]
        assert clone.git("rev-parse", "HEAD") == head and any(outbox.iterdir())
    clone.environment["WATERCOOLER_TIMEOUT"] = "50"
    clone.wc("sync")
    assert world.documents()["plan"].entries[-1].body == "waits"


def test_who_only_looks_clones_nothing(world):
    world.is_checked = False
    there = world.clone("there")
    assert there.json("outbox")["outbox"] == []
    there.run("stats")
    assert not there.threads.exists()


def test_a_conditional_write_under_a_path_touches_nothing_beside_it(make_world):
    world = make_world()
    world.is_checked = False
    bare = world.remote.bare
    bare.git("config", "uploadpack.allowFilter", "true")
    work = world.directory / "work"
    git("clone", "--quiet", str(bare.directory), str(work))
    (work / "notes").mkdir()
    for name in ("code.py", "run.sh", "notes/plan.md"):
        (work / name).write_text(f"---\nEntry: Alice 2026-01-01T00:00:00Z\n\n{name}\n")
        (work / name).chmod(0o644 if name == "code.py" else 0o755)
    git("add", "--all", directory=work)
    git("commit", "--quiet", "-m", "Executable", directory=work)
    git("push", "--quiet", "origin", "HEAD:main", directory=work)
    clone = world.clone("here")
    clone.environment["WATERCOOLER_GIT_PATH"] = "notes"
    clone.run("list")
    missing = lambda: clone.git("rev-list", "--objects", "--all", "--missing=print").count(b"\n?")
    before = missing()
    assert before >= 2
    clone.wc("say", "plan", "-m", "words", "--ball", "Claude")
    clone.wc("say", "plan", "-m", "more", "--if-ball", "Claude")
    assert missing() == before
    listed = bare.git("ls-tree", "-r", "main").decode().splitlines()
    assert [line.split()[0] + " " + line.split()[-1] for line in listed] == [
        "100644 code.py", "100755 notes/plan.md", "100755 run.sh"]


# The doctor sees it

def test_the_doctor_sees_what_is_staged_and_was_never_committed(world, clone):
    clone.file("new").write_text("---\nEntry: Alice 2026-01-01T00:00:00Z\n\nwords\n")
    clone.git("add", "new.md")
    clone.file("new").unlink()
    done = clone.run("doctor")
    assert done.returncode == 1 and b"'new' is staged, and was never committed" in done.stdout, done
    assert clone.git("status", "--porcelain") != b""
    clone.wc("doctor", "--fix")
    assert clone.git("status", "--porcelain") == b""


def test_the_doctor_sees_what_a_merge_left(world, clone):
    left = clone.threads / ".merge_file_Ab12Cd"
    left.write_text("half")
    age(left)
    assert b".merge_file_Ab12Cd" in clone.run("doctor").stdout
    clone.wc("doctor", "--fix")
    assert not left.exists()


def test_the_doctor_does_not_send_to_an_editor_what_may_not_be_read(place):
    place.wc("say", "plan", "-m", "one")
    done = failing(place, "openat", "EACCES", "doctor", path=place.file("plan"))
    assert done.returncode == 1 and b"permission denied" in done.stdout, done
    assert b"in an editor" not in done.stdout, done


def test_the_doctor_sees_notes_that_cannot_be_written(world, clone):
    note = clone.threads / ".git" / "watercooler" / "moving"
    note.touch()
    done = failing(clone, "access", "EACCES", "doctor", path=note)
    assert done.returncode == 1 and b"moving cannot be read and written" in done.stdout, done


def test_an_import_whose_commit_failed_is_done_by_the_next(world, clone):
    """At once: what the first one left in the files is not taken for what the branch has."""
    home = world.clone("home")
    del home.environment["WATERCOOLER_GIT_REPO"]
    bodies = [world.body(topic) for topic in ("plan", "notes")]
    for topic, body in zip(("plan", "notes"), bodies):
        home.wc("say", topic, "-m", body)
    init = ["init", world.remote.url, "--dir", str(home.threads), "--import"]
    with StrangeGit(home, "fast-import", "exit 1"):
        done = home.run(*init)
        assert done.returncode == 1, done
    done = home.run(*init)
    assert done.returncode == 0, done
    said = [entry.body for topic in ("plan", "notes") for entry in world.documents()[topic].entries]
    assert all(said.count(body) == 1 for body in bodies), (said, done)


def test_a_sync_says_what_was_saved_too_late_for_it(world, clone):
    with open(clone.file("plan"), "a") as file:
        file.write("\n")
    done = clone.json("sync")
    assert any("'plan' was saved just now" in note for note in done["sync"]["notes"]), done
    age(clone.file("plan"))
    clone.wc("sync")


# A slow clone, a busy one, and one that is not as all others

@pytest.mark.parametrize("what", ["new files", "removed files"])
def test_many_files_changed_by_hand_are_no_more_work_for_git(world, clone, what):
    """As many calls of git for thirty as for three."""
    text = clone.file("plan").read_text()
    made = 0
    calls = []
    clone.wc("say", "other", "-m", "words")
    for count in (3, 30):
        names = [f"{what.split()[0]}-{made + number}" for number in range(count)]
        made += count
        for name in names:
            clone.file(name).write_text(text.replace("plan", name))
            age(clone.file(name))
        if what == "removed files":
            clone.run("sync")
            for name in names:
                clone.file(name).unlink()
        log = clone.home / f"calls-{count}"
        with StrangeGit(clone, "-C", f'echo "$@" >>{log}; exec "$GIT" "$@"'):
            assert clone.run("say", "other", "-m", "words", "--require-push").returncode == 0
        calls.append(len(log.read_text().splitlines()))
    assert calls[0] == calls[1]
    assert made + 2 == len(world.documents())
    world.is_checked = False


def test_signatures_that_git_shows_are_not_taken_for_an_answer(world, clone):
    key = make_key(clone.home / "key")
    for setting in (("gpg.format", "ssh"), ("user.signingkey", f"{key}.pub"), ("commit.gpgsign", "true"),
                    ("log.showSignature", "true")):
        clone.git("config", *setting)
    body = world.body()
    identity = clone.say("plan", body)["entry_id"]
    again = clone.json("say", "plan", "-m", body, "--entry-id", identity)["receipt"]
    assert again["state"] == "pushed" and not again["problem"], again


def test_the_doctor_does_not_call_damaged_what_was_written_while_git_looked(world, clone):
    once = clone.home / "once"
    with StrangeGit(clone, "fsck", f"[ -e {once} ] || {{ touch {once}; echo missing blob 0; exit 2; }}"):
        done = clone.run("doctor")
    assert once.exists() and b"damaged" not in done.stdout and done.returncode == 0, done
    with StrangeGit(clone, "fsck", "echo missing blob 0; exit 2"):
        assert b"git's objects are damaged: missing blob 0" in clone.run("doctor").stdout


def test_a_file_of_any_name_goes_as_it_came(world, clone):
    there = world.clone("there")
    there.wc("read", "plan")
    name = os.fsdecode(b"caf\xe9.txt")
    for text in (b"1\n", b"2\n", None):
        if text:
            (there.threads / name).write_bytes(text)
        else:
            (there.threads / name).unlink()
        there.git("add", "--all")
        there.git("commit", "--quiet", "-m", "By hand")
        there.wc("sync")
        clone.wc("sync")
        here = clone.threads / name
        assert (here.read_bytes() if here.exists() else None) == text
        assert clone.git("status", "--porcelain") == b""


@pytest.mark.parametrize("seconds", ["0.0001", "0.01", "0.05", "0.1", "0.2"])
def test_a_time_that_was_up_is_said_in_words(world, clone, place, seconds):
    for where in (place, clone):
        where.wc("say", "plan", "-m", "words", "--ball", "Claude")
        where.environment["WATERCOOLER_TIMEOUT"] = seconds
        for arguments in (
                ["say", "plan", "-m", "x"], ["say", "new", "-m", "x"], ["ball", "plan", "Codex"],
                ["say", "plan", "-m", "x", "--if-ball", "Claude"], ["read", "plan"], ["updates"], ["list"],
                ["search", "words"], ["sync"], ["outbox"], ["doctor"], ["doctor", "--fix"], ["log", "plan"],
                ["wait", "plan", "--timeout", "0.01"], ["outbox", "drop", "01M7XX0F93F0WMC16VMVX7YP8Z"]):
            done = where.run(*arguments)
            words = done.stdout + done.stderr
            assert b"deadlinePassed" not in words and b"cancelled" not in words, (arguments, done)
        where.environment["WATERCOOLER_TIMEOUT"] = "50"
    world.is_checked = False
    place.environment["WATERCOOLER_TIMEOUT"] = "0.0001"
    done = place.run("say", "plan", "-m", "x")
    assert done.returncode == 1 and b"before anything was written" in done.stderr, done


@pytest.mark.parametrize("arguments", [["list"], ["say", "plan", "-m", "words"], ["read", "plan"], ["updates"],
                                       ["list", "--dir", "here"]])
def test_without_a_current_directory_nothing_is_empty(place, tmp_path, arguments):
    """It was removed: what would be found upward of it may be a clone."""
    del place.environment["WATERCOOLER_DIR"]
    here = tmp_path / "here"
    here.mkdir()
    words = 'rmdir "$1"; shift; exec "$@"'
    done = place.call("sh", "-c", words, "sh", here, programs.WC, *arguments, at=here, code=1)
    assert not done.stdout, done
    assert b"the current directory cannot be looked up" in done.stderr, done


@pytest.mark.parametrize("words", ["", "echo 'From somewhere' >&2; ", "echo ' = [up to date] main -> origin/other' >&2; "])
def test_a_fetch_counts_only_if_git_says_how_the_branch_is(world, clone, words):
    there = world.clone("there")
    there.say("plan", world.body())
    with StrangeGit(clone, "fetch", words + "exit 0"):
        done = clone.run("read", "plan", "--json")
    assert "does not say how" in json.loads(done.stdout)["freshness"]["problem"], done
    assert b"does not say how" in done.stderr, done
    with StrangeGit(clone, "fetch", words + "exit 0"):
        done = clone.run("sync", "--json")
    sync = json.loads(done.stdout or "{}").get("sync", {})
    assert done.returncode == 4 and "does not say how" in (sync.get("problem") or done.stderr.decode()), done
    assert b"In step" not in done.stdout
    assert clone.json("read", "plan")["freshness"]["problem"] is None


def test_one_name_for_every_commit_is_not_believed(world, clone):
    with StrangeGit(clone, "push", "exit 1"):
        clone.try_say("plan", world.body())
    with StrangeGit(clone, "rev-parse", '"$GIT" "$@" | sed -E "s/[0-9a-f]{40}/$(printf %040d 5)/"; exit 0'):
        done = clone.run("outbox", "--json")
    assert done.returncode == 1 or json.loads(done.stdout)["outbox"], done
    clone.wc("sync")
