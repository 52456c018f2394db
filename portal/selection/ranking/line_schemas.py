"""Schemas of the ranking of a call."""

from typing import Any

from marshmallow import fields

from portal.platform.web.api_fields import INTEGER_MAX, ApiSchema, choice, flag, id_, integer, number
from portal.selection.applications.models import ApplicationState


def _range_field(about: str) -> fields.Field[Any]:
    metadata = {"description": about, "example": [2, 5]}
    return fields.List(integer(1, INTEGER_MAX), dump_only=True, allow_none=True, metadata=metadata)


class RankingLineSchema(ApiSchema):
    """A ranked application, and how firm its rank is; unranked ones follow, with a null rank."""

    id = id_(dump_only=True)
    number = number()
    organisation = fields.String(dump_only=True)
    title = fields.String(dump_only=True)
    state = choice(ApplicationState, dump_only=True)
    total_hundredths = integer(0, INTEGER_MAX, dump_only=True, allow_none=True)
    is_below = flag("Whether it is below a minimum.", dump_only=True)
    is_dispersed = flag("Whether its scores are far apart.", dump_only=True)
    rank = integer(1, INTEGER_MAX, dump_only=True, allow_none=True)
    by_jurors = _range_field("Best and worst rank if one juror is left out.")
    by_weights = _range_field("Best and worst rank if weights change a little.")
    is_on_line = flag("Whether it stands at the cut-off for a place.", dump_only=True)
