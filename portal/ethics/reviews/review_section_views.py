"""What other features say of a project's reviews, and of one of them: a line each, with a link."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from portal.ethics.reviews.models import Review
from portal.platform.kernel.access import Actor
from portal.platform.kernel.contributions import Contribution, contributed
from portal.project.projects.models import Project
from portal.project.projects.section_queries import SectionLine


@dataclass(frozen=True)
class ReviewLines(Contribution):
    """Lines about one review of a project, or about all of them."""

    list_lines: Callable[[Actor, Project, Review | None], Sequence[SectionLine]]


def list_review_lines(
    actor: Actor, project: Project, review: Review | None = None
) -> Sequence[SectionLine]:
    """All lines, of one review or of all, in the order of the features."""
    contributions = contributed(ReviewLines)
    return [line for each in contributions for line in each.list_lines(actor, project, review)]
