"""`flask questionnaire`: questionnaires as files, before and while people answer them."""

from pathlib import Path

import click
from flask.cli import AppGroup
from flask_babel import force_locale
from sqlalchemy.exc import DBAPIError

from portal.kernel.db import transaction
from portal.kernel.errors import RuleBroken
from portal.questionnaires import commands, library, queries
from portal.questionnaires.changes import What, compare
from portal.questionnaires.definition import Questionnaire
from portal.questionnaires.library import Source
from portal.questionnaires.reading import WrongDefinition, read
from portal.sheets.library import TRAITS as TRAITS_OF_SHEETS

TRAITS = library.TRAITS | TRAITS_OF_SHEETS
FILE = click.Path(exists=True, dir_okay=False, path_type=Path)

_DIFFERENCES = {
    What.WORDS: "words",
    What.ANSWERS: "possible answers",
    What.PLACE: "section",
    What.REQUIRED: "required or not",
    What.CONDITION: "when it is asked",
}

group = AppGroup("questionnaire", help="Questionnaires as files: check, load, compare.")


@group.command("check")
@click.argument("file", type=FILE)
def check(file: Path) -> None:
    """Say what is wrong in a definition, and where; exit with 1 when something is."""
    click.echo(_summary(_read(file)))


@group.command("load")
@click.argument("file", type=FILE)
def load(file: Path) -> None:
    """Offer an edition beside those that are there, which all stay as they are."""
    try:
        with force_locale("en"), transaction():
            row = commands.load(Source(_text(file)))
            click.echo(f"{row.key} {row.edition} is offered.")
    except WrongDefinition as wrong:
        raise click.ClickException(f"{file}:\n{wrong}") from None
    except RuleBroken as broken:
        raise click.ClickException(f"{broken.message} Give it the next edition.") from None
    except DBAPIError:
        raise click.ClickException(
            "the database does not answer, or is not ready: run `flask db upgrade`."
        ) from None


@group.command("diff")
@click.argument("before")
@click.argument("after")
def diff(before: str, after: str) -> None:
    """What differs between two, each a file or a name such as framing-1."""
    former, other = _named(before), _named(after)
    changes = compare(former, other)
    for _section, item in changes.added:
        click.echo(f"+ {item.key}: {item.label.en}")
    for _section, item in changes.removed:
        click.echo(f"- {item.key}: {item.label.en}")
    for change in changes.changed:
        what = ", ".join(_DIFFERENCES[one] for one in change.what)
        click.echo(f"~ {change.after.key}: {what}")
    if former.score != other.score:
        click.echo("~ how weights make a score")
    if (former.verdicts, former.duties) != (other.verdicts, other.duties):
        click.echo("~ what follows from the answers")
    if not changes:
        click.echo(f"{former.name} and {other.name} ask the same.")


def _named(name: str) -> Questionnaire:
    if Path(name).is_file():
        return _read(Path(name))
    return named(name)


def named(name: str) -> Questionnaire:
    """As commands name it. What comes with the portal is found without a database."""
    found = library.find_named(name) if "-" in name else None
    try:
        found = found or queries.find_named(name)
    except DBAPIError:
        found = library.find_named(name)
    if found is None:
        known = ", ".join(one.name for one in library.list_built_in())
        raise click.UsageError(f"no questionnaire is called {name}; with the portal come {known}.")
    return found


def _read(file: Path) -> Questionnaire:
    try:
        return read(_text(file), traits=TRAITS)
    except WrongDefinition as wrong:
        raise click.ClickException(f"{file}:\n{wrong}") from None


def _text(file: Path) -> str:
    try:
        return file.read_text(encoding="utf-8")
    except UnicodeDecodeError:
        raise click.ClickException(f"{file} is no text in UTF-8.") from None


def _summary(of: Questionnaire) -> str:
    sections, items = len(of.sections), len(list(of.items))
    return f"{of.name} is well formed: {sections} sections, {items} items."
