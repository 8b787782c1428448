"""Runs many cases, on several processors, and counts what was found."""
import multiprocessing
import queue as queue_module
import random
import shutil
import signal
import sys
import time
import traceback
from collections import Counter
from pathlib import Path
from typing import NamedTuple

import cases
import kinds
from operations import OPERATIONS
from worlds import MODES

# How many of a unit are run before it is another one's turn.
AT_ONCE = {"none": 1, "strace": 8, "kill": 4, "git": 6, "limit": 2, "disk": 2, "stdout": 2}
FINDINGS = ("lost", "doubled", "mangled", "untrue", "hang", "trap", "touched", "stuck")


class Unit(NamedTuple):
    """An operation in a mode, under faults of a kind."""

    mode: str
    operation: str
    kind: str

    def case(self, fault):
        return f"{self.mode}/{self.operation}/{self.kind}/{fault.name}"


class Result(NamedTuple):
    """A case, what it was about, and what was found."""

    case: str
    about: str
    findings: list
    answer: str

    @property
    def mode(self):
        return self.case.split("/")[0]

    @property
    def kind(self):
        return self.case.split("/")[2]


def units(options):
    return [Unit(mode, each.name, kind) for mode in MODES if mode in options.mode
            for each in cases.operations(mode) if each.name in options.operation
            for kind in kinds.KINDS if kind in options.kind and kinds.applies(kind, mode, each)]


class Worker:
    """One process: a place per mode, made when it is needed."""

    def __init__(self, directory, seed, is_sweep=True):
        self.directory = directory
        self.is_sweep = is_sweep
        self.seed = seed
        self.places = {}

    def place(self, mode):
        if mode not in self.places:
            self.places[mode] = cases.Place(self.directory / mode, mode)
            if self.is_sweep:
                self.places[mode].world.make_all()
        return self.places[mode]

    def some(self, unit, start, count):
        """So many cases of a unit, in the seed's order; fewer where there are no more."""
        place, operation = self.place(unit.mode), OPERATIONS[unit.operation]
        faults = place.faults(operation, unit.kind)
        order = random.Random(f"{self.seed} {unit}")
        for fault in order.sample(faults, len(faults))[start:start + count]:
            yield self.one(unit, place, operation, fault)

    @staticmethod
    def one(unit, place, operation, fault):
        try:
            found, case = place.run(operation, fault)
            if any(each.kind == "hang" for each in found):
                # A machine that was busy elsewhere is no hang.
                found, case = place.run(operation, fault)
            return Result(unit.case(fault), fault.about, [tuple(each) for each in found],
                          case.answer.whole)
        except Exception:
            return Result(unit.case(fault), fault.about, [("untrue", traceback.format_exc())], "")

    def close(self):
        for place in self.places.values():
            place.close()


def work(number, directory, seed, end, tasks, results):
    # What was started is ended, too.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))
    worker = Worker(directory / str(number), seed)
    try:
        while (task := tasks.get()) is not None:
            done = 0
            try:
                for result in worker.some(*task):
                    results.put(result)
                    done += 1
                    if time.time() > end:
                        break
            except Exception:
                results.put(Result("/".join([*task[0], "-"]), "",
                                   [("untrue", traceback.format_exc())], ""))
            results.put((number, *task, done))
    finally:
        worker.close()


class Schedule:
    """Which cases come next, for each of the workers: as many of each unit, again and again."""

    def __init__(self, options):
        listed = units(options)
        order = random.Random(options.seed)
        self.waiting = [(unit, 0) for unit in order.sample(listed, len(listed))]
        self.jobs = options.jobs
        self.is_whole = options.all

    def next(self, number):
        """Of a worker's own modes, if there are any left: each mode takes a while to be made."""
        own = [at for at, (unit, _) in enumerate(self.waiting)
               if MODES.index(unit.mode) % self.jobs == number]
        if not self.waiting:
            return None
        unit, start = self.waiting.pop(own[0] if own else 0)
        return unit, start, 50 if self.is_whole else AT_ONCE[unit.kind]

    def again(self, unit, start, count, done):
        if done == count:
            self.waiting.append((unit, start + done))


def sweep(options, directory, tell):
    """Runs cases until there are as many as wanted, or the time is up; gives all results."""
    end = time.time() + (options.seconds or 1e8)
    context = multiprocessing.get_context("fork")
    results = context.Queue()
    tasks = [context.Queue() for _ in range(options.jobs)]
    workers = [context.Process(target=work, args=(number, directory, options.seed, end, queue, results))
               for number, queue in enumerate(tasks)]
    for worker in workers:
        worker.start()
    schedule, found, running = Schedule(options), [], {}

    def is_over():
        wanted = options.cases or float("inf")
        return time.time() > end or len(found) + sum(running.values()) >= wanted

    def hand_out(number):
        task = None if is_over() else schedule.next(number)
        tasks[number].put(task)
        if task:
            running[number] = task[2]

    try:
        for number in range(options.jobs):
            hand_out(number)
        while running:
            result = next_of(results, running, workers)
            if isinstance(result, Result):
                found.append(result)
                tell(result)
            else:
                number, *task = result
                del running[number]
                schedule.again(*task)
                hand_out(number)
    except BaseException:
        for worker in workers:
            worker.terminate()
        raise
    finally:
        for worker in workers:
            worker.join()
    return found


def next_of(results, running, workers):
    while True:
        try:
            return results.get(timeout=10)
        except queue_module.Empty:
            dead = [number for number in running if not workers[number].is_alive()]
            assert not dead, f"the workers {dead} are gone"


def run_one(name, directory):
    """Runs the case of an ID, and leaves its directory."""
    mode, operation, kind, fault_name = name.split("/")
    unit = Unit(mode, operation, kind)
    worker = Worker(directory, 0, is_sweep=False)
    place = worker.place(mode)
    listed = place.faults(OPERATIONS[operation], kind)
    fault = kinds.named(fault_name, kind, listed)
    if not fault:
        worker.close()
        shutil.rmtree(directory)
        names = ", ".join(each.name for each in listed[:40])
        raise SystemExit(f"error: no case {name}; there is {names}, …")
    result = worker.one(unit, place, OPERATIONS[operation], fault)
    kept = Path(directory, "kept")
    shutil.copytree(place.world.directory, kept, symlinks=True)
    worker.close()
    return result, kept


def table(results, is_markdown):
    """A row per mode and kind."""
    rows = {}
    for result in results:
        row = rows.setdefault((result.mode, result.kind), Counter())
        row["cases"] += 1
        row.update({finding[0] for finding in result.findings})
    columns = ["cases", *FINDINGS]
    lines = [["mode", "fault", *columns]]
    lines += [[mode, kind, *[f"{row[column]:,}" for column in columns]]
              for (mode, kind), row in sorted(rows.items(), key=order_of_row)]
    total = sum(rows.values(), Counter())
    lines.append(["all", "", *[f"{total[column]:,}" for column in columns]])
    if is_markdown:
        lines.insert(1, ["---", "---", *["---:"] * len(columns)])
        return "\n".join("| " + " | ".join(line) + " |" for line in lines)
    widths = [max(len(line[at]) for line in lines) for at in range(len(lines[0]))]
    return "\n".join("  ".join(
        [cell.ljust(width) if at < 2 else cell.rjust(width)
         for at, (cell, width) in enumerate(zip(line, widths))]).rstrip() for line in lines)


def order_of_row(row):
    mode, kind = row[0]
    return MODES.index(mode), kinds.KINDS.index(kind)
