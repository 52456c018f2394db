"""`flask admin`: administrators, passwords, closed accounts, stored figures."""

from collections.abc import Iterator
from contextlib import contextmanager

import click
from email_validator import EmailNotValidError, validate_email

from portal.app.command_line.command_group import DatabaseCommandGroup
from portal.collaboration.discussions import comment_count_projections as discussions
from portal.oversight.decisions import projections as decisions
from portal.oversight.decisions.owner_projections import mend_rows_of_release_before
from portal.people.accounts import commands as accounts
from portal.people.accounts import queries as people
from portal.people.accounts.models import PASSWORD_MIN_ADMINISTRATOR, Person
from portal.people.accounts.password_rules import PortalPasswordHasher
from portal.people.accounts.policy import min_password_length
from portal.people.programmes import policy
from portal.people.programmes import role_commands as roles
from portal.people.programmes.models import INSTALLATION
from portal.people.programmes.queries import actor_for
from portal.people.second_factor.reset_commands import reset_from_command_line
from portal.platform.kernel.database import transaction
from portal.platform.kernel.errors import RuleBroken
from portal.platform.kernel.services import get_service
from portal.platform.kernel.text import using_language
from portal.sprints.sprints import projections as sprints
from portal.user_tests.findings import projections as findings

group = DatabaseCommandGroup("admin", help="Administrators of this installation.")


@contextmanager
def _convert_to_click_errors() -> Iterator[None]:
    """Report a `RuleBroken` in English, the language of the commands."""
    with using_language("en"):
        try:
            yield
        except RuleBroken as broken:
            raise click.ClickException(broken.message) from None


@group.command("create")
@click.option("--email", prompt=True, help="The address to sign in with.")
@click.option("--name", prompt=True, help="The name that is shown.")
@click.password_option(help=f"At least {PASSWORD_MIN_ADMINISTRATOR} characters.")
def create(email: str, name: str, password: str) -> None:
    """Create an administrator who can sign in."""
    try:
        validate_email(email, check_deliverability=False, test_environment=True, allow_smtputf8=False)
        existing_person = people.find_person_by_email(email)
    except EmailNotValidError as error:
        raise click.ClickException(str(error)) from None
    if existing_person:
        raise click.ClickException(f"{email} has an account already.")
    passwords, least = get_service(PortalPasswordHasher), PASSWORD_MIN_ADMINISTRATOR
    with _convert_to_click_errors(), transaction():
        person = accounts.create_person(None, email=email, name=name)
        accounts.choose_password(person, password, passwords, least=least)
        roles.give_role(None, INSTALLATION, person, policy.ADMINISTRATOR)
    click.echo(f"{email} can sign in as an administrator.")


@group.command("password")
@click.argument("email")
@click.password_option()
def set_password(email: str, password: str) -> None:
    """Set a new password and end all sessions of the account."""
    passwords = get_service(PortalPasswordHasher)
    with _convert_to_click_errors(), transaction():
        person = _get_person(email)
        least = min_password_length(actor_for(person.id))
        accounts.reset_password(None, person, password, passwords, least=least)
    click.echo(f"{email} has a new password.")


@group.command("reset-second-factor")
@click.argument("email")
def reset_second_factor(email: str) -> None:
    """Remove the second factor of an account, its sessions and its tokens.

    For a lone administrator who has lost theirs; with several, two of them do it on the person's page.
    """
    with transaction():
        reset_from_command_line(_get_person(email))
    click.echo(f"{email} has no second factor any more; who must have one chooses another at the sign-in.")


@group.command("disable")
@click.argument("email")
def disable_account(email: str) -> None:
    """Disable an account and end its sessions."""
    with transaction():
        accounts.disable_account(None, _get_person(email))
    click.echo(f"{email} is disabled.")


@group.command("enable")
@click.argument("email")
def enable_account(email: str) -> None:
    """Enable a disabled account, with the password it had."""
    with _convert_to_click_errors(), transaction():
        accounts.enable_account(None, _get_person(email))
    click.echo(f"{email} can sign in again.")


def _get_person(email: str) -> Person:
    person = people.find_person_by_email(email)
    if person is None:
        raise click.ClickException(f"{email} has no account.")
    return person


@group.command("recount")
def recount_stored_figures() -> None:
    """Recompute the stored figures of projects and discussions; print how many were wrong."""
    with transaction():
        mend_rows_of_release_before()
        projects = sum(
            rebuild()
            for rebuild in (
                sprints.rebuild_all_figures,
                findings.recount_all_projects,
                decisions.rebuild_all_figures,
            )
        )
        discussion_count = discussions.recount_all_discussions()
    click.echo(f"{projects} projects and {discussion_count} discussions had figures that did not hold.")
