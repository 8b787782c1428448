"""The server under a fault: one call of a tool, its answer, and whether it goes on answering."""
import json
import os
import select
import subprocess
import time

import faults
import programs
from promises import Answer
from worlds import DEADLINE

LIMIT = DEADLINE + faults.GRACE + 2
# What the commands' JSON has around what the tools give.
AROUND = {"say": "receipt", "say-if": "receipt", "read": "thread", "updates": "updates", "wait": "updates",
          "sync": "sync"}


class Ended(Exception):
    """The server is gone, and said no more."""


class Late(Exception):
    """No answer in time."""


class Server:
    """A server that is started, and spoken to in lines."""

    def __init__(self, world, fault):
        self._pending = b""
        words = [str(programs.SERVER)]
        self._process = subprocess.Popen(
            words if fault.attach else fault.command(world, words), cwd=world.alice.work,
            env=world.alice.environment, stdin=subprocess.PIPE, **fault.streams())

    @property
    def pid(self):
        return self._process.pid

    def request(self, number, method, **params):
        """The answer to a request, whatever else is said."""
        return self.requests([number], method, **params)[0]

    def requests(self, numbers, method, **params):
        """The answers to as many requests at once, as they come."""
        deadline = time.monotonic() + LIMIT
        for number in numbers:
            self.send(id=number, method=method, params=params)
        answers = []
        while len(answers) < len(numbers):
            message = json.loads(self._line(deadline))
            if message.get("id") in numbers:
                answers.append(message)
        return answers

    def send(self, **message):
        try:
            self._process.stdin.write(json.dumps({"jsonrpc": "2.0"} | message).encode() + b"\n")
            self._process.stdin.flush()
        except OSError:
            raise Ended from None

    def _line(self, deadline):
        output = self._process.stdout
        while b"\n" not in self._pending:
            left = deadline - time.monotonic()
            if left <= 0 or not select.select([output], [], [], left)[0]:
                raise Late
            chunk = os.read(output.fileno(), 1 << 16)
            if not chunk:
                raise Ended
            self._pending += chunk
        line, self._pending = self._pending.split(b"\n", 1)
        return line

    def end(self):
        """Its exit code at the end of its input, and its log; no code if it does not end."""
        try:
            self._process.stdin.close()
        except OSError:
            pass
        self._process.stdin = None
        try:
            _, log = self._process.communicate(timeout=LIMIT)
            return self._process.returncode, log.decode(errors="replace")
        except subprocess.TimeoutExpired:
            faults.end_family(self._process)
            _, log = self._process.communicate()
            return None, log.decode(errors="replace")


def run(world, operation, fault):
    """What a tool answers while this fails, as the command of the same name would have said it."""
    tool, arguments = operation.arguments
    fault.begin(world)
    server = Server(world, fault)
    result, problem, seconds = None, "", 0
    try:
        server.request(1, "initialize", protocolVersion="2025-11-25", capabilities={},
                       clientInfo={"name": "faults", "version": "1"})
        server.send(method="notifications/initialized")
        if fault.attach:
            fault.attach(world, server.pid)
        began = time.monotonic()
        try:
            numbers = range(10, 10 + operation.crowd)
            answers = server.requests(numbers, "tools/call", name=f"watercooler_v1_{tool}",
                                      arguments=arguments)
            # One that shows less is the one to be looked at, and one that is refused says so.
            result = min(answers, key=lambda each: len(text_of(each)))
        finally:
            seconds = time.monotonic() - began
            if fault.attach:
                fault.detach()
        again = server.request(2, "tools/call", name="watercooler_v1_whoami", arguments={})
        # What fails on may be refused; what is over may not.
        if is_refused(again) and not fault.lasts:
            problem = "late"
    except Late:
        problem = "late"
    except Ended:
        problem = "ended"
    code, log = server.end()
    fault.end(world)
    return answer(operation, result, problem, code, log, seconds)


def answer(operation, result, problem, code, log, seconds):
    if problem == "late" or code is None:
        text = text_of(result) if result else ""
        return Answer(None, text, log, max(seconds, LIMIT))
    if result is None:
        return Answer(code or 1, "", log or "the server ended", seconds)
    if code < 0 and problem == "ended" and code in (-4, -5, -6, -11):
        return Answer(code, text_of(result), log, seconds)
    reply = result.get("result")
    if is_refused(result):
        return Answer(1, "", text_of(result), seconds)
    structured = reply.get("structuredContent") or {}
    name = AROUND.get(operation.shows)
    return Answer(0, json.dumps({name: structured} if name else structured), log, seconds)


def is_refused(message):
    return "result" not in message or message["result"].get("isError", False)


def text_of(result):
    """Everything that a person or an agent is shown."""
    if "error" in result:
        return result["error"]["message"]
    parts = [part.get("text", "") for part in result["result"].get("content", [])]
    return "\n".join(parts)
