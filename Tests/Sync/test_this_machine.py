"""What this machine refuses is not the remote's, and no damage: a full disk, a key that others may read."""
import shlex
import shutil

import pytest

import programs
from remotes import make_key
from strange import NAMESPACE


def in_namespace(clone, script):
    """Runs a script where a file system can be mounted for it alone."""
    done = clone.call(*NAMESPACE, "sh", "-c", script, text=True)
    if done.returncode == 99:
        pytest.skip("nothing can be mounted here")
    assert done.returncode == 0, done
    return done.stdout


@pytest.fixture
def shared(make_world):
    """A clone that is behind its remote, and room beside it for a copy."""
    world = make_world("file")
    # What a copy of the clone sends is in no ledger.
    world.is_checked = False
    here, there = world.clone("here"), world.clone("there")
    here.say("plan", world.body())
    for number in range(4):
        there.say("plan", world.body() + "x" * 20_000)
    here.environment["WATERCOOLER_FRESH"] = "0.001"
    return world, here, there


# The clone on a disk of its own, which has so many pages left.
SMALL = """
wc={wc}; clone={clone}; disk={disk}
mount -t tmpfs -o size=2m none "$disk" && cp -a "$clone/." "$disk" || exit 99
cd /
filler=$disk/.git/filler
fill() {{
  rm -f "$filler"
  free=$(df -k --output=avail "$disk" | tail -n 1)
  head -c $(( (free - $1) * 1024 )) /dev/zero >"$filler"
}}
run() {{ echo "== $1 $2"; "$wc" "$@" --dir "$disk" 2>&1 || echo "exit $?"; }}
"""


def on_small_disk(clone, script):
    disk = clone.home / "disk"
    disk.mkdir()
    words = {"wc": programs.WC, "clone": clone.threads, "disk": disk}
    return in_namespace(
        clone, SMALL.format(**{key: shlex.quote(str(word)) for key, word in words.items()}) + script)


@pytest.mark.parametrize("limit", ["100", "1"], ids=["unpacked", "packed"])
def test_a_full_disk_is_no_damage(shared, limit):
    world, here, there = shared
    here.git("config", "fetch.unpackLimit", limit)
    words = on_small_disk(here, """
for room in 0 4 8 12 20 24 28 32 36 40 44; do
  fill $room
  run read plan
  run sync
  run say plan -m small
  run doctor
done
rm "$disk/.git/filler"
run sync
run doctor
""")
    assert "damaged" not in words, words
    assert "disk of this machine is full" in words or "git cannot write on this" in words, words
    assert "free some space" in words, words
    assert "choose another place" not in words and "allow this key" not in words, words
    tail = words[words.rindex("== sync"):]
    assert tail.startswith("== sync \nIn step with the remote\n"), tail
    # The disk is that small.
    assert tail.count("wrong:") == 1 and "are free on the disk" in tail, tail


def test_a_full_disk_stops_a_first_clone(shared):
    world, here, there = shared
    words = on_small_disk(here, f"""
rm -rf "$disk/.git"; filler=$disk/filler; fill 0
"$wc" init {shlex.quote(world.remote.url)} --dir "$disk/new" 2>&1 && exit 98
rm -rf "$disk/new"; fill 100
"$wc" init {shlex.quote(world.remote.url)} --dir "$disk/new" 2>&1 && exit 98
true
""")
    assert f"\n{words}".count("\nerror: ") == 2 and words.count("free some space") == 2, words
    # Newer gits do not say why they could not write.
    assert "the disk of this machine is full" in words or "git cannot write on this" in words, words


def test_a_full_disk_of_the_remote_is_the_remotes(make_world):
    world = make_world("file")
    world.is_checked = False
    here = world.clone()
    here.say("plan", world.body())
    bare, aside = world.remote.bare.directory, here.home / "bare"
    place = {"bare": bare, "aside": aside, "wc": programs.WC}
    words = in_namespace(here, """
cp -a {bare} {aside} && mount -t tmpfs -o size=1m none {bare} && cp -a {aside}/. {bare} || exit 99
cat /dev/zero >{bare}/filler 2>/dev/null
{wc} say plan -m more --json 2>&1
""".format(**{key: shlex.quote(str(path)) for key, path in place.items()}))
    assert '"state":"blocked"' in words.replace(" ", ""), words
    assert "No space left on device" in words and "this machine" not in words, words
    assert "ask who runs the repository to have it written to there again" in words, words
    shutil.rmtree(aside)


def test_a_file_system_that_may_only_be_read_is_no_damage(shared):
    world, here, there = shared
    words = on_small_disk(here, """
mount -o remount,ro "$disk" || exit 99
run read plan
run say plan -m small
run doctor
""")
    assert "damaged" not in words, words
    assert "mounted for writing" in words, words


# Ssh

@pytest.fixture
def ssh_world(make_world):
    return make_world("ssh")


def everywhere(clone, world):
    """What a write, a sync, a look and a first clone say."""
    receipt = clone.say("plan", world.body(), state="blocked")
    said = [receipt["problem"] + "; " + receipt["hint"]]
    for command in [["sync"], ["doctor"],
                    ["init", world.remote.url, "--dir", str(clone.home / "another")]]:
        done = clone.run(*command)
        assert done.returncode in (1, 4), done
        said.append((done.stdout + done.stderr).decode())
    return said


def test_a_key_that_others_may_read(ssh_world):
    clone = ssh_world.clone()
    clone.environment["WATERCOOLER_SSH_SHARE"] = "0"
    clone.say("plan", ssh_world.body())
    key = ssh_world.remote.key
    key.chmod(0o644)
    for words in everywhere(clone, ssh_world):
        assert f"chmod 600 {shlex.quote(str(key))}" in words.replace("'\\''", "'\"'\"'"), words
        assert "allow this key" not in words and "@@@" not in words, words
    assert "are too open" in clone.run("sync").stderr.decode() + clone.run("sync").stdout.decode()
    key.chmod(0o600)
    clone.wc("sync")


def test_a_key_of_ssh_itself_that_others_may_read(ssh_world, tmp_path):
    """One that no setting of ours names: ssh says which."""
    clone = ssh_world.clone()
    key = clone.environment.pop("WATERCOOLER_GIT_SSH_KEY")
    hosts = clone.environment.pop("WATERCOOLER_GIT_KNOWN_HOSTS")
    config = tmp_path / "ssh config"
    config.write_text(f'Host *\n  IdentityFile "{tmp_path}/own key"\n  IdentitiesOnly yes\n'
                      f'  UserKnownHostsFile "{hosts}"\n  BatchMode yes\n')
    shutil.copy(key, tmp_path / "own key")
    clone.environment["GIT_SSH_COMMAND"] = f"ssh -F {shlex.quote(str(config))}"
    clone.say("plan", ssh_world.body())
    (tmp_path / "own key").chmod(0o640)
    for words in everywhere(clone, ssh_world):
        assert f"chmod 600 '{tmp_path}/own key'" in words, words
    (tmp_path / "own key").chmod(0o600)
    clone.wc("sync")


def said_with(key, world):
    """What all commands say of a clone that has another key now; with the right one again it works."""
    clone = world.clone()
    clone.environment["WATERCOOLER_SSH_SHARE"] = "0"
    clone.say("plan", world.body())
    right = clone.environment["WATERCOOLER_GIT_SSH_KEY"]
    clone.environment["WATERCOOLER_GIT_SSH_KEY"] = str(key)
    yield from everywhere(clone, world)
    clone.environment["WATERCOOLER_GIT_SSH_KEY"] = right
    clone.wc("sync")


def test_a_file_that_is_no_key(ssh_world, tmp_path):
    (tmp_path / "no key").write_text("no key\n")
    (tmp_path / "no key").chmod(0o600)
    for words in said_with(tmp_path / "no key", ssh_world):
        assert f"{tmp_path}/no key is no private key" in words and "allow" not in words, words


def test_a_key_that_is_only_not_known_is_the_owners(ssh_world, tmp_path):
    for words in said_with(make_key(tmp_path / "wrong" / "key"), ssh_world):
        assert "chmod" not in words, words
