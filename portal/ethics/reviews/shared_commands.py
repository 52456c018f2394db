"""Shared by the commands on reviews: locks and checks.

Audit lines of reviews never hold answers or reasons, since activity feeds show them.
"""

from collections.abc import Mapping
from datetime import date

from portal.collaboration.discussions.commands import create_discussions
from portal.ethics.questionnaires.completion_rules import explain_answer_misfit
from portal.ethics.questionnaires.definition_rules import (
    Answer,
    Questionnaire,
    QuestionnaireItem,
    QuestionnaireItemKind,
)
from portal.ethics.reviews import policy
from portal.ethics.reviews.models import Review, ReviewAnswer
from portal.ethics.reviews.queries import has_person_written_answer
from portal.ethics.reviews.round_rules import question_path
from portal.platform.kernel.access import Actor, require
from portal.platform.kernel.clock import find_future_date_problem
from portal.platform.kernel.database import db
from portal.platform.kernel.errors import TooLate
from portal.platform.kernel.text import gettext as _
from portal.platform.kernel.text import lazy_gettext as _l
from portal.project.projects.models import Project
from portal.project.projects.path_rules import row_path
from portal.project.projects.work_commands import lock_fresh, require_team_may_write

INDEPENDENCE = _l(
    "Qui est membre de l’équipe ou coach d’un projet n’en relit pas les revues éthiques. Rien n’a été changé."
)
OWN_ANSWERS = _l("Vous avez écrit des réponses de cette revue : un autre la relit. Rien n’a été changé.")


def lock_review_to_answer(actor: Actor, project: Project, review: Review) -> None:
    """Lock a review to change its answers. Raises `TooLate` when it is not with its team."""
    require_team_may_write(actor, project)
    lock_fresh(review)
    if not policy.can_answer(actor, project, review):
        sentence = _("Cette revue n’est plus entre les mains de l’équipe : ses réponses sont figées.")
        raise TooLate(sentence, row_path(project, review))


def require_reviewer(actor: Actor, project: Project, review: Review) -> None:
    """Raise `NotAllowed`, with the reason, for anybody but its independent reviewer."""
    require(not policy.is_involved(actor, project), INDEPENDENCE)
    sentence = _("Seul le relecteur choisi pour cette revue peut le faire. Rien n’a été changé.")
    require(policy.is_reviewer(actor, project, review), sentence)
    require(not has_person_written_answer(actor.person_id, review), OWN_ANSWERS)


def lock_review_for_reviewer(actor: Actor, project: Project, review: Review) -> None:
    """Lock a review for its reviewer. Raises `TooLate` when it is not in review.

    The permission is checked again under the lock.
    """
    require_reviewer(actor, project, review)
    lock_fresh(review)
    require_reviewer(actor, project, review)
    if not policy.can_review(actor, project, review):
        sentence = _("Cette revue n’est pas en relecture. Rien n’a été changé.")
        raise TooLate(sentence, row_path(project, review))


def create_missing_answers(
    project: Project, review: Review, definition: Questionnaire, rows: Mapping[str, ReviewAnswer]
) -> None:
    """Insert a row and a discussion for each item without one, in two statements."""
    new = [item for item in definition.items if item.key not in rows]
    pages = [question_path(project, review.number, item.key) for item in new]
    if not new:
        return
    discussions = create_discussions(project.id, pages)
    db.session.add_all(
        ReviewAnswer(
            project_id=project.id, review_id=review.id, discussion_id=discussion_id, item=item.key, note=""
        )
        for item, discussion_id in zip(new, discussions, strict=True)
    )


def explain_unfit_answer(item: QuestionnaireItem, value: Answer) -> str | None:
    """Return why an answer does not fit its item, None when it fits."""
    if fault := explain_answer_misfit(item, value):
        return fault
    is_past = item.kind is QuestionnaireItemKind.DATE and item.past
    return find_future_date_problem(date.fromisoformat(str(value))) if is_past else None
