"""The MCP server, as a client sees it.

A time is from writing a line to reading the whole of its answer; its floor is that of a `cat`, which
gives the same line back.
"""
import json
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time

from .table import RELEASE, Timing, make_thread, spawn

RUNS = 50
SERVER, WC = f"{RELEASE}/watercooler-mcp", f"{RELEASE}/wc"
META = {"io.modelcontextprotocol/protocolVersion": "2026-07-28",
        "io.modelcontextprotocol/clientCapabilities": {}}


class Client:
    """A process that is spoken to in lines."""

    def __init__(self, command, environment):
        self.started = time.perf_counter()
        self.process = subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, env=environment, bufsize=0)
        self.pending = b""

    def send(self, message):
        self.process.stdin.write(json.dumps(message).encode() + b"\n")

    def line(self):
        while b"\n" not in self.pending:
            self.pending += os.read(self.process.stdout.fileno(), 1 << 20)
        line, self.pending = self.pending.split(b"\n", 1)
        return line

    def ask(self, method, params=None, number=1):
        """Milliseconds until the answer, and its line."""
        started = time.perf_counter()
        self.send({"jsonrpc": "2.0", "id": number, "method": method, "params": params or {}})
        line = self.line()
        return (time.perf_counter() - started) * 1e3, line

    def initialize(self):
        return self.ask("initialize", {
            "protocolVersion": "2025-11-25", "capabilities": {},
            "clientInfo": {"name": "bench", "version": "1"}})

    def call(self, number, tool, **arguments):
        self.send({"jsonrpc": "2.0", "id": number, "method": "tools/call", "params": {
            "name": f"watercooler_v1_{tool}", "arguments": arguments}})

    def end(self):
        self.process.stdin.close()
        self.process.wait()


def round_trips(count, client, method, params=None):
    times = [client.ask(method, params, number)[0] for number in range(10, 10 + count)]
    return Timing.of(times)


def opening(row, name, environment, runs):
    """From the start of the process to the answer of the first request of either era."""
    for method, params in [("initialize", {"protocolVersion": "2025-11-25"}),
                           ("server/discover", {"_meta": META})]:
        times = []
        for _ in range(runs):
            client = Client([SERVER], environment)
            client.ask(method, params)
            times.append((time.perf_counter() - client.started) * 1e3)
            client.process.kill()
            client.process.wait()
        row(f"{method}, {name}", Timing.of(times), "ms", 15)


def measure_opening(row, home, plain, runs):
    opening(row, "local", plain, runs)
    # An address that never answers, and no clone yet.
    nowhere = {**plain, "WATERCOOLER_GIT_REPO": "ssh://git@192.0.2.1/threads.git"}
    opening(row, "unreachable remote, no clone", nowhere, runs)
    client = Client([SERVER], plain)
    client.initialize()
    row("memory after initialize", peak_memory(client), "MB", 13)
    client.end()


def measure_ping(row, home, plain, runs):
    echo = Client(["cat"], plain)
    floor = round_trips(runs * 20, echo, "ping")
    echo.end()
    client = Client([SERVER], {**plain, "WATERCOOLER_DIR": f"{home}/small"})
    client.initialize()
    # Nothing comes: it takes all of its time.
    client.call("waiting", "wait", topic="small", since="2099-01-01T00:00:00Z", timeout_s=5)
    row("ping while a 5 s call runs", round_trips(runs * 20, client, "ping"), "ms", 0.1, floor)
    row("tools/list", round_trips(runs * 4, client, "tools/list"), "ms", 1, floor)
    tools = json.loads(client.ask("tools/list")[1])["result"]["tools"]
    for tool in tools:
        tool.pop("outputSchema")
    size = len(json.dumps({"tools": tools}, separators=(",", ":"), ensure_ascii=False).encode())
    row("tools/list without output schemas", size / 1000, "kB", 12)
    client.process.kill()
    client.process.wait()


def measure_reads(row, home, plain, runs):
    client = Client([SERVER], {**plain, "WATERCOOLER_DIR": f"{home}/small"})
    client.initialize()
    rates = []
    for _ in range(max(3, runs // 10)):
        count, window = 2000, 32
        started = time.perf_counter()
        for number in range(count):
            client.call(number, "read_thread", topic="small")
            if number >= window:
                client.line()
        for _ in range(window):
            client.line()
        rates.append(count / (time.perf_counter() - started))
    row("read_thread, small threads", statistics.median(rates), "calls/s", 5000, judge="at least")
    client.end()


def measure_waiting(row, home, plain, runs):
    bare = f"{home}/threads.git"
    subprocess.run(["git", "init", "-q", "--bare", "-b", "main", bare], check=True, env=plain)
    def on(machine):
        return {**plain, "HOME": f"{home}/{machine}", "WATERCOOLER_GIT_REPO": bare,
                "WATERCOOLER_POLL": "1", "WATERCOOLER_AGENT": machine}
    for machine in ("Anna", "Ben"):
        os.makedirs(f"{home}/{machine}")
    spawn([WC, "say", "plan", "-m", "first"], on("Anna"))
    client = Client([SERVER], on("Ben"))
    client.initialize()
    client.call(1, "read_thread", topic="plan")
    client.line()
    times = []
    for number in range(max(10, runs // 5)):
        client.call(number, "wait", topic="plan", timeout_s=30)
        # Anywhere in the second between two polls.
        time.sleep(0.3 + number % 10 / 10)
        started = time.perf_counter()
        spawn([WC, "say", "plan", "-m", f"entry-{number}-here"], on("Anna"))
        answer = client.line()
        times.append((time.perf_counter() - started) * 1e3)
        if f"entry-{number}-here".encode() not in answer:
            sys.exit(f"error: the wait ended without the entry: {answer[:300]}")
    row("say on one clone until wait returns on another", Timing.of(times), "ms", 1500)
    client.end()


def measure_memory(row, home, plain, runs):
    directory = f"{home}/served"
    make_thread(WC, directory, "long", 1000, plain, "Some words. " * 30)
    make_thread(WC, directory, "short", 3, plain, "Some words. " * 30)
    client = Client([SERVER], {**plain, "WATERCOOLER_DIR": directory})
    client.initialize()

    def call(number, tool, **arguments):
        client.call(number, tool, **arguments)
        client.line()

    for number in range(200):
        call(number, "read_thread", topic="long")
        call(number + 1000, "list_threads")
    row("peak memory after 400 calls", peak_memory(client), "MB", 40)
    before = ticks(client)
    time.sleep(2)
    row("idle", (ticks(client) - before) / 2, "% CPU", 0)
    for number in range(10_000, 11_000):
        call(number, "read_thread", topic="short")
    early = peak_memory(client)
    for number in range(11_000, 110_000):
        call(number, "read_thread", topic="short")
    row("memory after 100,000 calls; floor: after 1,000", peak_memory(client), "MB", 1.02, early,
        judge="times")
    client.end()


def ticks(client):
    """How long a process has run, in hundredths of a second; 0 where the system does not say."""
    path = f"/proc/{client.process.pid}/stat"
    if not os.path.exists(path):
        return 0
    with open(path) as stat:
        fields = stat.read().rsplit(")", 1)[1].split()
    return int(fields[11]) + int(fields[12])


def peak_memory(client):
    """The most that a process ever held, in MB; 0 where the system does not say."""
    path = f"/proc/{client.process.pid}/status"
    if not os.path.exists(path):
        return 0
    with open(path) as status:
        return int(next(l for l in status if l.startswith("VmHWM")).split()[1]) * 1024 / 1e6


MEASURES = {"opening": measure_opening, "ping": measure_ping, "reads": measure_reads,
            "waiting": measure_waiting, "memory": measure_memory}


def measure(name, runs, rows):
    home = tempfile.mkdtemp(prefix="watercooler-bench-")
    plain = {"HOME": home, "PATH": os.environ["PATH"], "GIT_CONFIG_NOSYSTEM": "1",
             "WATERCOOLER_USER": "alice"}
    try:
        spawn([WC, "say", "small", "-m", "A short message."],
              {**plain, "WATERCOOLER_DIR": f"{home}/small"})
        MEASURES[name](rows.add, home, plain, runs)
    finally:
        shutil.rmtree(home)
