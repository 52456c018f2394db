"""From an application of the source to the fields of an application here. Pure."""

from collections.abc import Mapping, Sequence
from typing import Any

from portal.people.accounts.models import EMAIL_MAX
from portal.platform.kernel.company_numbers import clean_company_number
from portal.selection.applications.models import MEMBERS_MAX, NAME_MAX, ORGANISATION_MAX, TEXT_MAX, TITLE_MAX
from portal.selection.applications.rules import is_email_address
from portal.selection.calls.models import FUNCTION_MAX
from portal.selection.imports.dossier_rules import SourceApplication
from portal.selection.imports.form_rules import (
    COMPANY_NUMBER,
    CONTACT_EMAIL,
    CONTACT_NAME,
    IN_BLOCK,
    MEMBER_FIELDS,
    ORGANISATION,
    ApplicationTargetField,
)

_LIMITS = {
    ApplicationTargetField.TITLE: TITLE_MAX,
    ApplicationTargetField.ORGANISATION: ORGANISATION_MAX,
    ApplicationTargetField.CONTACT_NAME: NAME_MAX,
    ApplicationTargetField.CONTACT_EMAIL: EMAIL_MAX,
}
_LINES = {
    ApplicationTargetField.TITLE,
    ApplicationTargetField.ORGANISATION,
    ApplicationTargetField.CONTACT_NAME,
}
_COMPANY_NUMBERS = {9, 14}
ELLIPSIS = "…"
Values = dict[str, Any]  # by field of an application; `members` is a list of [name, email, function]


class UnreadableApplication(Exception):
    """Why an application is not imported: `no_title`, `no_organisation`, `unknown_revision`…"""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


def map_application(source: SourceApplication, mapping: Mapping[str, str]) -> Values:
    """The values of an application by its mapping. Raises `UnreadableApplication`."""
    values: Values = {}
    for target in ApplicationTargetField:
        if target not in MEMBER_FIELDS:
            values[target.value] = _shorten_to_limit(
                target, _source_field_text(source, mapping.get(target.value, ""))
            )
    for target in (ApplicationTargetField.TITLE, ApplicationTargetField.ORGANISATION):
        if not values[target.value]:
            raise UnreadableApplication(f"no_{target.value}")
    digits = clean_company_number(values["company_number"])
    values["company_number"] = digits if len(digits) in _COMPANY_NUMBERS else ""
    if not is_email_address(values["contact_email"]):
        values["contact_email"] = ""
    values["members"] = _read_members(source, mapping)
    values["received_on"] = source.received_on.isoformat()
    return values


def _source_field_text(source: SourceApplication, id_: str) -> str:
    own = {
        ORGANISATION: source.organisation,
        COMPANY_NUMBER: source.company_number,
        CONTACT_NAME: source.contact_name,
        CONTACT_EMAIL: source.contact_email,
    }
    return own[id_] if id_ in own else source.values.get(id_, "")


def _shorten_to_limit(target: ApplicationTargetField, text: str) -> str:
    """The text within the limit of its field; what is cut ends with an ellipsis."""
    limit = _LIMITS.get(target, TEXT_MAX)
    text = " ".join(text.split()) if target in _LINES else text
    return text if len(text) <= limit else text[: limit - 1].rstrip() + ELLIPSIS


def _read_members(source: SourceApplication, mapping: Mapping[str, str]) -> list[list[str]]:
    """The rows of the block that names the team, with a name; at most `MEMBERS_MAX`."""
    return [_shorten_member(row) for row in _list_member_rows(source, mapping)[:MEMBERS_MAX]]


def _list_member_rows(source: SourceApplication, mapping: Mapping[str, str]) -> list[list[str]]:
    """Name, address and function of each named member, as the source has them."""
    block, _slash, name_field = mapping.get(ApplicationTargetField.MEMBER_NAME.value, "").partition(IN_BLOCK)
    if not name_field:
        return []
    columns = [mapping.get(target.value, "").rpartition(IN_BLOCK)[2] for target in MEMBER_FIELDS]
    members = []
    for row in source.rows.get(block, ()):
        first_name, surname, email, function = (
            " ".join(row.get(column, "").split()) if column else "" for column in columns
        )
        if name := " ".join(filter(None, (first_name, surname))):
            members.append([name, email.lower(), function])
    return members


def _shorten_member(row: Sequence[str]) -> list[str]:
    name, email, function = row
    address = email if len(email) <= EMAIL_MAX and is_email_address(email) else ""
    return [name[:NAME_MAX], address, function[:FUNCTION_MAX]]


def list_remarks(source: SourceApplication, mapping: Mapping[str, str]) -> Sequence[str]:
    """What of an application is read in part: « cut field » for a text over its limit, `company_number` and
    `contact_email` for one that is none, `members` for a team."""
    remarks = []
    for target in ApplicationTargetField:
        if target in MEMBER_FIELDS:
            continue
        text = _source_field_text(source, mapping.get(target.value, ""))
        if target is ApplicationTargetField.COMPANY_NUMBER:
            is_none = bool(text) and len(clean_company_number(text)) not in _COMPANY_NUMBERS
            is_spoilt = mapping.get(target.value) == COMPANY_NUMBER and source.is_company_number_spoilt
            remarks += ["company_number"] * (is_none or is_spoilt)
        elif target is ApplicationTargetField.CONTACT_EMAIL:
            is_none = bool(text) and not is_email_address(_shorten_to_limit(target, text))
            remarks += ["contact_email"] * is_none
        elif _shorten_to_limit(target, text).endswith(ELLIPSIS) and not text.endswith(ELLIPSIS):
            remarks.append(f"cut {target.value}")
    members = _list_member_rows(source, mapping)
    if len(members) > MEMBERS_MAX or any(_shorten_member(row) != row for row in members):
        remarks.append("members")
    return remarks


def list_fields_changed_at_source(old: Values, new: Values) -> Sequence[str]:
    """The fields whose imported value differs."""
    return [name for name, value in new.items() if old.get(name) != value]


def filter_mapped_values(values: Values, mapping: Mapping[str, str]) -> Values:
    """The values whose fields are mapped."""
    names = {*mapping, "received_on"}
    if ApplicationTargetField.MEMBER_NAME.value in mapping:
        names.add("members")
    return {name: value for name, value in values.items() if name in names}
