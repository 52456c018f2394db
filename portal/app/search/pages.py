"""The pages that a person may go to, by their names: also those of a team that is named with them."""

from collections.abc import Iterator, Sequence
from dataclasses import replace

from portal.app.home import navigation
from portal.app.home.policy import WorkplaceKind, list_workplaces
from portal.app.search import queries
from portal.app.search.programmes import find_programme_pages
from portal.app.search.words import is_exact_term, name_matches_in_any_language, name_matches_query
from portal.coaching.coach_notes import policy as coach_notes
from portal.collaboration.search.query_rules import QueryTerm, WordQuery
from portal.platform.kernel.access import Actor
from portal.platform.kernel.text import gettext as _
from portal.platform.kernel.text import translate_to_other_language
from portal.platform.web.page_shell import NavigationLink
from portal.platform.web.urls import path_to
from portal.project.projects.models import Project

TEAMS_NAMED = 2  # ways to tell the words of a team from those of its page


def find_pages(
    actor: Actor, project: Project | None, query: WordQuery
) -> Iterator[tuple[NavigationLink, str]]:
    """Pages that a query names, each with the programme or the team whose page it is, "" for others."""
    for link in _find_project_role_and_account_pages(actor, project, query):
        yield link, ""
    for link, programme in find_programme_pages(actor, query):
        yield link, "" if link.label == programme.name else programme.name
    for link, team in _find_pages_of_teams(actor, query):
        yield link, team.short_name


def _find_project_role_and_account_pages(
    actor: Actor, project: Project | None, query: WordQuery
) -> Sequence[NavigationLink]:
    """Pages of the project, of each role, of the account."""
    links = [*_list_project_pages(actor, project), *_list_role_pages(actor), *_list_account_pages()]
    named = [link for link in links if name_matches_in_any_language(link.label, query)]
    by_url = {link.url: link for link in reversed(named)}  # the first name of an address is kept
    return list(reversed(by_url.values()))


def _find_pages_of_teams(actor: Actor, query: WordQuery) -> Sequence[tuple[NavigationLink, Project]]:
    """The pages of teams that some words of a query name, and the others their teams: “insee risks”."""
    terms = [term for term in query.required if not is_exact_term(term)]
    if len(terms) < 2 or len(terms) < len(query.required):
        return []
    links: dict[str, tuple[NavigationLink, Project]] = {}
    for page_words, team_words in _split_terms_into_page_and_team(terms):
        for team in queries.find_readable_projects(actor, replace(query, required=team_words)):
            for link in _list_project_pages(actor, team):
                if name_matches_in_any_language(link.label, replace(query, required=page_words)):
                    links.setdefault(link.url, (link, team))
    return list(links.values())


def _split_terms_into_page_and_team(
    terms: Sequence[QueryTerm],
) -> Sequence[tuple[tuple[QueryTerm, ...], tuple[QueryTerm, ...]]]:
    """The words of a page beside those of a team: most words of a page first."""
    splits = set()
    for names in _list_project_page_names():
        own = tuple(
            term
            for term in terms
            if any(name_matches_query(name, WordQuery(required=(term,))) for name in names)
        )
        if own and len(own) < len(terms):
            splits.add((own, tuple(term for term in terms if term not in own)))
    ordered = sorted(splits, key=lambda split: (-len(split[0]), [term.words for term in split[0]]))
    return ordered[:TEAMS_NAMED]


def _list_project_page_names() -> Sequence[tuple[str, str]]:
    """The names of a project's pages, in both languages."""
    return [
        (label, translate_to_other_language(label))
        for label, _endpoint in _list_project_page_labels_and_endpoints()
    ]


def _list_role_pages(actor: Actor) -> Sequence[NavigationLink]:
    workplaces = list_workplaces(actor)
    links = [link for workplace in workplaces for link in navigation.list_role_page_links(workplace)]
    if WorkplaceKind.ADMINISTRATOR in workplaces:
        links += [
            NavigationLink(_("Installation"), path_to("installation.index")),
            NavigationLink(_("Sauvegardes"), path_to("installation.index")),
            NavigationLink(_("Jetons d’accès de tous"), path_to("api_tokens.everybody")),
        ]
    hand_over = _("Passation : passer la main, remplacer un coach")
    if WorkplaceKind.LEAD in workplaces:
        links.append(NavigationLink(hand_over, path_to("desk.coaches")))
    elif WorkplaceKind.COACH in workplaces:
        links.append(NavigationLink(hand_over, f"{path_to('desk.coaching')}#hand-over"))
    return links


def _list_account_pages() -> Sequence[NavigationLink]:
    return [
        NavigationLink(_("Notifications"), path_to("inbox.index")),
        NavigationLink(_("Ce qui me prévient"), path_to("preferences.page")),
        NavigationLink(_("Mon calendrier"), path_to("calendars.page")),
        NavigationLink(_("Mon profil"), path_to("accounts.profile")),
        NavigationLink(_("Langue"), f"{path_to('accounts.profile')}#about-me"),
        NavigationLink(_("Mes sessions"), path_to("sessions.index")),
        NavigationLink(_("Déconnexion : mes sessions"), path_to("sessions.index")),
        NavigationLink(_("Mes jetons d’accès"), path_to("api_tokens.index")),
        NavigationLink(_("Fiches de transparence"), path_to("published.index")),
        NavigationLink(_("Guides"), path_to("guides.index")),
        NavigationLink(_("Raccourcis clavier"), path_to("search.keyboard_shortcuts")),
        NavigationLink(_("Accessibilité"), path_to("pages.accessibility")),
        NavigationLink(_("Mentions légales"), path_to("pages.legal")),
        NavigationLink(_("Données personnelles"), path_to("pages.privacy")),
    ]


def _list_project_pages(actor: Actor, project: Project | None) -> Sequence[NavigationLink]:
    if project is None:
        return []
    pages = list(_list_project_page_labels_and_endpoints())
    if not coach_notes.can_read(actor, project):
        pages.remove(_coach_notes_page())
    return [NavigationLink(label, path_to(endpoint, slug=project.slug)) for label, endpoint in pages]


def _coach_notes_page() -> tuple[str, str]:
    return _("Notes de coachs"), "coach_notes.index"


def _list_project_page_labels_and_endpoints() -> Sequence[tuple[str, str]]:
    """The names of a project's pages and their endpoints."""
    return [
        (_("Projet"), "projects.page"),
        (_("Santé du projet"), "project_health.index"),
        (_("Équipe"), "team.index"),
        (_("Membres de l’équipe"), "team.index"),
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
        (_("Fiches"), "sheets.index"),
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
        (_("Convention et financement"), "agreements.page"),
        _coach_notes_page(),
    ]
