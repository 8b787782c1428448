"""The built programs, and where they may write while they are tested."""
import copy
import functools
import json
import os
import random
import subprocess
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
BIN = Path(os.environ.get("WATERCOOLER_BIN") or ROOT / ".build" / "debug").resolve()
WC = BIN / "wc"
SERVER = BIN / "watercooler-mcp"
# The programs of an earlier version, if there are any.
OLD_BIN = Path(os.environ["WATERCOOLER_OLD_BIN"]).resolve() \
    if os.environ.get("WATERCOOLER_OLD_BIN") else None
# What the server lists, in this order.
TOOLS = ["say", "ack", "handoff", "set_status", "set_ball", "read_thread", "list_threads",
         "list_updates", "wait", "search", "sync", "reindex", "whoami", "health"]
# Nothing here takes a second; a program that hangs is to fail its test.
PATIENCE = 60


def environment(home, agent):
    """What a program is started with in a home, to write as somebody."""
    return {"HOME": str(home), "PATH": os.environ["PATH"], "GIT_CONFIG_NOSYSTEM": "1",
            "WATERCOOLER_AGENT": agent, "WATERCOOLER_USER": "alice"}


def words(command):
    """A command's words, of which some are numbers or paths, and some what git has printed."""
    return [word if isinstance(word, bytes) else str(word) for word in command]


def call(*command, at=None, stdin="", text=False, code=None, patience=PATIENCE, environment=None):
    """What comes of a command, whatever it is, unless it must end with this `code`."""
    done = subprocess.run(
        words(command), env=environment, cwd=at, text=text, timeout=patience, capture_output=True,
        input=stdin.encode() if isinstance(stdin, str) and not text else stdin)
    assert code is None or done.returncode == code, done
    return done


def eventually(claim, what="what is waited for", patience=PATIENCE):
    """The first truth that `claim` gives; fails when there is none in time.

    - what: What is said then; or what gives it.
    """
    deadline = time.monotonic() + patience
    while not (result := claim()):
        assert time.monotonic() < deadline, f"{what() if callable(what) else what} did not happen"
        time.sleep(0.01)
    return result


def write_program(path, text):
    """Makes a file, and what it is in, that can be run."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)
    path.chmod(0o755)
    return path


def make_liar(directory, script, **words):
    """A directory of programs whose `wc` is a script, in which `{program}` is the real one."""
    liar = directory / "liar"
    write_program(liar / "wc", script.format(program=WC, **words))
    (liar / "watercooler-mcp").symlink_to(SERVER)
    return liar


class Place:
    """A home, a threads directory and an identity that belong to one test."""

    # Where the programs are that are run for it.
    bin = BIN

    def __init__(self, directory, agent="Claude", **variables):
        self.home = directory / "home"
        self.home.mkdir(parents=True)
        # Where commands are run.
        self.work = self.home
        self.threads = directory / "threads"
        self.environment = environment(self.home, agent) | {"WATERCOOLER_DIR": str(self.threads)}
        self.environment |= variables

    def using(self, bin):
        """The same place, with the programs of another directory."""
        place = copy.copy(self)
        place.bin = bin
        return place

    def call(self, *command, at=None, environment={}, **how):
        """What comes of a command in this environment; `call` says how."""
        return call(*command, environment=self.environment | environment, at=at or self.work, **how)

    def run(self, *arguments, **how):
        """What `wc` does with these arguments, whatever it is."""
        return self.call(self.bin / "wc", *arguments, **how)

    def start(self, *command, at=None, environment={}, **streams):
        """A command that goes on, its output read by who started it."""
        streams = {"stdin": subprocess.DEVNULL, "stdout": subprocess.PIPE,
                   "stderr": subprocess.PIPE} | streams
        return subprocess.Popen(words(command), cwd=at or self.work,
                                env=self.environment | environment, **streams)

    def typed(self, command, **how):
        """What comes of a command of a hint, typed as it was printed."""
        path = {"PATH": f"{BIN}:{self.environment['PATH']}"}
        return self.call("sh", "-ec", command, environment=path, **how)

    def wc(self, *arguments, **how):
        """What `wc` prints, which must succeed without a word on stderr."""
        done = self.run(*arguments, **how)
        assert (done.returncode, done.stderr) == (0, b""), done
        return done.stdout.decode()

    def json(self, *arguments):
        """The JSON that `wc` prints, which must succeed without a word on stderr."""
        return json.loads(self.wc(*arguments, "--json"))

    def receipt(self, *arguments, code=0, **how):
        """The receipt of a write, which must end with this code."""
        return json.loads(self.run(*arguments, "--json", code=code, **how).stdout)["receipt"]

    def read(self, topic):
        return self.json("read", topic)["thread"]

    def list(self):
        return self.json("list")["threads"]

    def file(self, topic):
        return self.threads / f"{topic}.md"


@functools.cache
def version():
    """Which version the programs have."""
    return json.loads(call(WC, "version", "--json", code=0).stdout)["watercooler"]


def seeded():
    """A source of randomness; its seed is printed, and can be given in WATERCOOLER_SEED."""
    seed = int(os.environ.get("WATERCOOLER_SEED") or random.SystemRandom().randrange(1 << 32))
    print(f"WATERCOOLER_SEED={seed}")
    return random.Random(seed)
