"""Gates on a project's page: the strip, what the next gate lacks and whose turn it is, the picture
of what is accepted against the plan."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from portal.app.home.plot import ProgressPlot, build_progress_plot
from portal.oversight.gates import labels, queries
from portal.oversight.gates.definition_queries import read_definitions_by_programme
from portal.oversight.gates.definition_rules import GateDefinition
from portal.oversight.gates.predicate_result_rules import PredicateResult
from portal.oversight.gates.predicate_rules import GateResult
from portal.oversight.gates.remedy_views import (
    RemedyOwner,
    find_remedy_link,
    is_own_turn,
    list_remedy_owners_of_reader,
    whose_turn,
)
from portal.oversight.gates.standing_labels import dated_refusal, describe_turn_once_proved, describe_turns
from portal.oversight.gates.state_rules import GateStanding
from portal.oversight.health.fact_rules import GateFacts
from portal.oversight.health.state_rules import HealthSnapshot
from portal.platform.kernel.text import gettext as _
from portal.platform.web.urls import path_to
from portal.project.projects.models import Project
from portal.project.projects.progress_labels import ProgressGate

START_GATES = (0, 1)  # of the guided start
REFUSAL_ANCHOR = "refused"  # of the reason on the page of a gate
_AHEAD = ("open", "proved", "refused")


@dataclass(frozen=True)
class MissingProof:
    """A demand of a gate that is not met, whose turn it is, and where one meets it."""

    predicate: str
    text: str
    whose: str
    is_own: bool
    url: str
    label: str


@dataclass(frozen=True)
class NextGate:
    """The gate to work on."""

    number: int
    title: str
    url: str
    met: str
    is_proved: bool
    is_asked: bool
    missing: Sequence[MissingProof]
    refusal: str = ""  # when and why, "" unless it is refused
    waits: str = ""  # whose turn comes before a stale one can be accepted again


@dataclass(frozen=True)
class RefusedGate:
    """A gate that was refused, and why; `is_proved`: no proof is missing, and `url` leads to why."""

    number: int
    url: str
    why: str
    is_proved: bool = False


@dataclass(frozen=True)
class RequestedGate:
    """A gate that its team asked for while proofs are missing."""

    number: int
    url: str
    missing: Sequence[MissingProof]


@dataclass(frozen=True)
class GatePanel:
    """What a project's page shows of its gates; shares are in per cent."""

    cells: Sequence[ProgressGate]
    accepted: int
    planned: int
    peak: int  # the highest share that was ever accepted
    next_gate: NextGate | None
    turn: str  # what is said of the next gate: refused and why, or whose turn it is
    plot: ProgressPlot | None
    refused: Sequence[RefusedGate]
    requested: Sequence[RequestedGate]
    start: Mapping[str, MissingProof | None]  # by predicate of the guided start's gates; None: met


def read_gate_panel(
    project: Project, state: HealthSnapshot | None, today: date, askers: str = ""
) -> GatePanel:
    """The panel of a project that the reader may see, in two statements and one for a refused gate;
    `askers`: who may ask for a gate, in words."""
    definitions = read_definitions_by_programme([project.programme_id])[project.programme_id]
    ordered = sorted(definitions.values(), key=lambda definition: definition.rank)
    facts = state.facts if state else None
    steps = {step.number: step for step in facts.steps} if facts else {}
    until = facts.last_day(today) if facts else today
    looks = {n: steps[n].look(until) if n in steps else "open" for n in definitions}
    next_definition = _find_next_gate(ordered, looks)
    lacking = [n for n, step in steps.items() if n in definitions and step.is_asked and not step.is_proved]
    numbers = {each.number for each in (next_definition,) if each}.union(
        lacking, definitions.keys() & {*START_GATES}
    )
    results = _read_or_evaluate_results(project, [definitions[number] for number in sorted(numbers)])
    missing = {number: _list_missing_proofs(project, result) for number, result in results.items()}
    next_gate = None
    if next_definition is not None:
        step = steps.get(next_definition.number)
        next_gate = _build_next_gate(project, next_definition, results, missing, step)
        if step is not None and looks[step.number] == GateStanding.STALE.value:
            next_gate = replace(next_gate, waits=describe_turns({step.number: step.list_turns_on(until)}))
    accepted = _compute_weight_percentage(steps.values(), lambda step: step.is_accepted(until))
    ever = _compute_weight_percentage(steps.values(), lambda step: step.first_passed_on is not None)
    return GatePanel(
        cells=[
            _build_progress_gate(project, each, looks[each.number], steps.get(each.number))
            for each in ordered
        ],
        accepted=accepted,
        planned=_compute_weight_percentage(steps.values(), lambda step: step.due_on <= until),
        peak=max(accepted, ever),
        next_gate=next_gate,
        turn=_say_refusal_or_whose_turn(next_gate, askers) if next_gate else "",
        plot=build_progress_plot(facts, accepted, until) if facts and steps else None,
        refused=[
            _build_refused_gate(project, steps[number])
            for number, look in looks.items()
            if look == GateStanding.REFUSED.value and not steps[number].is_asked
        ],
        requested=[
            RequestedGate(n, path_to("gates.page", slug=project.slug, gate=n), missing[n])
            for n in lacking
            if missing[n]
        ],
        start=_map_start_predicates_to_missing_proofs(results, missing),
    )


def _build_refused_gate(project: Project, step: GateFacts) -> RefusedGate:
    url = path_to("gates.page", slug=project.slug, gate=step.number)
    if step.is_proved:
        url = f"{url}#{REFUSAL_ANCHOR}"
    return RefusedGate(step.number, url, step.refusal, is_proved=step.is_proved)


def _find_next_gate(ordered: Sequence[GateDefinition], looks: Mapping[int, str]) -> GateDefinition | None:
    """The first stale gate, else the first that is not accepted yet."""
    stale = [definition for definition in ordered if looks[definition.number] == "stale"]
    ahead = [definition for definition in ordered if looks[definition.number] in _AHEAD]
    return next(iter(stale or ahead), None)


def _read_or_evaluate_results(
    project: Project, definitions: Sequence[GateDefinition]
) -> Mapping[int, GateResult]:
    """The last evaluations; what was never evaluated is evaluated now."""
    results = dict(queries.read_last_evaluations_by_gate(project, [each.number for each in definitions]))
    unread = [definition for definition in definitions if definition.number not in results]
    fresh = queries.evaluate_now(project, unread) if unread else ()
    return results | {result.gate: result for result in fresh}


def _list_missing_proofs(project: Project, result: GateResult) -> Sequence[MissingProof]:
    owners = list_remedy_owners_of_reader(project)
    return [_build_missing_proof(project, each, owners) for each in result.missing]


def _map_start_predicates_to_missing_proofs(
    results: Mapping[int, GateResult], missing: Mapping[int, Sequence[MissingProof]]
) -> Mapping[str, MissingProof | None]:
    gates = [number for number in START_GATES if number in results]
    demands = {each.predicate: None for number in gates for each in results[number].results}
    return demands | {proof.predicate: proof for number in gates for proof in missing[number]}


def _build_missing_proof(
    project: Project, result: PredicateResult, owners: frozenset[RemedyOwner]
) -> MissingProof:
    remedy = find_remedy_link(project, result, owners)
    label, url = remedy or ("", "")
    is_own = bool(remedy) and is_own_turn(result, owners)
    whose = whose_turn(result, owners).rstrip(".")
    return MissingProof(result.predicate, labels.why_unmet(result), whose, is_own, url, label)


def _build_next_gate(
    project: Project,
    definition: GateDefinition,
    results: Mapping[int, GateResult],
    missing: Mapping[int, Sequence[MissingProof]],
    step: GateFacts | None,
) -> NextGate:
    number = definition.number
    result = results.get(number)
    return NextGate(
        number=number,
        title=labels.title(definition),
        url=path_to("gates.page", slug=project.slug, gate=number),
        met=labels.met_count_label(result),
        is_proved=result is not None and result.is_proved,
        is_asked=step is not None and step.is_asked,
        missing=missing.get(number, ()),
        refusal=_say_refusal(project, definition, result) if step is not None and step.refusal else "",
    )


def _say_refusal_or_whose_turn(gate: NextGate, askers: str) -> str:
    """That a gate was refused and why, until it is asked for again; whose turn it is once all is proved, or
    before a stale gate can be accepted again; "" while proofs lack."""
    if not gate.is_asked and gate.refusal:
        return gate.refusal
    if not gate.is_proved:
        return ""
    if gate.waits:
        return gate.waits
    return (
        _("Demandé\u00a0: qui l’accepte a la main.") if gate.is_asked else describe_turn_once_proved(askers)
    )


def _say_refusal(project: Project, definition: GateDefinition, result: GateResult | None) -> str:
    """When a gate was refused, and why."""
    return dated_refusal(queries.read_state(project, definition, result))


def _build_progress_gate(
    project: Project, definition: GateDefinition, look: str, step: GateFacts | None
) -> ProgressGate:
    standing = str(labels.STANDINGS[GateStanding(look)])
    if step is not None and step.is_asked:
        standing = _("%(standing)s, demandé", standing=standing)
    if step is not None and look == GateStanding.REFUSED.value:
        standing = _("%(standing)s : %(why)s", standing=standing, why=step.refusal)
    label = _("%(gate)s : %(standing)s", gate=labels.title(definition), standing=standing)
    url = path_to("gates.page", slug=project.slug, gate=definition.number)
    return ProgressGate(number=definition.number, label=label, look=look, url=url)


def _compute_weight_percentage(steps: Iterable[GateFacts], holds: Callable[[GateFacts], bool]) -> int:
    counted = [step for step in steps if not step.is_waived]
    total = sum(step.weight for step in counted)
    return sum(step.weight for step in counted if holds(step)) * 100 // total if total else 0
