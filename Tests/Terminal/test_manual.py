"""The man page says what the help says."""
import re
import subprocess


def test_it_is_well_formed(place, tmp_path):
    page = tmp_path / "watercooler.1"
    page.write_text(place.wc("help", "--man"))
    done = subprocess.run(["mandoc", "-Tlint", "-Werror", str(page)], capture_output=True, text=True)
    assert (done.returncode, done.stdout) == (0, "")


def test_every_command_and_option_is_in_it(place, tmp_path):
    page = tmp_path / "watercooler.1"
    page.write_text(place.wc("help", "--man"))
    printed = subprocess.run(
        ["mandoc", "-Tascii", str(page)], capture_output=True, text=True, check=True).stdout
    text = re.sub(".\b", "", printed)
    words = re.sub(r"\s+", " ", text)
    for command in re.findall(r"^  (\S+) ", place.wc("help"), re.MULTILINE):
        help = place.wc("help", command)
        for option in re.findall(r"^  (-.*?)  +\S", help, re.MULTILINE):
            assert option in words, (command, option)
        for example in help.split("examples:\n")[1].split("\n\n")[0].splitlines():
            assert example.strip() in text, example
