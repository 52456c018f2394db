"""Lines that other features add to the pages of reviews, such as re-reviews that wait.

The application registers the providers, as it does for projects and findings.
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
    """The lines of one review, or of all reviews of a project, in the order of the providers."""
    providers: Sequence[ListReviewLines] = current_app.extensions["review_chapters"]
    return [line for list_lines in providers for line in list_lines(actor, project, review)]
