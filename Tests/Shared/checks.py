"""What must be so after every test, whatever it did; each check can be called alone."""
import fcntl
import itertools
import os
import sys
from pathlib import Path

import programs
from history import Repository, Walk

LEFT_BY_GIT = ["rebase-merge", "rebase-apply", "MERGE_HEAD", "CHERRY_PICK_HEAD", "REVERT_HEAD",
               "AUTO_MERGE", "sequencer"]


def judged(remote, *clones, options=()):
    """The exit code of `scripts/check-history`, and what it says."""
    script = programs.ROOT / "scripts" / "check-history"
    done = programs.call(sys.executable, script, remote, *clones, *options, text=True)
    return done.returncode, done.stdout + done.stderr


def judge(world, *options):
    """What the checker of histories says of a world, in which it must find nothing."""
    clones = [clone.threads for clone in world.clones]
    code, words = judged(world.remote.bare.directory, *clones, options=options)
    assert code == 0, words
    return words


def check(world):
    """Sends what waits, and checks all of it; returns the threads as the remote has them."""
    settle(world)
    documents = check_remote(world)
    for clone in world.clones:
        if clone.threads.exists():
            check_clone(clone)
    return documents


def settle(world):
    """One round of `wc sync` empties every outbox; after a second all clones are the same."""
    for clone in world.clones:
        done = clone.run("sync", "--quiet")
        assert (done.returncode, done.stdout, done.stderr) == (0, b"", b""), (clone.name, done)
        assert clone.outbox() == [], f"{clone.name} keeps something after a sync"
    for clone in world.clones:
        clone.wc("sync", "--quiet")
    tip = world.remote.bare.tip
    for clone in world.clones:
        head = clone.git("rev-parse", "HEAD").decode().strip()
        assert head == tip, f"{clone.name} is at {head} after two rounds, the remote at {tip}"


# The remote

def check_remote(world):
    """What was acknowledged is there once, as it was said; nothing that was shown ever moved."""
    bare = world.remote.bare
    fsck(bare.directory)
    check_shown(bare)
    if bare.tip is None:
        assert not world.ledger.acknowledged, "something was acknowledged, and the remote is empty"
        return {}
    check_line(bare)
    documents = world.documents()
    check_entries(world.ledger, documents)
    for topic, document in documents.items():
        if topic not in world.balls_set_apart:
            check_ball(topic, document)
    return documents


def check_entries(ledger, documents):
    found = {entry.identity: (topic, entry.body)
             for topic, document in documents.items() for entry in document.entries}
    count = sum(len(document.entries) for document in documents.values())
    assert count == len(found), "an Entry-ID is in two threads"
    missing = {one: said for one, said in ledger.acknowledged.items() if one not in found}
    assert not missing, f"acknowledged, and not in the remote: {missing}"
    for identity, said in ledger.acknowledged.items():
        assert found[identity] == said, f"{identity} is not as it was said"
    bodies = [body for _, body in found.values()]
    for body in ledger.refused:
        assert body not in bodies, f"refused, and written all the same: {body!r}"
    # Test bodies are all different: the same one twice is a retry that became a second entry.
    for body in {body for _, body in ledger.acknowledged.values()}:
        assert bodies.count(body) == 1, f"{bodies.count(body)} times in the remote: {body!r}"


def check_ball(topic, document):
    """The ball is where the last entry that passed it on put it."""
    balls = [entry.head["Ball"] for entry in document.entries if "Ball" in entry.head]
    if balls:
        assert document.head["ball"] == balls[-1], f"the ball of {topic} is not its last entry's"


def check_shown(bare):
    """Every tip that the remote has shown is an ancestor of the next one."""
    shown = bare.shown()
    assert (shown[-1] if shown else None) == bare.tip, "the log of tips does not end at the tip"
    if shown:
        line = set(bare.git("rev-list", "--first-parent", shown[-1]).decode().split())
        lost = [tip for tip in shown if tip not in line]
        assert not lost, f"shown once, and no longer in the line of history: {lost}"


def check_line(bare):
    """Commit by commit, every thread begins with the entries that it had, and they stay the same."""
    walk = Walk()
    walk.go(Repository(bare.directory), bare.tip, is_line=True)
    # In a test nobody takes an entry out by hand; some edit one.
    bad = [one for one in walk.findings
           if not one.is_by_hand or one.kind not in ("altered", "ball")]
    assert not bad, "\n".join(one.text for one in bad)


def fsck(directory):
    words = Repository(directory).fsck()
    assert not words, words


# A clone

def check_clone(clone):
    """Nothing of ours or of git's is left behind, and nothing waits for a person."""
    assert clone.git("status", "--porcelain", "-z") == b"", \
        f"{clone.name}: {clone.git('status', '--porcelain').decode()}"
    assert clone.git("symbolic-ref", "HEAD").decode().strip() == \
        f"refs/heads/{clone.world.remote.bare.branch}"
    assert clone.git("stash", "list") == b""
    directory = clone.threads / ".git"
    left = [name for name in LEFT_BY_GIT if (directory / name).exists()]
    left += [str(path) for path in directory.rglob("*.lock") if is_git_lock(path)]
    left += [str(path) for path in directory.glob("*.tmp*")]
    assert not left, f"{clone.name}: git left {left}"
    beside = [path.name for path in clone.threads.parent.iterdir()
              # A home may be right there, too.
              if path.name not in ("home", ".watercooler", clone.threads.name)]
    assert not beside, f"{clone.name}: beside the clone there is {beside}"
    fsck(clone.threads)
    check_locks_are_free(clone)


def is_git_lock(path):
    """Git's own lock is beside the file that it locks; ours are files that stay."""
    return "watercooler" not in path.parts


def check_locks_are_free(clone):
    """No process that went on, such as ssh's master, holds a lock of ours."""
    files = [path for path in (clone.threads / ".git").rglob("*")
             if path.is_file() and "objects" not in path.parts]
    for path in [clone.threads, *files]:
        descriptor = os.open(path, os.O_RDONLY)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise AssertionError(f"{path} is locked, and nothing of ours runs: "
                                 f"{holders(clone.threads)}") from None
        finally:
            os.close(descriptor)


def holders(directory):
    """Which processes have files below a directory open, as far as this system says."""
    found = {}
    for process in Path("/proc").glob("[0-9]*"):
        try:
            links = [os.readlink(link) for link in (process / "fd").iterdir()]
            if any(link.startswith(f"{directory}/") for link in links):
                found[process.name] = (process / "cmdline").read_bytes().replace(b"\0", b" ")
        except OSError:
            continue
    return dict(itertools.islice(found.items(), 10))
