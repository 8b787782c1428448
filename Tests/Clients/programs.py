"""The built programs, and where they may write while they are tested."""
import functools
import json
import os
import random
import subprocess
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
BIN = Path(os.environ.get("WATERCOOLER_BIN") or ROOT / ".build" / "debug").resolve()
WC = BIN / "wc"
SERVER = BIN / "watercooler-mcp"
# What the server lists, in this order.
TOOLS = ["say", "ack", "handoff", "set_status", "set_ball", "read_thread", "list_threads",
         "list_updates", "wait", "search", "sync", "reindex", "whoami", "health"]
# Nothing here takes a second; a program that hangs is to fail its test.
PATIENCE = 60


def environment(home, agent):
    """What a program is started with in a home, to write as somebody."""
    return {"HOME": str(home), "PATH": os.environ["PATH"], "GIT_CONFIG_NOSYSTEM": "1",
            "WATERCOOLER_AGENT": agent, "WATERCOOLER_USER": "alice"}


class Place:
    """A home, a threads directory and an identity that belong to one test."""

    def __init__(self, directory, agent="Claude"):
        self.home = directory / "home"
        self.home.mkdir()
        # Where commands are run.
        self.work = self.home
        self.threads = directory / "threads"
        self.environment = environment(self.home, agent) | {"WATERCOOLER_DIR": str(self.threads)}

    def run(self, *arguments, stdin=""):
        """What `wc` does with these arguments, whatever it is."""
        return subprocess.run(
            [str(WC), *arguments], env=self.environment, cwd=self.work, input=stdin.encode(),
            capture_output=True, timeout=PATIENCE)

    def wc(self, *arguments, stdin=""):
        """What `wc` prints, which must succeed without a word on stderr."""
        done = self.run(*arguments, stdin=stdin)
        assert (done.returncode, done.stderr) == (0, b""), done
        return done.stdout.decode()

    def read(self, topic):
        return json.loads(self.wc("read", topic, "--json"))["thread"]

    def list(self):
        return json.loads(self.wc("list", "--json"))["threads"]

    def file(self, topic):
        return self.threads / f"{topic}.md"


@functools.cache
def version():
    """Which version the programs have."""
    done = subprocess.run([str(WC), "version", "--json"], capture_output=True, check=True)
    return json.loads(done.stdout)["watercooler"]


def seeded():
    """A source of randomness; its seed is printed, and can be given in WATERCOOLER_SEED."""
    seed = int(os.environ.get("WATERCOOLER_SEED") or random.SystemRandom().randrange(1 << 32))
    print(f"WATERCOOLER_SEED={seed}")
    return random.Random(seed)
