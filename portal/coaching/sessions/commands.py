"""Log coaching sessions; turn their decisions into recommendations or backlog items."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import date, timedelta
from uuid import UUID

from portal.coaching.recommendations import commands as recommendations
from portal.coaching.recommendations import undo_commands
from portal.coaching.recommendations.commands import RecommendationFacts
from portal.coaching.recommendations.models import Recommendation
from portal.coaching.sessions import policy, queries
from portal.coaching.sessions.models import LINE_MAX, CoachingSession, Decision, SessionFormat
from portal.collaboration.discussions.queries import has_comments
from portal.collaboration.files.queries import has_files
from portal.people.programmes.schedule_rules import require_day_not_before_start
from portal.platform.kernel import audit, clock
from portal.platform.kernel.access import Actor
from portal.platform.kernel.database import check_version, db, lock_row, reload_row
from portal.platform.kernel.errors import RuleBroken, TooLate
from portal.platform.kernel.text import format_day
from portal.platform.kernel.text import gettext as _
from portal.platform.kernel.text import lazy_gettext as _l
from portal.project.projects.models import Project
from portal.project.projects.numbered_queries import next_row_number
from portal.project.projects.path_rules import project_path, row_path
from portal.project.projects.queries import list_tracks
from portal.project.projects.work_commands import (
    changes_of_row,
    create_row,
    record_change,
    require_advisor,
    require_not_future,
    require_team_may_write,
    save_change,
)
from portal.sprints.backlog.commands import ItemFacts, add_items
from portal.sprints.backlog.models import Item, ItemKind

LOGGED = audit.Action("coaching.logged", _l("a noté la séance d’accompagnement %(number)s"))
REMOVED = audit.Action("coaching.removed", _l("a supprimé la séance d’accompagnement %(number)s"))
CHANGED = audit.Action("coaching.changed", _l("a modifié la séance d’accompagnement %(number)s"))
DECISION_ADDED = audit.Action("coaching.decided", _l("a noté une décision de la séance %(number)s"))
DECISION_CHANGED = audit.Action("coaching.decision_changed")
DECISION_DROPPED = audit.Action("coaching.decision_dropped")
DECISION_RECOMMENDED = audit.Action("coaching.decision_recommended")
RECOMMENDATION_UNDONE = audit.Action("coaching.recommendation_undone")
DECISION_PLANNED = audit.Action("coaching.decision_planned", _l("a mis « %(name)s » au carnet"))
HISTORY_ACTIONS = tuple(
    action.code
    for action in (
        LOGGED,
        CHANGED,
        DECISION_ADDED,
        DECISION_CHANGED,
        DECISION_DROPPED,
        DECISION_RECOMMENDED,
        RECOMMENDATION_UNDONE,
        DECISION_PLANNED,
    )
)

DecisionInSession = tuple[Decision, CoachingSession]

_REMOVED_FIELDS = ("held_on", "format", "track_id", "next_on", "hour", "duration", "place")
NEXT_MEETING_FACTS = ("next_on", "hour", "duration")  # of the session that was agreed, for mails
DECISIONS_MAX = 20  # per session
DAYS_AHEAD_MAX = 366  # the next session is at most this many days from today


@dataclass(frozen=True, kw_only=True)
class SessionFacts:
    """`track_id` is None where all tracks met together; `minutes` is Markdown. `hour` (HH:MM),
    `duration` (minutes) and `place` are those of the next session, on `next_on`."""

    held_on: date
    format: SessionFormat
    track_id: UUID | None = None
    minutes: str = ""
    next_on: date | None = None
    hour: str = ""
    duration: int | None = None
    place: str = ""


def log_session(
    actor: Actor, project: Project, facts: SessionFacts, decisions: Sequence[str] = ()
) -> CoachingSession:
    """Create a session with one decision per line. Raises `RuleBroken` on the invalid field."""
    require_advisor(actor, project)
    _check_session_facts(project, facts)
    _require_day_not_before_project(project, facts.held_on)
    _check_decisions(decisions)
    row = create_row(CoachingSession, project, author_id=actor.person_id, **asdict(facts))
    changes = changes_of_row(row)
    changes.pop("minutes", None)
    next_meeting = {name: changes[name][1] for name in NEXT_MEETING_FACTS if name in changes}
    record_change(actor, LOGGED, row, changes, project=project, **next_meeting)
    first_number = next_row_number(Decision, project) if decisions else 0
    for decision_number, text in enumerate(decisions, first_number):
        _create_decision(row, decision_number, text)
    return row


def require_first_day_reached(project: Project) -> None:
    """Raise `TooLate`, saying from when, before the first day on which a session may have been held."""
    first = queries.find_first_session_day(project)
    if first > clock.today():
        sentence = _("Une séance se note à partir du %(first)s, le premier jour.", first=format_day(first))
        raise TooLate(sentence, project_path(project))


def change_session(
    actor: Actor, project: Project, row: CoachingSession, facts: SessionFacts, expected_version: int
) -> None:
    """Save changed facts. Raises what `log_session` raises, and `Conflict`."""
    require_advisor(actor, project)
    check_version(row, expected_version)
    _check_session_facts(project, facts, before=row)
    if facts.held_on != row.held_on:
        _require_day_not_before_project(project, facts.held_on)
    save_change(actor, CHANGED, row, asdict(facts), project=project)


def require_removable_session(actor: Actor, project: Project, row: CoachingSession) -> None:
    """Raise `NotAllowed`, or `TooLate` for a session with minutes or decisions."""
    require_advisor(actor, project)
    if not policy.can_remove_session(actor, project, row, queries.count_session_decisions(row)):
        sentence = _("Cette séance a un compte rendu ou une décision\u00a0: modifiez-la plutôt.")
        raise TooLate(sentence, row_path(project, row))


def remove_session(actor: Actor, project: Project, row: CoachingSession) -> None:
    """Delete a session that was logged by mistake. Raises `NotAllowed`, `TooLate` for one with minutes
    or decisions, and `RuleBroken` for one with comments or files."""
    lock_row(CoachingSession, row.id)
    require_removable_session(actor, project, row)
    if has_comments(row.discussion_id):
        raise RuleBroken(None, _("Des messages s’y rattachent\u00a0: modifiez-la plutôt."))
    if has_files(CoachingSession.__tablename__, row.id):
        raise RuleBroken(None, _("Des fichiers y sont joints\u00a0: supprimez-les d’abord."))
    changes = {name: (value, None) for name in _REMOVED_FIELDS if (value := getattr(row, name))}
    facts = {"number": row.number, "path": f"{project_path(project)}/coaching"}
    audit.record(actor, REMOVED, row, scope_id=project.id, facts=facts, changes=changes)
    db.session.delete(row)


def add_decision(actor: Actor, project: Project, row: CoachingSession, text: str) -> Decision:
    """Add a decision to a session. Raises `RuleBroken` on `what` when it has `DECISIONS_MAX`."""
    require_advisor(actor, project)
    number = next_row_number(Decision, project)
    if queries.count_session_decisions(row) >= DECISIONS_MAX:
        raise RuleBroken("what", _("Une séance a %(n)s décisions au plus.", n=DECISIONS_MAX))
    decision = _create_decision(row, number, text)
    record_change(actor, DECISION_ADDED, row, {"decision": (None, text)}, project=project)
    return decision


def reword_decision(
    actor: Actor, project: Project, decision_in_session: DecisionInSession, text: str, expected_version: int
) -> None:
    """Reword a decision. Raises `Conflict`, and `TooLate` once it has a follow-up."""
    decision, row = decision_in_session
    _lock_decision_without_follow_up(actor, project, decision_in_session)
    check_version(decision, expected_version)
    if text == decision.what:
        return
    before, decision.what = decision.what, text
    record_change(actor, DECISION_CHANGED, row, {"decision": (before, text)}, project=project)


def delete_decision(actor: Actor, project: Project, decision_in_session: DecisionInSession) -> None:
    """Delete a decision. Raises `TooLate` once it has a follow-up."""
    decision, row = decision_in_session
    _lock_decision_without_follow_up(actor, project, decision_in_session)
    db.session.delete(decision)
    record_change(actor, DECISION_DROPPED, row, {"decision": (decision.what, None)}, project=project)


def make_recommendation_of_decision(
    actor: Actor, project: Project, decision_in_session: DecisionInSession
) -> Recommendation:
    """Turn a decision into a recommendation; idempotent, returns the existing one.

    Raises `TooLate` when the decision is already a backlog item.
    """
    decision, row = decision_in_session
    require_advisor(actor, project)
    _lock_project_and_refresh_decision(project, decision)
    follow_up = queries.get_follow_up(decision)
    if follow_up.recommendation is not None:
        return follow_up.recommendation
    if decision.item_id is not None:
        raise _make_has_follow_up_error(project, row)
    why = _("Décidé à la séance d’accompagnement %(n)s.", n=row.number)
    advice = RecommendationFacts(what=decision.what, why=why)
    recommendation = recommendations.recommend(actor, project, advice, about_id=row.discussion_id)
    decision.recommendation_id = recommendation.id
    record_change(
        actor, DECISION_RECOMMENDED, row, {"recommendation": (None, recommendation.number)}, project=project
    )
    return recommendation


def undo_recommendation_of_decision(
    actor: Actor, project: Project, decision_in_session: DecisionInSession
) -> None:
    """Withdraw what the actor recommended of it; idempotent. Raises what the withdrawal raises."""
    decision, row = decision_in_session
    require_advisor(actor, project)
    _lock_project_and_refresh_decision(project, decision)
    recommendation = queries.get_follow_up(decision).recommendation
    if recommendation is None:
        return
    undo_commands.require_withdrawable(actor, project, recommendation)
    decision.recommendation_id = None
    db.session.flush()
    undo_commands.withdraw(actor, project, recommendation, row_path(project, row))
    changes = {"recommendation": (recommendation.number, None)}
    record_change(actor, RECOMMENDATION_UNDONE, row, changes, project=project)


def make_backlog_item_of_decision(
    actor: Actor, project: Project, decision_in_session: DecisionInSession
) -> Item:
    """Turn a decision into a backlog item; idempotent, returns the existing one.

    Raises `TooLate` when the decision is already a recommendation.
    """
    decision, row = decision_in_session
    require_team_may_write(actor, project)
    _lock_project_and_refresh_decision(project, decision)
    follow_up = queries.get_follow_up(decision)
    if follow_up.item is not None:
        return follow_up.item
    if decision.recommendation_id is not None:
        raise _make_has_follow_up_error(project, row)
    text = ItemFacts(title=decision.what, kind=ItemKind.STORY, origin=row_path(project, row))
    (item,) = add_items(actor, project, [text])
    decision.item_id = item.id
    record_change(
        actor, DECISION_PLANNED, row, {"item": (None, item.number)}, project=project, name=decision.what
    )
    return item


def _make_has_follow_up_error(project: Project, row: CoachingSession) -> TooLate:
    sentence = _("Cette décision a déjà une suite. Rien n’a été changé.")
    return TooLate(sentence, row_path(project, row))


def _lock_project_and_refresh_decision(project: Project, decision: Decision) -> None:
    lock_row(Project, project.id)
    reload_row(decision)


def _lock_decision_without_follow_up(
    actor: Actor, project: Project, decision_in_session: DecisionInSession
) -> None:
    """Lock a decision for an advisor. Raises `TooLate` once it has a follow-up."""
    decision, row = decision_in_session
    require_advisor(actor, project)
    _lock_project_and_refresh_decision(project, decision)
    if not policy.can_change_decision(actor, project, decision):
        raise _make_has_follow_up_error(project, row)


def _create_decision(row: CoachingSession, number: int, text: str) -> Decision:
    decision = Decision(project_id=row.project_id, number=number, session_id=row.id, what=text)
    db.session.add(decision)
    return decision


def _check_session_facts(
    project: Project, facts: SessionFacts, before: CoachingSession | None = None
) -> None:
    require_not_future("held_on", facts.held_on)
    if facts.next_on is None and (facts.hour or facts.duration or facts.place):
        raise RuleBroken("next_on", _("Donnez le jour de la prochaine séance."))
    if facts.next_on is not None and facts.next_on <= facts.held_on:
        raise RuleBroken("next_on", _("La prochaine séance vient après celle-ci."))
    if facts.next_on is not None and facts.next_on > clock.today() + timedelta(days=DAYS_AHEAD_MAX):
        raise RuleBroken("next_on", _("C’est dans plus d’un an : donnez une date plus proche."))
    if facts.track_id is None or (before is not None and before.track_id == facts.track_id):
        return
    if facts.track_id not in {track.id for track in list_tracks(project)}:
        raise RuleBroken("track", _("Ce projet n’est pas accompagné sur ce volet."))


def _require_day_not_before_project(project: Project, day: date) -> None:
    """Raise `RuleBroken` on `held_on` before both the project and its programme."""
    require_day_not_before_start("held_on", day, queries.find_first_session_day(project))


def _check_decisions(decisions: Sequence[str]) -> None:
    if len(decisions) > DECISIONS_MAX:
        raise RuleBroken("decisions", _("Une séance a %(n)s décisions au plus.", n=DECISIONS_MAX))
    if any(len(text) > LINE_MAX for text in decisions):
        sentence = _("Chaque décision tient en %(n)s caractères.", n=LINE_MAX)
        raise RuleBroken("decisions", sentence)
