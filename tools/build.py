"""What `make build` leaves, to be read only: assets, and templates as they were compiled."""

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
    # Templates are compiled with the filters of an application, which serves nobody here.
    with tempfile.TemporaryDirectory() as folder:
        chosen = settings.load({"DATA_DIR": folder, "SECRET_KEY": secrets.token_urlsafe(48)})
        pages = create_app(chosen).jinja_env
        for name in pages.list_templates():
            pages.get_template(name)


if __name__ == "__main__":
    main()
