"""Sentences of the page of what is to decide."""

from collections.abc import Sequence

from portal.oversight.to_decide.selection_rules import TurnHolder
from portal.people.programmes.models import Programme
from portal.people.programmes.start_labels import ProgrammeStartStep
from portal.platform.kernel.text import LazyString, lower_first, ngettext
from portal.platform.kernel.text import gettext as _
from portal.platform.kernel.text import lazy_gettext as _l
from portal.platform.web.template_filters import ago, day
from portal.project.projects.to_decide_rules import WaitingLine

HOLDINGS: dict[TurnHolder, LazyString] = {
    TurnHolder.ALL: _l("À décider"),
    TurnHolder.OWN: _l("À moi"),
    TurnHolder.NOBODY: _l("Sans responsable"),
    TurnHolder.OTHERS: _l("Confiées"),
}
IN_HAND_TAB = _l("Déjà prises")
CLOSED_TAB = _l("Décidées")


def heading(total: int, late: int, starting: int) -> str:
    """The title: how much waits, and how much of it is late; else how many programmes have first steps
    that wait for the reader."""
    if not total and starting:
        return ngettext(
            "À décider : un programme à lancer", "À décider : %(num)s programmes à lancer", starting
        )
    if not total:
        return _("À décider : rien n’attend")
    if not late:
        return _("À décider : %(total)s", total=total)
    return _("À décider : %(total)s, dont %(late)s en retard", total=total, late=late)


def describe_start(programme: Programme, steps: Sequence[ProgrammeStartStep]) -> tuple[str, str]:
    """How many first steps of a programme wait for the reader, and which."""
    title = ngettext(
        "%(programme)s : une étape du démarrage vous attend",
        "%(programme)s : %(num)s étapes du démarrage vous attendent",
        len(steps),
        programme=programme.name,
    )
    first, *others = (step.title for step in steps)
    return title, ", ".join([first, *(lower_first(other) for other in others)]) + "."


def introduce(*, has_order: bool) -> str:
    """What comes of an answer, after the order of the lines where they are of several."""
    sentences = [_ORDER_RULE, _ANSWER_RULE] if has_order else [_ANSWER_RULE]
    return " ".join(map(str, sentences))


_ORDER_RULE = _l("Ce qui est à vous, puis à personne, puis à d’autres, chaque fois le plus ancien d’abord.")
_ANSWER_RULE = _l("L’équipe lit votre réponse aussitôt.")


def describe_what_follows(*, has_decisions: bool, has_late: bool) -> str:
    """What comes of a decision, for who answers some, and what late means where something is."""
    sentences = [_RECORD_RULE] if has_decisions else []
    return " ".join(map(str, [*sentences, _LATENESS_RULE] if has_late else sentences))


_RECORD_RULE = _l("Une décision entre au relevé du prochain comité.")
# As `WaitingLine.days_late`: seven days, more in a call and for appeals and change requests.
_LATENESS_RULE = _l("En retard\u00a0: passé sa date ou, sans date, après sept jours d’ordinaire.")


def list_line_details(line: WaitingLine, detail: str, *, is_dated: bool = False) -> Sequence[str]:
    """What is known of a line: its detail, and since when unless that is how long it waits, or said in the
    detail."""
    since = "" if is_dated or _waits_without_date(line) else ago(line.since)
    return [text for text in (detail, since) if text]


def due_label(line: WaitingLine) -> str:
    """When it is due, or how long it waits for its answer without a date; "" once it is late, and where it
    is the time of others."""
    if line.days_late:
        return ""
    if line.due_on is not None:
        return _("pour le %(day)s", day=day(line.due_on))
    return _describe_wait(line) if _waits_without_date(line) else ""


def lateness_label(line: WaitingLine) -> str:
    """How late it is, "" while it is not: after its date, or after so many days of waiting."""
    if not line.days_late:
        return ""
    if line.due_on is None:
        return _describe_wait(line)
    days = ngettext("%(num)s jour de retard", "%(num)s jours de retard", line.days_late)
    return _("pour le %(day)s, %(late)s", day=day(line.due_on), late=days)


def _waits_without_date(line: WaitingLine) -> bool:
    return line.due_on is None and line.patience is not None


def _describe_wait(line: WaitingLine) -> str:
    if not line.days_waited:
        return _("arrivée aujourd’hui")
    return ngettext("attend depuis %(num)s jour", "attend depuis %(num)s jours", line.days_waited)


def whose_turn(line: WaitingLine) -> str:
    """Whose turn it is: the reader's, a person's by name, of those to whom it is put, nobody's yet; ""
    where others decide it by their role, whom its facts name."""
    if line.is_own:
        return _("À vous")
    return line.owner or line.whom or ("" if line.is_assigned else _("Sans responsable"))
