"""The act on a late review: name its reviewer where it has none, else remind whoever has it."""

from urllib.parse import parse_qs, urlsplit

from portal.communication.notifications.models import Notification
from portal.ethics.reviews import commands
from portal.platform.kernel.access import Role
from portal.platform.kernel.database import db
from tests.support import concerns, reviews
from tests.support import factories as make
from tests.support.browser import words_of

URL = "/portfolio/concerns"
REMIND = f"{URL}/heron/framing/remind"


def acts_of(page):
    """The text and the path of each act on the reviews of HERON, and where it leads back to."""
    links = page.select("#team-heron .issues a.fr-link--sm")
    parts = [(words_of(link), urlsplit(link["href"])) for link in links]
    return [(text, part.path, *parse_qs(part.query)["return_to"]) for text, part in parts]


def reminders():
    rows = db.session.query(Notification).filter(
        Notification.facts["of_action"].as_string().contains("remind")
    )
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
    assert "attendez demain" in words_of(browser.submit(REMIND, expect=422).main)
    assert "vous rappelle qu’une revue éthique est attendue" in words_of(
        browser_for(carrier).visit("/inbox").main
    )

    review = reviews.submitted(make.actor(carrier), heron)
    concerns.known(heron)
    choose = f"/projects/heron/reviews/{review.number}/reviewer"
    assert acts_of(browser.visit(back)) == [("Choisir le relecteur… (HERON)", choose, back)]
    assert "Personne n’a cette revue." in words_of(browser.visit(REMIND).main)
    browser.submit(REMIND, expect=422)

    by = reviews.reviewer(heron)
    commands.choose_reviewer(make.actor(direction), heron, review, by)
    db.session.commit()
    assert acts_of(browser.visit(back)) == [("Relancer… (HERON)", REMIND, back)]
    browser.submit(REMIND)
    assert reminders()[1:] == [(by.id, "review_entrusted", f"/projects/heron/reviews/{review.number}")]
    told = words_of(browser_for(by).visit("/inbox").main)
    assert f"vous rappelle la revue éthique {review.number} à relire" in told
    assert acts_of(browser_for(make.role(heron.programme_id, Role.OBSERVER)).visit(back)) == []


def test_an_accepted_review_is_reminded_of_no_more(browser, heron):
    carrier, by = make.actor(make.role(heron.id, Role.TEAM_LEAD)), reviews.reviewer(heron)
    reviews.decide(by, heron, reviews.taken(carrier, heron, by))
    browser.submit(REMIND, expect=409)
    assert reminders() == []
