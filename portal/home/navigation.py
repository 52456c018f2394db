"""The entries of the main navigation, by what a person may open."""

from collections.abc import Sequence

from flask import request, url_for

from portal.home import policy
from portal.kernel.access import Actor
from portal.kernel.text import gettext as _
from portal.programmes import policy as programmes
from portal.projects.queries import find_place
from portal.web.shell import Link

# The pages that belong to one project, and say so by its slug.
_IN_PROJECT = {"projects", "team", "sprints", "sprint_log"}


def links_for(actor: Actor) -> Sequence[Link]:
    """First what a person comes for; then a project's own pages, there or for its team."""
    links = []
    if policy.has_home(actor):
        links.append(Link(_("Accueil"), url_for("home.index")))
    if programmes.opens_portfolio(actor):
        links.append(Link(_("Portefeuille"), url_for("portfolio.index")))
    here = (request.view_args or {}).get("slug") if request.blueprint in _IN_PROJECT else None
    project = find_place(actor, here)
    if project is not None:
        mine = policy.find_only_project(actor) is not None
        links += _of_project(project.slug, project.short_name, mine=mine)
    if programmes.can_administer(actor):
        links.append(Link(_("Programmes"), url_for("programmes.index")))
        links.append(Link(_("Personnes"), url_for("directory.index")))
    elif programmes.opens_portfolio(actor):
        links.append(Link(_("Programmes"), url_for("programmes.index")))
    return links


def _of_project(slug: str, name: str, *, mine: bool) -> list[Link]:
    home = [Link(_("Mon projet"), url_for("home.index"))] if mine else []
    return [
        *home,
        Link(_("Fiche") if mine else name, url_for("projects.page", slug=slug), exact=True),
        Link(_("Sprints"), url_for("sprints.index", slug=slug)),
        Link(_("Discussions"), url_for("projects.discussions", slug=slug)),
        Link(_("Équipe"), url_for("team.index", slug=slug)),
        Link(_("Activité"), url_for("projects.activity", slug=slug)),
    ]
