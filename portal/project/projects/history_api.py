"""Histories of rows: who changed what, as the page of a row's history tells it."""

from collections.abc import Collection, Sequence
from typing import Any
from uuid import UUID

from marshmallow import fields

from portal.platform.web.api_fields import ApiSchema, id_, moment
from portal.platform.web.api_operations import ApiCall
from portal.platform.web.api_pages import ApiPage
from portal.project.projects.revision_queries import list_revisions


class FieldChangeSchema(ApiSchema):
    """What a field held before and after; null where it held nothing, or a text that the trail leaves out."""

    field = fields.String(dump_only=True, metadata={"example": "title"})
    before = fields.Raw(dump_only=True, allow_none=True)
    after = fields.Raw(dump_only=True, allow_none=True)


class RevisionSchema(ApiSchema):
    """An act on a row, or on what belongs to it."""

    id = id_("That of the act in the trail.", dump_only=True)
    at = moment()
    action = fields.String(dump_only=True, metadata={"example": "risk.changed"})
    actor_id = id_(dump_only=True, allow_none=True, attribute="by")
    changes = fields.List(fields.Nested(FieldChangeSchema), dump_only=True)


def read_revision_page(call: ApiCall, ids: Sequence[UUID], actions: Collection[str]) -> ApiPage:
    """A page of the acts on rows that the caller may see, the latest first."""
    page = call.page.cut_whole_list(list_revisions(ids, actions))
    return ApiPage([_dump_revision(revision) for revision in page.rows], page.next_after)


def _dump_revision(revision: Any) -> dict[str, Any]:
    changes = [
        {"field": name, "before": before, "after": after}
        for name, (before, after) in revision.changes.items()
    ]
    return {**vars(revision), "changes": changes}
