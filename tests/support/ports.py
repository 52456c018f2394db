"""Local ports for servers that a test starts."""

import atexit
import socket


def free_port() -> int:
    """Return a local port that nobody listens on, and keep it from all others until this process ends.

    Two portals on one port would share its requests without a word (`reuse_port`).
    """
    holder = socket.socket()
    for option in (socket.SO_REUSEADDR, socket.SO_REUSEPORT):  # one of them lets our own server bind
        holder.setsockopt(socket.SOL_SOCKET, option, 1)
    holder.bind(("127.0.0.1", 0))
    atexit.register(holder.close)
    return int(holder.getsockname()[1])
