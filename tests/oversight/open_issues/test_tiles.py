"""The number of each tile is that of the list it opens."""

from datetime import timedelta

from portal.ethics.reviews.models import ReviewState
from portal.oversight.open_issues.filter_rules import IssueFilters
from portal.oversight.open_issues.queries import read_overview
from portal.platform.kernel import clock
from portal.platform.kernel.access import Role
from tests.support import concerns, health, reviews, risks, transparency
from tests.support import factories as make

URL = "/portfolio/concerns"
LATE_BY = timedelta(days=40)


def test_every_tile_counts_what_its_list_holds(browser, heron, programme, direction):
    """HERON has a review not begun and late, and a late measure; each other team has one thing:
    a review not begun and late, one begun and late, a late measure, a review to decide, a late
    condition, a published sheet. One with all of a late review is stopped."""

    def team(name, *, is_due, **facts):
        starts_on = programme.starts_on if is_due else clock.today()
        return make.project(programme, slug=name.lower(), acronym=name, starts_on=starts_on, **facts)

    not_begun, begun = team("NONE", is_due=True), team("DRAFT", is_due=True)
    measure, submitted = team("MEASURE", is_due=False), team("SUBMITTED", is_due=False)
    condition, published = team("CONDITION", is_due=False), team("PUBLISHED", is_due=False)
    ended = {"stopped_on": clock.today(), "stop_reason": "r", "learnings": "l"}
    stopped = team("STOPPED", is_due=True, **ended)
    reviews.opened(make.actor(make.role(begun.id, Role.TEAM_MEMBER)), begun)
    risks.late(risks.risk(measure), make.role(measure.id, Role.TEAM_MEMBER))
    reviews.submitted(make.actor(make.role(submitted.id, Role.TEAM_LEAD)), submitted)
    with clock.frozen_at(clock.now() - LATE_BY):
        by = reviews.reviewer(condition)
        review = reviews.taken(
            make.actor(make.role(condition.id, Role.TEAM_LEAD)), condition, by, kind="crpa"
        )
        reviews.condition(by, condition, review)
        reviews.decide(by, condition, review, ReviewState.ACCEPTED_WITH_CONDITIONS)
    transparency.published(published, make.role(published.id, Role.TEAM_LEAD))
    concerns.known(not_begun, begun, measure, submitted, condition, published, stopped)
    health.known(heron)

    lines = read_overview(make.actor(direction), [programme], IssueFilters()).lines
    counts = [
        {line.name: count(line.issues) for line in lines if line.issues.goes_on and count(line.issues)}
        for count in (
            lambda issues: issues.severe,
            lambda issues: issues.reviews_late,
            lambda issues: len(issues.waiting),
            lambda issues: issues.triggers,
            lambda issues: issues.conditions_late,
            lambda issues: issues.high,
            lambda issues: issues.measures_late,
            lambda issues: issues.sheet == "published",
        )
    ]
    assert counts[1] == {"HERON": 1, "NONE": 1, "DRAFT": 1}
    assert [set(counts[n]) for n in (2, 4, 6, 7)] == [
        {"SUBMITTED"},
        {"CONDITION"},
        {"HERON", "MEASURE"},
        {"PUBLISHED"},
    ]
    links = browser.visit(URL).select(".tile > a")
    assert [int(link.strong.text) for link in links] == [sum(count.values()) for count in counts]
    for link, count in zip(links, counts, strict=True):
        shown = browser.visit(link["href"]).select("tbody .team")
        assert {tag.text for tag in shown} == set(count), link.text
