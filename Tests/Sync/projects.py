"""A person's code repository, how commands are run in it, and what in it is the person's."""
import programs
from bare import Bare, git
from belongings import Belongings, changes
from checkouts import Checkout, make_old
from lines import Lines


class Project(programs.Place, Checkout):
    """A clone of somebody's code and its remote."""

    def __init__(self, directory):
        programs.Place.__init__(self, directory)
        Checkout.__init__(self, directory / "code", directory / "added tree", directory / "traces", "master")
        self.directory = directory
        self.remote = Bare(directory / "remote" / "code.git", "master")
        self.work = self.root
        git("clone", "--quiet", str(self.remote.directory), str(self.root))
        (self.root / "sub").mkdir()
        for name in ("part.c", "sub/part.c"):
            (self.root / name).write_text("int part;\n")
        (self.root / ".gitignore").write_text("*.o\n")
        (self.root / ".gitattributes").write_text("*.c text\n")
        self.git("add", ".")
        self.commit("main.c", "int main;\n")
        self.commit("main.c", "int main = 1;\n")
        self.git("push", "--quiet", "origin", "master")
        self.store = self.threads = self.root / ".watercooler"
        # What the remote's branch of threads is called.
        self.shared = "watercooler"
        del self.environment["WATERCOOLER_DIR"]
        self.environment |= {"WATERCOOLER_FRESH": "0.001", "WATERCOOLER_TIMEOUT": "50"}

    def server(self, at=None):
        return Lines(self, programs.SERVER, cwd=at or self.work)

    def must(self, *arguments, at=None):
        return self.run(*arguments, at=at, code=0).stdout.decode()

    def belongings(self, branch="watercooler"):
        return Belongings(self.root, [self.tree], [self.traces], self.remote, self.shared, branch)

    def say(self, body, *options, at=None, state="pushed"):
        """Says something, which must get as far as `state`."""
        receipt = self.receipt("say", "plan", "--title", "Said", "-m", body, *options, at=at)
        assert receipt["state"] == state, receipt
        if state == "pushed":
            assert self.bodies().count(f"{body}\n") == 1, self.bodies()

    def keeper(self):
        """What is called when nothing that is the person's may have changed since."""
        before = self.belongings()

        def check():
            found = changes(before, self.belongings())
            assert not found, "\n".join(found)
        return check

    def bodies(self):
        """What the remote's threads say, as often as they say it."""
        tip = self.remote.git("for-each-ref", "--format=%(objectname)", f"refs/heads/{self.shared}")
        files = self.remote.files(tip.decode().strip()) if tip.strip() else {}
        return b"\n".join(data for name, data in files.items() if name.endswith(".md")).decode()

    def go_away(self):
        self.remote.directory.rename(self.remote.directory.with_name("away"))

    def come_back(self):
        self.remote.directory.with_name("away").rename(self.remote.directory)

    def fetch(self):
        """A FETCH_HEAD of the person's own, and a remote in which there is more since."""
        self.git("fetch", "--quiet", "--no-tags")
        bare = self.remote
        bare.set_branch(bare.commit({"main.c": "int theirs;\n"}, "Theirs", bare.tip))
        bare.git("tag", "-a", "-m", "Theirs", "v2", "master")
        bare.git("update-ref", "refs/heads/theirs", bare.tip)

    def be_busy(self, random):
        """All of this, or some of it; the words for it."""
        state = random.choice(["rebase", "rebase", "merge", "cherry-pick", "detached", "branch"])
        wishes = {"fetch": self.fetch, "stash": self.stash, "tree": self.add_tree, "pack": self.pack,
                  "arrange": self.arrange, "dirty": self.dirty, "lock": self.lock, "hook": self.hook}
        chosen = [name for name in wishes if random.random() < 0.75]
        early = [name for name in chosen if name in ("fetch", "stash")]
        for name in early:
            wishes[name]()
        self.put_in(state)
        for name in chosen:
            if name not in early:
                wishes[name]()
        return ", ".join([state, *chosen])


def settle(project):
    """Makes what a git that was killed has left old enough to go; the person's own lock is that already."""
    for path in (project.root / ".git").rglob("*.lock"):
        if path != project.root / ".git" / "index.lock":
            make_old(path)
