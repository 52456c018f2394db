"""The application that gunicorn and the `flask` command load."""

import gc
import os
import sys

import structlog

gc.disable()  # imported objects stay: collecting them takes a quarter of the start

from portal.app.application.factory import create_app
from portal.app.demo.closing import list_open_account_faults
from portal.platform.kernel import durability, settings
from portal.platform.kernel.database import db
from portal.platform.web import assets

is_command = os.environ.get("FLASK_RUN_FROM_CLI") == "true"  # set by `flask`, which serves nobody
app_settings = settings.load_settings_or_exit(os.environ)
assets.build()  # milliseconds when nothing changed
app = create_app(app_settings)
for warning in app_settings.warnings.values():
    structlog.get_logger("portal").warning("setting renamed", sentence=warning)

with app.app_context():
    faults = durability.refuse_undurable_connections(db.engine)
    open_accounts = [] if is_command else list_open_account_faults()
if faults:
    sys.exit("The database may lose what it acknowledges:\n" + "\n".join(f"- {s}" for s in faults))
if open_accounts:
    sys.exit("\n".join(open_accounts))
gc.freeze()  # excluded from later collections
gc.enable()
