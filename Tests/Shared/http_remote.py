"""Git over http: the server's part is `git http-backend`, run as CGI says."""
import base64
import os
import subprocess
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import urlsplit

from bare import PLAIN


# What a hotel's network answers for whatever is asked. Of a page without a line feed git makes a repository
# without branches, as of one that is empty.
PAGE = b"<!DOCTYPE html><html><body><form action=/login>Welcome</form></body></html>"
PORTALS = {
    "page": (200, PAGE + b"\n"), "page of one line": (200, PAGE), "nothing": (200, b""),
    "login": (302, b""), "511": (511, PAGE),
}


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def log_message(self, *_):
        pass

    def do_GET(self):
        body = self._body()
        self.server.requests.append(f"{self.command} {self.path}")
        if self.server.busy and self.command in self.server.busy_for:
            self._say_busy(*self.server.busy)
            return
        if self.server.portal:
            self._answer_as_portal(*PORTALS[self.server.portal])
            return
        status = self.server.status or (200 if self._is_allowed() else 401)
        if status != 200:
            self.send_response(status)
            if status == 401:
                self.send_header("WWW-Authenticate", 'Basic realm="threads"')
            self.send_header("Content-Length", "0")
            self.end_headers()
            return
        done = subprocess.run(
            ["git", "http-backend"], input=body, env=self._environment(len(body)),
            stdout=subprocess.PIPE)
        head, _, content = done.stdout.partition(b"\r\n\r\n")
        headers = [line.split(": ", 1) for line in head.decode().splitlines()]
        status = next((int(value[:3]) for name, value in headers if name == "Status"), 200)
        self.send_response(status)
        for name, value in headers:
            if name not in ("Status", "Content-Length"):
                self.send_header(name, value)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    # The others are of a push to a server that knows WebDAV alone.
    do_POST = do_HEAD = do_PUT = do_PROPFIND = do_LOCK = do_MKCOL = do_GET

    def _answer_as_portal(self, status, page):
        is_page = self.path.startswith("/login")
        status, page = (200, PAGE) if is_page else (status, page)
        self.send_response(status)
        if status == 302:
            self.send_header("Location", f"http://{self.headers['Host']}/login?from=x")
        self.send_header("Content-Type", "text/html")
        self.send_header("Content-Length", str(len(page)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(page)

    def _say_busy(self, status, headers):
        # Not the date of `send_response`: a server's clock may be otherwise.
        self.send_response_only(status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def _is_allowed(self):
        if not self.server.token:
            return True
        given = self.headers.get("Authorization", "").removeprefix("Basic ")
        return base64.b64decode(given).decode().endswith(f":{self.server.token}")

    def _body(self):
        if self.headers.get("Transfer-Encoding") != "chunked":
            return self.rfile.read(int(self.headers.get("Content-Length", 0)))
        body = b""
        while size := int(self.rfile.readline(), 16):
            body += self.rfile.read(size)
            self.rfile.readline()
        self.rfile.readline()
        return body

    def _environment(self, size):
        url = urlsplit(self.path)
        environment = PLAIN | {
            "GIT_PROJECT_ROOT": str(self.server.root), "GIT_HTTP_EXPORT_ALL": "1",
            "PATH_INFO": url.path, "QUERY_STRING": url.query, "REQUEST_METHOD": self.command,
            "REMOTE_ADDR": "127.0.0.1", "REMOTE_USER": "test", "CONTENT_LENGTH": str(size),
        }
        for header, variable in [("Content-Type", "CONTENT_TYPE"),
                                 ("Content-Encoding", "HTTP_CONTENT_ENCODING"),
                                 ("Git-Protocol", "GIT_PROTOCOL")]:
            if value := self.headers.get(header):
                environment[variable] = value
        return environment


class Quiet(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 100
    tls = None

    def get_request(self):
        connection, address = super().get_request()
        return self.tls.wrap_socket(connection, server_side=True) if self.tls else connection, address

    def handle_error(self, *_):
        """A connection that was cut is what the tests are about."""


class HTTPServer:
    """A running server."""

    def __init__(self, root, token=None):
        self._server = Quiet(("127.0.0.1", 0), Handler)
        self._server.root = os.fspath(root)
        self._server.token = token
        self._server.status = None
        self._server.requests = []
        self._server.busy, self._server.busy_for = None, []
        self._server.portal = None
        self.port = self._server.server_address[1]
        self._thread = threading.Thread(target=self._server.serve_forever, daemon=True)
        self._thread.start()

    def answer_only(self, status):
        """Every request gets this status and nothing else; None for git's own answers again."""
        self._server.status = status

    def be_busy(self, status, methods=("GET", "POST"), **headers):
        """Requests by these methods get this status and these headers; `_` is a hyphen."""
        self._server.busy_for = methods
        self._server.busy = status, {key.replace("_", "-"): value for key, value in headers.items()}

    def be_free(self):
        self._server.busy = None

    @property
    def tls(self):
        return self._server.tls

    def speak(self, tls):
        """Connections are TLS as this context has it; None for plain http."""
        self._server.tls = tls

    def take_requests(self):
        """What was asked since the last time."""
        taken, self._server.requests = self._server.requests, []
        return taken

    def be_portal(self, kind):
        """Every request gets a web page of this kind; None for git's own answers again."""
        self._server.portal = kind

    def close(self):
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()
