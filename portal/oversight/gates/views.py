"""Pages: the gates of a project on any day, their progress over time, and one gate."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from flask import Blueprint, Response, url_for

from portal.collaboration.discussions.views import discussion_context
from portal.oversight.gates import (
    evidence_change_labels,
    evidence_value_labels,
    fact_queries,
    history_queries,
    labels,
    policy,
    progress_charts,
    queries,
    standing_labels,
)
from portal.oversight.gates.acceptor_queries import can_answer_gate, list_acceptor_names_by_gate
from portal.oversight.gates.evidence_value_queries import (
    ReferencedEvidenceValues,
    list_value_changes,
    merge_value_changes,
    read_evidence_values,
)
from portal.oversight.gates.models import ChangePlan, Panel, TeamKeyRoles
from portal.oversight.gates.navigation_views import (
    build_gates_trail,
    list_reference_links,
    read_requested_day_and_if_ignored,
    track_names,
)
from portal.oversight.gates.predicate_result_rules import PredicateResult
from portal.oversight.gates.progress_views import ExpectedGatePeriod, build_progress, read_expected_periods
from portal.oversight.gates.reference_queries import References, read_all_project_references
from portal.oversight.gates.remedy_views import (
    RemedyOwner,
    find_remedy_link,
    is_own_turn,
    list_remedy_owners_of_reader,
    whose_turn,
)
from portal.oversight.gates.state_rules import DatedDecision, GateSnapshot, Staleness
from portal.oversight.gates.turn_rules import list_immediate_staleness
from portal.platform.kernel import clock
from portal.platform.kernel.errors import NotFound
from portal.platform.kernel.text import gettext as _
from portal.platform.kernel.unchanged_answers import cache_until_change
from portal.platform.web.actor import current_actor as actor
from portal.platform.web.actor import reader_time_zone
from portal.platform.web.base_form import Form
from portal.platform.web.form_page import FormPageLink
from portal.platform.web.rendering import render
from portal.project.projects.labels import join_lead_names
from portal.project.projects.models import Project
from portal.project.projects.progress_labels import ProjectProgress
from portal.project.projects.queries import get_project, list_team
from portal.project.projects.to_decide_queries import find_next_waiting_line
from portal.project.projects.to_decide_rules import WaitingLine

bp = Blueprint("gates", __name__, url_prefix="/projects/<slug>/gates")
GATE_PATH = "/<int(max=23):gate>"


@dataclass(frozen=True)
class GatesPageRights:
    """What the page of all gates offers to its reader."""

    owners: frozenset[RemedyOwner]
    can_engage: bool
    can_plan: bool
    can_hold_panel: bool
    can_ask: bool


@dataclass(frozen=True, eq=False)
class GatesPage:
    """All gates of a project now or on a past day, for one kind of reader. Compared by identity,
    which is the cache key of its drawn part."""

    project: Project
    reader: GatesPageRights
    past_day: date | None
    is_known: bool  # whether anything was judged or decided by then
    states: Sequence[GateSnapshot]
    decisions: Sequence[DatedDecision]  # of all gates, the latest first
    next_state: GateSnapshot | None
    strip: ProjectProgress
    panels: Sequence[Panel]
    plan: ChangePlan | None
    engagement: TeamKeyRoles | None
    acceptors: Mapping[int, Sequence[str]]
    expected: Mapping[int, ExpectedGatePeriod]
    references: References
    next_values: ReferencedEvidenceValues  # of the proofs of `next_state`
    tracks: Mapping[str, str]
    askers: str  # who may ask for a gate, in words

    def describe_next_step(self, state: GateSnapshot) -> str:
        return standing_labels.describe_next_step(state, self.askers)

    def find_remedy(self, result: PredicateResult, gate: int) -> tuple[str, str] | None:
        return find_remedy_link(self.project, result, self.reader.owners, gate)

    def find_value(self, result: PredicateResult) -> str:
        """What proves a result of the next gate."""
        return evidence_value_labels.describe_proof(result, self.next_values)

    def whose_turn(self, result: PredicateResult) -> str:
        return whose_turn(result, self.reader.owners)

    def list_references(self, result: PredicateResult | Staleness) -> Sequence[FormPageLink]:
        return list_reference_links(self.project, result, self.references)


@bp.get("")
def index(slug: str) -> Response:
    """Show all gates; with `on`, as they stood at the end of that day."""
    project = get_project(actor, slug)
    zone = reader_time_zone()
    past_day, is_ignored = read_requested_day_and_if_ignored(project, zone)
    return render(
        "oversight/gates/index.html",
        fragment="gates",
        project=project,
        facts=_read_cached_gates_page(project, past_day),
        ignored=is_ignored,
        today=clock.today(zone),
        labels=labels,
    )


def _read_cached_gates_page(project: Project, past_day: date | None = None) -> GatesPage:
    """The gates as the actor sees them, read once until something changes."""
    reader = GatesPageRights(
        list_remedy_owners_of_reader(project),
        policy.can_note_key_roles(actor, project),
        policy.can_write_change_plan(actor, project),
        policy.can_record_panel(actor, project) and not policy.are_gates_frozen(project),
        policy.can_declare(actor, project),
    )
    key = GatesPage, project.id, past_day, reader_time_zone(), reader
    return cache_until_change(actor, key, lambda: _read_gates_page(project, past_day, reader))


def _read_gates_page(project: Project, past_day: date | None, reader: GatesPageRights) -> GatesPage:
    until = clock.end_of_day(past_day, reader_time_zone()) if past_day else None
    history = queries.read_histories_until([project], until)[project.id]
    states = queries.derive_states(project, history, until)
    is_over = past_day is not None or policy.are_gates_frozen(project)
    next_state = None if is_over else history_queries.find_next_gate(states)
    next_evaluation = next_state.evaluation if next_state else None
    return GatesPage(
        project=project,
        reader=reader,
        past_day=past_day,
        is_known=past_day is None or bool(history.evaluations or history.decisions),
        states=states,
        decisions=history.decisions[::-1],
        next_state=next_state,
        strip=build_progress(project, states),
        panels=fact_queries.list_panels(project),
        plan=fact_queries.find_change_plan(project),
        engagement=fact_queries.find_key_roles(project),
        acceptors={} if is_over else _read_acceptor_names(project),
        expected=_read_periods_of_open_gates(project, states, until),
        references={} if past_day else read_all_project_references(project),
        next_values=read_evidence_values(project, next_evaluation.results if next_evaluation else ()),
        tracks=track_names(project),
        askers=""
        if is_over
        else standing_labels.name_askers(join_lead_names(list_team(project)), is_reader=reader.can_ask),
    )


def _read_periods_of_open_gates(
    project: Project, states: Sequence[GateSnapshot], moment: datetime | None = None
) -> Mapping[int, ExpectedGatePeriod]:
    """The expected periods of open gates; where proofs lack, none on the day of the forecast itself."""
    day = clock.day_of(moment) if moment else clock.today()
    unproved = {state.definition.number for state in states if not state.is_proved}
    return {
        gate: replace(expected, period=_describe_wait_for_proofs(expected, day))
        if gate in unproved and expected.expected_on <= day
        else expected
        for gate, expected in read_expected_periods(project, moment).items()
    }


def _describe_wait_for_proofs(expected: ExpectedGatePeriod, day: date) -> str:
    if expected.due_on < day:
        return _("dès que ses preuves seront réunies, la date du plan est passée")
    return _("dès que ses preuves seront réunies")


@bp.get("/history")
def history(slug: str) -> Response:
    project = get_project(actor, slug)
    rows = history_queries.list_progress_over_time(project, queries.read_project_gate_history(project))
    return render(
        "oversight/gates/history.html",
        project=project,
        rows=rows,
        chart=progress_charts.draw_progress(rows),
        trail=build_gates_trail(project),
        labels=labels,
    )


@bp.get(GATE_PATH)
def page(slug: str, gate: int) -> Response:
    return show_gate(slug, gate)


def show_gate(slug: str, gate: int, status: int = 200, form: Form | None = None) -> Response:
    """Return the page of a gate; `form` is a refused form of one of its buttons."""
    project = get_project(actor, slug)
    facts = _read_cached_gates_page(project)
    state = next((each for each in facts.states if each.definition.number == gate), None)
    if state is None:
        raise NotFound
    discussion_id = queries.find_discussion_id(project, gate)
    decided = [decision for decision in facts.decisions if decision.gate == gate]
    earlier = [result for each in decided if each.evaluation for result in each.evaluation.results]
    values = read_evidence_values(project, state.evaluation.results if state.evaluation else (), earlier)
    value_changes = list_value_changes(project, values, min((each.at for each in decided), default=None))
    stale_since = cache_until_change(
        actor, ("stale since", project.id, gate), lambda: history_queries.find_stale_since(project, state)
    )
    answers = can_answer_gate(actor, project, state.definition)
    return render(
        "oversight/gates/page.html",
        fragment="discussion",
        status=status,
        project=project,
        facts=facts,
        state=state,
        form=form,
        remaining=list_immediate_staleness(state.definition, state.evaluation, clock.today()),
        waits=standing_labels.describe_remaining_turns(state),
        stale_since=stale_since,
        describe_changed_values=lambda staleness: evidence_change_labels.describe_changed_values(
            merge_value_changes(value_changes, state.answer.at) if state.answer else (), staleness.references
        ),
        older_runs=evidence_value_labels.describe_runs_older_than_change(state, values, stale_since),
        find_value=lambda result: evidence_value_labels.describe_proof(result, values),
        find_warning=lambda result: evidence_value_labels.warn_of_newer_failures(result, values),
        since_decision=lambda decision: evidence_change_labels.describe_changes_since_decision(
            state,
            decision.evaluation,
            facts.references,
            merge_value_changes(value_changes, decision.at),
        ),
        trail=build_gates_trail(project),
        has_discussion=discussion_id is not None,
        labels=labels,
        first_remedy=_find_first_remedy(facts, state),
        next_line=_find_next_waiting_line(project, state) if answers else None,
        **_button_permissions(project, state, answers=answers),
        **(discussion_context(discussion_id) if discussion_id else {}),
    )


def _find_first_remedy(facts: GatesPage, state: GateSnapshot) -> tuple[str, str] | None:
    """Label and URL of the remedy of the first missing proof whose turn is the reader's own."""
    missing = state.evaluation.missing if state.evaluation else ()
    own = (result for result in missing if is_own_turn(result, facts.reader.owners))
    return next(filter(None, (facts.find_remedy(each, state.definition.number) for each in own)), None)


def _find_next_waiting_line(project: Project, state: GateSnapshot) -> WaitingLine | None:
    """What a reader who accepts the gate decides next, once it waits for them no more."""
    if state.is_requested:
        return None
    path = url_for("gates.page", slug=project.slug, gate=state.definition.number)
    return find_next_waiting_line(actor, path)


def _read_acceptor_names(project: Project) -> Mapping[int, Sequence[str]]:
    """The names of who may accept each gate now."""
    return list_acceptor_names_by_gate([project])[project.id]


def _button_permissions(project: Project, state: GateSnapshot, *, answers: bool) -> Mapping[str, bool]:
    """Which buttons the reader sees, who `answers` at the gate or not."""
    waived = state.waiver is not None
    declares = policy.can_declare(actor, project) and not waived
    answers = answers and not waived
    waives = policy.can_waive(actor, project) and not policy.are_gates_frozen(project)
    is_declared, waits = state.declared is not None, standing_labels.describe_remaining_turns(state)
    return {
        "can_declare": declares and not (is_declared and (state.is_requested or state.is_accepted)),
        "can_withdraw": declares and is_declared and state.is_requested,
        "can_accept": answers and state.is_proved and not state.is_accepted and not waits,
        "can_refuse": answers and (is_declared or state.was_accepted),
        "can_waive": waives and not waived,
        "can_restore": waives and waived,
    }
