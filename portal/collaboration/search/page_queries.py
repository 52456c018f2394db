"""The kinds and pages of rows that are found, for whoever knows a row by its table and id."""

from collections.abc import Collection, Mapping, Sequence
from uuid import UUID

from portal.collaboration.search.search import ApiAreasByKind, SearchSource
from portal.collaboration.search.word_rules import fold_words, stems_of
from portal.platform.kernel.access import Actor
from portal.platform.kernel.contributions import list_contributions
from portal.platform.kernel.text import translate_to_other_language


def _find_source(kind: str) -> SearchSource | None:
    return next((source for source in list_contributions(SearchSource) if source.kind == kind), None)


def list_kinds() -> Sequence[str]:
    """The kinds that search finds."""
    return [source.kind for source in list_contributions(SearchSource)]


def kind_label(kind: str) -> str:
    """The label of a kind, for example “Sprints”; "" for what is not found by search."""
    source = _find_source(kind)
    return str(source.label) if source else ""


def list_kinds_in_areas(areas: Collection[str]) -> Collection[str]:
    """The kinds that the API reads in these areas."""
    by_kind = {kind: area for each in list_contributions(ApiAreasByKind) for kind, area in each.areas.items()}
    return [kind for kind, area in by_kind.items() if area in areas]


def list_kinds_called(word: str) -> Sequence[str]:
    """The kinds that a folded word is a name of, in any form and either language."""
    stems = frozenset(stems_of(word))
    return [
        source.kind
        for source in list_contributions(SearchSource)
        if not stems.isdisjoint(_list_kind_stems(source))
    ]


def _list_kind_stems(source: SearchSource) -> frozenset[str]:
    """Those of the words for a kind, and of its names of one word."""
    words = {*source.words.split(), *(source.called[1].split() if source.called else ())}
    for name in (str(source.name()), str(source.label)):
        for own in map(fold_words, (name, translate_to_other_language(name))):
            words |= set(own) if len(own) == 1 else set()
    return frozenset(stem for word in words for stem in stems_of(word))


def find_page_addresses(actor: Actor, kind: str, ids: Sequence[UUID]) -> Mapping[UUID, str]:
    """The addresses of those that the actor may read."""
    source = _find_source(kind)
    hits = source.find(actor, ids) if source else {}
    return {id_: hit.address for id_, hit in hits.items()}
