"""The three questions after a group session, among what waits in a project for a member of its team."""

from collections.abc import Iterable

from portal.app.home.duty import DutyButton, TeamDuty
from portal.coaching.group_sessions.queries import list_unanswered_surveys
from portal.platform.kernel.access import Actor
from portal.platform.kernel.text import gettext as _
from portal.platform.web.template_filters import day
from portal.platform.web.urls import path_to
from portal.project.projects import policy
from portal.project.projects.models import Project
from portal.project.projects.queries import get_programme_of


def list_survey_duties(actor: Actor, project: Project) -> Iterable[TeamDuty]:
    """One line a session of the last weeks of which the reader, on the team, has said nothing yet."""
    if not policy.is_on_team(actor, project):
        return
    for row in list_unanswered_surveys(actor, project):
        place = {"slug": get_programme_of(project).slug, "number": row.number}
        yield TeamDuty(
            text=row.title,
            url=path_to("gatherings.page", **place),
            note=_("séance collective du %(day)s, trois questions et une minute", day=day(row.held_on)),
            is_own=True,
            acts=(DutyButton(_("Répondre"), path_to("gatherings.answer", **place)),),
        )
