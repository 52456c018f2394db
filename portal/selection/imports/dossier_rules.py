"""What Démarches simplifiées says of an application, as plain values. Pure.

The names of fields are those of its API. Unknown types and values are read as text or left out; a
missing name raises `FieldMissing`.
"""

import base64
import binascii
import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from datetime import UTC, date, datetime
from typing import Any

from portal.platform.kernel import clock
from portal.platform.kernel.text import clean_text

_DAY_LENGTH, _MINUTE_LENGTH = len("2018-09-12"), len("2018-09-12T08:32")
PENDING, SAFE = "pending", "safe"
_ORGANISATION_NAMES = ("raisonSociale", "nomCommercial")


class FieldMissing(Exception):
    """A name that the API no longer gives, or gives in another shape."""

    def __init__(self, name: str) -> None:
        super().__init__(name)
        self.name = name


@dataclass(frozen=True)
class SourceFile:
    """A file of an application; `checksum` is the base64 of its MD5, `field` the field's id."""

    field: str
    name: str
    checksum: str
    size: int
    is_pending: bool
    url: str


@dataclass(frozen=True, kw_only=True)
class SourceApplication:
    """An application as the source has it.

    `values` are texts by field id; `rows` are those of repeatable blocks, by block id, each with
    texts by field id. `updated_at` is in UTC: its texts sort by time.
    """

    number: str
    id: str
    state: str
    revision: str
    received_on: date
    updated_at: str
    organisation: str
    company_number: str
    is_incomplete: bool
    contact_name: str
    contact_email: str
    values: Mapping[str, str]
    rows: Mapping[str, Sequence[Mapping[str, str]]]
    files: Sequence[SourceFile] = ()
    is_company_number_spoilt: bool = False  # the file gives one that is none

    @property
    def must_be_read_again(self) -> bool:
        """Whether the source completes it later without saying so."""
        return self.is_incomplete or any(file.is_pending for file in self.files)

    def hash_content(self, mapping: Mapping[str, str]) -> str:
        """A hash of the content and of what a mapping makes of it, without addresses of files, which
        change at each reading."""
        plain = asdict(replace(self, files=[replace(file, url="") for file in self.files], updated_at=""))
        del plain["is_company_number_spoilt"]  # follows from what the file says
        text = json.dumps([plain, mapping], sort_keys=True, ensure_ascii=False, default=str)
        return hashlib.sha256(text.encode()).hexdigest()


@dataclass(frozen=True)
class Tombstone:
    """An application that was deleted, or put in the bin; `at` is the server's text."""

    number: str
    reason: str
    at: str


@dataclass
class _DossierContent:
    """Texts, rows and files while fields are read."""

    values: dict[str, str] = field(default_factory=dict)
    rows: dict[str, list[dict[str, str]]] = field(default_factory=dict)
    files: list[SourceFile] = field(default_factory=list)


def require_value(node: Any, name: str) -> Any:
    """A value of a node. Raises `FieldMissing`."""
    if not isinstance(node, dict) or name not in node:
        raise FieldMissing(name)
    return node[name]


def is_older_moment(moment: str, other: str) -> bool:
    """Whether a moment is before another, to the minute, which is what a spreadsheet keeps; where one of
    them is a day alone, whether its day is, in Paris."""
    if not moment or not other:
        return False
    if _DAY_LENGTH in {len(moment), len(other)}:
        return _day_of_moment(moment) < _day_of_moment(other)
    return moment[:_MINUTE_LENGTH] < other[:_MINUTE_LENGTH]


def _day_of_moment(moment: str) -> date:
    day_or_moment = datetime.fromisoformat(moment)
    return day_or_moment.date() if day_or_moment.tzinfo is None else clock.day_of(day_or_moment)


def read_dossier(node: Mapping[str, Any]) -> SourceApplication:
    """An application of the API. Raises `FieldMissing`."""
    content = _DossierContent()
    for champ in require_value(node, "champs"):
        _read_field_into_content(champ, content)
    applicant = _read_applicant(require_value(node, "demandeur"))
    email = clean_text(str(require_value(require_value(node, "usager"), "email")))
    is_deleted = node.get("connectionUsager") == "deleted"
    return SourceApplication(
        number=str(require_value(node, "number")),
        id=str(require_value(node, "id")),
        state=str(require_value(node, "state")),
        revision=str(require_value(require_value(require_value(node, "demarche"), "revision"), "id")),
        received_on=clock.day_of(_read_moment(node, "dateDepot")),
        updated_at=_read_moment(node, "dateDerniereModification").astimezone(UTC).isoformat(),
        contact_email="" if is_deleted else applicant.pop("email", "") or email,
        values=content.values,
        rows=content.rows,
        files=content.files,
        **{name: value for name, value in applicant.items() if name != "email"},
    )


def _read_moment(node: Mapping[str, Any], name: str) -> datetime:
    """A moment of the API, in the offset of Paris."""
    try:
        return datetime.fromisoformat(str(require_value(node, name)))
    except ValueError:
        raise FieldMissing(name) from None


def _read_applicant(node: Mapping[str, Any]) -> dict[str, Any]:
    """Organisation, number and contact of the applicant, by kind."""
    kind = node.get("__typename")
    plain: dict[str, Any] = {
        "organisation": "",
        "company_number": str(node.get("siret") or ""),
        "is_incomplete": kind == "PersonneMoraleIncomplete",
        "contact_name": "",
        "email": "",
    }
    company = node.get("entreprise") or {}
    names = [company.get(name) for name in _ORGANISATION_NAMES]
    names.append((node.get("association") or {}).get("titre"))
    plain["organisation"] = next((clean_text(name) for name in names if name and clean_text(name)), "")
    if kind == "PersonnePhysique":
        plain["contact_name"] = clean_text(f"{node.get('prenom') or ''} {node.get('nom') or ''}".strip())
        plain["organisation"] = plain["contact_name"]
        plain["email"] = clean_text(node.get("email") or "")
    return plain


def _read_field_into_content(champ: Mapping[str, Any], content: _DossierContent) -> None:
    id_, kind = str(require_value(champ, "champDescriptorId")), champ.get("__typename")
    if kind == "RepetitionChamp":
        content.rows[id_] = [_read_row(row, content) for row in require_value(champ, "rows")]
    elif kind == "PieceJustificativeChamp":
        content.files.extend(_read_file(id_, file) for file in require_value(champ, "files"))
    else:
        content.values[id_] = _field_text(champ)


def _read_row(row: Mapping[str, Any], content: _DossierContent) -> dict[str, str]:
    inner = _DossierContent(files=content.files)
    for champ in require_value(row, "champs"):
        _read_field_into_content(champ, inner)
    return inner.values


def _field_text(champ: Mapping[str, Any]) -> str:
    if "values" in champ:  # options may hold commas, of which `stringValue` is made
        return "\n".join(clean_text(str(value)) for value in champ["values"] or ())
    return clean_text(str(require_value(champ, "stringValue") or ""))


def _read_file(field_id: str, node: Mapping[str, Any]) -> SourceFile:
    try:
        size = int(require_value(node, "byteSizeBigInt"))
    except (TypeError, ValueError):
        raise FieldMissing("byteSizeBigInt") from None
    is_pending = require_value(node, "virusScanResult") != SAFE
    name, checksum = str(require_value(node, "filename")), str(require_value(node, "checksum"))
    return SourceFile(field_id, name, checksum, size, is_pending, str(require_value(node, "url")))


def read_tombstone(node: Mapping[str, Any]) -> Tombstone:
    """A deleted application of the API. Raises `FieldMissing`."""
    return Tombstone(
        str(require_value(node, "number")),
        str(require_value(node, "reason")),
        str(require_value(node, "dateSupression")),
    )


def application_number_in_cursor(cursor: object) -> str:
    """The number of the application that a cursor points to, for messages alone; "" if unknown."""
    try:
        text = str(cursor)
        plain = base64.urlsafe_b64decode(text + "=" * (-len(text) % 4)).decode()
    except (binascii.Error, ValueError):
        return ""
    number = plain.rpartition(";")[2]
    return number if number.isdigit() else ""
