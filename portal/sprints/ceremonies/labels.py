"""Labels and sentences for demonstrations, retrospectives and actions."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from portal.platform.kernel import clock
from portal.platform.kernel.text import LazyString, format_day, lower_first, ngettext
from portal.platform.kernel.text import gettext as _
from portal.platform.kernel.text import lazy_gettext as _l
from portal.sprints.backlog.labels import STATES
from portal.sprints.ceremonies.action_queries import RetroActionWithOwner
from portal.sprints.ceremonies.models import ATTENDEES, Demonstration, RetroAction, Settlement
from portal.sprints.ceremonies.queries import DemonstrationLine

ATTENDEE_LABELS: dict[str, LazyString] = {
    "team_business": _l("Équipe : métier"),
    "team_technical": _l("Équipe : technique"),
    "agents": _l("Agents visés"),
    "citizens": _l("Usagers du service"),
    "management": _l("Hiérarchie"),
    "support": _l("Informatique, droit, données"),
    "coaches": _l("Coachs et programme"),
    "others": _l("Autres"),
}

SETTLEMENT_LABELS: dict[Settlement, LazyString] = {
    Settlement.COMPLETED: _l("Faite"),
    Settlement.DROPPED: _l("Abandonnée"),
}

ACTION_LABELS: dict[str, LazyString] = {
    "demonstration.noted": _l("Démonstration notée"),
    "demonstration.changed": _l("Démonstration modifiée"),
    "retrospective.noted": _l("Rétrospective notée"),
    "retrospective.changed": _l("Rétrospective modifiée"),
    "retro_action.added": _l("Action décidée"),
    "retro_action.changed": _l("Action modifiée"),
    "retro_action.done": _l("Action faite"),
    "retro_action.dropped": _l("Action abandonnée"),
    "retro_action.reopened": _l("Action rouverte"),
    "retro_action.planned": _l("Action mise au carnet"),
}

LABELS: dict[str, LazyString] = {
    "held_on": _l("Jour"),
    "shown": _l("Version montrée"),
    **ATTENDEE_LABELS,
    "feedback": _l("Ce qu’on nous a dit"),
    "decisions": _l("Ce qui est décidé"),
    "went_well": _l("Ce qui a marché"),
    "went_badly": _l("Ce qui n’a pas marché"),
    "what": _l("Ce qui sera fait"),
    "due_on": _l("Échéance"),
    "owner_id": _l("Qui s’en charge"),
    "settlement": _l("État"),
    "item": _l("Élément du carnet"),
}


def format_value(field: str, value: Any) -> str:
    """An audited value for readers; a dash for None and empty text."""
    if value in (None, ""):
        return "—"
    if field in {"held_on", "due_on"}:
        return format_day(date.fromisoformat(value))
    if field == "settlement":
        return str(SETTLEMENT_LABELS[Settlement(value)])
    if field == "shown":
        return _("Version %(n)s", n=value)
    return str(value)


def describe_attendance(demonstration: Demonstration | DemonstrationLine) -> str:
    """« 2 de l’équipe, 5 d’ailleurs »."""
    inside = ngettext("%(num)s personne de l’équipe", "%(num)s personnes de l’équipe", demonstration.in_team)
    if not demonstration.outside:
        return _("%(inside)s, personne d’autre", inside=inside)
    outside = ngettext("%(num)s personne d’ailleurs", "%(num)s personnes d’ailleurs", demonstration.outside)
    return _("%(inside)s, %(outside)s", inside=inside, outside=outside)


def attendee_counts_by_role(demonstration: Demonstration) -> Mapping[str, int]:
    """The number of attendees by label of their role, without zeros."""
    counts = {name: getattr(demonstration, name) for name in ATTENDEES}
    return {str(ATTENDEE_LABELS[name]): people for name, people in counts.items() if people}


def action_badge(action: RetroAction, sprints_open: int) -> tuple[str, str | None]:
    """How long an action has been open, or how it was settled, and the kind of its badge. `sprints_open`
    sprints were closed since the one that decided it."""
    if action.settlement is None:
        return open_sprint_count_label(sprints_open), "info"
    kind = "success" if action.settlement is Settlement.COMPLETED else None
    return str(SETTLEMENT_LABELS[action.settlement]), kind


def open_sprint_count_label(sprints: int) -> str:
    """« Ouverte depuis 2 sprints »: `sprints` closed since the one that decided the action."""
    if not sprints:
        return _("Ouverte")
    return ngettext("Ouverte depuis %(num)s sprint", "Ouverte depuis %(num)s sprints", sprints)


def item_state_suffix(detail: RetroActionWithOwner) -> str:
    """The state of the item made from an action, in brackets; empty without an item."""
    item = detail.item
    if item is None:
        return ""
    if item.gone_at is not None:
        return _(" (abandonné)")
    return _(" (%(state)s)", state=lower_first(STATES[item.state]))


def is_late(detail: RetroActionWithOwner) -> bool:
    """Whether an open action is past its due date."""
    return detail.action.settlement is None and detail.action.due_on < clock.today()


def owner_label(detail: RetroActionWithOwner) -> str:
    """The owner of an action, and whether they left the team while it is open."""
    is_there = not detail.has_owner_left or detail.action.settlement is not None
    return format_owner_name(detail.owner, is_there=is_there)


def format_owner_name(name: str, *, is_there: bool) -> str:
    """A person's name; `is_there`: whether they are still on the team."""
    return name if is_there else _("%(name)s, qui a quitté l’équipe", name=name)
