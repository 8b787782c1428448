"""200,000 lines that are almost what a client sends: whatever comes, the server answers in whole lines, under
ids that were asked for, goes on, and grows no larger."""
import copy
import json
import os
import subprocess
import tempfile
import threading
from collections import Counter

import programs

ALL = 200_000
META = {"io.modelcontextprotocol/protocolVersion": "2026-07-28",
        "io.modelcontextprotocol/clientCapabilities": {}}
CALLS = [
    ("whoami", {}), ("read_thread", {"topic": "plan", "limit": 1}), ("list_threads", {"limit": 3}),
    ("search", {"query": "word", "limit": 2}), ("list_updates", {"limit": 1, "agent": "Codex"}),
    ("health", {}), ("ack", {"topic": "none"}), ("set_ball", {"topic": "plan", "ball": "Codex"}),
]
REQUESTS = [
    ("ping", {}), ("tools/list", {}), ("resources/list", {}), ("resources/templates/list", {}),
    ("initialize", {"protocolVersion": "2025-03-26", "capabilities": {},
                    "clientInfo": {"name": "mutant", "version": "1"}}),
    ("resources/read", {"uri": "watercooler://thread/plan"}), ("prompts/list", {}),
    ("prompts/get", {"name": "hand_off", "arguments": {"topic": "plan", "agent": "Codex"}}),
    ("completion/complete", {"ref": {"type": "ref/prompt", "name": "hand_off"},
                             "argument": {"name": "topic", "value": "p"}}),
    ("resources/subscribe", {"uri": "watercooler://threads"}),
    ("resources/unsubscribe", {"uri": "watercooler://threads"}), ("server/discover", {}),
    ("subscriptions/listen", {"notifications": {"resourcesListChanged": True}}),
] + [("tools/call", {"name": f"watercooler_v1_{name}", "arguments": arguments})
     for name, arguments in CALLS]
WRONG = [None, True, -1, 0, 1e300, "", "\0", "x" * 5000, [], {}, [[]], {"a": {"b": []}}, "2026-07-28",
         10 ** 400, 0.1]


class Number(str):
    """A number as it is written: `1`, `1.0` and `1e0` are three ids."""


def no_constant(word):
    raise ValueError(f"{word} is not JSON")


def value_of(line):
    """What a line says; None if it is no JSON."""
    try:
        return json.loads(line.decode(), parse_int=Number, parse_float=Number,
                          parse_constant=no_constant)
    except (ValueError, RecursionError):
        return None


def parsed(line):
    """The messages in a line; none if it is no JSON."""
    value = value_of(line)
    return value if isinstance(value, list) else [value]


def is_to_be_answered(line):
    """Whether a line is beyond doubt one proper request, whatever it asks for. (A name that is there
    twice, and half a pair of surrogates, are doubts.)"""
    value = value_of(line)
    return (isinstance(value, dict) and value.get("jsonrpc") == "2.0"
            and type(value.get("method")) is str and isinstance(value.get("id"), str)
            and isinstance(value.get("params", {}), dict)
            and b"\\u" not in line and line.count(b'":') == names(value))


def names(value):
    """How many names there are in a value, at any depth."""
    if isinstance(value, dict):
        return len(value) + sum(names(one) for one in value.values())
    return sum(names(one) for one in value) if isinstance(value, list) else 0


def identity(message):
    """An id as something to be counted; None for what has none."""
    found = message.get("id") if isinstance(message, dict) else None
    return (type(found), found) if isinstance(found, str) else None


def cancelled(message):
    """The id that a notification calls off; None for everything else."""
    if not isinstance(message, dict) or message.get("method") != "notifications/cancelled":
        return None
    params = message.get("params")
    return identity({"id": params.get("requestId")}) if isinstance(params, dict) else None


class Mutants:
    """Lines that are almost requests."""

    def __init__(self, random):
        self.random = random
        self.number = 0
        self.listening = []

    def request(self):
        self.number += 1
        # Now and then an id that is in flight, or was.
        number = self.number if self.random.random() < 0.95 else self.random.randint(1, self.number)
        method, params = copy.deepcopy(self.random.choice(REQUESTS))
        if self.random.random() < 0.5:
            params["_meta"] = dict(META)
        if self.random.random() < 0.05:
            method, params = "notifications/cancelled", {"requestId": number}
        identifier = number if number % 3 else f"s{number}"
        if method == "subscriptions/listen":
            self.listening.append(identifier)
        return {"jsonrpc": "2.0", "id": identifier, "method": method, "params": params}

    def lines(self):
        """One mutant, which may be several lines."""
        if len(self.listening) > 20:
            # Each is in flight until it is called off, and the calls are to have their room.
            ended, self.listening = self.listening, []
            return [json.dumps({"jsonrpc": "2.0", "method": "notifications/cancelled",
                                "params": {"requestId": one}}).encode() for one in ended]
        value = self.request()
        kind = self.random.randrange(10)
        if kind < 3:
            value = self.with_wrong_part(value)
        elif kind == 3:
            value = [self.with_wrong_part(self.request()) for _ in range(self.random.randrange(4))]
        line = json.dumps(value, ensure_ascii=self.random.random() < 0.5).encode(
            "utf-8", "surrogatepass")
        if kind > 6:
            line = self.with_wrong_bytes(line)
        elif kind == 6:
            depth = self.random.choice([10, 100, 2000, 20000])
            start = b'{"jsonrpc":"2.0","id":1,"method":"ping","params":'
            line = start + b"[" * depth + b"]" * depth + b"}"
        return line.split(b"\n")

    def with_wrong_part(self, value):
        """The value with one of its parts missing, or being something else."""
        parent, keys = value, [key for key in value]
        while True:
            key = self.random.choice(keys)
            child = parent[key]
            if isinstance(child, dict) and child and self.random.random() < 0.7:
                parent, keys = child, list(child)
                continue
            break
        if self.random.random() < 0.3:
            del parent[key]
        else:
            parent[key] = self.random.choice(WRONG)
        return value

    def with_wrong_bytes(self, line):
        line = bytearray(line)
        for _ in range(self.random.choice([1, 1, 2, 5])):
            place = self.random.randrange(len(line) + 1)
            end = min(len(line), place + self.random.randrange(1, 12))
            what = self.random.randrange(4)
            if what == 0:
                line[place:end] = b""
            elif what == 1:
                line[place:place] = self.random.randbytes(end - place)
            elif what == 2:
                line[place:place] = line[place:end]
            elif place < len(line):
                line[place] ^= 1 << self.random.randrange(8)
        return bytes(line[:self.random.randrange(len(line) + 1)]
                     if self.random.random() < 0.1 else line)


def memory(process):
    """Resident, in kB; 0 where that cannot be told."""
    try:
        with open(f"/proc/{process.pid}/status") as status:
            return int(next(line for line in status if line.startswith("VmRSS")).split()[1])
    except FileNotFoundError:
        return 0


class Answers(threading.Thread):
    """What comes back, checked as it comes."""

    def __init__(self, output):
        super().__init__(daemon=True)
        self.output = output
        self.asked, self.answered = Counter(), Counter()
        # What must be answered, and what was called off and need not be.
        self.wanted, self.cancelled = Counter(), set()
        self.wrong = []
        self.lines = 0
        self.done = 0
        self.last = threading.Event()

    def expect(self, line):
        """Takes note of a line before it is sent."""
        for message in parsed(line):
            if (key := identity(message)) is not None:
                self.asked[key] += 1
                self.wanted[key] += is_to_be_answered(line)
            if (key := cancelled(message)) is not None:
                self.cancelled.add(key)

    @property
    def missing(self):
        """The ids of requests without an answer."""
        return [key for key, count in self.wanted.items()
                if self.answered[key] < count and key not in self.cancelled]

    def run(self):
        for line in self.output:
            self.lines += 1
            messages = parsed(line)
            if not line.endswith(b"\n"):
                self.wrong.append(line)
            for message in messages:
                self.check(message)

    def check(self, message):
        if not isinstance(message, dict) or message.get("jsonrpc") != "2.0":
            self.wrong.append(message)
        elif "method" not in message and message.get("id") is not None:
            key = identity(message)
            self.answered[key] += 1
            if self.answered[key] > self.asked[key] or ("result" in message) == ("error" in message):
                self.wrong.append(message)
            self.done += "'isError': False" in str(message)[-500:]
            if message["id"] == "the last":
                self.last.set()


def test_whatever_comes_the_server_goes_on(place):
    count = max(1, ALL * int(os.environ.get("WATERCOOLER_CASES") or 5) // 100)
    mutants = Mutants(programs.seeded())
    place.wc("say", "plan", "-m", "A word.")
    with tempfile.TemporaryFile() as log, place.start(
            programs.SERVER, at="/", stdin=subprocess.PIPE, stderr=log) as process:
        answers = Answers(process.stdout)
        answers.start()
        early = 0
        for number in range(count):
            if number == count // 10:
                early = memory(process)
            for line in mutants.lines():
                answers.expect(line)
                process.stdin.write(line + b"\n")
        answers.asked[(str, "the last")] += 1
        process.stdin.write(b'\n{"jsonrpc":"2.0","id":"the last","method":"ping"}\n')
        process.stdin.flush()
        assert answers.last.wait(programs.PATIENCE), process.poll()
        late = memory(process)
        process.stdin.close()
        answers.join(programs.PATIENCE)
        assert process.wait(programs.PATIENCE) == 0
        log.seek(0)
        assert log.read() == b""
    print(f"{count} of {ALL} mutants, {answers.lines} lines came back, "
          f"{sum(answers.wanted.values())} were proper requests, {answers.done} calls were done, "
          f"{early} kB after a tenth, {late} kB at the end")
    assert not answers.wrong, answers.wrong[:3]
    assert not answers.missing, answers.missing[:10]
    assert late <= 1.5 * early
    # What was there is there, and whole.
    assert place.read("plan")["entries"][0]["body"] == "A word."
