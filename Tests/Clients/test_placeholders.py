"""The comparison with a golden lets nothing go by but what is added, and what varies."""
import copy

import pytest

from outside import printed
from placeholders import Comparison, Placing

ONE, TWO = "01M7XX0F93F0WMC16VMVX7YP8Z", "01M7XX7Q0YTVE7Q4T3G8DD5D0R"
COMMIT = "0123456789abcdef0123456789abcdef01234567"
FOUND = [
    {"call": "wc say plan --json", "exit": 0, "json": {
        "entry_id": ONE, "count": 1, "written": True, "elapsed_ms": 12, "problem": None,
        "hint": "try again", "commit": COMMIT, "notes": ["somebody edits"],
        "settings": [{"key": "agent"}, {"key": "role"}], "at": "2026-01-02T03:04:05Z"}},
    {"call": "wc outbox", "exit": 0, "rows": [
        ["2026-01-02T03:04:05Z", ONE, f"A ({TWO})"], ["2026-01-02T03:04:05Z", COMMIT[:7], "B"]]},
]


def differences(change=None):
    """What is told of the steps after a change, beside a golden of the steps before it."""
    found = copy.deepcopy(FOUND)
    if change:
        change(found[0], found[0]["json"], found[1]["rows"])
    comparison = Comparison()
    golden = Placing().steps(FOUND)
    return [line for pair in zip(golden, found) for line in comparison.differences(*pair)]


@pytest.mark.parametrize("change", [
    lambda step, json, rows: json.update(elapsed_ms=99, hint="do this", new={"any": [1]}),
    lambda step, json, rows: json.update(entry_id=TWO) or rows[0].__setitem__(1, TWO)
    or rows[0].__setitem__(2, f"A ({ONE})"),
    lambda step, json, rows: json.update(at="2027-12-31T23:59:59Z"),
    lambda step, json, rows: json["notes"].insert(0, "more"),
    lambda step, json, rows: json["settings"].insert(1, {"key": "new"}),
    lambda step, json, rows: json.update(commit="f" * 40) or rows[1].__setitem__(1, "f" * 7),
    lambda step, json, rows: step.update(more=1),
])
def test_what_may_differ(change):
    assert differences(change) == []


@pytest.mark.parametrize("change", [
    lambda step, json, rows: json.pop("written"),
    lambda step, json, rows: json.update(is_written=json.pop("written")),
    lambda step, json, rows: json.update(written=1),
    lambda step, json, rows: json.update(count=True),
    lambda step, json, rows: json.update(count=1.0),
    lambda step, json, rows: json.update(count="1"),
    lambda step, json, rows: json.update(count=2),
    lambda step, json, rows: json.update(written=None),
    lambda step, json, rows: json.update(elapsed_ms="12"),
    lambda step, json, rows: json.update(elapsed_ms=None),
    lambda step, json, rows: json.update(problem="something"),
    lambda step, json, rows: json.update(hint=None),
    lambda step, json, rows: json.update(hint=""),
    lambda step, json, rows: json.update(entry_id=TWO),
    lambda step, json, rows: json.update(entry_id=ONE.lower()),
    lambda step, json, rows: json.update(commit=COMMIT[1:] + "0"),
    lambda step, json, rows: json.update(notes=[]),
    lambda step, json, rows: json.update(notes="somebody edits"),
    lambda step, json, rows: json["settings"].reverse(),
    lambda step, json, rows: json.update(at="2026-01-02 03:04:05"),
    lambda step, json, rows: step.update(exit=1),
    lambda step, json, rows: rows[0].append(""),
    lambda step, json, rows: rows[0].pop(),
    lambda step, json, rows: rows[0].insert(1, "NEW"),
    lambda step, json, rows: rows.append(rows[0]),
    lambda step, json, rows: rows.reverse(),
    lambda step, json, rows: rows[0].__setitem__(2, f"A ({ONE})"),
    lambda step, json, rows: rows[1].__setitem__(1, "f" * 7),
])
def test_what_may_not(change):
    assert differences(change) != []


def test_what_is_printed_is_taken_as_a_script_takes_it():
    assert printed(["list"], "a\t\tb\n") == {"rows": [["a", "", "b"]]}
    assert printed(["list", "--json"], '{"a": 1}\n') == {"json": {"a": 1}}
    assert printed(["say", "x"], "/x.md\n") == {"lines": ["/x.md"]}
    assert printed(["sync", "--quiet"], "") == {"words": False}
    assert printed(["config", "agent"], "Claude\n") == {"lines": ["Claude"]}
