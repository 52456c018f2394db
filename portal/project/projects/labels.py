"""Labels of project states, of the transitions between them, and of discussions in the feed."""

import re
from collections.abc import Sequence

from portal.people.programmes.queries import RoleHolder
from portal.platform.kernel.text import LazyString, ngettext
from portal.platform.kernel.text import gettext as _
from portal.platform.kernel.text import lazy_gettext as _l
from portal.platform.web.template_filters import day
from portal.project.projects import policy
from portal.project.projects.models import Project, ProjectState, ProjectTransition

STATES: dict[ProjectState, LazyString] = {
    ProjectState.ACTIVE: _l("En cours"),
    ProjectState.PAUSED: _l("En pause"),
    ProjectState.STOPPED: _l("Arrêté"),
    ProjectState.FINISHED: _l("Terminé"),
}

STATE_KINDS: dict[ProjectState, str | None] = {
    ProjectState.ACTIVE: "info",
    ProjectState.FINISHED: "success",
    ProjectState.PAUSED: "warning",
}


def badge(state: ProjectState) -> tuple[LazyString, str | None]:
    """The words of a state and the kind of its badge."""
    return STATES[state], STATE_KINDS.get(state)


def describe_dated_project_state(project: Project) -> str:
    """The state of a project for anybody: « Essai terminé le 24 juin 2026 »."""
    match project.state:
        case ProjectState.STOPPED if project.stopped_on:
            return _("Essai arrêté le %(day)s", day=day(project.stopped_on))
        case ProjectState.FINISHED if project.finished_on:
            return _("Essai terminé le %(day)s", day=day(project.finished_on))
        case ProjectState.PAUSED if project.paused_on:
            return _("Essai en pause depuis le %(day)s", day=day(project.paused_on))
    return _("Essai en cours")


MOVES: dict[ProjectTransition, LazyString] = {
    ProjectTransition.PAUSE: _l(
        "Mettre en pause : l’équipe ne modifie plus ni les sprints ni la présentation ; chacun lit et"
        " commente encore"
    ),
    ProjectTransition.RESUME: _l("Reprendre : l’équipe écrit à nouveau"),
    ProjectTransition.FINISH: _l("Terminer : l’accompagnement est allé à son terme"),
    ProjectTransition.STOP: _l("Arrêter : une issue honorable, qui garde ce que l’équipe a appris"),
}

MOVES_FROM: dict[ProjectState, tuple[ProjectTransition, ...]] = {
    ProjectState.ACTIVE: (ProjectTransition.PAUSE, ProjectTransition.FINISH, ProjectTransition.STOP),
    ProjectState.PAUSED: (ProjectTransition.RESUME, ProjectTransition.FINISH, ProjectTransition.STOP),
    ProjectState.STOPPED: (ProjectTransition.RESUME,),
    ProjectState.FINISHED: (ProjectTransition.RESUME,),
}

_OF_A_SPRINT = re.compile(r"/sprints/(\d+)$")
_OF_A_SHEET = re.compile(r"/file/sheets/(\d+)$")
_OF_A_GATE = re.compile(r"/gates/(\d+)$")
_OF_A_RISK = re.compile(r"/risks/(\d+)$")


def discussion_name_of_page(page: str) -> str:
    """Return the name of the discussion on the page at this path."""
    sprint = _OF_A_SPRINT.search(page)
    if sprint:
        return _("discussion du sprint %(number)s", number=sprint[1])
    sheet = _OF_A_SHEET.search(page)
    if sheet:
        return _("discussion de la fiche n° %(number)s", number=sheet[1])
    gate = _OF_A_GATE.search(page)
    if gate:
        return _("discussion du jalon G%(number)s", number=gate[1])
    risk = _OF_A_RISK.search(page)
    if risk:
        return _("discussion du risque %(number)s", number=risk[1])
    return _("discussion du projet")


def gates_after_support_end_sentence(numbers: Sequence[int]) -> str:
    """Which gates are planned after the end of a support."""
    return ngettext(
        "Prévu après cette fin : %(gates)s.",
        "Prévus après cette fin : %(gates)s.",
        len(numbers),
        gates=", ".join(f"G{number}" for number in numbers),
    )


def join_lead_names(team: Sequence[RoleHolder]) -> str:
    """Return the names of the leads among the members of a team, joined; "" while it has none."""
    return ", ".join(
        holder.person.name for holder in team if policy.is_team_lead_role(holder.assignment.role)
    )


def name_with_team_count(name: str, teams: int) -> str:
    """« Claire, 4 équipes dans vos programmes »."""
    return f"{name}, {describe_team_count(teams)}"


def describe_team_count(teams: int) -> str:
    """How many teams a coach has in all programmes that the reader leads: their time is one."""
    if not teams:
        return _("aucune équipe dans vos programmes")
    return ngettext("%(num)s équipe dans vos programmes", "%(num)s équipes dans vos programmes", teams)
