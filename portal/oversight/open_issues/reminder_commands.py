"""Remind whoever has a review that a gate requires and that is late; for leads of the programme."""

from uuid import UUID

from portal.ethics.reviews import reminder_commands as reviews
from portal.ethics.reviews.queries import find_last_review
from portal.ethics.reviews.reviewer_queries import list_people_to_remind
from portal.oversight.open_issues.queries import find_expected_review
from portal.oversight.open_issues.team_issue_rules import WAITING, ExpectedReview
from portal.platform.kernel.access import Actor
from portal.platform.kernel.database import lock_row
from portal.platform.kernel.errors import Overtaken
from portal.platform.kernel.text import lazy_gettext as _l
from portal.project.projects.models import Project

NOT_LATE = _l("Cette revue n’est pas en retard\u00a0: il n’y a rien à rappeler.")


def build_review_turn(project_id: UUID, expected: ExpectedReview) -> reviews.ReviewTurn:
    """Whose turn it is in a review that a gate requires."""
    review = expected.review
    number = review.number if review else None
    is_with_reviewer = review is not None and review.state in WAITING
    return reviews.ReviewTurn(project_id, expected.kind, number, is_with_reviewer=is_with_reviewer)


def explain_why_not_to_remind(actor: Actor, project: Project, kind: str) -> str:
    """Why nobody can be reminded of a review now; "" where somebody can."""
    expected = find_expected_review(actor, project, kind)
    if expected is None or not expected.is_late:
        return str(NOT_LATE)
    if not list_people_to_remind(actor, project, find_last_review(actor, project, kind)):
        return str(reviews.NOBODY_ELSE)
    is_reminded = reviews.find_turns_reminded_today([build_review_turn(project.id, expected)])
    return str(reviews.ALREADY_REMINDED) if is_reminded else ""


def remind_of_late_review(actor: Actor, project: Project, kind: str) -> None:
    """Remind whoever has the review by a questionnaire that a gate requires, once it is late.

    Raises `Overtaken` where it is not late, or waived; else as `remind_of_review`.
    """
    reviews.require_can_remind(actor, project)
    lock_row(Project, project.id)
    expected = find_expected_review(actor, project, kind)
    if expected is None or not expected.is_late:
        raise Overtaken(str(NOT_LATE))
    reviews.remind_of_review(actor, project, kind)
