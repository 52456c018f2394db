"""How gunicorn serves the portal; every value may be changed by the environment."""

import os
from pathlib import Path
from typing import Any

bind = f"{os.environ.get('BIND', '127.0.0.1')}:{os.environ.get('PORT', '8000')}"
worker_class = "gthread"
workers = int(os.environ.get("WEB_CONCURRENCY", "2"))
threads = int(os.environ.get("WEB_THREADS", "4"))
reuse_port = True  # else one worker may take every kept-alive connection
preload_app = True
timeout = 60
limit_request_line = 8190  # longer addresses than the portal takes, so that it says so itself
graceful_timeout = 30
keepalive = 5
max_requests, max_requests_jitter = 5000, 500
control_socket_disable = True  # its usual place is shared by all instances of one user
worker_tmp_dir = "/dev/shm" if Path("/dev/shm").is_dir() else None  # noqa: S108  a memory file system
forwarded_allow_ips = os.environ.get("FORWARDED_ALLOW_IPS", "127.0.0.1")


def post_fork(_server: Any, _worker: Any) -> None:
    """A connection opened before the fork must never be used after it."""
    from portal.kernel.db import db
    from wsgi import app

    with app.app_context():
        db.engine.dispose(close=False)
