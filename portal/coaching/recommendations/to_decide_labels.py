"""Recommendations that their team completed, on the page of what is to decide."""

from collections.abc import Sequence

from portal.coaching.recommendations.labels import describe_proof
from portal.coaching.recommendations.queries import list_recommendations_to_confirm
from portal.platform.kernel import clock
from portal.platform.kernel.access import Actor
from portal.platform.kernel.text import lazy_gettext as _l
from portal.platform.kernel.text import ngettext
from portal.project.projects.to_decide_queries import WaitingKind
from portal.project.projects.to_decide_rules import PATIENCE, WaitingLine

CODE = "recommendations"


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


WAITING = WaitingKind(
    code=CODE,
    title=lambda count: ngettext(
        "Recommandation à confirmer (%(num)s)", "Recommandations à confirmer (%(num)s)", count
    ),
    short=_l("Recommandation"),
    list_lines=list_lines,
    rank=2,
)
