"""`flask demo`: the demonstration, loaded through the same commands that people use."""

import json
from datetime import date

import click

from portal.app.command_line.command_group import DatabaseCommandGroup
from portal.app.demo import people
from portal.app.demo.closing import disable_demonstration_accounts
from portal.app.demo.loader import load_demonstration
from portal.platform.kernel.database import transaction
from portal.platform.kernel.services import get_service
from portal.platform.kernel.settings import Settings

group = DatabaseCommandGroup("demo", help="A demonstration with the laureates of 2018 and 2019.")


@group.command("accounts")
@click.option(
    "--json", "as_json", is_flag=True, help="As JSON: role, email, password, one_time_secret, recovery_code."
)
def list_accounts(*, as_json: bool) -> None:
    """List the accounts of the demonstration, at least one per role."""
    refuse_in_production()
    rows = people.list_account_credentials()
    if as_json:
        click.echo(json.dumps(rows, indent=2))
        return
    for row in rows:
        click.echo(f"{row['role']:16} {row['email']:26} {row['password']}")
        if row["one_time_secret"]:
            click.echo(f"{'':16} one-time codes from {row['one_time_secret']}, or {row['recovery_code']}")


@group.command("load")
def load() -> None:
    """Load the demonstration; projects that exist are left as they are."""
    refuse_in_production()
    loaded_count = load_demonstration(date.today())  # noqa: DTZ011  the machine's date
    click.echo(
        f"{loaded_count} demonstration projects loaded." if loaded_count else "The demonstration is there."
    )


@group.command("close")
def close_demo_accounts() -> None:
    """Close the demonstration's accounts; production does not start while one is open."""
    with transaction():
        closed_count = disable_demonstration_accounts()
    click.echo(f"{closed_count} demonstration accounts are closed.")


def refuse_in_production() -> None:
    """Raise `click.ClickException` in production."""
    if get_service(Settings).is_production:
        raise click.ClickException("the demonstration's passwords are public: not in production")
