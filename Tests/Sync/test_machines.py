"""What the machine or its configuration does to a clone: signatures, line ends, disks."""
import os
import shlex

import pytest

import programs
from strange import NAMESPACE


def configure(case, text):
    (case.here.home / ".gitconfig").write_text(text)


def sign_with(case, script):
    program = programs.write_program(case.here.home / "sign", f"#!/bin/sh\n{script}\n")
    configure(case, f"[commit]\n\tgpgsign = true\n[gpg]\n\tprogram = {program}\n"
                    "[user]\n\tsigningkey = ours\n")


SIGNERS = {
    "waits": "exec sleep 50", "fails": "echo 'gpg: no pinentry' >&2; exit 2",
    "asks": "read answer </dev/tty || exit 2",
}


@pytest.mark.parametrize("signer", SIGNERS)
def test_a_signing_key_that(case, signer):
    sign_with(case, SIGNERS[signer])
    case.say()
    case.wc("read", "plan")
    case.wc("sync", code=4)
    case.note("what the hint says")
    case.here.git("config", "commit.gpgsign", "false")
    case.say()


@pytest.mark.parametrize("home", ["empty", "unset", "missing"])
def test_no_home_and_no_address(case, home):
    environment = case.here.environment
    if home == "unset":
        del environment["HOME"]
    else:
        environment["HOME"] = {"empty": "", "missing": "/nonexistent"}[home]
    case.say()
    case.wc("read", "plan")
    case.wc("sync")
    case.wc("doctor")
    author = case.here.git("log", "-1", "--format=%an <%ae>").decode().strip()
    assert author == "Watercooler <watercooler@localhost>"


def check_bytes(case):
    """Every entry goes through as the bytes it was said in, on both machines."""
    case.say()
    case.say(clone=case.there)
    case.say()
    case.wc("read", "plan")
    case.wc("sync")
    case.wc("doctor")
    bare = case.world.remote.bare
    data = bare.files(bare.tip)["plan.md"]
    assert b"\r" not in data and case.here.file("plan").read_bytes() == data
    assert case.here.git("status", "--porcelain") == b""


def test_line_ends_are_to_be_converted(case):
    configure(case, "[core]\n\tautocrlf = true\n\teol = crlf\n")
    check_bytes(case)
    done = case.here.run("sync", "--quiet")
    assert (done.returncode, done.stderr) == (0, b"")


def test_attributes_in_the_repository(case):
    """They ask for other line ends, and for a filter that would change every letter."""
    bare = case.world.remote.bare
    files = {name: data.decode() for name, data in bare.files(bare.tip).items()}
    files[".gitattributes"] = "* text=auto eol=crlf\n*.md filter=upper ident\n"
    bare.set_branch(bare.commit(files, parent=bare.tip))
    configure(case, "[filter \"upper\"]\n\tclean = tr a-z A-Z\n\tsmudge = tr a-z A-Z\n"
                    "\trequired = true\n")
    check_bytes(case)
    fresh = case.world.clone("fresh")
    (fresh.home / ".gitconfig").write_text((case.here.home / ".gitconfig").read_text())
    assert fresh.read("plan")["entry_count"] == 5


# Disks

# The clone is moved to the disk, and what is there at the end back again.
ON_ANOTHER_DISK = """
set -e
keep={keep} threads={threads}
mkdir "$keep"
mount --bind "$threads" "$keep"
{mount}
cd /
set +e
{commands}
{after}
umount "$threads"
"""
SMALL = """
mount -t tmpfs -o size={size}k none "$threads"
cp -a "$keep/." "$threads/"
cat /dev/zero >"$threads/.git/filler" 2>/dev/null || true
"""
SMALL_AFTER = """
rm -f "$threads/.git/filler"
find "$keep" -mindepth 1 -delete
cp -a "$threads/." "$keep/"
"""
READ_ONLY = """
mount --bind "$threads" "$threads"
mount -o remount,bind,ro "$threads"
"""


def on_disk(case, mount, after, commands):
    """Runs commands in a mount namespace; False where this machine lets nobody mount."""
    if programs.call(*NAMESPACE, "mount", "-t", "tmpfs", "none", "/mnt").returncode:
        assert not os.environ.get("CI"), "CI has to run this, and nothing can be mounted"
        return pytest.skip("not run: nothing can be mounted here")
    lines, results = [], []
    for number, arguments in enumerate(commands):
        place = case.world.directory / f"done{number}"
        results.append((arguments, place))
        command = shlex.join([str(programs.WC), *arguments])
        place = shlex.quote(str(place))
        lines.append(f"{command} >{place}.out 2>{place}.err </dev/null; echo $? >{place}.code")
    script = ON_ANOTHER_DISK.format(
        keep=shlex.quote(str(case.world.directory / "keep")),
        threads=shlex.quote(str(case.here.threads)), mount=mount, after=after,
        commands="\n".join(lines))
    case.here.call(*NAMESPACE, "sh", "-c", script, code=0)
    codes = []
    for arguments, place in results:
        out, errors, code = (
            place.with_suffix(f".{kind}").read_text() for kind in ("out", "err", "code"))
        case.tell(arguments, int(code), out, errors)
        codes.append(int(code))
    return codes


COMMANDS = [["say", "plan", "-m", "refused 1"], ["read", "plan"], ["sync"],
            ["say", "new", "-m", "refused 2"], ["list"], ["doctor"]]


def check_later(case, before):
    for number in (1, 2):
        case.world.ledger.refuse(f"refused {number}")
    assert case.shown() == before
    case.note("afterwards")
    case.say()
    case.wc("sync")


def test_a_disk_that_is_full(case):
    before = case.shown()
    size = sum(path.stat().st_size // 1024 + 8 for path in case.here.threads.rglob("*"))
    codes = on_disk(case, SMALL.format(size=size), SMALL_AFTER, COMMANDS)
    assert codes == [1, 0, 0, 1, 0, 1]
    check_later(case, before)


def test_a_clone_that_cannot_be_written_to(case):
    before = case.shown()
    codes = on_disk(case, READ_ONLY, "", COMMANDS)
    assert codes == [1, 0, 1, 1, 0, 1]
    check_later(case, before)
