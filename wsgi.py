"""What gunicorn and the `flask` command run."""

import os
import sys

from portal.app import create_app
from portal.kernel import durability, settings
from portal.kernel.db import db
from portal.web import assets

chosen = settings.load_or_exit(os.environ)
assets.build()  # milliseconds when nothing changed
app = create_app(chosen)

with app.app_context():
    faults = durability.demand(db.engine)
if faults:
    sys.exit("The database may lose what it acknowledges:\n" + "\n".join(f"- {s}" for s in faults))
