"""A git of Debian's next release, beside the system's: what only newer ones can do is tried with it.

    python3 scripts/newer_git.py

Prints the directory to put into PATH. Nothing is installed: the packages are unpacked, with the C library
that they want, and git is run through that library's loader. Needs Debian's apt, not root.
"""
import fcntl
import os
import re
import shutil
import subprocess
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
SUITE = "trixie"
# The first that can have refs in tables, and move a repository's there.
LEAST = (2, 46)
KEYS = Path("/usr/share/keyrings/debian-archive-keyring.gpg")

WRAPPER = """#!/bin/sh
export GIT_EXEC_PATH='{bin}'
exec '{loaders}/{name}' --library-path '{libraries}' --argv0 "${{0##*/}}" '{program}' "$@"
"""


def directory():
    """Where to find a git that is new enough; None where this machine can have none."""
    if found := shutil.which("git"):
        version = subprocess.run([found, "version"], capture_output=True, text=True).stdout
        if tuple(map(int, re.findall(r"\d+", version)[:2])) >= LEAST:
            return Path(found).parent
    if not (archive := debian()):
        return None
    place = ROOT / ".venv" / f"git-{SUITE}"
    place.parent.mkdir(exist_ok=True)
    # Several processes of the tests may want it at once.
    with open(place.with_suffix(".lock"), "w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not (place / "made").exists():
            shutil.rmtree(place, ignore_errors=True)
            unpack(archive, place / "root", place / "apt")
            wrap(place / "root", place / "bin")
            (place / "made").touch()
    return place / "bin"


def debian():
    """The archive that this Debian takes its packages from; None on other systems."""
    if not (shutil.which("apt-get") and KEYS.exists()):
        return None
    names = dict(line.split("=", 1) for line in Path("/etc/os-release").read_text().splitlines() if "=" in line)
    listed = subprocess.run(
        ["apt-get", "indextargets", "--format", "$(RELEASE) $(COMPONENT) $(REPO_URI)"],
        capture_output=True, text=True).stdout
    wanted = f"{names.get('VERSION_CODENAME')} main "
    return next((line.removeprefix(wanted) for line in listed.splitlines() if line.startswith(wanted)), None)


def unpack(archive, root, state):
    """Puts git and all that it needs into a directory, through a state of apt's own."""
    for name in ("state/lists/partial", "cache/archives/partial"):
        (state / name).mkdir(parents=True)
    (state / "status").touch()
    sources = state / "sources.list"
    sources.write_text(f"deb [signed-by={KEYS}] {archive} {SUITE} main\n")
    options = {
        "Dir::State": state / "state", "Dir::State::status": state / "status", "Dir::Cache": state / "cache",
        "Dir::Etc::sourcelist": sources, "Dir::Etc::sourceparts": "-", "APT::Install-Recommends": "false",
        "Debug::NoLocking": "1", "APT::Sandbox::User": "",
    }
    apt = ["apt-get", "-qq", *(f"-o{name}={value}" for name, value in options.items())]
    subprocess.run([*apt, "update"], check=True, stdin=subprocess.DEVNULL)
    subprocess.run([*apt, "install", "--yes", "--download-only", "git"], check=True, stdin=subprocess.DEVNULL)
    root.mkdir()
    for package in (state / "cache" / "archives").glob("*.deb"):
        subprocess.run(["dpkg-deb", "--extract", package, root], check=True)
    shutil.rmtree(state)


def wrap(root, bin):
    """Makes a directory of git's programs, each run through the loader that it was made for."""
    loaders = root / "loaders"
    loaders.mkdir()
    bin.mkdir()
    loader = next(root.glob("usr/lib*/**/ld-linux*.so.*")).resolve()
    libraries = next(root.glob("usr/lib/*-linux-gnu*"))
    for program in sorted((root / "usr/lib/git-core").iterdir()):
        wrapper = bin / program.name
        program = program.resolve()
        if program.name == "git" and wrapper.name != "git":
            wrapper.symlink_to("git")
        elif program.is_file():
            if program.read_bytes()[:4] != b"\x7fELF":
                wrapper.symlink_to(program)
                continue
            # The system calls the process by the name of what was begun.
            (loaders / program.name).exists() or (loaders / program.name).symlink_to(loader)
            wrapper.write_text(WRAPPER.format(
                bin=bin, loaders=loaders, name=program.name, libraries=libraries, program=program))
            wrapper.chmod(0o755)
    done = subprocess.run([bin / "git", "version"], capture_output=True, text=True, env=os.environ)
    assert done.returncode == 0, done.stderr


if __name__ == "__main__":
    print(directory() or exit("error: no git that is new enough, and no apt of Debian's"))
