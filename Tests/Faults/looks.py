"""What there is to see at a moment, and what an answer shows of it."""
from typing import NamedTuple

from documents import Damaged


class Look(NamedTuple):
    """The threads that everybody sees, and alice's files, at one moment."""

    shown: dict
    files: dict

    @classmethod
    def at(cls, world):
        return cls(world.shown(), world.alice.files())

    @staticmethod
    def _entries(threads):
        return {entry.identity: (topic, entry) for topic, document in threads.items()
                if not isinstance(document, Damaged) for entry in document.entries}

    @property
    def entries(self):
        return self._entries(self.shown)

    @property
    def own(self):
        return self._entries(self.files)

    def with_body(self, body, threads=None):
        return [identity for identity, (_, entry)
                in self._entries(self.shown if threads is None else threads).items()
                if entry.body == body]


class Case(NamedTuple):
    """Everything that is known of one case."""

    world: object
    operation: object
    fault: object
    # What the same command answers when nothing fails.
    usual: object
    before: Look
    answer: object
    then: Look
    # What the same said once more, where an 'init' is simply run again; nothing for other commands.
    again: object
    # What has changed of the person's: at once, and when all was well again.
    touched: list
    # What the first commands without a fault said: sync, updates.
    sync: object
    updates: object
    after: Look
    # What the clone has that no commit has, though all is said to be well.
    left: list


def essence(promise_of, answer):
    """The things that an answer shows, which the one to the same question without a fault has too."""
    found = answer.json or {}
    if promise_of == "read":
        return {entry["entry_id"] for entry in (found.get("thread") or {}).get("entries", [])}
    if promise_of == "list":
        return {(thread["topic"], thread["entry_count"]) for thread in found.get("threads", [])}
    if promise_of == "search":
        return {(hit["topic"], hit["entry"], hit["line"]) for hit in found.get("hits", [])}
    if promise_of in ("updates", "wait"):
        return answer.identities & {
            entry["entry_id"] for thread in (found.get("updates") or {}).get("threads", [])
            for entry in thread.get("entries", [])}
    raise AssertionError(promise_of)


def bodies(case, answer):
    """What a text shows: the first lines of entries, and the names of files."""
    known = {entry.body.split("\n")[0] for _, entry in case.before.entries.values()}
    known |= {f"{topic}.md" for topic in case.before.shown}
    return {word for word in known if word in answer.out}


def news(look):
    """What bob wrote and alice has not seen: all of it since her last reading."""
    return {identity for identity, (_, entry) in look.entries.items()
            if entry.body.startswith(("news of bob", "more notes"))}
