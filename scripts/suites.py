"""Runs pytest in environments of its own, and counts what it did.

As a script: only makes the environments, and a newer git.
"""
import os
import subprocess
import sys
import tempfile
import venv
from pathlib import Path
from xml.etree import ElementTree

import newer_git

ROOT = Path(__file__).resolve().parent.parent
TESTS = ROOT / "Tests"
COUNTS = ("failed", "passed", "skipped", "errors")


def run(*command):
    return subprocess.run([str(part) for part in command], stdin=subprocess.DEVNULL).returncode


def environment(name):
    """The Python of an environment that has what its requirements file asks for."""
    requirements = TESTS / "Clients" / f"requirements-{name}.txt"
    wanted = requirements.read_text()
    directory = ROOT / ".venv" / name
    python = directory / "bin" / "python"
    installed = directory / "installed.txt"
    if not installed.exists() or installed.read_text() != wanted:
        venv.create(directory, clear=True, with_pip=True)
        if run(python, "-m", "pip", "install", "--quiet", "--no-cache-dir",
               "--disable-pip-version-check", "-r", requirements) != 0:
            sys.exit(f"error: the requirements of {name} could not be installed")
        installed.write_text(wanted)
    return python


def counts(report):
    """How many tests failed, passed, were skipped, and did not get that far."""
    result = dict.fromkeys(COUNTS, 0)
    if report.exists():
        for suite in ElementTree.parse(report).iter("testsuite"):
            failed, skipped, errors = (
                int(suite.get(key)) for key in ("failures", "skipped", "errors"))
            result["failed"] += failed
            result["skipped"] += skipped
            result["errors"] += errors
            result["passed"] += int(suite.get("tests")) - failed - skipped - errors
    return result


# Tests wait for others more than for the processor: several at a time. `-n 0` has them in turn.
AT_ONCE = {"mcp2": ["-n", "3", "--dist", "worksteal"]}


def main(suites):
    """Runs suites, each some paths in an environment; the last line counts the tests."""
    os.environ["PYTHONDONTWRITEBYTECODE"] = "1"
    total = dict.fromkeys(COUNTS, 0)
    status = 0
    with tempfile.TemporaryDirectory() as scratch:
        for name, suite in suites.items():
            report = Path(scratch) / f"{name}.xml"
            code = run(environment(name), "-m", "pytest", "-c", TESTS / "pytest.ini", "-ra",
                       f"--junit-xml={report}", *AT_ONCE.get(name, []), *suite, *sys.argv[1:])
            # 5: a filter left no test of this suite, which is fine if the other one has some.
            status = status or (code if code != 5 else 0)
            for key, number in counts(report).items():
                total[key] += number
    print(", ".join(f"{n} {key}" for key, n in total.items() if n or key == "passed"))
    if total["passed"] == 0:
        sys.exit(status or "error: no test ran")
    if total["skipped"] and os.environ.get("CI"):
        sys.exit(status or "error: tests were skipped, and CI is set")
    sys.exit(status)


if __name__ == "__main__":
    # What the suites need, ahead of them.
    for requirements in sorted((TESTS / "Clients").glob("requirements-*.txt")):
        environment(requirements.stem.removeprefix("requirements-"))
    newer_git.directory()
