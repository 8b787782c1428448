"""Thread files as somebody reads them who has their description only: no code of the product.

An entry begins with `---` and a line `Entry: WHO WHEN`, has a head and, after an empty line, a
body, and ends with its Entry-ID in a comment. In a body, a line that would read as the one or
the other has one more backslash in front.
"""
import functools
import re
from typing import NamedTuple

TIME = r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ"
ENTRY_LINE = rf"Entry: .+ {TIME}[ \t]*"
ID_LINE = r"<!-- Entry-ID: ([0-9A-HJKMNP-TV-Z]{26}) -->[ \t]*"
START = re.compile(rf"^---\n(?={ENTRY_LINE}$)", re.MULTILINE)
QUOTED = re.compile(rf"^\\(?=\\*({ENTRY_LINE}|{ID_LINE})$)", re.MULTILINE)
MARKERS = re.compile(r"^(<{7} |>{7} )", re.MULTILINE)


class Entry(NamedTuple):
    identity: str
    head: dict
    body: str
    # All of it as it stands in the file.
    text: str


class Damaged(AssertionError):
    """A file that is no whole thread; says where and why."""


def is_thread(name):
    return name.endswith(".md") and name != "README.md"


def _fields(text):
    return dict(line.split(": ", 1) for line in text.splitlines() if ": " in line)


@functools.lru_cache(maxsize=1 << 16)
def _entry(text):
    head, _, rest = text.partition("\n\n")
    identities = re.findall(rf"^{ID_LINE}$", rest, re.MULTILINE)
    if len(identities) != 1:
        raise Damaged(f"{len(identities)} Entry-IDs in one entry:\n{text}")
    body = re.sub(rf"\n?{ID_LINE}\n*\Z", "", rest)
    if "Entry-ID: " + identities[0] in body:
        raise Damaged(f"text after the Entry-ID:\n{text}")
    return Entry(identities[0], _fields(head), QUOTED.sub("", body), text.rstrip("\n"))


class Document:
    """A thread file: its front matter and its entries; fails for a file that is not whole."""

    def __init__(self, data, where="a thread"):
        try:
            self._read(data.decode())
        except (Damaged, UnicodeDecodeError) as error:
            raise Damaged(f"{where}: {error}") from None

    def _read(self, text):
        if MARKERS.search(text):
            raise Damaged(f"conflict markers:\n{text}")
        head, *entries = START.split(text)
        if not head.startswith("---\n") or "\n---\n" not in head:
            raise Damaged(f"no head:\n{head}")
        self.head = _fields(head.split("\n---\n")[0])
        self.entries = [_entry(entry) for entry in entries]
        self.identities = [entry.identity for entry in self.entries]
        if len(set(self.identities)) < len(self.identities):
            doubled = {one for one in self.identities if self.identities.count(one) > 1}
            raise Damaged(f"{', '.join(sorted(doubled))} more than once")
