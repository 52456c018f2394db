"""`make build`: assets and compiled templates, for a read-only installation."""

import secrets
import sys
import tempfile
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from portal.app.application.factory import create_app
from portal.platform.kernel import settings
from portal.platform.web import assets


def main() -> None:
    assets.build()
    # Compilation needs the filters of an application.
    with tempfile.TemporaryDirectory() as folder:
        app_settings = settings.load_settings({"DATA_DIR": folder, "SECRET_KEY": secrets.token_urlsafe(48)})
        environment = create_app(app_settings).jinja_env
        for name in environment.list_templates():
            environment.get_template(name)


if __name__ == "__main__":
    main()
