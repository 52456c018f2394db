"""What the floors above say of a project's reviews, and of one of them, on their own pages: a line
each, with the way there. The roof hands in who tells them, as it does for a project and a finding.
"""

from collections.abc import Callable, Sequence

from flask import current_app

from portal.ethics.reviews.models import Review
from portal.platform.kernel.access import Actor
from portal.project.projects.models import Project
from portal.project.projects.section_queries import SectionLine

ListReviewLines = Callable[[Actor, Project, Review | None], Sequence[SectionLine]]


def list_review_lines(
    actor: Actor, project: Project, review: Review | None = None
) -> Sequence[SectionLine]:
    """All lines, of one review or of all, in the order of the tellers."""
    tellers: Sequence[ListReviewLines] = current_app.extensions["review_chapters"]
    return [line for teller in tellers for line in teller(actor, project, review)]
