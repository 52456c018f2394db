"""Transitions of a recommendation: proposed, accepted or declined, completed, confirmed."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any
from uuid import UUID

from portal.coaching.recommendations import policy
from portal.coaching.recommendations.models import Recommendation, RecommendationStage
from portal.collaboration.discussions.commands import open_discussion
from portal.collaboration.discussions.models import Comment
from portal.collaboration.files.queries import has_files
from portal.platform.kernel import audit, clock
from portal.platform.kernel.access import Actor
from portal.platform.kernel.database import check_version, db, lock_row
from portal.platform.kernel.errors import Overtaken, RuleBroken, TooLate
from portal.platform.kernel.text import gettext as _
from portal.platform.kernel.text import lazy_gettext as _l
from portal.project.projects.models import Project
from portal.project.projects.numbered_queries import next_number
from portal.project.projects.work_commands import (
    UNTRACKED_COLUMNS,
    require_advisor,
    require_under_way,
    require_work,
)

PROPOSED = audit.Action("recommendation.proposed", _l("a recommandé « %(name)s »"))
CHANGED = audit.Action("recommendation.changed", _l("a modifié la recommandation « %(name)s »"))
ACCEPTED = audit.Action("recommendation.accepted", _l("a accepté la recommandation « %(name)s »"))
DECLINED = audit.Action("recommendation.declined", _l("a décliné la recommandation « %(name)s »"))
COMPLETED = audit.Action("recommendation.done", _l("a fait ce que demande « %(name)s »"))
SENT_BACK = audit.Action("recommendation.sent_back", _l("attend une suite à « %(name)s »"))
CONFIRMED = audit.Action("recommendation.confirmed", _l("a confirmé « %(name)s »"))

# Redundant in the audit trail: the stage, the event's actor and its time say the same.
_UNRECORDED_FIELDS = UNTRACKED_COLUMNS | {"about_id", "comment_id", "author_id"}
_UNRECORDED_FIELDS |= {
    f"{step}_{end}" for step in ("answered", "done", "confirmed") for end in ("at", "by_id")
}


@dataclass(frozen=True, kw_only=True)
class RecommendationFacts:
    """What to do, why and by when; `gate` is the number of the gate that it serves."""

    what: str
    why: str
    due_on: date | None = None
    gate: int | None = None


@dataclass(frozen=True, kw_only=True)
class RecommendationProof:
    """What shows that it is done; attached files count as proof too."""

    text: str = ""
    link: str = ""


def recommend(
    actor: Actor,
    project: Project,
    advice: RecommendationFacts,
    *,
    about_id: UUID | None = None,
    comment: Comment | None = None,
) -> Recommendation:
    """Propose a recommendation to the team.

    `about_id` is the discussion of the object that it serves; a `comment` implies its own
    discussion. Raises `RuleBroken` on `due_on`.
    """
    require_advisor(actor, project)
    require_under_way(project)
    _check_due(advice.due_on)
    if comment is not None:
        about_id = comment.discussion_id
    number = next_number(Recommendation, project)
    row = Recommendation(
        project_id=project.id,
        number=number,
        discussion_id=open_discussion(project.id, page=path_of(project, number)).id,
        about_id=about_id,
        comment_id=comment and comment.id,
        author_id=actor.person_id,
        **asdict(advice),
    )
    db.session.add(row)
    changes = {name: (None, value) for name, value in asdict(advice).items() if value is not None}
    _record(actor, project, PROPOSED, row, changes)
    return row


def change_recommendation(
    actor: Actor,
    project: Project,
    row: Recommendation,
    advice: RecommendationFacts,
    expected_version: int,
) -> None:
    """Save changed facts.

    Raises `RuleBroken` on `due_on`, `Conflict`, and `TooLate` once it is declined or completed.
    """
    require_advisor(actor, project)
    require_under_way(project)
    _lock(row)
    _require_stage(policy.can_change(actor, project, row), project, row)
    check_version(row, expected_version)
    if advice.due_on != row.due_on:
        _check_due(advice.due_on)
    _save(actor, project, CHANGED, row, asdict(advice))


def accept(
    actor: Actor, project: Project, row: Recommendation, expected_version: int | None = None
) -> None:
    """Accept a proposed or declined recommendation; idempotent.

    Raises `TooLate` once completed, and `Overtaken` where a colleague declined it or a coach
    changed it since the actor read `expected_version`.
    """
    _lock_for_team(actor, project, row)
    if row.stage is RecommendationStage.ACCEPTED:
        return
    if expected_version is not None and expected_version != row.version:
        _refuse_stale_acceptance(project, row)
    _require_stage(policy.can_accept(actor, project, row), project, row)
    _record_answer(actor, row)
    values = {"stage": RecommendationStage.ACCEPTED, "decline_reason": ""}
    _save(actor, project, ACCEPTED, row, values)


def _refuse_stale_acceptance(project: Project, row: Recommendation) -> None:
    """Raise `Overtaken` for a declined or changed recommendation, saying what to do."""
    if row.stage is RecommendationStage.DECLINED:
        sentence = _(
            "Votre équipe l’a déclinée entre-temps : « %(why)s ». Acceptez-la seulement si vous en"
            " êtes convenus.",
            why=row.decline_reason,
        )
        raise Overtaken(sentence, path_of(project, row.number))
    if row.stage is RecommendationStage.PROPOSED:
        sentence = _("Elle a été modifiée pendant que vous la lisiez : relisez-la, puis acceptez.")
        raise Overtaken(sentence, path_of(project, row.number))


def decline(
    actor: Actor, project: Project, row: Recommendation, reason: str, expected_version: int
) -> None:
    """Decline with a reason. Raises `RuleBroken` on `decline_reason`, `Conflict`, `TooLate`."""
    _lock_for_team(actor, project, row)
    _require_stage(policy.can_decline(actor, project, row), project, row)
    check_version(row, expected_version)
    if not reason:
        raise RuleBroken("decline_reason", _("Dites pourquoi : le coach le lira."))
    _record_answer(actor, row)
    values = {"stage": RecommendationStage.DECLINED, "decline_reason": reason}
    _save(actor, project, DECLINED, row, values)


def complete(
    actor: Actor,
    project: Project,
    row: Recommendation,
    proof: RecommendationProof,
    expected_version: int,
) -> None:
    """Record that it is done, with its proof.

    Raises `RuleBroken` on `proof` without a text, a link or a file; `Conflict`, `TooLate`.
    """
    _lock_for_team(actor, project, row)
    _require_stage(policy.can_complete(actor, project, row), project, row)
    check_version(row, expected_version)
    if not (proof.text or proof.link or has_files(Recommendation.__tablename__, row.id)):
        sentence = _("Dites ce qui le montre, donnez un lien, ou joignez d’abord un fichier.")
        raise RuleBroken("proof", sentence)
    row.done_at, row.done_by_id = clock.now(), actor.person_id
    values = {
        "stage": RecommendationStage.COMPLETED,
        "proof": proof.text,
        "proof_link": proof.link,
        "sent_back": "",
    }
    _save(actor, project, COMPLETED, row, values)


def confirm(actor: Actor, project: Project, row: Recommendation) -> None:
    """Confirm a completed recommendation; idempotent. Raises `TooLate` unless it is completed."""
    require_advisor(actor, project)
    _lock(row)
    if row.stage is RecommendationStage.CONFIRMED:
        return
    _require_stage(policy.can_confirm(actor, project, row), project, row)
    row.confirmed_at, row.confirmed_by_id = clock.now(), actor.person_id
    _save(actor, project, CONFIRMED, row, {"stage": RecommendationStage.CONFIRMED})


def send_back(
    actor: Actor, project: Project, row: Recommendation, missing: str, expected_version: int
) -> None:
    """Reject the proof and return to `ACCEPTED`. Raises `Conflict`, `TooLate`."""
    require_advisor(actor, project)
    _lock(row)
    _require_stage(policy.can_confirm(actor, project, row), project, row)
    check_version(row, expected_version)
    row.done_at, row.done_by_id = None, None
    values = {"stage": RecommendationStage.ACCEPTED, "sent_back": missing}
    _save(actor, project, SENT_BACK, row, values)


def path_of(project: Project, number: int) -> str:
    return f"/projects/{project.slug}/recommendations/{number}"


def _require_stage(is_allowed: bool, project: Project, row: Recommendation) -> None:
    """Raise `TooLate` when the stage no longer allows the transition."""
    if not is_allowed:
        sentence = _("Cette recommandation a changé d’état entre-temps. Rien n’a été changé.")
        raise TooLate(sentence, path_of(project, row.number))


def _lock_for_team(actor: Actor, project: Project, row: Recommendation) -> None:
    require_work(actor, project)
    _lock(row)


def _lock(row: Recommendation) -> None:
    """Lock and refresh the row."""
    lock_row(Recommendation, row.id)
    db.session.refresh(row)


def _record_answer(actor: Actor, row: Recommendation) -> None:
    row.answered_at, row.answered_by_id = clock.now(), actor.person_id


def _check_due(day: date | None) -> None:
    if refusal := clock.find_due_date_problem(day):
        raise RuleBroken("due_on", refusal)


def _save(
    actor: Actor,
    project: Project,
    action: audit.Action,
    row: Recommendation,
    values: Mapping[str, Any],
) -> None:
    for name, value in values.items():
        setattr(row, name, value)
    changes = audit.changes_of(row, leave_out=_UNRECORDED_FIELDS)
    if changes:
        _record(actor, project, action, row, changes)


def _record(
    actor: Actor,
    project: Project,
    action: audit.Action,
    row: Recommendation,
    changes: audit.Changes,
) -> None:
    facts = {"number": row.number, "name": row.what, "path": path_of(project, row.number)}
    audit.record(actor, action, row, scope_id=project.id, facts=facts, changes=changes)
