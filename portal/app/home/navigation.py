"""The main navigation, by what a person may open."""

from collections.abc import Collection, Sequence
from functools import cache

from flask import request

from portal.app.application.features import FEATURES
from portal.app.home import policy
from portal.coaching.group_sessions import policy as group_sessions
from portal.oversight.coach_desk import policy as desk
from portal.oversight.decisions import policy as to_decide
from portal.people.programmes import policy as programmes
from portal.platform.kernel.access import Actor
from portal.platform.kernel.text import gettext as _
from portal.platform.web.feature import ProjectEntry
from portal.platform.web.page_shell import NavigationLink, NavigationMenu
from portal.platform.web.urls import path_to
from portal.project.projects.queries import find_current_project
from portal.project.projects.to_decide_queries import count_waiting
from portal.selection.calls import policy as calls

# The entry of a project's navigation under which the pages of each blueprint stand.
_ENTRIES = {name: entry for feature in FEATURES for name, entry in feature.navigation.items()}
PROJECT_BLUEPRINTS = frozenset(_ENTRIES)
_CALL_PAGES = frozenset(
    ("calls", "applications", "jury", "application_jury", "ranking", "deliberation", "decision_letters")
)


@cache
def _blueprints_under(entry: ProjectEntry) -> frozenset[str]:
    return frozenset(name for name, place in _ENTRIES.items() if place is entry)


def list_links(actor: Actor) -> Sequence[NavigationLink | NavigationMenu]:
    """The links for a person; those of a project on its pages, and everywhere for its team."""
    links: list[NavigationLink | NavigationMenu] = []
    if policy.has_home(actor) and not desk.lands_on_desk(actor):
        links.append(NavigationLink(_("Accueil"), path_to("home.index")))
    if desk.has_desk(actor):
        links.append(NavigationLink(_("Bureau"), path_to("desk.index")))
    if programmes.opens_portfolio(actor):
        links.append(NavigationLink(_("Portefeuille"), path_to("portfolio.index")))
    if to_decide.decides_anything(actor):
        links.append(NavigationLink(_to_decide_label(actor), path_to("to_decide.index")))
    links += _list_call_links(actor)
    slug = (request.view_args or {}).get("slug") if request.blueprint in PROJECT_BLUEPRINTS else None
    project = find_current_project(actor, slug)
    if project is None and group_sessions.organises_somewhere(actor):
        path = path_to("gatherings.choose")
        links.append(NavigationLink(_("Séances collectives"), path, beside={"gatherings"}))
    if project is not None:
        is_own_project = policy.find_only_project(actor) is not None
        links += _list_project_links(project.slug, project.short_name, is_own_project=is_own_project)
    if programmes.can_administer(actor):
        links.append(_programmes_link())
        links.append(NavigationLink(_("Personnes"), path_to("directory.index")))
        links.append(NavigationLink(_("Courriels"), path_to("letters.index")))
    elif programmes.opens_portfolio(actor):
        links.append(_programmes_link())
    return links


def _programmes_link() -> NavigationLink:
    """The programmes; pages of calls lie below them, and have an entry of their own."""
    return NavigationLink(
        _("Programmes"), path_to("programmes.index"), exact=request.blueprint in _CALL_PAGES
    )


def _list_call_links(actor: Actor) -> list[NavigationLink | NavigationMenu]:
    """The calls of whoever leads programmes, the applications of whoever is on a jury."""
    links: list[NavigationLink | NavigationMenu] = []
    if calls.may_judge(actor):
        links.append(NavigationLink(_("Candidatures"), path_to("scoring.index"), beside={"scoring"}))
    if calls.has_calls(actor):
        links.append(NavigationLink(_("Appels"), path_to("calls.everywhere"), beside=_CALL_PAGES))
    return links


def _to_decide_label(actor: Actor) -> str:
    """The label of the page of what is to decide, with how much waits."""
    waiting = count_waiting(actor).total
    return _("À décider (%(n)s)", n=waiting) if waiting else _("À décider")


def _list_project_links(
    slug: str, name: str, *, is_own_project: bool
) -> list[NavigationLink | NavigationMenu]:
    """The pages of a project: a menu about it, a menu of its sprints, then single links."""

    def to(label: str, endpoint: str, beside: Collection[str] = (), *, exact: bool = False) -> NavigationLink:
        return NavigationLink(label, path_to(endpoint, slug=slug), exact, beside)

    home = [NavigationLink(_("Mon projet"), path_to("home.index"))] if is_own_project else []
    about = (
        to(_("Fiche"), "projects.page", _blueprints_under(ProjectEntry.ABOUT), exact=True),
        to(_("Dossier"), "projects.file", _blueprints_under(ProjectEntry.FILE)),
        to(_("Équipe"), "team.index", {"team"}),
        to(_("Activité"), "projects.activity"),
    )
    work = (
        to(_("Tous les sprints"), "sprints.index", _blueprints_under(ProjectEntry.SPRINTS)),
        to(_("Tableau"), "sprint_board.page"),
        to(_("Carnet"), "backlog.index", _blueprints_under(ProjectEntry.BACKLOG)),
        to(_("Chiffres"), "sprint_figures.page"),
        to(_("Actions"), "actions.index"),
    )
    return [
        *home,
        NavigationMenu(_("Fiche et équipe") if is_own_project else name, about),
        NavigationMenu(_("Sprints"), work),
        to(_("Tests"), "rounds.index", _blueprints_under(ProjectEntry.TESTS)),
        to(_("Éthique"), "risks.index", _blueprints_under(ProjectEntry.ETHICS)),
        to(_("Jalons"), "gates.index", _blueprints_under(ProjectEntry.GATES)),
        to(_("Accompagnement"), "recommendations.index", _blueprints_under(ProjectEntry.COACHING)),
        to(_("Discussions"), "projects.discussions", {"threads"}),
    ]
