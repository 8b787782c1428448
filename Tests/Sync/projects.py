"""A person's code repository, in the middle of whatever the person is doing."""
import json
import os
import shutil
import subprocess

import programs
from bare import PLAIN, Bare, git
from belongings import Belongings, changes
from lines import Lines

HOOKS = """applypatch-msg pre-applypatch post-applypatch pre-commit pre-merge-commit prepare-commit-msg
commit-msg post-commit pre-rebase post-checkout post-merge pre-push reference-transaction pre-auto-gc
post-rewrite post-index-change fsmonitor-watchman""".split()
# Leaves a trace wherever it runs.
HOOK = "#!/bin/sh\necho \"$0 $*\" >>'{trace}'\n"
# Settings that another program's git would follow, too.
SETTINGS = """
# Mine, as it stands: do not tidy up.
[fetch]
	prune = true
	pruneTags = true
[push]
	followTags = true
	default = matching
[remote "origin"]
	tagOpt = --tags
[rerere]
	enabled = true
[rebase]
	autoStash = true
[core]
	untrackedCache = true
	logAllRefUpdates = always
[worktree]
	guessRemote = true
"""


class Project(programs.Place):
    """A clone of somebody's code, how commands are run in it, and what in it is the person's."""

    def __init__(self, directory):
        directory.mkdir(parents=True, exist_ok=True)
        super().__init__(directory)
        self.directory = directory
        self.remote = Bare(directory / "remote" / "code.git", "master")
        self.root = self.work = directory / "code"
        git("clone", "--quiet", str(self.remote.directory), str(self.root))
        (self.root / "sub").mkdir()
        (self.root / "sub" / "part.c").write_text("int part;\n")
        (self.root / ".gitignore").write_text("*.o\n")
        (self.root / ".gitattributes").write_text("*.c text\n")
        self.git("add", ".")
        self.commit("main.c", "int main;\n")
        self.commit("main.c", "int main = 1;\n")
        self.git("push", "--quiet", "origin", "master")
        self.tree = directory / "added tree"
        self.traces = directory / "traces"
        self.store = self.threads = self.root / ".watercooler"
        # What the remote's branch of threads is called.
        self.shared = "watercooler"
        del self.environment["WATERCOOLER_DIR"]
        self.environment |= {"WATERCOOLER_FRESH": "0.001", "WATERCOOLER_TIMEOUT": "50"}

    def git(self, *arguments, directory=None):
        return git(*arguments, directory=directory or self.root).decode()

    def attempt(self, *arguments):
        """Runs git where it is to stop in the middle."""
        done = subprocess.run(["git", "-C", str(self.root), *arguments], env=PLAIN, capture_output=True,
                              timeout=programs.PATIENCE)
        assert done.returncode == 1, (arguments, done)

    def run(self, *arguments, at=None, program=programs.WC):
        """What `wc` does at a place of the project."""
        return subprocess.run([str(program), *arguments], env=self.environment, cwd=at or self.work,
                              stdin=subprocess.DEVNULL, capture_output=True, timeout=programs.PATIENCE)

    def server(self, at=None):
        return Lines(self, programs.SERVER, cwd=at or self.work)

    def must(self, *arguments, at=None):
        done = self.run(*arguments, at=at)
        assert done.returncode == 0, (arguments, at, done)
        return done.stdout.decode()

    def belongings(self, branch="watercooler"):
        return Belongings(self.root, [self.tree], [self.traces], self.remote, self.shared, branch)

    def say(self, body, *options, at=None, state="pushed"):
        """Says something, which must get as far as `state`."""
        done = self.run("say", "plan", "--title", "Said", "-m", body, "--json", *options, at=at)
        assert done.returncode == 0, done
        receipt = json.loads(done.stdout)["receipt"]
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

    # What the person does

    def commit(self, name, text, message="Mine"):
        (self.root / name).write_text(text)
        self.git("add", name)
        self.git("commit", "--quiet", "-m", message)

    def diverge(self):
        """A branch `topic` that cannot be joined with `master`."""
        self.git("checkout", "--quiet", "-b", "topic")
        self.commit("main.c", "int main = 2;\n")
        self.commit("own.c", "int own;\n")
        self.git("checkout", "--quiet", "master")
        self.commit("main.c", "int main = 3;\n")

    def put_in(self, state):
        """A state of the checkout's HEAD."""
        self.diverge()
        if state == "rebase":
            self.git("checkout", "--quiet", "topic")
            self.attempt("rebase", "master")
        elif state == "merge":
            self.attempt("merge", "topic")
        elif state == "cherry-pick":
            self.attempt("cherry-pick", "topic~1")
        elif state == "detached":
            self.git("checkout", "--quiet", "--detach", "HEAD~1")

    def stash(self):
        for number in range(2):
            (self.root / "sub" / "part.c").write_text(f"int stashed = {number};\n")
            self.git("stash", "--quiet")

    def dirty(self, root=None):
        root = root or self.root
        (root / "new.c").write_text("int staged;\n")
        self.git("add", "new.c", directory=root)
        (root / "new.c").write_text("int staged, and changed;\n")
        (root / "later.c").write_text("int later;\n")
        self.git("add", "--intent-to-add", "later.c", directory=root)
        (root / "sub" / "part.c").write_text("int changed;\n")
        (root / "untracked.txt").write_text("only here\n")
        (root / "ignored.o").write_bytes(b"\0\1\2")
        (root / "link").symlink_to("main.c")

    def add_tree(self):
        self.git("worktree", "add", "--quiet", "-b", "beside", str(self.tree), "origin/master")
        self.dirty(self.tree)

    def fetch(self):
        """A FETCH_HEAD of the person's own, and a remote in which there is more since."""
        self.git("fetch", "--quiet", "--no-tags")
        bare = self.remote
        bare.set_branch(bare.commit({"main.c": "int theirs;\n"}, "Theirs", bare.tip))
        bare.git("tag", "-a", "-m", "Theirs", "v2", "master")
        bare.git("update-ref", "refs/heads/theirs", bare.tip)

    def arrange(self):
        """Files of git that may be written by hand."""
        info = self.root / ".git" / "info"
        (info / "attributes").write_text("*.md text eol=lf\n*.c -diff\n")
        (info / "exclude").write_text("# mine\n*.swp\n/notes")
        with (self.root / ".git" / "config").open("a") as file:
            file.write(SETTINGS)
        self.git("tag", "-a", "-m", "Mine", "mine", "topic")
        self.git("update-ref", "refs/mine/kept", "topic")

    def hook(self):
        """Hooks that are seen to have run; the last thing, as the person's git runs them too."""
        place = self.root / ".git" / "hooks"
        shutil.rmtree(place, ignore_errors=True)
        place.mkdir()
        for name in HOOKS:
            (place / name).write_text(HOOK.format(trace=self.traces))
            (place / name).chmod(0o755)

    def be_busy(self, random):
        """All of this, or some of it; the words for it."""
        state = random.choice(["rebase", "rebase", "merge", "cherry-pick", "detached", "branch"])
        wishes = {"fetch": self.fetch, "stash": self.stash, "tree": self.add_tree, "pack": self.pack,
                  "arrange": self.arrange, "dirty": self.dirty, "hook": self.hook}
        chosen = [name for name in wishes if random.random() < 0.75]
        early = [name for name in chosen if name in ("fetch", "stash")]
        for name in early:
            wishes[name]()
        self.put_in(state)
        for name in chosen:
            if name not in early:
                wishes[name]()
        return ", ".join([state, *chosen])

    def pack(self):
        self.git("pack-refs", "--all")


def settle(project):
    """Makes what a git that was killed has left old enough to go."""
    for path in (project.root / ".git").rglob("*.lock"):
        os.utime(path, (path.stat().st_mtime - 60,) * 2)
