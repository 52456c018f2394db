"""Packs of a programme: asked for, waited for, read a page at a time, taken away."""

from io import BytesIO
from typing import Any
from uuid import UUID

from flask import Blueprint, Response, send_file, url_for
from flask_babel import get_locale

from portal.kernel import clock
from portal.kernel.text import gettext as _
from portal.packs import commands, policy, queries
from portal.packs.document import lines
from portal.packs.forms import PackForm
from portal.packs.models import CommitteePack
from portal.papers.printing import MEDIA_TYPE
from portal.programmes.models import Programme
from portal.user_tests.words import LANGUAGES
from portal.web.actor import current_actor as actor
from portal.web.formpage import asked_page, fresh
from portal.web.forms import submit
from portal.web.render import render, see_path

bp = Blueprint("packs", __name__, url_prefix="/programmes/<slug>/packs")
ONE = "/<uuid:pack_id>"


@bp.get("")
def index(slug: str) -> Response:
    return _index(queries.get_read(actor, slug))


def _index(programme: Programme, form: PackForm | None = None, status: int = 200) -> Response:
    can_make = policy.can_make(actor, programme)
    if form is None and can_make:
        language = "en" if getattr(get_locale(), "language", "fr") == "en" else "fr"
        form = fresh(PackForm, on=clock.today(), language=language)
    return render(
        "packs/index.html",
        status=status,
        fragment="list",
        programme=programme,
        form=form,
        found=queries.read_packs(actor, programme, asked_page()),
        page_url=lambda number: url_for(".index", slug=programme.slug, page=number),
        languages=LANGUAGES,
    )


@bp.post("")
def make(slug: str) -> Response:
    programme = queries.get_read(actor, slug)
    commands.require_to_make(actor, programme)
    form = PackForm()

    def act(values: dict[str, Any]) -> CommitteePack:
        return commands.ask_pack(actor, programme, values["on"], values["language"])

    def done(pack: CommitteePack) -> Response:
        return see_path(url_for(".page", slug=slug, pack_id=pack.id))

    return submit(form, act, done, lambda status: _index(programme, form, status))


@bp.get(ONE)
def page(slug: str, pack_id: UUID) -> Response:
    """How far it is; once it is done, its summary and the way to each page."""
    programme = queries.get_read(actor, slug)
    listed = queries.get_pack(actor, programme, pack_id)
    is_done = listed.pack.finished_at is not None
    return render(
        "packs/page.html",
        fragment="pack",
        programme=programme,
        listed=listed,
        pack=listed.pack,
        told=queries.get_summary(listed.pack).content if is_done else None,
        names=queries.list_names(listed.pack) if is_done else [],
        languages=LANGUAGES,
        here=url_for(".page", slug=slug, pack_id=pack_id),
    )


@bp.get(f"{ONE}/<int(min=1, max=99999):position>")
def team(slug: str, pack_id: UUID, position: int) -> Response:
    programme = queries.get_read(actor, slug)
    pack = queries.get_done(actor, programme, pack_id)
    return render(
        "packs/team.html",
        programme=programme,
        pack=pack,
        leaf=queries.get_page(pack, position),
        position=position,
        can_open=policy.can_make(actor, programme),
    )


@bp.get(f"{ONE}/pack.pdf")
def download(slug: str, pack_id: UUID) -> Response:
    programme, pack = _done(slug, pack_id)
    name = f"{_name(programme, pack)}.pdf"
    paper = BytesIO(queries.get_paper(pack))
    return send_file(paper, mimetype=MEDIA_TYPE, as_attachment=True, download_name=name)


@bp.get(f"{ONE}/pack.jsonl")
def as_lines(slug: str, pack_id: UUID) -> Response:
    """A page to a line. The SHA-256 of this very file is the pack's fingerprint."""
    programme, pack = _done(slug, pack_id)
    body = b"".join(lines(queries.each_page(pack.id)))
    name = f"{_name(programme, pack)}.jsonl"
    sent = Response(body, mimetype="application/jsonl")
    sent.headers.set("Content-Disposition", "attachment", filename=name)
    return sent


def _done(slug: str, pack_id: UUID) -> tuple[Programme, CommitteePack]:
    programme = queries.get_read(actor, slug)
    return programme, queries.get_done(actor, programme, pack_id)


def _name(programme: Programme, pack: CommitteePack) -> str:
    what = _("dossier")
    return f"{programme.slug}-{what}-{pack.as_of_on.isoformat()}-{pack.language}"
