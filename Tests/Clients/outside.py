"""What a script sees of the programs, step by step, beside a golden file that holds it.

Of each call: its exit code, and what it printed as a script takes it: an object (`--json`, and the
server's `structuredContent`), rows of cells between tabs, or lines. Words for people are not held, only
whether there are any. What may differ in a later version: `placeholders.py`.
"""
import contextlib
import json
import re
import shlex
from pathlib import Path

import programs
import recording
from lines import Lines
from placeholders import Comparison, Placing
from running import Running

GOLDENS = Path(__file__).resolve().parent / "goldens"
ROWS = {"list", "outbox", "log"}
WORDS = {"read", "updates", "wait", "doctor", "whoami", "stats", "sync", "help", "completion",
         "mcp"}
# Of a state directory, or a clone that is named after its URL: its place is derived from another.
DERIVED = re.compile(r"(?<=/\.watercooler/)(state|repos)/[\w.-]+")


class Outside:
    """The steps of one scenario."""

    def __init__(self, name, directory):
        self.name = name
        self.steps = []
        # Placeholders, by what they stand for.
        self.names = {str(directory): "<dir>", str(programs.BIN): "<bin>"}

    def check(self):
        """Compares with the golden file, or writes it."""
        text = json.dumps(Placing().steps(self.steps), indent=1, ensure_ascii=False) + "\n"
        recording.compare(GOLDENS / f"outside-{self.name}.json", text,
                          lambda golden, _: "\n".join(self._differences(json.loads(golden))))

    def _differences(self, golden):
        comparison = Comparison()
        for step, found in zip(golden, self.steps):
            yield from comparison.differences(step, found, step["call"])
        if len(golden) != len(self.steps):
            yield f"{len(self.steps)} steps instead of {len(golden)}"

    # Commands

    def wc(self, place, *arguments, stdin="", **variables):
        """Takes down what a command does; gives what it printed."""
        with with_variables(place, variables):
            done = place.run(*arguments, stdin=stdin)
        text = done.stdout.decode()
        self._take(call(place, "wc", arguments, variables), exit=done.returncode,
                   **printed(arguments, text))
        return text

    def json(self, place, *arguments, **variables):
        """The same with `--json`; gives the object."""
        text = self.wc(place, *arguments, "--json", **variables)
        return json.loads(text) if text.strip() else None

    @contextlib.contextmanager
    def running(self, place, *arguments, signal=None, **variables):
        """A command that goes on; gives a function that waits for the object in the next line."""
        with Running(place, *arguments, **variables) as running:
            lines = []

            def next_line():
                lines.append(json.loads(running.line()))
                return lines[-1]

            yield next_line
            code, rest, _ = running.end(signal)
        lines += map(json.loads, rest.splitlines())
        self._take(call(place, "wc", arguments, variables), exit=code, json=lines)

    # Tools

    @contextlib.contextmanager
    def server(self, place, **variables):
        """A server; gives a function that calls a tool and takes down the answer."""
        with with_variables(place, variables):
            lines = Lines(place, programs.SERVER)
        with lines:
            lines.initialize("2025-11-25")
            yield lambda tool, **arguments: self._tool(place, lines, tool, arguments)

    def _tool(self, place, lines, tool, arguments):
        result = lines.call(tool, **arguments)
        structured = result.get("structuredContent")
        step = {"isError": result["isError"], "structured": structured}
        if arguments.get("format") == "json":
            # Then the text is for programs too; what one has to know besides stands after it.
            step["text"] = json.JSONDecoder().raw_decode(result["content"][0]["text"])[0]
        words = json.dumps(arguments, ensure_ascii=False)
        self._take(call(place, tool, [], {}) + " " + words, **step)
        return structured

    def other(self, what, value):
        """Takes down something else that programs rely on."""
        self._take(what, json=value)

    # What is taken down

    def _take(self, what, **step):
        self.steps.append(self._placed({"call": what, **step}))

    def _placed(self, value):
        """A value in which a place is named in the same way wherever it is."""
        if isinstance(value, dict):
            return {self._placed(key): self._placed(item) for key, item in value.items()}
        if isinstance(value, list):
            return [self._placed(item) for item in value]
        if not isinstance(value, str):
            return value
        for word, placeholder in self.names.items():
            value = value.replace(word, placeholder)
        value = DERIVED.sub(r"\1/<derived>", value)
        return re.sub(rf"(?<![\w.]){re.escape(programs.version())}(?![\w.])", "<version>", value)


@contextlib.contextmanager
def with_variables(place, variables):
    environment = place.environment
    place.environment = environment | variables
    try:
        yield
    finally:
        place.environment = environment


def call(place, program, arguments, variables):
    """How a call reads in a shell, on a machine that may have a name."""
    words = [f"{name}={shlex.quote(value)}" for name, value in variables.items()]
    name = getattr(place, "name", None)
    return " ".join([f"{name}:"] * bool(name) + words + [program, *map(shlex.quote, arguments)])


def printed(arguments, text):
    """What a command has printed, as a script takes it."""
    command, values = arguments[0], [word for word in arguments[1:] if not word.startswith("-")]
    if "--help" in arguments:
        return {"words": text != ""}
    if "--json" in arguments and text.startswith("{"):
        return {"json": json.loads(text)}
    lines = text.splitlines()
    rows = [line.split("\t") for line in lines]
    if command == "config" and not values:
        return {"config": [{"row": row} for row in rows]}
    if "--prometheus" in arguments:
        return {"prometheus": [sample(line) for line in lines if not line.startswith("# HELP")]}
    if command in ROWS and "drop" not in values:
        return {"rows": rows}
    return {"words": text != ""} if command in WORDS else {"lines": lines}


def sample(line):
    """A line in Prometheus' format: what is measured, and the value."""
    name, _, value = line.rpartition(" ")
    return {"name": name, "varying" if name.startswith("watercooler_operation") else "value": value}
