"""A clone that a person has made with git alone, and that is named with its repository, works as one of `wc init`."""
import pytest

import checks
from bare import git
from transcripts import age


@pytest.fixture(params=[[], ["--depth", "1"]], ids=["whole", "shallow"])
def plain(request, world):
    there = world.clone("there")
    for _ in range(2):
        there.say("plan", world.body())
    here = world.clone("here")
    here.environment["WATERCOOLER_FRESH"] = "0.001"
    git("clone", "--quiet", *request.param, world.remote.bare.directory.as_uri(), str(here.threads))
    return here, there


def edit(here, world, old, new):
    file = here.file("plan")
    file.write_text(file.read_text().replace(old, new))
    age(file)


def test_it_works_as_one_of_init(world, plain):
    here, there = plain
    here.say("plan", world.body())
    world.remote.go_away()
    here.say("plan", world.body(), state="blocked")
    world.remote.come_back()
    there.say("plan", world.body())
    here.wc("sync", "--quiet")
    assert "nothing is wrong" in here.wc("doctor")
    # From here on it is found by what is in it.
    del here.environment["WATERCOOLER_GIT_REPO"]
    here.say("plan", world.body())
    here.environment["WATERCOOLER_GIT_REPO"] = world.remote.url
    checks.check(world)


def test_the_directory_alone_is_enough(world, plain):
    here, there = plain
    del here.environment["WATERCOOLER_GIT_REPO"]
    here.say("plan", world.body())
    there.say("plan", world.body())
    here.wc("sync", "--quiet")
    assert "nothing is wrong" in here.wc("doctor")
    checks.check(world)


@pytest.mark.parametrize("what", ["a commit of theirs", "a directory", "no branch"])
def test_what_may_be_more_than_threads_is_only_read(world, plain, what):
    """Nobody has asked for it to be shared: nothing of it leaves the machine, nor is anything in it changed."""
    here, _ = plain
    del here.environment["WATERCOOLER_GIT_REPO"]
    if what == "a commit of theirs":
        (here.threads / "private.md").write_text("mine\n")
        here.git("add", "private.md")
        here.git("commit", "--quiet", "-m", "mine")
    elif what == "a directory":
        (here.threads / "src").mkdir()
    else:
        here.git("checkout", "--quiet", "--detach")
    tip, before = world.remote.bare.tip, here.git("config", "--list", "--local")
    assert "plan" in here.wc("list")
    assert (world.remote.bare.tip, here.git("config", "--list", "--local")) == (tip, before)
    assert not (here.threads / ".git" / "watercooler").exists()
    world.is_checked = False


def test_threads_that_somebody_backs_up_with_git_stay_on_this_machine(world, plain):
    here, there = plain
    del here.environment["WATERCOOLER_GIT_REPO"]
    url = here.git("remote", "get-url", "origin").decode().strip()
    backup = here.home / "backup"
    git("init", "--quiet", str(backup))
    git("-C", str(backup), "remote", "add", "origin", url)
    here.environment["WATERCOOLER_DIR"] = str(backup)
    for number in range(2):
        assert here.receipt("say", "notes", "-m", f"{number}")["state"] == "local"
        git("-C", str(backup), "add", "--all")
        git("-C", str(backup), "commit", "--quiet", "-m", "backup")
    done = here.run("init", url, "--dir", str(backup), code=1)
    assert b"has 1 threads of this machine" in done.stderr and b"--import" in done.stderr, done
    assert not (backup / ".git" / "watercooler").exists()
    world.is_checked = False


def test_a_clone_of_an_empty_remote_is_shared_by_init(world, tmp_path):
    here = world.clone("here")
    url, place = world.remote.bare.directory.as_uri(), tmp_path / "of" / "plain"
    git("clone", "--quiet", url, str(place))
    here.environment["WATERCOOLER_DIR"] = str(place)
    here.environment.pop("WATERCOOLER_GIT_REPO", None)
    assert here.receipt("say", "notes", "-m", "before", at=place)["state"] == "local"
    (place / "notes.md").unlink()
    here.wc("init", url, "--dir", str(place))
    here.threads = place
    here.say("plan", world.body())
    checks.check(world)


def test_a_clone_of_code_is_not_shared_by_init(world, tmp_path):
    here = world.clone("here")
    url, place = world.remote.bare.directory.as_uri(), tmp_path / "plain"
    git("clone", "--quiet", url, str(place))
    (place / "src").mkdir()
    here.environment.pop("WATERCOOLER_GIT_REPO", None)
    assert b"no clone of threads" in here.run("init", url, "--dir", str(place), code=1).stderr
    assert not (place / ".git" / "watercooler").exists()
    world.is_checked = False


def test_threads_are_merged_whatever_git_is_configured_to(world, plain):
    here, there = plain
    here.say("plan", world.body())
    (here.threads / ".git" / "info" / "attributes").unlink()
    for key in ("name", "driver"):
        here.git("config", "--unset", f"merge.watercooler.{key}")
    world.remote.go_away()
    edit(here, world, "topic: plan\n", "topic: plan\nowner: alice\n")
    here.say("plan", world.body(), state="blocked")
    world.remote.come_back()
    there.say("plan", world.body(), "--ball", "Codex")
    here.wc("sync", "--quiet")
    assert world.documents()["plan"].head["owner"] == "alice"
    here.wc("doctor", "--fix")
    checks.check(world)


def test_another_repository_is_not_taken_for_it(world, plain, tmp_path):
    here, _ = plain
    git("init", "--quiet", "--bare", str(tmp_path / "other.git"))
    here.git("remote", "set-url", "origin", str(tmp_path / "other.git"))
    before = here.git("status", "--porcelain"), here.git("config", "--list", "--local")
    done = here.run("say", "plan", "-m", "no", code=1)
    assert b"no clone of threads" in done.stderr
    assert (here.git("status", "--porcelain"), here.git("config", "--list", "--local")) == before
    world.is_checked = False


def test_an_empty_remote_is_cloned_in_its_format(world):
    """Git itself may take another one, and could push nothing then."""
    bare = world.remote.bare.directory
    git("init", "--quiet", "--bare", "--object-format=sha256", "--initial-branch=main", f"{bare}.new")
    bare.rename(bare.with_name(f"{bare.name}.old"))
    bare.with_name(f"{bare.name}.new").rename(bare)
    here, there = world.clone("here"), world.clone("there")
    here.say("plan", world.body())
    assert here.git("rev-parse", "--show-object-format") == b"sha256\n"
    there.say("plan", world.body())
    here.say("plan", world.body())
    assert len(world.documents()["plan"].entries) == 3
    # It has not the hooks of the other one.
    world.is_checked = False
