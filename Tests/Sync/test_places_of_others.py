"""What is beside the threads, and is not ours, and what becomes of ours in odd places."""
import fcntl
import json
import os
import shutil
import subprocess
import threading
from concurrent.futures import ThreadPoolExecutor

import pytest

from bare import Bare, git
from documents import Document
from strange import killed
from test_places import Project
from test_places_beside import state


@pytest.fixture
def project(tmp_path):
    return Project(tmp_path)


def contents(root):
    return {str(path.relative_to(root)): path.read_bytes() for path in sorted(root.rglob("*"))
            if path.is_file() and ".git" not in path.relative_to(root).parts}


# Work trees of the person

@pytest.mark.parametrize("how", ["on its branch", "detached", "locked", "with a broken link"])
def test_init_takes_no_work_tree_of_the_persons(project, how):
    tree = project.root / "tree"
    options = {"detached": ["--detach", "--lock"], "locked": ["--lock", "-b", "feature"]}
    git("worktree", "add", "--quiet", *options.get(how, ["-b", "feature"]), str(tree), directory=project.root)
    (tree / "precious").write_text("precious\n")
    git("add", "precious", directory=tree)
    if how == "with a broken link":
        (project.root / ".git/worktrees/tree").rename(project.home / "aside")
    before = contents(tree)
    project.work = tree
    for arguments in (["--branch", "feature", "--dir", str(tree)], ["--branch", "watercooler", "--dir", str(tree)],
                      ["--branch", "watercooler", "--dir", str(tree), "--import"]):
        done = project.run("init", *arguments)
        assert done.returncode == 1, done
        assert contents(tree) == before and (tree / ".git").exists()
    if how == "with a broken link":
        (project.home / "aside").rename(project.root / ".git/worktrees/tree")
    assert git("status", "--porcelain", directory=tree) == b"A  precious\n"
    # Beside the code of that work tree they may be, all the same.
    project.work = project.root
    project.share("branch")


@pytest.mark.parametrize("made", [
    "git init -q notes.cloning; echo x >notes.cloning/file", "mkdir notes.cloning; echo x >notes.cloning/notes",
    ": >notes.lock", "mkdir notes.importing; echo m >notes.importing/mine.txt"])
def test_what_is_called_like_ours_stays(project, made):
    place = project.home / "place"
    place.mkdir()
    project.work = place
    project.wc("say", "plan", "-m", "local", "--dir", "notes")
    subprocess.run(["sh", "-c", made], cwd=place, check=True)
    def others():
        return {name: words for name, words in contents(place).items() if not name.startswith("notes/")}

    before = others()
    for arguments in (["list"], ["doctor", "--fix"], ["init", "file:///nowhere.git", "--import"],
                      ["init", str(project.bare.directory), "--import"]):
        project.run(*arguments, "--dir", "notes")
        assert others() == before, arguments
    assert b"local" in project.run("read", "plan", "--dir", "notes").stdout


# Odd places of ours

def test_threads_in_the_home_are_shared_as_others_are(project):
    project.work = project.home
    project.wc("init", str(project.bare.directory))
    assert state(project, "plan", "-m", "x") == "pushed"
    shutil.rmtree(project.home / ".watercooler/threads")
    assert "their clone is gone" in state(project, "plan", "-m", "y")


def test_a_link_that_leads_nowhere_is_not_passed_by(project, tmp_path):
    """The disk that it leads to is not there this moment: the threads above it are others."""
    work = tmp_path / "above/project"
    work.mkdir(parents=True)
    project.work = tmp_path / "above"
    project.wc("init", str(Bare(tmp_path / "above.git").directory), "--dir", ".watercooler")
    project.wc("init", str(project.bare.directory), "--dir", str(tmp_path / "disk/threads"))
    (work / ".watercooler").symlink_to(tmp_path / "disk/threads")
    assert state(project, "plan", "-m", "x", work=work) == "pushed"
    (tmp_path / "disk").rename(tmp_path / "off")
    for given in ([], ["--dir", ".watercooler"]):
        assert "what it leads to is not there" in state(project, "plan", "-m", "secret", *given, work=work)
    (tmp_path / "off").rename(tmp_path / "disk")
    assert state(project, "plan", "-m", "y", work=work) == "pushed"


def test_a_link_to_threads_of_a_path_is_not_imported_elsewhere(project):
    project.share("path")
    place = project.home / "place"
    place.mkdir()
    (place / ".watercooler").symlink_to(project.threads / "notes/threads")
    project.work = place
    assert project.wc("doctor") == "nothing is wrong\n"
    other = Bare(project.home / "other.git")
    project.run("init", str(other.directory), "--dir", "other", "--import")
    assert other.tip is None and (place / ".watercooler/plan.md").exists()


@pytest.mark.parametrize("writes_absolute", [True, False])
def test_a_work_tree_that_git_moved_moves_with_its_project(project, writes_absolute):
    project.share("branch")
    git("worktree", "move", ".watercooler", "threads", directory=project.root)
    if writes_absolute:
        # As git 2.48 and later do.
        link = f"gitdir: {project.root}/.git/worktrees/-watercooler\n"
        (project.root / "threads" / ".git").write_text(link)
    project.say()
    moved = project.root.with_name("moved")
    project.root.rename(moved)
    project.enter(moved)
    project.say(b"moved or copied")
    assert not (moved / ".watercooler").exists()


@pytest.mark.parametrize("how", [
    ["remote remove origin", "remote add origin URL"], ["remote set-branches --add origin foo"]])
def test_a_clone_of_the_first_version_stays_one(project, how):
    project.share("clone")
    shutil.rmtree(project.threads / ".git/watercooler")
    shutil.rmtree(project.home / ".watercooler")
    for command in how:
        words = [str(project.bare.directory) if word == "URL" else word for word in command.split()]
        git(*words, directory=project.threads)
    project.say()


# At once

def test_a_work_tree_that_is_gone_is_put_back_once(project):
    project.share("branch")
    for _ in range(3):
        git("clean", "--quiet", "-ffdx", directory=project.root)
        with ThreadPoolExecutor(6) as pool:
            done = list(pool.map(lambda _: project.run("list"), range(6)))
        assert [each.returncode for each in done] == [0] * 6, done
    project.say()


def test_an_import_from_another_place_leaves_nothing_behind(project, tmp_path):
    """Whoever writes there meanwhile is in it, or is told that nothing was written."""
    place = tmp_path / "place"
    place.mkdir()
    project.work = place
    for number in range(20):
        project.wc("say", f"topic{number}", "-m", "local")
    acknowledged, done = [], threading.Event()

    def write():
        number = 0
        while not done.is_set():
            if project.run("say", "topic1", "-m", f"n{number}", "--dir", ".watercooler").returncode == 0:
                acknowledged.append(f"n{number}")
            number += 1

    writer = threading.Thread(target=write)
    writer.start()
    url = str(Bare(tmp_path / "new.git").directory)
    result = project.run("init", url, "--dir", "shared", "--import")
    done.set()
    writer.join()
    assert result.returncode == 0, result
    found = [entry.body for entry in Document((place / "shared/topic1.md").read_bytes(), "topic1").entries]
    after = place / ".watercooler/topic1.md"
    if after.exists():
        found += [entry.body for entry in Document(after.read_bytes(), "topic1").entries]
    assert set(acknowledged) <= set(found), (acknowledged, found)


def test_two_spellings_of_a_topic_are_both_imported(project, tmp_path):
    there = tmp_path / "there"
    project.wc("init", str(project.bare.directory), "--dir", str(there))
    project.wc("say", "plan", "-m", "theirs", "--dir", str(there))
    project.wc("say", "plan", "-m", "first")
    (project.threads / "plan.md").rename(tmp_path / "Plan.md")
    project.wc("say", "plan", "-m", "second")
    (tmp_path / "Plan.md").rename(project.threads / "Plan.md")
    assert project.run("init", str(project.bare.directory), "--import").returncode == 0
    assert [entry["body"] for entry in project.read("plan")["entries"]][0] == "theirs"
    assert {entry["body"] for entry in project.read("plan")["entries"]} == {"theirs", "first", "second"}


def test_what_is_in_its_place_survives_a_cut_before_its_repository_knows(project):
    states = set()
    for number in range(1, 20):
        if not killed(project, number, "init", "--branch", "watercooler"):
            break
        assert project.run("list").returncode == 0, number
        states.add(state(project, "plan", "-m", "x"))
        shutil.rmtree(project.threads, ignore_errors=True)
        shutil.rmtree(project.home / ".watercooler", ignore_errors=True)
        git("worktree", "prune", "--expire", "now", directory=project.root)
    assert states == {"local", "pushed"}


def test_a_reading_does_not_wait_long_for_an_import(project):
    project.share("clone")
    (project.root / ".watercooler.importing").mkdir()
    with open(project.root / ".watercooler.lock", "w") as lock:
        lock.write("wc init\n")
        lock.flush()
        fcntl.flock(lock, fcntl.LOCK_EX)
        project.environment["WATERCOOLER_TIMEOUT"] = "4"
        done = project.run("read", "plan", "--json")
        assert done.returncode == 0 and b"words 0" in done.stdout, done
        assert "not imported yet" in "".join(json.loads(done.stdout)["freshness"]["notes"]), done
    os.rmdir(project.root / ".watercooler.importing")
