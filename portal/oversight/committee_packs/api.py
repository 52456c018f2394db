"""Operations on committee packs: their pages are read; files and new packs ask for a proof that
tokens lack."""

from dataclasses import replace
from io import BytesIO
from uuid import UUID

from flask import Response, send_file

from portal.oversight.committee_packs import commands, queries, schemas
from portal.oversight.committee_packs.models import CommitteePack
from portal.oversight.committee_packs.programme_state_documents import keep_parts_of_areas
from portal.platform.pdf.printer import MEDIA_TYPE
from portal.platform.web.api_grants import get_token_grant
from portal.platform.web.api_operations import ApiArea, ApiCall
from portal.platform.web.api_pages import ApiPage, key_by_fields

area = ApiArea("oversight")
PACKS = "/programmes/<programme>/committee-packs"
PACK = f"{PACKS}/<uuid:pack_id>"


def _get_completed_pack(call: ApiCall, slug: str, pack_id: UUID) -> CommitteePack:
    programme = queries.get_readable_programme(call.actor, slug)
    return queries.get_completed_pack(call.actor, programme, pack_id)


@area.list(PACKS, schemas.CommitteePackSchema)
def list_committee_packs(call: ApiCall, programme: str) -> ApiPage:
    """List the packs of a programme, the latest first."""
    opened = queries.get_readable_programme(call.actor, programme)
    lines = call.page.gather_portal_pages(
        lambda page: queries.read_packs_page(call.actor, opened, page),
        queries.PER_PAGE,
        key_by_fields("pack.id"),
    )
    return ApiPage([each.pack for each in lines.rows], lines.next_after)


@area.get(PACK, schemas.CommitteePackSchema)
def get_committee_pack(call: ApiCall, programme: str, pack_id: UUID) -> CommitteePack:
    """Read a pack: whether it is made, and its fingerprint."""
    opened = queries.get_readable_programme(call.actor, programme)
    return queries.get_pack(call.actor, opened, pack_id).pack


@area.list(f"{PACK}/pages", schemas.PackPageSchema)
def list_committee_pack_pages(call: ApiCall, programme: str, pack_id: UUID) -> ApiPage:
    """Read the pages of a pack that is made: the summary, then the teams. A token limited to areas reads
    of calls and instalments only with those areas."""
    pack = _get_completed_pack(call, programme, pack_id)
    first, limit = call.page.cursor_number, call.page.limit
    areas = get_token_grant().areas
    rows = [
        replace(each, content=keep_parts_of_areas(each.content, areas))
        for each in queries.list_pages(pack, first, limit + 1)
    ]
    return ApiPage(rows[:limit], first + limit if len(rows) > limit else None)


@area.create(PACKS, schemas.CommitteePackSchema, body=schemas.PackRequestedSchema, asks_again=True)
def request_committee_pack(call: ApiCall, programme: str) -> CommitteePack:
    """Have a pack made as of a day, for the programme's leads."""
    opened = queries.get_readable_programme(call.actor, programme)
    pack = commands.request_pack(call.actor, opened, call.body["on"], call.body["language"])
    call.location = f"/programmes/{programme}/committee-packs/{pack.id}"
    return pack


@area.get(f"{PACK}/content", schemas.CommitteePackSchema, is_content=True, asks_again=True)
def download_committee_pack(call: ApiCall, programme: str, pack_id: UUID) -> Response:
    """Download a pack that is made, as PDF."""
    pdf = queries.get_pdf(_get_completed_pack(call, programme, pack_id))
    return send_file(BytesIO(pdf), mimetype=MEDIA_TYPE, as_attachment=True, download_name="pack.pdf")
