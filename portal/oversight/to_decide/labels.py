"""Sentences of the page of what is to decide."""

from collections.abc import Sequence

from portal.oversight.to_decide.selection_rules import Holding
from portal.platform.kernel.text import LazyString, ngettext
from portal.platform.kernel.text import gettext as _
from portal.platform.kernel.text import lazy_gettext as _l
from portal.platform.web.template_filters import ago, day
from portal.project.projects.to_decide_rules import WaitingLine

HOLDINGS: dict[Holding, LazyString] = {
    Holding.ALL: _l("À décider"),
    Holding.OWN: _l("À moi"),
    Holding.NOBODY: _l("Sans responsable"),
    Holding.OTHERS: _l("Confiées"),
}
CLOSED_TAB = _l("Décidées")


def heading(total: int, late: int) -> str:
    """The title: how much waits, and how much of it is late."""
    if not total:
        return _("À décider : rien n’attend")
    if not late:
        return _("À décider : %(total)s", total=total)
    return _("À décider : %(total)s, dont %(late)s en retard", total=total, late=late)


def lead(*, has_decisions: bool) -> str:
    """What the page holds, for who answers decisions and for who does not."""
    if has_decisions:
        return _(
            "Les décisions, puis le reste, les plus anciennes d’abord. Chaque réponse part à l’équipe et"
            " entre au relevé de décisions du prochain comité."
        )
    return _("Ce qui attend votre réponse, le plus ancien d’abord. L’équipe la lit aussitôt.")


def facts(line: WaitingLine, detail: str) -> Sequence[str]:
    """What is known of a line: its detail, since when unless `late` says it, and whom it waits for,
    if nobody by name."""
    waits = _("attend : %(who)s", who=line.whom) if line.whom and not line.owner else ""
    since = "" if line.days_late and line.due_on is None else ago(line.since)
    return [text for text in (detail, since, waits) if text]


def due(line: WaitingLine) -> str:
    """When it is due; "" without a date, and once the date has passed."""
    if line.due_on is None or line.days_late:
        return ""
    return _("pour le %(day)s", day=day(line.due_on))


def late(line: WaitingLine) -> str:
    """How late it is, "" while it is not: after its date, or after so many days of waiting."""
    if not line.days_late:
        return ""
    if line.due_on is None:
        return ngettext("attend depuis %(num)s jour", "attend depuis %(num)s jours", line.days_waited)
    days = ngettext("%(num)s jour de retard", "%(num)s jours de retard", line.days_late)
    return _("pour le %(day)s, %(late)s", day=day(line.due_on), late=days)


def more_decisions(count: int) -> str:
    """What a fold of decisions holds."""
    return ngettext("%(num)s autre décision", "%(num)s autres décisions", count)


def held_by_others(count: int) -> str:
    """What a fold of lines holds that others decide."""
    return ngettext("%(num)s attend quelqu’un d’autre", "%(num)s attendent quelqu’un d’autre", count)


def late_among(count: int) -> str:
    """How many of a fold's lines are late."""
    return ngettext("dont %(num)s en retard", "dont %(num)s en retard", count)


def whose(line: WaitingLine) -> str:
    """Whose turn it is: the reader's, a person by name, or nobody's yet."""
    return _("À vous") if line.is_own else line.owner or _("Sans responsable")
