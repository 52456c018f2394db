"""Who deliberates, decides, publishes, and turns a laureate into a project.

The agenda is of the whole jury, which deliberates together: a juror reads of it the organisation and the
title of each application, of those too that others scored. They are what a juror learns before declaring
an interest (`applications.policy`), by them each can tell what they must leave the room for, and nothing
else of an application opens by it. What one declared a conflict of is not on one's agenda.
"""

from portal.platform.kernel.access import Actor, Role
from portal.project.projects.models import Project
from portal.selection.applications.models import ApplicationState
from portal.selection.applications.queries import LoadedApplication
from portal.selection.calls import policy as calls
from portal.selection.calls.models import Call, CallState

TEAM_LEAD, TEAM_MEMBER = Role.TEAM_LEAD, Role.TEAM_MEMBER
DECIDING_STATES = frozenset({CallState.IN_REVIEW, CallState.DELIBERATED, CallState.PUBLISHED})
DECIDED_STATES = frozenset(
    {ApplicationState.LAUREATE, ApplicationState.WAITING_LIST, ApplicationState.NOT_SELECTED}
)
APPEALABLE_STATES = DECIDED_STATES


def can_read_agenda(actor: Actor, call: Call) -> bool:
    """Read the agenda: its leads, and once the deliberation is prepared all its jurors."""
    return calls.leads_call(actor, call) or call.state in DECIDING_STATES


def can_read_minutes(actor: Actor, call: Call) -> bool:
    """Its leads, and its jurors once the results are published."""
    is_published = call.state is CallState.PUBLISHED
    return calls.leads_call(actor, call) or (can_read_agenda(actor, call) and is_published)


def can_decide(loaded: LoadedApplication) -> bool:
    """Decide of an application: its leads, once its scores are open or it is not eligible."""
    decidable = loaded.application.state in {ApplicationState.SCORED, ApplicationState.NOT_ELIGIBLE}
    return loaded.rights.is_lead and decidable and loaded.call.state in DECIDING_STATES


def can_publish(actor: Actor, call: Call) -> bool:
    return calls.leads_call(actor, call) and call.state in {CallState.DELIBERATED, CallState.PUBLISHED}


def can_receive_appeal(loaded: LoadedApplication) -> bool:
    """Note an appeal of the applicant: its leads, against a published decision."""
    return loaded.rights.is_lead and loaded.application.state in APPEALABLE_STATES


def can_make_project(actor: Actor, loaded: LoadedApplication) -> bool:
    """Make a laureate a project, once: leads of the programme."""
    application = loaded.application
    return (
        calls.leads_call(actor, loaded.call)
        and loaded.rights.is_lead
        and application.state is ApplicationState.LAUREATE
        and application.project_id is None
    )


def actor_as_founder(actor: Actor, project: Project) -> Actor:
    """The actor with the rights to fill the file of a new project from its application, which its
    team has not joined yet."""
    return Actor(actor.person_id, {**actor.roles, project.id: frozenset({TEAM_LEAD})}, actor.as_of)


def leads_programme_of(actor: Actor, project: Project) -> bool:
    """Whether the actor leads the programme of a project."""
    return actor.has_role_in(calls.LEAD, in_=project.programme_id)
