"""What jurors and leads may do around the jury of a call."""

from portal.platform.kernel import clock
from portal.selection.applications.models import ApplicationState
from portal.selection.applications.policy import ApplicationRights
from portal.selection.applications.queries import LoadedApplication
from portal.selection.calls.models import CallState
from portal.selection.jury.models import UNDO_TIME, ConflictUndoObstacle, InterestDeclaration

JUDGING_STATES = frozenset({CallState.IN_REVIEW})
PREPARING_STATES = frozenset({CallState.CLOSED, CallState.OPEN, CallState.IN_REVIEW})
UNSCORED_STATES = frozenset(
    {ApplicationState.NOT_ELIGIBLE, ApplicationState.WITHDRAWN}
)  # no jury judges them


def can_declare_interest(loaded: LoadedApplication) -> bool:
    """Say whether one has an interest: its jurors and the leads of its call, until the decision."""
    rights: ApplicationRights = loaded.rights
    return (rights.is_juror or rights.is_lead) and loaded.call.state in PREPARING_STATES


def is_declaration_awaited(loaded: LoadedApplication) -> bool:
    """Whether the actor, a juror of the application, has to say first whether they may judge it."""
    own = loaded.assignment
    is_silent = own is not None and own.declaration is InterestDeclaration.AWAITED and own.recused_at is None
    return is_silent and is_judged_by_jury(loaded) and can_declare_interest(loaded)


def has_answered_about_interests(loaded: LoadedApplication) -> bool:
    """Whether the actor, a juror of the application, said whether they have an interest."""
    own = loaded.assignment
    return own is not None and own.declaration is not InterestDeclaration.AWAITED


def can_declare_found_interest(loaded: LoadedApplication) -> bool:
    """Say that one has an interest after all, as a juror who said that one had none: until scores open. One
    who leads the call too says it as its lead."""
    return is_late_interest_possible(loaded) and loaded.application.opened_at is None


def is_late_interest_possible(loaded: LoadedApplication) -> bool:
    """Whether the actor judges an application that is not decided, and may yet find an interest in it."""
    is_own = loaded.rights.is_judge and not loaded.rights.leads_call
    return is_own and is_judged_by_jury(loaded) and can_declare_interest(loaded)


def find_conflict_undo_obstacle(loaded: LoadedApplication) -> ConflictUndoObstacle | None:
    """Why a juror no longer takes back the conflict that they declared, by the application and their answer
    alone: within an hour, until scores open. One who leads the call too is let in again by two people."""
    own = loaded.assignment
    if own is None or own.declaration is not InterestDeclaration.CONFLICT or own.recused_at is None:
        return ConflictUndoObstacle.UNDECLARED
    obstacles = {
        ConflictUndoObstacle.LEADS_CALL: loaded.rights.leads_call,
        ConflictUndoObstacle.OPENED: loaded.application.opened_at is not None,
        ConflictUndoObstacle.OVER: not can_declare_interest(loaded),
        ConflictUndoObstacle.TAKEN_OFF: not own.has_recused_themselves,
        ConflictUndoObstacle.LATE: clock.now() - own.recused_at > UNDO_TIME,
    }
    return next((obstacle for obstacle, applies in obstacles.items() if applies), None)


def can_score(loaded: LoadedApplication) -> bool:
    """Write one's sheet: a juror without a conflict, until it is sent or scores are open."""
    own = loaded.assignment
    return (
        own is not None
        and loaded.rights.is_judge
        and is_judged_by_jury(loaded)
        and loaded.call.state in JUDGING_STATES
        and own.sent_at is None
        and loaded.application.opened_at is None
    )


def is_awaited_of_juror(loaded: LoadedApplication) -> bool:
    """Whether the actor, a juror of the application, has to declare or to score."""
    return is_declaration_awaited(loaded) or can_score(loaded)


def is_examination_to_come(loaded: LoadedApplication) -> bool:
    """Whether its call is not yet given to the jury."""
    return loaded.call.state in PREPARING_STATES - JUDGING_STATES


def can_open_scores(loaded: LoadedApplication) -> bool:
    """Open scores before all are in, with a reason: its leads who do not judge it themselves, once it is
    eligible."""
    return (
        may_open_scores_in_some_state(loaded)
        and loaded.application.state is ApplicationState.ELIGIBLE
        and loaded.call.state in JUDGING_STATES
        and loaded.application.opened_at is None
    )


def can_change_own_score(loaded: LoadedApplication) -> bool:
    """Change an opened score of one's own, with a reason, until the decision."""
    own = loaded.assignment
    return (
        own is not None
        and loaded.rights.is_judge
        and own.sent_at is not None
        and loaded.application.opened_at is not None
        and loaded.call.state in JUDGING_STATES
    )


def is_judged_by_jury(loaded: LoadedApplication) -> bool:
    """Whether jurors score it: not what is not eligible, or withdrawn."""
    return loaded.application.state not in UNSCORED_STATES


def can_assign_jurors(loaded: LoadedApplication) -> bool:
    """Assign and recuse jurors: its leads, until its scores open; nobody of what no jury judges."""
    return (
        loaded.rights.is_lead
        and loaded.call.state in PREPARING_STATES
        and is_judged_by_jury(loaded)
        and loaded.application.opened_at is None
    )


def can_name_lead(loaded: LoadedApplication) -> bool:
    """Name another lead, or agree that one is let in again: any lead of the call, since whoever is
    in conflict has to hand it over."""
    return loaded.rights.leads_call


def may_open_scores_in_some_state(loaded: LoadedApplication) -> bool:
    """Whether the actor is somebody who opens scores, in whatever state they are."""
    return loaded.rights.is_lead and not loaded.rights.is_judge
