"""Labels and sentences for sprints, their logs and their figures."""

from datetime import date, timedelta
from enum import StrEnum
from typing import Any

from flask_babel import format_decimal, format_percent

from portal.platform.kernel import clock
from portal.platform.kernel.text import LazyString, format_day, ngettext
from portal.platform.kernel.text import gettext as _
from portal.platform.kernel.text import lazy_gettext as _l
from portal.sprints.backlog.labels import format_points
from portal.sprints.sprints.models import BlockerKind, Sprint, SprintOutcome, SprintState
from portal.sprints.sprints.outlook_rules import OutlookLevel

STATES: dict[SprintState, LazyString] = {
    SprintState.PLANNED: _l("Planifié"),
    SprintState.ACTIVE: _l("En cours"),
    SprintState.CLOSED: _l("Clos"),
}

OUTCOME_ANSWERS: dict[SprintOutcome, LazyString] = {
    SprintOutcome.MET: _l("Oui"),
    SprintOutcome.PARTLY: _l("En partie"),
    SprintOutcome.MISSED: _l("Non"),
}

OUTCOMES: dict[SprintOutcome, LazyString] = {
    SprintOutcome.MET: _l("But atteint"),
    SprintOutcome.PARTLY: _l("But atteint en partie"),
    SprintOutcome.MISSED: _l("But manqué"),
}
OUTCOME_KINDS: dict[SprintOutcome, str] = {
    SprintOutcome.MET: "success",
    SprintOutcome.PARTLY: "info",
    SprintOutcome.MISSED: "error",
}


def badge(sprint: Sprint) -> tuple[LazyString, str | None]:
    """The words of a sprint's state and the kind of its badge."""
    return STATES[sprint.state], "success" if sprint.state is SprintState.CLOSED else None


BLOCKERS: dict[BlockerKind, LazyString] = {
    BlockerKind.NONE: _l("Rien ne bloque"),
    BlockerKind.DATA_ACCESS: _l("Accès aux données"),
    BlockerKind.ANNOTATION: _l("Annotation"),
    BlockerKind.CONTRACTOR: _l("Prestataire"),
    BlockerKind.IT: _l("Informatique"),
    BlockerKind.LEGAL_DPO: _l("Juridique ou protection des données"),
    BlockerKind.PEOPLE: _l("Équipe et disponibilité"),
}

# As offered beside a text: the words of a blocker say enough without its kind.
BLOCKER_CHOICES: dict[BlockerKind, LazyString] = BLOCKERS | {BlockerKind.NONE: _l("Non précisée")}

OUTLOOKS: dict[OutlookLevel, LazyString] = {
    OutlookLevel.SUNNY: _l("Soleil : nous avançons comme prévu"),
    OutlookLevel.CLOUDY: _l("Nuages : un point nous préoccupe"),
    OutlookLevel.RAINY: _l("Pluie : le prochain but est menacé"),
    OutlookLevel.STORMY: _l("Orage : le projet lui-même est menacé"),
}

OUTLOOKS_IN_SHORT: dict[OutlookLevel, LazyString] = {
    OutlookLevel.SUNNY: _l("Soleil"),
    OutlookLevel.CLOUDY: _l("Nuages"),
    OutlookLevel.RAINY: _l("Pluie"),
    OutlookLevel.STORMY: _l("Orage"),
}

ACTION_LABELS: dict[str, LazyString] = {
    "sprint.planned": _l("Sprint planifié"),
    "sprint.replanned": _l("Plan modifié"),
    "sprint.started": _l("Sprint démarré"),
    "sprint.start_undone": _l("Démarrage annulé"),
    "sprint.help_asked": _l("Aide demandée"),
    "sprint.help_withdrawn": _l("Demande d’aide retirée"),
    "sprint.closed": _l("Sprint clos"),
    "sprint.close_undone": _l("Clôture annulée"),
    "sprint.relogged": _l("Journal modifié"),
}

# Fields of a request that was made after the close; the form of the log has the others.
HELP_FIELD_LABELS = {
    "help_text": _l("Demande d’aide"),
    "help_blocker": _l("Nature du blocage"),
}
_ENUMS: dict[str, tuple[type[StrEnum], dict[Any, LazyString]]] = {
    "outcome": (SprintOutcome, OUTCOMES),
    "blocker": (BlockerKind, BLOCKERS),
    "help_blocker": (BlockerKind, BLOCKERS),
    "outlook": (OutlookLevel, OUTLOOKS_IN_SHORT),
}


def describe_remaining_days(sprint: Sprint, today: date) -> str:
    """« 9 jours restants sur 20 », « dernier jour », or how late it is."""
    left, whole = (sprint.ends_on - today).days, (sprint.ends_on - sprint.starts_on).days + 1
    if left < 0:
        return ngettext("%(num)s jour de retard", "%(num)s jours de retard", -left)
    if not left:
        return _("dernier jour")
    return ngettext("%(num)s jour restant sur %(all)s", "%(num)s jours restants sur %(all)s", left, all=whole)


def describe_span(sprint: Sprint, pattern: str = "long") -> str:
    """« Du 3 au 17 novembre 2026 »; the one day of a sprint that was closed before its first."""
    closed_on = clock.day_of(sprint.closed_at) if sprint.closed_at else None
    if closed_on is not None and closed_on < sprint.starts_on:
        return _("Démarré et clos le %(day)s", day=format_day(closed_on, pattern))
    if sprint.starts_on == sprint.ends_on:
        return _("Le %(day)s", day=format_day(sprint.starts_on, pattern))
    first, last = format_day(sprint.starts_on, pattern), format_day(sprint.ends_on, pattern)
    return _("Du %(first)s au %(last)s", first=first, last=last)


def start_question(sprint: Sprint, first: date) -> str:
    """The question of a start whose first day is `first`."""
    if first == clock.today():
        return _("Démarrer le sprint %(number)s aujourd’hui ?", number=sprint.number)
    return _("Démarrer le sprint %(number)s ?", number=sprint.number)


def list_start_sentences(sprint: Sprint, days: tuple[date, date], today: date) -> list[str]:
    """What a start today changes: how far from the plan its first day is, and the new days."""
    gap = (sprint.starts_on - days[0]).days
    if gap == 0:
        when = _("il commence ce jour-là")
    elif gap > 0:
        when = ngettext("c’est %(num)s jour plus tôt", "c’est %(num)s jours plus tôt", gap)
    else:
        when = ngettext("c’est %(num)s jour plus tard", "c’est %(num)s jours plus tard", -gap)
    plan = _(
        "Il était prévu du %(first)s au %(last)s : %(when)s.",
        first=format_day(sprint.starts_on),
        last=format_day(sprint.ends_on),
        when=when,
    )
    if days == (sprint.starts_on, sprint.ends_on):
        return [plan, _("D’autres sprints ont les jours d’ici là : ses dates ne changent pas.")]
    first, last = (format_day(day) for day in days)
    if days[0] == today:
        return [plan, _("Il commencera aujourd’hui et finira le %(last)s.", last=last)]
    until = format_day(days[0] - timedelta(days=1))
    reason = _("Aujourd’hui est encore du sprint précédent, qui va jusqu’au %(until)s.", until=until)
    return [plan, reason, _("Il commencera le %(first)s et finira le %(last)s.", first=first, last=last)]


def list_workload_sentences(size: int, usual: str) -> list[str]:
    """« Il prend 44 points, 18 points d’habitude. »; nothing while no pace is known."""
    return [_("Il prend %(size)s, %(usual)s.", size=format_points(size), usual=usual)] if usual else []


def undone_message(number: int, *, is_closed: bool, withdraws_help: bool) -> str:
    """What the undo did."""
    if withdraws_help:
        return _(
            "La clôture du sprint %(number)s est annulée, et sa demande d’aide retirée\u00a0: son journal"
            " redevient un brouillon.",
            number=number,
        )
    if is_closed:
        return _(
            "La clôture du sprint %(number)s est annulée\u00a0: son journal redevient un brouillon.",
            number=number,
        )
    return _("Le démarrage du sprint %(number)s est annulé : il est de nouveau planifié.", number=number)


def add_days_left(message: str, sprint: Sprint) -> str:
    """The message of an undo, and which days remain to a sprint that does not have its own back."""
    sentence = _(
        "Un autre sprint a pris ses jours\u00a0: il va maintenant du %(first)s au %(last)s.",
        first=format_day(sprint.starts_on),
        last=format_day(sprint.ends_on),
    )
    return f"{message} {sentence}"


def format_value(field: str, value: Any) -> str:
    """An audited value for readers; a dash for None and empty text."""
    if value in (None, ""):
        return "—"
    if field in _ENUMS:
        enum, names = _ENUMS[field]
        return str(names[enum(value)])
    if isinstance(value, bool):
        return _("oui") if value else _("non")
    if field in {"starts_on", "ends_on"}:
        return format_day(date.fromisoformat(value))
    return str(format_decimal(value)) if isinstance(value, float) else str(value)


def format_amount(number: int, *, in_points: bool) -> str:
    """« 5 points » or « 5 éléments »."""
    if in_points:
        return format_points(number)
    return ngettext("%(num)s élément", "%(num)s éléments", number)


def format_completed(number: int, *, in_points: bool) -> str:
    """« 5 points faits » or « 5 éléments faits »."""
    if in_points:
        return ngettext("%(num)s point fait", "%(num)s points faits", number)
    return ngettext("%(num)s élément fait", "%(num)s éléments faits", number)


def format_share(part: float | None) -> str:
    """A part from 0 to 1 as a percentage."""
    return "—" if part is None else str(format_percent(part, "#,##0 %"))


def format_days(number: float | None) -> str:
    """A number of days with one decimal; a dash for None."""
    if number is None:
        return "—"
    return _("%(n)s j", n=format_decimal(round(number, 1)))
