"""Which notification mails are queued, when, and their content."""

from dataclasses import replace
from datetime import timedelta

import pytest
import sqlalchemy as sa

from portal.collaboration.discussions import commands as discussions
from portal.communication.notifications import commands, mail_documents, preference_commands
from portal.communication.notifications.kind_queries import kinds_by_code
from portal.communication.notifications.mail_jobs import send_due_mails
from portal.communication.notifications.models import Notification, PersonMailHours, Preference
from portal.platform.kernel import clock
from portal.platform.kernel.access import Role
from portal.platform.kernel.database import db
from portal.platform.kernel.identifiers import new_id
from portal.platform.kernel.outbox import OutboxMessage
from portal.platform.kernel.services import get_service
from portal.platform.kernel.settings import Settings
from portal.platform.kernel.tokens import TokenSealer
from tests.communication.notifications.conftest import letters, on, run_post
from tests.support import factories as make
from tests.support.notifications import told


def say(team, body="@nour *regardez* la pièce jointe"):
    said = discussions.start_thread(make.actor(team.lea), team.project.discussion_id, body)
    db.session.commit()
    return said.comment


def due(*moments):
    """The kinds of the letters queued at these moments, one after the other."""
    kinds = []
    for moment in moments:
        with on(*moment):
            before = len(letters())
            run_post()
            kinds.append([letter.kind for letter in letters()[before:]])
    return kinds


def test_who_is_cited_gets_one_mail_after_a_grace(team):
    with on(24, 10):
        say(team)
    assert due((24, 10, 1), (24, 10, 2), (24, 10, 3)) == [[], ["notice"], []]
    (letter,) = letters()
    assert letter.address == team.nour.email
    assert db.session.query(Notification).filter_by(kind="mentioned").one().letter


def test_the_kinds_and_settings_that_are_given_make_the_mails(app, team):
    with on(24, 10):
        say(team)
    with on(24, 11), app.app_context():
        assert send_due_mails({}) == 0
    assert db.session.query(Notification).filter_by(kind="mentioned").one().settled_at
    with on(24, 12):
        say(team)
    assert due((24, 12, 5)) == [["notice"]]
    settings = replace(get_service(Settings, app), reply_domain="reply.example")
    kinds, sealer = kinds_by_code(), get_service(TokenSealer, app)
    mails = mail_documents.NotificationMailBuilder(kinds, sealer, settings)
    with on(24, 12, 6):
        content = mails.builders["notice"](letters()[-1])
    assert content.headers["Reply-To"].endswith("@reply.example")


@pytest.mark.parametrize("why", ["read", "read there", "deleted", "left", "disabled"])
def test_what_is_over_leaves_no_mail(team, why):
    nour = make.actor(team.nour)
    with on(24, 10):
        comment = say(team)
        if why == "read":
            commands.mark_all_read(nour, clock.now())
        elif why == "read there":
            discussion_id = team.project.discussion_id
            db.session.commit()
            discussions.mark_discussion_read(nour, discussion_id)
        elif why == "deleted":
            discussions.delete_comment(make.actor(team.lea), comment)
        elif why == "left":
            db.session.execute(sa.text("DELETE FROM role_assignment WHERE role = 'team_member'"))
        else:
            team.nour.disabled_at = clock.now()
        db.session.commit()
    assert due((24, 11))[0] == []
    row = db.session.query(Notification).filter_by(kind="mentioned").one()
    assert (row.settled_at is not None, row.letter) == (True, None)


def test_evenings_wait_for_the_morning_and_days_for_their_digest(team):
    with on(27, 20):  # a Friday
        say(team)
        say(team, "Bonsoir à tous")
    assert due((27, 20, 5), (28, 10), (30, 7, 59)) == [[], [], []]
    with on(30, 8):
        run_post()
        mine = [each for each in letters() if each.address == team.nour.email]
        assert [each.kind for each in mine] == ["digest"]
        assert len(mine[0].facts["about"]) == 2
        say(team, "Bonjour à tous")
    assert due((30, 9), (30, 18), (30, 18, 30)) == [[], [], []]  # one digest a day


def test_a_day_has_its_measure_and_the_rest_waits_for_the_digest(team):
    with on(24, 10):
        for _ in range(3):
            say(team)
    assert due((24, 11), (24, 15)) == [["notice"], []]
    with on(25, 8):
        run_post()
    mine = [each for each in letters() if each.address == team.nour.email]
    assert [each.kind for each in mine] == ["notice", "digest"]
    assert len(mine[1].facts["about"]) == 2


def test_who_chose_more_or_nothing_gets_that(team):
    nour = team.nour.id
    db.session.add(PersonMailHours(person_id=nour, at_once_most=5, no_digest=True, saves=1))
    db.session.add(Preference(person_id=nour, kind="commented", channel="weekly"))
    with on(24, 10):
        for _ in range(3):
            say(team)
        say(team, "À tous")
    assert due((24, 11)) == [["notice"] * 3]
    with on(30, 9):
        run_post()
    assert {each.kind for each in letters() if each.address == team.nour.email} == {"notice"}


def test_a_weekly_wish_waits_for_monday(team):
    db.session.add(Preference(person_id=team.nour.id, kind="commented", channel="weekly"))
    with on(24, 10):
        say(team, "À tous")
    with on(25, 9):
        run_post()
    assert team.nour.email not in {each.address for each in letters()}
    with on(30, 8):
        run_post()
    assert team.nour.email in {each.address for each in letters()}


def read(office):
    return {str(each["To"]): each for each in office.received}


def test_a_mail_says_who_and_where_and_leads_there_and_holds_no_text(team, office, deliver):
    team.nour.locale = "en"
    with on(24, 10):
        comment = say(team)
    with on(24, 11):
        run_post()
        assert deliver() == 1
    letter = read(office)[team.nour.email]
    assert letter["Subject"] == "CNAF: Léa mentioned you in a comment"
    fact = db.session.query(Notification).filter_by(kind="mentioned").one()
    text = letter.get_body(("plain",)).get_content()
    page = letter.get_body(("html",)).get_content()
    for body in (text, page):
        assert f"http://127.0.0.1:8000/inbox/{fact.fact_id}" in body
        assert "regardez" not in body
        assert "do not reply" in body.lower()
    assert letter["Auto-Submitted"] == "auto-generated"
    assert letter["References"] == letter["In-Reply-To"]
    assert comment.thread_id.hex in letter["References"]
    assert letter["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert letter["List-Unsubscribe"].strip("<>") in text


@pytest.mark.parametrize("why", ["left", "read", "stopped"])
def test_what_ended_while_the_server_was_away_is_not_sent(team, office, deliver, why):
    with on(24, 10):
        say(team)
    with on(24, 11):
        run_post()
        office.answers[team.nour.email] = ["451 later"]
        assert deliver() == 0
        if why == "left":
            db.session.execute(sa.text("DELETE FROM role_assignment WHERE role = 'team_member'"))
        elif why == "stopped":
            preference_commands.stop_mails(team.nour.id, "mentioned")
        else:
            commands.mark_all_read(make.actor(team.nour), clock.now())
        db.session.execute(sa.update(OutboxMessage).values(due_at=clock.now()))
        db.session.commit()
        assert deliver() == 0
    assert office.recipients == []
    assert letters() == []  # withdrawn, not given up


def test_a_mail_that_its_server_delayed_into_the_evening_waits_for_the_morning(team, office, deliver):
    with on(24, 18, 50):
        say(team)
    with on(24, 18, 55):
        run_post()
        office.answers[team.nour.email] = ["451 later"]
        assert deliver() == 0
    for moment, sent in (((24, 19), 0), ((24, 23), 0), ((25, 7, 59), 0), ((25, 8), 1)):
        with on(*moment):
            assert deliver() == sent


def test_what_waits_for_a_mail_is_silenced_too_but_for_what_speaks_to_one_by_name(team):
    with on(24, 10):
        say(team)
        say(team, "Bonjour à tous")
        commands.mute_scope(make.actor(team.nour), team.project.id)
        db.session.commit()
    assert due((24, 10, 5))[0] == ["notice"]
    with on(25, 8):
        run_post()
    assert {each.kind for each in letters() if each.address == team.nour.email} == {"notice"}


def test_what_fails_for_one_keeps_no_other_waiting(team):
    with on(24, 10):
        say(team, "@nour et @camille")
    team.nour.time_zone = "Mars/Olympus"
    db.session.commit()
    assert due((24, 11))[0] == ["notice"]
    assert letters()[0].address == team.coach.email


def test_a_digest_is_told_by_place(team, office, deliver):
    other = make.project()
    make.role(other.id, Role.TEAM_MEMBER, team.nour)
    with on(24, 10):
        for n in range(45):
            told(team.nour, other, group_id=new_id(), created_at=clock.now() + timedelta(seconds=n))
        told(team.nour, team.project)
    with on(24, 10, 30):
        run_post()
    with on(25, 8):
        run_post()
        assert deliver() == 1
    letter = read(office)[team.nour.email]
    assert letter["Subject"] == f"46 nouvelles pour vous : {other.short_name}, CNAF"
    text = letter.get_body(("plain",)).get_content()
    assert text.index(other.short_name) < text.index("Et 6 autres, dans vos notifications.")
    assert "In-Reply-To" not in letter


def test_one_click_stops_a_kind_and_another_the_digest(team, app):
    stranger, nour_id, address = app.test_client(), team.nour.id, team.nour.email
    seal = get_service(TokenSealer, app).seal
    for kind in ("mentioned", "digest"):
        path = f"/unsubscribe/{kind}/{seal(f'unsubscribe {kind}', nour_id)}"
        db.session.commit()
        assert "Ne plus recevoir" in stranger.get(path).text
        for _ in range(2):
            answer = stranger.post(path, data={"List-Unsubscribe": "One-Click"})
            assert answer.status_code == 200
        assert stranger.get(path.replace(kind, "replied", 1)).status_code == 404
    db.session.rollback()
    assert db.session.query(Preference).one().channel == "inbox"
    assert db.session.query(PersonMailHours).one().no_digest
    db.session.add_all([team.nour, team.lea, team.project])
    with on(24, 10):
        say(team)
    assert address not in {each.address for each in letters()}
