"""Two leads choose a reviewer of one review: the second is told whom the first chose, and asked. What
waits for each is counted alike everywhere."""

from portal.ethics.reviews.condition_commands import ConditionProof, prove_condition
from portal.ethics.reviews.models import Review, ReviewState
from portal.ethics.reviews.register_queries import list_reviewer_tasks
from portal.ethics.reviews.reviewer_queries import list_reviewer_candidates, list_reviewers_by_programme
from portal.platform.kernel import clock
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


def test_a_reviewer_to_choose_has_the_load_of_their_own_page(project, lead, member, judge):
    reviews.submitted(lead, project, judge)
    bound = reviews.taken(lead, project, judge, kind="bias")
    condition = reviews.condition(judge, project, bound)
    reviews.decide(judge, project, bound, ReviewState.ACCEPTED_WITH_CONDITIONS)
    assert _loads(project, judge) == [1, 1, 1]
    prove_condition(member, project, (condition, bound), ConditionProof(text="Publiée."), condition.version)
    db.session.commit()
    assert _loads(project, judge) == [2, 2, 2]
    involved = make.role(project.id, Role.COACH, judge)  # each act is refused: the lead chooses another
    assert _loads(project, involved) == [0, 0, 0]


def test_nothing_waits_for_a_reviewer_in_a_project_that_is_over(project, lead, judge):
    reviews.submitted(lead, project, judge)
    assert _loads(project, judge) == [1, 1, 1]
    project.finished_on = clock.today()
    db.session.commit()
    assert _loads(project, judge) == [0, 0, 0]


def _loads(project, judge):
    """What waits for a reviewer: on their page, where one is chosen on a page, and in place."""
    (candidate,) = list_reviewer_candidates(project)
    (listed,) = list_reviewers_by_programme([project.programme_id])[project.programme_id]
    return [len(list_reviewer_tasks(make.actor(judge))), candidate.awaiting, listed.awaiting]
