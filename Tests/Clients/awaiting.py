"""Tests that await."""
import functools

import anyio


def asynchronous(test):
    """Runs a test that awaits."""
    @functools.wraps(test)
    def run(**fixtures):
        anyio.run(functools.partial(test, **fixtures))
    return run
