"""Each kind of thing in the demonstration opens where it stands, in the state that its page says."""

from collections.abc import Iterator

import sqlalchemy as sa

from portal.collaboration.search import commands
from portal.collaboration.search.models import SearchEntry
from portal.collaboration.search.search import SearchHit, SearchSource
from portal.ethics.rereviews.models import Trigger
from portal.people.accounts import commands as accounts
from portal.people.accounts.models import Person
from portal.people.programmes.models import RoleAssignment
from portal.people.programmes.queries import actor_for
from portal.platform.kernel.access import Role
from portal.platform.kernel.contributions import list_contributions
from portal.platform.kernel.database import db
from tests.support.browser import Browser, words_of

# Kinds without a state of their own: a text, a fact or a row of a list.
STATELESS = {
    *("comment", "attachment", "application_message", "coach_note", "coaching_session", "committee_pack"),
    *("target_group", "interview", "impact_metric", "measurement", "prototype_version", "pivot"),
    *("demonstration", "retrospective", "change_plan"),
}
PER_KIND = 3


def list_hits(source: SearchSource, people: list[Person]) -> Iterator[tuple[Person, SearchHit]]:
    entries = sa.select(SearchEntry.subject_id).where(SearchEntry.kind == source.kind)
    ids = db.session.scalars(entries.order_by(SearchEntry.id.desc()).limit(60)).all()
    for person in people:
        hits = list(source.find(actor_for(person.id), ids).values())
        if hits:
            yield from ((person, hit) for hit in hits[:PER_KIND])
            return


def test_each_kind_opens_at_its_place_in_the_state_of_its_page(told):
    people = [
        db.session.scalars(sa.select(Person).join(RoleAssignment).where(RoleAssignment.role == role)).first()
        for role in (Role.PROGRAMME_LEAD, Role.COACH, Role.TEAM_LEAD)
    ]
    browsers = {}
    for person in people:
        client = told.test_client()
        token = accounts.open_session(person).token
        db.session.commit()
        with client.session_transaction() as session:
            session["_user_id"] = token
        browsers[person.id] = Browser(client)
    with_state, anchored, wrong = set(), 0, []
    for source in list_contributions(SearchSource):
        for person, hit in list(list_hits(source, people)):
            path, _hash, anchor = hit.address.partition("#")
            page = browsers[person.id].visit(path)
            if anchor:
                anchored += 1
                wrong += [] if page.find(id=anchor) else [hit.address]
            state = " ".join(str(hit.state[0]).split())
            if state:
                with_state.add(source.kind)
                is_usual = (
                    source.kind == "project" and state == "En cours"
                )  # its page names other states alone
                wrong += [] if is_usual or state in words_of(page.main) else [(hit.address, state)]
    assert wrong == []
    kinds = {kind for (kind,) in db.session.execute(sa.select(SearchEntry.kind).distinct())}
    assert kinds - with_state <= STATELESS, kinds - with_state - STATELESS
    assert with_state.isdisjoint(STATELESS)
    assert anchored > 10


def test_each_thing_has_an_author_but_what_the_portal_opened_itself(told):
    commands.rebuild_search_index()
    nobody = sa.select(SearchEntry.kind).where(SearchEntry.author_id.is_(None)).distinct()
    assert set(db.session.scalars(nobody)) == {"review_trigger"}
    opened_by_people = sa.select(sa.func.count()).where(Trigger.happened_by_id.is_not(None))
    of_triggers = sa.select(sa.func.count(SearchEntry.author_id)).where(SearchEntry.kind == "review_trigger")
    assert db.session.scalar(of_triggers) == db.session.scalar(opened_by_people) > 0
