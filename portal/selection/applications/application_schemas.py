"""Schemas of applications. No score of a juror is in them; a total is, once the scores are opened."""

from marshmallow import fields

from portal.platform.web.api_columns import row_schema
from portal.platform.web.api_fields import ApiSchema, choice, flag, id_, integer, number
from portal.selection.applications.models import Application, ApplicationOrigin, ApplicationState
from portal.selection.calls.models import Call

CallSchema = row_schema(
    "CallSchema",
    Call,
    *("title_fr", "title_en", "opens_on", "closes_on", "results_on", "places", "scores_needed", "state"),
)
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
