"""A place with a thread in it, and terminals that are closed at the end."""
import pytest

import programs
import screen


def pytest_configure():
    if screen.MISSING:
        raise pytest.UsageError(f"install first: {' '.join(screen.MISSING)}")


@pytest.fixture
def place(tmp_path):
    place = programs.Place(tmp_path)
    directory = tmp_path / "bin"
    directory.mkdir()
    for name in ("wc", "watercooler"):
        (directory / name).symlink_to(programs.WC)
    place.environment["PATH"] = f"{directory}:{place.environment['PATH']}"
    return place


@pytest.fixture
def open_screen(place, tmp_path):
    screens = []

    def open_screen(**options):
        directory = tmp_path / f"screen{len(screens)}"
        directory.mkdir()
        screens.append(screen.Screen(place, directory, **options))
        return screens[-1]

    yield open_screen
    for each in screens:
        each.close()
