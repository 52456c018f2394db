"""The list of a project's sheets; a sheet, its history; gaps of all last sheets."""

from collections.abc import Mapping
from typing import Any

from flask import Blueprint, Response, url_for

from portal.collaboration.discussions.views import discussion_context
from portal.ethics.questionnaires.completion_rules import (
    compute_progress,
    list_improvable_items,
    list_unanswered_required_items,
)
from portal.ethics.questionnaires.need_views import read_next_gate_needs
from portal.ethics.questionnaires.score_rules import compute_score
from portal.ethics.questionnaires.visibility_rules import list_visible_items
from portal.ethics.readiness_sheets import labels, policy, queries
from portal.ethics.readiness_sheets.definition_documents import (
    SHEET_KINDS,
    get_latest_definition,
    is_about_prototype_version,
)
from portal.platform.kernel.unchanged_answers import cache_until_change
from portal.platform.web.actor import current_actor as actor
from portal.platform.web.form_page import requested_page_number
from portal.platform.web.fragment_cache import cache_page_facts
from portal.platform.web.rendering import render
from portal.project.projects.models import Project
from portal.project.projects.queries import get_project
from portal.project.projects.workspace_views import attachments_context

bp = Blueprint("sheets", __name__, url_prefix="/projects/<slug>/file/sheets")
SHEET_PATH = "/<int(max=9999):number>"


@bp.get("")
def index(slug: str) -> Response:
    project = get_project(actor, slug)
    number = requested_page_number()
    current, earlier, context = cache_until_change(
        actor, ("sheets", project.id, number), lambda: queries.read_sheets_overview(actor, project, number)
    )
    needs = read_next_gate_needs(project)
    offered = [kind for kind in SHEET_KINDS if kind in needs.sheets or _is_under_way(current.get(kind))]
    return render(
        "ethics/readiness_sheets/index.html",
        fragment="sheets",
        project=project,
        needs=needs,
        offered=[(get_latest_definition(kind), current.get(kind)) for kind in offered],
        others=[
            (get_latest_definition(kind), current.get(kind)) for kind in SHEET_KINDS if kind not in offered
        ],
        earlier=earlier,
        get_definition=queries.get_definition,
        sheet_context=context,
        can_begin=policy.can_begin(actor, project),
        page_url=lambda number: url_for(".index", slug=slug, page=number),
        compute_score=compute_score,
        labels=labels,
    )


def _is_under_way(filled: queries.SheetWithSections | None) -> bool:
    return filled is not None and filled.sheet.completed_on is None


@bp.get(SHEET_PATH)
def page(slug: str, number: int) -> Response:
    project = get_project(actor, slug)
    filled = queries.read_sheet(actor, project, number)
    definition, answers = filled.definition, filled.answers
    return render(
        "ethics/readiness_sheets/page.html",
        fragment="discussion",
        project=project,
        sheet=filled.sheet,
        filled=filled,
        definition=definition,
        answers=answers,
        sections=[
            (
                section,
                compute_progress(definition, answers, section),
                list_visible_items(definition, section, answers),
            )
            for section in definition.sections
        ],
        missing=list_unanswered_required_items(definition, answers),
        gaps=list_improvable_items(definition, answers),
        scored=compute_score(definition, answers),
        sheet_context=queries.read_sheet_names_and_versions([filled.sheet]),
        newer_sources=queries.list_sources_since_completion(actor, project, filled.sheet),
        is_about_a_version=is_about_prototype_version(definition),
        can_fill=policy.can_fill(actor, project, filled.sheet),
        **attachments_context(project, filled.sheet),
        can_begin=policy.can_begin(actor, project),
        labels=labels,
        **discussion_context(filled.sheet.discussion_id),
    )


@bp.get("/gaps")
def list_gaps(slug: str) -> Response:
    """What is incomplete in the last sheet of each kind."""
    project = get_project(actor, slug)
    facts = cache_page_facts(
        actor, ("gaps of sheets", project.id, actor.person_id), lambda: _read_gaps_context(project)
    )
    return render("ethics/readiness_sheets/gaps.html", project=project, facts=facts)


def _read_gaps_context(project: Project) -> Mapping[str, Any]:
    current = queries.read_last_sheet_by_kind(actor, project)
    begun = [current[kind] for kind in SHEET_KINDS if kind in current]
    lacks = [
        (
            filled,
            list_improvable_items(filled.definition, filled.answers),
            list_unanswered_required_items(filled.definition, filled.answers),
        )
        for filled in begun
    ]
    return {
        "project": project,
        "begun": sorted(lacks, key=lambda entry: (not entry[2], not entry[1])),  # what is wrong first
        "newer_sources": {
            filled.sheet.kind: queries.list_sources_since_completion(actor, project, filled.sheet)
            for filled in begun
        },
        "absent": [get_latest_definition(kind) for kind in SHEET_KINDS if kind not in current],
        "sheet_context": queries.read_sheet_names_and_versions([filled.sheet for filled in begun]),
        "compute_score": compute_score,
        "labels": labels,
    }


@bp.get(f"{SHEET_PATH}/history")
def history(slug: str, number: int) -> Response:
    project = get_project(actor, slug)
    sheet = queries.get_sheet(actor, project, number)
    return render(
        "ethics/readiness_sheets/history.html",
        fragment="history",
        project=project,
        sheet=sheet,
        definition=queries.get_definition(sheet),
        revisions=queries.read_history_page(sheet, requested_page_number()),
        page_url=lambda page_number: url_for(".history", slug=slug, number=number, page=page_number),
        labels=labels,
    )
