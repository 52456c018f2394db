"""What the frame of every page shows to the person behind a request."""

from flask import g, request
from flask_login import current_user

from portal.app.administration.installation import get_installation_state_cache
from portal.app.home import additions, navigation, policy
from portal.app.home.policy import WorkplaceKind
from portal.app.home.workplaces import find_current_workplace
from portal.communication.notifications.queries import count_unread_groups
from portal.people.programmes.visit_queries import CurrentVisitor
from portal.platform.kernel.access import Actor
from portal.platform.web import actor as web_actor
from portal.platform.web.page_shell import ShellContext, WorkplaceRoleOption
from portal.platform.web.urls import path_to
from portal.project.projects import policy as projects
from portal.project.projects.models import Project
from portal.project.projects.queries import find_project_by_slug_or_only_project


def build_shell_context() -> ShellContext:
    """The menu, what one may add, the roles to choose from, and the number of unread news."""
    me, visit = web_actor.find_actor(), current_user._get_current_object()
    notice = get_installation_state_cache().notice
    banner, is_closed = notice.banner, notice.maintenance_since is not None
    is_waiting = g.get("session_is_waiting")  # for its second factor
    # Signed out by what is being refused, or not yet in.
    if is_waiting or me is None or not isinstance(visit, CurrentVisitor):
        return ShellContext(banner=banner, is_closed=is_closed)
    workplace = find_current_workplace(me)
    project = _find_current_or_only_project(me, workplace)
    return ShellContext(
        navigation=navigation.list_menu(me, workplace, project),
        section=navigation.list_sprint_section_links(project),
        additions=additions.list_addition_links(me, workplace, project),
        workplaces=_list_workplace_options(me, workplace),
        help_url=_find_ask_for_help_url(me, project),
        project=project.slug if project else "",
        demonstration=visit.in_demonstration,
        person_key=me.person_id.hex,
        unread=count_unread_groups(me) if visit.unread is None else visit.unread,
        banner=banner,
        is_closed=is_closed,
    )


def _find_current_or_only_project(actor: Actor, workplace: WorkplaceKind | None) -> Project | None:
    """The project of the page, or else the only one of whoever works in its team."""
    if navigation.find_current_menu_entry() is not None:
        return find_project_by_slug_or_only_project(actor, (request.view_args or {})["slug"])
    return find_project_by_slug_or_only_project(actor, None) if workplace is WorkplaceKind.TEAM else None


def _list_workplace_options(actor: Actor, workplace: WorkplaceKind | None) -> list[WorkplaceRoleOption]:
    """The roles to choose from; none for whoever has one kind of role only."""
    places = policy.list_workplaces(actor)
    if len(places) < 2:
        return []
    labels = navigation.WORKPLACE_LABELS
    return [WorkplaceRoleOption(place.value, str(labels[place]), place is workplace) for place in places]


def _find_ask_for_help_url(actor: Actor, project: Project | None) -> str:
    """Where the team of the project asks for help; empty for others, and once the project is over."""
    if project is None or not projects.can_write_team_work(actor, project):
        return ""
    return path_to("help.ask", slug=project.slug)
