"""Schemas of committee packs and their pages."""

from marshmallow import fields, validate

from portal.oversight.committee_packs.forms import PackForm
from portal.oversight.committee_packs.models import CommitteePack
from portal.platform.web.api_bodies import form_schema
from portal.platform.web.api_columns import row_schema
from portal.platform.web.api_fields import ApiSchema, count
from portal.user_tests.rounds.labels import LANGUAGES

CommitteePackSchema = row_schema(
    "CommitteePackSchema",
    CommitteePack,
    *("asked_by_id", "language", "as_of_at", "as_of_on", "stage", "teams", "pages", "fingerprint"),
    "finished_at",
)
PackRequestedSchema = form_schema(
    "PackRequestedSchema",
    PackForm,
    language=fields.String(
        required=True, validate=validate.OneOf(list(LANGUAGES)), metadata={"example": "fr"}
    ),
)


class PackPageSchema(ApiSchema):
    """A page of a pack: the summary at position 0, then the teams. `project` is a slug."""

    position = count()
    project = fields.String(dump_only=True, allow_none=True)
    content = fields.Dict(dump_only=True)
