"""What the measurements share: processes measured in turns, and rows of a table."""
import os
import platform
import statistics
import subprocess
import sys
import time
from typing import NamedTuple

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
RELEASE = os.path.join(ROOT, ".build", "release")
BUILD = ["swift", "build", "-c", "release", "--static-swift-stdlib"]
DEVNULL = os.open(os.devnull, os.O_RDWR)


def spawn(arguments, environment):
    """Runs a program to its end; returns seconds and peak memory in MB."""
    actions = [(os.POSIX_SPAWN_DUP2, DEVNULL, 0), (os.POSIX_SPAWN_DUP2, DEVNULL, 1)]
    started = time.perf_counter()
    child = os.posix_spawn(arguments[0], arguments, environment, file_actions=actions)
    _, status, usage = os.wait4(child, 0)
    seconds = time.perf_counter() - started
    if status != 0:
        sys.exit(f"error: {' '.join(arguments)} ended with status {status}")
    unit = 1 if sys.platform == "darwin" else 1024
    return seconds, usage.ru_maxrss * unit / 1e6


class Timing(NamedTuple):
    """What many runs took; the spread is that of the half in the middle, in per cent of the median."""

    median: float
    p95: float
    spread: float

    @classmethod
    def of(cls, times):
        times = sorted(times)
        median = statistics.median(times)
        middle = times[len(times) * 3 // 4] - times[len(times) // 4]
        return cls(median, times[int(len(times) * 0.95)], 100 * middle / median if median else 0)


def alternate(runs, *commands):
    """The timings, in ms, of several commands measured in turns; each is (arguments, environment)."""
    times = [[] for _ in commands]
    for turn in range(runs + 3):
        for index, (arguments, environment) in enumerate(commands):
            seconds, _ = spawn(arguments, environment)
            if turn >= 3:
                times[index].append(seconds * 1e3)
    return [Timing.of(each) for each in times]


class Rows(list):
    """What was measured; `judge` says what the target is about."""

    def add(self, what, value, unit, target, floor=None, judge="at most"):
        """A row of the table.

        `value` and `floor` are timings or numbers. `judge`: the value is "at most" or "at least" the
        target, or so many "times" the floor at most, times "faster" than it at least, or "beyond" it
        at most."""
        timing = value if isinstance(value, Timing) else Timing(value, None, None)
        floor = floor.median if isinstance(floor, Timing) else floor
        self.append({"what": what, "value": timing.median, "p95": timing.p95,
                     "spread": timing.spread, "unit": unit, "target": target, "floor": floor,
                     "judge": judge})

    def show(self):
        print(f"{'':48}" + "".join(f"{name:>10}" for name in COLUMNS) + "  target")
        for row in self:
            print(f"{row['what']:48}" + "".join(f"{cell:>10}" for cell in cells(row)) + f"  {verdict(row)}")

    def markdown(self):
        """The table as docs/performance.md has it, with where and how it was made."""
        print(f"`{' '.join([os.path.relpath(sys.argv[0], ROOT), *sys.argv[1:]])}`: {machine()}\n")
        print("| | " + " | ".join(COLUMNS) + " | |\n|---|" + "---:|" * len(COLUMNS) + "---|")
        for row in self:
            print(f"| {row['what']} | " + " | ".join(cells(row)) + f" | {verdict(row)} |")


COLUMNS = ["median", "p95", "spread", "floor", "ratio"]


def cells(row):
    def number(value):
        return f"{value:.2f}" if value is not None else ""

    spread = f"{row['spread']:.0f} %" if row["spread"] is not None else ""
    ratio = row["value"] / row["floor"] if row["floor"] else None
    return [number(row["value"]), number(row["p95"]), spread, number(row["floor"]), number(ratio)]


def machine():
    """What it was measured on, in a line."""
    def first_line(*command):
        return subprocess.run(command, capture_output=True, text=True).stdout.splitlines()[0]

    processor = platform.processor() or platform.machine()
    if os.path.exists("/proc/cpuinfo"):
        with open("/proc/cpuinfo") as lines:
            names = [line.split(":", 1)[1].strip() for line in lines if line.startswith("model name")]
        processor = names[0] if names else processor
    version = first_line(os.path.join(RELEASE, "watercooler-mcp"), "--version")
    return ", ".join([
        time.strftime("%Y-%m-%d"), f"{os.cpu_count()} processors ({processor})",
        f"{platform.system()} {platform.release()}", version, first_line("git", "--version")])


def verdict(row):
    value, floor, target, unit = row["value"], row["floor"], row["target"], row["unit"]
    if target is None:
        return unit
    claim, met = {
        "at most": lambda: (f"under {target} {unit}" if target else f"is 0 {unit}",
                            value <= target),
        "at least": lambda: (f"over {target} {unit}", value > target),
        "times": lambda: (f"{unit}, ratio under {target}", value <= target * floor),
        "faster": lambda: (f"{unit}, {target} times faster", value * target <= floor),
        "beyond": lambda: (f"{unit}, floor + {target} {unit}", value - floor <= target),
    }[row["judge"]]()
    return f"{claim}: {'met' if met else 'MISSED'}"


def make_thread(program, path, topic, count, environment, body):
    """One thread of many entries, by copying one that the program wrote into this directory."""
    os.makedirs(path, exist_ok=True)
    spawn([program, "say", topic, "-m", body, "--dir", path], environment)
    with open(f"{path}/{topic}.md") as file:
        head, entry = file.read().split("\n---\nEntry:")
    digits = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
    with open(f"{path}/{topic}.md", "w") as file:
        file.write(head)
        identity = entry[entry.index("Entry-ID: ") + 10:][:26]
        for number in range(count):
            suffix = digits[number // 1024 % 32] + digits[number // 32 % 32] + digits[number % 32]
            file.write("\n---\nEntry:" + entry.replace(identity, identity[:23] + suffix))
