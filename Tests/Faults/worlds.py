"""A small world per mode and stage, made once and copied for every case."""
import os
import shutil
import subprocess
import time
from pathlib import Path

import programs
import remotes
from bare import git
from belongings import Belongings
from checkouts import Checkout
from documents import Damaged, Document, is_thread
from history import Repository

# The seconds that an operation may take; what takes two more hangs.
DEADLINE = 3
# For so many seconds nobody has written anything when an operation begins.
STILL = 2.2
BRANCH, PATH = "watercooler", "notes/threads"
MODES = ["local", "file", "repo", "branch", "path", "ssh", "http"]
# What a stage is made of.
STAGES = {"empty": None, "alone": "empty", "fresh": "empty", "own": "fresh", "calm": "fresh", "news": "calm",
          "queued": "news", "broken": "queued"}


def missing(mode):
    """Why a mode cannot be had here; nothing if it can."""
    if mode == "ssh" and not shutil.which("sshd", path=os.environ["PATH"] + ":/usr/sbin:/sbin"):
        return "sshd is not installed"
    helper = Path(git("--exec-path").decode().strip()) / "git-http-backend"
    return "this git has no http-backend" if mode == "http" and not helper.exists() else None


class Machine(programs.Place):
    """Somebody's home and clone, as the mode has it."""

    def __init__(self, world, name, agent):
        directory = world.directory / name
        super().__init__(directory, agent)
        self.world = world
        self.name = name
        self.repository = self.threads
        self.environment |= {
            "PATH": f"{world.directory}/bin:{Path(shutil.which('git')).parent}:/usr/bin:/bin",
            "WATERCOOLER_TIMEOUT": str(DEADLINE), "WATERCOOLER_TIMEOUT_CLONE": str(DEADLINE),
            "WATERCOOLER_FRESH": "0.001", "TMPDIR": str(self.home), "GIT_TEMPLATE_DIR": "", "SWIFT_BACKTRACE": "enable=no"}
        if world.remote:
            self.environment |= world.remote.settings
        if world.mode == "local" and name == "bob":
            self.threads = self.repository = world.alice.threads
            self.environment["WATERCOOLER_DIR"] = str(self.threads)
        elif world.mode == "repo":
            self.environment["WATERCOOLER_GIT_REPO"] = world.remote.url
        elif world.mode in ("branch", "path"):
            self.work = directory / "code"
            del self.environment["WATERCOOLER_DIR"]
            git("clone", "--quiet", world.remote.url, str(self.work))
            store = self.work / ".watercooler"
            self.repository, self.threads = {
                "branch": (self.work, store), "path": (store, store / PATH)}[world.mode]

    def be_busy(self):
        """In the code there are a rebase at a conflict, a stash, edits, and everything else of a person's."""
        mine = Checkout(self.work, self.work.with_name("added"), self.work.with_name("traces"), "main")
        mine.stash()
        mine.put_in("rebase")
        mine.add_tree()
        mine.arrange("*.c -diff\n")
        mine.dirty()
        mine.hook()

    def belongings(self):
        """What is the person's; nothing where there is no code."""
        if self.world.mode not in ("branch", "path"):
            return None
        bare = self.world.remote.bare
        return Belongings(self.work, [self.work.with_name("added")], [self.work.with_name("traces")],
                          bare, bare.branch)

    @property
    def init(self):
        """The arguments with which this mode begins; none where nothing is to be done."""
        return {"local": ["init"], "repo": [], "branch": ["init", "--branch", BRANCH],
                "path": ["init", self.world.url, "--path", PATH]}.get(
                    self.world.mode, ["init", self.world.url])

    def files(self):
        """The thread files of this machine."""
        found = {}
        for path in sorted(self.threads.glob("*.md")):
            if is_thread(path.name) and path.name != "index.md":
                found[path.stem] = read(path.read_bytes(), path.name)
        return found


def read(data, name):
    """A thread; where it is none, the reason."""
    try:
        return Document(data, name)
    except Damaged as error:
        return error


class World:
    """A remote, alice whose programs fail, and bob whose do not."""

    # What a commit has does not change: looked at once.
    commits = {}

    def __init__(self, directory, mode):
        self.directory = directory
        self.mode = mode
        self.templates = directory.with_name(f"{directory.name}-templates")
        self.templates.mkdir(parents=True, exist_ok=True)
        shutil.rmtree(directory, ignore_errors=True)
        directory.mkdir()
        (directory / "bin").mkdir()
        self.remote = None
        if mode != "local":
            kind = mode if mode in ("ssh", "http") else "file"
            self.remote = remotes.KINDS[kind](directory)
        if mode in ("branch", "path"):
            self._fill_with_code()
        self.alice = Machine(self, "alice", "Claude")
        self.bob = Machine(self, "bob", "Codex")
        if mode in ("branch", "path"):
            self.alice.be_busy()
        self._made = {}
        # File systems that a fault has mounted.
        self.mounted = []
        self._is_away = False

    def _fill_with_code(self):
        bare = self.remote.bare
        bare.set_branch(bare.commit({"README.md": "code\n", "main.c": "int main;\n", "part.c": "int part;\n"}))
        if self.mode == "branch":
            bare.branch = BRANCH

    @property
    def url(self):
        return self.remote.url if self.remote else None

    def go_away(self):
        self.remote.go_away()
        self._is_away = True

    def come_back(self):
        if self._is_away:
            self.remote.come_back()
            self._is_away = False

    def make_all(self):
        """Makes every stage, so that they become old enough together."""
        for stage in STAGES:
            self._make(stage)

    def put(self, stage):
        """Makes the world what it is at a stage, and was for a while: a file that has just been written
        is looked at otherwise than one that has been still, and the calls would be others."""
        self._clear()
        self._make(stage)
        time.sleep(max(0, self._made[stage] + STILL - time.monotonic()))
        self._copy(self.templates / stage, self.directory)

    def _make(self, stage):
        if stage in self._made:
            return
        if parent := STAGES[stage]:
            self._make(parent)
            # Always a copy: the programs note down which file it is that they have seen.
            self._copy(self.templates / parent, self.directory)
        getattr(self, f"_make_{stage}")()
        self._copy(self.directory, self.templates / stage)
        self._made[stage] = time.monotonic()

    def _clear(self):
        while self.mounted:
            subprocess.run(["umount", "-l", str(self.mounted.pop())], check=True)
        if self.remote and self.remote.proxy:
            # Ends connections that are kept for the next command of a world that is no more.
            self.remote.proxy.tell("cut")

    @staticmethod
    def _copy(source, target):
        subprocess.run(["rm", "-rf", str(target)], check=True)
        subprocess.run(["cp", "-a", str(source), str(target)], check=True)

    # What happened before

    def _make_empty(self):
        """Nobody has said anything yet."""

    def _make_fresh(self):
        for number in range(2):
            self.say(self.bob, "plan", f"plan of bob, {number}")
        self.say(self.bob, "notes", "notes of bob")

    def _make_own(self):
        """Threads of alice's own, on her machine alone."""
        self.say(self.alice, "plan", "kept in plan")
        self.say(self.alice, "other", "kept in other")

    _make_alone = _make_own

    def _make_calm(self):
        if self.alice.init:
            self.must(self.alice, *self.alice.init)
        self.say(self.alice, "plan", "plan of alice")
        self.must(self.alice, "updates")
        if self.remote:
            self.must(self.bob, "sync")

    def _make_news(self):
        for number, topic in enumerate(["plan", "plan", "notes", "fresh"]):
            self.say(self.bob, topic, f"news of bob about {topic}, {number}")

    def _make_queued(self):
        if self.remote:
            self.go_away()
        self.say(self.alice, "plan", "waits in plan")
        self.say(self.alice, "other", "waits in other")
        if self.remote:
            self.come_back()
            self.say(self.bob, "notes", "more notes of bob")

    def _make_broken(self):
        if not self.remote:
            return
        for place in self.git_directories():
            lock = place / "index.lock"
            lock.touch()
            os.utime(lock, (1e9, 1e9))

    def git_directories(self):
        """Alice's git directories that have an index."""
        own = self.alice.repository / ".git"
        if self.mode != "branch":
            return [own] if own.is_dir() else []
        return [place.parent for place in sorted(own.glob("worktrees/*/gitdir"))
                if place.read_text().strip().endswith("/.watercooler/.git")]

    def must(self, machine, *arguments):
        done = machine.run(*arguments)
        assert done.returncode == 0, (arguments, done)
        return done

    def say(self, machine, topic, body):
        if machine is self.bob and self.mode == "branch" and not machine.threads.exists():
            self.must(machine, *machine.init)
        elif machine is self.bob and self.remote and not machine.threads.exists() and machine.init:
            self.must(machine, *machine.init)
        self.must(machine, "say", topic, "-m", body)

    # What there is

    def tip(self):
        return self.remote.bare.tip if self.remote else None

    def shown(self):
        """The threads that anybody sees: the remote's, or in local mode the files."""
        if not self.remote:
            return self.alice.files()
        away = self._is_away and hasattr(self.remote, "_away")
        place = self.remote._away if away else self.remote.bare.directory
        path = PATH if self.mode == "path" else ""
        repository = Repository(place, path)
        tip = repository.tip(f"refs/heads/{self.remote.bare.branch}")
        if tip is None:
            return {}
        if (tip, path) not in self.commits:
            self.commits[tip, path] = {
                name.removesuffix(".md"): read(data, name)
                for name, data in repository.files(tip).items()}
        return self.commits[tip, path]

    def left(self):
        """What alice's clone has that no commit has, except for what is passed by."""
        # In a linked work tree the person's hooks would run.
        listing = git("-c", "core.hooksPath=/dev/null", "status", "--porcelain", "-z",
                      directory=self.alice.threads)
        return [line for line in listing.decode().split("\0")
                if line and not line.endswith((".merge_file", ".watercooler.tmp", "index.md"))
                and ".merge_file_" not in line]

    def attributes(self):
        """The attributes of the code's branch of threads: in alice's repository, and in her work tree."""
        file = self.alice.threads / ".gitattributes"
        return [git("show", f"{BRANCH}:.gitattributes", directory=self.alice.repository),
                file.read_bytes() if file.exists() else b""]

    def lines_of_history(self):
        """What of the remote's shown tips is not in its line of history any more."""
        bare = self.remote.bare
        shown = bare.shown()
        if not shown:
            return []
        line = set(bare.git("rev-list", "--first-parent", shown[-1]).decode().split())
        return [tip for tip in shown if tip not in line]

    def close(self):
        self._clear()
        if self.remote:
            self.come_back()
            self.remote.close()
