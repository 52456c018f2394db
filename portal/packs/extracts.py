"""What the portfolio, gates and their history say, as rows: for a spreadsheet or a machine.

Columns have keys that never change, and names in their reader's language. All of it is as of a
moment.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from itertools import islice
from uuid import UUID

from portal.exchange.sheets import Cell
from portal.gates import words as gates
from portal.gates.standing import State, as_of, numbers
from portal.health.models import Said
from portal.health.words import OUTLOOKS_IN_SHORT, SAID, method, why
from portal.kernel import clock
from portal.kernel.text import LazyString, in_reader_language
from portal.kernel.text import gettext as _
from portal.kernel.text import lazy_gettext as _l
from portal.packs.figures import Cohort, Team, read_teams, read_whole
from portal.packs.tables import state
from portal.portfolio.support import Support
from portal.portfolio.words import ethics, tried
from portal.sprints.models import Outcome
from portal.sprints.words import OUTCOMES

BATCH = 25  # teams read together
STEP = timedelta(days=30)
STEPS_MAX = 40
GATES = 12

Row = Mapping[str, Cell]


class What(StrEnum):
    TEAMS = "teams"  # a row for each team
    GATES = "gates"  # a row for each gate of each team
    HISTORY = "history"  # a row for each team and month: its three numbers


@dataclass(frozen=True)
class Asked:
    """Which rows: of these teams, at a moment of a day."""

    cohort: Cohort
    ids: Sequence[UUID]
    moment: datetime
    day: date
    support: Support


WHATS: dict[What, LazyString] = {
    What.TEAMS: _l("Les équipes, une ligne chacune"),
    What.GATES: _l("Leurs jalons, une ligne par jalon"),
    What.HISTORY: _l("Leurs trois chiffres, mois par mois"),
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
    **{f"g{n}": _l("G%(n)s", n=n) for n in range(GATES)},
    "sprint": _l("Dernier sprint clos"),
    "sprint_on": _l("Clos le"),
    "sprint_outcome": _l("But du sprint"),
    "decision": _l("Décision attendue"),
    "tested_on": _l("Dernière séance"),
    "tested": _l("Tâche principale"),
    "shown_on": _l("Dernière démonstration"),
    "contact_on": _l("Dernière séance de coaching"),
    "ethics": _l("Éthique"),
    "last_gate": _l("Dernier jalon attendu"),
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
COLUMNS: Mapping[What, Mapping[str, LazyString]] = {
    What.TEAMS: _TEAMS,
    What.GATES: _GATES,
    What.HISTORY: _HISTORY,
}


def rows(what: What, asked: Asked) -> Iterator[Row]:
    """In the language of the moment, some teams at a time."""
    left = iter(asked.ids)
    while some := list(islice(left, BATCH)):
        yield from _TELL[what](asked, some)


def _teams(asked: Asked, ids: Sequence[UUID]) -> Iterator[Row]:
    for team in read_teams(asked.cohort, ids, asked.moment, asked.day):
        found = numbers(team.gates)
        yield {
            **_named(asked.cohort, team.id),
            "title": in_reader_language(team.named.title_fr, team.named.title_en),
            "starts_on": team.named.starts_on,
            "ends_on": team.named.ends_on,
            "support": _list(_followed(*one) for one in asked.support.by_track(team.id)),
            "declared": found.percent(found.declared),
            "proved": found.percent(found.proved),
            "accepted": found.percent(found.accepted),
            **{f"g{one.definition.number}": _standing(one) for one in team.gates},
            "shown_on": team.shown.on if team.shown else None,
            "severe": len(team.severe),
            "high": len(team.high),
            **_health(team),
            **_forecast(team),
        }


def _named(cohort: Cohort, id_: UUID) -> Row:
    named = cohort.names[id_]
    return {
        "project": named.slug,
        "organisation": named.organisation,
        "acronym": named.acronym,
    }


def _health(team: Team) -> Row:
    health = team.health
    if health is None:
        return {}
    told: dict[str, Cell] = {
        "state": state(health),
        "reasons": _list(why(one, health) for one in health.reasons),
        "tested_on": health.facts.tests.last_on,
        "tested": tried(health.facts.tests) if health.facts.tests.last_on else "",
        "contact_on": health.facts.contact_on,
        "ethics": _list(ethics(health.facts.ethics, drafts=False)),
    }
    if health.weather is not None:
        outlook = OUTLOOKS_IN_SHORT[health.weather.outlook]
        told["weather"] = _said(outlook, health.weather.sentence)
    if health.override is not None and health.override.level is not Said.NOTHING:
        told["override"] = _said(SAID[health.override.level], health.override.text)
    last = health.facts.work.last
    if last is not None:
        told |= {
            "sprint": last.number,
            "sprint_on": last.on,
            "sprint_outcome": str(OUTCOMES[Outcome(last.outcome)]),
            "decision": last.decision_awaited,
        }
    return told


def _followed(track: str | None, coaches: str) -> str:
    if track is None:
        return coaches
    return _said(track, coaches) if coaches else track


def _list(told: Iterable[str]) -> str:
    return in_reader_language("\u00a0; ", "; ").join(told)


def _said(who: object, what: str) -> str:
    return _("%(who)s : %(what)s", who=who, what=what)


def _forecast(team: Team) -> Row:
    """Of the last gate that is open: from when to when, and how that was found."""
    if not team.forecast:
        return {}
    last = team.forecast[-1]
    return {
        "last_gate": f"G{last.number}",
        "expected_from": last.earliest_on or last.expected_on,
        "expected_until": last.latest_on,
        "expected_how": method(last),
    }


def _standing(one: State) -> str:
    return str(gates.STANDINGS[one.standing])


def _gates(asked: Asked, ids: Sequence[UUID]) -> Iterator[Row]:
    for team in read_teams(asked.cohort, ids, asked.moment, asked.day):
        for one in team.gates:
            yield {**_named(asked.cohort, team.id), **_gate(one)}


def _gate(one: State) -> Row:
    missing = one.evaluation.missing if one.evaluation else ()
    declared, answer = one.declared, one.answer if one.was_accepted else None
    return {
        "gate": f"G{one.definition.number}",
        "name": gates.name(one.definition),
        "weight": one.definition.weight,
        "month": one.definition.terms.month,
        "standing": _standing(one),
        "proofs": gates.met(one),
        "missing": _list(gates.why(each) for each in missing),
        "codes": " ".join(each.code.value for each in missing if each.code),
        "declared_on": clock.day_of(declared.at) if declared else None,
        "accepted_on": clock.day_of(answer.at) if answer else None,
        "stale": _list(gates.cause(each) for each in one.stale),
        "waived": one.waiver.reason if one.waiver else "",
    }


def _history(asked: Asked, ids: Sequence[UUID]) -> Iterator[Row]:
    """Every thirty days from the beginning, each as it was at the end of that day; the day asked
    for last."""
    histories = read_whole(ids)
    for id_ in ids:
        for on in _days(asked.cohort.names[id_].starts_on, asked.day):
            moment = min(clock.end_of(on), asked.moment)
            known = asked.cohort.health.get(id_)
            found = numbers(as_of(histories[id_], moment, min(on, known.day) if known else on))
            yield {
                **_named(asked.cohort, id_),
                "on": on,
                "declared": found.percent(found.declared),
                "proved": found.percent(found.proved),
                "accepted": found.percent(found.accepted),
            }


def _days(first: date, last: date) -> Iterator[date]:
    for n in range(STEPS_MAX):
        day = first + n * STEP
        if day >= last:
            break
        yield day
    yield last


_TELL: Mapping[What, Callable[[Asked, Sequence[UUID]], Iterator[Row]]] = {
    What.TEAMS: _teams,
    What.GATES: _gates,
    What.HISTORY: _history,
}


def title(what: What, cohort: Cohort) -> str:
    name = in_reader_language(cohort.name_fr, cohort.name_en)
    return _("%(name)s : %(what)s", name=name, what=str(WHATS[what]).lower())
