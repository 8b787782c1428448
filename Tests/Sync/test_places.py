"""Threads that were ever shared are never threads of this machine, whatever becomes of their place."""
import json
import shutil
from pathlib import Path

import pytest

import programs
from bare import Bare, git
from documents import Document
from lines import Lines
from transcripts import age

COMMANDS = [
    ("say", "plan", "-m", "two"), ("read", "plan"), ("list",), ("updates",), ("whoami",), ("outbox",),
    ("sync",), ("search", "one"), ("log",), ("doctor",), ("config", "--show"), ("ack", "plan")]


class Served(Lines):
    """A server that a client starts in the place's working directory."""

    def __init__(self, place, *before):
        command = ["/bin/sh", "-c", f'cd "{place.work}" && exec "$@"', "sh", *before, programs.SERVER]
        super().__init__(place, *command)

    def __enter__(self):
        self.initialize("2025-11-25")
        return self


class Project(programs.Place):
    """A person's machine with a code repository, and threads that are found from it."""

    def __init__(self, directory):
        super().__init__(directory)
        del self.environment["WATERCOOLER_DIR"]
        self.environment["WATERCOOLER_FRESH"] = "0.001"
        self.bare = Bare(directory / "remote.git")
        self.bare.set_branch(self.bare.commit({"main.c": "int main;\n"}))
        self.root = directory / "code"
        git("clone", "--quiet", str(self.bare.directory), str(self.root))
        self.enter(self.root)
        self.said = []
        self.options = ()

    def enter(self, root, work=None):
        self.root = root
        self.threads = root / ".watercooler"
        self.work = work or root

    def share(self, how):
        """Shares threads as `how` says, from the first second on."""
        if how == "branch":
            self.wc("init", "--branch", "watercooler")
            self.bare.branch = "watercooler"
        elif how == "path":
            self.wc("init", str(self.bare.directory), "--path", "notes/threads")
        else:
            own = Bare(self.home / "threads.git")
            self.wc("init", str(own.directory))
            self.bare = own
        self.say()

    def say(self, notes=b""):
        body = f"words {len(self.said)}"
        done = self.run("say", "plan", "-m", body, "--json", code=0)
        assert notes in done.stderr, done
        receipt = json.loads(done.stdout)["receipt"]
        assert receipt["state"] == "pushed", receipt
        self.said.append(body)
        assert self.shown() == self.said
        return receipt

    def shown(self):
        """What everybody sees."""
        files = self.bare.files(self.bare.tip)
        name = next(name for name in files if name.endswith("plan.md"))
        return [entry.body for entry in Document(files[name], "plan").entries]

    def check_refuses(self, words, commands=COMMANDS, **environment):
        """Every command says `words`, and none writes anything."""
        before = self.files()
        for arguments in commands:
            done = self.run(*arguments, environment=environment, code=1)
            output = done.stdout if arguments[0] == "doctor" else done.stderr
            assert words in output.decode(), done
        kept, self.environment = self.environment, self.environment | environment
        with Served(self) as server:
            for tool, given in [("say", {"topic": "plan", "title": "t", "body": "b"}),
                                ("read_thread", {"topic": "plan"}), ("whoami", {}), ("health", {})]:
                result = server.call(tool, **given)
                assert result["isError"] and words in result["content"][0]["text"], result
        self.environment = kept
        assert self.files() == before
        assert self.shown() == self.said

    def files(self):
        return {str(path): path.read_bytes() for path in self.threads.rglob("*.md")}


@pytest.fixture
def project(tmp_path):
    return Project(tmp_path)


@pytest.fixture(params=["branch", "path", "clone"])
def shared(project, request):
    project.how = request.param
    project.share(request.param)
    return project


# Git cannot be asked

def test_without_git_nothing_is_local(shared):
    shared.check_refuses("git is not in PATH", PATH="/nowhere")
    shared.say()


def test_a_clone_of_another_user_is_not_local(shared):
    owned = shared.root if shared.how == "branch" else shared.threads
    programs.call("chown", "-R", "1234", owned, code=0)
    shared.check_refuses("dubious ownership")
    programs.call("chown", "-R", "0", owned, code=0)
    shared.say()


def test_a_stray_bracket_in_the_configuration_is_not_local(shared):
    configuration = shared.home / ".gitconfig"
    configuration.write_text("[\n")
    shared.check_refuses("bad config line")
    configuration.unlink()
    shared.say()


def test_a_parent_that_ignores_its_children_changes_nothing(shared):
    done = shared.call(
        "env", "--ignore-signal=CHLD", programs.WC, "say", "plan", "-m", "ignored", "--json")
    assert json.loads(done.stdout)["receipt"]["state"] == "pushed", done
    shared.said.append("ignored")
    assert shared.shown() == shared.said


def test_a_server_whose_parent_ignores_its_children_is_no_other(shared):
    with Served(shared, "env", "--ignore-signal=CHLD") as server:
        result = server.call("say", topic="plan", title="ignored", body="ignored")
    assert result["structuredContent"]["state"] == "pushed", result


@pytest.mark.parametrize("left", ["empty", "no HEAD", "no objects"])
def test_a_damaged_repository_is_not_local(shared, left):
    directory = (shared.root if shared.how == "branch" else shared.threads) / ".git"
    aside = shared.home / "aside"
    shutil.copytree(directory, aside, symlinks=True)
    if left == "empty":
        shutil.rmtree(directory)
        directory.mkdir()
    elif left == "no HEAD":
        (directory / "HEAD").unlink()
    else:
        shutil.rmtree(directory / "objects")
    if shared.how == "branch" and left == "no HEAD":
        # The linked work tree has one of its own.
        shared.say()
    elif left == "empty":
        words = "is not there" if shared.how == "branch" else "not a git repository"
        shared.check_refuses(words, COMMANDS[:-2])
    else:
        # Whose it is can be told: what is here can be read, and all else is an error.
        done = shared.run("say", "plan", "-m", "x")
        assert done.returncode == 1 and b"error: " in done.stderr, done
        assert shared.run("doctor").returncode == 1
        done = shared.run("read", "plan")
        assert shared.said[-1].encode() in done.stdout or done.returncode == 1, done
    shutil.rmtree(directory)
    shutil.copytree(aside, directory, symlinks=True)
    shared.say()


# The place is another

def test_a_project_that_was_moved_is_found_again(shared):
    moved = shared.root.with_name("moved")
    shared.root.rename(moved)
    shared.enter(moved)
    # Git finds it without us.
    git("status", directory=shared.threads)
    doctor = shared.run("doctor")
    is_linked = shared.how == "branch"
    assert (doctor.returncode, b"does not find it" in doctor.stdout) == (int(is_linked), is_linked), doctor
    shared.say(b"had been moved or copied" if is_linked else b"")
    shared.say()
    assert shared.wc("doctor") == "nothing is wrong\n"


def test_doctor_finds_a_project_that_was_moved_again(project):
    project.share("branch")
    moved = project.root.with_name("moved")
    project.root.rename(moved)
    project.enter(moved)
    done = project.run("doctor", "--fix")
    assert done.returncode == 0 and b"had been moved or copied" in done.stdout, done
    assert "nothing is wrong" in project.wc("doctor")
    git("worktree", "prune", "--expire", "now", directory=moved)
    project.say()


def test_a_container_has_the_project_elsewhere(project):
    """Both see the same files at paths of their own, and each says once where it found the work tree."""
    project.share("branch")
    inside = project.root.with_name("inside")
    inside.mkdir()
    script = 'mount --bind "$1" "$2" && mount -t tmpfs none "$1" && cd "$2" && shift 2 && exec "$@"'
    done = project.call(
        "unshare", "--mount", "sh", "-c", script, "sh", project.root, inside,
        programs.WC, "say", "plan", "-m", "from inside", "--json", at="/")
    assert json.loads(done.stdout)["receipt"]["state"] == "pushed", done
    project.said.append("from inside")
    project.say(b"its repository has it again")
    assert project.say()["notes"] == []


@pytest.mark.parametrize("arguments", [("read", "plan"), ("list",), ("updates",), ("sync",)])
def test_a_reading_finds_a_project_that_was_moved_again(project, arguments):
    project.share("branch")
    moved = project.root.with_name("moved")
    project.root.rename(moved)
    project.enter(moved)
    done = project.run(*arguments)
    assert done.returncode == 0 and b"had been moved or copied" in done.stdout + done.stderr, done


def test_a_copy_of_a_project_is_a_store_of_its_own(project):
    project.share("branch")
    original = project.root
    copy = original.with_name("copy")
    shutil.copytree(original, copy, symlinks=True)
    project.enter(copy)
    project.say()
    project.enter(original)
    project.say()
    for root in (copy, original):
        assert git("status", "--porcelain", directory=root / ".watercooler") == b""
        assert b"watercooler" in git("branch", "--show-current", directory=root / ".watercooler")


def test_a_work_tree_that_the_person_adds_has_the_same_threads(project):
    project.share("branch")
    feature = project.root.with_name("feature")
    git("worktree", "add", "--quiet", str(feature), "-b", "feature", directory=project.root)
    (feature / "deep").mkdir()
    for work in (feature, feature / "deep"):
        project.work = work
        project.say()
    project.work = feature
    assert project.json("whoami")["dir"] == str(project.threads)
    assert not (feature / ".watercooler").exists()
    # Not beside threads of this machine either, which version 0.1.0 made there.
    (feature / ".watercooler").mkdir()
    project.say()


def test_what_is_cleaned_away_comes_again_or_is_missed(shared):
    for _ in range(2):
        git("clean", "--quiet", "-ffdx", directory=shared.root)
        assert not shared.threads.exists()
        if shared.how != "branch":
            break
        assert shared.run("doctor").returncode == 1
        shared.say(b"had been removed")
        assert git("status", "--porcelain", directory=shared.threads) == b""
    if shared.how == "branch":
        return
    # What was not in it any more cannot be had, and nothing new begins in its place.
    shared.check_refuses("their clone is gone", COMMANDS[:-2])
    hint = shared.run("say", "plan", "-m", "x").stderr.decode()
    shared.typed(hint.split("to make it again: ")[1].split(";")[0], code=0)
    shared.say()


def test_threads_go_on_on_this_machine_where_somebody_decides_so(project):
    project.share("path")
    shutil.rmtree(project.threads)
    hint = project.run("say", "plan", "-m", "x").stderr.decode()
    project.typed("rm " + hint.split("from now on: rm ")[1].strip(), code=0)
    assert project.receipt("say", "plan", "-m", "x")["state"] == "local"


def test_a_work_tree_that_was_taken_away_is_missed(project):
    project.share("branch")
    git("worktree", "remove", "--force", str(project.threads), directory=project.root)
    project.check_refuses("their clone is gone", COMMANDS[:-2])
    project.wc("init", "--branch", "watercooler")
    project.say()


def test_the_directory_that_init_prints_is_the_threads(project):
    printed = project.wc("init", str(project.bare.directory), "--path", "notes/threads", "--dir", "a").strip()
    assert printed == str(project.root / "a/notes/threads")
    project.work = project.home
    for place in (printed, str(project.root / "a"), printed + "/"):
        assert project.receipt("say", "plan", "-m", place, "--dir", place)["state"] == "pushed"
    done = project.run("say", "plan", "-m", "x", "--dir", str(project.root / "a/notes"))
    assert done.returncode == 1 and b"inside a clone of threads" in done.stderr, done
    project.work = Path(printed)
    assert project.receipt("say", "plan", "-m", "inside")["state"] == "pushed"


@pytest.mark.parametrize("place", [".", "..", "deep", ".watercooler", "absolute"])
def test_the_repository_as_a_directory_is_its_threads(project, place):
    project.share("branch")
    (project.root / "deep").mkdir()
    project.work = project.root / "deep" if place == ".." else project.root
    given = str(project.root) if place == "absolute" else place
    state = project.receipt("say", "plan", "-m", "here", "--dir", given)["state"]
    # Another directory of the person's is one of its own, as ever.
    assert state == ("local" if place == "deep" else "pushed")


# Threads of this machine stay so

def test_threads_of_this_machine_need_no_git(project):
    for number in range(2):
        nowhere = {"PATH": "/nowhere"}
        said = project.receipt("say", "plan", "-m", number, environment=nowhere)
        assert said["state"] == "local"
    age(project.file("plan"))
    assert len(Document(project.file("plan").read_bytes(), "plan").entries) == 2
