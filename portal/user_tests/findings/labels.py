"""Labels of findings, their severities and states, and sentences about them."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from portal.platform.kernel.text import LazyString, lower_first, ngettext
from portal.platform.kernel.text import gettext as _
from portal.platform.kernel.text import lazy_gettext as _l
from portal.sprints.backlog.labels import STATES as ITEM_STATES
from portal.sprints.backlog.models import Item
from portal.user_tests.findings.list_queries import NOBODY, SEVERE_FILTER, UNRATED, FindingSort
from portal.user_tests.findings.models import Finding, FindingClosingKind, RetestResult
from portal.user_tests.findings.queries import FindingDetails
from portal.user_tests.findings.sighting_queries import ListedSighting, RoundSightingCount
from portal.user_tests.findings.state_queries import FindingState
from portal.user_tests.statistics.completion_rules import adjusted_wald
from portal.user_tests.statistics.number_labels import round_interval_to_hundredths

# Nielsen, *Severity ratings for usability problems*, 1994.
SEVERITIES: dict[int, LazyString] = {
    0: _l("0 : ce n’est pas un problème d’usage"),
    1: _l("1 : cosmétique, à corriger s’il reste du temps"),
    2: _l("2 : mineure, une gêne sans plus"),
    3: _l("3 : majeure, à corriger en priorité"),
    4: _l("4 : catastrophique, à corriger avant toute mise en service"),
}
SEVERITY_LABELS: dict[int | None, LazyString] = {
    None: _l("Gravité non évaluée"),
    0: _l("Gravité 0, aucune"),
    1: _l("Gravité 1, cosmétique"),
    2: _l("Gravité 2, mineure"),
    3: _l("Gravité 3, majeure"),
    4: _l("Gravité 4, catastrophique"),
}
SEVERITY_KINDS: dict[int | None, str | None] = {None: "new", 3: "warning", 4: "error"}

STATES: dict[FindingState, LazyString] = {
    FindingState.STILL_PRESENT: _l("Encore là"),
    FindingState.OPEN: _l("À traiter"),
    FindingState.DROPPED: _l("Élément abandonné"),
    FindingState.TO_RATE: _l("Disparu, à évaluer"),
    FindingState.TO_RETEST: _l("À vérifier en test"),
    FindingState.PLANNED: _l("Au carnet"),
    FindingState.RETESTED: _l("Disparu"),
    FindingState.ACCEPTED: _l("Accepté"),
    FindingState.SETTLED: _l("Réglé"),
    FindingState.MERGED: _l("Réuni à un autre"),
}
STATE_KINDS: dict[FindingState, str | None] = {
    FindingState.STILL_PRESENT: "error",
    FindingState.OPEN: "warning",
    FindingState.DROPPED: "warning",
    FindingState.TO_RATE: "new",
    FindingState.TO_RETEST: "new",
    FindingState.PLANNED: "info",
    FindingState.RETESTED: "success",
    FindingState.SETTLED: "success",
}
GROUPS: dict[str, LazyString] = {
    "open": _l("Tous les ouverts"),
    "closed": _l("Tous les clos"),
    "all": _l("Tous"),
}
SORTS: dict[FindingSort, LazyString] = {
    FindingSort.SEVERITY: _l("Les plus graves"),
    FindingSort.AGE: _l("Les plus anciens"),
    FindingSort.LATEST: _l("Les plus récents"),
}
RESULTS: dict[RetestResult, LazyString] = {
    RetestResult.DISAPPEARED: _l("Disparu"),
    RetestResult.STILL_THERE: _l("Encore là"),
    RetestResult.NOT_REACHED: _l("Pas rencontré : personne n’est passé par là"),
}
RESULTS_IN_SHORT: dict[RetestResult, LazyString] = {
    RetestResult.DISAPPEARED: _l("disparu"),
    RetestResult.STILL_THERE: _l("encore là"),
    RetestResult.NOT_REACHED: _l("personne n’est passé par là"),
}
CLOSINGS: dict[FindingClosingKind, LazyString] = {
    FindingClosingKind.RETESTED: _l("Clos : une version suivante ne le montre plus"),
    FindingClosingKind.ACCEPTED: _l("Clos : accepté tel quel"),
    FindingClosingKind.SETTLED: _l("Clos : réglé, mineur"),
    FindingClosingKind.MERGED: _l("Réuni à un autre constat"),
}
CLOSING_PHRASES: dict[FindingClosingKind, LazyString] = {  # after « Clôture : »
    FindingClosingKind.RETESTED: _l("une version suivante ne le montre plus"),
    FindingClosingKind.ACCEPTED: _l("accepté tel quel"),
    FindingClosingKind.SETTLED: _l("réglé, mineur"),
    FindingClosingKind.MERGED: _l("réuni à un autre constat"),
}

ACTION_LABELS: dict[str, LazyString] = {
    "finding.noted": _l("Constat noté"),
    "finding.changed": _l("Constat modifié"),
    "finding.rated": _l("Gravité évaluée"),
    "finding.seen": _l("Vu en séance"),
    "finding.planned": _l("Mis au carnet"),
    "finding.tried_again": _l("Vérifié par un nouveau test"),
    "finding.settled": _l("Réglé"),
    "finding.accepted": _l("Accepté tel quel"),
    "finding.retested": _l("Clos après un nouveau test"),
    "finding.reopened": _l("Rouvert"),
    "finding.merged": _l("Réuni à un autre constat"),
    "finding.took_in": _l("A reçu un autre constat"),
    "finding.split": _l("Séparé d’un autre constat"),
}
LABELS: dict[str, LazyString] = {
    "what": _l("Ce qui s’est passé"),
    "detail": _l("Précisions"),
    "severity": _l("Gravité"),
    "is_harm": _l("Préjudice possible"),
    "owner_id": _l("Qui s’en charge"),
    "round": _l("Série de tests"),
    "item": _l("Élément du carnet"),
    "closing": _l("Clôture"),
    "result": _l("Résultat"),
    "into": _l("Réuni au constat"),
    "merged": _l("Constat reçu"),
    "tasks": _l("Tâches où il a été vu"),
    "sessions": _l("Participants chez qui vous l’avez vu"),
}

_VALUE_FORMATS: Mapping[str, Callable[[Any], object]] = {
    "severity": lambda value: SEVERITY_LABELS[value],
    "is_harm": lambda value: _("oui") if value else _("non"),
    "closing": lambda value: CLOSINGS[FindingClosingKind(value)],
    "result": lambda value: RESULTS[RetestResult(value)],
}


def make_value_formatter(names: Mapping[str, str]) -> Any:
    """Return a function that formats a field's value of the audit trail; `names` by person id."""

    def format_value(field: str, value: Any) -> str:
        if value in (None, ""):
            return _("texte non gardé ici") if field in Finding.unquoted else "—"
        if field == "owner_id":
            return names.get(value, _("quelqu’un qui a quitté l’équipe"))
        return str(_VALUE_FORMATS[field](value)) if field in _VALUE_FORMATS else str(value)

    return format_value


def severity_choices() -> list[tuple[str, LazyString]]:
    """Return the choices of a form, the most severe first, “not rated” included."""
    rated = [(str(n), SEVERITIES[n]) for n in sorted(SEVERITIES, reverse=True)]
    return [("", _l("Pas encore évaluée")), *rated]


def severity_filters() -> list[tuple[str, LazyString]]:
    single = [(str(n), SEVERITY_LABELS[n]) for n in sorted(SEVERITIES, reverse=True)]
    return [(SEVERE_FILTER, _l("Graves : 3 et 4")), (UNRATED, SEVERITY_LABELS[None]), *single]


def state_filters() -> list[tuple[str, LazyString]]:
    return [*GROUPS.items(), *((state.value, label) for state, label in STATES.items())]


def owner_filters(people: Sequence[tuple[Any, str]]) -> list[tuple[str, str | LazyString]]:
    return [(NOBODY, _l("Personne")), *((str(id_), name) for id_, name in people)]


def findings_count_label(count: int) -> str:
    return ngettext("%(num)s constat", "%(num)s constats", count)


def origin_label(round_: int, version: int) -> str:
    return _("série %(round)s, version %(version)s", round=round_, version=version)


def session_count_label(sessions: int) -> str:
    if not sessions:
        return _("aucune séance indiquée")
    return ngettext("vu dans %(num)s séance", "vu dans %(num)s séances", sessions)


def round_sightings_label(sightings: RoundSightingCount) -> str:
    """Return how many of a round's participants met a finding, with the interval for all users."""
    origin = _("Série %(round)s, version %(version)s", round=sightings.round, version=sightings.version)
    if not sightings.sessions:
        return _("%(where)s : aucune séance n’y est gardée.", where=origin)
    if not sightings.affected_sessions:
        return ngettext(
            "%(where)s : vu dans aucune séance, sur %(num)s.",
            "%(where)s : vu dans aucune séance, sur %(num)s.",
            sightings.sessions,
            where=origin,
        )
    low, high = round_interval_to_hundredths(adjusted_wald(sightings.affected_sessions, sightings.sessions))
    return ngettext(
        "%(where)s : %(num)s participant sur %(n)s l’a rencontré ; sur 100 usagers, entre %(low)s"
        " et %(high)s le rencontreraient.",
        "%(where)s : %(num)s participants sur %(n)s l’ont rencontré ; sur 100 usagers, entre"
        " %(low)s et %(high)s le rencontreraient.",
        sightings.affected_sessions,
        where=origin,
        n=sightings.sessions,
        low=low,
        high=high,
    )


def purged_sessions_label(sessions: int) -> str:
    """Return the count of purged sessions, whose round is no longer known."""
    return ngettext(
        "Vu aussi dans %(num)s séance, supprimée depuis : sa série ne se dit plus.",
        "Vu aussi dans %(num)s séances, supprimées depuis : leur série ne se dit plus.",
        sessions,
    )


def group_sightings_by_session(sightings: Sequence[ListedSighting]) -> list[tuple[int, str, int, str]]:
    """Return each session once: its number, code, round, and the names of the observers."""
    observers: dict[tuple[int, str, int], list[str]] = {}
    for sighting in sightings:
        observers.setdefault((sighting.session, sighting.code, sighting.round), []).append(sighting.observer)
    return [(*key, ", ".join(dict.fromkeys(names))) for key, names in observers.items()]


def item_state(item: Item) -> str:
    return _("abandonné") if item.gone_at else lower_first(ITEM_STATES[item.state])


def next_step_sentence(details: FindingDetails, *, decides: bool) -> str:
    """Return what an open finding waits for, or how a closed one was closed; `decides`: whether the
    reader may say what becomes of it."""
    finding, item = details.finding, details.item
    if finding.closing is not None:
        return str(CLOSINGS[finding.closing])
    sentences: dict[FindingState, str] = {
        FindingState.STILL_PRESENT: _("Une version suivante le montre encore : la correction ne suffit pas."),
        FindingState.OPEN: _("Rien n’est encore décidé : mettez-le au carnet, ou dites ce qu’il devient.")
        if decides
        else _(
            "Rien n’est encore décidé. À l’équipe : le mettre au carnet. Au porteur ou à la direction :"
            " l’accepter tel quel."
        ),
        FindingState.DROPPED: _("L’élément qui devait le corriger est abandonné : décidez à nouveau."),
        FindingState.TO_RATE: _("Une version suivante ne le montre plus : dites sa gravité, il sera clos."),
        FindingState.TO_RETEST: _describe_awaited_retest(finding),
        FindingState.PLANNED: _("Sa correction est au carnet (%(state)s).", state=item_state(item))
        if item
        else "",
    }
    return sentences[details.state]


def open_item_warning(details: FindingDetails) -> str:
    """Return a warning when the item of a closed finding is still open; "" otherwise."""
    item = details.item
    if item is None or not item.is_open or details.finding.closing in {None, FindingClosingKind.MERGED}:
        return ""
    return _("Son élément est encore à faire : abandonnez-le s’il n’a plus lieu d’être.")


def _describe_awaited_retest(finding: Finding) -> str:
    if finding.severity is not None and finding.severity < 3:
        return _("L’élément est fait : vérifiez-le par un nouveau test, ou dites-le réglé.")
    return _("L’élément est fait : un test sur une version suivante doit encore le montrer disparu.")


def merged_message(finding: Finding, into: Finding) -> str:
    return _(
        "Constat %(n)s réuni au constat %(into)s : ce qui a été vu de l’un l’est de l’autre.",
        n=finding.number,
        into=into.number,
    )


def split_message(finding: Finding, into: Finding | None) -> str:
    """Return what undoing a merge did, and what is left to check."""
    if into is None:
        return _("Ce constat n’était réuni à aucun autre.")
    item = _(" Il reprend son élément du carnet.") if finding.item_id is not None else ""
    return _(
        "Constat %(n)s séparé du constat %(into)s : il est ouvert, avec ses propres séances et"
        " tâches. Le constat %(into)s garde sa gravité : revoyez-la.%(item)s",
        n=finding.number,
        into=into.number,
        item=item,
    )
