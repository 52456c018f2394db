"""Two leads choose a reviewer of one review: the second is told whom the first chose, and asked."""

from portal.ethics.reviews.models import Review
from portal.platform.kernel.access import Role
from portal.platform.kernel.database import db
from tests.support import factories as make
from tests.support import reviews
from tests.support.browser import words_of

R = "/projects/heron/reviews/1/reviewer"


def test_the_second_lead_is_told_and_may_insist(browser_for, project, lead, director):
    reviews.submitted(lead, project)
    first, second = (make.role(project.programme_id, Role.ETHICS_REVIEWER) for _person in range(2))
    other = browser_for(make.role(project.programme_id, Role.PROGRAMME_LEAD))
    browser = browser_for(director)
    browser.submit(R, person=first.id, instead_of="")
    page = other.submit(R, expect=409, person=second.id, instead_of="")
    assert first.name in words_of(page.main)
    assert db.session.query(Review).one().reviewer_id == first.id
    now = page.select_one("[name=instead_of]")["value"]
    assert now == str(first.id)
    other.submit(R, person=second.id, instead_of=now)
    assert db.session.query(Review).one().reviewer_id == second.id


def test_the_same_choice_twice_is_one(browser_for, project, lead, director):
    reviews.submitted(lead, project)
    reviewer = make.role(project.programme_id, Role.ETHICS_REVIEWER)
    for _twice in range(2):
        browser_for(director).submit(R, person=reviewer.id, instead_of="")
    assert db.session.query(Review).one().reviewer_id == reviewer.id
