"""Local mode: processes of `wc`, and the parsers.

A row in MB/s has as its floor the speed for a quarter of the input: a ratio near 1 is linear.
"""
import os
import shutil
import subprocess
import tempfile

from .table import RELEASE, alternate, make_thread, spawn

RUNS = 100


def make_threads(program, directory, count, environment):
    """Many small threads, by copying one that the program wrote."""
    os.makedirs(directory)
    spawn([program, "say", "t0", "-m", "A short message.", "--dir", directory], environment)
    with open(f"{directory}/t0.md") as file:
        text = file.read()
    for number in range(1, count):
        with open(f"{directory}/t{number}.md", "w") as file:
            file.write(text.replace("topic: t0", f"topic: t{number}"))


class Bench:
    """What all measurements need: the programs, a home, and the table."""

    def __init__(self, runs, home, rows):
        self.runs, self.home, self.rows = runs, home, rows
        self.wc = f"{RELEASE}/wc"
        # Called so, it never steps aside.
        self.watercooler = f"{home}/watercooler"
        os.symlink(self.wc, self.watercooler)
        self.plain = {"HOME": home, "PATH": os.environ["PATH"], "GIT_CONFIG_NOSYSTEM": "1"}
        self.floor = ([shutil.which("true")], self.plain)

    def tool(self, name, *arguments):
        """A program of the system's, found without ours in the way."""
        return ([shutil.which(name, path="/usr/bin:/bin:/usr/local/bin"), *arguments], self.plain)

    def ours(self, *arguments):
        return ([self.watercooler, *arguments], self.plain)

    def beside(self, what, command, floor, target, judge="at most"):
        """A row: a command's time beside that of what stands for the least to be done."""
        base, ours = alternate(self.runs, floor, command)
        self.rows.add(what, ours, "ms", target, base, judge)

    def memory(self, what, command, target):
        self.rows.add(what, spawn(*command)[1], "MB", target)


def measure_start(bench):
    bench.beside("start: wc version", bench.ours("version"), bench.floor, None)
    bench.beside("wc --help", ([bench.wc, "--help"], bench.plain), bench.floor, 5, "beyond")
    file = f"{bench.home}/words"
    with open(file, "w") as words:
        words.write("one two three\n" * 100)
    bench.beside("wc -l FILE, the system's through ours", ([bench.wc, "-l", file], bench.plain),
                 bench.tool("wc", "-l", file), 5, "beyond")
    for program in (bench.wc, f"{RELEASE}/watercooler-mcp"):
        bench.rows.add(f"size of {os.path.basename(program)}, stripped", stripped(program), "MB", None)


def stripped(program):
    """The size of a program without what only a debugger needs, in MB."""
    with tempfile.NamedTemporaryFile() as copy:
        subprocess.run(["strip", "-o", copy.name, program], check=True)
        return os.path.getsize(copy.name) / 1e6


def measure_say(bench):
    directory = f"{bench.home}/say"
    os.makedirs(directory)
    environment = {**bench.plain, "WATERCOOLER_DIR": directory}
    say = ([bench.wc, "say", "bench", "-m", "A short message."], environment)
    config = bench.tool("git", "config", "--list", "-z")
    base, child, said = alternate(bench.runs, bench.floor, config, say)
    # The least: a process, and the child that reads git's configuration.
    bench.rows.add("wc say, local mode", said, "ms", 10, base.median + child.median)


def measure_threads(bench):
    for count, target in ((1, None), (1000, 40), (10_000, None)):
        directory = f"{bench.home}/threads{count}"
        make_threads(bench.wc, directory, count, bench.plain)
        files = [f"{directory}/t{n}.md" for n in range(count)]
        runs, bench.runs = bench.runs, bench.runs if count <= 1000 else 5
        name = f"{count:,} thread{'s' * (count > 1)}"
        bench.beside(f"wc list, {name}", bench.ours("list", "--dir", directory),
                     bench.tool("cat", *files), target)
        bench.beside(f"wc search, {name}", bench.ours("search", "MESSAGE", "--dir", directory),
                     bench.tool("grep", "-rniF", "MESSAGE", directory), None)
        bench.runs = runs
    for verb in (["list"], ["search", "message"], ["reindex"]):
        bench.memory(f"wc {verb[0]}, 10,000 threads, peak memory",
                     bench.ours(*verb, "--dir", directory), 150)
    half = f"{bench.home}/threads5000"
    make_threads(bench.wc, half, 5000, bench.plain)
    environment = {**bench.plain, "WATERCOOLER_DIR": half}
    bench.beside("completing a topic among 5,000",
                 ([bench.watercooler, "__complete", "wc", "read", "t49"], environment),
                 bench.tool("ls", half), 50)


def measure_entries(bench):
    body = "Some *Markdown* words, as people write them.\n" * 8
    for count, target in ((10, None), (1000, 30), (10_000, None)):
        directory = f"{bench.home}/long{count}"
        make_thread(bench.wc, directory, "long", count, bench.plain, body)
        cat = bench.tool("cat", f"{directory}/long.md")
        read = bench.ours("read", "long", "--dir", directory)
        runs, bench.runs = bench.runs, bench.runs if count <= 1000 else 10
        bench.beside(f"wc read, {count:,} entries", read, cat, target)
        bench.beside(f"wc say, {count:,} entries before",
                     bench.ours("say", "long", "-m", "One more.", "--dir", directory), cat, None)
        bench.runs = runs
    directory = f"{bench.home}/large"
    make_thread(bench.wc, directory, "large", 1000, bench.plain, "Twenty kilobytes. " * 1150)
    for verb in (["read", "large"], ["list"], ["search", "kilobytes", "--limit", "5"]):
        bench.memory(f"wc {verb[0]}, a thread of 20 MB, peak memory",
                     bench.ours(*verb, "--dir", directory), 150)


def measure_merge(bench):
    """Two sides that each added 1,000 entries to 1,000."""
    directory = f"{bench.home}/merge"
    make_thread(bench.wc, directory, "base", 1000, bench.plain, "A body.")
    with open(f"{directory}/base.md") as file:
        base = file.read()
    added = base[base.index("\n---\nEntry:"):]
    for side, letter in (("ours", "X"), ("theirs", "Y")):
        with open(f"{directory}/{side}.md", "w") as file:
            file.write(base + added.replace("Entry-ID: 01", f"Entry-ID: 0{letter}"))
    paths = [f"{directory}/{name}.md" for name in ("base", "ours", "theirs")]
    script = 'cp "$2" "$2.merged" && exec "$0" merge-driver "$1" "$2.merged" "$3" t.md shown-first'
    floor = 'cp "$2" "$2.merged" && exec git merge-file -q --union "$2.merged" "$1" "$3"'
    bench.beside("merge of 1,000 entries with 1,000",
                 bench.tool("sh", "-c", script.replace("$0", bench.watercooler), "sh", *paths),
                 bench.tool("sh", "-c", floor, "sh", *paths), None)


def measure_parsing(bench):
    speeds = subprocess.run(
        [f"{RELEASE}/watercooler-bench"], capture_output=True, text=True, check=True).stdout
    for line in speeds.splitlines():
        what, speed, fourfold = line.split("\t")
        # A body of 1 MiB in 5 ms.
        least = 210 if what.startswith("secrets") else 100
        bench.rows.add(what, float(fourfold), "MB/s", least, float(speed), judge="at least")


MEASURES = {"start": measure_start, "say": measure_say, "threads": measure_threads,
            "entries": measure_entries, "merge": measure_merge, "parsing": measure_parsing}


def measure(name, runs, rows):
    with tempfile.TemporaryDirectory(prefix="watercooler-bench-") as home:
        MEASURES[name](Bench(runs, home, rows))
