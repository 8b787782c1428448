"""What `wc` says in a case, word for word, beside a file that has it as a person has read it.

RECORD=1 writes the files anew, and the tests then fail. What differs from run to run has a
placeholder.
"""
import difflib
import json
import os
import re
import shutil
from pathlib import Path

import programs
import recording
from placeholders import PATTERNS

GOLDENS = Path(__file__).resolve().parent / "goldens"
PLACEHOLDERS = [
    (rf"\b{PATTERNS['id']}\b", "<id>"),
    (r"\b[0-9a-f]{40}\b|(?<=Pushed as )[0-9a-f]{7}\b", "<commit>"),
    (rf"\b{PATTERNS['time']}", "<time>"),
    (r"(?<=127\.0\.0\.1)(\]?):\d+", r"\1:<port>"),
    (r"(?<=-p )\d+(?= 127)", "<port>"),
    (r"(?<=@127\.0\.0\.1: )Permission denied \(.*?\)", "Permission denied (<methods>)"),
    (r"[^\s@]+(?=@127\.0\.0\.1)", "<user>"),
    (r"\d+(?= MB are free)", "<count>"),
    (r"\.merge_file_\w+", "<file>"),
    # They are another program's, and not the same in all its versions.
    (r"(failed \((?:exit code|signal) \d+\)): .*", r"\1: <git's words>"),
    (r"(?<=objects are damaged: ).*", "<git's words>"),
]


def age(path, seconds=60):
    """Makes it as if nobody had touched it for so long."""
    moment = path.stat().st_mtime - seconds
    os.utime(path, (moment, moment))


class Case:
    """A world with two clones, `here` and `there`, each of which has said something in `plan`."""

    def __init__(self, world, name):
        self.world = world
        self.name = name
        self.lines = []
        self._numbers = iter(range(1, 1000))
        self.here, self.there = world.clone("here"), world.clone("there")
        # Each command looks for itself: none shares the contact of the one before.
        for clone in world.clones:
            clone.environment["WATERCOOLER_FRESH"] = "0.001"
        self.here.say("plan", world.body(), "--ball", "Codex")
        self.there.say("plan", world.body(), "--ball", "Claude")
        self.here.wc("read", "plan")

    def note(self, text):
        """A line for whoever reads the transcript: what happens between the commands."""
        self.lines.append(f"# {text}")

    def wc(self, *arguments, clone=None, code=0):
        """What a command prints, which must exit so; a read's entries are only counted."""
        done = (clone or self.here).run(*arguments)
        self.tell(arguments, done.returncode, done.stdout.decode(), done.stderr.decode())
        assert done.returncode == code, done
        return done.stdout.decode() + done.stderr.decode()

    def tell(self, arguments, code, out, errors):
        """Takes down what a command printed."""
        words = list(arguments)
        if words[0] == "say":
            words = words[:2] + [word for word in words[2:] if word.startswith("--req")]
        elif words[0] == "read" and "\n## [" in out:
            head, *entries = re.split(r"\n## \[", out)
            out = head.split("\n", 1)[1].strip("\n") + f"\n({len(entries)} entries)\n"
        self.lines.append(f"$ wc {' '.join(words)}")
        self.lines += (out + errors).rstrip("\n").split("\n") if out + errors else []
        self.lines.append(f"exit code {code}")

    def say(self, topic="plan", *options, clone=None, code=0):
        """Says something; returns its Entry-ID."""
        clone = clone or self.here
        identity = f"01M7XX0F93F0WMC16VMVX7{next(self._numbers):04d}"
        body = self.world.body()
        done = clone.run("say", topic, "-m", body, "--entry-id", identity, *options)
        self.tell(("say", topic, *options), done.returncode, done.stdout.decode(),
                  done.stderr.decode())
        if done.stdout:
            self.world.ledger.acknowledge({"entry_id": identity, "topic": topic}, body)
        else:
            self.world.ledger.refuse(body)
        assert done.returncode == code, done
        return identity

    def shown(self, topic="plan", clone=None):
        """The Entry-IDs that a read shows."""
        return [entry["entry_id"] for entry in
                json.loads((clone or self.here).run("read", topic, "--json").stdout)
                ["thread"]["entries"]]

    @property
    def transcript(self):
        text = "\n".join(self.lines) + "\n"
        places = {self.world.directory: "<here>", self.world.directory.parent: "<test>",
                  programs.BIN: "<bin>", shutil.which("git"): "<git>"}
        for place, placeholder in places.items():
            text = text.replace(str(place), placeholder)
        for pattern, placeholder in PLACEHOLDERS:
            text = re.sub(pattern, placeholder, text)
        return text

    def check_golden(self):
        """Compares with the golden file, or writes it."""
        recording.compare(GOLDENS / f"{self.name}.txt", self.transcript, difference)


def difference(golden, found):
    """What a golden and a transcript do not have in common, as `diff -u` shows it; nothing if they are
    the same."""
    return "\n".join(difflib.unified_diff(
        golden.split("\n"), found.split("\n"), "golden", "found", lineterm=""))
