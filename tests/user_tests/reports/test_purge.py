"""Pages before and after retention has deleted the sessions."""

from datetime import date

import pytest

from portal.platform.kernel.database import db
from portal.user_tests.findings import retention_commands as findings
from portal.user_tests.rounds import retention_commands
from portal.user_tests.rounds.session_models import TestSession
from portal.user_tests.rounds.sum_queries import read_results_by_round
from tests.support import user_tests as tests
from tests.support.browser import words_of
from tests.support.project_file import version
from tests.user_tests.reports.conftest import T, note, people


def purge(project):
    findings.add_to_purged_session_counts(project.id)
    retention_commands.purge_project_sessions(project.id)
    db.session.commit()
    assert db.session.query(TestSession).count() == 0


def main(browser, address):
    return words_of(browser.visit(f"{T}/{address}").main)


@pytest.mark.parametrize("address", ["coverage", "trend", "compare"])
def test_pages_say_the_same_once_the_sessions_are_gone(browser, project, two, address):
    people(two.second, two.tasks[1], None, two.person, "fh")
    before = main(browser, address)
    purge(project)
    assert main(browser, address) == before


def test_a_report_says_the_same_but_that_the_sessions_are_gone(browser, project, two):
    seen = note(two.first, "La légende n’est pas vue.", 3)
    tests.seen(seen, db.session.query(TestSession).filter_by(round_id=two.first.id).first(), two.person)
    before = main(browser, "1/report/fr").replace("\xa0", " ")
    purge(project)
    after = main(browser, "1/report/fr").replace("\xa0", " ")
    gone = "Les séances ont été effacées au terme de leur durée de conservation"
    gone = f"{gone} ; leurs chiffres d’ensemble restent."
    assert gone in after
    assert "Chez combien1 sur 8" in before
    assert "Chez combien1 séance" in after
    told = after.replace(gone, "").replace("Chez combien1 séance", "Chez combien1 sur 8")
    assert told == before


def test_more_than_twenty_five_times_have_a_mean_instead_of_their_median(browser, project, two):
    people(two.first, two.tasks[0], two.group, two.person, "sss")
    people(two.second, two.tasks[1], two.group, two.person, "s" * 20)
    before = main(browser, "compare")
    assert "n = 28)" in before
    purge(project)
    after = main(browser, "compare")
    assert before != after
    assert "n = 28)" in after
    # Verdicts are computed from the same means before and after.
    verdicts = [text.split("Une durée multipliée")[1].split(".")[0] for text in (before, after)]
    assert verdicts[0] == verdicts[1]


def test_sessions_held_after_a_purge_count_with_what_was_kept(app, project, two):
    purge(project)
    people(two.second, two.tasks[1], two.group, two.person, "ff")
    known = read_results_by_round([two.second])[two.second.id]
    assert known.is_purged
    assert known.sums.sessions == 10
    found = known.of_task(two.tasks[1].id).completion
    assert (found.successes, found.n) == (8, 10)
    assert known.sums.first_on == date(2026, 3, 12)


def test_a_round_that_was_purged_costs_no_more_than_five(browser, project, two, statements):
    purge(project)
    costs = []
    for _time in range(2):
        statements.clear()
        browser.visit(f"{T}/trend")
        costs.append(len(statements))
        for _more in range(4):
            of = tests.round_(project, version(project), ended_on=date(2026, 4, 1))
            people(of, tests.task(of, lineage=two.tasks[0].lineage), two.group, two.person, "s")
        purge(project)
        browser.visit(f"{T}/trend")
    assert costs[0] == costs[1]
