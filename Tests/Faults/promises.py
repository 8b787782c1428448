"""What a program said became of an operation, whatever it did."""
import json
import re
import signal
from typing import NamedTuple

ENTRY_ID = re.compile(r"\b[0-7][0-9A-HJKMNP-TV-Z]{25}\b")
# An error that says so leaves it open.
UNSURE = re.compile(r"(?i)nobody knows|only begun|may (already )?(have been|be)|not known|"
                    r"whether (it|they|anything)")
REFUSED = re.compile(
    r"(?i)nothing (was|has been|is) (written|sent|changed|dropped|removed|taken back|done|made)|"
    r"not (written|sent|changed|taken back)|unchanged|before anything|cannot be taken back")
WRITTEN = re.compile(r"(?i)\b(was|were|is|are|has been) (\w+ ){0,2}(written|committed|kept|pushed|there)\b|"
                     r"in the (file|remote|thread)|taken back|added to '")
TRAPS = {-signal.SIGILL, -signal.SIGTRAP, -signal.SIGSEGV, -signal.SIGABRT, -signal.SIGBUS,
         -signal.SIGFPE}


class Answer(NamedTuple):
    """What came back: code (None: it hung and was ended), both streams, and seconds."""

    code: int | None
    out: str
    errors: str
    seconds: float

    @property
    def json(self):
        try:
            found = json.loads(self.out)
            return found if isinstance(found, dict) else None
        except ValueError:
            return None

    @property
    def is_trap(self):
        return self.code in TRAPS or "Fatal error" in self.errors

    @property
    def is_killed(self):
        return self.code in (None, -signal.SIGKILL, -signal.SIGXFSZ, -signal.SIGPIPE)

    @property
    def identities(self):
        """Entry-IDs anywhere in what was shown."""
        return set(ENTRY_ID.findall(self.out))

    @property
    def told(self):
        """What an error says became of it: 'unsure', 'refused', 'written', or '' for no word."""
        words = self.errors
        for claim, pattern in [("unsure", UNSURE), ("refused", REFUSED), ("written", WRITTEN)]:
            if pattern.search(words):
                return claim
        return ""

    @property
    def whole(self):
        return f"exit {self.code} in {self.seconds:.1f} s\n{self.out}\n{self.errors}"

    def __str__(self):
        return (f"exit {self.code} in {self.seconds:.1f} s, out {self.out[:600]!r}, "
                f"errors {self.errors[:600]!r}")


def problems(value):
    """Everything in a JSON value that says that something is not as it should be."""
    found = []
    if isinstance(value, dict):
        for key, member in value.items():
            is_said = "problem" in key or "unread" in key or key in ("missing", "error", "isError")
            if is_said and member not in (None, [], "", 0, False, {}):
                found.append(f"{key}: {member}")
            else:
                found += problems(member)
    elif isinstance(value, list):
        for member in value:
            found += problems(member)
    return found
