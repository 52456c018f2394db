"""Declare the weather of a project, override its health."""

from datetime import date

from portal.oversight.health import policy
from portal.oversight.health.definition_rules import LeadOpinionLevel
from portal.oversight.health.models import DeclaredWeather, LeadOpinion
from portal.oversight.health.opinion_queries import list_weathers
from portal.platform.kernel import audit, clock
from portal.platform.kernel.access import Actor, require
from portal.platform.kernel.clock import find_due_date_problem
from portal.platform.kernel.database import db, flush_session
from portal.platform.kernel.errors import RuleBroken
from portal.platform.kernel.text import gettext as _
from portal.platform.kernel.text import lazy_gettext as _l
from portal.project.projects.models import Project
from portal.project.projects.work_commands import require_project_active
from portal.sprints.sprints.outlook_rules import OutlookLevel

DECLARED = audit.Action("health.weather_declared", _l("a déclaré la météo du projet"))
OVERRIDDEN = audit.Action("health.overridden", _l("a dit comment la direction voit le projet"))
OVERRIDE_WITHDRAWN = audit.Action("health.taken_back", _l("a retiré ce que la direction disait du projet"))
DARK_OUTLOOKS = (OutlookLevel.RAINY.value, OutlookLevel.STORMY.value)  # the darker last


def declare_weather(actor: Actor, project: Project, outlook: OutlookLevel, sentence: str) -> DeclaredWeather:
    """Append the weather that the team's lead declares; return it. Raises `NotAllowed`,
    `TooLate`."""
    require_can_declare_weather(actor, project)
    return append_weather(actor, project, outlook, sentence)


def append_weather(actor: Actor, project: Project, outlook: OutlookLevel, sentence: str) -> DeclaredWeather:
    """Append a weather that somebody may declare, and return it."""
    before = next((weather.outlook for weather in list_weathers(project)), None)
    row = DeclaredWeather(
        project_id=project.id, outlook=outlook, sentence=sentence, declared_by_id=actor.person_id
    )
    _store_opinion(actor, DECLARED, project, row, {"outlook": (before, outlook)})
    return row


def note_lead_opinion(
    actor: Actor, project: Project, level: LeadOpinionLevel, text: str, until: date
) -> LeadOpinion:
    """Append how the programme's lead sees the project until a day; return it. `NOTHING` ends the
    override in force. Raises `RuleBroken` on `until`; `NotAllowed`, `TooLate`."""
    require_can_note_lead_opinion(actor, project)
    if level is not LeadOpinionLevel.NOTHING and (fault := find_due_date_problem(until)):
        raise RuleBroken("until", fault)
    row = LeadOpinion(
        project_id=project.id,
        level=level.value,
        text=text,
        until=until if level is not LeadOpinionLevel.NOTHING else clock.today(),
        said_by_id=actor.person_id,
    )
    action = OVERRIDE_WITHDRAWN if level is LeadOpinionLevel.NOTHING else OVERRIDDEN
    _store_opinion(actor, action, project, row, {"level": (None, level.value), "until": (None, row.until)})
    return row


def require_can_declare_weather(actor: Actor, project: Project) -> None:
    sentence = _("Seul le porteur déclare la météo. Rien n’a été changé.")
    require(policy.may_declare_weather(actor, project), sentence)
    require_project_active(project)


def require_can_note_lead_opinion(actor: Actor, project: Project) -> None:
    sentence = _("Seule la direction du programme le dit. Rien n’a été changé.")
    require(policy.may_note_lead_opinion(actor, project), sentence)
    require_project_active(project)


def _store_opinion(
    actor: Actor,
    action: audit.Action,
    project: Project,
    row: DeclaredWeather | LeadOpinion,
    changes: audit.Changes,
) -> None:
    db.session.add(row)
    flush_session()
    facts = {"path": f"/projects/{project.slug}/health"}
    audit.record(actor, action, row, scope_id=project.id, facts=facts, changes=changes)
