"""A file exported by Démarches simplifiées, perhaps saved again by a spreadsheet. Pure.

Its columns are known by label and occurrence: « Titre#1 », « Titre#2 »; those of the sheet of a
repeatable block by « sheet/label#1 ». Headings are those of the exports.
"""

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from portal.platform.kernel import clock
from portal.platform.kernel.text import clean_text, fold
from portal.selection.imports.application_rules import UnreadableApplication
from portal.selection.imports.dossier_rules import SourceApplication
from portal.selection.imports.form_rules import IN_BLOCK, ProcedureForm, ProcedureFormField

FILE_REVISION = "file"
NUMBER_LABELS = ("id", "dossier id", "numero de dossier", "n° dossier", "numero")
FIRST_SHEET, COMPANY_SHEET, OPINIONS_SHEET = "Dossiers", "Etablissements", "Avis"
_BLOCK_LINES = "ligne"
_DATES = ("depose le", "date de depot")
# The clock of the API's `dateDerniereModification`; the second is that of the fields alone, behind it.
_UPDATES = ("derniere mise a jour le", "derniere mise a jour du dossier le")
_DRAFT = "brouillon"
_STATES = {
    "en construction": "en_construction",
    "en instruction": "en_instruction",
    "accepte": "accepte",
    "refuse": "refuse",
    "classe sans suite": "sans_suite",
}
_ORGANISATIONS = ("entreprise raison sociale", "entreprise nom commercial", "association titre", "nom")
_COMPANY_NUMBERS = ("etablissement siret", "entreprise siret siege social", "siret")
# The columns that stand before the fields of the form, and fill no field by themselves.
_FIXED = re.compile(
    r"id|email|franceconnect \?|civilite|nom|prenom|depot pour un tiers|(pre)?nom du mandataire"
    r"|date de naissance|a archiver|etat du dossier|derniere mise a jour( du dossier)? le|depose le"
    r"|passe en instruction le|traite le|motivation de la decision|instructeurs|groupe instructeur"
    r"|(etablissement|entreprise|association) .+|domaine fonctionnel|referentiel de programmation"
    r"|centre de cout|date decision sv[ar]|dossier id|ligne"
)
_SPOILT = re.compile(r"\d(?:[.,]\d+)?e\+?\d+", re.IGNORECASE)
_SIRET, _SIREN = 14, 9
_EPOCH_1900, _EPOCH_1904 = date(1899, 12, 30), date(1904, 1, 1)
_DAY_FIRST = re.compile(r"(\d{1,2})/(\d{1,2})/(\d{4})")
_SERIAL = re.compile(r"\d{5}(?:\.\d+)?")
_HOUR = re.compile(r"(\d{1,2}):(\d{2})(?::(\d{2}))?")
_BEFORE_OFFSET = re.compile(r" (?=[+-]\d{2}:?\d{2}$)")
_DAY_SECONDS = 86_400


@dataclass(frozen=True)
class ExportTable:
    """A sheet: the keys of its columns by their place, in their order."""

    name: str
    labels: Sequence[str]

    @property
    def keys(self) -> Sequence[str]:
        """« label#occurrence » of each column."""
        counts: Counter[str] = Counter()
        keys = []
        for label in self.labels:
            counts[label] += 1
            keys.append(f"{label.replace(IN_BLOCK, '∕')}#{counts[label]}")  # noqa: RUF001
        return keys

    def find_column(self, names: Sequence[str]) -> int | None:
        """The place of the first column with one of these folded labels, by their order."""
        folded = [fold(label) for label in self.labels]
        return next((folded.index(name) for name in names if name in folded), None)


@dataclass(frozen=True)
class ExportRow:
    """The texts of a line, by the keys of its columns; `rows` are those of its blocks, by sheet;
    `repeats_number`: a line above it has its number."""

    line: int
    cells: Mapping[str, str]
    rows: Mapping[str, Sequence[Mapping[str, str]]] = field(default_factory=dict)
    company_number: str = ""
    from_1904: bool = False
    repeats_number: bool = False


def count_known_labels(labels: Sequence[str]) -> int:
    """How many labels are those of an export, to tell its separator."""
    return sum(1 for label in labels if _FIXED.fullmatch(fold(label)))


def build_procedure_form_of_columns(tables: Sequence[ExportTable]) -> ProcedureForm:
    """The fields that may be mapped: columns of the first table, and of the sheets of blocks."""
    main, *others = tables
    fields = [
        ProcedureFormField(key, _name_column(key, label), "Text", False)
        for key, label in zip(main.keys, main.labels, strict=True)
        if label and not _FIXED.fullmatch(fold(label))
    ]
    for table in others:
        if table.name in {COMPANY_SHEET, OPINIONS_SHEET} or table.find_column(NUMBER_LABELS) is None:
            continue
        fields.append(ProcedureFormField(table.name, table.name, "Repetition", False))
        fields += [
            ProcedureFormField(f"{table.name}{IN_BLOCK}{key}", _name_column(key, label), "Text", False)
            for key, label in zip(table.keys, table.labels, strict=True)
            if label and fold(label) not in {*NUMBER_LABELS, _BLOCK_LINES}
        ]
    return ProcedureForm(FILE_REVISION, fields)


def _name_column(key: str, label: str) -> str:
    """The label of a column; the second of the same carries « (2) »."""
    occurrence = key.rpartition("#")[2]
    return label if occurrence == "1" else f"{label} ({occurrence})"


def read_application_row(table: ExportTable, row: ExportRow) -> SourceApplication:
    """A line as an application. Raises `UnreadableApplication` without a number or a day of deposit."""

    def text(*names: str) -> str:
        place = table.find_column(names)
        return "" if place is None else row.cells.get(table.keys[place], "")

    number = read_application_number(text(*NUMBER_LABELS))
    state = text("etat du dossier")
    if fold(state) == _DRAFT:
        raise UnreadableApplication("draft")
    company_number = row.company_number or text(*_COMPANY_NUMBERS)
    return SourceApplication(
        number=number,
        id="",
        state=_STATES.get(fold(state), state),
        revision=FILE_REVISION,
        received_on=parse_day(text(*_DATES), from_1904=row.from_1904),
        updated_at=read_update_moment(text(*_UPDATES), from_1904=row.from_1904),
        organisation=text(*_ORGANISATIONS[:-1]) or " ".join(filter(None, (text("prenom"), text("nom")))),
        company_number=mend_company_number(company_number),
        is_incomplete=False,
        contact_name=" ".join(filter(None, (text("prenom"), text("nom")))),
        contact_email=text("email"),
        values=row.cells,
        rows=row.rows,
        is_company_number_spoilt=bool(company_number.strip()) and not mend_company_number(company_number),
    )


def read_application_number(text: str) -> str:
    """The number of an application. Raises `UnreadableApplication` where a spreadsheet spoilt it."""
    plain = text.strip().removesuffix(".0")
    if _SPOILT.fullmatch(plain):
        raise UnreadableApplication("spoilt_number")
    digits = plain.replace("\u202f", "").replace("\xa0", "").replace(" ", "")
    if not digits.isdigit():
        raise UnreadableApplication("no_number")
    return str(int(digits))


def mend_company_number(text: str) -> str:
    """A SIREN or SIRET, with the zeros that a spreadsheet took away where the rest fits; "" for one
    that it rounded."""
    digits = "".join(char for char in text.removesuffix(".0") if char.isdigit())
    if _SPOILT.fullmatch(text.strip()) or not digits:
        return ""
    for length in (_SIREN, _SIRET):
        padded = digits.zfill(length)
        if len(digits) <= length and length - len(digits) <= 2 and has_valid_check_digit(padded):
            return padded
    return digits if len(digits) in {_SIREN, _SIRET} else ""


def has_valid_check_digit(digits: str) -> bool:
    """Whether the last digit fits the others (Luhn's formula)."""
    doubled = [int(char) * (2 if n % 2 else 1) for n, char in enumerate(reversed(digits))]
    return sum(value - 9 if value > 9 else value for value in doubled) % 10 == 0


def parse_day(text: str, *, from_1904: bool) -> date:
    """A day as exports, or a spreadsheet that saved them again, write it. Raises `UnreadableApplication`."""
    plain = text.strip()
    try:
        if _SERIAL.fullmatch(plain):
            epoch = _EPOCH_1904 if from_1904 else _EPOCH_1900
            return epoch + timedelta(days=int(float(plain)))
        if match := _DAY_FIRST.match(plain):
            day, month, year = map(int, match.groups())
            return date(year, month, day)
        return date.fromisoformat(plain[:10])
    except (ValueError, OverflowError):
        raise UnreadableApplication("no_day") from None


def read_update_moment(text: str, *, from_1904: bool) -> str:
    """When an application last changed, as a text that sorts: the moment in UTC, the day alone where
    the file gives no hour, "" where it cannot be read."""
    plain = _BEFORE_OFFSET.sub("", text.strip())
    try:
        moment = _read_moment(plain, from_1904=from_1904)
        if isinstance(moment, datetime):
            local = moment if moment.tzinfo else moment.replace(tzinfo=ZoneInfo(clock.DEFAULT_ZONE))
            return local.astimezone(UTC).isoformat(timespec="seconds")
        return moment.isoformat()
    except (UnreadableApplication, ValueError, OverflowError):
        return ""


def _read_moment(plain: str, *, from_1904: bool) -> date:
    """A moment, or the day alone."""
    with suppress(ValueError):
        if len(plain) > len("2018-09-12") and not _SERIAL.fullmatch(plain):
            return datetime.fromisoformat(plain)
    day = parse_day(plain, from_1904=from_1904)
    if _SERIAL.fullmatch(plain):
        seconds = round(float(plain) % 1 * _DAY_SECONDS) % _DAY_SECONDS
        return datetime.combine(day, time()) + timedelta(seconds=seconds) if "." in plain else day
    if match := _HOUR.search(plain):
        hours, minutes, seconds = (int(part or 0) for part in match.groups())
        return datetime.combine(day, time(hours, minutes, seconds))
    return day


def group_block_rows(
    table: ExportTable, records: Sequence[Sequence[str]]
) -> Mapping[str, Sequence[Mapping[str, str]]]:
    """The rows of the sheet of a block, by the number of their application, in their order."""
    place, order = table.find_column(NUMBER_LABELS), table.find_column((_BLOCK_LINES,))
    groups: dict[str, list[tuple[int, Mapping[str, str]]]] = {}
    for cells in records:
        if place is None or place >= len(cells):
            continue
        try:
            number = read_application_number(cells[place])
        except UnreadableApplication:
            continue
        text = cells[order] if order is not None and order < len(cells) else "0"
        line = int(float(text)) if text.replace(".", "", 1).isdigit() else 0
        groups.setdefault(number, []).append((line, cells_by_column(table, cells)))
    return {
        number: [row for _line, row in sorted(rows, key=lambda each: each[0])]
        for number, rows in groups.items()
    }


def cells_by_column(table: ExportTable, cells: Sequence[str]) -> dict[str, str]:
    """The texts of a line by the keys of its columns; what is empty is left out."""
    return {key: clean_text(text) for key, text in zip(table.keys, cells, strict=False) if text.strip()}


def list_missing_and_new_columns(
    old: Sequence[str], new: Sequence[str], mapping: Mapping[str, str]
) -> tuple[list[str], list[str]]:
    """The mapped columns that are missing, and columns that are new, by their keys."""
    missing = [key for key in old if key not in new and key in mapping.values()]
    return missing, [key for key in new if key not in old] if old else []
