"""Production does not start on open demonstration accounts, and names the command that closes them."""

import os
import subprocess
import sys
from pathlib import Path

from tests.people.accounts.conftest import with_password
from tests.support import factories as make
from tests.support.databases import migrate

ROOT = Path(__file__).parents[3]
PRODUCTION = {
    "PORTAL_ENV": "production",
    "SECRET_KEY": "a secret of an installation that is long enough",
    "PUBLIC_BASE_URL": "https://portail.example.gouv.fr",
    "TRUSTED_HOSTS": "portail.example.gouv.fr",
    "MAIL_URL": "smtps://localhost",
    "MAIL_FROM": "portail@example.gouv.fr",
    "PASSWORD_MEMORY_KIB": "19456",
    **dict.fromkeys(("CONTACT_EMAIL",), "a@example.gouv.fr"),
    **dict.fromkeys(("PUBLISHER", "PUBLICATION_DIRECTOR", "HOSTING_PROVIDER"), "x"),
}


def run(folder: Path, *command: str) -> subprocess.CompletedProcess[str]:
    env = {**os.environ, **PRODUCTION, "DATA_DIR": str(folder)}
    return subprocess.run(
        [sys.executable, *command], cwd=ROOT, env=env, text=True, capture_output=True, check=False
    )


def test_production_refuses_the_demonstrations_accounts_until_they_are_closed(make_app, tmp_path):
    app = make_app(DATA_DIR=str(tmp_path))
    migrate(app)
    with app.app_context():
        with_password(make.person(email="agent@demo.example"), app)
        with_password(make.person(email="ada@ministere.example"), app)
    start = ("-c", "import wsgi")
    refused = run(tmp_path, *start)
    assert refused.returncode != 0
    assert "flask --app wsgi demo close" in refused.stderr + refused.stdout
    closed = run(tmp_path, "-m", "flask", "--app", "wsgi", "demo", "close")
    assert "1 demonstration accounts are closed" in closed.stdout, closed.stderr
    assert run(tmp_path, *start).returncode == 0
