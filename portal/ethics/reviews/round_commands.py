"""Widens the round of a reopened review to more sections."""

from collections.abc import Collection

from portal.ethics.reviews import policy, queries
from portal.ethics.reviews.models import Review
from portal.ethics.reviews.round_rules import filter_sections
from portal.platform.kernel import audit
from portal.platform.kernel.access import Actor, require
from portal.platform.kernel.errors import TooLate
from portal.platform.kernel.text import gettext as _
from portal.platform.kernel.text import lazy_gettext as _l
from portal.project.projects.models import Project
from portal.project.projects.path_rules import path_of
from portal.project.projects.work_commands import lock_fresh, record_change, require_under_way

WIDENED = audit.Action(
    "review.widened", _l("a élargi ce qui est à revoir de la revue éthique %(number)s")
)


def widen_round(actor: Actor, project: Project, review: Review, sections: Collection[str]) -> None:
    """Open more sections of a round to its team; all of them when `sections` is empty.

    Raises `TooLate` when the review is not with its team.
    """
    is_allowed = (
        policy.is_reviewer(actor, project, review)
        or policy.may_submit(actor, project)
        or policy.may_choose(actor, project)
    )
    require(is_allowed, _("Seuls le porteur, le relecteur ou la direction élargissent une revue."))
    require_under_way(project)
    lock_fresh(review)
    if not review.is_with_team:
        sentence = _("La revue %(n)s attend sa décision : répondez quand elle est rendue.")
        raise TooLate(sentence % {"n": review.number}, path_of(project, review))
    record = queries.reload_record(review)
    before = record.round.sections
    if not before:  # all sections are open already
        return
    after = filter_sections(record.definition, [*before, *sections]) if sections else []
    if after != before:
        record.round.sections = after
        changes = {"sections": (before, after)}
        record_change(actor, WIDENED, review, changes, round=review.round, project=project)
