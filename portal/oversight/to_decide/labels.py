"""Sentences of the page of what is to decide."""

from portal.oversight.decisions.models import DecisionOutcome
from portal.oversight.to_decide.selection_rules import Holding
from portal.platform.kernel.text import LazyString, ngettext
from portal.platform.kernel.text import gettext as _
from portal.platform.kernel.text import lazy_gettext as _l
from portal.platform.web.template_filters import day
from portal.project.projects.to_decide_rules import WaitingLine

HOLDINGS: dict[Holding, LazyString] = {
    Holding.ALL: _l("À décider"),
    Holding.OWN: _l("À moi"),
    Holding.NOBODY: _l("Sans responsable"),
    Holding.OTHERS: _l("Confiées"),
}
CLOSED_TAB = _l("Décidées")
BUTTONS: dict[str, LazyString] = {
    DecisionOutcome.GRANTED.value: _l("Accorder"),
    DecisionOutcome.REFUSED.value: _l("Refuser"),
    DecisionOutcome.OTHERWISE.value: _l("Répondre autrement"),
}


def heading(total: int, late: int) -> str:
    """The title: how much waits, and how much of it is late."""
    if not total:
        return _("À décider : rien n’attend")
    if not late:
        return _("À décider : %(total)s", total=total)
    return _("À décider : %(total)s, dont %(late)s en retard", total=total, late=late)


def due(line: WaitingLine) -> str:
    """When it is due and how late it is; empty without a date."""
    if line.due_on is None:
        return ""
    text = _("pour le %(day)s", day=day(line.due_on))
    if not line.days_late:
        return text
    late = ngettext("%(num)s jour de retard", "%(num)s jours de retard", line.days_late)
    return f"{text}, {late}"
