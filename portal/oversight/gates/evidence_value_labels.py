"""What proves each predicate, as a value beside its threshold."""

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

from portal.oversight.gates.definition_rules import StalenessCause
from portal.oversight.gates.evidence_value_queries import (
    ReferencedEvidenceValues,
    RunAndProtocol,
)
from portal.oversight.gates.labels import why_unmet
from portal.oversight.gates.predicate_result_rules import PredicateResult, UnmetCode
from portal.oversight.gates.state_rules import GateSnapshot
from portal.platform.kernel.text import gettext as _
from portal.platform.kernel.text import lower_first, ngettext
from portal.platform.web.template_filters import day, number
from portal.project.data_sources.labels import ACCESS, SCREENINGS, list_legal_gaps
from portal.project.data_sources.models import DataSource
from portal.project.framing.metric_models import ImpactMetric, MetricDirection

HASH_SHOWN = 12  # characters
TEXT_SHOWN = 120  # characters
FAILURES_SHOWN = 3
REASONS_SHOWN = 3
_OF_A_RUN = frozenset({StalenessCause.MODEL_CHANGED, StalenessCause.DATA_SOURCE_CHANGED})


def describe_proof(result: PredicateResult, values: ReferencedEvidenceValues) -> str:
    """What proves a predicate that is met, and the result that does not reach its threshold:
    « Rappel : 0,71 pour 0,7 demandé, référence 0,38 »; "" where the demand says it all or the
    evidence is not known."""
    if result.code not in (None, UnmetCode.BELOW_THRESHOLD):
        return ""
    try:
        text = _format_proof(result, values)
    except KeyError:  # stored before its numbers were, or of a row that is gone
        return ""
    return f"{text[:1].upper()}{text[1:]}"


def warn_of_newer_failures(result: PredicateResult, values: ReferencedEvidenceValues) -> str:
    """Which newer runs are under the threshold that an older run proves, in a sentence, the latest
    three; "" where none is."""
    if result.predicate != "threshold_met" or not values.newer_failures:
        return ""
    runs = [
        _(
            "essai %(n)s de la version %(version)s, du %(ran)s, %(result)s",
            n=each.run.number,
            version=each.version,
            ran=day(each.run.ran_on),
            result=_describe_run_result(each),
        )
        for each in values.newer_failures[:FAILURES_SHOWN]
    ]
    return _("Plus récent, et sous le seuil\u00a0: %(runs)s.", runs=_(" ; ").join(runs))


def describe_missing_facts(facts: Mapping[str, Any]) -> str:
    """What a notification of a requested or refused gate adds: the first proofs that were missing on that
    day, with value and threshold; "" where none was."""
    missing = facts.get("missing") or ()
    if not missing:
        return ""
    reasons = [_describe_missing_fact(each["code"], each["given"]) for each in missing[:REASONS_SHOWN]]
    if others := len(missing) - len(reasons):
        reasons.append(ngettext("%(num)s autre preuve", "%(num)s autres preuves", others))
    return _("\u00a0; il manque\u00a0: %(reasons)s", reasons=_(" ; ").join(reasons))


def _describe_missing_fact(code: str, parameters: Mapping[str, Any]) -> str:
    reason = lower_first(why_unmet(PredicateResult("", UnmetCode(code), parameters)).rstrip("."))
    if "threshold" not in parameters:
        return reason
    numbers = {name: number(parameters[name]) for name in ("result", "threshold")}
    if parameters["is_down"]:
        return _("%(reason)s (%(result)s, pour %(threshold)s au plus)", reason=reason, **numbers)
    return _("%(reason)s (%(result)s, pour %(threshold)s demandé)", reason=reason, **numbers)


def describe_data_source_lacks(reference: str, values: ReferencedEvidenceValues) -> str:
    """What a data source that made a gate stale lacks to be lawful; "" for other pieces."""
    kind, _slash, number = reference.partition("/")
    source = values.sources.get(int(number)) if kind == "source" and number.isdecimal() else None
    return " ".join(list_legal_gaps(source)) if source else ""


def _format_proof(result: PredicateResult, values: ReferencedEvidenceValues) -> str:
    """Raises `KeyError` where the evidence is not known."""
    if result.predicate in COUNTS:
        return COUNTS[result.predicate](result.parameters)
    if result.predicate in _RUNS:
        return _RUNS[result.predicate](_get_referenced_row(result, "run", values.runs))
    if result.predicate in _SOURCES:
        return _SOURCES[result.predicate](_get_referenced_row(result, "source", values.sources))
    if result.predicate in _METRICS:
        return _METRICS[result.predicate](_get_referenced_row(result, "metric", values.metrics))
    return ""


def _get_referenced_row(result: PredicateResult, kind: str, rows: Mapping[int, Any]) -> Any:
    """The first row of a kind among the references. Raises `KeyError`."""
    numbers = [each.partition("/")[2] for each in result.references if each.startswith(f"{kind}/")]
    return rows[int(numbers[0]) if numbers else 0]


def _quote_text(text: str) -> str:
    line = " ".join(text.split())
    return _("«\u00a0%(title)s\u00a0»", title=line if len(line) <= TEXT_SHOWN else f"{line[:TEXT_SHOWN]}…")


def _format_minimum(parameters: Mapping[str, Any]) -> str:
    return _("%(n)s, pour %(wanted)s au moins", n=parameters["n"], wanted=parameters["wanted"])


def _format_number_of_wanted(parameters: Mapping[str, Any]) -> str:
    return _("%(n)s sur %(wanted)s", n=parameters["n"], wanted=parameters["wanted"])


def _format_day(parameters: Mapping[str, Any]) -> str:
    return _("le %(day)s", day=day(date.fromisoformat(parameters["day"])))


def _format_people_with_access_needs(parameters: Mapping[str, Any]) -> str:
    if not parameters["n"]:
        return _("aucune, et l’on dit pourquoi")
    return ngettext("%(num)s personne", "%(num)s personnes", parameters["n"])


def _describe_primary_task_change(parameters: Mapping[str, Any]) -> str:
    return _(
        "%(was)s, puis %(now)s (écart de %(low)s à %(high)s points, IC 95 %%)",
        **{name: parameters[name] for name in ("was", "now", "low", "high")},
    )


COUNTS: Mapping[str, Callable[[Mapping[str, Any]], str]] = {
    **dict.fromkeys(
        ("team_size", "assumptions_ranked", "interviews_logged", "target_users", "rounds_on_versions"),
        _format_minimum,
    ),
    **dict.fromkeys(
        ("consent_complete", "primary_task_measured", "criteria_judged"),
        _format_number_of_wanted,
    ),
    "agreement_signed": _format_day,
    "coaching_begun": _format_day,
    "access_considered": _format_people_with_access_needs,
    "primary_task_not_worse": _describe_primary_task_change,
    "version_shown": lambda parameters: ngettext(
        "%(num)s personne hors de l’équipe", "%(num)s personnes hors de l’équipe", parameters["n"]
    ),
    "errors_by_subgroup": lambda parameters: ngettext(
        "%(num)s sous-groupe", "%(num)s sous-groupes", parameters["n"]
    ),
    "impact_measured": lambda parameters: ngettext("sur %(num)s cas", "sur %(num)s cas", parameters["n"]),
}


def _describe_run_result(values: RunAndProtocol) -> str:
    protocol = values.protocol
    numbers = {
        "metric": protocol.metric,
        "result": number(values.run.result),
        "threshold": number(protocol.threshold),
        "baseline": number(protocol.baseline),
    }
    if protocol.direction is MetricDirection.DOWN:
        return _(
            "%(metric)s\u00a0: %(result)s, pour %(threshold)s au plus, référence %(baseline)s", **numbers
        )
    return _("%(metric)s\u00a0: %(result)s, pour %(threshold)s demandé, référence %(baseline)s", **numbers)


def _describe_held_out_data(values: RunAndProtocol) -> str:
    held_out = _quote_text(values.protocol.held_out)
    size = values.protocol.held_out_size
    cases = ngettext("%(num)s cas", "%(num)s cas", size or 0)
    return f"{held_out}, {cases}" if size else held_out


_RUNS: Mapping[str, Callable[[RunAndProtocol], str]] = {
    "protocol_first": lambda values: _(
        "protocole du %(dated)s, essai du %(ran)s",
        dated=day(values.protocol.dated_on),
        ran=day(values.run.ran_on),
    ),
    "held_out_set": _describe_held_out_data,
    "baseline_known": lambda values: _(
        "%(name)s\u00a0: %(baseline)s",
        name=_quote_text(values.protocol.baseline_name),
        baseline=number(values.protocol.baseline),
    ),
    "threshold_met": _describe_run_result,
    "run_traceable": lambda values: _(
        "code %(code)s, données %(digest)s",
        code=_quote_text(values.run.code_reference),
        digest=values.run.data_sha256[:HASH_SHOWN],
    ),
}


_SOURCES: Mapping[str, Callable[[DataSource], str]] = {
    "data_lawful": lambda source: _(
        "%(holder)s\u00a0; base légale %(basis)s\u00a0; AIPD\u00a0: %(screening)s",
        holder=source.holder,
        basis=_quote_text(source.legal_basis),
        screening=lower_first(str(SCREENINGS[source.screening])),
    ),
    "data_received": lambda source: _(
        "%(state)s le %(day)s", state=lower_first(ACCESS[source.access]), day=day(source.access_on)
    ),
    "data_sampled": lambda source: ngettext(
        "%(num)s ligne, empreinte %(digest)s",
        "%(num)s lignes, empreinte %(digest)s",
        source.sample_rows or 0,
        digest=source.sample_sha256[:HASH_SHOWN],
    ),
    "data_quality_noted": lambda source: _quote_text(source.quality_note),
}


def _describe_metric_target(metric: ImpactMetric) -> str:
    if metric.baseline is None or metric.target is None:
        return ""
    return _(
        "%(name)s\u00a0: de %(baseline)s à %(target)s %(unit)s",
        name=_quote_text(metric.name),
        baseline=number(metric.baseline),
        target=number(metric.target),
        unit=metric.unit,
    )


_METRICS: Mapping[str, Callable[[ImpactMetric], str]] = {"metric_aimed": _describe_metric_target}


def describe_runs_older_than_change(
    state: GateSnapshot, values: ReferencedEvidenceValues, since: date | None
) -> str:
    """That runs are older than the change that made a gate stale; "" where none is."""
    if since is None or not any(staleness.cause in _OF_A_RUN for staleness in state.stale):
        return ""
    return " ".join(
        _("L’essai %(n)s, du %(ran)s, est d’avant ce changement.", n=run.number, ran=day(run.ran_on))
        for run in values.list_runs_before_day(since)
    )
