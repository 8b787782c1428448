"""Not enough of something: descriptors, file sizes, disk; and streams that take nothing."""
import os
import subprocess

import faults

PAGES = [*range(16), 20, 24, 28, 32, 40, 48]
DISK = 8 << 20


class Limit(faults.Fault):
    """A limit of the process and all that it starts."""

    kind = "limit"
    lasts = True

    def __init__(self, what, number):
        self.what, self.number = what, number
        self.name = f"{what}-{number}"
        # The system kills a git that writes beyond the size; our programs are told.
        self.kills = what == "size"

    def command(self, world, words):
        option = {"files": "nofile", "size": "fsize"}[self.what]
        return ["prlimit", f"--{option}={self.number}", *words]


LIMITS = [Limit("files", number) for number in range(3, 26)] + [
    Limit("size", number) for number in (0, 1, 100, 300, 1000, 2000, 4096, 16384)]


class Disk(faults.Fault):
    """The disk of alice, or of the remote, is full after so many pages."""

    kind = "disk"
    lasts = True

    def __init__(self, whose, pages):
        self.whose, self.pages = whose, pages
        self.name = f"{whose}-{pages}"

    def begin(self, world):
        place = world.directory / self.whose
        aside = place.with_name(f"{self.whose}-aside")
        place.rename(aside)
        place.mkdir()
        subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={DISK}", "none", str(place)], check=True)
        world.mounted.append(place)
        subprocess.run(["cp", "-a", f"{aside}/.", str(place)], check=True)
        subprocess.run(["rm", "-rf", str(aside)], check=True)
        free = os.statvfs(place)
        with open(place / "filler", "wb") as file:
            file.write(bytes(free.f_bavail * free.f_bsize - self.pages * 4096))

    def end(self, world):
        (world.directory / self.whose / "filler").unlink()


class Stream(faults.Fault):
    """Standard output or error that is closed, full, or read by nobody."""

    kind = "stdout"

    def __init__(self, what, how):
        self.what, self.how = what, how
        self.name = f"{what}-{how}"
        # Nothing can be said.
        self.is_mute = what in ("both", "stderr")
        self.is_unread = how == "unread"

    def streams(self):
        streams = super().streams()
        numbers = {"stdout": [1], "stderr": [2], "both": [1, 2], "stdin": [0]}[self.what]
        if self.how == "closed":
            return streams | {"preexec_fn": lambda: [os.close(number) for number in numbers]}
        for number in numbers:
            name = ("stdin", "stdout", "stderr")[number]
            if self.how == "full":
                streams[name] = os.open("/dev/full", os.O_RDWR)
            else:
                reading, streams[name] = os.pipe()
                os.close(reading)
        self._opened = [value for value in streams.values() if value >= 0]
        return streams

    def end(self, world):
        for number in getattr(self, "_opened", []):
            os.close(number)
        self._opened = []


STREAMS = [Stream(what, how) for what in ("stdout", "stderr", "both")
           for how in ("full", "closed", "unread")] + [Stream("stdin", "closed")]


def can_mount(directory):
    done = subprocess.run(["mount", "-t", "tmpfs", "none", str(directory)], capture_output=True)
    if done.returncode == 0:
        subprocess.run(["umount", str(directory)], check=True)
    return done.returncode == 0


def disks(mode):
    whose = ["alice"] if mode in ("local", "ssh") else ["alice", "remote"]
    return [Disk(each, pages) for each in whose for pages in PAGES]
