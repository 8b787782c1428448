"""A terminal that a test types into and looks at: tmux."""
import shutil

import programs

PROMPT = "ready>"
# Nothing here takes a second.
PATIENCE = 20


class Screen:
    """A shell in a terminal of a size."""

    def __init__(self, place, directory, shell="bash", columns=80, lines=24, **variables):
        self.socket = directory / f"tmux-{columns}x{lines}"
        self.count = 0
        environment = place.environment | {
            "TERM": "xterm-256color", "LC_ALL": "C.UTF-8", "SHELL": "/bin/sh", "PS1": PROMPT + " ",
        } | variables
        words = [f"{name}={value}" for name, value in environment.items() if value is not None]
        # tmux itself has an environment of its own, and none of our settings.
        self._tmux("-u", "-f", "/dev/null", "new-session", "-d", "-x", str(columns), "-y", str(lines),
                   "-c", str(place.home), "env", "-i", *words, *START[shell])
        # Else the end of the shell would be the end of the screen.
        self._tmux("set-option", "-g", "remain-on-exit", "on")
        self.shows(PROMPT)

    def _tmux(self, *arguments):
        plain = {"PATH": "/usr/bin:/bin", "HOME": "/nonexistent", "LC_ALL": "C.UTF-8"}
        return programs.call(
            "tmux", "-S", self.socket, *arguments, code=0, environment=plain).stdout.decode()

    def close(self):
        self._tmux("kill-server")

    def keys(self, *names):
        """Presses keys by their names: Enter, Tab, C-c, q."""
        self._tmux("send-keys", *names)

    def type(self, line):
        """Types a line, and Enter."""
        self._tmux("send-keys", "-l", line)
        self.keys("Enter")

    def lines(self, *options):
        return [line.rstrip() for line in self._tmux("capture-pane", "-p", *options).splitlines()]

    @property
    def text(self):
        return "\n".join(self.lines()).rstrip("\n")

    @property
    def colored(self):
        """The text with the escape sequences that give it a look."""
        return self._tmux("capture-pane", "-p", "-e")

    def waits(self, claim, what):
        """Waits until the screen is so."""
        return programs.eventually(
            lambda: claim(text := self.text) and text, lambda: f"{what}\n{self.text}\n", PATIENCE)

    def shows(self, *words):
        return self.waits(lambda text: all(word in text for word in words), " and ".join(words))

    def is_ready(self):
        """The shell waits for the next command."""
        return self.waits(lambda text: text.endswith(PROMPT), "the prompt")

    def runs(self, command, *options):
        """What a command shows; lines that were too long are whole again, unless options say else."""
        self.count += 1
        first, last = f"begin:{self.count}", f"end:{self.count}"
        self.type(f"echo {first}; {command}; echo {last}")
        self.waits(lambda _: last in self.lines("-S", "-"), "the end of it")
        lines = self.lines("-S", "-", *(options or ["-J"]))
        return "\n".join(lines[lines.index(first) + 1:lines.index(last)])


START = {
    "bash": ["bash", "--noprofile", "--norc", "-i"],
    "zsh": ["zsh", "-f", "-i"],
    "fish": ["fish", "--no-config", "-i", "-C",
             f"function fish_prompt; echo -n '{PROMPT} '; end; set -g fish_greeting"],
}
NEEDED = ["tmux", "zsh", "fish", "less", "mandoc", "vi"]
MISSING = [name for name in NEEDED if not shutil.which(name)]
