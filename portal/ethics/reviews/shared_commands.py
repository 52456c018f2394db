"""Shared by the commands on reviews: locks, checks, audit lines."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from portal.collaboration.discussions.commands import open_discussions
from portal.ethics.questionnaires.completion_rules import find_fault
from portal.ethics.questionnaires.definition_rules import (
    Answer,
    Questionnaire,
    QuestionnaireItem,
    QuestionnaireItemKind,
)
from portal.ethics.reviews import policy
from portal.ethics.reviews.models import Review, ReviewAnswer
from portal.ethics.reviews.path_rules import path_of, path_of_condition, path_of_question
from portal.ethics.reviews.queries import has_answered
from portal.platform.kernel import audit
from portal.platform.kernel.access import Actor, require
from portal.platform.kernel.clock import find_future_date_problem
from portal.platform.kernel.database import db, lock_row
from portal.platform.kernel.errors import TooLate
from portal.platform.kernel.text import gettext as _
from portal.project.projects.models import Numbered, Project
from portal.project.projects.work_commands import require_work


def lock_review(review: Review) -> None:
    """Lock the row until the end of the transaction, and refresh it."""
    lock_row(Review, review.id)
    db.session.refresh(review)


def lock_to_answer(actor: Actor, project: Project, review: Review) -> None:
    """Lock a review to change its answers. Raises `TooLate` when it is not with its team."""
    require_work(actor, project)
    lock_review(review)
    if not policy.can_answer(actor, project, review):
        sentence = _(
            "Cette revue n’est plus entre les mains de l’équipe : ses réponses sont figées."
        )
        raise TooLate(sentence, path_of(project, review.number))


def require_reviewer(actor: Actor, project: Project, review: Review) -> None:
    """Raise `NotAllowed`, with the reason, for anybody but its independent reviewer."""
    require(not policy.is_involved(actor, project), explain_independence())
    sentence = _("Seul le relecteur choisi pour cette revue peut le faire. Rien n’a été changé.")
    require(policy.is_reviewer(actor, project, review), sentence)
    require(not has_answered(actor.person_id, review), explain_own_answers())


def explain_independence() -> str:
    return _(
        "Qui est membre de l’équipe ou coach d’un projet n’en relit pas les revues éthiques."
        " Rien n’a été changé."
    )


def explain_own_answers() -> str:
    return _(
        "Vous avez écrit des réponses de cette revue : un autre la relit. Rien n’a été changé."
    )


def lock_in_review(actor: Actor, project: Project, review: Review) -> None:
    """Lock a review for its reviewer. Raises `TooLate` when it is not in review.

    The permission is checked again under the lock.
    """
    require_reviewer(actor, project, review)
    lock_review(review)
    require_reviewer(actor, project, review)
    if not policy.can_review(actor, project, review):
        sentence = _("Cette revue n’est pas en relecture. Rien n’a été changé.")
        raise TooLate(sentence, path_of(project, review.number))


def create_missing_answers(
    project: Project, review: Review, definition: Questionnaire, rows: Mapping[str, ReviewAnswer]
) -> None:
    """Insert a row and a discussion for each item without one, in two statements."""
    new = [item for item in definition.items if item.key not in rows]
    pages = [path_of_question(project, review.number, item.key) for item in new]
    if not new:
        return
    discussions = open_discussions(project.id, pages)
    db.session.add_all(
        ReviewAnswer(
            project_id=project.id,
            review_id=review.id,
            discussion_id=discussion_id,
            item=item.key,
            note="",
        )
        for item, discussion_id in zip(new, discussions, strict=True)
    )


def check_answer(item: QuestionnaireItem, value: Answer) -> str | None:
    """Return why an answer does not fit its item, None when it fits."""
    if fault := find_fault(item, value):
        return fault
    is_past = item.kind is QuestionnaireItemKind.DATE and item.past
    return find_future_date_problem(date.fromisoformat(str(value))) if is_past else None


def record_event(
    actor: Actor,
    project: Project,
    action: audit.Action,
    row: Numbered,
    changes: audit.Changes | None = None,
    **facts: Any,
) -> None:
    """Append an audit line; it never holds answers or reasons, since activity feeds show it."""
    find_path = path_of if isinstance(row, Review) else path_of_condition
    event_facts = {"number": row.number, "path": find_path(project, row.number), **facts}
    audit.record(actor, action, row, scope_id=project.id, facts=event_facts, changes=changes or {})
