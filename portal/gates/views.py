"""A project's gates on any day, its three numbers over time, and the page of one gate."""

from collections.abc import Mapping
from datetime import date

from flask import Blueprint, Response, request

from portal.discussions.views import beside
from portal.gates import expected, figures, policy, queries, words
from portal.gates.chapter import progress_of
from portal.gates.remedies import find_url
from portal.gates.standing import State
from portal.gates.workplace import looked_at, tracks_of, trail_of, whose
from portal.kernel import clock
from portal.projects.models import Project
from portal.projects.policy import can_lead_programme
from portal.projects.queries import get_project
from portal.web.actor import current_actor as actor
from portal.web.actor import find_reader
from portal.web.forms import Form
from portal.web.render import render

bp = Blueprint("gates", __name__, url_prefix="/projects/<slug>/gates")
ONE = "/<int(max=11):gate>"


@bp.get("")
def index(slug: str) -> Response:
    """All gates; with `on`, as they stood at the end of that day."""
    project = get_project(actor, slug)
    on = _asked_day(project)
    until = clock.end_of(on, _zone()) if on else None
    history = queries.read_histories([project], until)[project.id]
    states = queries.states_of(project, history, until)
    return render(
        "gates/index.html",
        fragment="gates",
        project=project,
        states=states,
        strip=progress_of(project, states),
        on=on,
        ignored=on is None and request.args.get("on", "") not in {"", str(clock.today(_zone()))},
        next=None if on or policy.is_frozen(project) else figures.find_next(states),
        find_url=lambda result: find_url(project, result, whose(project)),
        looked_at=lambda result: looked_at(project, result),
        panels=queries.list_panels(project),
        engagement=queries.find_engagement(project),
        can_engage=policy.can_engage(actor, project),
        can_plan=policy.can_plan_change(actor, project),
        can_hold=policy.can_hold_panel(actor, project) and not policy.is_frozen(project),
        tracks=tracks_of(project),
        expected=expected.tell(project, until),
        today=clock.today(_zone()),
        words=words,
    )


def _zone() -> str:
    reader = find_reader()
    return reader.time_zone if reader else clock.DEFAULT_ZONE


def _asked_day(project: Project) -> date | None:
    """A day in the life of the project; anything else asks for today."""
    try:
        asked = date.fromisoformat(request.args.get("on", ""))
    except ValueError:
        return None
    return asked if project.starts_on <= asked < clock.today(_zone()) else None


@bp.get("/history")
def history(slug: str) -> Response:
    project = get_project(actor, slug)
    return render(
        "gates/history.html",
        project=project,
        rows=figures.over_time(project, queries.read_whole_history(project)),
        trail=trail_of(project),
        words=words,
    )


@bp.get(ONE)
def page(slug: str, gate: int) -> Response:
    return show_gate(slug, gate)


def show_gate(slug: str, gate: int, status: int = 200, form: Form | None = None) -> Response:
    """The page of a gate; `form` is a verb of the page that was refused."""
    project = get_project(actor, slug)
    states = queries.read_states(project)
    state = states[gate]
    talk = queries.find_talk(project, gate)
    answers = queries.can_answer(actor, project, state.definition)
    return render(
        "gates/page.html",
        fragment="discussion",
        status=status,
        project=project,
        state=state,
        strip=progress_of(project, states),
        current=gate,
        form=form,
        decisions=queries.list_decisions(project, gate),
        stale_since=figures.stale_since(project, state),
        find_url=lambda result: find_url(project, result, whose(project)),
        looked_at=lambda result: looked_at(project, result),
        trail=trail_of(project),
        tracks=tracks_of(project),
        expected=expected.tell(project).get(gate),
        words=words,
        talk=talk,
        **_verbs(project, state, answers=answers),
        **(beside(talk) if talk else {}),
    )


def _verbs(project: Project, state: State, *, answers: bool) -> Mapping[str, bool]:
    """What the reader may do with it now."""
    living = not policy.is_frozen(project)
    waived = state.waiver is not None
    declares = policy.can_declare(actor, project) and not waived
    asked = state.declared is not None
    return {
        "can_declare": declares and not (asked and (state.is_asked or state.is_accepted)),
        "can_withdraw": declares and asked and state.is_asked,
        "can_accept": answers and not waived and state.is_proved and not state.is_accepted,
        "can_refuse": answers and not waived and (asked or state.was_accepted),
        "can_waive": living and policy.can_waive(actor, project) and not waived,
        "can_restore": living and policy.can_waive(actor, project) and waived,
        "leads": can_lead_programme(actor, project),
    }
