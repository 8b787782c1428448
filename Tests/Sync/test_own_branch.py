"""A branch of threads in a code repository: what is not ours is refused, or left alone, and nothing is left of it."""
import fcntl
import json
import os
import shutil
import subprocess

import pytest

from bare import git
from projects import Project

INIT = ["init", "--branch", "watercooler"]
IN_ROOT = ["--dir", "."]


def everything(project):
    """Each file of the project but git's objects, where nothing at all may be left; and outside of git's own, each
    directory."""
    return {str(path): path.read_bytes() if path.is_file() else b"" for path in project.root.rglob("*")
            if "objects" not in path.parts and (path.is_file() or ".git" not in path.parts)}


def refuse(project, *arguments, word):
    """A command that does nothing, and says to what."""
    before, refs = everything(project), project.belongings().refs
    done = project.run(*arguments)
    after = everything(project)
    errors = done.stderr.decode()
    assert (done.returncode, done.stdout) == (1, b""), done
    assert errors.startswith("error: ") and f"'{word}'" in errors and "\nhint: " in errors, errors
    assert {path for path in before.keys() | after.keys() if before.get(path) != after.get(path)} == set()
    assert project.belongings().refs == refs


def test_of_a_code_clone_that_follows_one_branch_nothing_looks_unsent(project):
    project.git("config", "remote.origin.fetch", "+refs/heads/master:refs/remotes/origin/master")
    project.must(*INIT)
    for body in ("one", "two"):
        project.say(body)
        assert json.loads(project.must("outbox", "--json"))["outbox"] == []
    identifier = project.receipt("say", "plan", "-m", "three")["entry_id"]
    done = project.run("outbox", "drop", identifier)
    assert done.returncode != 0 and b"taken back" not in done.stdout, done


# What is refused

@pytest.mark.parametrize("where", ["the work tree", "another work tree", "a rebase"])
def test_a_branch_that_is_checked_out_is_refused_and_nothing_is_left(project, keep, where):
    project.fetch()
    project.put_in("rebase" if where == "a rebase" else "branch")
    project.add_tree()
    branch = {"the work tree": "master", "another work tree": "beside", "a rebase": "topic"}[where]
    refuse(project, "init", "--branch", branch, word=branch)
    # Nor does anything take the code for a store of threads after it.
    check = keep()
    for command in (["sync"], ["list"], ["doctor", "--fix"]):
        project.run(*command, *IN_ROOT)
        check()
    said = project.must("say", "plan", "-m", "words", "--json")
    assert '"state": "local"' in said, said
    check()


@pytest.mark.parametrize("where", ["here", "at the remote alone", "in both"])
def test_a_branch_of_the_code_is_not_taken_unasked(project, where):
    project.diverge()
    if where != "here":
        project.git("push", "--quiet", "origin", "topic")
        project.git("update-ref", "-d", "refs/remotes/origin/topic")
    if where == "at the remote alone":
        project.git("branch", "--quiet", "-D", "topic")
    refuse(project, "init", "--branch", "topic", word="topic")


def test_without_a_remote_nothing_is_begun(project):
    project.git("remote", "rename", "origin", "upstream")
    refuse(project, *INIT, word="origin")


def test_where_the_remote_cannot_be_asked_nothing_is_begun(project):
    project.go_away()
    before = everything(project)
    done = project.run(*INIT)
    assert (done.returncode, done.stdout) == (1, b"") and b"\nhint: " in done.stderr, done
    assert everything(project) == before


# What is ours

def test_what_others_have_begun_is_joined(project, tmp_path, keep):
    other = Project.__new__(Project)
    other.__dict__ |= project.__dict__
    other.root = other.work = tmp_path / "colleague"
    git("clone", "--quiet", str(project.remote.directory), str(other.root))
    other.must(*INIT)
    other.say("From a colleague.")
    check = keep()
    project.must(*INIT)
    project.say("From here.")
    assert "From a colleague." in project.must("read", "plan")
    check()


@pytest.mark.parametrize("is_there", [True, False], ids=["the person's", "none"])
def test_what_the_person_fetched_last_stays(project, is_there):
    project.fetch()
    place = project.root / ".git" / "FETCH_HEAD"
    if not is_there:
        place.unlink()
    before = place.read_bytes() if is_there else None
    project.must(*INIT)
    project.must(*INIT)
    project.say("Said.")
    project.must("sync")
    assert (place.read_bytes() if place.exists() else None) == before


@pytest.mark.parametrize("state", ["rebase", "merge", "cherry-pick", "detached", "branch"])
def test_the_doctor_mends_the_store_and_not_the_code(project, keep, state):
    project.stash()
    project.put_in(state)
    project.dirty()
    project.must(*INIT)
    check = keep()
    for options in (IN_ROOT, [], ["--dir", str(project.root)], ["--dir", str(project.store)]):
        done = project.run("doctor", "--fix", *options)
        check()
        assert done.returncode == 0 and b"not fixed" not in done.stdout, done
    project.say("Said after it.", *IN_ROOT)
    check()


@pytest.mark.parametrize("place", ["the root", "a directory in it", "an added work tree"])
def test_every_place_leads_to_the_one_store(project, keep, place):
    project.add_tree()
    project.must(*INIT)
    check = keep()
    at = {"the root": project.root, "a directory in it": project.root / "sub",
          "an added work tree": project.tree}[place]
    for options in ([], IN_ROOT) if place != "a directory in it" else ([],):
        assert json.loads(project.must("whoami", "--json", *options, at=at))["dir"] == str(project.store)
        project.say(f"Said with {len(options)} options.", *options, at=at)
        assert project.must("init", "--branch", "watercooler", at=at) == f"{project.store}\n"
    check()


def test_the_persons_attributes_of_markdown_change_no_byte_of_a_thread(project, tmp_path, keep):
    """They win over those of the branch, in every work tree."""
    (project.root / ".git" / "info" / "attributes").write_text("*.md text eol=crlf ident\n")
    project.must(*INIT)
    other = tmp_path / "colleague"
    git("clone", "--quiet", str(project.remote.directory), str(other))
    check = keep()
    project.say("Said here, with $Id$ in it.")
    project.must(*INIT, at=other)
    project.must("say", "plan", "-m", "Said there.", at=other)
    project.must("sync")
    assert (project.store / "plan.md").read_bytes() == (other / ".watercooler" / "plan.md").read_bytes()
    assert b"\r" not in (project.store / "plan.md").read_bytes() and "\r" not in project.bodies()
    assert "$Id$" in project.bodies()
    check()


def test_housekeeping_of_the_code_is_left_to_the_person(project, keep):
    """So many loose objects that git would tidy up: it packs refs, and drops what it takes for old."""
    project.must(*INIT)
    project.git("config", "gc.auto", "1")
    project.git("config", "gc.pruneExpire", "now")
    project.git("config", "gc.reflogExpireUnreachable", "now")
    number = 0
    while len(list((project.root / ".git" / "objects" / "17").glob("*"))) < 3:
        # Git looks into this directory to guess how many there are.
        data = str(number).encode()
        if git("hash-object", "--stdin", data=data).startswith(b"17"):
            git("hash-object", "-w", "--stdin", directory=project.root, data=data)
        number += 1
    project.hook()
    check = keep()
    project.say("Said.")
    project.must("sync")
    project.must("doctor", "--fix")
    check()


def test_a_full_disk_leaves_no_branch_without_attributes(project, tmp_path):
    """Neither in the branch nor in its work tree, whatever part of them there was room for."""
    for pages in range(0, 24):
        place = tmp_path / f"disk {pages}"
        place.mkdir()
        mounted = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=8m", "none", str(place)],
                                 capture_output=True)
        if mounted.returncode:
            pytest.skip("nothing can be mounted here")
        try:
            subprocess.run(["cp", "-a", f"{project.root}/.", str(place)], check=True)
            free = os.statvfs(place)
            filler = place / ".git" / "filler"
            filler.write_bytes(bytes(free.f_bavail * free.f_bsize - pages * 4096))
            done = project.run(*INIT, at=place)
            filler.unlink()
            if done.returncode:
                project.must(*INIT, at=place)
            made = git("show", "watercooler:.gitattributes", directory=place)
            assert made.startswith(b"*.md merge=watercooler"), (pages, done)
            assert (place / ".watercooler" / ".gitattributes").read_bytes() == made, (pages, done)
        finally:
            subprocess.run(["umount", "-l", str(place)], check=True)


@pytest.mark.parametrize("is_committed", [True, False])
@pytest.mark.parametrize("what", ["its work tree", "what git knows of it", "its branch"])
def test_what_waits_outlives(project, is_committed, what):
    """Somebody deletes it before the remote was there again."""
    project.must(*INIT)
    project.say("first")
    lock = project.root / ".git" / "worktrees" / "-watercooler" / "index.lock"
    away = project.remote.directory.with_name("away")
    project.remote.directory.rename(away)
    if not is_committed:
        lock.touch()
    waiting = project.receipt("say", "plan", "-m", "waits")
    assert waiting["state"] in ("queued", "blocked"), waiting
    shutil.rmtree(project.root / ".watercooler")
    lock.unlink(missing_ok=True)
    if what != "its work tree":
        project.git("worktree", "prune", "--expire", "now")
        assert not lock.parent.exists()
    if what == "its branch":
        project.git("branch", "-D", "watercooler")
    away.rename(project.remote.directory)
    project.must(*INIT)
    project.must("sync", "--quiet")
    assert json.loads(project.must("outbox", "--json"))["outbox"] == []
    assert project.must("read", "plan", "--json").count(waiting["entry_id"]) == 1
    assert project.bodies().count("\nwaits\n<!--") == 1


@pytest.mark.parametrize("place", ["branches/watercooler", "worktrees/-watercooler/watercooler"])
def test_who_writes_is_waited_for_beside_the_outbox_and_where_the_first_version_does(project, place):
    """The work tree may have been made anew since."""
    project.must(*INIT)
    project.say("first")
    home = project.root / ".git" / ("watercooler" if place.startswith("branches") else "") / place
    with open(home / "write.lock", "w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        done = project.run("say", "plan", "-m", "no", environment={"WATERCOOLER_TIMEOUT": "2"})
        assert done.returncode == 1 and f"writing to {lock.name}".encode() in done.stderr, done
        shutil.rmtree(project.store)
        if place.startswith("branches"):
            project.must(*INIT)
            done = project.run("say", "plan", "-m", "no", environment={"WATERCOOLER_TIMEOUT": "2"})
            assert done.returncode == 1 and f"writing to {lock.name}".encode() in done.stderr, done
    project.must(*INIT)
    project.say("second")


@pytest.mark.parametrize("is_back", [True, False])
def test_what_waits_is_in_a_work_tree_that_git_alone_has_made_anew(project, is_back):
    """Its branch has nothing of it, and nobody has taken that out."""
    project.must(*INIT)
    project.say("first")
    away = project.remote.directory.with_name("away")
    project.remote.directory.rename(away)
    waiting = project.receipt("say", "plan", "-m", "waits")
    project.must("set-ball", "plan", "Carol")
    shutil.rmtree(project.root / ".watercooler")
    project.git("worktree", "prune", "--expire", "now")
    project.git("branch", "-D", "watercooler")
    project.git("worktree", "add", "-q", "-b", "watercooler", ".watercooler", "origin/watercooler")
    if is_back:
        away.rename(project.remote.directory)
    project.must(*INIT)
    if not is_back:
        away.rename(project.remote.directory)
    project.must("sync", "--quiet")
    assert json.loads(project.must("outbox", "--json"))["outbox"] == []
    thread = json.loads(project.must("read", "plan", "--json"))["thread"]
    assert [entry["entry_id"] for entry in thread["entries"]].count(waiting["entry_id"]) == 1
    assert project.bodies().count("\nwaits\n<!--") == 1
    assert thread["ball"] == "Carol"
