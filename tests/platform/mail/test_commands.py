import pytest
import sqlalchemy as sa

from portal.people.programmes.models import INSTALLATION
from portal.platform.kernel import clock
from portal.platform.kernel.access import Role
from portal.platform.kernel.audit import AuditEvent
from portal.platform.kernel.database import db
from portal.platform.kernel.errors import NotFound, RuleBroken
from portal.platform.mail import commands, queries
from portal.platform.mail.queries import PER_PAGE, LetterState
from tests.support import factories as make


@pytest.fixture
def admin(app):
    return make.actor(make.role(INSTALLATION, Role.ADMINISTRATOR))


def given_up(**given):
    usual = {"given_up_at": clock.now(), "attempts": 12, "problem": "450 busy"}
    return make.letter(**usual | given)


def deeds() -> list[AuditEvent]:
    return list(db.session.scalars(sa.select(AuditEvent).order_by(AuditEvent.id)))


def test_a_letter_given_up_is_due_at_once_and_the_trail_says_who_asked(admin):
    letter = given_up()
    commands.retry_letter(admin, letter.id)
    db.session.commit()
    assert (letter.given_up_at, letter.attempts, letter.leased_until) == (None, 0, None)
    assert letter.due_at <= clock.now()
    (deed,) = deeds()
    assert (deed.action, deed.actor_id) == ("letter.tried_again", admin.person_id)
    assert deed.facts == {"kind": "invitation"}


def test_a_letter_is_tried_again_once(admin):
    letter = given_up()
    commands.retry_letter(admin, letter.id)
    with pytest.raises(RuleBroken):
        commands.retry_letter(admin, letter.id)


def test_a_letter_that_waits_or_was_sent_is_left_alone(admin):
    for letter in (make.letter(), make.letter(sent_at=clock.now(), given_up_at=clock.now())):
        with pytest.raises(RuleBroken):
            commands.retry_letter(admin, letter.id)


def test_all_that_were_given_up_are_tried_again_and_no_other(admin, monkeypatch):
    monkeypatch.setattr(commands, "RETRY_BATCH", 2)
    letters = [given_up() for _ in range(3)]
    sent = make.letter(sent_at=clock.now())
    assert commands.retry_all_letters(admin) == 2
    db.session.commit()
    assert [letter.given_up_at is None for letter in letters] == [True, True, False]
    assert sent.sent_at is not None
    assert len(deeds()) == 2
    assert (commands.retry_all_letters(admin), commands.retry_all_letters(admin)) == (1, 0)


@pytest.mark.parametrize("role", [Role.PROGRAMME_LEAD, Role.TEAM_LEAD])
def test_for_others_the_outbox_is_not_there(app, role):
    letter = given_up()
    other = make.actor(make.role(make.programme().id, role))
    for ask in (
        lambda: queries.count_letters_by_state(other),
        lambda: queries.read_letter_page(other, LetterState.SENT, 1, 0),
        lambda: queries.get_letter(other, letter.id),
        lambda: commands.retry_letter(other, letter.id),
        lambda: commands.retry_all_letters(other),
    ):
        with pytest.raises(NotFound):
            ask()


def test_letters_are_counted_by_what_became_of_them(admin):
    make.letter()
    given_up()
    make.letter(sent_at=clock.now(), given_up_at=clock.now())
    make.letter(sent_at=clock.now())
    counts = queries.count_letters_by_state(admin)
    assert counts == {LetterState.SENT: 2, LetterState.GIVEN_UP: 1, LetterState.WAITING: 1}
    for state, count in counts.items():
        shown = queries.read_letter_page(admin, state, 1, count).letters
        assert len(shown) == count
        assert {queries.letter_state_of(letter) for letter in shown} == {state}


def test_pages_hold_each_letter_once_the_latest_first(admin):
    ids = [given_up().id for _ in range(PER_PAGE + 3)]
    pages = [queries.read_letter_page(admin, LetterState.GIVEN_UP, n, len(ids)) for n in (1, 2, 99)]
    assert [page.number for page in pages] == [1, 2, 2]
    assert [letter.id for page in pages[:2] for letter in page.letters] == ids[::-1]
