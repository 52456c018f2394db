"""Decisions on the page of what is to decide."""

from collections.abc import Sequence

from portal.oversight.decisions.labels import ADDRESSEES
from portal.oversight.decisions.models import DecisionAddressee
from portal.oversight.decisions.queries import DecisionToAnswer, list_decisions_to_answer
from portal.platform.kernel import clock
from portal.platform.kernel.access import Actor
from portal.platform.kernel.text import gettext as _
from portal.platform.kernel.text import lazy_gettext as _l
from portal.platform.kernel.text import ngettext
from portal.project.projects.to_decide_queries import WaitingKind
from portal.project.projects.to_decide_rules import PATIENCE, WaitingLine

CODE, HELP = "decisions", "help_questions"


def list_lines(actor: Actor) -> Sequence[WaitingLine]:
    """Open decisions that the actor may answer, the oldest first, requests for help left out."""
    return _build_lines(actor, is_help=False)


def list_help_lines(actor: Actor) -> Sequence[WaitingLine]:
    """Requests for help put as questions that the actor may answer, the oldest first."""
    return _build_lines(actor, is_help=True)


def _build_lines(actor: Actor, *, is_help: bool) -> Sequence[WaitingLine]:
    return [
        WaitingLine(
            id=line.id,
            project=line.project,
            path=f"/projects/{line.project.slug}/decisions/{line.number}",
            title=line.question,
            detail=_("demandée au sprint %(n)s", n=line.origin)
            if line.origin
            else _("demandée par l’équipe"),
            since=clock.day_of(line.created_at),
            due_on=line.due_on,
            patience=PATIENCE,
            owner_id=line.owner_id,
            owner=line.owner or "",
            is_own=line.owner_id == actor.person_id,
            number=line.number,
            whom=_addressee_label(line),
        )
        for line in list_decisions_to_answer(actor, is_help=is_help)
    ]


def _addressee_label(line: DecisionToAnswer) -> str:
    """To whom it is put, where nobody has it and it is not the leads."""
    is_for_leads = line.addressee is DecisionAddressee.LEAD
    return "" if line.owner_id or is_for_leads else str(ADDRESSEES[line.addressee])


WAITING = WaitingKind(
    code=CODE,
    title=lambda count: ngettext("Décision attendue (%(num)s)", "Décisions attendues (%(num)s)", count),
    short=_l("Décision"),
    list_lines=list_lines,
    rank=0,
)
HELP_WAITING = WaitingKind(
    code=HELP,
    title=lambda count: ngettext(
        "Demande d’aide posée comme une question (%(num)s)",
        "Demandes d’aide posées comme des questions (%(num)s)",
        count,
    ),
    short=_l("Aide"),
    list_lines=list_help_lines,
    rank=2,
)
