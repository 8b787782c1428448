"""Everything in a code repository that is the person's: what there is, and what of it has changed.

All of it, byte for byte, but for what is ours by name: the store, one line of excludes, two settings of
the merge, the store's branch with what git notes about it, and the store's own administration.
"""
import difflib
import os
import re
import stat
from typing import NamedTuple

BRANCH = "watercooler"
# Beside the threads directory: held while it is made, half made, what waits to be imported.
BESIDE = ("", ".lock", ".cloning", ".importing")
EXCLUDED = b"/.watercooler/"
SETTINGS = rb"\s*(name|driver) = "


class Thing(NamedTuple):
    """What is at a path."""

    mode: int
    data: bytes
    # None for what may be written anew as long as it says the same.
    time: int | None = None

    def __str__(self):
        kind = {stat.S_IFDIR: "a directory", stat.S_IFLNK: "a link"}.get(stat.S_IFMT(self.mode), "a file")
        return f"{kind} of {len(self.data)} bytes, mode {stat.S_IMODE(self.mode):o}"


class Belongings:
    """What is the person's at one moment.

    - project: The root of the code's work tree; its `.git` is a directory.
    - trees: The work trees that the person added.
    - others: Any other files that are not to change, such as the traces of hooks.
    - remote: A bare repository whose branches are the person's but for `shared`.
    """

    def __init__(self, project, trees=(), others=(), remote=None, shared=BRANCH, branch=BRANCH):
        self.project, self.branch = project, branch
        self.common = project / ".git"
        self.things = {}
        store = project / ".watercooler"
        self._ours = {str(store) + end for end in BESIDE}
        self._ours |= set(map(str, self._administration(store)))
        for root in [project, *trees, *others]:
            self._walk(root, root.parent)
        self.objects = {path for path in map(str, (self.common / "objects").rglob("*"))
                        if "tmp_" not in path and os.path.isfile(path)}
        # Nothing is known of a remote that is away.
        self.refs = None
        if remote and remote.directory.exists():
            listing = remote.git("for-each-ref", "--format=%(refname) %(objectname)").decode()
            self.refs = dict(line.split() for line in listing.splitlines())
            self.refs.pop(f"refs/heads/{shared}", None)

    def _administration(self, store):
        """What git keeps about our linked work tree; about one that was only begun, too."""
        for place in self.common.glob("worktrees/*"):
            pointer = place / "gitdir"
            text = pointer.read_text().strip() if pointer.exists() else ""
            is_ours = text == f"{store}/.git" or text.startswith(f"{store}.cloning/")
            if is_ours or (not text and place.name.startswith("-watercooler")):
                yield place

    def _is_ours(self, path):
        if path in self._ours:
            return True
        if not path.startswith(f"{self.common}/"):
            return False
        name = path.removeprefix(f"{self.common}/").removeprefix("logs/").removesuffix(".lock")
        return name in ("objects", "watercooler") or name.startswith("refs/watercooler/") or name in (
            f"refs/heads/{self.branch}", f"refs/remotes/origin/{self.branch}")

    def _walk(self, path, base):
        if self._is_ours(str(path)):
            return
        if not os.path.lexists(path):
            return
        info = path.lstat()
        name = str(path.relative_to(base))
        is_git = path == self.common or self.common in path.parents
        if stat.S_ISDIR(info.st_mode):
            # Git's own directories come and go with what is in them.
            if not is_git:
                self.things[name] = Thing(info.st_mode, b"")
            for child in sorted(os.listdir(path)):
                self._walk(path / child, base)
        elif stat.S_ISLNK(info.st_mode):
            self.things[name] = Thing(info.st_mode, os.readlink(path).encode())
        else:
            self.things[name] = self._file(path, info)

    def _file(self, path, info):
        data, time = path.read_bytes(), info.st_mtime_ns
        reading = {self.common / "config": without_settings,
                   self.common / "info" / "exclude": without_line,
                   self.common / "packed-refs": self._without_refs}.get(path)
        return Thing(info.st_mode, reading(data) if reading else data, None if reading else time)

    def _without_refs(self, data):
        ours = (f" refs/heads/{self.branch}", f" refs/remotes/origin/{self.branch}")
        lines = data.decode().splitlines(keepends=True)
        return "".join(line for line in lines if not line.rstrip().endswith(ours)
                       and " refs/watercooler/" not in line).encode()


def without_settings(data):
    """A configuration without the two settings of our merge, and without their section's head."""
    lines, is_ours = [], False
    for line in data.splitlines(keepends=True):
        if line.lstrip().startswith(b"["):
            is_ours = line.strip() == b'[merge "watercooler"]'
            if is_ours:
                continue
        if not is_ours or not re.match(SETTINGS, line):
            lines.append(line)
    return b"".join(lines)


def without_line(data):
    """Excludes without the line that is ours; it may have ended the one before it."""
    return b"\n".join(line for line in data.split(b"\n") if line != EXCLUDED).rstrip(b"\n") + b"\n"


def changes(before, after, is_settled=True):
    """What differs, one line each.

    - is_settled: Whether locks and temporary files of what was killed count, too.
    """
    found = []
    passing = () if is_settled else (".lock", ".watercooler.tmp")
    for name in sorted(before.things.keys() | after.things.keys()):
        old, new = before.things.get(name), after.things.get(name)
        if old == new or old is None and name.endswith(passing):
            continue
        if old is None or new is None:
            words = f"{name} is gone: {old}" if new is None else f"{name} is new: {new}"
            found.append(f"{words}\n{difference(b'', (new or old).data)}".rstrip())
        elif old.data != new.data:
            found.append(f"{name} was {old}, is {new}\n{difference(old.data, new.data)}".rstrip())
        elif old.mode != new.mode:
            found.append(f"{name} was {old}, is {new}")
        else:
            found.append(f"{name} was written anew, as it was")
    if gone := before.objects - after.objects:
        found.append(f"{len(gone)} of the files of objects are gone: {sorted(gone)[0]}")
    if None not in (before.refs, after.refs):
        for ref in sorted(before.refs.keys() | after.refs.keys()):
            if (old := before.refs.get(ref)) != (new := after.refs.get(ref)):
                found.append(f"the remote's {ref} was {old}, is {new}")
    return found


def difference(old, new):
    """What two texts do not have in common; nothing where they are none."""
    if b"\0" in old + new:
        return ""
    lines = difflib.unified_diff(old.decode(errors="replace").splitlines(),
                                 new.decode(errors="replace").splitlines(), lineterm="", n=0)
    return "\n".join(list(lines)[2:12])
