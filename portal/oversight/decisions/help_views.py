"""Asking for help on any day: the request that a close makes too.

A team that has planned no sprint yet puts a question to its coaches, or to the programme's lead.
"""

from dataclasses import replace
from typing import Any

from flask import Blueprint, Response, url_for

from portal.coaching.clinics.forms import HelpRequestForm
from portal.coaching.clinics.queries import HelpRequest
from portal.coaching.clinics.request_commands import find_claimant_of_open_request, request_help
from portal.oversight.decisions import commands
from portal.oversight.decisions.forms import AskHelpForm
from portal.oversight.decisions.page_views import decision_url
from portal.platform.kernel import clock
from portal.platform.kernel.text import gettext as _
from portal.platform.web.actor import current_actor as actor
from portal.platform.web.form_page import EntryAboveForm, FormPage, FormPageLink, make_form
from portal.platform.web.writes import write_page
from portal.project.projects.models import Project
from portal.project.projects.queries import list_coaches
from portal.project.projects.workspace_views import build_trail, get_writable_project
from portal.sprints.sprints import closing_labels
from portal.sprints.sprints.models import Sprint, SprintState
from portal.sprints.sprints.queries import find_last_closed_sprint, find_sprint_for_help


class _StoredRequest(HelpRequest):
    """A request as its form reads it: the version is that of its sprint."""

    @property
    def version(self) -> int:
        return self.sprint.version


bp = Blueprint("help", __name__, url_prefix="/projects/<slug>/help")


@bp.route("", methods=["GET", "POST"])
def ask(slug: str) -> Response:
    """The request waits among what is to decide until somebody takes it."""
    project = get_writable_project(slug)
    sprint = find_sprint_for_help(project)
    names = ", ".join(holder.person.name for holder in list_coaches(project))
    form_page = FormPage(
        title=_("Demander de l’aide"),
        lead=_("À vos coachs : %(names)s.", names=names) if names else _("À la direction du programme."),
        trail=build_trail(project),
        step=_("Demander de l’aide"),
        yes=_("Envoyer"),
        advice=(
            _("Vos coachs et la direction sont prévenus aussitôt, et votre demande attend chez eux."),
            _("Elle attend jusqu’à ce qu’elle soit close. Vous en voyez la suite sur sa page."),
        ),
    )
    if sprint is None:
        return _ask_help_before_first_sprint(project, form_page, has_coaches=bool(names))
    return _ask_help_in_sprint(project, sprint, form_page)


def _ask_help_in_sprint(project: Project, sprint: Sprint, form_page: FormPage) -> Response:
    is_waiting = sprint.awaits_help
    if is_waiting:
        form_page = replace(form_page, **_build_waiting_context(project, sprint))
    proposed = (
        {} if is_waiting else closing_labels.propose_help_values(sprint, find_last_closed_sprint(project))
    )
    request = _StoredRequest(sprint, project, clinic=None, taken_by=None)
    form = make_form(HelpRequestForm, obj=request if is_waiting else None, version=sprint.version, **proposed)

    def send(values: dict[str, Any]) -> Sprint:
        return request_help(
            actor,
            project,
            sprint,
            values["blocker"],
            values["blocker_text"],
            expected_version=values["version"],
        )

    return write_page(
        form_page,
        form,
        send,
        message=_("Votre demande est complétée.") if is_waiting else _("Votre demande est envoyée."),
        to=lambda row: url_for("clinics.page", slug=project.slug, number=row.number),
        stored=request,
    )


def _build_waiting_context(project: Project, sprint: Sprint) -> dict[str, Any]:
    """What the page says once a request waits: since when, and how to complete or to withdraw it,
    or who has it."""
    place: dict[str, Any] = {"slug": project.slug, "number": sprint.number}
    asked_on = closing_labels.short_day(clock.day_of(sprint.help_requested_at or clock.now()))
    if claimant := find_claimant_of_open_request(sprint):
        withdrawal = FormPageLink(
            _("%(who)s l’a prise\u00a0: elle reste jusqu’à sa clôture.", who=claimant), ""
        )
    elif sprint.state is SprintState.CLOSED:
        withdrawal = FormPageLink(
            _("La retirer : décochez-la dans le journal du sprint %(number)s", number=sprint.number),
            url_for("sprint_log.log_page", **place),
        )
    else:
        withdrawal = FormPageLink(_("Pour la retirer, décochez-la à la clôture du sprint."), "")
    links = (FormPageLink(_("Voir où elle en est"), url_for("clinics.page", **place)), withdrawal)
    return {
        "entries_title": _("Votre demande attend"),
        "entries": (EntryAboveForm(_("Envoyée le %(day)s. Complétez-la ci-dessous.", day=asked_on), links),),
        "yes": _("Compléter la demande"),
    }


def _ask_help_before_first_sprint(project: Project, form_page: FormPage, *, has_coaches: bool) -> Response:
    form = make_form(AskHelpForm, has_coaches)
    return write_page(
        form_page,
        form,
        lambda _values: commands.ask_decision(actor, project, form.facts()),
        message=_("Votre demande est envoyée."),
        to=lambda row: decision_url(project, row.number),
    )
