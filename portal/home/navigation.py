"""The entries of the main navigation, by what a person may open."""

from collections.abc import Sequence

from flask import request

from portal.desk import policy as desk
from portal.home import policy
from portal.kernel.access import Actor
from portal.kernel.text import gettext as _
from portal.programmes import policy as programmes
from portal.projects.queries import find_place
from portal.web.shell import Link, Menu
from portal.web.urls import path_to

# The pages that belong to one project, and say so by its slug.
_IN_PROJECT = {"projects", "team", "sprints", "sprint_log"} | {
    "sprint_board",
    "sprint_scope",
    "sprint_figures",
    "backlog",
    "items",
    "groups",
    "assumptions",
    "interviews",
    "impact",
    "data_sources",
    "prototypes",
    "evaluation",
    "demonstrations",
    "retrospectives",
    "actions",
    "rounds",
    "test_tasks",
    "consent",
    "test_figures",
    "test_reports",
    "test_sessions",
    "participant_links",
    "findings",
    "sightings",
    "finding_ends",
    "retests",
    "risks",
    "mitigations",
    "transparency",
    "cards",
    "outcomes",
    "reviews",
    "review_questions",
    "review_imports",
    "review_desk",
    "review_conditions",
    "rereviews",
    "gates",
    "gate_decisions",
    "gate_facts",
    "recommendations",
    "coaching",
    "coach_notes",
    "threads",
    "clinics",
}


def links_for(actor: Actor) -> Sequence[Link | Menu]:
    """First what a person comes for; then a project's own pages, there or for its team."""
    links: list[Link | Menu] = []
    if policy.has_home(actor) and not desk.lands_there(actor):
        links.append(Link(_("Accueil"), path_to("home.index")))
    if desk.has_desk(actor):
        links.append(Link(_("Bureau"), path_to("desk.index")))
    if programmes.opens_portfolio(actor):
        links.append(Link(_("Portefeuille"), path_to("portfolio.index")))
    here = (request.view_args or {}).get("slug") if request.blueprint in _IN_PROJECT else None
    project = find_place(actor, here)
    if project is not None:
        mine = policy.find_only_project(actor) is not None
        links += _of_project(project.slug, project.short_name, mine=mine)
    if programmes.can_administer(actor):
        links.append(Link(_("Programmes"), path_to("programmes.index")))
        links.append(Link(_("Personnes"), path_to("directory.index")))
        links.append(Link(_("Courriels"), path_to("letters.index")))
    elif programmes.opens_portfolio(actor):
        links.append(Link(_("Programmes"), path_to("programmes.index")))
    return links


def _of_project(slug: str, name: str, *, mine: bool) -> list[Link | Menu]:
    """What is there to read of it under one word, its sprints under another; the rest in view."""
    home = [Link(_("Mon projet"), path_to("home.index"))] if mine else []
    about = (
        Link(_("Fiche"), path_to("projects.page", slug=slug), exact=True),
        Link(_("Dossier"), path_to("projects.file", slug=slug)),
        Link(_("Équipe"), path_to("team.index", slug=slug)),
        Link(_("Activité"), path_to("projects.activity", slug=slug)),
    )
    work = (
        Link(_("Tous les sprints"), path_to("sprints.index", slug=slug)),
        Link(_("Tableau"), path_to("sprint_board.page", slug=slug)),
        Link(_("Carnet"), path_to("backlog.index", slug=slug)),
        Link(_("Chiffres"), path_to("sprint_figures.page", slug=slug)),
        Link(_("Actions"), path_to("actions.index", slug=slug)),
    )
    return [
        *home,
        Menu(_("Fiche et équipe") if mine else name, about),
        Menu(_("Sprints"), work),
        Link(_("Tests"), path_to("rounds.index", slug=slug)),
        Link(_("Éthique"), path_to("risks.index", slug=slug)),
        Link(_("Jalons"), path_to("gates.index", slug=slug)),
        Link(_("Accompagnement"), path_to("recommendations.index", slug=slug)),
        Link(_("Discussions"), path_to("projects.discussions", slug=slug)),
    ]
