from datetime import timedelta

import pytest

from portal.communication.directory import labels, queries
from portal.communication.directory.history_queries import SIGN_IN_ACTIONS, read_history
from portal.communication.directory.queries import PER_PAGE, AccountState, DirectoryFilters, DirectorySort
from portal.people.accounts import commands as accounts
from portal.people.programmes import role_commands as roles
from portal.people.programmes.models import INSTALLATION, RoleAssignment
from portal.people.programmes.queries import get_scope
from portal.platform.kernel import audit, clock
from portal.platform.kernel.access import Role
from portal.platform.kernel.database import db
from portal.platform.kernel.errors import NotFound
from portal.platform.kernel.personal_data import ERASED_DOMAIN
from tests.support import factories as make


@pytest.fixture
def admin(app):
    return make.actor(make.role(INSTALLATION, Role.ADMINISTRATOR, make.person(name="Zoé Admin")))


def names(admin, **asked):
    return [e.person.name for e in queries.read_directory_page(admin, DirectoryFilters(**asked)).entries]


def seen(person, days_ago=0):
    session = accounts.open_session(person).session
    session.last_seen_at = clock.now() - timedelta(days=days_ago)
    db.session.commit()


def test_strangers_to_the_directory_find_nothing(app):
    lead = make.actor(make.role(make.programme().id, Role.PROGRAMME_LEAD))
    with pytest.raises(NotFound):
        queries.read_directory_page(lead, DirectoryFilters())
    with pytest.raises(NotFound):
        queries.get_entry(lead, lead.person_id)
    with pytest.raises(NotFound):
        queries.get_person(lead, lead.person_id)


def test_names_are_sorted_as_a_french_dictionary_does(admin):
    for name in ("Émile", "Eve", "élodie", "Œdipe", "Nour"):
        make.person(name=name)
    assert names(admin) == ["élodie", "Émile", "Eve", "Nour", "Œdipe", "Zoé Admin"]


@pytest.mark.parametrize(
    "typed", ["emile", "ÉMILE", "lefevre emi", "Lefèvre", "lefe", "e.lefevre@", "E.LEFEVRE@MINISTERE"]
)
def test_a_person_is_found_by_any_part_of_the_name_or_address(admin, typed):
    make.person(name="Émile Lefèvre", email="e.lefevre@ministere.example")
    assert names(admin, q=typed) == ["Émile Lefèvre"]


@pytest.mark.parametrize("typed", ["%", "_", "\\", "lefevre zoe", "' OR 1=1"])
def test_what_is_typed_is_text(admin, typed):
    make.person(name="Émile Lefèvre", email="e.lefevre@ministere.example")
    assert names(admin, q=typed) == []


def test_a_changed_name_is_found_and_the_former_is_not(admin):
    person = make.person(name="Ada Lovelace")
    person.name = "Ada Byron"
    db.session.commit()
    assert names(admin, q="byron") == ["Ada Byron"]
    assert names(admin, q="lovelace") == []


def test_a_name_that_folds_into_much_more_is_kept_short(app):
    assert len(make.person(name="\ufdfa" * 120).name_fold) == 240


def test_accounts_are_open_unused_or_closed(admin):
    seen(make.person(name="Ouvert"))
    make.person(name="Neuf")
    make.person(name="Parti", disabled_at=clock.now())
    seen(make.person(name="Parti aussi", disabled_at=clock.now()))
    make.person(name="Effacé", email=f"x@{ERASED_DOMAIN}", disabled_at=clock.now())
    assert names(admin, state=AccountState.OPEN) == ["Ouvert"]
    assert names(admin, state=AccountState.UNUSED) == ["Neuf", "Zoé Admin"]
    assert names(admin, state=AccountState.CLOSED) == ["Parti", "Parti aussi"]
    assert names(admin, state=AccountState.ERASED) == ["Effacé"]
    for state in AccountState:
        listed = queries.read_directory_page(admin, DirectoryFilters(state=state)).entries
        assert {entry.state for entry in listed} == {state}


def test_a_programme_has_those_with_a_role_there_or_in_its_projects(admin):
    programme = make.programme(slug="ami")
    make.role(programme.id, Role.COACH, make.person(name="Coach"))
    project = make.project(programme)
    agent = make.role(project.id, Role.TEAM_MEMBER, make.person(name="Agent"))
    make.role(make.project(programme).id, Role.TEAM_LEAD, agent)
    make.role(make.project().id, Role.TEAM_MEMBER, make.person(name="Ailleurs"))
    assert names(admin, programme="ami") == ["Agent", "Coach"]
    assert names(admin, programme="ami", role=Role.TEAM_LEAD) == ["Agent"]
    assert names(admin, role=Role.TEAM_MEMBER) == ["Agent", "Ailleurs"]
    assert names(admin, role=Role.ADMINISTRATOR) == ["Zoé Admin"]


def test_people_are_sorted_by_when_they_were_last_seen_or_came(admin):
    for name, days in (("A", 3), ("B", 1), ("C", 2)):
        seen(make.person(name=name), days)
    make.person(name="D")
    assert names(admin, sort=DirectorySort.LAST_SEEN) == ["B", "C", "A", "D", "Zoé Admin"]
    assert names(admin, sort=DirectorySort.CREATED) == ["D", "C", "B", "A", "Zoé Admin"]


def test_pages_hold_all_and_the_last_one_answers_for_those_beyond(admin):
    for n in range(PER_PAGE * 2):
        make.person(name=f"P{n:02}")
    pages = [queries.read_directory_page(admin, DirectoryFilters(page=n)) for n in (1, 2, 3, 99)]
    assert [page.count for page in pages] == [51] * 4
    assert [len(page.entries) for page in pages] == [25, 25, 1, 1]
    assert (pages[3].number, pages[3].pages) == (3, 3)
    listed = [entry.person.id for page in pages[:3] for entry in page.entries]
    assert len(set(listed)) == 51


def test_roles_are_named_with_their_place_the_widest_first(admin):
    programme = make.programme(name_fr="AMI IA")
    project = make.project(programme, acronym="HÉRON")
    person = make.role(project.id, Role.COACH, track_id=make.tracks_of(programme)["technical"].id)
    make.role(programme.id, Role.COACH, person)
    make.role(INSTALLATION, Role.ADMINISTRATOR, person)
    held = queries.get_entry(admin, person.id).roles
    told = [(labels.role_label(one), labels.role_scope_label(one.place)) for one in held]
    assert told == [
        ("Administrateur", "Tout le portail"),
        ("Coach", "AMI IA"),
        ("Coach, technical", "HÉRON, AMI IA"),
    ]


def test_open_sessions_are_those_that_still_open_something(admin):
    person = make.person()
    living, ended, over = (accounts.open_session(person).session for _ in range(3))
    ended.ended_at = clock.now()
    over.expires_at = clock.now() - timedelta(minutes=1)
    db.session.commit()
    assert queries.count_open_sessions(person) == 1
    assert living.ended_at is None


def test_a_role_of_somebody_else_is_not_found_here(admin):
    project = make.project()
    person = make.role(project.id, Role.TEAM_MEMBER)
    mine = db.session.query(RoleAssignment).filter_by(person_id=person.id).one()
    assert queries.get_role_assignment(person, mine.id) is mine
    with pytest.raises(NotFound):
        queries.get_role_assignment(make.person(), mine.id)


def test_the_history_tells_what_was_done_to_an_account_and_by_whom(admin):
    project = make.project(make.programme(name_fr="AMI IA"), acronym="HÉRON")
    person = accounts.create_person(None, email="n@demo.example", name="Nour")
    given = roles.give_role(admin, project.id, person, Role.TEAM_MEMBER, action=roles.ASSIGNED)
    accounts.open_session(person)
    accounts.disable_account(admin, person)
    roles.end_role(admin, get_scope(project.id), given)
    db.session.commit()
    history = read_history(person)
    assert [(labels.event_label(deed).replace("\xa0", " "), deed.who) for deed in history.events] == [
        ("Rôle retiré : Membre de l’équipe, HÉRON, AMI IA", "Zoé Admin"),
        ("Compte fermé", "Zoé Admin"),
        ("Rôle donné : Membre de l’équipe, HÉRON, AMI IA", "Zoé Admin"),
        ("Compte créé", ""),
    ]
    ended = history.ended_roles[0]
    assert (ended.role, ended.who) == (Role.TEAM_MEMBER, "Zoé Admin")
    assert ended.granted_at <= ended.ended_at
    assert queries.get_entry(admin, person.id).roles == []


def test_the_history_of_one_person_is_not_anothers(admin):
    project = make.project()
    person, other = make.person(), make.person()
    roles.give_role(admin, project.id, other, Role.TEAM_MEMBER)
    accounts.disable_account(admin, other)
    db.session.commit()
    assert read_history(person).events == []


def test_every_deed_that_can_be_listed_has_words(app):
    about_accounts = {code for code in audit.ACTIONS if code.startswith("person.")}
    assert about_accounts - set(SIGN_IN_ACTIONS) <= labels.EVENT_LABELS.keys()
