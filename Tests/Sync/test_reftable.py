"""Repositories that keep their refs in tables (reftable), which git alone can read: git makes them from 2.46 on."""
import os
import shutil

import pytest

import bare
import newer_git
from bare import git
from projects import Project

UNREADABLE = "ref: refs/heads/.invalid\n"


@pytest.fixture(autouse=True)
def newer(monkeypatch):
    """The git of the tests and of the programs is one that has such refs."""
    directory = newer_git.directory()
    if not directory:
        pytest.skip("git is older than 2.46, and Debian's next one cannot be had here")
    monkeypatch.setenv("PATH", f"{directory}:{os.environ['PATH']}")
    monkeypatch.setitem(bare.PLAIN, "PATH", os.environ["PATH"])


def migrate(directory):
    """Moves a repository's refs into tables, as somebody may."""
    # Git 2.47 can move no reflogs.
    shutil.rmtree(directory / ".git" / "logs")
    git("refs", "migrate", "--ref-format=reftable", directory=directory)
    assert (directory / ".git" / "HEAD").read_text() == UNREADABLE


@pytest.fixture
def migrated(newer, world):
    """A clone of ours whose refs somebody has moved into tables, and another one."""
    here, there = world.clone("here"), world.clone("there")
    here.say("plan", world.body())
    migrate(here.threads)
    return here, there


def test_a_clone_is_written_and_read(world, migrated):
    here, there = migrated
    here.say("plan", world.body())
    there.say("plan", world.body())
    here.say("new", world.body())
    assert len(here.json("read", "plan")["thread"]["entries"]) == 3
    world.remote.go_away()
    here.say("plan", world.body(), state="blocked")
    world.remote.come_back()
    there.say("plan", world.body())
    here.wc("sync", "--quiet")
    assert len(world.documents()["plan"].entries) == 5
    assert here.json("doctor")["findings"] == []


def test_what_a_person_does_in_it_is_theirs(world, migrated):
    here, there = migrated
    file = here.threads / "plan.md"
    file.write_text(file.read_text().replace("topic: plan\n", "topic: plan\nowner: alice\n"))
    here.git("commit", "-qam", "By hand")
    there.say("plan", world.body())
    here.wc("sync", "--quiet")
    assert world.documents()["plan"].head["owner"] == "alice"
    here.git("switch", "--quiet", "--create", "other")
    done = here.run("say", "plan", "-m", "no", code=1)
    assert b"has other checked out" in done.stderr, done
    here.git("checkout", "--quiet", "--detach")
    assert b"has no branch checked out" in here.run("say", "plan", "-m", "no", code=1).stderr
    here.git("switch", "--quiet", world.remote.bare.branch)
    here.say("plan", world.body())


def test_a_head_that_is_damaged_is_mended(world, migrated):
    here, _ = migrated
    head = here.threads / ".git" / "HEAD"
    head.write_text("")
    assert b"doctor --fix" in here.run("say", "plan", "-m", "no", code=1).stderr
    here.wc("doctor", "--fix")
    assert head.read_text() == UNREADABLE
    here.say("plan", world.body())


def test_what_a_git_that_was_killed_has_locked_is_named_and_goes(world, migrated):
    here, _ = migrated
    lock = here.threads / ".git" / "reftable" / "tables.list.lock"
    lock.touch()
    receipt = here.receipt("say", "plan", "-m", world.body())
    assert receipt["state"] == "queued" and str(lock) in receipt["problem"], receipt
    os.utime(lock, (1, 1))
    here.wc("sync", "--quiet")
    assert not lock.exists() and here.outbox() == []
    world.is_checked = False


def test_a_clone_that_git_alone_has_made_is_shared(world):
    here, there = world.clone("here"), world.clone("there")
    there.say("plan", world.body())
    git("clone", "--quiet", "--ref-format=reftable", world.remote.url, str(here.threads))
    del here.environment["WATERCOOLER_GIT_REPO"]
    here.say("plan", world.body())
    there.wc("sync", "--quiet")
    assert len(there.json("read", "plan")["thread"]["entries"]) == 2


def test_a_code_repository_has_its_threads_on_a_branch_of_their_own(tmp_path):
    project = Project(tmp_path / "here")
    migrate(project.root)
    project.must("init", "--branch", "watercooler")
    project.say("one")
    project.say("two")
    assert (project.store / ".git").is_file()
    assert [entry["body"] for entry in project.json("read", "plan")["thread"]["entries"]] == ["one", "two"]
    assert project.git("status", "--porcelain") == ""


def test_ours_are_kept_in_files(world):
    """Whatever the person's git does by default: an older git could not read the clone."""
    here = world.clone("here")
    here.environment |= {"GIT_DEFAULT_REF_FORMAT": "reftable"}
    here.say("plan", world.body())
    assert not (here.threads / ".git" / "reftable").exists()
