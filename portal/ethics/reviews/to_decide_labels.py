"""Reviews without a reviewer, and those of their reviewer, on the page of what is to decide."""

from collections.abc import Sequence

from portal.ethics.reviews.labels import describe_reviewer_task
from portal.ethics.reviews.register_queries import list_reviewer_tasks, list_reviews_without_reviewer
from portal.platform.kernel import clock
from portal.platform.kernel.access import Actor
from portal.platform.kernel.text import gettext as _
from portal.platform.kernel.text import lazy_gettext as _l
from portal.platform.kernel.text import ngettext
from portal.project.projects.path_rules import row_path
from portal.project.projects.to_decide_queries import WaitingKind
from portal.project.projects.to_decide_rules import PATIENCE, WaitingLine, WaitingLineProject

CODE, TASKS = "reviews", "review_tasks"


def list_reviewerless_lines(actor: Actor) -> Sequence[WaitingLine]:
    """Submitted reviews without an independent reviewer, for leads, the oldest first."""
    return [
        WaitingLine(
            id=listed.review.id,
            project=WaitingLineProject.of(listed.project),
            path=row_path(listed.project, listed.review),
            title=str(listed.definition.title),
            detail=_("qui la relisait n’est plus indépendant, ou a un compte fermé")
            if listed.review.reviewer_id
            else _("soumise, sans relecteur"),
            since=clock.day_of(listed.review.submitted_at or listed.review.created_at),
            patience=PATIENCE,
            owner_id=listed.review.reviewer_id,
        )
        for listed in list_reviews_without_reviewer(actor)
    ]


_REVIEWERLESS = WaitingKind(
    code=CODE,
    title=lambda count: ngettext("Revue sans relecteur (%(num)s)", "Revues sans relecteur (%(num)s)", count),
    short=_l("Relecteur"),
    list_lines=list_reviewerless_lines,
    rank=3,
)


def list_reviewer_task_lines(actor: Actor) -> Sequence[WaitingLine]:
    """Reviews that the actor takes, decides, or whose proofs they confirm, the longest waiting first."""
    return [
        WaitingLine(
            id=task.review.id,
            project=WaitingLineProject.of(task.project),
            path=(path := row_path(task.project, task.review)),
            title=str(task.definition.title),
            detail=describe_reviewer_task(task),
            since=clock.day_of(task.since or task.review.created_at),
            patience=PATIENCE,
            number=task.review.number,
            is_own=True,
            next_act=(_("Relire"), path),
        )
        for task in list_reviewer_tasks(actor)
    ]


_OWN = WaitingKind(
    code=TASKS,
    title=lambda count: ngettext("Revue à relire (%(num)s)", "Revues à relire (%(num)s)", count),
    short=_l("Revue"),
    list_lines=list_reviewer_task_lines,
    rank=3,
    is_private=True,
)

KINDS = (_REVIEWERLESS, _OWN)
