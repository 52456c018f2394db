"""`flask questionnaire`: check, load and compare questionnaire files."""

from pathlib import Path

import click
from flask.cli import AppGroup
from sqlalchemy.exc import DBAPIError

from portal.ethics.questionnaires import commands, library_documents, queries
from portal.ethics.questionnaires.definition_documents import InvalidDefinition, parse_definition
from portal.ethics.questionnaires.definition_rules import Questionnaire
from portal.ethics.questionnaires.edition_change_rules import ItemDifference, compare_editions
from portal.ethics.questionnaires.library_documents import DefinitionSource
from portal.ethics.readiness_sheets.definition_documents import TRAITS as TRAITS_OF_SHEETS
from portal.platform.kernel.database import transaction
from portal.platform.kernel.errors import RuleBroken
from portal.platform.kernel.text import using_language

TRAITS = library_documents.TRAITS | TRAITS_OF_SHEETS
FILE = click.Path(exists=True, dir_okay=False, path_type=Path)

_DIFFERENCE_LABELS = {
    ItemDifference.WORDS: "words",
    ItemDifference.ANSWERS: "possible answers",
    ItemDifference.PLACE: "section",
    ItemDifference.REQUIRED: "required or not",
    ItemDifference.CONDITION: "when it is asked",
}

group = AppGroup("questionnaire", help="Questionnaires as files: check, load, compare.")


@group.command("check")
@click.argument("file", type=FILE)
def check(file: Path) -> None:
    """Print the errors of a definition; exit with 1 when there are any."""
    click.echo(_summarise_questionnaire(_read_definition(file)))


@group.command("load")
@click.argument("file", type=FILE)
def load(file: Path) -> None:
    """Load an edition beside the existing ones, which stay unchanged."""
    try:
        with using_language("en"), transaction():
            row = commands.store_edition(DefinitionSource(_read_text(file)))
            click.echo(f"{row.key} {row.edition} is offered.")
    except InvalidDefinition as invalid:
        raise click.ClickException(f"{file}:\n{invalid}") from None
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
    """Print the differences of two editions, each a file or a name such as framing-1."""
    former, latter = _read_file_or_find_questionnaire(before), _read_file_or_find_questionnaire(after)
    changes = compare_editions(former, latter)
    for _section, item in changes.added:
        click.echo(f"+ {item.key}: {item.label.en}")
    for _section, item in changes.removed:
        click.echo(f"- {item.key}: {item.label.en}")
    for change in changes.changed:
        differences = ", ".join(_DIFFERENCE_LABELS[difference] for difference in change.differences)
        click.echo(f"~ {change.after.key}: {differences}")
    if former.score != latter.score:
        click.echo("~ how weights make a score")
    if (former.verdicts, former.duties) != (latter.verdicts, latter.duties):
        click.echo("~ what follows from the answers")
    if not changes:
        click.echo(f"{former.name} and {latter.name} ask the same.")


def _read_file_or_find_questionnaire(name: str) -> Questionnaire:
    if Path(name).is_file():
        return _read_definition(Path(name))
    return get_questionnaire_by_name(name)


def get_questionnaire_by_name(name: str) -> Questionnaire:
    """The questionnaire of a name; built-in ones need no database. Raises `click.UsageError`."""
    questionnaire = library_documents.find_built_in_by_name(name) if "-" in name else None
    try:
        questionnaire = questionnaire or queries.find_questionnaire_by_name(name)
    except DBAPIError:
        questionnaire = library_documents.find_built_in_by_name(name)
    if questionnaire is None:
        built_in_names = ", ".join(
            built_in.name for built_in in library_documents.list_built_in_questionnaires()
        )
        raise click.UsageError(f"no questionnaire is called {name}; with the portal come {built_in_names}.")
    return questionnaire


def _read_definition(file: Path) -> Questionnaire:
    try:
        with using_language("en"):
            return parse_definition(_read_text(file), traits=TRAITS)
    except InvalidDefinition as invalid:
        raise click.ClickException(f"{file}:\n{invalid}") from None


def _read_text(file: Path) -> str:
    try:
        return file.read_text(encoding="utf-8")
    except UnicodeDecodeError:
        raise click.ClickException(f"{file} is no text in UTF-8.") from None


def _summarise_questionnaire(questionnaire: Questionnaire) -> str:
    sections, items = len(questionnaire.sections), len(list(questionnaire.items))
    return f"{questionnaire.name} is well formed: {sections} sections, {items} items."
