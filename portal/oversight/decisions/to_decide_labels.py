"""Decisions on the page of what is to decide."""

from collections.abc import Sequence
from dataclasses import replace

from portal.coaching.clinics.to_decide_labels import CLAIMED as CLINICS_CLAIMED
from portal.coaching.clinics.to_decide_labels import CODE as CLINICS
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

CODE, HELP, HELP_TAKEN = "decisions", "help_questions", "help_questions_claimed"


def list_lines(actor: Actor) -> Sequence[WaitingLine]:
    """Open decisions that the actor may answer, the oldest first, requests for help left out."""
    return _build_lines(list_decisions_to_answer(actor, is_help=False), actor)


def list_help_lines(actor: Actor) -> Sequence[WaitingLine]:
    """Requests for help put as questions that the actor may answer and nobody took, the oldest first."""
    lines = list_decisions_to_answer(actor, is_help=True)
    return _build_lines([line for line in lines if line.owner_id is None], actor)


def list_taken_help_lines(actor: Actor) -> Sequence[WaitingLine]:
    """Those that somebody has: the actor's own wait for an answer, those of others are in hand."""
    lines = list_decisions_to_answer(actor, is_help=True)
    taken_lines = _build_lines([line for line in lines if line.owner_id is not None], actor)
    return [replace(line, is_in_hand=not line.is_own) for line in taken_lines]


def _build_lines(lines: Sequence[DecisionToAnswer], actor: Actor) -> Sequence[WaitingLine]:
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
        for line in lines
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
        "Demande d’aide par une question (%(num)s)",
        "Demandes d’aide par une question (%(num)s)",
        count,
    ),
    short=_l("Aide"),
    list_lines=list_help_lines,
    rank=2,
    joins=CLINICS,
)
HELP_FOLLOWED = WaitingKind(
    code=HELP_TAKEN,
    title=lambda count: ngettext(
        "Demande d’aide confiée (%(num)s)", "Demandes d’aide confiées (%(num)s)", count
    ),
    short=_l("Aide confiée"),
    list_lines=list_taken_help_lines,
    rank=2,
    joins=CLINICS_CLAIMED,
)
