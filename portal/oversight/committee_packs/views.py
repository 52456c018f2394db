"""Pages of committee packs: request, progress, summary, pages of teams, downloads."""

from datetime import date
from io import BytesIO
from uuid import UUID

from flask import Blueprint, Response, request, send_file, url_for

from portal.oversight.committee_packs import commands, policy, queries
from portal.oversight.committee_packs.committee_section_labels import describe_making
from portal.oversight.committee_packs.documents import iterate_jsonl_lines
from portal.oversight.committee_packs.forms import PackForm
from portal.oversight.committee_packs.models import SUMMARY, CommitteePack
from portal.people.programmes.models import Programme
from portal.platform.kernel import clock
from portal.platform.kernel.text import gettext as _
from portal.platform.kernel.text import in_reader_language
from portal.platform.pdf.printer import MEDIA_TYPE
from portal.platform.web.actor import current_actor as actor
from portal.platform.web.form_page import make_form, requested_page_number
from portal.platform.web.rendering import render
from portal.platform.web.writes import write
from portal.user_tests.rounds.labels import LANGUAGES

bp = Blueprint("packs", __name__, url_prefix="/programmes/<slug>/packs")
PACK_PATH = "/<uuid:pack_id>"


@bp.get("")
def index(slug: str) -> Response:
    return _render_index(queries.get_readable_programme(actor, slug))


def _render_index(programme: Programme, form: PackForm | None = None, status: int = 200) -> Response:
    can_make = policy.can_make(actor, programme)
    if form is None and can_make:
        day = request.args.get("on", clock.today(), type=date.fromisoformat)
        form = make_form(PackForm, on=day, language=in_reader_language("fr", "en"))
    return render(
        "oversight/committee_packs/index.html",
        status=status,
        fragment="list",
        programme=programme,
        form=form,
        packs=queries.read_packs_page(actor, programme, requested_page_number()),
        page_url=lambda number: url_for(".index", slug=programme.slug, page=number),
        languages=LANGUAGES,
        describe_making=describe_making,
    )


@bp.post("")
def make(slug: str) -> Response:
    programme = queries.get_readable_programme(actor, slug)
    commands.require_can_make(actor, programme)
    form = PackForm()
    return write(
        form,
        lambda values: commands.request_pack(actor, programme, values["on"], values["language"]),
        message="",
        to=lambda pack: url_for(".page", slug=slug, pack_id=pack.id),
        page=lambda status: _render_index(programme, form, status),
    )


@bp.get(PACK_PATH)
def page(slug: str, pack_id: UUID) -> Response:
    """The progress of a pack; once it is completed, its summary with links to the pages."""
    programme = queries.get_readable_programme(actor, slug)
    listed = queries.get_pack(actor, programme, pack_id)
    is_completed = listed.pack.finished_at is not None
    commands.mark_own_pack_seen(actor, listed.pack)
    return render(
        "oversight/committee_packs/page.html",
        fragment="pack",
        programme=programme,
        listed=listed,
        pack=listed.pack,
        summary=queries.get_page(listed.pack, SUMMARY).content if is_completed else None,
        names=queries.list_team_page_titles(listed.pack) if is_completed else [],
        languages=LANGUAGES,
        here=url_for(".page", slug=slug, pack_id=pack_id),
    )


@bp.get(f"{PACK_PATH}/<int(min=1, max=99999):position>")
def team(slug: str, pack_id: UUID, position: int) -> Response:
    programme = queries.get_readable_programme(actor, slug)
    pack = queries.get_completed_pack(actor, programme, pack_id)
    return render(
        "oversight/committee_packs/team.html",
        programme=programme,
        pack=pack,
        team_page=queries.get_page(pack, position),
        position=position,
        can_open=policy.can_make(actor, programme),
    )


@bp.get(f"{PACK_PATH}/pack.pdf")
def download(slug: str, pack_id: UUID) -> Response:
    programme, pack = _get_programme_and_completed_pack(slug, pack_id)
    name = f"{_build_file_name(programme, pack)}.pdf"
    pdf = BytesIO(queries.get_pdf(pack))
    return send_file(pdf, mimetype=MEDIA_TYPE, as_attachment=True, download_name=name)


@bp.get(f"{PACK_PATH}/pack.jsonl")
def download_jsonl(slug: str, pack_id: UUID) -> Response:
    """All pages as JSON lines; the SHA-256 of this file is the pack's fingerprint."""
    programme, pack = _get_programme_and_completed_pack(slug, pack_id)
    body = b"".join(iterate_jsonl_lines(queries.iterate_pages(pack.id)))
    name = f"{_build_file_name(programme, pack)}.jsonl"
    response = Response(body, mimetype="application/jsonl")
    response.headers.set("Content-Disposition", "attachment", filename=name)
    return response


def _get_programme_and_completed_pack(slug: str, pack_id: UUID) -> tuple[Programme, CommitteePack]:
    programme = queries.get_readable_programme(actor, slug)
    return programme, queries.get_completed_pack(actor, programme, pack_id)


def _build_file_name(programme: Programme, pack: CommitteePack) -> str:
    label = _("dossier")
    return f"{programme.slug}-{label}-{pack.as_of_on.isoformat()}-{pack.language}"
