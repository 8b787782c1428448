"""Several work trees, repositories and copies beside each other: each message goes where it is meant to."""
import json
import os
import shutil

import pytest

import programs
from bare import git
from test_places import Project


@pytest.fixture
def project(tmp_path):
    return Project(tmp_path)


@pytest.fixture
def other(tmp_path):
    """Another project of the same person, with a remote of its own."""
    return Project(tmp_path / "other")


def state(place, *arguments, work=None, **environment):
    done = place.run("say", *arguments, "--json", at=work, environment=environment)
    return json.loads(done.stdout)["receipt"]["state"] if done.returncode == 0 else done.stderr.decode()


def test_a_copy_takes_nothing_from_the_original(project):
    feature = project.root.with_name("feature")
    git("worktree", "add", "--quiet", str(feature), "-b", "feature", directory=project.root)
    project.share("branch")
    project.wc("init", "--branch", "more", "--dir", str(project.root / "more"))
    links = {tree: (tree / ".git").read_bytes() for tree in (feature, project.root / "more", project.threads)}
    copy = project.root.with_name("copy")
    shutil.copytree(project.root, copy, symlinks=True)
    original = project.root
    project.enter(copy)
    project.say(b"moved or copied")
    assert {tree: (tree / ".git").read_bytes() for tree in links} == links
    project.enter(original)
    project.say()
    for tree in links:
        git("status", directory=tree)


def test_a_copy_without_the_work_tree_makes_its_own(project):
    project.share("branch")
    copy = project.root.with_name("copy")
    shutil.copytree(project.root, copy, symlinks=True)
    shutil.rmtree(copy / ".watercooler")
    project.enter(copy)
    project.say(b"had been removed")


def test_a_link_into_another_project_leads_there(project, other):
    for place in (project, other):
        place.share("branch")
    (other.root / "docs").mkdir()
    (other.root / "docs/.watercooler").symlink_to(project.threads)
    assert state(project, "private", "-m", "secret", work=other.root / "docs") == "pushed"
    assert b"secret" in b"".join(project.bare.files(project.bare.tip).values())
    assert b"secret" not in b"".join(other.bare.files(other.bare.tip).values())
    for place in (project, other):
        place.say()


def test_a_link_to_the_threads_of_a_path_is_no_place_of_its_own(project):
    project.share("path")
    link = project.home / "link"
    link.symlink_to(project.threads / "notes/threads")
    assert state(project, "plan", "-m", "by a link", "--dir", str(link)) == "pushed"


def test_a_branch_is_made_in_the_project_around_the_place(project, other):
    project.share("branch")
    git("worktree", "remove", "--force", str(project.threads), directory=project.root)
    done = other.run("init", "--branch", "watercooler", "--dir", str(project.threads))
    assert done.returncode == 0, done
    project.say()


@pytest.mark.parametrize("kind", ["another work tree", "bare", "separate", "linked .git"])
def test_the_threads_of_a_repository_are_found_from_each_work_tree(project, tmp_path, kind):
    url, first, second = str(project.bare.directory), tmp_path / "first", tmp_path / "second"
    repository = first
    if kind == "another work tree":
        repository = project.root
        git("worktree", "add", "--quiet", str(first), "-b", "first", directory=repository)
    elif kind == "bare":
        repository = tmp_path / "bare.git"
        git("clone", "--quiet", "--bare", url, str(repository))
        git("worktree", "add", "--quiet", str(first), "-b", "first", directory=repository)
    elif kind == "separate":
        git("clone", "--quiet", f"--separate-git-dir={tmp_path / 'gd'}", url, str(first))
    else:
        git("clone", "--quiet", url, str(first))
        (first / ".git").rename(tmp_path / "gd")
        (first / ".git").symlink_to(tmp_path / "gd")
    git("worktree", "add", "--quiet", str(second), "-b", "second", directory=repository)
    project.enter(first)
    project.share("branch")
    project.work = second
    project.say()
    assert not (second / ".watercooler").exists()


def test_of_several_one_is_to_be_named(project):
    for name in ("one", "two"):
        project.wc("init", "--branch", name, "--dir", str(project.root / name))
    words = state(project, "plan", "-m", "x")
    assert "threads in several places" in words, words
    assert state(project, "plan", "-m", "x", "--dir", "one") == "pushed"


def test_the_work_tree_moved_by_git_is_where_it_is_now(project):
    project.share("branch")
    git("worktree", "move", ".watercooler", "threads", directory=project.root)
    project.say()
    assert not project.threads.exists()


def test_a_place_that_is_not_mounted_is_waited_for(project):
    disk = project.root.with_name("disk")
    disk.mkdir()
    project.wc("init", "--branch", "watercooler", "--dir", str(disk / ".watercooler"))
    disk.rename(disk.with_name("off"))
    words = state(project, "plan", "-m", "x")
    assert "which is not there" in words, words
    assert not project.threads.exists()
    disk.with_name("off").rename(disk)
    assert state(project, "plan", "-m", "x") == "pushed"


def test_a_copy_of_the_work_tree_alone_is_none(project):
    project.share("branch")
    shutil.copytree(project.threads, project.root / "copy")
    words = state(project, "plan", "-m", "x", "--dir", "copy")
    assert "is a copy of" in words, words
    project.say()


def test_a_directory_in_the_place_of_the_work_tree_is_not_shared_unasked(project):
    project.share("branch")
    shutil.rmtree(project.threads)
    project.threads.mkdir()
    local = project.home / "local"
    project.wc("say", "private", "-m", "of this machine", "--dir", str(local))
    shutil.copy(local / "private.md", project.threads)
    words = state(project, "plan", "-m", "x")
    assert "their clone is gone" in words and "--import" in words, words
    done = project.run("init", "--branch", "watercooler", "--import")
    assert done.returncode == 0, done
    project.say()
    assert "private.md" in project.bare.files(project.bare.tip)


def test_the_link_that_prune_has_cut_is_made_again_by_init(project):
    project.share("branch")
    moved = project.root.with_name("moved")
    project.root.rename(moved)
    project.enter(moved)
    # What the machine before wrote into it is not for this one to find.
    git("worktree", "prune", "--expire", "now", directory=moved)
    words = state(project, "plan", "-m", "x")
    assert "is not there" in words and "wc init --branch NAME" in words, words
    assert project.run("init", "--branch", "watercooler").returncode == 0
    project.say()


# A clone that is gone is missed from everywhere

@pytest.mark.parametrize("work", ["", "deep", "deep/nested"])
def test_what_was_shared_is_missed_from_below_too(project, tmp_path, work):
    plain = tmp_path / "plain"
    (plain / "deep/nested").mkdir(parents=True)
    (tmp_path / ".watercooler").mkdir()
    project.work = plain
    project.wc("init", str(project.bare.directory), "--dir", ".watercooler")
    shutil.rmtree(plain / ".watercooler")
    words = state(project, "plan", "-m", "x", work=plain / work)
    assert "their clone is gone" in words, words


def test_the_clone_of_a_variable_is_missed_without_it(project):
    place = project.home / "clone"
    variables = {"WATERCOOLER_GIT_REPO": str(project.bare.directory), "WATERCOOLER_DIR": str(place)}
    assert state(project, "plan", "-m", "x", **variables) == "pushed"
    shutil.rmtree(place)
    assert "their clone is gone" in state(project, "plan", "-m", "x", WATERCOOLER_DIR=str(place))
    assert state(project, "plan", "-m", "y", **variables) == "pushed"


def test_a_link_to_what_is_gone_leads_nowhere_else(project):
    (project.home / "real").mkdir()
    (project.home / "link").symlink_to(project.home / "real")
    project.wc("init", str(project.bare.directory), "--dir", str(project.home / "link/threads"))
    shutil.rmtree(project.home / "real/threads")
    for name in ("real", "link"):
        assert "clone is gone" in state(project, "plan", "-m", "x", "--dir", str(project.home / name / "threads"))


# What is configured is what holds

def test_another_branch_that_is_configured_is_not_written_to(project):
    project.share("branch")
    words = state(project, "plan", "-m", "x", WATERCOOLER_GIT_BRANCH="master")
    assert "'master' is configured" in words, words
    project.say()


@pytest.mark.parametrize("left", ["", "{", '{"version": 1}'])
def test_a_damaged_mark_names_no_other_branch(project, left):
    project.share("branch")
    mark = next((project.root / ".git/worktrees").glob("*/watercooler/store"))
    whole = mark.read_text()
    mark.write_text(left)
    git("checkout", "--quiet", "--detach", directory=project.threads)
    words = state(project, "plan", "-m", "x")
    assert "is damaged: it names no branch" in words, words
    git("checkout", "--quiet", "watercooler", directory=project.threads)
    mark.write_text(whole)
    project.say()


def test_another_repository_than_the_one_that_is_here_is_not_said_to_be_here(project, other):
    project.share("clone")
    done = project.run("init", str(other.bare.directory))
    assert done.returncode == 1 and b"are shared through" in done.stderr, done
    same = str(project.bare.directory)
    for url in (same, f"file://{same}/", same.removesuffix(".git"), os.path.relpath(same, project.work)):
        assert project.run("init", url).returncode == 0, url
    project.say()


# What is not ours

def test_files_of_others_that_are_called_alike_stay(project):
    root = project.root
    (root / "Cargo.lock").write_text("a lock\n")
    (root / "poetry.lock").write_text("")
    (root / "poetry.cloning").mkdir()
    (root / "poetry.cloning/x").write_text("x\n")
    (root / "notes.importing").mkdir()
    (root / "notes.importing/x.md").write_text("# No thread\n")
    def there():
        return {path: path.read_bytes() for path in root.rglob("*") if path.is_file()}

    before = there()
    for name in ("Cargo", "poetry", "notes"):
        project.wc("list", "--dir", name)
        project.run("doctor", "--fix", "--dir", name)
    assert there() == before


def test_a_work_tree_that_the_person_has_locked_is_the_persons(project):
    disk = project.root.with_name("disk")
    git("worktree", "add", "--quiet", str(disk), "-b", "feature", directory=project.root)
    (disk / "staged").write_text("staged\n")
    git("add", "staged", directory=disk)
    git("worktree", "lock", str(disk), directory=project.root)
    disk.rename(disk.with_name("off"))
    project.run("init", "--branch", "watercooler", "--dir", str(disk))
    shutil.rmtree(disk, ignore_errors=True)
    disk.with_name("off").rename(disk)
    assert git("status", "--porcelain", directory=disk) == b"A  staged\n"


def test_threads_in_a_repository_that_was_never_shared_need_no_git(project):
    notes = project.home / "notes"
    git("init", "--quiet", str(notes), directory=project.home)
    assert state(project, "plan", "-m", "x", "--dir", str(notes), PATH="/nowhere") == "local"
    programs.call("chown", "-R", "1234", notes, code=0)
    assert state(project, "plan", "-m", "x", "--dir", str(notes)) == "local"
