"""Cloud mode beside plain git on the same network.

Ssh is a real sshd behind a proxy that delays every byte; the floor of a row is what git alone takes
for the same, measured in turns with it.
"""
import json
import os
import shlex
import shutil
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path

from .table import RELEASE, ROOT, Timing, alternate, make_thread, spawn

os.environ["WATERCOOLER_BIN"] = RELEASE
sys.path[:0] = [f"{ROOT}/Tests/Shared"]
from bare import PLAIN, Bare, git  # noqa: E402
from remotes import FileRemote, SSHRemote  # noqa: E402

RUNS = 25
WC = f"{RELEASE}/wc"
DELAY = 20
SHELL = shutil.which("sh")
BODY = "Some *Markdown* words, as people write them.\n" * 4
COMMIT = "printf 'A line.\\n' >>plan.md && git add plan.md && git commit -q -m line"


def settings(directory, remote, **variables):
    """The environment of one machine with a clone of its own."""
    home = directory / "home"
    home.mkdir(parents=True)
    return {"HOME": str(home), "PATH": os.environ["PATH"], "GIT_CONFIG_NOSYSTEM": "1",
            "WATERCOOLER_DIR": str(directory / "threads"), "WATERCOOLER_AGENT": directory.name,
            "WATERCOOLER_GIT_REPO": remote.url} | remote.settings | variables


def by_git(directory, remote, sharing, **environment):
    """A clone for git alone, in a repository of its own beside the remote's."""
    bare = Bare(remote.bare.directory.with_name(f"{directory.name}.git"))
    bare.set_branch(bare.commit({"plan.md": "# plan\n"}))
    url = remote.url.rsplit("/", 1)[0] + f"/{directory.name}.git"
    environment = PLAIN | environment
    if remote.kind == "ssh":
        options = ["-i", str(remote.key), "-o", "IdentitiesOnly=yes", "-o", "BatchMode=yes",
                   "-o", f'UserKnownHostsFile="{remote.known_hosts}"']
        if sharing:
            options += ["-o", "ControlMaster=auto", "-o", "ControlPersist=60",
                        "-o", f"ControlPath={remote.server.place}/control"]
        environment["GIT_SSH_COMMAND"] = shlex.join(["ssh", *options])
    git("clone", "--quiet", url, str(directory), environment=environment)

    def command(script):
        return [SHELL, "-c", f"cd {shlex.quote(str(directory))} && {script}"], environment
    return command


def measure_ssh(runs, directory, row):
    remote = SSHRemote(directory, name="threads.git", delay=DELAY)
    try:
        shared = by_git(directory / "shared", remote, sharing=True)
        alone = by_git(directory / "alone", remote, sharing=False)
        machine = settings(directory / "machine", remote, WATERCOOLER_FRESH="0.001")
        fresh = machine | {"WATERCOOLER_FRESH": "1000"}
        local = {name: value for name, value in machine.items() if name != "WATERCOOLER_GIT_REPO"}
        local["WATERCOOLER_DIR"] = str(directory / "local")
        spawn([WC, "say", "plan", "-m", BODY], local)
        say = [WC, "say", "plan", "-m", BODY]
        said, bare, pulling = alternate(
            runs, (say, machine), shared(f"{COMMIT} && git push -q"),
            alone(f"git pull -q --rebase && {COMMIT} && git push -q"))
        row("ssh: say / git commit + push, shared", said, "ms", 1.1, bare, "times")
        row("ssh: say / pull + commit + push, not shared", said, "ms", 4, pulling, "faster")
        read, synced, fetched = alternate(
            runs, ([WC, "read", "plan"], machine), ([WC, "sync"], machine), shared("git fetch -q"))
        row("ssh: read, nothing new / git fetch", read, "ms", 1.1, fetched, "times")
        row("ssh: sync, nothing new / git fetch", synced, "ms", None, fetched)
        reading = [WC, "read", "plan"]
        read, locally = alternate(runs, (reading, fresh), (reading, local))
        row("read, fresh / read in local mode", read, "ms", 5, locally, "beyond")
    finally:
        remote.close()


def measure_delays(runs, directory, row):
    """The same at other distances: what the network adds hides what we add, or shows it."""
    for delay in (0, 10, 40):
        place = directory / f"delay{delay}"
        place.mkdir()
        remote = SSHRemote(place, name="threads.git", delay=delay)
        try:
            shared = by_git(place / "shared", remote, sharing=True)
            machine = settings(place / "machine", remote, WATERCOOLER_FRESH="0.001")
            said, bare = alternate(runs, ([WC, "say", "plan", "-m", BODY], machine),
                                   shared(f"{COMMIT} && git push -q"))
            row(f"ssh, {2 * delay} ms added: say / git commit + push", said, "ms", None, bare)
            read, fetched = alternate(
                runs, ([WC, "read", "plan", "--last", "1"], machine), shared("git fetch -q"))
            row(f"ssh, {2 * delay} ms added: read / git fetch", read, "ms", None, fetched)
        finally:
            remote.close()


def measure_file(runs, directory, row):
    remote = FileRemote(directory)
    plain = by_git(directory / "plain", remote, sharing=False)
    machine = settings(directory / "machine", remote)
    said, bare = alternate(
        runs, ([WC, "say", "plan", "-m", BODY], machine), plain(f"{COMMIT} && git push -q"))
    row("file: say / git add + commit + push", said, "ms", 1.35, bare, "times")


def write_all(machines, count):
    """Each machine writes so many entries to one thread, one after the other: seconds of the whole,
    seconds of each write, and the receipts."""
    times, receipts, failures = [], [], []

    def write(machine):
        for _ in range(count):
            started = time.perf_counter()
            done = subprocess.run([WC, "say", "plan", "-m", BODY, "--json"], env=machine,
                                  stdin=subprocess.DEVNULL, capture_output=True)
            times.append(time.perf_counter() - started)
            if done.returncode:
                failures.append(done.stderr.decode())
                return
            receipts.append(json.loads(done.stdout)["receipt"])

    threads = [threading.Thread(target=write, args=[machine]) for machine in machines]
    started = time.perf_counter()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if failures:
        sys.exit(f"error: {len(failures)} writers failed: {failures[0]}")
    return time.perf_counter() - started, times, receipts


def not_pushed(row, what, receipts):
    left = sum(receipt["state"] != "pushed" for receipt in receipts)
    row(f"{what}: entries not pushed", left, "of " + str(len(receipts)), 0)


def measure_writers(runs, directory, row):
    remote = FileRemote(directory)
    machine = settings(directory / "machine", remote)
    write_all([machine], 3)
    whole, times, receipts = write_all([machine] * 32, max(5, runs // 5))
    row("32 writers on one clone: entries", len(times) / whole, "per s", 120, judge="at least")
    row("32 writers on one clone: a write, p95", Timing.of(times).p95, "s", 0.4)
    not_pushed(row, "32 writers on one clone", receipts)


def measure_clones(runs, directory, row):
    remote = FileRemote(directory)
    machines = [settings(directory / f"machine{n}", remote) for n in range(16)]
    for machine in machines:
        write_all([machine], 1)
    whole, times, receipts = write_all(machines, max(3, runs // 5))
    pushes = sum(receipt["attempts"] for receipt in receipts) / len(receipts)
    row("16 clones on one thread: entries", len(times) / whole, "per s", None)
    row("16 clones on one thread: the worst write", max(times), "s", 8)
    row("16 clones on one thread: a write", Timing.of(times), "s", None)
    row("16 clones on one thread: pushes per entry", pushes, "pushes", 1.8)
    not_pushed(row, "16 clones on one thread", receipts)


def filled(directory, name, threads, entries):
    """A machine whose clone has so many threads of so many entries."""
    (directory / name).mkdir()
    remote = FileRemote(directory / name)
    plain = {"HOME": str(directory), "PATH": os.environ["PATH"], "GIT_CONFIG_NOSYSTEM": "1"}
    made = directory / name / "made"
    make_thread(WC, str(made), "t0", entries, plain, BODY)
    text = (made / "t0.md").read_text()
    # An Entry-ID is made of time, chance and, here, a number; the chance is the thread's number.
    chance = text[text.index("Entry-ID: ") + 20:][:10]
    files = {
        f"t{n}.md": text.replace("topic: t0", f"topic: t{n}").replace(chance, f"{n:010}")
        for n in range(threads)}
    remote.bare.set_branch(remote.bare.commit(files))
    return settings(directory / name / "machine", remote, WATERCOOLER_FRESH="0.001")


def measure_size(runs, directory, row):
    small, large = filled(directory, "small", 100, 1), filled(directory, "large", 100, 100)
    for what, command in [("list", ["list"]), ("read one", ["read", "t7"]),
                          ("say", ["say", "t7", "-m", BODY])]:
        one, many = alternate(runs, ([WC, *command], small), ([WC, *command], large))
        row(f"10,000 entries / 100, in 100 threads: {what}", many, "ms", 2, one, "times")


def measure_threads(runs, directory, row):
    """One entry in a clone of so many threads: the others cost a look, as they do git."""
    machine = filled(directory, "many", 5000, 1)
    source = machine["WATERCOOLER_GIT_REPO"].removeprefix("file://")
    shutil.copytree(source, directory / "plain.git")
    plain = directory / "plain"
    git("clone", "--quiet", f"file://{directory}/plain.git", str(plain), environment=PLAIN)
    script = f"cd {shlex.quote(str(plain))} && {COMMIT.replace('plan.md', 't7.md')} && git push -q"
    said, bare = alternate(
        runs, ([WC, "say", "t7", "-m", BODY], machine), ([SHELL, "-c", script], PLAIN))
    row("5,000 threads: say / git add + commit + push", said, "ms", 1.5, bare, "times")


def measure_recovery(_, directory, row):
    """What a look at the clone costs before each operation, without the program's start."""
    no_git = directory / "bin" / "git"
    no_git.parent.mkdir()
    no_git.write_text(f"#!{SHELL}\nexit 1\n")
    no_git.chmod(0o755)
    for threads in (1, 100, 1000):
        machine = filled(directory, f"of{threads}", threads, 10)
        # The first look at files that git has just written asks it.
        spawn([WC, "read", "t0"], machine)
        spawn([WC, "sync"], machine)
        printed = subprocess.run(
            [f"{RELEASE}/watercooler-bench", "recovery", machine["WATERCOOLER_DIR"]],
            env=machine | {"PATH": str(no_git.parent)}, stdout=subprocess.PIPE, text=True,
            check=True).stdout
        median, slow = map(float, printed.split())
        row(f"recovery, nothing wrong, {threads} thread{'s' * (threads > 1)}",
            Timing(median / 1e3, slow / 1e3, None), "ms", 1 if threads <= 100 else None)


MEASURES = {"ssh": measure_ssh, "delays": measure_delays, "file": measure_file,
            "writers": measure_writers, "clones": measure_clones, "size": measure_size,
            "threads-of-clone": measure_threads, "recovery": measure_recovery}


def measure(name, runs, rows):
    with tempfile.TemporaryDirectory(prefix="watercooler-bench-") as directory:
        MEASURES[name](runs, Path(directory), rows.add)
