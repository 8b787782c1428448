#!/usr/bin/env python3
"""A TCP proxy that is a slow, broken or dead network when it is told to be.

    proxy.py --to HOST:PORT [--listen PORT] [--delay MILLISECONDS]

Prints the port it listens on, then answers a line of JSON to each command on standard input:

    delay MS    every byte takes so long, each way, from now on
    count       connections and bytes so far; `up` is towards the server
    reset       sets the counts to 0
    cut         ends all connections, at once and with what was on its way
    stall       connections stay, and nothing passes any more
    refuse      cuts, and takes no new connections
    slam        cuts, and ends every new connection as soon as it is there
    accept      as at the start

It ends when its standard input does.
"""
import argparse
import asyncio
import json
import select
import subprocess
import sys

CHUNK = 1 << 16


class Relay:
    """All that is relayed: one loop, so that the counts need no lock."""

    def __init__(self, host, port, listen, delay):
        self.target = (host, port)
        self.port = listen
        self.delay = delay
        self.server = None
        self.writers = set()
        self.tasks = set()
        self.passing = asyncio.Event()
        self.passing.set()
        self.slams = False
        self.reset()

    def reset(self):
        self.counts = {"connections": 0, "up": 0, "down": 0}

    async def accept(self):
        self.passing.set()
        self.slams = False
        if self.server is None:
            self.server = await asyncio.start_server(self._serve, "127.0.0.1", self.port)
            self.port = self.server.sockets[0].getsockname()[1]

    def refuse(self):
        if self.server:
            self.server.close()
            self.server = None
        self.cut()

    def slam(self):
        self.slams = True
        self.cut()

    def cut(self):
        for writer in self.writers:
            writer.transport.abort()
        self.writers.clear()

    async def _serve(self, reader, writer):
        self.counts["connections"] += 1
        task = asyncio.current_task()
        self.tasks.add(task)
        task.add_done_callback(self.tasks.discard)
        if self.slams:
            writer.close()
            return
        try:
            far_reader, far_writer = await asyncio.open_connection(*self.target)
        except OSError:
            writer.transport.abort()
            return
        pair = {writer, far_writer}
        self.writers |= pair
        try:
            await asyncio.gather(self._pass(reader, far_writer, "up"),
                                 self._pass(far_reader, writer, "down"), return_exceptions=True)
        except asyncio.CancelledError:
            # At the end of all: asyncio would print that a connection was not closed by itself.
            pass
        self.writers -= pair
        for one in pair:
            one.transport.abort()

    async def _pass(self, reader, writer, way):
        """Chunks wait their time in a queue, so that a delay is no limit on what passes."""
        queue = asyncio.Queue()
        sender = asyncio.ensure_future(self._send(queue, writer))
        loop = asyncio.get_running_loop()
        try:
            while chunk := await reader.read(CHUNK):
                self.counts[way] += len(chunk)
                queue.put_nowait((loop.time() + self.delay, chunk))
            queue.put_nowait((loop.time() + self.delay, b""))
            await sender
        finally:
            sender.cancel()

    async def _send(self, queue, writer):
        loop = asyncio.get_running_loop()
        while True:
            due, chunk = await queue.get()
            # A timer fires up to a millisecond late, by the clock of the loop.
            if due > loop.time():
                await asyncio.sleep(due - loop.time())
            await self.passing.wait()
            if not chunk:
                writer.write_eof()
                return
            writer.write(chunk)
            await writer.drain()

    async def obey(self, command, *arguments):
        if command == "delay":
            self.delay = float(arguments[0]) / 1e3
        elif command == "stall":
            self.passing.clear()
        elif command == "accept":
            await self.accept()
        elif command in ("cut", "refuse", "slam", "reset"):
            getattr(self, command)()
        elif command != "count":
            return {"error": f"no command {command!r}"}
        return dict(self.counts)


async def relay(host, port, listen, delay):
    relay = Relay(host, port, listen, delay)
    await relay.accept()
    print(relay.port, flush=True)
    commands = asyncio.StreamReader()
    await asyncio.get_running_loop().connect_read_pipe(
        lambda: asyncio.StreamReaderProtocol(commands), sys.stdin)
    while line := await commands.readline():
        if words := line.decode().split():
            print(json.dumps(await relay.obey(*words)), flush=True)
    relay.refuse()
    for task in relay.tasks:
        task.cancel()
    await asyncio.gather(*relay.tasks, return_exceptions=True)


class Proxy:
    """A proxy in a process of its own, so that its delays do not depend on ours."""

    def __init__(self, port, delay=0):
        self._process = subprocess.Popen(
            [sys.executable, __file__, "--to", f"127.0.0.1:{port}", "--delay", str(delay)],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        self.port = int(self._answer())

    def _answer(self):
        ready = select.select([self._process.stdout], [], [], 30)[0]
        assert ready, "the proxy does not answer"
        return self._process.stdout.readline()

    def tell(self, command, *arguments):
        """Gives a command; returns the counts, once it is done."""
        line = " ".join(str(word) for word in (command, *arguments))
        self._process.stdin.write(f"{line}\n".encode())
        self._process.stdin.flush()
        answer = json.loads(self._answer())
        assert "error" not in answer, answer
        return answer

    def close(self):
        self._process.stdin.close()
        self._process.wait(30)
        self._process.stdout.close()


def main():
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--to", required=True)
    parser.add_argument("--listen", type=int, default=0)
    parser.add_argument("--delay", type=float, default=0)
    arguments = parser.parse_args()
    host, port = arguments.to.rsplit(":", 1)
    asyncio.run(relay(host, int(port), arguments.listen, arguments.delay / 1e3))


if __name__ == "__main__":
    main()
