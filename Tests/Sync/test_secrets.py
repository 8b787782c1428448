"""What has the shape of a secret gets into no thread, by whatever way; what is in one is named."""
import pytest

from transcripts import age

# Made here, so that it stands in no file.
SECRET = "ghp_" + "".join("aZ9bY8cX7dW6eV5fU4gT3hS2iR1jQ0kPlOmN"[n] for n in range(36))


@pytest.fixture
def here(world):
    here = world.clone("here")
    here.say("plan", "first")
    return here


def is_refused(clone, done, part):
    assert done.returncode == 1, done
    errors = done.stderr.decode()
    assert f"error: the {part} has what looks like a GitHub token" in errors, errors
    assert "nothing was written" in errors and "code: secret" in errors, errors
    assert SECRET not in errors + done.stdout.decode()


@pytest.mark.parametrize("part, command", [
    ("body", ["say", "plan", "-m", f"one\ntwo {SECRET}"]), ("title", ["say", "plan", "-m", "x", "-t", SECRET]),
    ("topic", ["say", SECRET, "-m", "x"]), ("name", ["say", "plan", "-m", "x", "--as", SECRET]),
    ("role", ["say", "plan", "-m", "x", "--role", SECRET]), ("type", ["say", "plan", "-m", "x", "--type", SECRET]),
    ("ball", ["say", "plan", "-m", "x", "--ball", SECRET]), ("status", ["say", "plan", "-m", "x", "--status", SECRET]),
    ("body", ["ack", "plan", "-m", SECRET]), ("body", ["handoff", "plan", "Codex", "-m", SECRET]),
    ("status", ["status", "plan", SECRET]), ("ball", ["ball", "plan", SECRET]),
    ("title", ["init-thread", "new", "--title", SECRET]), ("body", ["init-thread", "new", "-m", SECRET])])
def test_it_is_refused_before_anything_is_written(here, part, command):
    before = here.file("plan").read_bytes(), here.git("rev-parse", "HEAD")
    is_refused(here, here.run(*command), part)
    assert (here.file("plan").read_bytes(), here.git("rev-parse", "HEAD")) == before
    assert here.outbox() == [] and len(here.json("list")["threads"]) == 1
    assert here.run(*command, "--allow-secret").returncode == 0
    # Whose ball it is then, no entry says.
    here.world.is_checked = command[0] != "ball"


def test_the_place_is_said(here):
    errors = here.run("say", "plan", "-m", f"one\ntwo {SECRET}").stderr
    assert b"the body has what looks like a GitHub token (line 2, character 5)" in errors


def test_a_local_thread_is_no_better_place(place):
    is_refused(place, place.run("say", "plan", "-m", SECRET), "body")
    assert not place.threads.exists() or not list(place.threads.iterdir())


def test_a_server_says_so_and_has_no_argument_against_it(here):
    with here.server() as server:
        told = server.call("say", topic="plan", title="T", body=SECRET)
        text = told["content"][0]["text"]
        assert told["isError"] and text.endswith("Code: secret\nWritten: no") and SECRET not in text, told
        told = server.call("say", topic="plan", title="T", body=SECRET, allow_secret=True)
        assert told["isError"] and "no argument 'allow_secret'" in told["content"][0]["text"], told


def test_it_is_not_imported(world, tmp_path):
    here = world.clone("here")
    del here.environment["WATERCOOLER_GIT_REPO"]
    here.wc("say", "plan", "-m", SECRET, "--allow-secret")
    done = here.run("init", world.remote.url, "--import")
    is_refused(here, done, "thread 'plan'")
    assert here.file("plan").exists() and not (here.threads / ".git").exists()
    assert here.run("init", world.remote.url, "--import", "--allow-secret").returncode == 0
    world.is_checked = False


def test_an_edit_with_one_waits_until_it_is_taken_out(here):
    file = here.file("plan")
    before = file.read_text()
    file.write_text(before.replace("first", f"first {SECRET}"))
    age(file)
    done = here.run("sync")
    assert b"'plan' was left alone: line" in done.stderr + done.stdout, done
    remote = here.world.remote.bare
    assert SECRET.encode() not in remote.files(remote.tip)["plan.md"]
    file.write_text(before.replace("first", "first words"))
    age(file)
    here.wc("sync")
    assert b"first words" in remote.files(remote.tip)["plan.md"]
    here.world.is_checked = False


def test_what_is_in_the_remote_is_merged_and_named(here):
    there = here.world.clone("there")
    assert there.run("say", "news", "-m", SECRET, "--allow-secret").returncode == 0
    here.wc("sync", "--quiet")
    assert SECRET in here.wc("read", "news")
    found = here.run("doctor")
    assert found.returncode == 1 and b"has what looks like a GitHub token" in found.stdout, found
    assert SECRET.encode() not in found.stdout
    # What is there already keeps nobody from writing.
    here.say("news", "more")


@pytest.mark.parametrize("scanner, words", [
    ("! grep -q needle", "has what looks like a secret to watercooler.secretscan"),
    ("no-such-scanner", "the scanner for secrets could not be asked"), ("kill -9 $$", "could not be asked")])
def test_a_scanner_of_ones_own_is_asked(here, scanner, words):
    here.environment["WATERCOOLER_SECRET_SCAN"] = scanner
    done = here.run("say", "plan", "-m", "a needle")
    assert done.returncode == 1 and words in done.stderr.decode() and "nothing was written" in done.stderr.decode(), done
    if scanner.startswith("!"):
        here.say("plan", "hay")


@pytest.mark.parametrize("command", [["say", "new", "-m", "hello"], ["status", "new", "CLOSED"]])
@pytest.mark.parametrize("is_still", [True, False])
def test_a_new_file_with_one_is_not_sent_by_a_write_to_its_thread(here, command, is_still):
    here.file("new").write_text(here.file("plan").read_text().replace("plan", "new").replace("first", SECRET))
    if is_still:
        age(here.file("new"))
    done = here.run(*command)
    assert done.returncode == 1 and b"code: secret" in done.stderr and b"nothing was written" in done.stderr, done
    here.wc("sync")
    remote = here.world.remote.bare
    assert "new.md" not in remote.files(remote.tip)
    here.say("plan", "goes on")
    here.world.is_checked = False
