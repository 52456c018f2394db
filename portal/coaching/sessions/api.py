"""Operations on sessions of coaching."""

from portal.coaching.sessions import commands, queries, schemas
from portal.coaching.sessions.models import CoachingSession, Decision
from portal.platform.web.api_operations import ApiArea
from portal.project.projects.numbered_api import NumberedApi

area = ApiArea("coaching")

sessions = NumberedApi(
    area,
    "coaching-sessions",
    ("coaching_session", "coaching_sessions"),
    CoachingSession,
    schemas.CoachingSessionSchema,
).reads()
sessions.histories(commands.HISTORY_ACTIONS)
sessions.creates(
    "log_coaching_session",
    "Log a session of coaching, with its decisions.",
    commands.log_session,
    schemas.NewSessionSchema,
)
sessions.changes(
    "change_coaching_session",
    "Change a session of coaching.",
    commands.change_session,
    schemas.SessionFactsSchema,
)
sessions.deletes(
    "remove_coaching_session",
    "Delete a session that was logged by mistake, without minutes or decisions.",
    commands.remove_session,
)

decisions = NumberedApi(
    area,
    "coaching-decisions",
    ("coaching_decision", "coaching_decisions"),
    Decision,
    schemas.CoachingDecisionSchema,
    queries.get_decision_and_session,
).reads()
decisions.creates(
    "add_coaching_decision",
    "Add a decision to a session.",
    commands.add_decision,
    schemas.DecisionTextSchema,
    under=sessions,
    names={"text": "what"},
)
decisions.changes(
    "change_coaching_decision",
    "Reword a decision that nothing was made of.",
    commands.reword_decision,
    schemas.DecisionTextSchema,
    names={"text": "what"},
)
decisions.deletes(
    "drop_coaching_decision", "Drop a decision that nothing was made of.", commands.delete_decision
)
decisions.acts(
    "recommend",
    "recommend_coaching_decision",
    "Make a recommendation of a decision, for its coach.",
    commands.make_recommendation_of_decision,
)
decisions.acts(
    "recommend/undo",
    "undo_recommendation_of_coaching_decision",
    "Undo within the hour the recommendation that one made of a decision.",
    commands.undo_recommendation_of_decision,
)
decisions.acts(
    "item",
    "make_item_of_coaching_decision",
    "Put a decision into the backlog, for the team.",
    commands.make_backlog_item_of_decision,
)
