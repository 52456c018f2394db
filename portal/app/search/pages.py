"""The pages that a person may go to, by their names."""

from collections.abc import Sequence

from portal.app.home import navigation
from portal.app.home.policy import list_workplaces
from portal.app.search.words import is_named
from portal.coaching.coach_notes import policy as coach_notes
from portal.collaboration.search.query_rules import WordQuery
from portal.platform.kernel.access import Actor
from portal.platform.kernel.text import gettext as _
from portal.platform.web.page_shell import NavigationLink
from portal.platform.web.urls import path_to
from portal.project.projects.models import Project


def find_pages(actor: Actor, project: Project | None, query: WordQuery) -> Sequence[NavigationLink]:
    """Pages whose name answers a query: of the project, of each role, of the account."""
    links = [*_list_in_project(actor, project), *_list_of_roles(actor), *_list_of_account()]
    by_url = {link.url: link for link in reversed(links)}  # the first name of an address is kept
    return [link for link in reversed(by_url.values()) if is_named(link.label, query)]


def _list_of_roles(actor: Actor) -> Sequence[NavigationLink]:
    return [link for workplace in list_workplaces(actor) for link in navigation.list_pages(workplace)]


def _list_of_account() -> Sequence[NavigationLink]:
    return [
        NavigationLink(_("Notifications"), path_to("inbox.index")),
        NavigationLink(_("Ce qui me prévient"), path_to("preferences.page")),
        NavigationLink(_("Mon calendrier"), path_to("calendars.page")),
        NavigationLink(_("Mon profil"), path_to("accounts.profile")),
        NavigationLink(_("Mes sessions"), path_to("sessions.index")),
        NavigationLink(_("Fiches de transparence"), path_to("published.index")),
        NavigationLink(_("Guides"), path_to("guides.index")),
        NavigationLink(_("Raccourcis clavier"), path_to("search.shortcuts")),
    ]


def _list_in_project(actor: Actor, project: Project | None) -> Sequence[NavigationLink]:
    if project is None:
        return []
    pages = [
        (_("Projet"), "projects.page"),
        (_("Santé du projet"), "project_health.index"),
        (_("Équipe"), "team.index"),
        (_("Activité"), "projects.activity"),
        (_("Fichiers"), "project_files.index"),
        (_("Décisions demandées"), "decisions.index"),
        (_("Publics"), "groups.index"),
        (_("Entretiens"), "interviews.index"),
        (_("Hypothèses"), "assumptions.index"),
        (_("Mesures d’impact"), "impact.index"),
        (_("Sources de données"), "data_sources.index"),
        (_("Versions du prototype"), "prototypes.index"),
        (_("Évaluation du modèle"), "evaluation.index"),
        (_("Fiches de maturité"), "sheets.index"),
        (_("Sprints"), "sprints.index"),
        (_("Tableau du sprint"), "sprint_board.page"),
        (_("Carnet"), "backlog.index"),
        (_("Chiffres des sprints"), "sprint_figures.page"),
        (_("Démonstrations"), "demonstrations.index"),
        (_("Actions de rétrospective"), "actions.index"),
        (_("Séries de tests"), "rounds.index"),
        (_("Constats"), "findings.index"),
        (_("Couverture des publics"), "test_figures.coverage"),
        (_("Risques"), "risks.index"),
        (_("Revues éthiques"), "reviews.index"),
        (_("Réexamens"), "rereviews.index"),
        (_("Transparence"), "transparency.page"),
        (_("Jalons"), "gates.index"),
        (_("Recommandations"), "recommendations.index"),
        (_("Séances d’accompagnement"), "coaching.index"),
        (_("Demandes d’aide"), "clinics.index"),
        (_("Discussions"), "projects.discussions"),
    ]
    if coach_notes.can_read(actor, project):
        pages.append((_("Notes de coachs"), "coach_notes.index"))
    return [NavigationLink(label, path_to(endpoint, slug=project.slug)) for label, endpoint in pages]
