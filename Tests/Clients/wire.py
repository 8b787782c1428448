"""A client that speaks in raw lines and believes nothing that the server says."""
import programs
from conversation import PREFIX, Conversation
from lines import Lines
from schemas import STATELESS

META = {PREFIX + "protocolVersion": STATELESS, PREFIX + "clientCapabilities": {},
        PREFIX + "clientInfo": {"name": "raw lines", "version": "1"}}


class Server(Lines):
    """A running server whose every line is checked; what is asked is asked in one revision."""

    def __init__(self, place, shared_data, revision, *arguments, command=(programs.SERVER,)):
        self.revision = revision
        self.conversation = Conversation(shared_data)
        super().__init__(place, *command, *arguments)

    @property
    def is_stateless(self):
        return self.revision == STATELESS

    def open(self):
        """Does what a client of the revision does first."""
        return self.result("server/discover") if self.is_stateless else self.initialize()

    def initialize(self):
        return super().initialize(self.revision)

    def tools(self):
        return self.result("tools/list")["tools"]

    def check_that_it_serves(self):
        """Whatever happened before, the next request is answered, and nothing else is."""
        assert self.result("server/discover" if self.is_stateless else "ping") is not None

    # Lines

    def told(self, params=None):
        """The parameters as the revision has them."""
        if not self.is_stateless:
            return params
        params = params or {}
        return params | {"_meta": META | params.get("_meta", {})}

    def message(self, identifier, method, params=None):
        """A request as the revision has it."""
        return {"jsonrpc": "2.0", "id": identifier, "method": method,
                "params": self.told(params or {})}

    def request(self, method, params=None):
        return super().request(method, params if method == "initialize" else self.told(params))

    def send(self, message):
        """Sends a message, or several as a batch, and remembers what was asked."""
        self.conversation.hear_client(message)
        super().send(message)

    def receive_or_end(self):
        """The message in the next line, checked."""
        message = super().receive_or_end()
        if message is not None:
            self.conversation.hear_server(message)
        return message
