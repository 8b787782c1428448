"""A system that has no thread to give, for as long as a test says."""
import shutil
import subprocess
from contextlib import contextmanager
from pathlib import Path

import pytest

SOURCE = Path(__file__).with_name("no_threads.c")


class Starvation:
    """Has no program of ours start a thread while it is on; children of theirs may."""

    def __init__(self, directory, environment):
        compiler = shutil.which("clang") or shutil.which("cc")
        assert compiler, "Swift's toolchain has a C compiler"
        library = directory / "no_threads.so"
        subprocess.run([compiler, "-shared", "-fPIC", "-o", library, SOURCE], check=True)
        self._switch = directory / "no threads"
        environment |= {"LD_PRELOAD": str(library), "NO_THREADS": str(self._switch)}

    def begin(self):
        self._switch.touch()

    def end(self):
        self._switch.unlink()

    @contextmanager
    def __call__(self):
        self.begin()
        yield
        self.end()


@pytest.fixture
def starving(tmp_path, place):
    """For the programs that are started in the place from then on."""
    return Starvation(tmp_path, place.environment)
