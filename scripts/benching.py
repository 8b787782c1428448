"""What the measurements share: processes measured in turns, and rows of a table."""
import argparse
import json
import os
import platform
import statistics
import subprocess
import sys
import time

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
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


def at95(times):
    return sorted(times)[int(len(times) * 0.95)]


def alternate(runs, *commands):
    """Medians, in ms, of several commands measured in turns; each is (arguments, environment)."""
    times = [[] for _ in commands]
    for turn in range(runs + 3):
        for index, (arguments, environment) in enumerate(commands):
            seconds, _ = spawn(arguments, environment)
            if turn >= 3:
                times[index].append(seconds * 1e3)
    return [(statistics.median(t), at95(t)) for t in times]


class Rows(list):
    """What was measured; `judge` says what the target is about."""

    def add(self, what, value, unit, target, floor=None, p95=None, judge="at most"):
        """`judge`: the value is "at most" or "at least" the target, or so many "times" the floor
        at most, times "faster" than it at least, or "beyond" it at most."""
        self.append({"what": what, "value": value, "p95": p95, "unit": unit, "target": target,
                     "floor": floor, "judge": judge})

    def show(self):
        print(f"{'':48}{'median':>9}  {'p95':>8}  {'floor':>8}  {'ratio':>6}  target")
        for row in self:
            ratio = f"{row['value'] / row['floor']:.2f}" if row["floor"] else ""
            floor = f"{row['floor']:.2f}" if row["floor"] else ""
            p95 = f"{row['p95']:.2f}" if row["p95"] else ""
            print(f"{row['what']:48}{row['value']:>9.2f}  {p95:>8}  {floor:>8}  {ratio:>6}  "
                  f"{verdict(row)}")


    def markdown(self):
        """The table as docs/performance.md has it, with where and how it was made."""
        print(f"`{' '.join([os.path.relpath(sys.argv[0], ROOT), *sys.argv[1:]])}`: {machine()}\n")
        print("| | median | p95 | floor | ratio | |\n|---|---:|---:|---:|---:|---|")
        for row in self:
            floor = f"{row['floor']:.2f}" if row["floor"] else ""
            ratio = f"{row['value'] / row['floor']:.2f}" if row["floor"] else ""
            p95 = f"{row['p95']:.2f}" if row["p95"] else ""
            print(f"| {row['what']} | {row['value']:.2f} | {p95} | {floor} | {ratio} | {verdict(row)} |")


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


def main(description, measure, runs, rows=None):
    """Builds, measures (`measure(arguments)` gives rows) and prints; `rows` can be chosen of."""
    parser = argparse.ArgumentParser(description=description.split("\n")[0])
    parser.add_argument(
        "--runs", type=int, default=runs, help=f"runs of each row; {runs} by default")
    parser.add_argument("--no-build", action="store_true", help="measure what is built already")
    parser.add_argument("--json", action="store_true", help="print JSON")
    parser.add_argument("--markdown", action="store_true", help="print a table for the documents")
    if rows:
        parser.add_argument("rows", nargs="*", metavar="ROW", help=f"of {', '.join(rows)}")
    arguments = parser.parse_args()
    if rows and (unknown := set(arguments.rows) - set(rows)):
        parser.error(f"no row {', '.join(unknown)}; there is {', '.join(rows)}")
    if not arguments.no_build:
        subprocess.run(BUILD, cwd=ROOT, check=True, stdout=sys.stderr)
    rows = measure(arguments)
    if arguments.json:
        print(json.dumps({"version": 1, "rows": rows}, indent=2))
    elif arguments.markdown:
        rows.markdown()
    else:
        rows.show()


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
