"""The application that gunicorn and the `flask` command load."""

import gc
import os
import sys

gc.disable()  # imported objects stay: collecting them takes a quarter of the start

from portal.app.application.factory import create_app
from portal.platform.kernel import durability, settings
from portal.platform.kernel.database import db
from portal.platform.web import assets

app_settings = settings.load_or_exit(os.environ)
assets.build()  # milliseconds when nothing changed
app = create_app(app_settings)

with app.app_context():
    faults = durability.require_durability(db.engine)
if faults:
    sys.exit("The database may lose what it acknowledges:\n" + "\n".join(f"- {s}" for s in faults))
gc.freeze()  # excluded from later collections
gc.enable()
