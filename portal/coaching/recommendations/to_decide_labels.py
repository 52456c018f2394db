"""Recommendations that their team completed, on the page of what is to decide."""

from collections.abc import Sequence

from portal.coaching.recommendations.queries import list_recommendations_to_confirm
from portal.platform.kernel import clock
from portal.platform.kernel.access import Actor
from portal.platform.kernel.text import gettext as _
from portal.platform.kernel.text import lazy_gettext as _l
from portal.platform.kernel.text import ngettext
from portal.project.projects.to_decide_queries import WaitingKind
from portal.project.projects.to_decide_rules import PATIENCE, WaitingLine, shorten_detail

CODE = "recommendations"
PROOF_SHOWN = 300  # characters of a proof on a line


def list_lines(actor: Actor) -> Sequence[WaitingLine]:
    """Those of the teams that the actor coaches, the longest waiting first."""
    return [
        WaitingLine(
            id=row.id,
            project=row.project,
            path=f"/projects/{row.project.slug}/recommendations/{row.number}",
            title=row.what,
            detail=describe_proof(row.proof, row.proof_link),
            since=clock.day_of(row.done_at),
            patience=PATIENCE,
            number=row.number,
            is_own=True,
        )
        for row in list_recommendations_to_confirm(actor)
    ]


def describe_proof(text: str, link: str) -> str:
    """What the team gives as proof that it is done, shortened: its words, else its link, else files."""
    proof = shorten_detail(text or link, PROOF_SHOWN)
    if not proof:
        return _("l’équipe dit que c’est fait, preuve en pièce jointe")
    return _("l’équipe dit que c’est fait : « %(proof)s »", proof=proof)


WAITING = WaitingKind(
    code=CODE,
    title=lambda count: ngettext(
        "Recommandation à confirmer (%(num)s)", "Recommandations à confirmer (%(num)s)", count
    ),
    short=_l("Recommandation"),
    list_lines=list_lines,
    rank=2,
)
