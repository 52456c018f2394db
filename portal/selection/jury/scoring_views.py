"""A juror's pages: their applications, a sheet, its booklet, a score changed after opening."""

from io import BytesIO
from itertools import groupby
from types import SimpleNamespace
from typing import Any

from flask import Blueprint, Response, send_file, url_for

from portal.people.accounts.queries import get_own_person
from portal.platform.kernel.errors import NotFound
from portal.platform.kernel.text import gettext as _
from portal.platform.pdf.printer import MEDIA_TYPE, DocumentKind, print_pdf
from portal.platform.web.actor import current_actor as actor
from portal.platform.web.form_page import FormPage, make_form
from portal.platform.web.rendering import render
from portal.platform.web.writes import write, write_page
from portal.selection.applications import labels as application_labels
from portal.selection.applications.commands import application_path
from portal.selection.applications.models import Application
from portal.selection.applications.queries import LoadedApplication, get_readable_application
from portal.selection.applications.views import APPLICATION_RULE, trail_below_application
from portal.selection.calls import policy as calls
from portal.selection.calls.models import KEY_MAX
from portal.selection.calls.queries import get_programme_and_call, list_criteria
from portal.selection.calls.views import CALL_RULE
from portal.selection.jury import policy, queries, score_commands, sheet_labels
from portal.selection.jury.booklet_documents import build_booklet_content
from portal.selection.jury.forms import (
    ChangeOwnScoreForm,
    ScoreSheetForm,
    build_sheet_form_class,
    sheet_form_values,
)
from portal.selection.jury.score_commands import ScoreRevision
from portal.selection.jury.sheet_queries import list_own_sheets, read_sheet_entries
from portal.selection.jury.sheet_rules import ScoreSheetEntry

bp = Blueprint("scoring", __name__)
DONE_SHOWN = 8  # applications that ask nothing more; beyond, they are folded


@bp.get("/jury")
def index() -> Response:
    """All applications of a juror, by call: what to declare, what to score, what is sent."""
    if not calls.is_juror_somewhere(actor):
        raise NotFound
    groups, waiting = [], 0
    for _call_id, sheets in groupby(list_own_sheets(actor), key=lambda each: each.loaded.call.id):
        standings = [(own.loaded, sheet_labels.own_sheet_standing(own)) for own in sheets]
        owed = [pair for pair in standings if policy.is_awaited_of_juror(pair[0])]
        waiting += len(owed)
        rest = [pair for pair in standings if pair not in owed]
        is_folded, first = bool(owed) or len(rest) > DONE_SHOWN, standings[0][0]
        shown, folded = [*owed, *([] if is_folded else rest)], rest if is_folded else []
        groups.append((first.programme, first.call, shown, folded))
    return render(
        "selection/jury/own.html",
        groups=groups,
        path_of=application_path,
        policy=policy,
        waiting=waiting,
    )


@bp.route(f"{APPLICATION_RULE}/sheet", methods=["GET", "POST"])
def sheet(slug: str, call: int, number: int) -> Response:
    """Write one's sheet; a POST keeps it as a draft."""
    loaded = _get_judged_application(slug, call, number)
    form, stored = _make_sheet_form_with_stored(loaded)
    return write(
        form,
        lambda values: score_commands.save_sheet(actor, loaded, form.entries(), values["version"]),
        message=_("Brouillon gardé."),
        to=url_for(".sheet", slug=slug, call=call, number=number),
        page=lambda status: _render_sheet(loaded, form, status),
        stored=stored,
    )


@bp.post(f"{APPLICATION_RULE}/sheet/send")
def send(slug: str, call: int, number: int) -> Response:
    """Send and lock one's sheet."""
    loaded = _get_judged_application(slug, call, number)
    form, stored = _make_sheet_form_with_stored(loaded)
    return write(
        form,
        lambda values: score_commands.send_sheet(actor, loaded, form.entries(), values["version"]),
        message=lambda is_opened: (
            _("Notes envoyées ; toutes sont là, elles sont ouvertes.") if is_opened else _("Notes envoyées.")
        ),
        to=application_path(loaded),
        page=lambda status: _render_sheet(loaded, form, status),
        stored=stored,
    )


def _get_judged_application(slug: str, call: int, number: int) -> LoadedApplication:
    """An application that the actor judges. Raises `NotFound`."""
    loaded = get_readable_application(actor, slug, call, number)
    if not loaded.rights.is_judge:
        raise NotFound
    return loaded


def _make_sheet_form_with_stored(loaded: LoadedApplication) -> tuple[ScoreSheetForm, SimpleNamespace]:
    assert loaded.assignment is not None  # noqa: S101  for the type checker
    entries = dict(read_sheet_entries(loaded.assignment))
    stored = SimpleNamespace(**sheet_form_values(entries), version=loaded.assignment.version)
    return make_form(build_sheet_form_class(list_criteria(loaded.call)), obj=stored), stored


def _render_sheet(loaded: LoadedApplication, form: ScoreSheetForm, status: int) -> Response:
    return render(
        "selection/jury/sheet.html",
        status=status,
        loaded=loaded,
        application=loaded.application,
        call=loaded.call,
        place=_url_arguments(loaded),
        criteria=list_criteria(loaded.call),
        answers=application_labels.list_answers(loaded.application),
        closed_because=None if policy.can_score(loaded) else sheet_labels.describe_closed_sheet(loaded),
        trail=trail_below_application(loaded),
        form=form,
        value_prefix=score_commands.VALUE,
        why_prefix=score_commands.WHY,
    )


def _url_arguments(loaded: LoadedApplication) -> dict[str, Any]:
    application: Application = loaded.application
    return {"slug": loaded.programme.slug, "call": loaded.call.number, "number": application.number}


@bp.route(f"{APPLICATION_RULE}/scores/<string(maxlength={KEY_MAX}):key>", methods=["GET", "POST"])
def change_own_score(slug: str, call: int, number: int, key: str) -> Response:
    """Change one's own score after opening."""
    loaded = _get_judged_application(slug, call, number)
    opened = queries.get_own_opened_score(actor, loaded, key)
    assert loaded.assignment is not None  # noqa: S101  for the type checker
    number_text = None if opened.score.value is None else str(opened.score.value)
    stored = SimpleNamespace(
        value=number_text,
        justification=opened.score.justification,
        reason="",
        version=loaded.assignment.version,
    )
    form = make_form(ChangeOwnScoreForm, opened.criterion.levels, obj=stored)
    return write_page(
        FormPage(
            title=_("Changer votre note : %(name)s", name=opened.criterion.name),
            lead=loaded.application.title,
            trail=trail_below_application(loaded),
            step=_("Changer une note"),
            advice=(_("L’ancienne note et l’ancienne justification restent, avec votre motif."),),
        ),
        form,
        lambda values: score_commands.change_score(
            actor,
            loaded,
            ScoreRevision(
                key, ScoreSheetEntry(int(values["value"]), False, values["justification"]), values["reason"]
            ),
            values["version"],
        ),
        message=_("Note changée."),
        stored=stored,
    )


@bp.get(f"{CALL_RULE}/booklet.pdf")
def booklet(slug: str, call: int) -> Response:
    """All of a juror's applications of a call as one PDF, with the juror's name on each page."""
    programme, row = get_programme_and_call(actor, slug, call)
    readable = [loaded for loaded in queries.list_own_applications(actor, row) if loaded.rights.is_judge]
    if not readable:
        raise NotFound
    content = build_booklet_content(programme, row, list_criteria(row), readable, get_own_person(actor).name)
    pdf = print_pdf(DocumentKind.REPORT, content)
    name = f"{programme.slug}-appel-{row.number}-candidatures.pdf"
    return send_file(BytesIO(pdf), mimetype=MEDIA_TYPE, as_attachment=True, download_name=name)
