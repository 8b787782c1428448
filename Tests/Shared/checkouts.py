"""A checkout of code in which a person is in the middle of something."""
import os
import shutil

import programs
from bare import git, try_git

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


class Checkout:
    """What a person does in a clone that has `main.c` and `part.c`.

    - tree: Where another work tree is, once there is one.
    - traces: What hooks write that run.
    """

    def __init__(self, root, tree, traces, trunk):
        self.root, self.tree, self.traces, self.trunk = root, tree, traces, trunk

    def git(self, *arguments, directory=None):
        return git(*arguments, directory=directory or self.root).decode()

    def attempt(self, *arguments):
        """Runs git where it is to stop in the middle."""
        done = try_git(*arguments, directory=self.root)
        assert done.returncode == 1, (arguments, done)

    def commit(self, name, text, message="Mine"):
        (self.root / name).write_text(text)
        self.git("add", name)
        self.git("commit", "--quiet", "-m", message)

    def diverge(self):
        """A branch `topic` that cannot be joined with the trunk."""
        self.git("checkout", "--quiet", "-b", "topic")
        self.commit("main.c", "int main = 2;\n")
        self.commit("own.c", "int own;\n")
        self.git("checkout", "--quiet", self.trunk)
        self.commit("main.c", "int main = 3;\n")

    def put_in(self, state):
        """A state of the checkout's HEAD."""
        self.diverge()
        if state == "rebase":
            self.git("checkout", "--quiet", "topic")
            self.attempt("rebase", self.trunk)
        elif state == "merge":
            self.attempt("merge", "topic")
        elif state == "cherry-pick":
            self.attempt("cherry-pick", "topic~1")
        elif state == "detached":
            self.git("checkout", "--quiet", "--detach", "HEAD~1")
        # Since this morning: nobody is at it this moment, and it is the person's all the same.
        for name in ("rebase-merge", "MERGE_HEAD", "CHERRY_PICK_HEAD"):
            if (path := self.root / ".git" / name).exists():
                make_old(path)

    def stash(self):
        for number in range(2):
            (self.root / "part.c").write_text(f"int stashed = {number};\n")
            self.git("stash", "--quiet")

    def dirty(self, root=None):
        root = root or self.root
        (root / "new.c").write_text("int staged;\n")
        self.git("add", "new.c", directory=root)
        (root / "new.c").write_text("int staged, and changed;\n")
        (root / "later.c").write_text("int later;\n")
        self.git("add", "--intent-to-add", "later.c", directory=root)
        (root / "part.c").write_text("int changed;\n")
        (root / "untracked.txt").write_text("only here\n")
        (root / "ignored.o").write_bytes(b"\0\1\2")
        (root / "link").symlink_to("main.c")

    def add_tree(self):
        self.git("worktree", "add", "--quiet", "-b", "beside", str(self.tree), f"origin/{self.trunk}")
        self.dirty(self.tree)

    def arrange(self, attributes="*.md text eol=lf\n*.c -diff\n"):
        """Files of git that may be written by hand."""
        info = self.root / ".git" / "info"
        (info / "attributes").write_text(attributes)
        (info / "exclude").write_text("# mine\n*.swp\n/notes")
        with (self.root / ".git" / "config").open("a") as file:
            file.write(SETTINGS)
        self.git("tag", "-a", "-m", "Mine", "mine", "topic")
        self.git("update-ref", "refs/mine/kept", "topic")

    def hook(self):
        """Hooks that are seen to have run; the last thing, as the person's git runs them too."""
        place = self.root / ".git" / "hooks"
        shutil.rmtree(place, ignore_errors=True)
        for name in HOOKS:
            programs.write_program(place / name, HOOK.format(trace=self.traces))

    def pack(self):
        self.git("pack-refs", "--all")

    def lock(self):
        """A git of the person's that was killed, or waits for the person's words."""
        lock = self.root / ".git" / "index.lock"
        lock.touch()
        make_old(lock)


def make_old(path):
    os.utime(path, (path.stat().st_mtime - 3600,) * 2)
