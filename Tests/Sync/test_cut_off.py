"""`init` can be cut off anywhere, and simply be run again; meanwhile no thread is missing, and no answer is untrue."""
import json
import os
import shutil
import subprocess
from collections import Counter

import pytest

import belongings
import programs
from bare import git
from clones import at_once
from documents import Document, is_thread
from kills import Killer, was_killed, working_on
from programs import eventually
from projects import Project, settle

BRANCH = ["init", "--branch", "watercooler"]
MINE = ["mine 0", "mine 1", "mine 2"]
THEIRS = ["theirs 0", "theirs 1"]


class Beginning:
    """A project in which threads are to be shared, as often as it is wanted: at one path, as paths are noted down."""

    def __init__(self, directory, kind):
        self.project = Project(directory / "here")
        self.repository, self.branch = self.project.remote.directory, "watercooler"
        self.arguments = [*BRANCH, *kind.split()[1:]]
        if kind.startswith("URL"):
            # A repository of threads, of which the code knows nothing.
            self.repository, self.branch = self.repository.with_name("threads.git"), "main"
            git("init", "--quiet", "--bare", "--initial-branch=main", str(self.repository))
            self.arguments = ["init", self.repository.as_uri(), "--import"]
        self.with_import = [*self.arguments, *["--import"][:"--import" not in self.arguments]]
        self.mine = MINE if "--import" in self.arguments else []
        self.theirs = []
        self._kept = directory / "kept"

    def make(self):
        """What there is before: threads of this machine, and perhaps others' in the remote."""
        project = self.project
        project.put_in("rebase")
        project.dirty()
        for number, body in enumerate(self.mine):
            project.must("say", f"topic-{number}", "-m", body)
        subprocess.run(["cp", "-a", str(project.directory), str(self._kept)], check=True)

    def join(self):
        """Somebody else shares threads there already, one of the same topic among them."""
        other = self.project.directory / "other"
        git("clone", "--quiet", str(self.project.remote.directory), str(other))
        words = [word for word in self.arguments if word != "--import"]
        self.project.must(*words, at=other)
        for number, body in enumerate(THEIRS):
            self.project.must("say", f"topic-{number}", "-m", body, at=other)
        self.theirs = THEIRS

    def reset(self):
        subprocess.run(["rm", "-rf", str(self.project.directory)], check=True)
        subprocess.run(["cp", "-a", str(self._kept), str(self.project.directory)], check=True)

    def shared(self):
        """What the remote has: the bodies of all entries, as often as they are there."""
        if not git("for-each-ref", f"refs/heads/{self.branch}", directory=self.repository):
            return Counter()
        names = git("ls-tree", "-r", "--name-only", self.branch, directory=self.repository).decode().split()
        return Counter(
            entry.body for name in names if is_thread(name) for entry in
            Document(git("show", f"{self.branch}:{name}", directory=self.repository), name).entries)

    def check_shared(self, *more):
        """Everything is in the remote, once, and all of it is shown; nothing half made is left."""
        expected = Counter([*self.mine, *self.theirs, *more])
        assert self.shared() == expected
        assert self.topics() >= {f"topic-{number}" for number in range(len(self.mine))}
        assert self.project.must("doctor") == "nothing is wrong\n"
        beside = [path.name for path in self.project.root.glob(".watercooler.*")]
        assert beside == []

    def topics(self):
        return {thread["topic"] for thread in json.loads(self.project.must("list", "--json"))["threads"]}

    def again(self, arguments):
        """The same once more, which has to succeed."""
        done = self.project.run(*arguments)
        assert done.returncode == 0, done
        assert done.stdout.decode() == f"{self.project.store}\n", done


def run_again(here):
    here.again(here.arguments)
    here.check_shared()


def look_first(here):
    """Whoever comes first gives other commands: each of their answers holds, and none is in the way of `init`."""
    missing = {f"topic-{number}" for number in range(len(here.mine))} - here.topics()
    assert not missing, f"'list' does not show {missing}"
    done = here.project.run("say", "topic-0", "-m", "said", "--json")
    assert done.returncode == 0, done
    state = json.loads(done.stdout)["receipt"]["state"]
    there = here.shared()
    assert state in ("local", "pushed"), done
    assert there["said"] == (state == "pushed"), done
    # What is shared is never local again.
    was_shared = any(there[body] for body in here.mine)
    assert not (state == "local" and was_shared), f"{there}, {done}"
    fixed = here.project.run("doctor", "--fix")
    assert fixed.returncode == 0, fixed
    here.again(here.with_import)
    here.check_shared("said")


def points(here, killer):
    found = []
    for point in killer.points(*here.arguments):
        found.append(point)
        if point.whom == "both":
            found.append(point._replace(whom="nobody"))
    return found


@pytest.mark.parametrize("then", [run_again, look_first])
@pytest.mark.parametrize("kind, joins", [
    ("URL --import", True), ("--branch", False), ("--branch --import", False), ("--branch --import", True)])
def test_cut_off_at_each_point_it_goes_on(tmp_path, share, kind, joins, then):
    here = Beginning(tmp_path, kind)
    if joins:
        here.join()
    here.make()
    killer = Killer(here.project, tmp_path / "killer")
    found = points(here, killer)
    chosen = programs.seeded().sample(found, share(len(found), least=6))
    outcomes, failures = Counter(), []
    for point in chosen:
        here.reset()
        before = here.project.belongings()
        done = killer.kill(point, *here.arguments)
        outcomes["killed" if was_killed(done) else f"exit {done.returncode}"] += 1
        eventually(lambda: not working_on(killer.directory), "the end of all children")
        settle(here.project)
        try:
            assert was_killed(done) or done.returncode == 0 or b"error: " in done.stderr, done
            then(here)
        except AssertionError as error:
            failures.append(f"{point}: {error}")
        if touched := belongings.changes(before, here.project.belongings()):
            failures.append("\n".join([f"{point}: what is the person's has changed:", *touched]))
    print("\n\n".join(failures))
    print(f"{len(chosen)} of {len(found)} points; {dict(outcomes)}")
    assert not failures, f"{len(failures)} findings at {len(chosen)} points; the first: {failures[0]}"


@pytest.mark.parametrize("kind", ["URL --import", "--branch", "--branch --import"])
def test_four_at_once_all_succeed_and_make_one_store(tmp_path, kind):
    here = Beginning(tmp_path, kind)
    here.make()
    for _ in range(3):
        here.reset()
        check = here.project.keeper()
        at_once(*[lambda: here.again(here.arguments)] * 4)
        here.check_shared()
        if "--branch" in kind:
            assert here.project.git("worktree", "list").count("[watercooler]") == 1
        here.project.must("say", "topic-0", "-m", "said", "--require-push")
        here.check_shared("said")
        check()


@pytest.mark.parametrize("command", [["say", "topic-0", "-m", "said"], ["list"], ["doctor", "--fix"]],
                         ids=lambda words: words[0])
def test_while_somebody_makes_the_store_the_others_wait_or_see_what_was(tmp_path, command):
    """No answer comes of a store that is half made."""
    here = Beginning(tmp_path, "--branch --import")
    here.make()
    said = ["said"] if command[0] == "say" else []
    for _ in range(3):
        here.reset()
        at_once(lambda: here.again(here.arguments), lambda: here.project.must(*command))
        here.again(here.with_import)
        here.check_shared(*said)


@pytest.mark.parametrize("is_left", [True, False], ids=["an import that was cut off", "an import"])
def test_what_was_pushed_beside_a_file_that_is_being_edited_stays(tmp_path, is_left):
    """The file has not that entry, as it was saved a moment ago: by somebody's editor, or by an import."""
    here = Beginning(tmp_path, "URL --import")
    here.make()
    project = here.project
    aside = project.root.with_name("aside")
    os.rename(project.store, aside)
    here.again(["init", here.arguments[1]])
    project.must("say", "topic-0", "-m", "theirs 0")
    if is_left:
        os.rename(aside, f"{project.store}.importing")
    file = project.file("topic-0")
    file.write_text(file.read_text().replace("topic: topic-0", "topic: topic-0\nowner: a"))
    project.must("say", "topic-0", "-m", "said", "--require-push")
    if not is_left:
        os.rename(aside, f"{project.store}.importing")
    here.again(here.arguments)
    assert here.shared() == Counter([*here.mine, "theirs 0", "said"])


def test_what_is_half_made_is_told(tmp_path):
    """The doctor changes nothing unless it is told to, and says what there is, and what to do."""
    here = Beginning(tmp_path, "--branch --import")
    here.make()
    store = here.project.store
    os.rename(store, f"{store}.importing")
    shutil.copytree(here.project.root / "sub", f"{store}.cloning")
    done = here.project.run("doctor")
    words = done.stdout.decode()
    assert done.returncode == 1 and not store.exists(), done
    assert str(store) in words and "was cut off" in words and "to mend it: " in words, words
    here.project.must("doctor", "--fix")
    assert here.topics() == {f"topic-{number}" for number in range(len(here.mine))}
    assert here.project.must("doctor") == "nothing is wrong\n"
    here.again(here.arguments)
    here.check_shared()
