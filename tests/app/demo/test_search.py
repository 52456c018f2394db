"""Every kind of thing in the demonstration: the index grants what the features' pages grant."""

import re

import sqlalchemy as sa

from portal.collaboration.search import queries
from portal.collaboration.search.index_queries import count_index_differences_by_kind
from portal.collaboration.search.models import SearchEntry
from portal.collaboration.search.queries import SearchFilters
from portal.collaboration.search.search import SearchSource
from portal.people.accounts.models import Person
from portal.people.programmes.queries import actor_for
from portal.platform.kernel.contributions import list_contributions
from portal.platform.kernel.database import connection, db

LEAD = "direction@demo.example"


def readable_entries(reader) -> set[int]:
    """The entries that the index opens to a reader, whatever their words."""
    words = f"audience : ({' OR '.join(reader.audience)}) NOT audience : {reader.shut_out}"
    rows = connection().execute(
        sa.text("SELECT rowid FROM search_words WHERE search_words MATCH :q"), {"q": words}
    )
    return {row[0] for row in rows}


def test_the_index_opens_to_each_person_what_the_pages_open(told):
    assert count_index_differences_by_kind() == {}
    entries = db.session.execute(sa.select(SearchEntry.id, SearchEntry.kind, SearchEntry.subject_id)).all()
    kinds = {kind for _id, kind, _subject in entries}
    absent = {source.kind for source in list_contributions(SearchSource)} - kinds
    assert absent <= {
        *("pivot", "committee_pack", "clinic", "panel", "application_message")
    }  # none in the demonstration so far
    compared = 0
    for person in db.session.scalars(sa.select(Person)):
        actor = actor_for(person.id)
        reader = queries.get_search_reader(actor)
        opened = readable_entries(reader) if reader.audience else set()
        for source in list_contributions(SearchSource):
            own = {subject: id_ for id_, kind, subject in entries if kind == source.kind}
            found = source.find(actor, list(own))
            assert {own[subject] for subject in found} == opened & set(own.values()), (
                person.email,
                source.kind,
            )
            compared += len(found)
    assert compared > 5000


def test_a_decision_about_a_gate_is_found_by_its_gate_and_names_it(told):
    lead = actor_for(db.session.scalars(sa.select(Person.id).where(Person.email == LEAD)).one())
    hits = queries.search(lead, SearchFilters(q="G3 preuves", kind="gate_decision")).hits
    assert hits
    assert {re.split(r"\W", hit.title)[0] for _source, hit in hits} == {"G3"}
    assert all("/gates/3#decision-" in hit.address for _source, hit in hits)
