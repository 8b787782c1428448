"""A bare repository: what the remote holds, shows and has ever shown, and when it says no."""
import os
import shutil

import programs
from history import batch

# Nobody's configuration but ours, on either side.
PLAIN = {
    "PATH": os.environ["PATH"], "HOME": "/nonexistent", "GIT_CONFIG_NOSYSTEM": "1",
    "GIT_CONFIG_GLOBAL": os.devnull, "GIT_TERMINAL_PROMPT": "0", "LC_ALL": "C",
    "GIT_AUTHOR_NAME": "Test", "GIT_AUTHOR_EMAIL": "test@localhost",
    "GIT_COMMITTER_NAME": "Test", "GIT_COMMITTER_EMAIL": "test@localhost",
}

# Stops one push at a hook: says that it is there, and goes on when told to, or after a minute.
GATE = """#!/bin/sh
{condition}
mkdir "{state}/came" 2>/dev/null || exit 0
i=0
while [ ! -e "{state}/go" ] && [ $i -lt 3000 ]; do sleep 0.02; i=$((i + 1)); done
exit "$(cat "{state}/go")"
"""


def git(*arguments, directory=None, data=None, environment=None):
    """What git prints; it must succeed."""
    done = try_git(*arguments, directory=directory, data=data, environment=environment)
    assert done.returncode == 0, f"git {' '.join(arguments)}: {done.stderr.decode()}"
    return done.stdout


def try_git(*arguments, directory=None, data=None, environment=None):
    """What git does, as somebody runs it by hand, whatever that is."""
    place = ["-C", directory] if directory else []
    return programs.call("git", *place, *arguments, stdin=data or b"",
                         environment=PLAIN | (environment or {}), patience=programs.PATIENCE * 5)


class Gate:
    """A hook at which one push waits: `pre-receive`, or when the refs are moved, before a reply."""

    def __init__(self, bare, is_accepted):
        self.state = bare.directory.with_name("gate")
        shutil.rmtree(self.state, ignore_errors=True)
        self.state.mkdir()
        name = "reference-transaction" if is_accepted else "pre-receive"
        condition = '[ "$1" = committed ] || exit 0' if is_accepted else ""
        self._hook = bare.hook(name, GATE.format(condition=condition, state=self.state))

    @property
    def is_reached(self):
        return (self.state / "came").exists()

    def open(self, status=0):
        """Lets the push that waits go on; it and the later ones end so."""
        (self.state / "new").write_text(str(status))
        (self.state / "new").rename(self.state / "go")

    def remove(self):
        self.open(1)
        self._hook.unlink()


class Bare:
    """A bare repository on this machine; `branch` is the one that threads are on."""

    def __init__(self, directory, branch="main"):
        self.directory = directory
        self.branch = branch
        directory.mkdir(parents=True)
        self.git("init", "--quiet", "--bare", f"--initial-branch={branch}")
        # Every tip that anybody could have seen is written down; a served push needs no permission.
        for key, value in [("core.logAllRefUpdates", "always"), ("http.receivepack", "true"),
                           ("receive.fsckObjects", "true"), ("gc.auto", "0")]:
            self.git("config", key, value)

    def git(self, *arguments, data=None):
        return git(*arguments, directory=self.directory, data=data)

    def hook(self, name, script):
        return programs.write_program(self.directory / "hooks" / name, script)

    @property
    def tip(self):
        """The branch's commit; None while there is none."""
        found = self.git("for-each-ref", "--format=%(objectname)", f"refs/heads/{self.branch}")
        return found.decode().strip() or None

    @property
    def _log(self):
        return self.directory / "logs" / "refs" / "heads" / self.branch

    def shown(self):
        """Every tip that the branch has had, in order."""
        if not self._log.exists():
            return []
        return [line.split(" ", 2)[1] for line in self._log.read_text().splitlines()]

    def files(self, commit):
        """The names and contents of a commit's files."""
        listing = self.git("ls-tree", "-r", "-z", "--name-only", commit).decode()
        names = [name for name in listing.split("\0") if name]
        request = "".join(f"{commit}:{name}\n" for name in names).encode()
        return dict(zip(names, self.blobs(request)))

    def blobs(self, request):
        """The objects that lines of revisions name; None for what there is not."""
        output = self.git("cat-file", "--batch", data=request)
        return batch(output, request.count(b"\n"))

    def commit(self, files, message="By hand", parent=None):
        """A commit with these files alone, made without a work tree; moves no branch."""
        tree = b""
        for name, text in sorted(files.items()):
            blob = self.git("hash-object", "-w", "--stdin", data=text.encode()).decode().strip()
            tree += f"100644 blob {blob}\t{name}\n".encode()
        tree = self.git("mktree", data=tree).decode().strip()
        parents = ["-p", parent] if parent else []
        return self.git("commit-tree", tree, *parents, "-m", message).decode().strip()

    def set_branch(self, commit):
        self.git("update-ref", f"refs/heads/{self.branch}", commit)

    def forget_shown(self, tip):
        """Takes out of the log of tips what a test wrote there by hand."""
        lines = self._log.read_text().splitlines(keepends=True)
        self._log.write_text("".join(line for line in lines if tip not in line))
