"""Reviews without a reviewer, on the page of what is to decide."""

from collections.abc import Sequence

from portal.ethics.reviews.register_queries import list_reviews_without_reviewer
from portal.platform.kernel import clock
from portal.platform.kernel.access import Actor
from portal.platform.kernel.text import gettext as _
from portal.platform.kernel.text import lazy_gettext as _l
from portal.platform.kernel.text import ngettext
from portal.project.projects.path_rules import row_path
from portal.project.projects.to_decide_queries import WaitingKind
from portal.project.projects.to_decide_rules import PATIENCE, WaitingLine, WaitingLineProject

CODE = "reviews"


def list_reviewerless_lines(actor: Actor) -> Sequence[WaitingLine]:
    """Submitted reviews without an independent reviewer, for leads, the oldest first."""
    return [
        WaitingLine(
            id=listed.review.id,
            project=WaitingLineProject.of(listed.project),
            path=row_path(listed.project, listed.review),
            title=str(listed.definition.title),
            detail=_("qui la relisait n’est plus indépendant")
            if listed.review.reviewer_id
            else _("soumise, sans relecteur"),
            since=clock.day_of(listed.review.submitted_at or listed.review.created_at),
            patience=PATIENCE,
            owner_id=listed.review.reviewer_id,
        )
        for listed in list_reviews_without_reviewer(actor)
    ]


WAITING = WaitingKind(
    code=CODE,
    title=lambda count: ngettext("Revue sans relecteur (%(num)s)", "Revues sans relecteur (%(num)s)", count),
    short=_l("Relecteur"),
    list_lines=list_reviewerless_lines,
    rank=3,
)
