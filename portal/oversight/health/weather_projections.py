"""The weather that a sprint's close says is the project's weather, until the close is undone."""

from collections.abc import Sequence

from portal.oversight.gates.queries import list_projects_in_id_order
from portal.oversight.health import commands
from portal.oversight.health.models import WithdrawnWeather
from portal.oversight.health.opinion_queries import find_weather_id_at, is_weather_withdrawn, list_weathers
from portal.platform.kernel import clock
from portal.platform.kernel.access import Actor
from portal.platform.kernel.audit import PendingAuditEvent
from portal.platform.kernel.database import insert_row
from portal.platform.kernel.projection import ALL, Projection, actions_of
from portal.platform.kernel.text import gettext as _
from portal.platform.kernel.text import lower_first
from portal.project.projects.models import Project
from portal.project.projects.projections import mark_project_figures
from portal.project.projects.revision_queries import list_revisions
from portal.sprints.sprints import commands as sprints
from portal.sprints.sprints import undo_commands
from portal.sprints.sprints.closing_labels import short_day
from portal.sprints.sprints.labels import OUTLOOKS_IN_SHORT
from portal.sprints.sprints.outlook_rules import OutlookLevel
from portal.sprints.sprints.section_queries import ClosingSummarySource, SprintClosingPartKind


def sync_weather_with_closes(lines: Sequence[PendingAuditEvent]) -> None:
    """Declare what the logs of these closes say, at the moment of the close, each once; and withdraw
    what was said by a close that is undone, so that the weather before counts again."""
    for line in lines:
        if line.action == undo_commands.CLOSE_UNDONE.code:
            _withdraw_weather_of_close(line)
    with_outlook = [line for line in lines if line.after.get("outlook")]
    projects = list_projects_in_id_order([line.scope_id for line in with_outlook if line.scope_id])
    by_id = {project.id: project for project in projects}
    for line in with_outlook:
        if line.actor_id is None or line.scope_id is None:
            continue
        if find_weather_id_at(line.scope_id, line.created_at) is None:
            sentence = line.after.get("outlook_note") or line.after["summary"]
            actor, outlook = Actor(line.actor_id, {}), OutlookLevel(line.after["outlook"])
            with clock.frozen_at(line.created_at):
                commands.append_weather(actor, by_id[line.scope_id], outlook, sentence)


def _withdraw_weather_of_close(line: PendingAuditEvent) -> None:
    """Withdraw what the last close of this sprint said."""
    closes = list_revisions([line.subject_id], [sprints.CLOSED.code])
    if not closes or line.scope_id is None:
        return
    weather_id = find_weather_id_at(line.scope_id, closes[0].at)
    if weather_id is not None and not is_weather_withdrawn(weather_id):
        insert_row(WithdrawnWeather(weather_id=weather_id))


def mark_projects_with_new_weather(lines: Sequence[PendingAuditEvent]) -> None:
    """Have what orders projects by their weather see that it changed."""
    for project_id in sorted({line.scope_id for line in lines if line.scope_id is not None}):
        mark_project_figures(project_id)


def describe_weather(project: Project) -> str:
    """« soleil, dite le 16 novembre »; "" before anybody said one."""
    weather = next(iter(list_weathers(project)), None)
    if weather is None:
        return ""
    outlook = lower_first(OUTLOOKS_IN_SHORT[weather.outlook])
    return _("%(outlook)s, dite le %(day)s", outlook=outlook, day=short_day(clock.day_of(weather.at)))


PROJECTION = Projection(
    name="weather",
    depends={sprints.CLOSED: ALL, undo_commands.CLOSE_UNDONE: ALL},
    refresh=sync_weather_with_closes,
    records=(commands.DECLARED,),
    exempt=(actions_of(sprints) | actions_of(undo_commands)) - {sprints.CLOSED, undo_commands.CLOSE_UNDONE},
)
MARKS = Projection(
    name="weather marks",
    depends={commands.DECLARED: ALL},
    refresh=mark_projects_with_new_weather,
    exempt=actions_of(commands) - {commands.DECLARED},
)
CLOSING_SUMMARY = ClosingSummarySource(SprintClosingPartKind.OUTLOOK, describe_weather)
