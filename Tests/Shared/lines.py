"""The server, spoken to in lines."""
import json
import os
import re
import select
import subprocess
import time
from pathlib import Path

import programs


def unique(members):
    """An object, whose names must differ."""
    found = dict(members)
    assert len(found) == len(members), f"a name twice in {[name for name, _ in members]}"
    return found


def no_number(word):
    raise AssertionError(f"{word} is not JSON")


class Lines:
    """A running server, and what is sent to it and comes back as lines."""

    def __init__(self, place, *command, cwd="/"):
        self.lines = 0
        self.longest = 0
        self._id = 0
        self._pending = b""
        self._process = subprocess.Popen(
            [str(part) for part in command], env=place.environment, cwd=cwd,
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE)

    def __enter__(self):
        return self

    def __exit__(self, kind, *_):
        if kind:
            self._process.kill()
        rest, log = self._process.communicate(timeout=programs.PATIENCE)
        if not kind:
            assert (self._process.returncode, self._pending + rest, log) == (0, b"", b"")

    def outcome(self):
        """What the server still says until it ends, its exit code, and its log."""
        messages = list(iter(self.receive_or_end, None))
        _, log = self._process.communicate(timeout=programs.PATIENCE)
        return messages, self._process.returncode, log

    def log_line(self):
        """The next line of its log, which is no part of the outcome then."""
        return self._process.stderr.readline().decode()

    def last_words(self):
        """What a server that was ended while nobody read has written."""
        self._process.wait(programs.PATIENCE)
        rest, _ = self._process.communicate(timeout=programs.PATIENCE)
        return self._pending + rest

    @property
    def pid(self):
        return self._process.pid

    @property
    def memory(self):
        """How much of the machine's memory the server holds, in bytes."""
        status = Path(f"/proc/{self.pid}/status").read_text()
        return int(re.search(r"^VmRSS:\s+(\d+) kB$", status, re.MULTILINE)[1]) * 1024

    def kill(self):
        """Kills the process, which says nothing more."""
        self._process.kill()
        self._process.communicate(timeout=programs.PATIENCE)

    # Lines

    def send_raw(self, data):
        self._process.stdin.write(data)
        self._process.stdin.flush()

    def send(self, message):
        """Sends a message, or several as a batch."""
        self.send_raw(json.dumps(message).encode() + b"\n")

    def end_input(self):
        """Says nothing more; what the server still says can be received."""
        self._process.stdin.close()
        self._process.stdin = None

    def stop_reading_and_send(self, data, moment=1):
        """Sends as much as the server takes while nobody reads what it says, until it has taken nothing
        for a moment; returns how much that is."""
        stdin = self._process.stdin.fileno()
        os.set_blocking(stdin, False)
        sent = 0
        while sent < len(data) and select.select([], [stdin], [], moment)[1]:
            sent += os.write(stdin, data[sent:sent + (1 << 16)])
        os.set_blocking(stdin, True)
        return sent

    def receive(self):
        """The message in the next line."""
        message = self.receive_or_end()
        assert message is not None, "the server ended"
        return message

    def receive_or_end(self):
        """The message in the next line; None once the server has closed its side."""
        deadline = time.monotonic() + programs.PATIENCE
        while b"\n" not in self._pending:
            left = deadline - time.monotonic()
            assert left > 0 and select.select([self._process.stdout], [], [], left)[0], "no answer"
            chunk = os.read(self._process.stdout.fileno(), 1 << 20)
            if not chunk:
                assert not self._pending, f"half a line at the end: {self._pending[:200]!r}"
                return None
            self._pending += chunk
        line, self._pending = self._pending.split(b"\n", 1)
        self.lines += 1
        self.longest = max(self.longest, len(line))
        return json.loads(line.decode(), object_pairs_hook=unique, parse_constant=no_number)

    # Requests

    def request(self, method, params=None):
        """Sends a request and gives its response, which must come next."""
        self._id += 1
        message = {"jsonrpc": "2.0", "id": self._id, "method": method}
        if params is not None:
            message["params"] = params
        self.send(message)
        response = self.receive()
        assert response.get("id") == self._id, response
        return response

    def result(self, method, params=None):
        response = self.request(method, params)
        assert "result" in response, response
        return response["result"]

    def error(self, method, params=None):
        return self.request(method, params)["error"]["code"]

    def initialize(self, revision):
        result = self.result("initialize", {
            "protocolVersion": revision, "capabilities": {},
            "clientInfo": {"name": "raw lines", "version": "1"}})
        self.send({"jsonrpc": "2.0", "method": "notifications/initialized"})
        return result

    def call(self, tool, **arguments):
        """The result of a tool, by its short name."""
        return self.result("tools/call", {"name": f"watercooler_v1_{tool}", "arguments": arguments})

    def text(self, tool, **arguments):
        """The text of a call that succeeds."""
        result = self.call(tool, **arguments)
        assert result["isError"] is False, result
        return result["content"][0]["text"]

    def failure(self, tool, **arguments):
        """The text of a call that fails."""
        result = self.call(tool, **arguments)
        assert result["isError"] is True, result
        return result["content"][0]["text"]
