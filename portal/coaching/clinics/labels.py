"""Labels and sentences of help requests and their steps; their line on a sprint's page."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from flask import url_for

from portal.coaching.clinics.models import HelpRequestStage
from portal.coaching.clinics.queries import CLAIMS, HelpRequest
from portal.communication.calendar.meeting_labels import format_day_and_hour
from portal.platform.kernel import clock
from portal.platform.kernel.access import Actor
from portal.platform.kernel.text import LazyString, ngettext
from portal.platform.kernel.text import gettext as _
from portal.platform.kernel.text import lazy_gettext as _l
from portal.platform.web.template_filters import day
from portal.project.projects.models import Project
from portal.project.projects.section_queries import SectionLine
from portal.sprints.sprints.models import Sprint
from portal.sprints.sprints.section_queries import SprintPageSection

STEPS: dict[HelpRequestStage, LazyString] = {
    HelpRequestStage.REQUESTED: _l("Demandée"),
    HelpRequestStage.CLAIMED: _l("Prise"),
    HelpRequestStage.SCHEDULED: _l("Date fixée"),
    HelpRequestStage.CONDUCTED: _l("Tenue"),
    HelpRequestStage.CLOSED: _l("Close"),
}
STEP_KINDS: dict[HelpRequestStage, str | None] = {
    HelpRequestStage.REQUESTED: "warning",
    HelpRequestStage.CLAIMED: "info",
    HelpRequestStage.SCHEDULED: "info",
    HelpRequestStage.CONDUCTED: "info",
    HelpRequestStage.CLOSED: "success",
}


def describe_clinic(number: int) -> str:
    """What a clinic is, by the number of the sprint whose request it answers."""
    return _("Le rendez-vous qui répond à la demande d’aide du sprint %(n)s.", n=number)


def waiting_time(request: HelpRequest) -> str:
    """How many days the team has waited, or had waited until a coach claimed the request."""
    is_waiting = request.step is HelpRequestStage.REQUESTED
    return describe_wait(request.days_waited(clock.today()), is_waiting, _("prise le jour même"))


def describe_wait(days: int, is_waiting: bool, same_day: str) -> str:
    """How many days a request for help has waited; `same_day` says that its wait ended on its first day."""
    if not days:
        return _("arrivée aujourd’hui") if is_waiting else same_day
    if is_waiting:
        return ngettext("attend depuis %(num)s jour", "attend depuis %(num)s jours", days)
    return ngettext("a attendu %(num)s jour", "a attendu %(num)s jours", days)


def describe_next_step(request: HelpRequest) -> str:
    """The next step and who takes it."""
    clinic = request.clinic
    if clinic is None:
        return _("Personne ne l’a encore prise.")
    who = request.taken_by or ""
    if request.step is HelpRequestStage.CLAIMED:
        return _("%(who)s s’en occupe ; la date reste à fixer.", who=who)
    if clinic.planned_on and request.step is HelpRequestStage.SCHEDULED:
        meeting = format_day_and_hour(clinic.planned_on, clinic.hour, clinic.duration)
        return _("Avec %(who)s, le %(day)s.", who=who, day=meeting)
    if clinic.held_on and request.step is HelpRequestStage.CONDUCTED:
        return _("Tenue le %(day)s ; il reste à dire ce qui en est sorti.", day=day(clinic.held_on))
    return _("Close : l’équipe n’attend plus.")


def request_assigned_message(
    people: Sequence[tuple[UUID, str]], person_id: str | None, project: Project
) -> str:
    """To whom of `people` a request was given, and for which team."""
    names = {str(id_): name for id_, name in people}
    who = names.get(person_id or "", "")
    return _("Demande confiée à %(who)s pour %(team)s.", who=who, team=project.short_name)


def build_help_request_lines(
    _actor: Actor, project: Project, sprint: Sprint, values: Sequence[Any]
) -> Sequence[SectionLine]:
    """One line for a sprint whose team asked for help, else none."""
    (claims,) = values
    if not (sprint.help_requested_at or claims):
        return []
    clinic, who = claims[0] if claims else (None, None)
    request = HelpRequest(sprint, project, clinic, who)
    url = url_for("clinics.page", slug=project.slug, number=sprint.number)
    sentence = f"{describe_next_step(request)} ({waiting_time(request)})"
    return [SectionLine(_("Aide demandée"), sentence, url, request.clinic is None)]


SPRINT_SECTION = SprintPageSection(build_help_request_lines, (CLAIMS,))
