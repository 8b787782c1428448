"""The kinds of faults, and which there are for an operation."""
import shutil
import tempfile

import calls
import faults
import gits
import limits

KINDS = ["none", "strace", "kill", "git", "limit", "disk", "stdout"]


def missing(kind):
    """Why a kind cannot be made here; nothing if it can."""
    if kind in ("strace", "kill") and not shutil.which("strace"):
        return "strace is not installed"
    if kind == "limit" and not shutil.which("prlimit"):
        return "prlimit is not installed"
    if kind == "disk":
        with tempfile.TemporaryDirectory() as directory:
            return None if limits.can_mount(directory) else "nothing can be mounted here"
    return None


def applies(kind, mode, operation):
    if operation.is_served and kind == "stdout":
        return False
    if operation.crowd > 1 and kind not in ("none", "strace"):
        return False
    return mode != "local" or kind != "git"


def of(kind, world, operation, run):
    """All faults of a kind for an operation, and of those that are found with it.

    - run: Runs the operation while something fails.
    """
    if kind in ("strace", "kill"):
        return calls.counted(world, operation, run)
    if kind == "git":
        return gits.counted(world, operation, run)
    return {"none": [faults.Fault()], "limit": limits.LIMITS, "disk": limits.disks(world.mode),
            "stdout": limits.STREAMS}[kind]


def named(name, kind, listed):
    """The fault of a name; None where there is none. The number of a call is what counts: other calls
    with the same arguments are not listed, and what git was told may differ between two builds."""
    for fault in listed:
        if fault.name == name:
            return fault
    if kind in ("strace", "kill"):
        return calls.named(name, listed)
    if kind == "git":
        return gits.named(name, listed)
    return None
