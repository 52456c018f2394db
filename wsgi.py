"""What gunicorn and the `flask` command run."""

import sys

from portal.app import create_app
from portal.kernel.settings import SettingsInvalid
from portal.web import assets

try:
    assets.build()  # milliseconds when nothing changed
    app = create_app()
except SettingsInvalid as invalid:
    sys.exit("The configuration does not hold:\n" + "\n".join(f"- {s}" for s in invalid.sentences))
