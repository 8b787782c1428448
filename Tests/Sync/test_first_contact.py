"""Only git's own word makes a remote an empty one, and a branch is begun beside others only when asked for."""
import json
import re

import pytest

from bare import git
from http_remote import PORTALS, HTTPServer
from transcripts import age

# Of these git says itself that they are none of its own; of the others it says that they are empty.
NOT_GIT = "the remote cannot be reached (not git: a web page)"


@pytest.fixture(params=PORTALS)
def portal(request):
    return request.param


def is_told(portal, words):
    """Whether it is said that nobody is there, and nothing that only git can know."""
    told = "returned error: 511" if portal == "511" else NOT_GIT
    return told in words and "gone" not in words and "blocked" not in words.lower()


def init(clone, *options):
    """Runs `wc init` with the world's remote, as somebody without a variable for it."""
    url = clone.environment.pop("WATERCOOLER_GIT_REPO", clone.world.remote.url)
    clone.environment.pop("WATERCOOLER_DIR", None)
    done = clone.run("init", url, "--dir", str(clone.threads), *options)
    clone.environment["WATERCOOLER_DIR"] = str(clone.threads)
    return done


def freshness(clone, *arguments):
    """What a reading says of itself."""
    return json.loads(clone.run(*arguments, "--json", code=0).stdout)["freshness"]


def branches(bare):
    return bare.git("for-each-ref", "--format=%(refname:short)", "refs/heads").decode().split()


@pytest.mark.parametrize("options", [[], ["--branch", "main"], ["--path", "a/b"],
                                     ["--path", "a/b", "--branch", "main"]], ids=" ".join)
def test_nothing_is_made_of_a_portal_by_init(make_world, portal, options):
    world = make_world("http")
    world.is_checked = "--path" not in options
    clone = world.clone()
    world.remote.server.be_portal(portal)
    done = init(clone, *options)
    words = done.stderr.decode()
    assert done.returncode == 1 and "nothing was written" in words and is_told(portal, words), done
    assert not clone.threads.exists()
    world.remote.server.be_portal(None)
    assert init(clone, *options).returncode == 0
    clone.say("plan", world.body())
    assert branches(world.remote.bare) == ["main"]


@pytest.mark.parametrize("options", [{}, {"WATERCOOLER_GIT_BRANCH": "main"},
                                     {"WATERCOOLER_GIT_BRANCH": "main",
                                      "WATERCOOLER_GIT_PATH": "a/b"}], ids=" ".join)
def test_nothing_is_made_of_a_portal_by_a_variable(make_world, portal, options):
    world = make_world("http")
    world.is_checked = "WATERCOOLER_GIT_PATH" not in options
    clone = world.clone()
    clone.environment |= options
    world.remote.server.be_portal(portal)
    code, receipt, words = clone.try_say("plan", world.body())
    assert code == 1 and receipt is None and is_told(portal, words), words
    assert not clone.threads.exists()
    world.remote.server.be_portal(None)
    clone.say("plan", world.body())
    assert branches(world.remote.bare) == ["main"]


def test_no_branch_is_made_of_a_portal_in_a_project(make_world, portal):
    world = make_world("http", branch="watercooler")
    world.is_checked = False
    clone = world.clone()
    project = clone.home / "project"
    git("init", "--quiet", "-b", "main", str(project))
    git("commit", "--quiet", "--allow-empty", "-m", "Code", directory=project)
    git("remote", "add", "origin", world.remote.url, directory=project)
    git("push", "--quiet", "origin", "main", directory=project)
    for variable in ("WATERCOOLER_GIT_REPO", "WATERCOOLER_GIT_BRANCH", "WATERCOOLER_DIR"):
        clone.environment.pop(variable, None)

    clone.work = project
    world.remote.server.be_portal(portal)
    done = clone.run("init", "--branch", "watercooler")
    assert done.returncode == 1 and is_told(portal, done.stderr.decode()), done
    assert git("for-each-ref", "--format=%(refname:short)", "refs/heads",
               directory=project).split() == [b"main"]
    world.remote.server.be_portal(None)
    clone.run("init", "--branch", "watercooler", code=0)
    # Nobody has to ask a second time.
    assert clone.receipt("say", "plan", "-m", "words")["state"] == "pushed"
    assert branches(world.remote.bare) == ["main", "watercooler"]


@pytest.mark.parametrize("is_begun", [True, False], ids=["begun", "empty"])
def test_a_portal_is_a_remote_that_cannot_be_reached(make_world, portal, is_begun):
    world = make_world("http")
    here, there = world.clone(), world.clone()
    here.environment["WATERCOOLER_FRESH"] = "0.001"
    if is_begun:
        here.say("plan", world.body())
        there.say("plan", world.body())
    else:
        here.wc("list")
    world.remote.server.be_portal(portal)
    receipt = here.say("plan", world.body(), state="queued")
    assert is_told(portal, receipt["problem"]), receipt
    reading = freshness(here, "read", "plan")
    assert is_told(portal, reading["problem"]), reading
    done = here.run("sync")
    assert done.returncode == 4 and is_told(portal, (done.stdout + done.stderr).decode()), done
    done = here.run("doctor")
    words = (done.stdout + done.stderr).decode()
    assert done.returncode == 1 and is_told(portal, words), words
    done = here.run("say", "plan", "-m", "words", "--if-ball", "Nobody")
    assert done.returncode != 0 and is_told(portal, done.stderr.decode()), done
    assert here.outbox() == [receipt["entry_id"]]
    world.remote.server.be_portal(None)
    here.wc("sync", "--quiet")
    assert here.outbox() == [] and branches(world.remote.bare) == ["main"]


# The branch of an empty remote

@pytest.fixture(params=["main", "master"])
def empty(request, make_world):
    """A world whose remote can be reached in four ways, each by one clone; its HEAD names this branch."""
    world = make_world("ssh", name="threads.git", takes_protocol=True)
    bare = world.remote.bare
    bare.git("symbolic-ref", "HEAD", f"refs/heads/{request.param}")
    server = HTTPServer(bare.directory.parent)
    urls = {"file": bare.directory.as_uri(), "ssh 0": world.remote.url,
            "ssh 2": world.remote.url,
            "http": f"http://127.0.0.1:{server.port}/threads.git"}
    for name, url in urls.items():
        clone = world.clone(name)
        clone.environment["WATERCOOLER_GIT_REPO"] = url
        # One connection that is shared would be one protocol.
        clone.environment["WATERCOOLER_SSH_SHARE"] = "0"
    world.clones[1].environment |= {
        "GIT_CONFIG_COUNT": "1", "GIT_CONFIG_KEY_0": "protocol.version", "GIT_CONFIG_VALUE_0": "0"}
    close = world.remote.close
    world.remote.close = lambda: (server.close(), close())
    return world


def meet(world):
    """Each says something, and in the end everybody reads all of it."""
    said = {clone.say("plan", world.body())["entry_id"] for clone in world.clones}
    for clone in world.clones:
        clone.environment["WATERCOOLER_FRESH"] = "0.001"
        assert {entry["entry_id"] for entry in clone.read("plan")["entries"]} == said
    assert branches(world.remote.bare) == ["main"]


def test_whoever_joins_an_empty_remote_begins_the_same_branch(empty):
    for clone in empty.clones:
        clone.wc("list")
    meet(empty)


def test_whoever_joins_by_init_begins_the_same_branch(empty):
    for clone in empty.clones:
        clone.wc("init", clone.environment.pop("WATERCOOLER_GIT_REPO"), "--dir", str(clone.threads))
    meet(empty)


def test_whoever_comes_later_finds_the_branch_that_was_begun(empty):
    """Its HEAD may name a branch that there is not."""
    meet(empty)


@pytest.mark.parametrize("options", [[], ["--path", "a/b"]], ids=["all", "path"])
def test_a_head_that_names_none_of_the_branches_is_asked_about(make_world, options):
    world = make_world(branch="talk")
    bare = world.remote.bare
    commit = bare.commit({"plan.md": "Code\n"})
    for branch in ("talk", "ideas"):
        bare.git("update-ref", f"refs/heads/{branch}", commit)
    bare.git("symbolic-ref", "HEAD", "refs/heads/master")
    world.is_checked = False
    clone = world.clone()
    clone.environment.pop("WATERCOOLER_GIT_BRANCH")
    done = init(clone, *options)
    words = done.stderr.decode()
    assert done.returncode == 1 and "ideas, talk" in words and "--branch" in words, words
    assert not clone.threads.exists()
    assert init(clone, *options, "--branch", "talk").returncode == 0
    clone.say("notes", world.body())
    assert branches(bare) == ["ideas", "talk"]


# A branch beside others

@pytest.fixture
def stranded(make_world):
    """A clone that took the remote for an empty one, as 0.1.0 did of a portal: the team is on `master`."""
    world = make_world(branch="master")
    bare = world.remote.bare
    here, there = world.clone("here"), world.clone("there")
    bare.git("symbolic-ref", "HEAD", "refs/heads/main")
    here.environment.pop("WATERCOOLER_GIT_BRANCH")
    here.environment["WATERCOOLER_FRESH"] = "0.001"
    here.wc("list")
    bare.git("symbolic-ref", "HEAD", "refs/heads/master")
    there.say("plan", world.body())
    there.say("notes", world.body())
    assert here.git("symbolic-ref", "HEAD") == b"refs/heads/main\n"
    return world


def commands(hint):
    """The shell commands that a hint has, in its order."""
    return [command.strip() for command in re.findall(r": ([a-z]+ .*?)(?:;|$)", hint)]


def run(clone, command):
    """Runs a command of a hint as it stands, but for where the program is."""
    for name in ("WATERCOOLER_GIT_REPO", "WATERCOOLER_DIR"):
        clone.environment.pop(name, None)
    clone.typed(command, code=0)
    clone.environment["WATERCOOLER_DIR"] = str(clone.threads)


def test_a_branch_beside_others_is_not_begun_unasked(stranded):
    here, bare = stranded.clones[0], stranded.remote.bare
    stranded.is_checked = False
    receipt = here.say("plan", stranded.body(), state="blocked")
    for words in (receipt["problem"], receipt["hint"]):
        assert "main" in words and "master" in words, receipt
    assert here.outbox() == [receipt["entry_id"]]
    reading = freshness(here, "read", "plan")
    assert (reading["problem"], reading["hint"]) == (receipt["problem"], receipt["hint"])
    done = here.run("sync", "--quiet")
    assert done.returncode == 4 and receipt["problem"] in done.stderr.decode(), done
    done = here.run("doctor")
    assert done.returncode == 1 and receipt["problem"] in done.stdout.decode(), done
    done = here.run("say", "plan", "-m", "words", "--if-ball", "Nobody")
    assert done.returncode != 0 and receipt["problem"] in done.stderr.decode(), done
    assert branches(bare) == ["master"]


def test_who_has_said_nothing_yet_is_told_too(stranded):
    here = stranded.clones[0]
    stranded.is_checked = False
    problem = freshness(here, "list")["problem"]
    assert "main" in problem and "master" in problem
    assert here.run("sync", "--quiet").returncode == 4


def test_the_hint_leads_to_the_branch_of_the_others(stranded):
    here, there = stranded.clones
    first = here.say("plan", stranded.body(), state="blocked")
    second = here.say("ideas", stranded.body(), state="blocked")
    join, _ = commands(second["hint"])
    for topic in ("plan", "ideas"):
        age(here.file(topic))
    run(here, join)
    stranded.clones.remove(here)
    assert here.outbox() == []
    there.environment["WATERCOOLER_FRESH"] = "0.001"
    assert there.read("plan")["entries"][-1]["entry_id"] == first["entry_id"]
    assert there.read("ideas")["entry_count"] == 1
    assert here.read("plan")["entry_count"] == 2
    assert branches(stranded.remote.bare) == ["master"]


def test_the_hint_begins_the_branch(stranded):
    here, bare = stranded.clones[0], stranded.remote.bare
    receipt = here.say("plan", stranded.body(), state="blocked")
    _, begin = commands(receipt["hint"])
    run(here, begin)
    assert here.outbox() == []
    # Not only what waited.
    here.say("plan", stranded.body())
    assert branches(bare) == ["main", "master"]
    assert len(bare.files("main")) == 1
    stranded.is_checked = False


def test_the_name_of_another_branch_does_not_begin_this_one(stranded):
    here = stranded.clones[0]
    stranded.is_checked = False
    here.say("plan", stranded.body(), state="blocked")
    here.environment.pop("WATERCOOLER_GIT_REPO")
    here.run("init", "--branch", "talk", "--dir", str(here.threads))
    here.say("plan", stranded.body(), state="blocked")
    assert branches(stranded.remote.bare) == ["master"]


def test_a_branch_that_was_asked_for_is_begun_at_once(make_world):
    world = make_world(branch="master")
    first, second = world.clone(), world.clone()
    first.say("plan", world.body())
    world.clones.remove(second)
    second.environment.pop("WATERCOOLER_GIT_BRANCH")
    assert init(second, "--branch", "talk").returncode == 0
    second.say("notes", "words")
    assert branches(world.remote.bare) == ["master", "talk"]
    world.is_checked = False


def test_a_branch_that_somebody_begins_meanwhile_is_everybodys(make_world):
    """Neither has seen a branch, and the other is faster."""
    world = make_world()
    clones = [world.clone() for _ in range(3)]
    for clone in clones:
        clone.wc("list")
    world.remote.bare.git("update-ref", "refs/heads/other", world.remote.bare.commit({"a": "b"}))
    clones[0].environment.pop("WATERCOOLER_GIT_REPO")
    clones[0].environment["WATERCOOLER_DIR"] = str(clones[0].threads)
    clones[0].wc("init", "--branch", "main")
    for clone in clones:
        clone.say("plan", world.body())
    assert branches(world.remote.bare) == ["main", "other"]
