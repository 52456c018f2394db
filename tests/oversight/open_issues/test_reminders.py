"""The act on a late review: name its reviewer where it has none, else remind whoever has it."""

from datetime import timedelta
from urllib.parse import parse_qs, urlsplit

import pytest

from portal.communication.notifications.models import Notification
from portal.ethics.reviews import commands
from portal.ethics.reviews.reminder_commands import remind_of_review
from portal.people.accounts.commands import disable_account
from portal.people.programmes.queries import list_holders
from portal.platform.kernel import clock
from portal.platform.kernel.access import Role
from portal.platform.kernel.database import db
from portal.platform.kernel.errors import RuleBroken
from tests.support import api, concerns, reviews
from tests.support import factories as make
from tests.support.browser import words_of

URL = "/portfolio/concerns"
REMIND, EXPOSURE = (f"{URL}/heron/{kind}/remind" for kind in ("framing", "exposure"))


def acts_of(page):
    """The text and the path of each act on the reviews of HERON, and where it leads back to."""
    links = page.select("#team-heron .issues a.fr-link--sm")
    parts = [(words_of(link), urlsplit(link["href"])) for link in links]
    return [(text, part.path, *parse_qs(part.query)["return_to"]) for text, part in parts]


def reminders():
    rows = db.session.query(Notification).filter(Notification.action.contains("remind"))
    return [(row.person_id, row.kind, row.facts["path"]) for row in rows.order_by(Notification.created_at)]


def test_a_lead_reminds_whoever_has_a_late_review_or_names_its_reviewer(
    browser, browser_for, heron, direction
):
    back = f"{URL}?programme=ami&overdue=1"
    assert acts_of(browser.visit(back)) == [("Relancer… (HERON)", REMIND, back)]
    carrier = make.role(heron.id, Role.TEAM_LEAD)
    asked = browser.visit(f"{REMIND}?return_to={back.replace('&', '%26')}")
    assert f"Le rappel part à {carrier.name}." in words_of(asked.main)
    assert browser.submit(REMIND, return_to=back).h1  # and back to the list
    assert reminders() == [(carrier.id, "review_decided", "/projects/heron/reviews")]
    assert acts_of(browser.visit(back)) == []
    assert "Rappel envoyé aujourd’hui" in words_of(browser.visit(back).select_one("#team-heron .issues"))
    asked = browser.visit(REMIND)
    assert "attendez demain" in words_of(asked.main)
    assert "Envoyer le rappel" not in words_of(asked.main)
    assert "attendez demain" in words_of(browser.submit(REMIND, expect=422).main)
    news = words_of(browser_for(carrier).visit("/inbox").main)
    assert "vous rappelle que la revue de cadrage est attendue" in news
    asked = words_of(browser.visit(EXPOSURE).main)
    assert "n’est pas en retard" in asked
    assert "Envoyer le rappel" not in asked
    browser.submit(EXPOSURE, expect=409)
    remind_of_review(make.actor(direction), heron, "exposure")  # which has reminders of its own
    db.session.commit()
    assert [who for who, *_others in reminders()] == [carrier.id] * 2
    news = words_of(browser_for(carrier).visit("/inbox").main)
    assert "vous rappelle que la revue avant exposition est attendue" in news

    review = reviews.submitted(make.actor(carrier), heron)
    concerns.known(heron)
    choose = f"/projects/heron/reviews/{review.number}/reviewer"
    assert acts_of(browser.visit(back)) == [("Choisir le relecteur… (HERON)", choose, back)]
    assert "Personne d’autre n’a cette revue" in words_of(browser.visit(REMIND).main)
    browser.submit(REMIND, expect=422)

    by = reviews.reviewer(heron)
    commands.choose_reviewer(make.actor(direction), heron, review, by)
    db.session.commit()
    assert acts_of(browser.visit(back)) == [("Relancer… (HERON)", REMIND, back)]
    browser.submit(REMIND)
    assert acts_of(browser.visit(back)) == []
    with clock.frozen_at(clock.now() + timedelta(days=1)):
        assert acts_of(browser_for(direction).visit(back)) == [("Relancer… (HERON)", REMIND, back)]
    assert reminders()[2:] == [(by.id, "review_entrusted", f"/projects/heron/reviews/{review.number}")]
    told = words_of(browser_for(by).visit("/inbox").main)
    assert f"vous rappelle la revue éthique {review.number} à relire" in told
    assert acts_of(browser_for(make.role(heron.programme_id, Role.OBSERVER)).visit(back)) == []

    disable_account(None, by)
    db.session.commit()
    assert acts_of(browser.visit(back)) == [("Choisir le relecteur… (HERON)", choose, back)]
    assert "Personne d’autre n’a cette revue" in words_of(browser.visit(REMIND).main)
    (waiting,) = browser.visit("/to-decide").select('[id^="reviews-"]')
    assert "a un compte fermé" in words_of(waiting)


def test_the_api_refuses_what_is_not_late_as_the_page_does(app, heron, direction):
    carrier, client = make.role(heron.id, Role.TEAM_LEAD), api.client(app, direction)

    def remind_and_read_status(kind: str) -> int:
        return client.post("/projects/heron/reviews/remind", {"kind": kind}).status_code

    statuses = [remind_and_read_status(kind) for kind in ("exposure", "aia", "framing")]
    assert statuses == [409, 422, 204]
    assert [who for who, *_others in reminders()] == [carrier.id]


def test_a_reminder_is_of_its_day_and_no_longer(browser_for, heron, direction):
    """Just after midnight it left yesterday; late in the evening, today."""
    make.role(heron.id, Role.TEAM_LEAD)
    midnight = clock.start_of_today_for_reader()  # ids are of the real time

    def read_line() -> str:
        return words_of(browser_for(direction).visit(URL).select_one("#team-heron .issues"))

    with clock.frozen_at(midnight - timedelta(minutes=30)):
        browser_for(direction).submit(REMIND)
        assert "Rappel envoyé aujourd’hui" in read_line()
    with clock.frozen_at(midnight + timedelta(minutes=30)):
        assert "Relancer…" in read_line()
        assert "attendez demain" not in words_of(browser_for(direction).visit(REMIND).main)
        browser_for(direction).submit(REMIND)
    with clock.frozen_at(midnight + timedelta(hours=22)):
        assert "Rappel envoyé aujourd’hui" in read_line()
        browser_for(direction).submit(REMIND, expect=422)


def test_only_others_with_an_open_account_are_reminded(browser, heron, direction):
    """Without any lead of the team, its members are."""
    make.role(heron.id, Role.TEAM_LEAD, direction)
    disable_account(None, make.role(heron.id, Role.TEAM_LEAD))
    people = [holder.person for holder in list_holders(heron.id, Role.TEAM_MEMBER)]
    names = ", ".join(person.name for person in people)
    assert f"Le rappel part à {names}." in words_of(browser.visit(REMIND).main)
    browser.submit(REMIND)
    assert [who for who, *_others in reminders()] == [person.id for person in people]


def test_nobody_is_reminded_of_a_review_that_is_accepted_or_that_no_gate_requires(browser, heron, direction):
    carrier, by = make.actor(make.role(heron.id, Role.TEAM_LEAD)), reviews.reviewer(heron)
    reviews.decide(by, heron, reviews.taken(carrier, heron, by))
    browser.submit(REMIND, expect=409)
    assert "n’est pas en retard" in words_of(browser.visit(REMIND).main)
    reviews.opened(carrier, heron)  # of their own accord
    browser.submit(REMIND, expect=409)
    with pytest.raises(RuleBroken):
        remind_of_review(make.actor(direction), heron, "aia")
    assert reminders() == []
