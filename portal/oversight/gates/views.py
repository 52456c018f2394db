"""A project's gates on any day, its three numbers over time, and the page of one gate."""

from collections.abc import Mapping
from datetime import date

from flask import Blueprint, Response, request

from portal.collaboration.discussions.views import discussion_context
from portal.oversight.gates import (
    expected_period_views,
    fact_queries,
    history_queries,
    labels,
    policy,
    queries,
)
from portal.oversight.gates.acceptor_queries import can_answer
from portal.oversight.gates.navigation_views import (
    list_owners,
    reference_links,
    track_names,
    trail_of,
)
from portal.oversight.gates.progress_views import build_progress
from portal.oversight.gates.remedy_views import find_url
from portal.oversight.gates.state_rules import GateState
from portal.platform.kernel import clock
from portal.platform.web.actor import current_actor as actor
from portal.platform.web.actor import find_reader
from portal.platform.web.base_form import Form
from portal.platform.web.rendering import render
from portal.project.projects.models import Project
from portal.project.projects.policy import can_lead_programme
from portal.project.projects.queries import get_project

bp = Blueprint("gates", __name__, url_prefix="/projects/<slug>/gates")
GATE_PATH = "/<int(max=11):gate>"


@bp.get("")
def index(slug: str) -> Response:
    """All gates; with `on`, as they stood at the end of that day."""
    project = get_project(actor, slug)
    on = _requested_day(project)
    until = clock.end_of_day(on, _zone()) if on else None
    history = queries.read_histories([project], until)[project.id]
    states = queries.derive_states(project, history, until)
    return render(
        "oversight/gates/index.html",
        fragment="gates",
        project=project,
        states=states,
        strip=build_progress(project, states),
        on=on,
        ignored=on is None and request.args.get("on", "") not in {"", str(clock.today(_zone()))},
        next=None if on or policy.is_frozen(project) else history_queries.find_next(states),
        find_url=lambda result: find_url(project, result, list_owners(project)),
        looked_at=lambda result: reference_links(project, result),
        panels=fact_queries.list_panels(project),
        engagement=fact_queries.find_engagement(project),
        can_engage=policy.can_engage(actor, project),
        can_plan=policy.can_plan_change(actor, project),
        can_hold=policy.can_hold_panel(actor, project) and not policy.is_frozen(project),
        tracks=track_names(project),
        expected=expected_period_views.read_expected_periods(project, until),
        today=clock.today(_zone()),
        words=labels,
    )


def _zone() -> str:
    reader = find_reader()
    return reader.time_zone if reader else clock.DEFAULT_ZONE


def _requested_day(project: Project) -> date | None:
    """A day in the life of the project; anything else asks for today."""
    try:
        day = date.fromisoformat(request.args.get("on", ""))
    except ValueError:
        return None
    return day if project.starts_on <= day < clock.today(_zone()) else None


@bp.get("/history")
def history(slug: str) -> Response:
    project = get_project(actor, slug)
    return render(
        "oversight/gates/history.html",
        project=project,
        rows=history_queries.list_progress_over_time(project, queries.read_whole_history(project)),
        trail=trail_of(project),
        words=labels,
    )


@bp.get(GATE_PATH)
def page(slug: str, gate: int) -> Response:
    return show_gate(slug, gate)


def show_gate(slug: str, gate: int, status: int = 200, form: Form | None = None) -> Response:
    """The page of a gate; `form` is a verb of the page that was refused."""
    project = get_project(actor, slug)
    history = queries.read_histories([project])[project.id]
    states = queries.derive_states(project, history)
    state = states[gate]
    talk = queries.find_discussion(project, gate)
    answers = can_answer(actor, project, state.definition)
    return render(
        "oversight/gates/page.html",
        fragment="discussion",
        status=status,
        project=project,
        state=state,
        strip=build_progress(project, states),
        current=gate,
        form=form,
        decisions=[decision for decision in history.decisions[::-1] if decision.gate == gate],
        stale_since=history_queries.find_stale_since(project, state),
        find_url=lambda result: find_url(project, result, list_owners(project)),
        looked_at=lambda result: reference_links(project, result),
        trail=trail_of(project),
        tracks=track_names(project),
        expected=expected_period_views.read_expected_periods(project).get(gate),
        words=labels,
        talk=talk,
        **_permissions(project, state, answers=answers),
        **(discussion_context(talk) if talk else {}),
    )


def _permissions(project: Project, state: GateState, *, answers: bool) -> Mapping[str, bool]:
    """What the reader may do with it now."""
    living = not policy.is_frozen(project)
    waived = state.waiver is not None
    declares = policy.can_declare(actor, project) and not waived
    is_declared = state.declared is not None
    return {
        "can_declare": declares and not (is_declared and (state.is_requested or state.is_accepted)),
        "can_withdraw": declares and is_declared and state.is_requested,
        "can_accept": answers and not waived and state.is_proved and not state.is_accepted,
        "can_refuse": answers and not waived and (is_declared or state.was_accepted),
        "can_waive": living and policy.can_waive(actor, project) and not waived,
        "can_restore": living and policy.can_waive(actor, project) and waived,
        "leads": can_lead_programme(actor, project),
    }
