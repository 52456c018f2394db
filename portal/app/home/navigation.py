"""The menu of each role, and that of a project on its pages."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from urllib.parse import urlencode

from flask import request

from portal.app.home.policy import WorkplaceKind, list_own_project_ids
from portal.app.home.programmes import find_current_led_programme
from portal.oversight.portfolio.return_views import build_return_path
from portal.platform.kernel.access import Actor
from portal.platform.kernel.services import get_service
from portal.platform.kernel.text import LazyString
from portal.platform.kernel.text import gettext as _
from portal.platform.kernel.text import lazy_gettext as _l
from portal.platform.kernel.unchanged_answers import cache_until_change
from portal.platform.web.feature import ProjectMenuEntry
from portal.platform.web.page_shell import NavigationLink
from portal.platform.web.urls import path_to
from portal.project.projects.models import Project
from portal.project.projects.queries import get_programme_of
from portal.project.projects.to_decide_queries import count_waiting

WORKPLACE_LABELS: Mapping[WorkplaceKind, LazyString] = {
    WorkplaceKind.LEAD: _l("Direction de programme"),
    WorkplaceKind.COACH: _l("Coach"),
    WorkplaceKind.TEAM: _l("Équipe"),
    WorkplaceKind.REVIEWER: _l("Relecture éthique"),
    WorkplaceKind.OPERATOR: _l("Opérateur"),
    WorkplaceKind.OBSERVER: _l("Observation"),
    WorkplaceKind.JUROR: _l("Jury"),
    WorkplaceKind.ADMINISTRATOR: _l("Administration"),
}
_DISCUSSIONS = frozenset({"projects.discussions", "projects.unread"})
_BY_PROGRAMME = frozenset({"portfolio.index", "concerns.index"})
_OF_TODAY = frozenset({"to_decide.index", "concerns.index"})  # they say so where a past day was read before
# The blueprints whose pages stand under an entry of a role's menu, by the entry's endpoint.
_BESIDE: Mapping[str, frozenset[str]] = {
    "portfolio.index": frozenset({"portfolio", "portfolio_figures"}),
    "concerns.index": frozenset({"concerns", "concern_exports"}),
    "desk.coaches": frozenset({"desk"}),
    "gatherings.choose_programme": frozenset({"gatherings"}),
    "home.reports": frozenset(
        {"packs", "extracts", "committees", "test_reports", "review_register", "funding_reports"}
    ),
    "home.reviews": frozenset({"review_register"}),
    "programmes.index": frozenset(
        {"programmes", "tracks", "gate_terms", "programme_gates", "health_terms", "invitations", "archives"}
        | {"calls", "applications", "jury", "application_jury", "ranking", "deliberation", "decision_letters"}
    ),
    "agreement_list.index": frozenset(
        {"agreements", "instalments", "payments", "instalment_plan"} | {"funding_changes", "funding_terms"}
    ),
    "scoring.index": frozenset({"scoring", "applications", "application_jury"}),
    "deliberation.everywhere": frozenset({"deliberation"}),
    "directory.index": frozenset({"directory", "administrators", "erasures", "invitation_lists"}),
    "letters.index": frozenset({"letters"}),
    "settings.index": frozenset({"settings", "retention"}),
}


@dataclass(frozen=True)
class ProjectMenuEntryByBlueprint:
    """The entry of a project's menu under which the pages of each blueprint stand: a service."""

    by_blueprint: Mapping[str, ProjectMenuEntry]


def find_current_menu_entry() -> ProjectMenuEntry | None:
    """The entry of a project's menu under which the current page stands; None outside projects."""
    if request.endpoint in _DISCUSSIONS:
        return ProjectMenuEntry.DISCUSSIONS
    if "slug" not in (request.view_args or {}):
        return None
    return get_service(ProjectMenuEntryByBlueprint).by_blueprint.get(request.blueprint or "")


def list_menu(
    actor: Actor, workplace: WorkplaceKind | None, project: Project | None
) -> Sequence[NavigationLink]:
    """At most seven links of the role, or those of the project after the way back to the role's."""
    if project is None:
        return list(_MENUS[workplace](actor)) if workplace else []
    landing: Sequence[NavigationLink] = []
    if project.id not in list_own_project_ids(actor) and workplace is not None:
        landing = [_as_it_was_left(actor, next(_MENUS[workplace](actor)), project)]
    if landing and workplace is WorkplaceKind.COACH:
        landing = [*landing, _link_to_to_decide_page(actor), _link_to(_("Accompagnement"), "desk.coaching")]
    elif landing and workplace is WorkplaceKind.LEAD:
        landing = [*landing, _link_to_to_decide_page(actor)]
    return [*landing, *_list_project_links(project.slug)]


def _as_it_was_left(actor: Actor, link: NavigationLink, project: Project) -> NavigationLink:
    """The way back to the portfolio keeps the programme and the filters that one came with."""
    if link.url != path_to("portfolio.index"):
        return link
    key = "slug of programme", project.programme_id
    slug = cache_until_change(actor, key, lambda: get_programme_of(project).slug)
    return replace(link, url=build_return_path(actor, project.programme_id, slug))


def list_sprint_section_links(project: Project | None) -> Sequence[NavigationLink]:
    """The pages beside the current one under "Sprints"; none on pages below them."""
    if project is None:
        return []
    slug = project.slug
    if all(request.path != path_to(endpoint, slug=slug) for endpoint in _SECTION):
        return []
    labels = (
        *(_("Tous les sprints"), _("Tableau"), _("Carnet")),
        *(_("Démonstrations"), _("Actions"), _("Chiffres")),
    )
    return [_link_to(label, endpoint, slug=slug) for label, endpoint in zip(labels, _SECTION, strict=True)]


_SECTION = (  # pages beside one another
    *("sprints.index", "sprint_board.page", "backlog.index"),
    *("demonstrations.index", "actions.index", "sprint_figures.page"),
)


def _link_to(label: str, endpoint: str, **values: str) -> NavigationLink:
    """A link that is current on its page, and marked on the pages beside it. It keeps the programme
    that was chosen, where its page has that choice, and the past day that was read."""
    path = path_to(endpoint, **values)
    is_beside = not values and request.blueprint in _BESIDE.get(endpoint, ())
    current = "page" if request.path == path else "true" if is_beside else ""
    names = {"programme": endpoint in _BY_PROGRAMME, "on": endpoint in _OF_TODAY}
    parameters = [
        (name, value) for name, keeps in names.items() if keeps and (value := request.args.get(name))
    ]
    return NavigationLink(label, f"{path}?{urlencode(parameters)}" if parameters else path, current)


def _list_project_links(slug: str) -> Sequence[NavigationLink]:
    here = find_current_menu_entry()

    def to(entry: ProjectMenuEntry, label: str, endpoint: str) -> NavigationLink:
        url = path_to(endpoint, slug=slug)
        current = "page" if request.path == url else "true" if here is entry else ""
        return NavigationLink(label, url, current)

    return [
        to(ProjectMenuEntry.PROJECT, _("Projet"), "projects.page"),
        to(ProjectMenuEntry.SPRINTS, _("Sprints"), "sprints.index"),
        to(ProjectMenuEntry.TESTS, _("Tests"), "rounds.index"),
        to(ProjectMenuEntry.ETHICS, _("Éthique"), "reviews.index"),
        to(ProjectMenuEntry.GATES, _("Jalons"), "gates.index"),
        to(ProjectMenuEntry.DISCUSSIONS, _("Discussions"), "projects.discussions"),
    ]


def list_role_page_links(workplace: WorkplaceKind) -> Sequence[NavigationLink]:
    """The links of the role's menu by their names alone: what waits is not counted."""
    return list(_MENUS[workplace](None))


def _link_to_to_decide_page(actor: Actor | None) -> NavigationLink:
    """The link to what is to decide, with how much waits for the actor: both of all their programmes."""
    waiting = count_waiting(actor).total if actor else 0
    label = _("À décider (%(n)s)", n=waiting) if waiting else _("À décider")
    return _link_to(label, "to_decide.index")


def _list_lead_links(actor: Actor | None) -> Iterator[NavigationLink]:
    yield _link_to(_("Portefeuille"), "portfolio.index")
    yield _link_to_to_decide_page(actor)
    yield _link_to(_("Tests et éthique"), "concerns.index")
    yield _link_to(_("Coachs"), "desk.coaches")
    yield _link_to(_("Séances collectives"), "gatherings.choose_programme")
    yield _link_to(_("Dossiers et rapports"), "home.reports")
    yield _link_to_led_programme(actor)


def _link_to_led_programme(actor: Actor | None) -> NavigationLink:
    """The programme that the actor works in; the list for whoever leads none. Its page leads to the list."""
    slug = find_current_led_programme(actor) if actor else None
    everywhere = _link_to(_("Programmes"), "programmes.index")
    if slug is None:
        return everywhere
    link = _link_to(_("Programme"), "programmes.page", slug=slug)
    named = {(request.view_args or {}).get(name) for name in ("slug", "programme")}
    is_of_another = bool(named - {None, slug})  # that the actor reads, and does not lead
    is_beside = bool(everywhere.current) and not is_of_another
    return replace(link, current=link.current or ("true" if is_beside else ""))


def _list_coach_links(actor: Actor | None) -> Iterator[NavigationLink]:
    yield _link_to(_("Mes équipes"), "portfolio.index")
    yield _link_to_to_decide_page(actor)
    yield _link_to(_("Accompagnement"), "desk.coaching")
    yield _link_to(_("Séances collectives"), "gatherings.choose_programme")


def _list_team_links(_actor: Actor | None) -> Iterator[NavigationLink]:
    yield _link_to(_("Mes projets"), "projects.index")


def _list_reviewer_links(_actor: Actor | None) -> Iterator[NavigationLink]:
    yield _link_to(_("Revues"), "home.reviews")
    yield _link_to(_("Réexamens"), "home.rereviews")
    yield _link_to(_("Projets"), "projects.index")


def _list_operator_links(_actor: Actor | None) -> Iterator[NavigationLink]:
    yield _link_to(_("À instruire"), "operator_desk.index")
    yield _link_to(_("Conventions"), "agreement_list.index")
    yield _link_to(_("Rapports"), "home.reports")
    yield _link_to(_("Portefeuille"), "portfolio.index")


def _list_observer_links(_actor: Actor | None) -> Iterator[NavigationLink]:
    yield _link_to(_("Portefeuille"), "portfolio.index")
    yield _link_to(_("Rapports"), "home.reports")


def _list_juror_links(_actor: Actor | None) -> Iterator[NavigationLink]:
    yield _link_to(_("Candidatures"), "scoring.index")
    yield _link_to(_("Délibération"), "deliberation.everywhere")


def _list_administrator_links(_actor: Actor | None) -> Iterator[NavigationLink]:
    yield _link_to(_("Personnes"), "directory.index")
    yield _link_to(_("Programmes"), "programmes.index")
    yield _link_to(_("Questionnaires"), "questionnaire_editions.index")
    yield _link_to(_("Courriels"), "letters.index")
    yield _link_to(_("Travaux"), "installation.jobs")
    yield _link_to(_("Journal"), "trail.index")
    yield _link_to(_("Réglages"), "settings.index")


_MENUS: Mapping[WorkplaceKind, Callable[[Actor | None], Iterator[NavigationLink]]] = {
    WorkplaceKind.LEAD: _list_lead_links,
    WorkplaceKind.COACH: _list_coach_links,
    WorkplaceKind.TEAM: _list_team_links,
    WorkplaceKind.REVIEWER: _list_reviewer_links,
    WorkplaceKind.OPERATOR: _list_operator_links,
    WorkplaceKind.OBSERVER: _list_observer_links,
    WorkplaceKind.JUROR: _list_juror_links,
    WorkplaceKind.ADMINISTRATOR: _list_administrator_links,
}
