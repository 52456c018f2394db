"""Labels of recommendations; their line on a project's page; what a comment may become."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID

from portal.coaching.recommendations import policy
from portal.coaching.recommendations.models import Recommendation, RecommendationStage
from portal.coaching.recommendations.queries import (
    PROJECT_FIGURES,
    count_days_unanswered,
    find_silence_step,
    is_late,
)
from portal.collaboration.discussions.comment_action_queries import CommentAction
from portal.platform.kernel import clock
from portal.platform.kernel.access import Actor
from portal.platform.kernel.text import LazyString, format_day, ngettext
from portal.platform.kernel.text import gettext as _
from portal.platform.kernel.text import lazy_gettext as _l
from portal.platform.web.template_filters import ago, day
from portal.project.projects.policy import can_write_team_work
from portal.project.projects.queries import find_project_of_scope
from portal.project.projects.section_queries import ProjectFoldKind, build_count_section
from portal.sprints.sprints.models import UNDO_TIME

STAGES: dict[RecommendationStage, LazyString] = {
    RecommendationStage.PROPOSED: _l("Proposée"),
    RecommendationStage.ACCEPTED: _l("Acceptée"),
    RecommendationStage.DECLINED: _l("Déclinée"),
    RecommendationStage.COMPLETED: _l("Faite, à confirmer"),
    RecommendationStage.CONFIRMED: _l("Confirmée"),
}
STAGE_KINDS: dict[RecommendationStage, str | None] = {
    RecommendationStage.PROPOSED: "new",
    RecommendationStage.ACCEPTED: "info",
    RecommendationStage.COMPLETED: "info",
    RecommendationStage.CONFIRMED: "success",
}
ACTION_LABELS: dict[str, LazyString] = {
    "recommendation.proposed": _l("Recommandation proposée"),
    "recommendation.changed": _l("Recommandation modifiée"),
    "recommendation.accepted": _l("Recommandation acceptée"),
    "recommendation.declined": _l("Recommandation déclinée"),
    "recommendation.done": _l("Recommandation faite"),
    "recommendation.sent_back": _l("Preuve jugée insuffisante"),
    "recommendation.confirmed": _l("Recommandation confirmée"),
    "recommendation.acceptance_undone": _l("Acceptation annulée"),
    "recommendation.confirmation_undone": _l("Confirmation annulée"),
    "recommendation.withdrawn": _l("Recommandation retirée"),
}
LABELS: dict[str, LazyString] = {
    "what": _l("Ce qui est recommandé"),
    "why": _l("Pourquoi"),
    "due_on": _l("Échéance"),
    "gate": _l("Jalon qu’elle sert"),
    "stage": _l("État"),
    "decline_reason": _l("Pourquoi elle est déclinée"),
    "proof": _l("Ce qui le montre"),
    "proof_link": _l("Lien de la preuve"),
    "sent_back": _l("Ce qui manque encore"),
}


def gate_label(number: int) -> str:
    return _("Jalon G%(n)s", n=number)


def format_value(field: str, value: Any) -> str:
    """Format a field's value from the audit trail."""
    if value in (None, ""):
        return "—"
    if field == "stage":
        return str(STAGES[RecommendationStage(value)])
    if field == "gate":
        return f"G{value}"
    return format_day(date.fromisoformat(value)) if field == "due_on" else str(value)


def undo_until(row: Recommendation) -> datetime:
    """Until when it can be withdrawn, or its acceptance or confirmation undone."""
    return (row.confirmed_at or row.answered_at or row.created_at) + UNDO_TIME


def due_label(row: Recommendation) -> str:
    if row.due_on is None:
        return _("sans échéance")
    return _("pour le %(day)s", day=day(row.due_on))


def silence_label(row: Recommendation) -> str:
    """How many days the team has not answered, from the first silence step on; else empty."""
    days = count_days_unanswered(row, clock.today())
    if not find_silence_step(days):
        return ""
    return ngettext("sans réponse depuis %(num)s jour", "sans réponse depuis %(num)s jours", days)


def silence_badge_kind(row: Recommendation) -> str | None:
    """The badge kind of a silence: more prominent at each step (7, 14, 21 days)."""
    step = find_silence_step(count_days_unanswered(row, clock.today()))
    return {7: "info", 14: "warning", 21: "error"}.get(step)


def is_past_due(row: Recommendation) -> bool:
    return is_late(row, clock.today())


def describe_next_step(row: Recommendation) -> str:
    """The next step and who takes it."""
    if row.stage is RecommendationStage.PROPOSED:
        expectation = _("L’équipe l’accepte, ou la décline en disant pourquoi.")
        if not (days := silence_label(row)):
            return expectation
        return _("%(asked)s %(silence)s.", asked=expectation, silence=days.capitalize())
    if row.stage is RecommendationStage.ACCEPTED and row.sent_back:
        return _("Ce que l’équipe a montré ne suffit pas encore : lisez ce qui manque.")
    return {
        RecommendationStage.ACCEPTED: _("L’équipe la fait, puis montre ce qui le prouve."),
        RecommendationStage.DECLINED: _("L’équipe ne la suivra pas ; elle peut encore changer d’avis."),
        RecommendationStage.COMPLETED: _("Un coach regarde la preuve, puis confirme ou dit ce qui manque."),
        RecommendationStage.CONFIRMED: _("Faite, prouvée et confirmée : il n’y a plus rien à faire."),
    }[row.stage]


def proposed_since(row: Recommendation) -> str:
    return _("proposée %(when)s", when=ago(row.created_at))


def describe_waiting_counts(_total: int, proposed: int, accepted: int, to_confirm: int) -> str:
    """How many wait for what."""
    parts = [
        ngettext("%(num)s attend une réponse", "%(num)s attendent une réponse", proposed) if proposed else "",
        ngettext("%(num)s à faire", "%(num)s à faire", accepted) if accepted else "",
        ngettext("%(num)s à confirmer", "%(num)s à confirmer", to_confirm) if to_confirm else "",
    ]
    return ", ".join(filter(None, parts)) or _("toutes ont leur réponse")


def list_comment_actions(actor: Actor, scope_id: UUID) -> Sequence[CommentAction]:
    """Buttons of a comment: recommend, for advisors; add to the backlog, for the team."""
    project = find_project_of_scope(scope_id)
    if project is None:
        return []
    actions = []
    if policy.can_recommend(actor, project):
        actions.append(CommentAction(_("Recommander"), "from_comments.redirect_to_recommend", has_page=True))
    if can_write_team_work(actor, project):
        actions.append(CommentAction(_("Mettre au carnet"), "from_comments.make_item"))
    return actions


def describe_unanswered(_total: int, proposed: int, _accepted: int, _to_confirm: int) -> str:
    """The recommendations that wait for an answer, in a few words; "" without any."""
    if not proposed:
        return ""
    return ngettext("%(num)s recommandation sans réponse", "%(num)s recommandations sans réponse", proposed)


PROJECT_SECTION = build_count_section(
    _l("Recommandations"),
    "/recommendations",
    PROJECT_FIGURES,
    describe_waiting_counts,
    empty=_l("Aucune pour l’instant."),
    fold=ProjectFoldKind.COACHING,
    brief=describe_unanswered,
)
