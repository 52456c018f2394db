"""Pages of committees: their list, one committee, the record of its decisions."""

from io import BytesIO
from typing import Any

from flask import Blueprint, Response, request, send_file, url_for
from flask_babel import get_locale

from portal.oversight.committees import commands, labels, policy, queries, record_queries
from portal.oversight.committees.documents import build_record
from portal.oversight.committees.forms import ChangeCommitteeForm, CloseCommitteeRecordForm, PlanCommitteeForm
from portal.oversight.committees.models import NUMBER_MAX, Committee
from portal.oversight.committees.section_queries import CommitteePageLinks
from portal.oversight.decisions.labels import OUTCOMES, outcome_label
from portal.oversight.decisions.rules import first_line
from portal.people.programmes.models import Programme
from portal.platform.kernel.contributions import list_contributions
from portal.platform.kernel.engines import SAFE_METHODS
from portal.platform.kernel.text import format_day, using_language
from portal.platform.kernel.text import gettext as _
from portal.platform.pdf.printer import MEDIA_TYPE, DocumentKind, print_pdf
from portal.platform.web.actor import current_actor as actor
from portal.platform.web.confirmation import ConfirmationQuestion, ask_confirmation
from portal.platform.web.form_page import FormPage, make_form, requested_page_number
from portal.platform.web.rendering import render
from portal.platform.web.writes import write, write_page
from portal.project.projects.to_decide_queries import count_waiting
from portal.user_tests.rounds.labels import LANGUAGES

bp = Blueprint("committees", __name__, url_prefix="/programmes/<slug>/committees")
CARRIED_OVER = ("hour", "duration", "place", "members")  # proposed again for the next committee
COMMITTEE_RULE = f"/<int(max={NUMBER_MAX}):number>"


@bp.get("")
def index(slug: str) -> Response:
    programme = queries.get_readable_programme(actor, slug)
    return render(
        "oversight/committees/index.html",
        fragment="list",
        programme=programme,
        committees=queries.read_committees_page(actor, programme, requested_page_number()),
        can_manage=policy.can_manage(actor, programme),
        page_url=lambda number: url_for(".index", slug=slug, page=number),
        labels=labels,
    )


@bp.get(COMMITTEE_RULE)
def page(slug: str, number: int) -> Response:
    programme, row = _get_programme_and_committee(slug, number)
    links = [
        link
        for section in list_contributions(CommitteePageLinks)
        for link in section.list_links(actor, programme, row.held_on)
    ]
    return render(
        "oversight/committees/page.html",
        programme=programme,
        row=row,
        record=record_queries.get_readable_record(actor, programme, row)
        if policy.can_read_record(actor, programme, row)
        else None,
        can_close=policy.can_manage(actor, programme) and row.has_begun,
        links=links,
        first_line=first_line,
        outcomes=OUTCOMES,
        outcome_label=outcome_label,
        agenda=queries.list_agenda(actor, row),
        waiting=count_waiting(actor).by_programme.get(programme.id, 0),
        can_manage=policy.can_manage(actor, programme),
        language=_get_record_language(),
        labels=labels,
    )


def _get_record_language() -> str:
    """The language in which the reader opens a record."""
    return "en" if getattr(get_locale(), "language", "fr") == "en" else "fr"


def _get_programme_and_committee(slug: str, number: int) -> tuple[Programme, Committee]:
    programme = queries.get_readable_programme(actor, slug)
    return programme, queries.get_committee(actor, programme, number)


@bp.get(f"{COMMITTEE_RULE}/record/<any(fr, en):language>")
def record_page(slug: str, number: int, language: str) -> Response:
    programme, row = _get_programme_and_committee(slug, number)
    return render(
        "oversight/committees/record.html",
        programme=programme,
        row=row,
        language=language,
        languages=LANGUAGES,
        record=_build_record_content(programme, row, language),
        labels=labels,
    )


@bp.get(f"{COMMITTEE_RULE}/record/<any(fr, en):language>.pdf")
def download(slug: str, number: int, language: str) -> Response:
    """Send the record as a tagged PDF."""
    programme, row = _get_programme_and_committee(slug, number)
    content = _build_record_content(programme, row, language)
    pdf = print_pdf(DocumentKind.REPORT, content, row.closed_at)
    name = f"{programme.slug}-decisions-{row.held_on.isoformat()}-{language}.pdf"
    return send_file(BytesIO(pdf), mimetype=MEDIA_TYPE, as_attachment=True, download_name=name)


def _build_record_content(programme: Programme, row: Committee, language: str) -> dict[str, Any]:
    """Its record in one language. Raises `NotFound` to whoever may not read it."""
    decided = record_queries.get_readable_record(actor, programme, row)
    with using_language(language):
        return build_record(programme, row, decided, queries.list_agenda(actor, row), language)


def _build_committee_trail(programme: Programme, row: Committee | None = None) -> list[tuple[str, str]]:
    steps = [
        (programme.name, url_for("programmes.page", slug=programme.slug)),
        (_("Comités"), url_for(".index", slug=programme.slug)),
    ]
    if row is not None:
        steps.append((labels.title(row), commands.committee_path(programme, row)))
    return steps


@bp.route("/new", methods=["GET", "POST"])
def plan(slug: str) -> Response:
    programme = queries.get_readable_programme(actor, slug)
    commands.require_programme_lead(actor, programme)
    latest = queries.find_latest_committee(programme)
    form = make_form(
        PlanCommitteeForm, **{name: getattr(latest, name) for name in CARRIED_OVER} if latest else {}
    )
    form_page = FormPage(
        title=_("Prévoir un comité"),
        lead=programme.name,
        trail=_build_committee_trail(programme),
        step=_("Prévoir un comité"),
        yes=_("Prévoir"),
        beside=(("held_on", "hour", "duration"),),
        advice=(_("Ce qui est à décider entre de lui-même à son ordre du jour."),),
    )
    return write_page(
        form_page,
        form,
        lambda _values: commands.plan_committee(actor, programme, form.facts()),
        message=_("Comité prévu."),
        to=lambda row: commands.committee_path(programme, row),
    )


@bp.route(f"{COMMITTEE_RULE}/edit", methods=["GET", "POST"])
def change(slug: str, number: int) -> Response:
    programme, row = _get_programme_and_committee(slug, number)
    if request.method in SAFE_METHODS:
        commands.require_can_change_committee(actor, programme, row)
    else:
        commands.require_programme_lead(actor, programme)
    form = make_form(ChangeCommitteeForm, obj=row)
    form_page = FormPage(
        title=_("Modifier le comité"),
        trail=_build_committee_trail(programme, row),
        step=_("Modifier"),
        beside=(("held_on", "hour", "duration"),),
    )
    return write_page(
        form_page,
        form,
        lambda values: commands.change_committee(actor, programme, row, form.facts(), values["version"]),
        message=_("Comité enregistré."),
        stored=row,
    )


@bp.route(f"{COMMITTEE_RULE}/close", methods=["GET", "POST"])
def close(slug: str, number: int) -> Response:
    programme, row = _get_programme_and_committee(slug, number)
    if request.method in SAFE_METHODS:
        commands.require_can_close_record(actor, programme, row)
    else:
        commands.require_programme_lead(actor, programme)
    form = make_form(CloseCommitteeRecordForm, obj=row)
    record_url = url_for(".record_page", slug=slug, number=number, language=_get_record_language())
    links = [(_("Relire le relevé"), record_url)]
    if not row.members.strip():
        links.append((_("Noter les membres"), url_for(".change", slug=slug, number=number)))
    question = ConfirmationQuestion(
        title=_("Arrêter le relevé du comité du %(day)s ?", day=format_day(row.held_on)),
        means=labels.list_close_consequences(row, record_queries.get_readable_record(actor, programme, row)),
        yes=_("Arrêter le relevé"),
        no=_("Ne pas l’arrêter"),
        step=_("Arrêter le relevé"),
        place=labels.title(row),
        back=url_for(".page", slug=slug, number=number),
        links=links,
    )
    return write(
        form,
        lambda values: commands.close_record(actor, programme, row, values["version"]),
        message=_("Relevé arrêté : ce qui se décide ensuite entre au suivant."),
        to=question.back,
        page=lambda status: ask_confirmation(question, form, status),
        stored=row,
    )
