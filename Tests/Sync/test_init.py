"""What `wc init` makes of what is there, and what becomes of its own hints when they are typed as they stand."""
import json
import os
import re
import shutil
import tempfile
from pathlib import Path

import pytest

import programs
from bare import Bare, git
from strange import STRACE, killed
from test_places import Project
from transcripts import age


@pytest.fixture
def project(tmp_path):
    return Project(tmp_path)


# Asked for otherwise than it is

@pytest.mark.parametrize("path", ["notes/", "/notes", "./notes", "notes//", "."])
def test_a_path_is_the_same_however_it_is_written(project, path):
    project.wc("init", str(project.bare.directory), "--path", path)
    assert project.receipt("say", "plan", "-m", "x")["state"] == "pushed"
    name = "plan.md" if path == "." else "notes/plan.md"
    assert name in project.bare.files(project.bare.tip)


@pytest.mark.parametrize("path", ["..", "../x", "a/../b", ".git", "main.c"])
def test_a_path_that_can_be_none_is_refused_before_anything_is_made(project, path):
    project.wc("say", "plan", "-m", "local")
    done = project.run("init", str(project.bare.directory), "--import", "--path", path)
    assert done.returncode == 1 and b"cannot be where threads are" in done.stderr, done
    assert [thread["topic"] for thread in project.list()] == ["plan"]


def test_another_path_than_the_one_that_is_here_is_not_said_to_be_here(project):
    project.share("path")
    done = project.run("init", str(project.bare.directory), "--path", "other")
    assert done.returncode == 1 and b"in 'notes/threads' of their repository already" in done.stderr, done


def test_files_that_are_no_threads_are_taken_along(project):
    (project.threads / "sub").mkdir(parents=True)
    (project.threads / "file").write_text("words\n")
    url = str(project.bare.directory)
    assert b"--import" in project.run("init", url).stderr
    done = project.run("init", url, "--import")
    assert done.returncode == 0, done
    kept = done.stderr.decode().split("the files as they were are in ")[1].splitlines()[0]
    assert sorted(os.listdir(kept)) == ["file", "sub"]


def test_an_import_through_a_link_is_one_of_what_is_there(project, tmp_path):
    (tmp_path / "link").symlink_to(project.root)
    project.work = tmp_path / "link"
    # As a shell has it: the name by which it came there.
    project.environment["PWD"] = str(project.work)
    place = str(project.work / ".watercooler")
    project.wc("say", "plan", "-m", "local", "--dir", place)
    url = str(project.bare.directory)
    assert b"add --import" in project.run("init", url, "--dir", place).stderr
    done = project.run("init", url, "--import", "--dir", place)
    assert done.returncode == 0, done
    assert sorted(name for name in os.listdir(project.root) if "watercooler" in name) == [".watercooler"]
    assert "plan.md" in project.bare.files(project.bare.tip)


def test_an_import_is_not_stopped_by_one_odd_file(project):
    project.wc("say", "plan", "-m", "local")
    (project.threads / "link.md").symlink_to("nowhere")
    (project.threads / "directory.md").mkdir()
    os.mkfifo(project.threads / "pipe.md")
    done = project.run("init", str(project.bare.directory), "--import")
    assert done.returncode == 0, done
    for name in ("link", "directory", "pipe"):
        assert f"{name}.md cannot be read as a thread" in done.stderr.decode(), done
    assert [thread["topic"] for thread in project.list()] == ["plan"]
    assert project.wc("doctor") == "nothing is wrong\n"


def test_a_file_that_was_not_imported_is_not_counted(project):
    project.wc("say", "plan", "-m", "local")
    (project.threads / "link.md").symlink_to("nowhere")
    (project.threads / "words.md").write_text("no thread\n")
    done = project.run("init", str(project.bare.directory), "--import", "--json")
    assert json.loads(done.stdout)["imported"] == 1, done


def test_an_import_of_what_may_not_be_written_to_ends():
    """Once: what others remove later does not come back. Root may write to everything, and is not asked."""
    with tempfile.TemporaryDirectory() as directory:
        project = Project(Path(directory))
        project.wc("say", "plan", "-m", "local")
        program = Path(directory, "wc")
        shutil.copy(programs.WC, program)
        os.chmod(project.threads, 0o555)
        programs.call("chown", "-R", "65534", directory, code=0)
        project.call("setpriv", "--reuid", "65534", "--clear-groups", program, "init",
                     project.bare.directory, "--import", "--json", code=0)
        names = sorted(re.sub("-.*", "", name) for name in os.listdir(project.root))
        assert names == [".git", ".watercooler", ".watercooler.imported", "main.c"], names


# Cut off

@pytest.mark.parametrize("how", ["branch", "clone"])
def test_what_belongs_to_it_is_done_by_the_next_command(project, how):
    """Killed after the work tree is in its place: that it is shared is noted, and the code does not show it."""
    url = str(Bare(project.home / "threads.git").directory)
    arguments = ["init", "--branch", "watercooler"] if how == "branch" else ["init", url]
    states = []
    for number in range(1, 20):
        if not killed(project, number, *arguments):
            break
        states.append(project.receipt("say", "plan", "-m", "x")["state"])
        if states[-1] == "pushed":
            assert git("status", "--porcelain", directory=project.root) == b"", number
            shutil.rmtree(project.threads)
            git("worktree", "prune", "--expire", "now", directory=project.root)
            done = project.run("say", "plan", "-m", "x")
            assert done.returncode == 1 and b"their clone is gone" in done.stderr, (number, done)
        shutil.rmtree(project.threads, ignore_errors=True)
        shutil.rmtree(project.home / ".watercooler", ignore_errors=True)
    assert {"local", "pushed"} == set(states), states


def test_what_was_begun_leaves_nothing_in_the_persons_repository(project):
    project.wc("say", "plan", "-m", "local")
    for number in range(1, 20):
        if not killed(project, number, "init", "--branch", "watercooler", "--import"):
            break
        if project.receipt("say", "plan", "-m", f"local {number}")["state"] == "local":
            assert b"cloning" not in git("worktree", "list", directory=project.root)
            git("branch", "-D", "watercooler", directory=project.root) \
                if b"watercooler" in git("branch", directory=project.root) else None
    assert project.run("init", "--branch", "watercooler", "--import").returncode == 0
    assert len(project.read("plan")["entries"]) >= 2


# Hints, typed as they stand

@pytest.mark.parametrize("how", ["branch", "clone"])
def test_a_branch_that_gets_another_name_twice_is_followed(project, how):
    """What waits comes along each time."""
    project.share(how)
    project.said = ["words 0"]
    for name in ("trunk", "stem"):
        project.bare.git("branch", "-m", project.bare.branch, name)
        project.bare.branch = name
        done = project.run("say", "plan", "-m", f"to {name}")
        assert done.returncode == 0 and b"is gone from the remote" in done.stderr, done
        command = done.stderr.decode().split("lists them): ")[1].strip().replace("NAME", name)
        assert project.typed(command).returncode == 0, command
        age(project.file("plan"))
        project.wc("sync", "--quiet")
        project.said.append(f"to {name}")
        assert project.shown() == project.said
    assert project.wc("doctor") == "nothing is wrong\n"


def test_a_branch_that_cannot_be_there_is_said_at_once(project):
    project.bare.git("branch", "threads/sub", "main")
    project.wc("init", str(project.bare.directory), "--branch", "threads")
    found = project.receipt("say", "plan", "-m", "x")
    assert found["state"] == "blocked" and "choose another one with --branch" in found["hint"], found


@pytest.mark.parametrize("arguments", [(), ("--branch", "new")])
def test_a_fresh_clone_of_an_empty_remote_is_not_wrong(project, arguments):
    project.wc("init", str(Bare(project.home / "empty.git").directory), *arguments)
    assert project.wc("doctor") == "nothing is wrong\n"
    assert project.wc("log") == ""


def test_a_person_who_traces_bare_packets_has_an_empty_remote_too(project):
    project.environment["GIT_TRACE_BARE"] = "1"
    assert project.run("init", str(Bare(project.home / "empty.git").directory)).returncode == 0


def test_a_thread_that_cannot_be_read_for_now_is_imported_by_the_next(project):
    project.wc("say", "plan", "-m", "mine")
    place = Path(project.wc("say", "notes", "-m", "mine, too").strip()).parent
    command = ["init", str(project.bare.directory), "--import"]
    project.call(
        STRACE, "-f", "-qqq", "-o", "/dev/null", "-P", f"{place}.importing/plan.md",
        "-e", "inject=read:error=EIO", programs.WC, *command, code=1)
    assert project.run(*command).returncode == 0
    files = project.bare.files(project.bare.tip)
    assert b"\nmine\n" in files["plan.md"] and b"\nmine, too\n" in files["notes.md"]
