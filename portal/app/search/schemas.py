"""Schemas of search."""

from marshmallow import fields

from portal.collaboration.search.queries import SearchOrder
from portal.platform.web.api_fields import ApiSchema, choice, day, line

QUERY_MAX = 200
KIND_MAX = 40


class SearchQuerySchema(ApiSchema):
    """What is searched for."""

    q = line(QUERY_MAX, "Words; their endings, case and accents do not matter.", required=True)
    kind = line(KIND_MAX, "The code of a kind of things.")
    team = line(QUERY_MAX, "The slug of a team: what stands in the path of its pages.")
    author = line(QUERY_MAX, "The handle of a person.")
    order = choice(SearchOrder, "The closest first, or the newest.", load_default=SearchOrder.RELEVANCE)
    since = day("Written or changed on that day or later.", load_default=None, allow_none=True)
    until = day("Written or changed on that day or earlier.", load_default=None, allow_none=True)


class SearchHitSchema(ApiSchema):
    """A thing whose text has the words."""

    kind = fields.String(dump_only=True)
    title = fields.String(dump_only=True)
    page = fields.String(dump_only=True, metadata={"description": "The path of its page."})
    place = fields.String(dump_only=True)
    state = fields.String(dump_only=True)
