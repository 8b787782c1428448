"""Golden files are written anew by RECORD=1; the test then fails, so that somebody reads them."""
import os

import pytest


def compare(path, text, differences):
    """Fails with what `differences` tells between the file's text and this one, or writes the file."""
    if os.environ.get("RECORD") == "1":
        path.parent.mkdir(exist_ok=True)
        path.write_text(text)
        pytest.fail(f"recorded {path.name}: look at the difference, run again", pytrace=False)
    if not path.exists():
        pytest.fail(f"there is no {path.name}: RECORD=1 makes it", pytrace=False)
    if found := differences(path.read_text(), text):
        pytest.fail(f"{path.name} differs:\n{found}", pytrace=False)
