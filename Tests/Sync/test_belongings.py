"""Whatever is done with threads in a code repository, and whatever fails: what is the person's stays as it is.

In each case somebody is busy in a repository of code, and commands are given at all its places, most of
them with a fault.
"""
import json
import random
import re
import shutil

import pytest

import belongings
import programs
from kills import Killer, Point, working_on
from programs import eventually
from projects import Project, settle
from strange import StrangeGit

BRANCH = ["init", "--branch", "watercooler"]
PATH = "notes/threads"
# One or more of every command that there is; `{number}` makes a body that nobody else has. None sets what the
# person asks to have set: `config KEY VALUE`.
COMMANDS = [
    ["say", "plan", "-m", "said {number}"], ["say", "new-{number}", "-m", "said {number}"],
    ["say", "plan", "-m", "said {number}", "--if-ball", "Nobody"],
    ["say", "plan", "-m", "said {number}", "--require-push"],
    ["ack", "plan", "-m", "said {number}"], ["handoff", "plan", "Codex", "-m", "said {number}"],
    ["status", "plan", "IN_REVIEW"], ["ball", "plan", "Codex"], ["read", "plan"], ["list"],
    ["updates"], ["wait", "plan", "--timeout", "1s"], ["search", "said"], ["sync"], ["outbox"],
    ["outbox", "drop", "01M7XX0F93F0WMC16VMVX7YP8Z"], ["log"], ["log", "plan"], ["stats"],
    ["doctor"], ["doctor", "--dry-run"], ["doctor", "--fix"], ["doctor", "--fix", "--json"],
    ["debug", "dump", "plan"],
    ["whoami"], ["config", "--show"], ["mcp", "config", "codex"],
    ["mcp", "test", "codex"], ["completion", "bash"], ["reindex"], ["web-export"],
    ["init-thread", "empty-{number}"], ["unlock", "plan"], ["help"], ["version"], ["init"],
]
TOOLS = {"say": {"topic": "plan", "title": "By a tool", "body": "By a tool."},
         "list_threads": {}, "list_updates": {}, "sync": {}, "health": {},
         "set_status": {"topic": "plan", "status": "OPEN"}, "search": {"query": "said"}}
# What a git says or does that is asked for one of the words.
WORDS = ["fetch", "push", "fast-import", "config", "rev-parse", "worktree", "update-ref", "for-each-ref", "status",
         "reset", "symbolic-ref", "hash-object", "merge-tree|mktree", "ls-files|diff-index"]
FORMS = {"fails": "echo 'fatal: it fails' >&2; exit 128", "says nothing": "exit 0",
         "fails afterwards": '"$GIT" "$@"; exit 128', "is killed": "kill -KILL $$",
         "is killed afterwards": '"$GIT" "$@" >/dev/null; kill -KILL $$'}


def test_every_command_is_among_those_that_are_given(place):
    listed = re.findall(r"^  (\S+) {2,}", place.wc("help"), re.MULTILINE)
    assert set(listed) == {command[0] for command in COMMANDS}


class Round:
    """One case: a project, what has been done in it, and what in it must not change."""

    def __init__(self, directory, mode, seed):
        self.random = random.Random(seed)
        self.mode = mode
        self.project = Project(directory)
        self.numbers = iter(range(1000))
        self.said = []
        self.done = [f"{mode}, {self.project.be_busy(self.random)}"]
        self.init = BRANCH
        if mode == "path":
            self.init = ["init", self.project.remote.directory.as_uri(), "--path", PATH]
            # There threads are in the middle of the code.
            self.project.shared = "master"
        self.before = self.project.belongings()

    @property
    def places(self):
        """Where a command can be given, each with the options that lead to the store."""
        root, tree = self.project.root, self.project.tree
        found = [(root, []), (root, ["--dir", "."]), (root / "sub", []), (root / "sub", ["--dir", str(root)])]
        if self.mode == "branch" and tree.exists():
            found += [(tree, []), (tree, ["--dir", "."]), (tree / "sub", [])]
        return found

    def check(self, is_settled=False):
        found = belongings.changes(self.before, self.project.belongings(), is_settled)
        assert not found, "\n".join(["what is the person's has changed:", *found, "after:", *self.done])

    def one(self, *command, place=None):
        """Gives a command; what it said."""
        at, options = place or (self.project.root, [])
        done = self.project.run(*command, *options, at=at)
        where = at.relative_to(self.project.directory)
        self.done.append(f"{where}$ wc {' '.join([*command, *options])}: exit {done.returncode} "
                         f"{(done.stdout + done.stderr).decode(errors='replace')[-300:]!r}")
        assert done.returncode in (0, 1, 3, 4), self.done[-1]
        return done

    def commands(self, count):
        """Some commands, with new words in them."""
        for command in self.random.sample(COMMANDS, count):
            number = next(self.numbers)
            yield [word.format(number=number) for word in command]

    def fail(self, commands, places):
        """Gives commands, each with something that fails."""
        for command in commands:
            fault = self.random.choice([self.strange, self.strange, self.away, self.killed])
            fault(command, self.random.choice(places))
            self.check()

    def begin(self):
        """Makes the store, or finds it made."""
        place = self.random.choice([place for place in self.places if not place[1]][:2])
        assert self.one(*self.init, place=place).returncode == 0, self.done
        self.check()

    def strange(self, command, place):
        word, form = self.random.choice(WORDS), self.random.choice(list(FORMS))
        self.done.append(f"a git that {form} when it is told '{word}'")
        with StrangeGit(self.project, word, FORMS[form]):
            self.one(*command, place=place)

    def away(self, command, place):
        self.done.append("the remote is away")
        self.project.go_away()
        try:
            self.one(*command, place=place)
        finally:
            self.project.come_back()

    def killed(self, command, place):
        point = Point("git", self.random.randrange(1, 9), self.random.choice(["before", "after"]),
                      self.random.choice(["parent", "child", "both"]))
        at, options = place
        directory = self.project.directory / "killer"
        shutil.rmtree(directory, ignore_errors=True)
        killer = Killer(self.project, directory)
        self.project.work = at
        done = killer.kill(point, *command, *options)
        self.project.work = self.project.root
        self.done.append(f"{at.name}$ wc {' '.join([*command, *options])}, {point}: {done.returncode}")
        eventually(lambda: not working_on(directory), "the end of all children")

    def say_everywhere(self):
        """From each place an entry gets to the remote, and each place shows them all."""
        for place in self.places:
            body = f"from here: {next(self.numbers)}."
            done = self.one("say", "plan", "--title", "Said", "-m", body, "--json", place=place)
            assert done.returncode == 0, self.done
            state = json.loads(done.stdout)["receipt"]["state"]
            assert state == "pushed", f"{state}: {self.done}"
            self.said.append(body)
            self.check()
        for place in self.places:
            shown = self.one("read", "plan", place=place).stdout.decode()
            assert [body for body in self.said if f"{body}\n" not in shown] == [], self.done
        there = self.project.bodies()
        assert [there.count(f"{body}\n") for body in self.said] == [1] * len(self.said)

    def call_tools(self):
        at, _ = self.random.choice(self.places)
        with self.project.server(at) as server:
            server.initialize("2025-11-25")
            for tool in self.random.sample(list(TOOLS), 3):
                result = server.call(tool, **TOOLS[tool])
                self.done.append(f"{at.name}: {tool}: {result['content'][0]['text'][:200]!r}")
                assert not result["isError"], self.done
        self.check()


@pytest.mark.parametrize("mode", ["branch", "path"])
def test_the_person_keeps_everything_as_it_is(mode, tmp_path, share):
    seed = programs.seeded().randrange(1 << 32)
    failures = []
    count = share(200)
    for index in range(count):
        directory = tmp_path / str(index)
        case = Round(directory, mode, f"{seed} {index}")
        try:
            if index % 2:
                case.fail([case.init] * 3, case.places[:1])
                settle(case.project)
            case.begin()
            for command in case.commands(5):
                case.one(*command, place=case.random.choice(case.places))
                case.check()
            case.fail(case.commands(3), case.places)
            settle(case.project)
            case.one("doctor", "--fix", place=case.random.choice(case.places))
            case.begin()
            case.say_everywhere()
            case.call_tools()
            case.check(is_settled=True)
        except AssertionError as error:
            failures.append(f"case {index}: {error}")
        shutil.rmtree(directory)
    print("\n\n".join(failures))
    assert not failures, f"{len(failures)} of {count} cases; the first: {failures[0]}"
