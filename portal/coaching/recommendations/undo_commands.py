"""Undoes, within the hour, an acceptance, a confirmation or what one click proposed, for whoever gave it."""

from collections.abc import Sequence
from typing import Any

from portal.coaching.recommendations import commands, policy
from portal.coaching.recommendations.models import Recommendation, RecommendationStage
from portal.collaboration.discussions.queries import has_comments
from portal.collaboration.files.queries import has_files
from portal.platform.kernel import audit
from portal.platform.kernel.access import Actor, require
from portal.platform.kernel.database import db
from portal.platform.kernel.errors import TooLate
from portal.platform.kernel.text import gettext as _
from portal.platform.kernel.text import lazy_gettext as _l
from portal.project.projects.models import Project
from portal.project.projects.path_rules import row_path
from portal.project.projects.revision_queries import AuditRevision, list_revisions
from portal.project.projects.work_commands import apply_values, lock_fresh, record_change

ACCEPTANCE_UNDONE = audit.Action(
    "recommendation.acceptance_undone", _l("a annulé l’acceptation de «\u00a0%(name)s\u00a0»")
)
CONFIRMATION_UNDONE = audit.Action(
    "recommendation.confirmation_undone", _l("a annulé la confirmation de «\u00a0%(name)s\u00a0»")
)
_ACTS = (
    commands.PROPOSED,
    commands.CHANGED,
    commands.ACCEPTED,
    commands.DECLINED,
    commands.COMPLETED,
    commands.SENT_BACK,
    commands.CONFIRMED,
    ACCEPTANCE_UNDONE,
    CONFIRMATION_UNDONE,
)
_WITHDRAWN_FIELDS = ("what", "why", "due_on", "gate")
WHO_WITHDRAWS = _l("Seule la personne qui a fait la recommandation peut la retirer.")
WHO_UNDOES = _l("Seule la personne qui a accepté ou confirmé la recommandation peut l’annuler.")


def undo_acceptance_or_confirmation(
    actor: Actor, project: Project, row: Recommendation, expected_version: int
) -> None:
    """Undo what the actor accepted for the team, or confirmed for the coaches: the recommendation is
    again as it was before.

    Raises `NotAllowed`, `Conflict`, and `TooLate` after an hour or once anything followed: a coach changed
    it, or a proof was sent back.
    """
    require(policy.may_undo(actor, project), WHO_UNDOES)
    lock_fresh(row, expected_version)
    require(policy.has_taken_last_step(actor, project, row), WHO_UNDOES)
    if not policy.can_undo(actor, project, row) or not _is_last_act(row):
        sentence = _(
            "Une acceptation ou une confirmation s’annule pendant une heure, tant que rien n’a suivi."
        )
        raise TooLate(sentence, row_path(project, row))
    if row.stage is RecommendationStage.CONFIRMED:
        row.confirmed_at = row.confirmed_by_id = None
        action, values = CONFIRMATION_UNDONE, {"stage": RecommendationStage.COMPLETED}
    else:
        action, values = ACCEPTANCE_UNDONE, _restore_answer_before_acceptance(row)
    record_change(actor, action, row, apply_values(row, values), project=project, name=row.what)


def require_withdrawable(actor: Actor, project: Project, row: Recommendation) -> None:
    """Lock what the actor proposed. Raises `NotAllowed` for others, and `TooLate`, which says why, after an
    hour or once anything of others followed: an answer, a change, a message, a file.
    """
    require(policy.may_withdraw(actor, project, row), WHO_WITHDRAWS)
    lock_fresh(row)
    if obstacle := _explain_withdrawal_obstacle(actor, project, row):
        raise TooLate(obstacle, row_path(project, row))


def _explain_withdrawal_obstacle(actor: Actor, project: Project, row: Recommendation) -> str:
    """Why what the actor proposed is not withdrawn any more; "" where it may be."""
    acts = list_revisions([row.id], [each.code for each in _ACTS])
    others = [act for act in acts if act.by != actor.person_id]
    is_answered = row.stage is not RecommendationStage.PROPOSED
    obstacles = (
        (is_answered, _("Cette recommandation ne se retire plus\u00a0: l’équipe y a déjà répondu.")),
        (bool(others), _describe_act_of_others(others)),
        (
            has_comments(row.discussion_id),
            _("Cette recommandation ne se retire plus\u00a0: un message y a déjà réagi."),
        ),
        (
            has_files(Recommendation.__tablename__, row.id),
            _("Cette recommandation ne se retire plus\u00a0: un fichier y est joint."),
        ),
        (
            not policy.can_recommend(actor, project),
            _("Cette recommandation ne se retire plus\u00a0: le projet n’est plus actif."),
        ),
        (
            not policy.can_withdraw(actor, project, row),
            _("Cette recommandation ne se retire plus\u00a0: l’heure est passée."),
        ),
    )
    return next((sentence for applies, sentence in obstacles if applies), "")


def _describe_act_of_others(acts: Sequence[AuditRevision]) -> str:
    """What others did to one that is proposed still: changed it, or accepted it and undid that; "" for
    no act."""
    if change := next((act for act in acts if act.action == commands.CHANGED.code), None):
        return _("Cette recommandation ne se retire plus\u00a0: %(who)s l’a modifiée depuis.", who=change.who)
    if not acts:
        return ""
    return _(
        "Cette recommandation ne se retire plus\u00a0: %(who)s l’avait acceptée, puis a annulé sa réponse.",
        who=acts[0].who,
    )


def withdraw(actor: Actor, project: Project, row: Recommendation, path: str) -> None:
    """Delete a recommendation that may be withdrawn, and that nothing refers to any more; `path` is the
    page of what it was made of."""
    changes = {name: (value, None) for name in _WITHDRAWN_FIELDS if (value := getattr(row, name)) is not None}
    facts = {"number": row.number, "name": row.what, "path": path}
    audit.record(actor, commands.WITHDRAWN, row, scope_id=project.id, facts=facts, changes=changes)
    db.session.delete(row)


def _is_last_act(row: Recommendation) -> bool:
    """Whether no act on the recommendation is recorded after what would be undone."""
    step = commands.CONFIRMED if row.stage is RecommendationStage.CONFIRMED else commands.ACCEPTED
    acts = list_revisions([row.id], [each.code for each in _ACTS])
    return not acts or acts[0].action == step.code


def _restore_answer_before_acceptance(row: Recommendation) -> dict[str, Any]:
    """Set who answered before, and when; return the other values: proposed, or declined with its reason."""
    answers = list_revisions([row.id], [commands.ACCEPTED.code, commands.DECLINED.code])
    reason, _accepted = answers[0].changes.get("decline_reason", ("", "")) if answers else ("", "")
    if not reason:
        row.answered_at = row.answered_by_id = None
        return {"stage": RecommendationStage.PROPOSED}
    declined = next(answer for answer in answers if answer.action == commands.DECLINED.code)
    row.answered_at, row.answered_by_id = declined.at, declined.by
    return {"stage": RecommendationStage.DECLINED, "decline_reason": reason}
