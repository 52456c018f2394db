"""Who says how a project is going, and who changes what its signals ask. No other file decides."""

from portal.people.programmes import policy as programmes
from portal.people.programmes.models import Programme
from portal.platform.kernel.access import Actor
from portal.project.projects import policy as projects
from portal.project.projects.models import Project


def may_declare(actor: Actor, project: Project) -> bool:
    """Say which weather the project is in, in some state of it: whoever carries it."""
    return projects.can_lead_team(actor, project)


def can_declare(actor: Actor, project: Project) -> bool:
    return may_declare(actor, project) and projects.is_open(project)


def may_override(actor: Actor, project: Project) -> bool:
    """Say something else than what was computed: the programme's lead, who is not on the team."""
    leads = projects.can_lead_programme(actor, project)
    return leads and not projects.is_on_team(actor, project)


def can_override(actor: Actor, project: Project) -> bool:
    return may_override(actor, project) and projects.is_open(project)


def can_set_terms(actor: Actor, programme: Programme) -> bool:
    return programmes.can_lead(actor, programme)
