"""What gunicorn and the `flask` command run."""

import sys

from portal.app import create_app
from portal.kernel import durability
from portal.kernel.db import db
from portal.kernel.settings import SettingsInvalid
from portal.web import assets

try:
    assets.build()  # milliseconds when nothing changed
    app = create_app()
except SettingsInvalid as invalid:
    sys.exit("The configuration does not hold:\n" + "\n".join(f"- {s}" for s in invalid.sentences))

with app.app_context():
    faults = durability.demand(db.engine)
if faults:
    sys.exit("The database may lose what it acknowledges:\n" + "\n".join(f"- {s}" for s in faults))
