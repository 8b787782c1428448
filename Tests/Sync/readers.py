"""Agents who follow everything, by their marks or by a cursor, and what each was shown."""
import random
from contextlib import contextmanager

from lines import Lines

import programs


class Follower:
    """Somebody at a server of his own, who writes nothing."""

    def __init__(self, clone, name, how, seed):
        """
        - how: By 'marks' (list_updates and wait) or by 'cursor' (the next_cursor of the last answer).
        """
        self.name, self.how = name, how
        self.random = random.Random(seed)
        self.shown = set()
        self.answers = self.errors = 0
        self._since = "1d"
        self.environment = clone.environment | {"WATERCOOLER_AGENT": name}

    def follow(self, is_over, pause):
        """Asks until it is over, then until nothing is new; each request must be answered."""
        with self._at_server():
            while not is_over.wait(pause):
                self.ask()

    def rest(self):
        """What is new when all is well again: asks until nothing is."""
        with self._at_server():
            for _ in range(200):
                count = self.ask(is_waiting=False)
                assert count is not None, f"{self.name} is answered with an error when all is well"
                if count == 0:
                    return
            raise AssertionError(f"{self.name} is told of something new for ever")

    @contextmanager
    def _at_server(self):
        with Lines(self, programs.SERVER) as self._server:
            self._server.initialize("2025-11-25")
            yield

    def ask(self, is_waiting=None):
        """One request; how many entries its answer has, None if it is an error."""
        arguments = {} if self.how == "marks" else {"since": self._since}
        if is_waiting is None:
            is_waiting = self.random.random() < 0.5
        if is_waiting:
            arguments["timeout_s"] = 1
        result = self._server.call("wait" if is_waiting else "list_updates", **arguments)
        self.answers += 1
        if result["isError"]:
            self.errors += 1
            return None
        news = result["structuredContent"]
        found = [entry["entry_id"] for thread in news["threads"] for entry in thread["entries"]]
        self.shown.update(found)
        if self.how == "cursor" and news["next_cursor"]:
            self._since = news["next_cursor"]
        return len(found)


def followers(clones, chance):
    """Two agents on each clone, each of whom follows in both ways."""
    return [Follower(clone, f"{agent}-{how}", how, chance.random())
            for clone in clones[:2] for agent in (f"{clone.name}-one", f"{clone.name}-two")
            for how in ("marks", "cursor")]


def check(some, documents):
    """Everything that the remote has was shown to each of them."""
    there = {one: topic for topic, document in documents.items() for one in document.identities}
    for follower in some:
        unshown = {one: topic for one, topic in there.items() if one not in follower.shown}
        assert not unshown, (f"{follower.name}, who follows by {follower.how}, was never shown "
                             f"{len(unshown)} of {len(there)}: {unshown}")
