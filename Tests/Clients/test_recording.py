"""A test that writes its golden file anew fails, so that somebody reads it."""
import pytest

import recording


def fails(path, words):
    with pytest.raises(pytest.fail.Exception, match=words):
        recording.compare(path, "new", lambda golden, found: "" if golden == found else found)


@pytest.mark.parametrize("before", [None, "old", "new"])
def test_recording_fails_whatever_was_there(tmp_path, monkeypatch, before):
    path = tmp_path / "one.txt"
    if before:
        path.write_text(before)
    monkeypatch.setenv("RECORD", "1")
    fails(path, "recorded one.txt")
    assert path.read_text() == "new"


def test_nothing_is_recorded_unasked(tmp_path, monkeypatch):
    monkeypatch.delenv("RECORD", raising=False)
    fails(tmp_path / "one.txt", "there is no one.txt")
    (tmp_path / "two.txt").write_text("old")
    fails(tmp_path / "two.txt", "two.txt differs")
    assert [path.read_text() for path in tmp_path.iterdir()] == ["old"]
