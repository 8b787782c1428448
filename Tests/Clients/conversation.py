"""What a client and the server have said to each other, and whether the server may say what it says.

Belief stops at the official schemas: each message must be what the revision of its request defines,
with no member of another, and must have been asked for.
"""
from typing import NamedTuple

from schemas import HANDSHAKE, STATELESS, check_output, schema_of

# The definition of the result of each method.
RESULTS = {
    "initialize": "InitializeResult", "server/discover": "DiscoverResult", "ping": "EmptyResult",
    "tools/list": "ListToolsResult", "tools/call": "CallToolResult",
    "resources/list": "ListResourcesResult", "resources/read": "ReadResourceResult",
    "resources/templates/list": "ListResourceTemplatesResult",
    "resources/subscribe": "EmptyResult", "resources/unsubscribe": "EmptyResult",
    "subscriptions/listen": "SubscriptionsListenResult",
    "prompts/list": "ListPromptsResult", "prompts/get": "GetPromptResult",
    "completion/complete": "CompleteResult",
}
PREFIX = "io.modelcontextprotocol/"
LIST_CHANGED = "notifications/resources/list_changed"
UPDATED = "notifications/resources/updated"


class Asked(NamedTuple):
    """A request, and the revision that its answer must be of."""

    request: dict
    revision: str

    @property
    def method(self):
        return self.request["method"]

    @property
    def params(self):
        return members(self.request, "params")

    @property
    def progress_token(self):
        return members(self.params, "_meta").get("progressToken")


def members(message, name):
    """The object of this name; an empty one if there is none."""
    found = message.get(name)
    return found if isinstance(found, dict) else {}


def claims_statelessness(request):
    meta = members(members(request, "params"), "_meta")
    keys = [PREFIX + key for key in ("protocolVersion", "clientCapabilities", "clientInfo")]
    return request["method"] == "server/discover" or (
        request["method"] != "initialize" and any(key in meta for key in keys))


class Conversation:
    """Everything between one client and one server, in the order in which it was said."""

    def __init__(self, shared_data):
        self._shared_data = shared_data
        # The revision that the last `initialize` must agree on.
        self.agreed = None
        # By tool; null for one that has none.
        self.outputs = {}
        self._asked = {}
        self._subscribed = set()
        # What was acknowledged to each `subscriptions/listen`; None before.
        self._listeners = {}
        self._progress = {}

    def _schema(self, revision):
        return schema_of(self._shared_data, revision)

    @property
    def _handshake(self):
        return self.agreed or HANDSHAKE[-1]

    @property
    def unanswered(self):
        """The ids of the requests that have no answer yet."""
        return list(self._asked)

    # The client

    def hear_client(self, message):
        """Takes note of a message, or a batch of them."""
        for one in message if isinstance(message, list) else [message]:
            if isinstance(one, dict) and isinstance(one.get("method"), str) and "id" in one:
                if one["method"] == "initialize" and one is message:
                    asked = members(one, "params").get("protocolVersion")
                    self.agreed = asked if asked in HANDSHAKE else HANDSHAKE[-1]
                revision = STATELESS if claims_statelessness(one) else self._handshake
                # The same id twice: the later one is refused at once.
                self._asked.setdefault(one["id"], []).append(Asked(one, revision))
                if one["method"] == "subscriptions/listen":
                    self._listeners[one["id"]] = None
                if one["method"] == "resources/subscribe":
                    self._subscribed.add(members(one, "params").get("uri"))

    # The server

    def hear_server(self, message):
        """Fails unless the server may say this now."""
        if isinstance(message, list):
            self._schema(self._handshake).check("JSONRPCBatchResponse", message)
            for one in message:
                self.hear_server(one)
        elif "method" in message:
            self._check_notification(message)
        elif "error" in message and message.get("id", 0) is None:
            # JSON-RPC demands null where no id could be read; the schemas have no word for that.
            assert message["error"]["code"] in (-32700, -32600), message
            self._schema(self._handshake).check("JSONRPCMessage", message | {"id": 0})
        else:
            self._check_response(message)

    def _check_response(self, message):
        asked = self._take(message["id"], is_error="error" in message)
        schema = self._schema(asked.revision)
        schema.check("JSONRPCMessage", message)
        if "error" in message:
            if message["error"]["code"] == -32022:
                schema.check("UnsupportedProtocolVersionError", message)
            return
        self._check_result(schema, asked, message["result"])

    def _take(self, identifier, is_error):
        """The request that an answer belongs to, which is answered now."""
        assert identifier in self._asked, f"nothing was asked under {identifier!r}"
        asked = self._asked[identifier].pop(-1 if is_error else 0)
        if not self._asked[identifier]:
            del self._asked[identifier]
            self._listeners.pop(identifier, None)
            self._progress.pop(asked.progress_token, None)
        return asked

    def _check_result(self, schema, asked, result):
        name = RESULTS[asked.method]
        schema.check(name, result)
        if name == "EmptyResult":
            assert result == {}
        if asked.revision == STATELESS:
            assert result["resultType"] == "complete"
            assert result["_meta"][PREFIX + "serverInfo"]["name"] == "watercooler"
        if name == "InitializeResult":
            assert result["protocolVersion"] == asked.revision
        elif name == "DiscoverResult":
            assert result["supportedVersions"] == [STATELESS]
        elif name == "SubscriptionsListenResult":
            assert result["_meta"][PREFIX + "subscriptionId"] == asked.request["id"]
        elif name == "ListToolsResult":
            for tool in result["tools"]:
                self.outputs[tool["name"]] = tool.get("outputSchema")
        elif name == "CallToolResult":
            output = self.outputs.get(asked.params["name"])
            if output and not result["isError"] and asked.revision >= "2025-06-18":
                check_output(output, result["structuredContent"])

    # Notifications

    def _check_notification(self, message):
        params = members(message, "params")
        listener = members(params, "_meta").get(PREFIX + "subscriptionId")
        if message["method"] == "notifications/progress":
            revision = self._check_progress(params)
        elif listener is not None:
            revision = STATELESS
            self._check_heard(listener, message["method"], params)
        else:
            revision = self._handshake
            assert self._subscribed, f"nobody asked for {message}"
            if message["method"] == UPDATED:
                assert params["uri"] in self._subscribed, f"nobody asked for {message}"
            else:
                assert message["method"] == LIST_CHANGED, message
        self._schema(revision).check("JSONRPCMessage", message)
        self._schema(revision).check("ServerNotification", message)

    def _check_heard(self, listener, method, params):
        """What a listener is told is what was acknowledged to it before."""
        assert listener in self._listeners, f"nobody listens under {listener!r}"
        acknowledged = self._listeners[listener]
        if method == "notifications/subscriptions/acknowledged":
            assert acknowledged is None, "a second acknowledgement"
            self._listeners[listener] = params["notifications"]
        elif method == UPDATED:
            assert params["uri"] in acknowledged["resourceSubscriptions"], params
        else:
            assert method == LIST_CHANGED and acknowledged["resourcesListChanged"], method

    def _check_progress(self, params):
        """Progress is that of a request in flight, and grows. Returns the request's revision."""
        token = params["progressToken"]
        [asked] = [one for same in self._asked.values() for one in same
                   if one.progress_token == token]
        assert params["progress"] > self._progress.get(token, 0), params
        self._progress[token] = params["progress"]
        return asked.revision
