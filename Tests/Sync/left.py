"""A machine on which there is something already."""
import programs
from packing import state_name

# Where the threads are, in each place.
INSIDE = {"branch": ".watercooler", "path": "notes/threads", "local": ".watercooler"}


class Left(programs.Place):
    """One place of a machine: how commands are run there, and where its threads and its state are."""

    def __init__(self, root, place, places):
        self.name = place
        self.home = root / "home"
        self.work = root / places[place]
        self.threads = self.work / INSIDE.get(place, "")
        self.state = self.home / ".watercooler" / "state" / state_name(self.threads)
        plain = programs.environment(self.home, "Claude")
        if place in ("clone", "path"):
            plain["WATERCOOLER_DIR"] = str(self.work)
        if place == "named":
            plain["WATERCOOLER_GIT_REPO"] = (root / "remotes" / "threads.git").as_uri()
            self.work = self.home
        self.environment = plain | {"WATERCOOLER_FRESH": "0.001"}
