"""A list of people to invite, as a CSV text: its lines, and what is wrong with each."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import islice

from email_validator import EmailNotValidError, validate_email

from portal.people.programmes.policy import ROLE_LABELS
from portal.platform.kernel.access import Role
from portal.platform.kernel.errors import RuleBroken
from portal.platform.kernel.text import LOCALES, fold, using_language
from portal.platform.kernel.text import gettext as _
from portal.platform.tables.csv_file import CsvIntake, UnreadableFile, read_layout, read_records
from portal.sprints.backlog_import.labels import refusal_sentence

LINES_MAX = 500
# Names of columns, folded, in both languages.
COLUMNS: Mapping[str, frozenset[str]] = {
    "email": frozenset({"email", "e-mail", "adresse", "courriel", "mail", "adresse electronique", "address"}),
    "role": frozenset({"role"}),
    "programme": frozenset({"programme", "program"}),
    "project": frozenset({"projet", "project", "equipe", "team"}),
}


@dataclass(frozen=True)
class InvitationLine:
    """A line of the list; `line` counts from 1, with the names of columns. `fault` is "" if it
    reads well: what it asks is checked by `invitation_commands`."""

    line: int
    email: str
    role: Role | None
    role_text: str
    programme: str
    project: str
    fault: str = ""


def parse_invitation_list(text: str) -> Sequence[InvitationLine]:
    """The lines of a list. Raises `RuleBroken` on `text` where it cannot be read as a table."""
    intake = CsvIntake()
    intake.take(text.encode())
    try:
        packed, encoding = intake.finish()
        layout = read_layout(packed, encoding, _count_known_columns)
        places = _find_column_positions(layout.names)
        records = list(islice(read_records(packed, layout), LINES_MAX + 1))
    except UnreadableFile as refused:
        raise RuleBroken("text", refusal_sentence(refused.code, refused.facts)) from None
    for name, label in (("email", _("adresse")), ("role", _("rôle"))):
        if name not in places:
            raise RuleBroken("text", _("Il manque la colonne « %(name)s ».", name=label))
    if not records:
        raise RuleBroken("text", _("Cette liste n’a aucune ligne sous ses titres."))
    if len(records) > LINES_MAX:
        raise RuleBroken("text", _("Donnez au plus %(n)s lignes à la fois.", n=LINES_MAX))
    roles = _roles_by_name()
    width = len(layout.names)
    lines = [_parse_line(record.line, record.cells, places, roles, width) for record in records]
    return _mark_repeated_lines(lines)


def _count_known_columns(names: Sequence[str]) -> int:
    return len(_find_column_positions(names))


def _find_column_positions(names: Sequence[str]) -> Mapping[str, int]:
    """The place of each known column."""
    return {
        column: place
        for place, name in enumerate(names)
        for column, titles in COLUMNS.items()
        if fold(name).strip() in titles
    }


def _roles_by_name() -> Mapping[str, Role]:
    """Roles by their code and their labels in both languages, folded."""
    roles = {role.value: role for role in Role}
    for locale in LOCALES:
        with using_language(locale):
            roles |= {fold(str(label)): role for role, label in ROLE_LABELS.items()}
    return roles


def _parse_line(
    line: int, cells: Sequence[str], places: Mapping[str, int], roles: Mapping[str, Role], width: int
) -> InvitationLine:
    def cell(name: str) -> str:
        place = places.get(name, len(cells))
        return cells[place].strip() if place < len(cells) else ""

    email, role_text = cell("email").lower(), cell("role")
    role, fault = roles.get(fold(role_text).strip()), ""
    if any(cells[width:]):
        fault = _("Cette ligne a plus de cases que de colonnes.")
    elif not _is_email_address(email):
        fault = _("« %(text)s » n’est pas une adresse.", text=email) if email else _("L’adresse manque.")
    elif role is None:
        fault = _("Le rôle « %(text)s » n’existe pas.", text=role_text) if role_text else _("Le rôle manque.")
    return InvitationLine(line, email, role, role_text, cell("programme"), cell("project"), fault)


def _is_email_address(text: str) -> bool:
    try:
        validate_email(text, check_deliverability=False, allow_smtputf8=False)
    except EmailNotValidError:
        return False
    return True


def _mark_repeated_lines(lines: Sequence[InvitationLine]) -> Sequence[InvitationLine]:
    """The lines, with a fault where an earlier one asks the same."""
    first: dict[tuple[object, ...], int] = {}
    marked = []
    for each in lines:
        key = each.email, each.role, fold(each.programme), fold(each.project)
        earlier = first.setdefault(key, each.line)
        is_repeated = not each.fault and earlier != each.line
        fault = _("Déjà demandé à la ligne %(n)s.", n=earlier) if is_repeated else each.fault
        marked.append(replace(each, fault=fault))
    return marked
