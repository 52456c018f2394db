"""The page on which a coach prepares a session with a team."""

from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any

from flask import Blueprint, Response, url_for

from portal.coaching.clinics.queries import list_open_requests
from portal.coaching.coach_notes.queries import read_notes_page
from portal.coaching.recommendations import labels as recommendation_labels
from portal.coaching.recommendations.policy import can_confirm
from portal.coaching.recommendations.to_decide_labels import describe_proof
from portal.coaching.sessions.queries import can_log_session_today
from portal.oversight.decisions.labels import due_label
from portal.oversight.gates import labels as gate_labels
from portal.oversight.gates.evidence_value_labels import describe_runs_older_than_change
from portal.oversight.gates.evidence_value_queries import read_evidence_values
from portal.oversight.gates.history_queries import find_next_gate, find_stale_since
from portal.oversight.gates.navigation_views import list_reference_links
from portal.oversight.gates.queries import read_states
from portal.oversight.gates.reference_queries import read_all_project_references
from portal.oversight.gates.remedy_views import (
    find_remedy_link,
    list_remedy_owners_of_reader,
    whose_turn,
)
from portal.oversight.gates.state_rules import GateSnapshot
from portal.oversight.health import labels as health_labels
from portal.oversight.health import remedy_labels
from portal.oversight.health.navigation_views import signal_remedy_url
from portal.oversight.health.queries import read_state
from portal.oversight.portfolio.owed_queries import read_waiting_lines_of_team
from portal.oversight.session_preparation import labels, queries
from portal.oversight.session_preparation.change_queries import list_changes
from portal.oversight.to_decide.content_views import ShownWaitingLine, build_shown_lines
from portal.oversight.to_decide.selection_rules import TurnHolder, filter_by_turn_holder, sort_lines
from portal.platform.kernel.text import gettext as _
from portal.platform.web.actor import current_actor as actor
from portal.platform.web.fragment_cache import cache_page_facts
from portal.platform.web.rendering import render
from portal.project.projects.models import Project
from portal.project.projects.policy import rights_key
from portal.project.projects.queries import get_project
from portal.project.projects.work_commands import require_advisor

bp = Blueprint("session_preparation", __name__, url_prefix="/projects/<slug>/coaching/prepare")
CHANGES_SHOWN = 8


@bp.get("")
def page(slug: str) -> Response:
    project = get_project(actor, slug)
    require_advisor(actor, project)
    key = "preparation", project.id, actor.person_id, rights_key(actor, project)
    return render(
        "oversight/session_preparation/page.html",
        project=project,
        facts=cache_page_facts(actor, key, lambda: _read_page_facts(project)),
        trail=[
            (project.short_name, url_for("projects.page", slug=slug)),
            (_("Séances"), url_for("coaching.index", slug=slug)),
        ],
    )


def _read_page_facts(project: Project) -> Mapping[str, Any]:
    """What the page shows: drawn once, until something happens."""
    last = queries.read_last_session(actor, project)
    changes = list_changes(project, last.since)
    advice = queries.list_open_and_recent_advice(actor, project, last.since)
    awaited = queries.list_awaited_decisions(actor, project)
    notes = read_notes_page(actor, project)
    owners, references = list_remedy_owners_of_reader(project), read_all_project_references(project)
    gate = find_next_gate(read_states(project))
    waiting = _list_waiting_lines(project)
    waiting_ids = {shown.line.id for shown in waiting}
    return {
        "lead": labels.intro_sentence(last),
        "project": project,
        "last": last,
        "state": read_state(project),
        "changes": changes[:CHANGES_SHOWN],
        "earlier_changes": changes[CHANGES_SHOWN:],
        "advice": advice,
        "to_confirm": {row.id for row in advice if can_confirm(actor, project, row)},
        "waiting": waiting,
        "waiting_ids": waiting_ids,
        "awaited": [row for row in awaited if row.id not in waiting_ids],
        "requests": [
            each
            for each in list_open_requests(actor)
            if each.project.id == project.id and each.sprint.id not in waiting_ids
        ],
        "note": notes.rows[0] if notes.rows else None,
        "notes_count": notes.count,
        "gate": gate,
        "older_runs": _describe_runs_older_than_staleness(project, gate),
        "references": references,
        "list_concerned": lambda result: list_reference_links(project, result, references),
        "find_remedy": lambda result: find_remedy_link(project, result, owners),
        "whose_turn": lambda result: whose_turn(result, owners),
        "can_log": can_log_session_today(actor, project),
        "due": due_label,
        "describe_proof": describe_proof,
        "url_of": partial(signal_remedy_url, project.slug),
        "acts_path": url_for("to_decide.index"),
        "page_path": url_for(".page", slug=project.slug),
        "labels": labels,
        "gate_labels": gate_labels,
        "health_labels": health_labels,
        "remedy_labels": remedy_labels,
        "recommendation_labels": recommendation_labels,
    }


def _list_waiting_lines(project: Project) -> Sequence[ShownWaitingLine]:
    """What waits for the reader in the team, as the page of what is to decide shows it."""
    lines = read_waiting_lines_of_team(actor, project.id)
    return build_shown_lines(actor, sort_lines(filter_by_turn_holder(lines, TurnHolder.ALL)), {})


def _describe_runs_older_than_staleness(project: Project, gate: GateSnapshot | None) -> str:
    """Which runs that prove a gate are older than what made it stale."""
    if gate is None or gate.evaluation is None or not gate.stale:
        return ""
    values = read_evidence_values(project, gate.evaluation.results)
    return describe_runs_older_than_change(gate, values, find_stale_since(project, gate))
