"""What a history of threads must show, read with plain git: no code of the product's."""
import itertools
import os
import re
import subprocess
from pathlib import Path
from typing import NamedTuple

from documents import Damaged, Document, is_thread

TRAILER = re.compile(r"^Watercooler-Entry-ID: ([0-9A-HJKMNP-TV-Z]{26})$", re.MULTILINE)
BY_HAND = ": edited by hand ("


def batch(output, count):
    """The objects that `git cat-file --batch` printed; None for what there is not."""
    found, start = [], 0
    for _ in range(count):
        end = output.index(b"\n", start)
        header = output[start:end].split(b" ")
        start = end + 1
        if header[-1] == b"missing":
            found.append(None)
            continue
        size = int(header[-1])
        found.append(output[start:start + size])
        start += size + 1
    return found


class Finding(NamedTuple):
    """Something that is not as a program of ours leaves it; a person may want it so."""

    kind: str
    text: str
    is_by_hand: bool = False


class Commit(NamedTuple):
    """A commit, and which thread files it changes against its first parent: old and new blob."""

    id: str
    message: str
    changes: list

    @property
    def trailers(self):
        return TRAILER.findall(self.message)

    @property
    def is_by_hand(self):
        return not self.trailers

    @property
    def may_alter(self):
        """Whether it may carry what a person edited in an entry."""
        return self.is_by_hand or BY_HAND in self.message or " commits joined\n" in self.message


class Repository:
    """A clone, or a bare repository; `directory` is the path in it that has the threads."""

    def __init__(self, place, directory=""):
        self.place = Path(place)
        self.directory = f"{directory.strip('/')}/" if directory.strip("/") else ""
        # What a hook or a shell may have set is about another repository.
        self.environment = {key: value for key, value in os.environ.items()
                            if not key.startswith("GIT_")}
        self.environment |= {"LC_ALL": "C", "GIT_TERMINAL_PROMPT": "0"}

    def run(self, *arguments, data=b""):
        return subprocess.run(["git", "-C", str(self.place), *arguments], input=data,
                              env=self.environment, capture_output=True)

    def git(self, *arguments, data=b""):
        """What git prints; it must succeed."""
        done = self.run(*arguments, data=data)
        if done.returncode != 0:
            raise OSError(f"git {arguments[0]} in {self.place}: {done.stderr.decode().strip()}")
        return done.stdout

    def tip(self, reference):
        """The commit that a reference names; None where there is none."""
        done = self.run("rev-parse", "--verify", "--quiet", f"{reference}^{{commit}}")
        return done.stdout.decode().strip() or None

    def blobs(self, names):
        """The objects that these name, in their order; None for what there is not."""
        output = self.git("cat-file", "--batch",
                          data="".join(f"{name}\n" for name in names).encode())
        return batch(output, len(names))

    def thread(self, path):
        """The name of a thread file; None for other paths."""
        name = path.removeprefix(self.directory)
        is_ours = path.startswith(self.directory) and "/" not in name and is_thread(name)
        return name if is_ours else None

    def files(self, commit):
        """The names and contents of a commit's thread files."""
        listing = self.git("ls-tree", "-r", "-z", "--name-only", commit).decode()
        paths = [path for path in listing.split("\0") if self.thread(path)]
        contents = self.blobs([f"{commit}:{path}" for path in paths])
        return dict(zip(map(self.thread, paths), contents))

    def commits(self, *revisions):
        """The commits that `git rev-list` gives for these, the oldest first."""
        names = self.git("rev-list", "--reverse", "--topo-order", *revisions, "--").decode().split()
        found = []
        printed = self.git("log", "--no-walk=unsorted", "-z", "--format=%H%n%B", "--stdin",
                           data="\n".join(names).encode()).decode(errors="replace") if names else ""
        for record in filter(None, printed.split("\0")):
            name, _, message = record.partition("\n")
            found.append(Commit(name, message, []))
        by_name = {commit.id: commit for commit in found}
        listing = self.git(
            "-c", "core.quotePath=false", "diff-tree", "--stdin", "-r", "-m", "--first-parent",
            "--root", "--no-renames", "--raw", "--no-abbrev", data="\n".join(names).encode() + b"\n"
        ).decode(errors="replace") if names else ""
        commit = None
        for line in listing.splitlines():
            if not line.startswith(":"):
                commit = by_name[line.split(" ")[0]]
            elif name := self.thread(line.split("\t", 1)[1]):
                _, _, old, new, _ = line.split("\t", 1)[0].split(" ")
                commit.changes.append((name, *(None if set(blob) == {"0"} else blob
                                               for blob in (old, new))))
        return found

    def fsck(self):
        """What is wrong with the objects, in git's words; None where nothing is."""
        done = self.run("fsck", "--full", "--strict", "--no-dangling", "--no-progress")
        words = (done.stdout + done.stderr).decode(errors="replace")
        words = words.replace("notice: No default references\n", "")
        is_bad = done.returncode != 0 or re.search(r"error|missing|corrupt", words)
        return words.strip() or f"git fsck ends with {done.returncode}" if is_bad else None


class Walk:
    """Goes through commits, of several repositories, and finds what no append explains."""

    def __init__(self):
        self.findings = []
        self.count = 0
        # Of every entry, each text in which some commit brought it.
        self.brought = {}
        self._seen = set()
        self._balls = {}

    def go(self, repository, *revisions, is_line):
        """
        - is_line: Whether they are a line of history that was shown: the ball is followed along it.
        """
        options = ["--first-parent"] if is_line else []
        commits = [commit for commit in repository.commits(*options, *revisions)
                   if commit.id not in self._seen]
        commits = iter(commits)
        while some := list(itertools.islice(commits, 100)):
            names = sorted({blob for commit in some for _, *pair in commit.changes
                            for blob in pair if blob})
            blobs = dict(zip(names, repository.blobs(names)))
            for commit in some:
                self._seen.add(commit.id)
                self.count += 1
                for name, old, new in commit.changes:
                    self._change(commit, name, blobs.get(old), blobs.get(new), is_line)

    def _find(self, kind, commit, text, is_by_hand=None):
        is_by_hand = commit.is_by_hand if is_by_hand is None else is_by_hand
        self.findings.append(Finding(kind, f"{commit.id[:12]} {text}", is_by_hand))

    def _change(self, commit, name, old, new, is_line):
        if new is None:
            self._find("removed", commit, f"removes {name}")
            return
        try:
            after = Document(new, name)
        except Damaged as error:
            self._find("damaged", commit, f"leaves no whole thread: {error}")
            return
        try:
            before = Document(old, name) if old is not None else None
        except Damaged:
            # Said of the commit that did it.
            before = None
        known = {entry.identity: entry for entry in before.entries} if before else {}
        kept = list(known)
        if after.identities[:len(kept)] != kept:
            gone = [one for one in kept if one not in after.identities]
            if gone:
                self._find("removed", commit, f"removes {', '.join(gone)} from {name}")
            else:
                self._find("moved", commit, f"moves entries of {name} that had been shown: "
                                            f"{kept} became {after.identities}")
        for entry in after.entries:
            was = known.get(entry.identity)
            if was is None:
                self._bring(commit, name, entry)
            elif was.text != entry.text:
                self._find("altered", commit, f"alters {entry.identity} in {name}",
                           commit.may_alter)
                self.brought.setdefault(entry.identity, set()).add(entry.text)
        if is_line:
            self._follow_ball(commit, name, before, after)

    def _bring(self, commit, name, entry):
        texts = self.brought.setdefault(entry.identity, set())
        if texts and entry.text not in texts:
            self._find("altered", commit,
                       f"brings {entry.identity} in {name} with another text than it has elsewhere",
                       commit.may_alter)
        texts.add(entry.text)

    def _follow_ball(self, commit, name, before, after):
        known = set(before.identities) if before else set()
        new = [entry for entry in after.entries if entry.identity not in known]
        given = [entry.head["Ball"] for entry in new if "Ball" in entry.head]
        expected = given[-1] if given else self._balls.get(name)
        ball = after.head.get("ball")
        if expected is not None and ball != expected:
            is_changed = before is None or before.head.get("ball") != ball
            has_change = len(commit.trailers) > len(new) or commit.may_alter
            if not (is_changed and has_change):
                self._find("ball", commit, f"leaves the ball of {name} with {ball}; who passed it "
                                           f"on last gave it to {expected}")
        self._balls[name] = ball


def doubled(files):
    """Entries that are more than once in these threads, by their Entry-ID."""
    places = {}
    for name, document in files.items():
        for identity in document.identities:
            places.setdefault(identity, []).append(name)
    return [Finding("doubled", f"{identity} is in {', '.join(names)}")
            for identity, names in places.items() if len(names) > 1]


def documents(files):
    """The threads that can be read, and what is wrong with the others."""
    found, findings = {}, []
    for name, data in files.items():
        try:
            found[name] = Document(data, name)
        except Damaged as error:
            findings.append(Finding("damaged", str(error)))
    return found, findings
