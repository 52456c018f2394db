"""What `make run` needs before it serves, in one process: assets, migrations, the demonstration,
who may sign in. Prints JSON; whatever else is said goes to the error stream.

`python tools/prepare.py [--demo]`
"""

import argparse
import contextlib
import json
import os
import sys
from datetime import date
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

import click
from flask_migrate import upgrade

from portal.app.application.factory import create_app
from portal.app.command_line import demo
from portal.app.demo import people
from portal.app.demo.loader import load_demonstration
from portal.platform.kernel import settings
from portal.platform.web import assets


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--demo", action="store_true", help="load the demonstration")
    wanted = parser.parse_args()
    chosen = settings.load_or_exit(os.environ)
    assets.build()
    told: dict[str, Any] = {"host": chosen.bind, "port": chosen.port, "accounts": []}
    with contextlib.redirect_stdout(sys.stderr), create_app(chosen).app_context():
        upgrade()
        if wanted.demo:
            try:
                demo.refuse_in_production()
            except click.ClickException as refused:
                sys.exit(refused.message)
            told["loaded"] = load_demonstration(date.today())  # noqa: DTZ011  the machine's day
            told["accounts"] = people.list_sign_ins()
    print(json.dumps(told))


if __name__ == "__main__":
    main()
