"""No amount, text or document of money leaks to coaches, observers, other teams or strangers."""

import pytest

from portal.collaboration.search import queries as search
from portal.collaboration.search.queries import SearchFilters
from portal.funding.agreements.amendment_commands import AmendmentFacts, amend_agreement
from portal.funding.agreements.queries import get_agreement
from portal.funding.change_requests.commands import ChangeFacts, file_change_request, write_message
from portal.funding.change_requests.models import FundingChangeKind
from portal.funding.change_requests.queries import LoadedChange
from portal.funding.instalments import payment_commands
from portal.funding.instalments.plan_commands import InstalmentFacts
from portal.people.accounts.models import Person
from portal.people.programmes.models import INSTALLATION
from portal.platform.kernel import clock
from portal.platform.kernel.access import Role
from portal.platform.kernel.database import db
from portal.project.projects.queries import get_programme_of
from tests.selection.doors import answer, list_paths, open_with_token
from tests.support import factories as make
from tests.support import funding
from tests.support.turns import share_of

# Independent of the database: what a statement selects is tested on both engines elsewhere.
pytestmark = pytest.mark.parametrize("house", ["sqlite"], indirect=True)
REASON, MESSAGE, FILE, REFERENCE = "CANARI-motif", "CANARI-message", "CANARI-piece", "CANARI-virement"
AROUND = ("/funding", "/files", "/inbox", "/to-decide", "/portfolio", "/agreements", "/history", "/activity")
AMOUNTS = ["7\u202f654\u202f321", "7\xa0654\xa0321", "7,654,321", "7654321"]


@pytest.fixture
def scene(project, people):
    """Money with a canary in every amount and text: asked, returned, paid, to recover, to change."""
    some = InstalmentFacts(amount_cents=funding.CANARY)
    funding.signed(project, people.operator, some, some, some)
    first, second, _third = funding.instalments(project)
    funding.ask(people.lead, first)
    funding.check(people.operator, first)
    funding.pay(people.second, first, reference=REFERENCE)
    payment_commands.announce_recovery(people.operator, first, funding.CANARY, REASON)
    funding.ask(people.lead, second)
    funding.send_back(people.operator, second, REASON)
    author = db.session.get_one(Person, people.member.person_id)
    file = funding.attached(second, author, FILE)
    agreement = get_agreement(project)
    facts = ChangeFacts(kind=FundingChangeKind.BUDGET, reason=REASON, amount_cents=funding.CANARY)
    change = file_change_request(people.lead, project, agreement, facts)
    write_message(people.lead, LoadedChange(project, agreement, change), MESSAGE)
    more = AmendmentFacts(signed_on=clock.today(), reason=REASON, amount_cents=4 * funding.CANARY)
    amend_agreement(people.operator, project, agreement, more, agreement.version)
    db.session.commit()
    return agreement, change, file


def outsiders(project, people):
    """Whoever reads no amount, by name."""
    other = make.project()
    others = {
        role.value: make.holder(role, project)
        for role in (Role.COACH, Role.ETHICS_REVIEWER, Role.JUROR, Role.OBSERVER)
    }
    return others | {
        "coach in the programme": make.role(project.programme_id, Role.COACH),
        "lead of another team": make.role(make.project(get_programme_of(project)).id, Role.TEAM_LEAD),
        "operator of another programme": make.role(other.programme_id, Role.OPERATOR),
        "administrator": make.role(INSTALLATION, Role.ADMINISTRATOR),
        "stranger": None,
    }


def test_nobody_outside_reads_an_amount_or_a_text(app, people, scene, browser_for, tell):
    project = people.project
    agreement, _change, file = scene
    programme = get_programme_of(project)
    ids = [agreement.id, *(loaded.row.id for loaded in funding.instalments(project))]
    fills = [
        {"slug": slug, "number": number, "letter": 1, "file_id": file.id, "kind": kind, "subject_id": id_}
        for slug in (project.slug, programme.slug)
        for number in (1, 2)
        for id_ in ids
        for kind in ("funding_agreement", "instalment", "funding_change")
    ]
    paths = list(list_paths(app, fills))
    paths = [path for path in paths if path == "/projects/heron" or any(part in path for part in AROUND)]
    assert len(paths) > 60
    numbers = [agreement.number, agreement.legal_commitment, agreement.operator_reference]
    words = [*AMOUNTS, REASON, MESSAGE, FILE, REFERENCE, funding.PURPOSE, funding.SIRET, *numbers]
    paths += [f"/search?q={word}" for word in (agreement.number, "devine", "CANARI")]
    tried = 0
    for name, person in outsiders(project, people).items():
        browser = open_with_token(browser_for, person)
        report = f"/programmes/{programme.slug}/funding/report"
        tries = share_of(f"funding paths of {name}", paths, 3)
        for path in tries:
            if name == Role.OBSERVER and path == report:
                continue
            text = answer(browser, path)[2]
            typed = path.partition("?q=")[2]
            assert [w for w in words if w in text and w not in typed and typed not in w] == [], (name, path)
        tried += len(tries)
        for extension in ("csv", "xlsx", "pdf"):
            status = browser.open(f"{report}.{extension}", method="POST", data={"language": "fr"}).status_code
            assert status in ({200, 303} if name == Role.OBSERVER else {303, 401, 404}), (name, extension)
    tell("funding doors", tried=tried)


def test_messages_on_a_change_request_are_found_by_those_who_read_them(project, people, scene):
    search_of = SearchFilters(q='"canari message"')
    for actor in (people.member, people.operator, people.direction):
        assert search.search(actor, search_of).count == 1
    for name, person in outsiders(project, people).items():
        if person is not None:
            assert search.search(make.actor(person), search_of).count == 0, name


def test_the_team_and_the_operator_read_what_is_theirs(project, people, scene, browser_for):
    for actor in (people.member, people.operator, people.direction):
        browser = open_with_token(browser_for, db.session.get_one(Person, actor.person_id))
        texts = [
            answer(browser, f"/projects/heron/funding{path}")[2]
            for path in ("", "/instalments/1", "/changes/1")
        ]
        assert all(any(amount in text for amount in AMOUNTS) for text in texts)
        for word, address in ((REASON, "/changes/1"), (REFERENCE, "/instalments/1")):
            main = browser.visit(f"/search?q={word}").main
            assert main.select(f'a[href="/projects/heron/funding{address}"]'), (word, address)
    coach = open_with_token(browser_for, db.session.get_one(Person, people.coach.person_id))
    page = coach.visit("/projects/heron/funding")
    assert "Versée" in page.main.get_text()
