"""The programmes that a person sees, and their pages, by the names of both."""

from collections.abc import Iterator, Sequence

from portal.app.search.words import name_matches_in_any_language, name_matches_query
from portal.collaboration.search.query_rules import WordQuery
from portal.oversight.committee_packs import policy as packs
from portal.oversight.committees import policy as committees
from portal.people.programmes import policy
from portal.people.programmes.models import Programme
from portal.people.programmes.queries import list_programmes
from portal.platform.kernel.access import Actor
from portal.platform.kernel.text import gettext as _
from portal.platform.web.page_shell import NavigationLink
from portal.platform.web.urls import path_to


def find_programme_pages(actor: Actor, query: WordQuery) -> Sequence[tuple[NavigationLink, Programme]]:
    """Programmes that all words name, and pages that are named by those words that name no programme:
    “dossiers comité”, “ami 2026 dossiers”."""
    pages = []
    for programme in list_programmes(actor):
        names = f"{programme.name_fr} {programme.name_en}"
        own = [term for term in query.required if name_matches_query(names, WordQuery((term,)))]
        if len(own) == len(query.required):
            links = [NavigationLink(programme.name, path_to("programmes.page", slug=programme.slug))]
        else:
            others = WordQuery(tuple(term for term in query.required if term not in own))
            offers = _iterate_programme_pages(actor, programme)
            links = [link for link in offers if name_matches_in_any_language(link.label, others)]
        excluding = WordQuery(excluded=query.excluded)
        pages += [
            (link, programme)
            for link in links
            if name_matches_in_any_language(link.label, excluding) and name_matches_query(names, excluding)
        ]
    return pages


def _iterate_programme_pages(actor: Actor, programme: Programme) -> Iterator[NavigationLink]:
    reads_portfolio = policy.can_read_portfolio(actor, programme)
    leads, edits = policy.can_lead(actor, programme), policy.can_edit_programme(actor, programme)
    offers = (
        (packs.can_read(actor, programme), _("Dossiers de comité"), "packs.index", "slug"),
        (committees.can_read(actor, programme), _("Comités"), "committees.index", "slug"),
        (policy.can_read_reports(actor, programme), _("Rapports de test"), "test_reports.index", "slug"),
        (
            policy.can_read_reviews(actor, programme),
            _("Registre des revues"),
            "review_register.index",
            "slug",
        ),
        (reads_portfolio, _("Jalons du programme"), "gate_terms.index", "programme"),
        (reads_portfolio, _("Signaux de santé"), "health_terms.index", "programme"),
        (leads, _("Appels"), "calls.index", "slug"),
        (leads, _("Importer des équipes"), "team_imports.index", "programme"),
        (leads, _("Clore le programme"), "archives.index", "slug"),
        (edits, _("Modifier le programme"), "programmes.edit_page", "slug"),
        (edits, _("Volets"), "tracks.index", "slug"),
    )
    for is_open, label, endpoint, name in offers:
        if is_open:
            yield NavigationLink(label, path_to(endpoint, **{name: programme.slug}))
