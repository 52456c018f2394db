"""What `make run` needs before it serves, in one process: assets, migrations, the demonstration.

Prints the addresses and the demonstration's accounts as JSON; anything else goes to stderr.

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
from portal.platform.kernel import listening, settings
from portal.platform.kernel.database import transaction
from portal.platform.web import assets


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--demo", action="store_true", help="load the demonstration")
    arguments = parser.parse_args()
    app_settings = settings.load_settings_or_exit(os.environ)
    assets.build()
    report: dict[str, Any] = {
        "hosts": listening.list_bind_addresses(app_settings.bind),
        "port": app_settings.port,
        "accounts": [],
    }
    with contextlib.redirect_stdout(sys.stderr), create_app(app_settings).app_context():
        upgrade()
        if arguments.demo:
            try:
                demo.refuse_in_production()
            except click.ClickException as refused:
                sys.exit(refused.message)
            report["loaded"] = load_demonstration(date.today())  # noqa: DTZ011  the machine's date
            if app_settings.proconnect:
                with transaction():
                    people.link_accounts_to_provider(app_settings.proconnect.url)
            report["accounts"] = people.list_account_credentials()
    print(json.dumps(report))


if __name__ == "__main__":
    main()
