"""A directory with homes, clones and remotes, packed so that it can be opened anywhere.

Paths in configurations are put where the directory is; what is named after a path or a URL (the state
of threads, a clone of a repository that a variable names) gets the name that the new one has. Notes of
how a file looked from outside are true of the unpacked file, as if nobody had copied it, or are not;
git's own index is made so by git.
"""
import json
import os
import re
import shutil
import tarfile
from pathlib import Path

import programs

HERE, BIN = b"@HERE@", b"@BIN@"
# In a snapshot of thread files: name, size, inode, seconds and nanoseconds.
LOOK = re.compile(rb"([\w.-]+\.md)\0(\d+) (\d+) (\d+) (\d+)\0")
SAME_LOOK = re.compile(rb"([\w.-]+\.md)\0(\d+) @SAME@\0")
OTHER_LOOK = "1 1 1"
MANIFEST = "manifest.json"


def fingerprint(text):
    """FNV-1a, 64 bits, as the programs derive names with it."""
    value = 0xCBF29CE484222325
    for byte in text.encode():
        value = (value ^ byte) * 0x100000001B3 % (1 << 64)
    return f"{value:016x}"[-8:]


def file_name(words, text):
    """The name that 0.1.0 gives what is named after a text."""
    plain = "".join(c if c.isalnum() or c == "-" else "_" for c in words)
    return f"{plain}-{fingerprint(text)}"


def state_name(threads):
    """What the state of threads is kept under."""
    return file_name("-".join(threads.parts[-2:]), str(threads))


def clone_name(url):
    """What the clone is called of a repository that a variable names."""
    return file_name(url.rsplit("/", 1)[1].removesuffix(".git"), url)


def text_files(root):
    """The files that may name a path; git's objects and indexes do not."""
    for path in sorted(root.rglob("*")):
        is_git = "objects" in path.parts or path.name == "index"
        if path.is_file() and not path.is_symlink() and not is_git:
            yield path


def rewrite(path, change):
    """Changes what is in a file, not when it was changed last."""
    before, times = path.read_bytes(), path.stat()
    if (after := change(before)) != before:
        path.write_bytes(after)
        os.utime(path, ns=(times.st_atime_ns, times.st_mtime_ns))


def look(path):
    info = path.stat()
    return f"{info.st_ino} {info.st_mtime_ns // 10**9} {info.st_mtime_ns % 10**9}"


def pack(root, manifest, archive):
    """Packs a directory that nobody needs any more; `manifest["clones"]` tells threads by git directory,
    `manifest["states"]` the threads whose state is kept, `manifest["named"]` the URL of a clone that has
    its name from it."""
    for git, threads in manifest["clones"].items():
        def known(match):
            path = root / threads / match[1].decode()
            words = b" ".join(match.groups()[2:])
            is_same = path.exists() and look(path).encode() == words
            return match[1] + b"\0" + match[2] + (
                b" @SAME@" if is_same else b" " + OTHER_LOOK.encode()) + b"\0"
        for note in (root / git / "watercooler").iterdir():
            if note.is_file():
                rewrite(note, lambda data, known=known: LOOK.sub(known, data))
    for threads in manifest["states"]:
        assert (root / "home/.watercooler/state" / state_name(root / threads)).is_dir(), threads
    for path in text_files(root):
        rewrite(path, lambda data: data.replace(str(root).encode(), HERE)
                .replace(str(programs.BIN).encode(), BIN))
    manifest["states"] = {threads: state_name(root / threads) for threads in manifest["states"]}
    (root / MANIFEST).write_text(json.dumps(manifest, indent=1))
    for samples in root.rglob("hooks"):
        shutil.rmtree(samples)
    with tarfile.open(archive, "w:gz") as tar:
        tar.add(root, ".", filter=anonymous)


def anonymous(member):
    member.uid = member.gid = 0
    member.uname = member.gname = ""
    return member


def unpack(archive, root, is_in_place=True):
    """Unpacks a directory; gives the manifest, in which threads are where they are now."""
    with tarfile.open(archive) as tar:
        tar.extractall(root, filter="tar")
    manifest = json.loads((root / MANIFEST).read_text())
    for path in text_files(root):
        rewrite(path, lambda data: data.replace(HERE, str(root).encode())
                .replace(BIN, str(programs.BIN).encode()))
    moved = {}
    for clone, url in manifest["named"].items():
        new = str(Path(clone).with_name(clone_name(url.replace(HERE.decode(), str(root)))))
        (root / clone).rename(root / new)
        moved[clone] = new

    def now(path):
        for old, new in moved.items():
            path = new + path[len(old):] if (path + "/").startswith(old + "/") else path
        return path

    states = root / "home/.watercooler/state"
    for threads, name in manifest["states"].items():
        (states / name).rename(states / state_name(root / now(threads)))
    for git, threads in manifest["clones"].items():
        for note in (root / now(git) / "watercooler").iterdir():
            if note.is_file():
                rewrite(note, lambda data, threads=threads: SAME_LOOK.sub(
                    lambda match: looking(match, root / now(threads), is_in_place), data))
    manifest["places"] = {name: now(path) for name, path in manifest["places"].items()}
    return manifest


def looking(match, threads, is_in_place):
    """A file in a snapshot, as it looks now or as it never did."""
    words = look(threads / match[1].decode()) if is_in_place else OTHER_LOOK
    return match[1] + b"\0" + match[2] + b" " + words.encode() + b"\0"
