"""Production does not start on open demonstration accounts, and names the command that closes them."""

import os
import subprocess
import sys

from tests.people.accounts.conftest import with_password
from tests.support import factories as make
from tests.support import server
from tests.support.databases import migrate

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


def start(env: dict[str, str]) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-c", "import wsgi"]
    return subprocess.run(command, cwd=server.ROOT, env=env, text=True, capture_output=True, check=False)


def test_production_refuses_the_demonstrations_accounts_until_they_are_closed(make_app, tmp_path):
    app = make_app(DATA_DIR=str(tmp_path))
    migrate(app)
    with app.app_context():
        with_password(make.person(email="agent@demo.example"), app)
        with_password(make.person(email="ada@ministere.example"), app)
    env = {**os.environ, **PRODUCTION, "DATA_DIR": str(tmp_path)}
    refused = start(env)
    assert refused.returncode != 0
    assert "flask --app wsgi demo close" in refused.stderr + refused.stdout
    assert "1 demonstration accounts are closed" in server.flask(env, "demo", "close")
    assert start(env).returncode == 0
