"""Git alone killed while it writes: what it leaves goes by itself, and nothing is lost or doubled."""
import re
from collections import Counter

import pytest

from clones import at_once
from kills import Killer, at_work
from test_kill import (Operation, check_is_clean, read, say, say_conditionally, say_contended,
                       say_first, sync, told)
from programs import eventually
from transcripts import age

REFUSED = re.compile(r"error: nothing was written: (a git that ended left|git \(process \d+\)) ")


def left_by_git(clone):
    locks = [path for path in (clone.threads / ".git").rglob("*.lock")
             if path.exists() and "watercooler" not in path.parts]
    return locks + list(clone.threads.glob(".merge_file_*"))


def go_on(clone):
    """The next write: it goes through, or says whose lock is in its way, and that it will go."""
    code, receipt, errors = clone.try_say("plan", clone.world.body())
    if receipt is None:
        assert code == 1 and REFUSED.search(errors) and "hint: try again" in errors, errors
    return receipt


@pytest.mark.parametrize(
    "prepare", [say, say_first, say_contended, read, sync, say_conditionally])
def test_git_killed_at_each_file_operation(world, tmp_path, share, prepare):
    at = Operation(world)
    here = at.here
    killer = Killer(here, tmp_path / "killer")
    points = killer.points_within(*prepare(at))
    assert points
    chosen = points[::len(points) // share(len(points), least=6)]
    outcomes, failures = Counter(), []
    for index, point in enumerate(chosen):
        arguments = prepare(at)
        body = at.bodies[-1] if at.bodies else None

        def strike():
            done = killer.kill(point, *arguments)
            outcomes[done.returncode] += 1
            # 3: the condition does not hold any more.
            assert done.returncode in (0, 1, 3, 4), done
            told(world, done, body)

        try:
            if index % 2:
                at_once(strike, lambda: go_on(here))
            else:
                strike()
            outcomes["at once" if go_on(here) else "refused at first"] += 1
            eventually(lambda: not at_work(here), "the end of all children")
            for path in left_by_git(here):
                age(path)
            assert go_on(here), "a lock that nobody holds is in the way"
            check_is_clean(here)
        except AssertionError as error:
            failures.append((index, point, error))
            here.run("sync")
    for index, point, error in failures:
        print(f"{index}: {point}: {error}\n")
    print(f"{len(chosen)} of {len(points)} points; {dict(outcomes)}")
    assert not failures, f"{len(failures)} of {len(chosen)} points"
