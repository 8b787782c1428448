"""System calls that fail: each call of the program itself, its threads, and the moment before git."""
import platform
import re
import subprocess

import faults

ERRORS = {
    "openat": ["EIO", "EACCES", "EMFILE"], "read": ["EIO"], "pread64": ["EIO"],
    "write": ["EIO", "ENOSPC"], "pwrite64": ["EIO"], "getdents64": ["EIO"],
    "newfstatat": ["EIO", "EACCES"], "fstat": ["EIO"], "statx": ["EIO", "EACCES"],
    "stat": ["EIO"], "lstat": ["EIO"],
    "rename": ["EIO", "EACCES"], "renameat": ["EIO"], "renameat2": ["EIO"],
    "link": ["EIO"], "linkat": ["EIO"],
    "unlink": ["EIO", "EACCES"], "unlinkat": ["EIO"], "rmdir": ["EIO"],
    "mkdir": ["EIO", "ENOSPC"], "mkdirat": ["EIO"],
    "fsync": ["EIO"], "fdatasync": ["EIO"], "flock": ["EIO", "ENOLCK", "EINTR"],
    "ftruncate": ["EIO"], "truncate": ["EIO"], "fcntl": ["EINVAL"], "lseek": ["EIO"],
    "pipe2": ["EMFILE"], "clone3": ["EAGAIN"], "clone": ["EAGAIN"], "vfork": ["EAGAIN"],
    "poll": ["EINTR", "EIO"], "ppoll": ["EINTR"], "utimensat": ["EIO"],
    "readlink": ["EIO", "EACCES"], "access": ["EIO", "EACCES"], "faccessat": ["EIO"],
    "faccessat2": ["EIO"], "wait4": ["EINTR", "ECHILD"], "waitid": ["EINTR"],
    "dup2": ["EBUSY"], "setpgid": ["EACCES"], "fchmod": ["EPERM"], "getcwd": ["EACCES"],
    "getrandom": ["EAGAIN"], "getpid": [], "symlink": ["EIO"], "chdir": ["EACCES"],
}
INTERRUPTED = {"openat": "EINTR", "read": "EINTR", "write": "EINTR", "fsync": "EINTR"}
# Calls at which the program is killed: those that change something, or begin or end a child.
DEADLY = {"rename", "unlink", "write", "fsync", "ftruncate", "truncate", "flock", "mkdir", "clone3",
          "clone", "wait4", "poll", "close", "openat", "utimensat"}
# The whole disk, every thread, every descriptor: from the first call on.
LASTING = {"clone3": "EAGAIN", "clone": "EAGAIN", "fcntl": "EINVAL", "fsync": "EIO",
           "flock": "ENOLCK", "pipe2": "EMFILE", "write": "ENOSPC", "getdents64": "EIO",
           "readlink": "EACCES", "unlink": "EACCES", "rename": "EACCES", "mkdir": "EACCES",
           "ftruncate": "EIO", "truncate": "EIO", "poll": "EINTR", "wait4": "ECHILD",
           "newfstatat": "EIO", "openat": "EMFILE", "access": "EIO"}
# Only the program: what it executes is let go.
STRACE = ["strace", "-f", "-b", "execve"]
LINE = re.compile(r"^(\d+) +(\w+)\((.*)")


class Traced(faults.Fault):
    """A program under strace: from its start, or, where it is a server that goes on, from now on."""

    def options(self):
        raise NotImplementedError

    def command(self, world, words):
        return [*STRACE, "-qq", "-o", str(log(world)), *self.options(), *words]

    def attach(self, world, pid):
        self._tracer = subprocess.Popen(
            [*STRACE, "-o", str(log(world)), *self.options(), "-p", str(pid)],
            stdin=subprocess.DEVNULL, stderr=subprocess.PIPE)
        line = self._tracer.stderr.readline()
        assert b"attached" in line, line

    def detach(self):
        self._tracer.terminate()
        try:
            self._tracer.communicate(timeout=0.5)
        except subprocess.TimeoutExpired:
            # It goes on waiting for some of the threads of a program that it has killed.
            self._tracer.kill()
            self._tracer.communicate()


class Call(Traced):
    """The n-th call of a name, counted from the end of the loader's, in each thread that gets so far."""

    kind = "strace"

    def __init__(self, call, number, what, base=0, about=""):
        """
        - number: 0 is every call from the first one on.
        - what: The error, or KILL.
        - base: How many of these the loader makes.
        """
        self.call, self.number, self.what, self.base = call, number, what, base
        self.about = about
        self.name = f"{call}-{number or 'all'}-{what}"
        self.kills = what == "KILL"
        self.is_mute = call == "write" and not number
        if self.kills:
            self.kind = "kill"

    def options(self):
        how = "signal=KILL" if self.kills else f"error={self.what}"
        when = self.base + self.number if self.number else f"{self.base + 1}+"
        return ["-e", f"trace={self.call}", "-e", f"inject={self.call}:{how}:when={when}"]


class Counting(Traced):
    """Nothing fails, and every call is written down."""

    kind = "count"

    def options(self):
        known = ",".join(call for call in ERRORS if is_known(call))
        return ["-y", "-s", "200", "-e", f"trace={known},set_tid_address,close"]


def log(world):
    return world.directory.with_name("strace.log")


def is_known(call):
    """Whether this kind of machine has such a call at all."""
    return platform.machine() == "x86_64" or call not in (
        "stat", "lstat", "rename", "unlink", "mkdir", "access", "readlink", "poll", "dup2", "link",
        "vfork", "rmdir", "symlink")


def place(call, arguments, directory):
    """What a call is about, without what changes from run to run."""
    text = arguments.replace(str(directory), "")
    text = re.sub(r"pipe:\[\d+\]|/proc/\d+", "pipe", text)
    text = text.split(") = ")[0]
    if call in ("read", "write", "pread64", "pwrite64") and '"",' not in text:
        # Each part of a file is like the others.
        text = text.split('"')[0]
    text = re.sub(r"0x[0-9a-f]+|[0-9A-HJKMNP-TV-Z]{26}|[0-9a-f]{12,}|\d+", "#", text)
    return f"{call}({text[:110]}"


def calls(path, directory, is_loaded):
    """Each call that can fail: its name, number after the loader, and what it is about. And how many
    of each name the loader makes."""
    counts, base, found, seen = {}, {}, [], set()
    phase, first = 0, None
    for line in path.read_text(errors="replace").splitlines():
        match = LINE.match(line)
        if not match:
            continue
        thread, call, arguments = match.groups()
        first = first or thread
        if call == "set_tid_address" and thread == first:
            is_loaded, base = True, {name: count for (_, name), count in counts.items()}
            continue
        counts[thread, call] = counts.get((thread, call), 0) + 1
        if not is_loaded:
            continue
        offset = base.get(call, 0)
        number = counts[thread, call] - offset
        if number < 1:
            # Of another thread, which begins to count anew: out of reach of an offset.
            continue
        what = (place(call, arguments, directory), phase)
        if what not in seen:
            seen.add(what)
            found.append((call, number, f"{what[0]} after {phase} children"))
        if call in ("clone3", "clone", "vfork") and "VFORK" in arguments or call == "vfork":
            phase += 1
    return found, base


def counted(world, operation, run):
    """All faults of these kinds, in this world, for this operation."""
    if operation.crowd > 1:
        # Which call of which thread is the n-th is chance.
        return [Call(call, 0, error) for call, error in LASTING.items() if is_known(call)]
    answer = run(Counting())
    assert answer.code == 0, f"{operation.name} fails under strace alone: {answer}"
    found, base = calls(log(world), world.directory, operation.is_served)
    listed, seen = [], set()

    def add(call, number, what, about=""):
        if (call, number, what) not in seen:
            seen.add((call, number, what))
            listed.append(Call(call, number, what, base.get(call, 0), about))

    for call, number, about in found:
        for error in ERRORS.get(call, []):
            add(call, number, error, about)
        if call in INTERRUPTED and number % 5 == 0:
            add(call, number, INTERRUPTED[call], about)
        if call == "openat" and "O_CREAT" in about:
            add(call, number, "ENOSPC", about)
        is_reading = call == "openat" and "O_CREAT" not in about
        if call in DEADLY and not is_reading:
            add(call, number, "KILL", about)
    for call, error in LASTING.items():
        if any(each == call for each, _, _ in found):
            add(call, 0, error)
    return listed


def named(name, listed):
    """Any call of those that are made, by the name of a fault."""
    call, number, what = name.split("-")
    base = {fault.call: fault.base for fault in listed}
    is_known_error = what == "KILL" or what in ERRORS.get(call, []) + ["EINTR", "ENOSPC"]
    if call not in base or not is_known_error:
        return None
    return Call(call, 0 if number == "all" else int(number), what, base[call])
