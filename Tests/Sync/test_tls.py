"""A remote over https: certificates that are good, and those that are not."""
import ssl
import subprocess

import pytest

# What is wrong with a certificate that this machine would trust: its name, and from when to when it holds.
GOOD = ("IP:127.0.0.1", "20200101000000Z", "20990101000000Z")
BAD = {
    "expired": ("IP:127.0.0.1", "20200101000000Z", "20210101000000Z"),
    "not yet": ("IP:127.0.0.1", "20980101000000Z", "20990101000000Z"),
    "of another name": ("DNS:example.org", "20200101000000Z", "20990101000000Z"),
}
CA = """[ca]
default_ca = own
[own]
database = {place}/index
new_certs_dir = {place}
serial = {place}/serial
default_md = sha256
policy = any
copy_extensions = copy
[any]
commonName = supplied
"""


def openssl(*words):
    subprocess.run(["openssl", *map(str, words)], check=True, capture_output=True)


def certificate(place, name, begin, end):
    """A certificate that is its own authority, and its key."""
    place.mkdir()
    (place / "index").touch()
    (place / "serial").write_text("01\n")
    (place / "ca").write_text(CA.format(place=place))
    key, request, made = place / "key", place / "request", place / "certificate"
    openssl("req", "-new", "-newkey", "rsa:2048", "-nodes", "-keyout", key, "-out", request,
            "-subj", "/CN=threads", "-addext", f"subjectAltName={name}")
    openssl("ca", "-batch", "-selfsign", "-config", place / "ca", "-keyfile", key, "-in", request,
            "-out", made, "-startdate", begin, "-enddate", end)
    return made, key


@pytest.fixture
def at(make_world, tmp_path):
    """A clone whose remote speaks TLS from now on, with a certificate of this kind."""
    world = make_world("http")
    here = world.clone("here")
    here.say("plan", world.body())

    def serve(name, begin, end, is_trusted=True):
        made, key = certificate(tmp_path / "certificate", name, begin, end)
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(made, key)
        world.remote.server.speak(context)
        here.git("remote", "set-url", "origin", world.remote.url.replace("http:", "https:"))
        if is_trusted:
            here.git("config", "http.sslCAInfo", str(made))
        return world, here

    yield serve
    here.git("remote", "set-url", "origin", world.remote.url)
    world.remote.server.speak(None)
    here.wc("sync", "--quiet")


def test_a_certificate_that_is_trusted_is_no_matter(at):
    world, here = at(*GOOD)
    here.say("plan", world.body())


@pytest.mark.parametrize("kind", [*BAD, "not trusted"])
def test_a_certificate_that_is_not_good_is_told_as_what_lasts(at, kind):
    world, here = at(*BAD.get(kind, GOOD), is_trusted=kind != "not trusted")
    receipt = here.say("plan", world.body(), state="blocked")
    assert receipt["problem"].startswith("the certificate of the remote's host cannot be trusted")
    assert "http.sslCAInfo" in receipt["hint"]


@pytest.mark.parametrize("kind", ["no TLS", "another cipher", "a certificate of ours", "and an old one"])
def test_what_is_not_agreed_on_is_told_as_what_lasts(at, kind):
    world, here = at(*GOOD)
    context = world.remote.server.tls
    if kind == "no TLS":
        world.remote.server.speak(None)
    elif kind == "another cipher":
        context.set_ciphers("NULL:@SECLEVEL=0")
    else:
        context.verify_mode = ssl.CERT_REQUIRED
    if kind in ("another cipher", "and an old one"):
        context.maximum_version = ssl.TLSVersion.TLSv1_2
    receipt = here.say("plan", world.body(), state="blocked")
    assert receipt["problem"].startswith("the remote's host and this one cannot agree on TLS")
    assert "http.sslCert" in receipt["hint"]
