"""Clones, what they said, and what they were told about it."""
import itertools
import json
import threading
from dataclasses import dataclass, field

import programs
from bare import git
from documents import Document, is_thread
from lines import Lines

# Lines that a parser, a merge or a shell may trip over.
LINES = [
    "plain", "", "---", "Entry: Claude 2026-01-02T03:04:05Z",
    "\\Entry: A 2026-01-02T03:04:05Z", "<!-- Entry-ID: 01M7XX0F93F0WMC16VMVX7YP8Z -->", "```",
    "Status: CLOSED", "é e\u0301 🧑‍🚀", "\tindented", "trailing  ", '{"json": [1, 2]}', "- a\n- b",
    "long " * 200,
]


@dataclass
class Ledger:
    """Every reply: what the programs answer for, and what they said was not written."""

    acknowledged: dict = field(default_factory=dict)
    refused: list = field(default_factory=list)
    receipts: list = field(default_factory=list)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def acknowledge(self, receipt, body):
        with self.lock:
            self.receipts.append(receipt)
            if receipt["entry_id"]:
                self.acknowledged[receipt["entry_id"]] = (receipt["topic"], body)

    def refuse(self, body):
        with self.lock:
            self.refused.append(body)


class Clone(programs.Place):
    """One machine: a home, an identity and a clone; several programs may run on it at once."""

    def __init__(self, world, name):
        # What takes longer than this on a busy machine is not what the tests are about.
        super().__init__(world.directory / name, agent=name, WATERCOOLER_GIT_REPO=world.remote.url,
                         WATERCOOLER_TIMEOUT="50", **world.remote.settings)
        self.name = name
        self.world = world
        if world.remote.bare.branch != "main":
            self.environment["WATERCOOLER_GIT_BRANCH"] = world.remote.bare.branch

    def git(self, *arguments):
        return git(*arguments, directory=self.threads)

    def try_say(self, topic, body, *options):
        """Says something; returns exit code, receipt (None if there is none) and stderr."""
        done = self.run("say", topic, "-m", body, "--json", *options)
        receipt = json.loads(done.stdout)["receipt"] if done.stdout.strip() else None
        if receipt:
            self.world.ledger.acknowledge(receipt, body)
        elif b"nobody knows yet" not in done.stderr:
            # Only what says that it was not written must be missing.
            self.world.ledger.refuse(body)
        return done.returncode, receipt, done.stderr.decode()

    def say(self, topic, body, *options, state="pushed"):
        """Says something, which must get as far as `state`."""
        code, receipt, errors = self.try_say(topic, body, *options)
        assert (code, receipt and receipt["state"]) == (0, state), (code, receipt, errors)
        return receipt

    def outbox(self):
        """The Entry-IDs of what waits."""
        return [one for commit in self.json("outbox")["outbox"] for one in commit["entry_ids"]]

    def server(self):
        return Speaker(self)


class Speaker(Lines):
    """A server on a clone."""

    def __init__(self, clone):
        super().__init__(clone, clone.bin / "watercooler-mcp")
        self.world = clone.world

    def __enter__(self):
        try:
            self.initialize("2025-11-25")
        except BaseException as error:
            self.__exit__(type(error))
            raise
        return self

    def say(self, topic, body, **arguments):
        result = self.call("say", topic=topic, title=body.split("\n")[0], body=body, **arguments)
        if result["isError"]:
            # Only what is said to be not written may not be there.
            if "obody knows yet" not in result["content"][0]["text"]:
                self.world.ledger.refuse(body)
        else:
            self.world.ledger.acknowledge(result["structuredContent"], body)
        return result


class World:
    """A remote, its clones, and the ledger of what was said."""

    def __init__(self, directory, remote, random):
        self.directory = directory
        self.remote = remote
        self.random = random
        self.ledger = Ledger()
        self.clones = []
        # Threads in which something was set without an entry, so that their ball is not the last
        # entry's.
        self.balls_set_apart = set()
        # Not where a test changes what all checks hold on to, and does those that remain.
        self.is_checked = True
        self._numbers = itertools.count()
        self._lock = threading.Lock()

    def clone(self, name=None):
        clone = Clone(self, name or f"clone{len(self.clones)}")
        self.clones.append(clone)
        return clone

    def body(self, *words):
        """A body that nobody else has; its first line says whose it is."""
        with self._lock:
            lines = self.random.choices(LINES, k=self.random.randrange(6))
            number = next(self._numbers)
        return "\n".join([f"body {number} " + " ".join(words), *lines, "end"])

    def documents(self):
        """The threads as the remote has them now."""
        bare = self.remote.bare
        return {name.removesuffix(".md"): Document(data, name)
                for name, data in bare.files(bare.tip).items()
                if is_thread(name)}

    def ball(self):
        with self._lock:
            return self.random.choice(["Claude", "Codex", "Cursor", "Team"])


def at_once(*works):
    """Runs all of these at the same time; fails with the first that fails, when all are done."""
    errors = []
    barrier = threading.Barrier(len(works))

    def run(work):
        try:
            barrier.wait()
            work()
        except BaseException as error:
            errors.append(error)

    threads = [threading.Thread(target=run, args=[work]) for work in works]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if errors:
        raise errors[0]
