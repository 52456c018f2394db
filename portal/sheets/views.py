"""The sheets of a project: their list, one of them to read, what falls short, what was changed."""

from flask import Blueprint, Response, url_for

from portal.discussions.views import beside
from portal.projects.queries import get_project
from portal.projects.workplace import files_of
from portal.questionnaires.answers import asked_in, gaps, missing, progress
from portal.questionnaires.scoring import score
from portal.sheets import policy, queries, words
from portal.sheets.library import KINDS, is_about_a_version, latest_of
from portal.web.actor import current_actor as actor
from portal.web.formpage import asked_page
from portal.web.render import render

bp = Blueprint("sheets", __name__, url_prefix="/projects/<slug>/file/sheets")
ONE = "/<int(max=9999):number>"


@bp.get("")
def index(slug: str) -> Response:
    project = get_project(actor, slug)
    current = queries.list_current(actor, project)
    earlier = queries.read_earlier(actor, project, asked_page())
    sheets = [filled.sheet for filled in current.values()]
    return render(
        "sheets/index.html",
        fragment="sheets",
        project=project,
        rows=[(latest_of(kind), current.get(kind)) for kind in KINDS],
        earlier=earlier,
        around=queries.read_around([*sheets, *earlier.rows]),
        can_begin=policy.can_begin(actor, project),
        page_url=lambda number: url_for(".index", slug=slug, page=number),
        score=score,
        words=words,
    )


@bp.get(ONE)
def page(slug: str, number: int) -> Response:
    project = get_project(actor, slug)
    filled = queries.read_sheet(actor, project, number)
    definition, answers = filled.definition, filled.answers
    return render(
        "sheets/page.html",
        fragment="discussion",
        project=project,
        sheet=filled.sheet,
        filled=filled,
        definition=definition,
        answers=answers,
        sections=[
            (
                section,
                progress(definition, answers, section),
                asked_in(definition, section, answers),
            )
            for section in definition.sections
        ],
        missing=missing(definition, answers),
        gaps=gaps(definition, answers),
        scored=score(definition, answers),
        around=queries.read_around([filled.sheet]),
        is_about_a_version=is_about_a_version(definition),
        can_fill=policy.can_fill(actor, project, filled.sheet),
        **files_of(project, filled.sheet),
        can_begin=policy.can_begin(actor, project),
        words=words,
        **beside(filled.sheet.discussion_id),
    )


@bp.get("/gaps")
def list_gaps(slug: str) -> Response:
    """All that falls short in the last sheets, for whoever takes the prototype over."""
    project = get_project(actor, slug)
    current = queries.list_current(actor, project)
    begun = [current[kind] for kind in KINDS if kind in current]
    return render(
        "sheets/gaps.html",
        project=project,
        begun=[
            (one, gaps(one.definition, one.answers), missing(one.definition, one.answers))
            for one in begun
        ],
        absent=[latest_of(kind) for kind in KINDS if kind not in current],
        around=queries.read_around([one.sheet for one in begun]),
        score=score,
        words=words,
    )


@bp.get(f"{ONE}/history")
def history(slug: str, number: int) -> Response:
    project = get_project(actor, slug)
    sheet = queries.get_sheet(actor, project, number)
    return render(
        "sheets/history.html",
        fragment="history",
        project=project,
        sheet=sheet,
        found=queries.read_history(sheet, asked_page()),
        page_url=lambda asked: url_for(".history", slug=slug, number=number, page=asked),
        words=words,
    )
