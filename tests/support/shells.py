"""A shell script that stands in for the portal's command, which is forked here to save imports.

Arguments, folder, environment, outputs and exit code are those of the real command.
"""

import json
import socket
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from multiprocessing.connection import Connection
from pathlib import Path
from threading import Thread

from tests.support.forked import start

_LONG = 1 << 17  # bytes: more than arguments and an environment
_SCRIPT = """#!{python} -IS
import json, os, socket, sys

with socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET) as wire:
    wire.connect({address!r})
    asked = json.dumps([sys.argv[1:], os.getcwd(), dict(os.environ)]).encode()
    socket.send_fds(wire, [asked], [1, 2])
    sys.exit(int(wire.recv(8)))
"""


@contextmanager
def flask(place: Path) -> Iterator[None]:
    """Provide the script at this path until the end of the block."""
    with socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET) as door:
        door.bind("")  # an unused abstract socket name
        door.listen()
        place.write_text(_SCRIPT.format(python=sys.executable, address=door.getsockname()))
        place.chmod(0o755)
        serving = Thread(target=_serve, args=(door,))
        serving.start()
        try:
            yield
        finally:
            door.shutdown(socket.SHUT_RDWR)
            serving.join()


def _serve(door: socket.socket) -> None:
    while True:
        try:
            wire, _ = door.accept()
        except OSError:  # the block has ended
            return
        with wire:
            asked, ends, *_ = socket.recv_fds(wire, _LONG, 2)
            words, folder, env = json.loads(asked)
            out, errors = (Connection(end, readable=False) for end in ends)
            with out, errors:
                process = start(["flask", *words], folder, env, out, errors)
            process.join()
            wire.send(str(process.exitcode).encode())
