"""Proves, confirms and returns the conditions of a decision."""

from dataclasses import dataclass

from portal.collaboration.files.queries import has_files
from portal.ethics.reviews import policy, shared_commands
from portal.ethics.reviews.models import Review, ReviewCondition
from portal.platform.kernel import audit, clock
from portal.platform.kernel.access import Actor
from portal.platform.kernel.database import check_version, reload_row
from portal.platform.kernel.errors import RuleBroken, TooLate
from portal.platform.kernel.text import gettext as _
from portal.platform.kernel.text import lazy_gettext as _l
from portal.project.projects.models import Project
from portal.project.projects.path_rules import row_path
from portal.project.projects.work_commands import lock_fresh, record_change, require_team_may_write

PROVED = audit.Action("condition.proved", _l("a répondu à la condition %(number)s"))
RETURNED = audit.Action("condition.returned", _l("a renvoyé la condition %(number)s à l’équipe"))
CONFIRMED = audit.Action("condition.confirmed", _l("a levé la condition %(number)s"))

ConditionAndReview = tuple[ReviewCondition, Review]


@dataclass(frozen=True, kw_only=True)
class ConditionProof:
    """A text or a link; files attached to the condition count too."""

    text: str = ""
    link: str = ""


def prove_condition(
    actor: Actor,
    project: Project,
    condition_and_review: ConditionAndReview,
    proof: ConditionProof,
    expected_version: int,
) -> None:
    """Record a proof. Raises `RuleBroken` on `proof` without any, `TooLate`, `Conflict`."""
    condition, review = condition_and_review
    require_team_may_write(actor, project)
    _lock_review_and_refresh_condition(condition, review)
    if not policy.can_prove_condition(actor, project, condition):
        sentence = _("Cette condition est levée : elle ne change plus.")
        raise TooLate(sentence, row_path(project, condition))
    check_version(condition, expected_version)
    has_proof = proof.text or proof.link or has_files(condition.__tablename__, condition.id)
    if not has_proof:
        sentence = _("Dites ce qui la remplit, donnez un lien, ou joignez d’abord un fichier.")
        raise RuleBroken("proof", sentence)
    condition.proof, condition.proof_link = proof.text, proof.link
    condition.proved_at, condition.proved_by_id = clock.now(), actor.person_id
    condition.returned_because = ""
    record_change(actor, PROVED, condition, review=review.number, project=project)


def confirm_condition(
    actor: Actor, project: Project, condition_and_review: ConditionAndReview, expected_version: int
) -> None:
    """Confirm, in the reviewer's name, that it is met. Raises `TooLate`, `Conflict`."""
    condition, review = condition_and_review
    _lock_proved_condition(actor, project, condition, review)
    check_version(condition, expected_version)
    condition.confirmed_at, condition.confirmed_by_id = clock.now(), actor.person_id
    record_change(actor, CONFIRMED, condition, review=review.number, project=project)


def return_condition(
    actor: Actor,
    project: Project,
    condition_and_review: ConditionAndReview,
    because: str,
    expected_version: int,
) -> None:
    """Reject the proof. Raises `RuleBroken` on `returned_because`, `TooLate`, `Conflict`."""
    condition, review = condition_and_review
    _lock_proved_condition(actor, project, condition, review)
    check_version(condition, expected_version)
    if not because:
        raise RuleBroken("returned_because", _("Dites ce qui manque : l’équipe le lira."))
    condition.proved_at, condition.proved_by_id = None, None
    condition.returned_because = because
    record_change(actor, RETURNED, condition, review=review.number, project=project)


def _lock_proved_condition(
    actor: Actor, project: Project, condition: ReviewCondition, review: Review
) -> None:
    shared_commands.require_reviewer(actor, project, review)
    _lock_review_and_refresh_condition(condition, review)
    shared_commands.require_reviewer(actor, project, review)
    if not policy.can_confirm_condition(actor, project, review, condition):
        sentence = _("Cette condition n’attend pas de confirmation pour l’instant.")
        raise TooLate(sentence, row_path(project, condition))


def _lock_review_and_refresh_condition(condition: ReviewCondition, review: Review) -> None:
    lock_fresh(review)
    reload_row(condition)
