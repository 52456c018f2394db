"""Transitions of a recommendation: proposed, accepted or declined, completed, confirmed.

A comment may become a recommendation, or a backlog item.
"""

from dataclasses import asdict, dataclass
from datetime import date
from typing import Any
from uuid import UUID

from portal.coaching.recommendations import policy, queries
from portal.coaching.recommendations.labels import STAGES
from portal.coaching.recommendations.models import Recommendation, RecommendationStage
from portal.collaboration.discussions.mention_queries import replace_handles_of_comment
from portal.collaboration.discussions.models import Comment
from portal.collaboration.files.queries import has_files
from portal.platform.kernel import audit, clock
from portal.platform.kernel.access import Actor
from portal.platform.kernel.database import check_version, lock_row, reload_row
from portal.platform.kernel.errors import Overtaken, RuleBroken, TooLate
from portal.platform.kernel.text import gettext as _
from portal.platform.kernel.text import lazy_gettext as _l
from portal.platform.kernel.text import lower_first
from portal.project.projects.models import Project
from portal.project.projects.numbered_queries import next_row_number
from portal.project.projects.path_rules import row_path
from portal.project.projects.work_commands import (
    apply_values,
    changes_of_row,
    create_row,
    lock_fresh,
    record_change,
    require_advisor,
    require_project_active,
    require_team_may_write,
    require_valid_due_date,
)
from portal.sprints.backlog.commands import ItemFacts, add_items
from portal.sprints.backlog.models import TITLE_MAX, Item, ItemKind

PROPOSED = audit.Action("recommendation.proposed", _l("a recommandé « %(name)s »"))
CHANGED = audit.Action("recommendation.changed", _l("a modifié la recommandation « %(name)s »"))
ACCEPTED = audit.Action("recommendation.accepted", _l("a accepté la recommandation « %(name)s »"))
DECLINED = audit.Action("recommendation.declined", _l("a décliné la recommandation « %(name)s »"))
COMPLETED = audit.Action("recommendation.done", _l("a fait ce que demande « %(name)s »"))
SENT_BACK = audit.Action("recommendation.sent_back", _l("attend une suite à « %(name)s »"))
WITHDRAWN = audit.Action("recommendation.withdrawn", _l("a retiré la recommandation « %(name)s »"), ends=True)
CONFIRMED = audit.Action("recommendation.confirmed", _l("a confirmé « %(name)s »"))


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
    require_project_active(project)
    require_valid_due_date("due_on", advice.due_on)
    if comment is not None:
        about_id = comment.discussion_id
    number = next_row_number(Recommendation, project)  # locks the project before the trail is read
    number = max(number, queries.find_last_withdrawn_number(project, WITHDRAWN) + 1)
    row = create_row(
        Recommendation,
        project,
        number=number,
        about_id=about_id,
        comment_id=comment and comment.id,
        author_id=actor.person_id,
        **asdict(advice),
    )
    _record_recommendation_change(actor, project, PROPOSED, row, changes_of_row(row))
    return row


def change_recommendation(
    actor: Actor, project: Project, row: Recommendation, advice: RecommendationFacts, expected_version: int
) -> None:
    """Save changed facts.

    Raises `RuleBroken` on `due_on`, `Conflict`, and `TooLate` once it is declined or completed.
    """
    require_advisor(actor, project)
    require_project_active(project)
    lock_fresh(row)
    _require_stage(policy.can_change(actor, project, row), project, row)
    check_version(row, expected_version)
    if advice.due_on != row.due_on:
        require_valid_due_date("due_on", advice.due_on)
    _save_recommendation(actor, project, CHANGED, row, asdict(advice))


def accept(actor: Actor, project: Project, row: Recommendation, expected_version: int | None = None) -> None:
    """Accept a proposed or declined recommendation; idempotent.

    Raises `TooLate` once completed, and `Overtaken` where a colleague declined it or a coach
    changed it since the actor read `expected_version`.
    """
    _lock_recommendation_for_team(actor, project, row)
    if row.stage is RecommendationStage.ACCEPTED:
        return
    if expected_version is not None and expected_version != row.version:
        _refuse_stale_acceptance(project, row)
    _require_stage(policy.can_accept(actor, project, row), project, row)
    _record_answer(actor, row)
    values = {"stage": RecommendationStage.ACCEPTED, "decline_reason": ""}
    _save_recommendation(actor, project, ACCEPTED, row, values)


def _refuse_stale_acceptance(project: Project, row: Recommendation) -> None:
    """Raise `Overtaken` for a declined or changed recommendation, saying what to do."""
    if row.stage is RecommendationStage.DECLINED:
        sentence = _(
            "Votre équipe l’a déclinée entre-temps : « %(why)s ». Acceptez-la seulement si vous en"
            " êtes convenus.",
            why=row.decline_reason,
        )
        raise Overtaken(sentence, row_path(project, row))
    if row.stage is RecommendationStage.PROPOSED:
        sentence = _("Elle a été modifiée pendant que vous la lisiez : relisez-la, puis acceptez.")
        raise Overtaken(sentence, row_path(project, row))


def decline(actor: Actor, project: Project, row: Recommendation, reason: str, expected_version: int) -> None:
    """Decline with a reason. Raises `RuleBroken` on `decline_reason`, `Conflict`, `TooLate`."""
    _lock_recommendation_for_team(actor, project, row)
    _require_stage(policy.can_decline(actor, project, row), project, row)
    check_version(row, expected_version)
    if not reason:
        raise RuleBroken("decline_reason", _("Dites pourquoi : le coach le lira."))
    _record_answer(actor, row)
    values = {"stage": RecommendationStage.DECLINED, "decline_reason": reason}
    _save_recommendation(actor, project, DECLINED, row, values)


def complete(
    actor: Actor, project: Project, row: Recommendation, proof: RecommendationProof, expected_version: int
) -> None:
    """Record that it is done, with its proof.

    Raises `RuleBroken` on `proof` without a text, a link or a file; `Conflict`, `TooLate`.
    """
    _lock_recommendation_for_team(actor, project, row)
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
    _save_recommendation(actor, project, COMPLETED, row, values)


def confirm(actor: Actor, project: Project, row: Recommendation) -> None:
    """Confirm a completed recommendation; idempotent. Raises `TooLate` unless it is completed."""
    require_advisor(actor, project)
    lock_fresh(row)
    if row.stage is RecommendationStage.CONFIRMED:
        return
    _require_stage(policy.can_confirm(actor, project, row), project, row)
    row.confirmed_at, row.confirmed_by_id = clock.now(), actor.person_id
    _save_recommendation(actor, project, CONFIRMED, row, {"stage": RecommendationStage.CONFIRMED})


def send_back(
    actor: Actor, project: Project, row: Recommendation, missing: str, expected_version: int
) -> None:
    """Reject the proof and return to `ACCEPTED`. Raises `Conflict`, `TooLate`."""
    require_advisor(actor, project)
    lock_fresh(row)
    _require_stage(policy.can_confirm(actor, project, row), project, row)
    check_version(row, expected_version)
    row.done_at, row.done_by_id = None, None
    values = {"stage": RecommendationStage.ACCEPTED, "sent_back": missing}
    _save_recommendation(actor, project, SENT_BACK, row, values)


def _require_stage(is_allowed: bool, project: Project, row: Recommendation) -> None:
    """Raise `Overtaken`, with its stage, when that no longer allows the transition."""
    if not is_allowed:
        sentence = _(
            "Entre-temps, cette recommandation est devenue : %(stage)s. Rien n’a été changé.",
            stage=lower_first(STAGES[row.stage]),
        )
        raise Overtaken(sentence, row_path(project, row))


def _lock_recommendation_for_team(actor: Actor, project: Project, row: Recommendation) -> None:
    require_team_may_write(actor, project)
    lock_fresh(row)


def _record_answer(actor: Actor, row: Recommendation) -> None:
    row.answered_at, row.answered_by_id = clock.now(), actor.person_id


def _save_recommendation(
    actor: Actor, project: Project, action: audit.Action, row: Recommendation, values: dict[str, Any]
) -> None:
    if changes := apply_values(row, values):
        _record_recommendation_change(actor, project, action, row, changes)


def _record_recommendation_change(
    actor: Actor, project: Project, action: audit.Action, row: Recommendation, changes: audit.Changes
) -> None:
    record_change(actor, action, row, changes, project=project, name=row.what)


def first_line(text: str, length_max: int) -> str:
    """The first non-empty line without leading Markdown marks, at most `length_max` characters."""
    lines = (line.strip().lstrip("#>*- ") for line in text.splitlines())
    return next(filter(None, lines), "")[:length_max]


def make_backlog_item_of_comment(actor: Actor, project: Project, comment: Comment) -> Item:
    """Make a backlog item whose origin is the comment; idempotent while the item is in the backlog.

    Raises `TooLate` for a deleted comment, `RuleBroken` for one without text.
    """
    require_team_may_write(actor, project)
    lock_row(Project, project.id)
    reload_row(comment)
    if comment.deleted_at is not None:
        raise TooLate(_("Ce message a été supprimé."), f"/comments/{comment.id}")
    origin = f"/comments/{comment.id}"
    item = queries.find_backlog_item_by_origin(project, origin)
    if item is not None:
        return item
    title = first_line(replace_handles_of_comment(comment.id, comment.body), TITLE_MAX)
    if not title:
        raise RuleBroken(None, _("Ce message n’a pas de texte dont faire un élément."))
    text = ItemFacts(title=title, kind=ItemKind.STORY, origin=origin)
    return add_items(actor, project, [text])[0]
