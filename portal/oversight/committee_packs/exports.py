"""Teams, gates and their history as rows of an export, as of a moment.

Columns have stable keys, and labels in the reader's language.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from itertools import islice
from uuid import UUID

from portal.oversight.committee_packs.snapshot_queries import (
    PackCohort,
    PackTeam,
    read_gate_histories,
    read_teams,
)
from portal.oversight.committee_packs.team_page_documents import health_state_label, join_label_and_text
from portal.oversight.gates import labels as gates
from portal.oversight.gates.forecast_labels import forecast_method
from portal.oversight.gates.reference_queries import References
from portal.oversight.gates.state_rules import GateSnapshot, derive_states_as_of, sum_progress
from portal.oversight.health.definition_rules import LeadOpinionLevel
from portal.oversight.health.labels import OUTLOOKS_IN_SHORT, OVERRIDE_LEVELS, signal_sentence
from portal.oversight.portfolio.labels import describe_ethics_reviews, test_result
from portal.oversight.portfolio.support_queries import TracksAndCoachesByTeam
from portal.platform.kernel import clock
from portal.platform.kernel.text import LazyString, in_reader_language, lower_first
from portal.platform.kernel.text import gettext as _
from portal.platform.kernel.text import lazy_gettext as _l
from portal.platform.web.tables import Cell
from portal.sprints.sprints.labels import OUTCOMES
from portal.sprints.sprints.models import SprintOutcome

BATCH = 25  # teams read in one statement
STEP = timedelta(days=30)
STEPS_MAX = 40
GATE_COUNT = 12

Row = Mapping[str, Cell]


class ExportDataset(StrEnum):
    TEAMS = "teams"  # a row for each team
    GATES = "gates"  # a row for each gate of each team
    HISTORY = "history"  # a row for each team and month: its three numbers


@dataclass(frozen=True)
class ExportScope:
    """The teams of an export, in order, and its moment and day."""

    cohort: PackCohort
    ids: Sequence[UUID]
    moment: datetime
    day: date
    support: TracksAndCoachesByTeam


DATASET_LABELS: dict[ExportDataset, LazyString] = {
    ExportDataset.TEAMS: _l("Les équipes, une ligne chacune"),
    ExportDataset.GATES: _l("Leurs jalons, une ligne par jalon"),
    ExportDataset.HISTORY: _l("Leurs trois chiffres, mois par mois"),
}

_TEAM: dict[str, LazyString] = {
    "project": _l("Projet"),
    "organisation": _l("Organisme"),
    "acronym": _l("Nom court"),
}
_TEAMS: dict[str, LazyString] = {
    **_TEAM,
    "title": _l("Titre"),
    "starts_on": _l("Début"),
    "ends_on": _l("Fin"),
    "support": _l("Volets et coachs"),
    "state": _l("Santé"),
    "reasons": _l("Pourquoi"),
    "weather": _l("Météo déclarée"),
    "override": _l("Ce que dit la direction"),
    "declared": _l("Déclaré, en %"),
    "proved": _l("Prouvé, en %"),
    "accepted": _l("Accepté, en %"),
    **{f"g{n}": _l("G%(n)s", n=n) for n in range(GATE_COUNT)},
    "sprint": _l("Dernier sprint clos"),
    "sprint_on": _l("Clos le"),
    "sprint_outcome": _l("But du sprint"),
    "decision": _l("Décision attendue"),
    "tested_on": _l("Dernière séance"),
    "tested": _l("Tâche principale"),
    "shown_on": _l("Dernière démonstration"),
    "contact_on": _l("Dernière séance d’accompagnement"),
    "ethics": _l("Éthique"),
    "last_gate": _l("Dernier jalon attendu"),
    "expected_on": _l("Attendu le"),
    "expected_from": _l("Au plus tôt"),
    "expected_until": _l("Au plus tard"),
    "expected_how": _l("Comment c’est trouvé"),
    "severe": _l("Constats graves ouverts"),
    "high": _l("Risques élevés ouverts"),
}
_GATES: dict[str, LazyString] = {
    **_TEAM,
    "gate": _l("Jalon"),
    "name": _l("Nom du jalon"),
    "weight": _l("Poids"),
    "month": _l("Mois attendu"),
    "standing": _l("État"),
    "proofs": _l("Preuves"),
    "missing": _l("Ce qui manque"),
    "codes": _l("Codes"),
    "declared_on": _l("Demandé le"),
    "accepted_on": _l("Accepté le"),
    "stale": _l("Ce qui l’a périmé"),
    "waived": _l("Pourquoi la dispense"),
}
_HISTORY: dict[str, LazyString] = {
    **_TEAM,
    "on": _l("Jour"),
    "declared": _l("Déclaré, en %"),
    "proved": _l("Prouvé, en %"),
    "accepted": _l("Accepté, en %"),
}
COLUMNS: Mapping[ExportDataset, Mapping[str, LazyString]] = {
    ExportDataset.TEAMS: _TEAMS,
    ExportDataset.GATES: _GATES,
    ExportDataset.HISTORY: _HISTORY,
}


def list_columns(dataset: ExportDataset, gates: Iterable[int]) -> Mapping[str, LazyString]:
    """The columns of a dataset; those of the gates that a programme added come last."""
    added = sorted(n for n in gates if n >= GATE_COUNT and dataset is ExportDataset.TEAMS)
    return {**COLUMNS[dataset], **{f"g{n}": _l("G%(n)s", n=n) for n in added}}


def iterate_export_rows(dataset: ExportDataset, scope: ExportScope) -> Iterator[Row]:
    """The rows in the current language, read in batches of teams."""
    remaining = iter(scope.ids)
    while batch := list(islice(remaining, BATCH)):
        yield from _ROW_READERS[dataset](scope, batch)


def _iterate_team_rows(scope: ExportScope, ids: Sequence[UUID]) -> Iterator[Row]:
    for team in read_teams(scope.cohort, ids, scope.moment, scope.day):
        yield {
            **_build_identity_cells(scope.cohort, team.id),
            "title": in_reader_language(team.identity.title_fr, team.identity.title_en),
            "starts_on": team.identity.starts_on,
            "ends_on": team.identity.ends_on,
            "support": _join_texts(
                _join_track_and_coaches(*track_and_coaches)
                for track_and_coaches in scope.support.coaches_by_track_of_id(team.id)
            ),
            **sum_progress(team.gates).percents,
            **{
                f"g{gate_state.definition.number}": _gate_standing_label(gate_state)
                for gate_state in team.gates
            },
            "shown_on": team.demonstration.on if team.demonstration else None,
            "severe": len(team.severe),
            "high": len(team.high),
            "decision": _join_texts(team.awaited),
            **_build_health_cells(team),
            **_build_forecast_cells(team),
        }


def _build_identity_cells(cohort: PackCohort, id_: UUID) -> Row:
    identity = cohort.names[id_]
    return {"project": identity.slug, "organisation": identity.organisation, "acronym": identity.acronym}


def _build_health_cells(team: PackTeam) -> Row:
    health = team.health
    if health is None:
        return {}
    row: dict[str, Cell] = {
        "state": health_state_label(health),
        "reasons": _join_texts(signal_sentence(signal, health) for signal in health.reasons),
        "tested_on": health.facts.tests.last_on,
        "tested": test_result(health.facts.tests) if health.facts.tests.last_on else "",
        "contact_on": health.facts.contact_on,
        "ethics": _join_texts(describe_ethics_reviews(health.facts.ethics, drafts=False)),
    }
    if health.weather is not None:
        outlook = OUTLOOKS_IN_SHORT[health.weather.outlook]
        row["weather"] = join_label_and_text(outlook, health.weather.sentence)
    if health.override is not None and health.override.level is not LeadOpinionLevel.NOTHING:
        row["override"] = join_label_and_text(OVERRIDE_LEVELS[health.override.level], health.override.text)
    last = health.facts.work.last
    if last is not None:
        row |= {
            "sprint": last.number,
            "sprint_on": last.on,
            "sprint_outcome": str(OUTCOMES[SprintOutcome(last.outcome)]),
        }
    return row


def _join_track_and_coaches(track: str | None, coaches: str) -> str:
    if track is None:
        return coaches
    return join_label_and_text(track, coaches) if coaches else track


def _join_texts(texts: Iterable[str]) -> str:
    return _(" ; ").join(texts)


def _build_forecast_cells(team: PackTeam) -> Row:
    """The forecast of the last open gate: a day, its range where there is one, and the method."""
    if not team.forecast:
        return {}
    last = team.forecast[-1]
    return {
        "last_gate": f"G{last.number}",
        "expected_on": last.expected_on,
        "expected_from": last.earliest_on,
        "expected_until": last.latest_on,
        "expected_how": forecast_method(last),
    }


def _gate_standing_label(gate_state: GateSnapshot) -> str:
    return str(gates.STANDINGS[gate_state.standing])


def _iterate_gate_rows(scope: ExportScope, ids: Sequence[UUID]) -> Iterator[Row]:
    for team in read_teams(scope.cohort, ids, scope.moment, scope.day):
        for gate_state in team.gates:
            yield {
                **_build_identity_cells(scope.cohort, team.id),
                **_build_gate_cells(gate_state, team.references),
            }


def _build_gate_cells(gate_state: GateSnapshot, references: References) -> Row:
    missing = gate_state.evaluation.missing if gate_state.evaluation else ()
    declared, answer = gate_state.declared, gate_state.answer if gate_state.was_accepted else None
    return {
        "gate": f"G{gate_state.definition.number}",
        "name": gates.name(gate_state.definition),
        "weight": gate_state.definition.weight,
        "month": gate_state.definition.terms.month,
        "standing": _gate_standing_label(gate_state),
        "proofs": gates.met_count_label(gate_state.evaluation),
        "missing": _join_texts(gates.why_unmet(verdict, references) for verdict in missing),
        "codes": " ".join(verdict.code.value for verdict in missing if verdict.code),
        "declared_on": clock.day_of(declared.at) if declared else None,
        "accepted_on": clock.day_of(answer.at) if answer else None,
        "stale": _join_texts(gates.staleness_cause(staleness, references) for staleness in gate_state.stale),
        "waived": gate_state.waiver.reason if gate_state.waiver else "",
    }


def _iterate_history_rows(scope: ExportScope, ids: Sequence[UUID]) -> Iterator[Row]:
    """A row every thirty days from the start, as of the end of that day; the last is the day of the
    export."""
    histories = read_gate_histories(ids)
    for id_ in ids:
        for on in _iterate_history_days(scope.cohort.names[id_].starts_on, scope.day):
            moment = min(clock.end_of_day(on), scope.moment)
            health = scope.cohort.health.get(id_)
            figures = sum_progress(
                derive_states_as_of(histories[id_], moment, min(on, health.day) if health else on)
            )
            yield {**_build_identity_cells(scope.cohort, id_), "on": on, **figures.percents}


def _iterate_history_days(first: date, last: date) -> Iterator[date]:
    for n in range(STEPS_MAX):
        day = first + n * STEP
        if day >= last:
            break
        yield day
    yield last


_ROW_READERS: Mapping[ExportDataset, Callable[[ExportScope, Sequence[UUID]], Iterator[Row]]] = {
    ExportDataset.TEAMS: _iterate_team_rows,
    ExportDataset.GATES: _iterate_gate_rows,
    ExportDataset.HISTORY: _iterate_history_rows,
}


def build_export_title(dataset: ExportDataset, cohort: PackCohort) -> str:
    name = in_reader_language(cohort.name_fr, cohort.name_en)
    return _("%(name)s : %(what)s", name=name, what=lower_first(DATASET_LABELS[dataset]))
