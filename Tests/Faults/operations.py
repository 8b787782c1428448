"""What is done while something fails, and what its answers promise."""
from typing import NamedTuple

CLONES = ("file", "repo", "branch", "path", "ssh", "http")
EVERY = ("local", *CLONES)
# What the operation under test says; nobody else says it.
BODY = "said under a fault\n\n---\n- with a second line"


class Operation(NamedTuple):
    """One command of alice's.

    - stage: What the world is like before it.
    - promise: How its answer is understood.
    - is_offline: Whether the remote is away meanwhile.
    - holds: A lock of the clone that somebody else has for a moment.
    - target: The body of the entry that it is about.
    - crowd: How many calls of a server are made at once.
    """

    name: str
    stage: str
    arguments: tuple
    promise: str
    modes: tuple = EVERY
    is_offline: bool = False
    holds: str = ""
    is_served: bool = False
    target: str = ""
    crowd: int = 1

    @property
    def shows(self):
        """The command that shows the same."""
        return self.name.removeprefix("server-").removesuffix("-text").removesuffix(
            "-offline").removesuffix("-crowd")

    @property
    def is_text(self):
        """Whether it is asked for as a person or a script without JSON asks."""
        return self.name.endswith("-text")

    def words(self, world):
        """The arguments in this world."""
        if self.promise == "init":
            return [*(world.alice.init or ["list"]), *self.arguments, "--json"]
        if self.promise == "drop":
            return [*self.arguments, identity_of(world, self.target), "--json"]
        return [*self.arguments] if self.is_text else [*self.arguments, "--json"]


def identity_of(world, body):
    """The Entry-ID of what alice's files have with this body."""
    for document in world.alice.files().values():
        for entry in document.entries:
            if entry.body == body:
                return entry.identity
    raise AssertionError(f"nobody said {body!r}")


def say(name, stage, *options, topic="plan", **more):
    return Operation(name, stage, ("say", topic, "-m", BODY, *options), "say", **more)


def served(name, stage, tool, promise, modes=EVERY, more=None, **arguments):
    return Operation(f"server-{name}", stage, (tool, arguments), promise, modes, is_served=True,
                     **more or {})


SAID = {"topic": "plan", "title": "said", "body": BODY}
OPERATIONS = {each.name: each for each in [
    say("say", "calm"),
    say("say-race", "news", modes=CLONES),
    say("say-offline", "news", modes=CLONES, is_offline=True),
    say("say-new", "calm", topic="brand-new"),
    say("say-if", "news", "--if-ball", "Claude", modes=EVERY),
    say("say-busy", "news", modes=CLONES, holds="push.lock"),
    Operation("sync", "queued", ("sync",), "sync", CLONES),
    Operation("outbox", "queued", ("outbox",), "outbox", CLONES),
    Operation("drop", "queued", ("outbox", "drop"), "drop", CLONES, target="waits in plan"),
    Operation("drop-new", "queued", ("outbox", "drop"), "drop", CLONES, target="waits in other"),
    Operation("read", "news", ("read", "plan"), "shown"),
    Operation("updates", "news", ("updates",), "shown"),
    Operation("list", "news", ("list",), "shown"),
    Operation("search", "news", ("search", "bob"), "shown"),
    Operation("read-offline", "news", ("read", "plan"), "shown", CLONES, is_offline=True),
    Operation("updates-offline", "news", ("updates",), "shown", CLONES, is_offline=True),
    Operation("read-text", "news", ("read", "plan"), "shown"),
    Operation("updates-text", "news", ("updates",), "shown"),
    Operation("list-text", "news", ("list",), "shown"),
    Operation("init", "fresh", (), "init"),
    Operation("begin", "empty", (), "init", ("file", "branch", "path")),
    Operation("import", "own", ("--import",), "init", ("file", "branch", "path", "http")),
    Operation("begin-import", "alone", ("--import",), "init", ("file", "branch", "path")),
    Operation("doctor", "broken", ("doctor", "--fix"), "doctor", CLONES),
    served("say", "news", "say", "say", **SAID),
    served("say-if", "news", "say", "say", **SAID, if_ball="Claude"),
    served("read", "news", "read_thread", "shown", topic="plan"),
    served("updates", "news", "list_updates", "shown"),
    served("wait", "news", "wait", "shown", timeout_s=2),
    served("list", "news", "list_threads", "shown"),
    served("search", "news", "search", "shown", query="bob"),
    served("updates-offline", "news", "list_updates", "shown", CLONES, {"is_offline": True}),
    served("wait-offline", "news", "wait", "shown", CLONES, {"is_offline": True}, timeout_s=1),
    served("read-crowd", "calm", "read_thread", "shown", ("local", "file"), {"crowd": 60},
           topic="plan"),
    served("sync", "queued", "sync", "sync", CLONES),
]}
