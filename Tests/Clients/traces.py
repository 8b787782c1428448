"""What a client and the server really said to each other, from the server's `--trace`."""
import json

from conversation import Conversation


def messages(path):
    """Each line of a trace: whether the server said it, and the message."""
    for line in path.read_bytes().splitlines():
        _, direction, text = line.split(b" ", 2)
        yield direction == b"->", json.loads(text)


def check(path, shared_data):
    """Fails unless every line that the server sent is right; returns what was said."""
    conversation = Conversation(shared_data)
    said = list(messages(path))
    assert said, f"{path} is empty"
    for is_servers, message in said:
        if is_servers:
            conversation.hear_server(message)
        else:
            conversation.hear_client(message)
    return said
