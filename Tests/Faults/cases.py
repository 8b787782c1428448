"""Runs one case, and everything that a mode and an operation can have."""
import fcntl
import os
import threading
import time
from contextlib import contextmanager

import faults
import kinds
import servers
from belongings import changes
from looks import Case, Look
from operations import OPERATIONS
from promises import Answer
from verdicts import judge
from worlds import World


class Place:
    """Where the cases of one mode run: a world at a path that stays, since the programs note it down."""

    def __init__(self, directory, mode):
        directory.mkdir(parents=True)
        self.world = World(directory / "world", mode)
        self._usual = {}
        self._faults = {}

    def prepare(self, operation):
        self.world.come_back()
        self.world.put(operation.stage)
        if operation.is_offline:
            self.world.go_away()

    def answer(self, operation, fault):
        """What an operation answers while this fails."""
        self.prepare(operation)
        try:
            return ask(self.world, operation, fault)
        finally:
            self.world.come_back()

    def usual(self, operation):
        """The answer when nothing fails."""
        if operation.name not in self._usual:
            answer = self.answer(operation, faults.Fault())
            assert answer.code == 0, f"{operation.name} fails without a fault: {answer}"
            self._usual[operation.name] = answer
        return self._usual[operation.name]

    def faults(self, operation, kind):
        """All faults of a kind, for this operation."""
        key = operation.name, kind
        if key not in self._faults:
            found = kinds.of(kind, self.world, operation, lambda fault: self.answer(operation, fault))
            for fault in found:
                self._faults.setdefault((operation.name, fault.kind), []).append(fault)
            self._faults.setdefault(key, [])
        return self._faults[key]

    def run(self, operation, fault):
        """One case: its findings, and what it was."""
        usual = self.usual(operation) if operation.promise == "shown" else None
        world = self.world
        self.prepare(operation)
        before, mine = Look.at(world), world.alice.belongings()
        with held(world, operation.holds):
            answer = ask(world, operation, fault)
        world.come_back()
        then = Look.at(world)
        touched = changes(mine, world.alice.belongings(), is_settled=False) if mine else []
        again = None
        if operation.promise == "init":
            age(world)
            again = command(world, *operation.words(world))
        sync, updates = settle(world)
        left = world.left() if world.remote and sync.code == 0 else []
        if mine:
            later = changes(mine, world.alice.belongings())
            touched += [f"later: {change}" for change in later if change not in touched]
        case = Case(world, operation, fault, usual, before, answer, then, again, touched, sync, updates,
                    Look.at(world), left)
        return list(judge(case)), case

    def close(self):
        self.world.close()


def ask(world, operation, fault):
    if operation.is_served:
        return servers.run(world, operation, fault)
    return faults.run(world, operation.words(world), fault)


# For so many seconds a file must not have changed before what is in it is taken in.
STILLNESS = 2.1


def settle(world):
    """The first commands after the fault, as somebody gives them: a sync, then a look for news."""
    nothing = Answer(0, "", "", 0)
    if world.alice.init and not world.alice.threads.exists():
        command(world, *world.alice.init)
    sync = nothing
    if world.remote:
        for attempt in range(4):
            # What git left is believed to be left only when it is ten seconds old.
            age(world)
            if attempt == 2:
                command(world, "doctor", "--fix")
            sync = command(world, "sync", "--json")
            if sync.code == 0 and "was saved just now" in sync.out:
                # It says so, and takes it in when the file is still.
                time.sleep(STILLNESS)
            elif sync.code == 0:
                break
    return sync, command(world, "updates", "--json")


def command(world, *words):
    began = time.monotonic()
    done = world.alice.run(*words)
    return Answer(done.returncode, done.stdout.decode(errors="replace"),
                  done.stderr.decode(errors="replace"), time.monotonic() - began)


def age(world):
    """Makes what git left as old as what nobody is at any more."""
    found = []
    for directory in world.git_directories():
        found += [*directory.glob("*.lock"), *directory.glob("refs/**/*.lock"),
                  *directory.glob("rebase-*"), *directory.glob("MERGE_HEAD")]
    if world.mode == "branch":
        # What the code's repository has for all of its work trees.
        shared = world.alice.repository / ".git"
        found += [*shared.glob("*.lock"), *shared.glob("refs/**/*.lock")]
    for path in found:
        os.utime(path, (time.time() - 60,) * 2)


@contextmanager
def held(world, name):
    """One of the clone's locks is somebody else's, for a moment."""
    if not name:
        yield
        return
    place = world.git_directories()[0] / "watercooler"
    place.mkdir(exist_ok=True)
    with open(place / name, "a") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        timer = threading.Timer(0.15, lambda: fcntl.flock(lock, fcntl.LOCK_UN))
        timer.start()
        try:
            yield
        finally:
            timer.join()


def operations(mode):
    return [each for each in OPERATIONS.values() if mode in each.modes]
