"""Schemas of applications. No score of a juror is in them; a total is, once the scores are opened."""

from typing import Any

from marshmallow import ValidationError, fields, validate

from portal.people.accounts.models import EMAIL_MAX
from portal.platform.kernel.text import gettext as _
from portal.platform.web.api_bodies import form_schema
from portal.platform.web.api_columns import row_schema
from portal.platform.web.api_fields import ApiSchema, CleanText, choice, flag, id_, integer, line, number
from portal.selection.applications.forms import AddApplicationForm, MessageForm, WithdrawalForm
from portal.selection.applications.models import (
    MEMBERS_MAX,
    NAME_MAX,
    REASON_MAX,
    Application,
    ApplicationMessage,
    ApplicationOrigin,
    ApplicationState,
)
from portal.selection.applications.rules import is_email_address

TEXTS = ("summary", "problem", "benefits", "data_sources", "target_groups", "ethical_risks")
CONTACTS = ("contact_name", "contact_email")
TOTAL_MAX = 10_000


class ApplicationLineSchema(ApiSchema):
    """An application in a list; without a state for whoever knows its title alone."""

    id = id_(dump_only=True)
    number = number()
    organisation = fields.String(dump_only=True)
    title = fields.String(dump_only=True)
    state = choice(ApplicationState, dump_only=True, allow_none=True)
    origin = choice(ApplicationOrigin, dump_only=True, allow_none=True)
    received_on = fields.Date(dump_only=True, allow_none=True)
    is_opened = flag("Whether its scores are no longer sealed.", dump_only=True)
    total_hundredths = integer(0, TOTAL_MAX, "Null while sealed.", dump_only=True, allow_none=True)


_ApplicationTextsSchema = row_schema("_ApplicationTextsSchema", Application, *TEXTS, *CONTACTS)


class ApplicationSchema(_ApplicationTextsSchema):  # type: ignore[misc,valid-type]  # made of columns
    """An application. Before a juror has said that there is no conflict, its title alone."""

    organisation = fields.String(dump_only=True)
    title = fields.String(dump_only=True)
    state = choice(ApplicationState, dump_only=True, allow_none=True)
    received_on = fields.Date(dump_only=True, allow_none=True)
    version = integer(0, 2**31 - 1, dump_only=True)
    reads_whole = flag(dump_only=True)

    def on_bind_field(self, field_name: str, field_obj: fields.Field[object]) -> None:
        super().on_bind_field(field_name, field_obj)
        if field_name in {*TEXTS, *CONTACTS}:
            field_obj.allow_none = True


def _check_email_address(value: str) -> None:
    if value and not is_email_address(value):
        raise ValidationError(_("Cette adresse n’est pas complète."))


def _email_field() -> fields.Field[Any]:
    """An e-mail address, or ""."""
    limit = validate.Length(max=EMAIL_MAX)
    return CleanText(
        validate=[limit, _check_email_address], load_default="", metadata={"example": "ada@organisme.example"}
    )


class NamedMemberSchema(ApiSchema):
    """Somebody whom an application names; the first one is to lead the project."""

    name = line(NAME_MAX, required=True)
    email = _email_field()
    function = line(NAME_MAX)


ApplicationBodySchema = form_schema(
    "ApplicationBodySchema",
    AddApplicationForm,
    contact_email=_email_field(),
    members=fields.List(
        fields.Nested(NamedMemberSchema), load_default=list, validate=validate.Length(max=MEMBERS_MAX)
    ),
)


class JudgeEligibilitySchema(ApiSchema):
    """Whether an application is eligible."""

    is_eligible = flag(required=True)
    conditions_met = fields.List(
        integer(0, 99), load_default=list, metadata={"description": "Of the call's checklist, from 0."}
    )
    reason = line(REASON_MAX, "Needed for a refusal, or where a condition is not met.")


WithdrawalSchema = form_schema("WithdrawalSchema", WithdrawalForm)
ApplicationMessageSchema = row_schema("ApplicationMessageSchema", ApplicationMessage, "author_id", "body")
ApplicationMessageBodySchema = form_schema("ApplicationMessageBodySchema", MessageForm)
