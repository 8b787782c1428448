"""A `wc` that goes on: what it prints meanwhile, and how it ends."""
import queue
import signal
import threading

import programs


class Running:
    """A running `wc`, its lines as they come."""

    def __init__(self, clone, *arguments, **variables):
        self.clone = clone
        self._process = clone.start(programs.WC, *arguments, at=clone.home, environment=variables)
        self._lines = {name: self._read(getattr(self._process, name))
                       for name in ("stdout", "stderr")}

    @staticmethod
    def _read(stream):
        lines = queue.Queue()

        def read():
            with stream:
                for line in stream:
                    lines.put(line.decode())
            lines.put(None)
        threading.Thread(target=read).start()
        return lines

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self._process.kill()
        self._process.wait()

    @property
    def pid(self):
        return self._process.pid

    def line(self, of="stdout"):
        """The next line; None at the end."""
        return self._lines[of].get(timeout=programs.PATIENCE)

    def line_with(self, words, of="stdout"):
        """The next line that has these words in it."""
        while (line := self.line(of)) is not None:
            if words in line:
                return line
        raise AssertionError(f"it ended, and never said {words!r}")

    @property
    def is_running(self):
        return self._process.poll() is None

    def end(self, number=None):
        """Its exit code, and what it still said on both streams; asked to end, if so wanted."""
        if number:
            self._process.send_signal(number)
        code = self._process.wait(programs.PATIENCE)
        rest = {name: "".join(iter(lines.get, None)) for name, lines in self._lines.items()}
        return code, rest["stdout"], rest["stderr"]

    def interrupt(self):
        return self.end(signal.SIGINT)
