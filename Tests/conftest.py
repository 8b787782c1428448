"""What the tests share."""
import os
from pathlib import Path

import pytest

import programs
import traces
from outside import Outside


@pytest.fixture
def place(tmp_path):
    """A home and an empty place for threads."""
    return programs.Place(tmp_path)


PASSED = pytest.StashKey()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item, call):
    report = yield
    if call.when == "call":
        item.stash[PASSED] = report.passed
    return report


@pytest.fixture
def has_passed(request):
    """Whether the test has, for what is done after it."""
    return lambda: request.node.stash.get(PASSED, False)


@pytest.fixture
def outside(request, tmp_path, has_passed):
    """Takes down what scripts see, and compares it at the end with the file of the test's name."""
    name = request.node.name.removeprefix("test_").replace("[", "-").replace("]", "")
    outside = Outside(name.replace("_", "-"), tmp_path)
    yield outside
    if has_passed():
        outside.check()


@pytest.fixture(scope="session")
def shared_data():
    """Material beside the checkout, which a user's clone has not and CI must have."""
    directory = data_directory()
    if not directory:
        pytest.skip("the schemas and the corpus are not here (WATERCOOLER_TEST_DATA)")
    return directory


@pytest.fixture
def checked_traces(place):
    """Every line of the traces in the home is checked when the test is done."""
    yield
    if directory := data_directory():
        for trace in place.home.glob("*.trace"):
            traces.check(trace, directory)


def data_directory():
    given = os.environ.get("WATERCOOLER_TEST_DATA")
    directory = Path(given) if given else programs.ROOT.parent / "shared"
    return directory if (directory / "mcp-schema").is_dir() or os.environ.get("CI") else None


def pytest_configure():
    for program in (programs.WC, programs.SERVER):
        if not os.access(program, os.X_OK):
            raise pytest.UsageError(f"{program} is not built: swift build, or set WATERCOOLER_BIN")
