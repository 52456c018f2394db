"""`flask secrets`: encrypt secrets again, so that an earlier key may go."""

import click
from flask import current_app

from portal.app.command_line.command_group import DatabaseCommandGroup
from portal.platform.kernel.sealed_columns import renew_secrets
from portal.platform.kernel.secret_box import SecretBox
from portal.platform.kernel.services import get_service

group = DatabaseCommandGroup("secrets", help="Secrets that the portal must read again.")


@group.command("renew")
def renew_sealed_secrets() -> None:
    """Encrypt every secret under SECRET_KEY; then SECRET_KEY_FALLBACKS may lose the earlier key."""
    done = renew_secrets(get_service(SecretBox, current_app))
    click.echo(f"{done.renewed} secrets are under the newest key.")
    if done.lost:
        raise click.ClickException(f"{done.lost} secrets open with no key: their owners make them anew.")
