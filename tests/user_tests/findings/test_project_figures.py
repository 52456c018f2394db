"""The project figures count open severe findings."""

from portal.platform.kernel.access import Role
from portal.platform.kernel.database import db
from portal.project.projects.models import ProjectFigures
from portal.user_tests.findings import closing_commands, commands, merge_commands, projections
from portal.user_tests.findings.commands import FindingFacts
from portal.user_tests.findings.models import FindingClosingKind, RetestResult
from tests.support import factories as make
from tests.support import findings, user_tests
from tests.support.browser import words_of
from tests.user_tests.findings.helpers import answer_retest


def test_every_verb_keeps_the_count_and_leaves_it_alone_where_nothing_severe_changes(
    project, member, lead, first, second
):
    def told():
        db.session.commit()
        kept = db.session.get_one(ProjectFigures, project.id)
        return kept.severe_open, kept.gravest_open

    def note(severity):
        return commands.note_finding(
            member, project, first, FindingFacts(what="Rien n’est vu.", severity=severity)
        )

    mark = db.session.get_one(ProjectFigures, project.id).mark
    grave, major, minor = note(4), note(3), note(2)
    assert told() == (2, 1)
    assert db.session.get_one(ProjectFigures, project.id).mark != mark
    mark = db.session.get_one(ProjectFigures, project.id).mark
    commands.create_backlog_item(member, project, minor)
    db.session.commit()
    assert db.session.get_one(ProjectFigures, project.id).mark == mark
    commands.rate_finding(member, project, minor, 3, minor.version)
    assert told() == (3, 1)
    closing_commands.accept_finding(lead, project, minor, "Hors du périmètre.", minor.version)
    assert told() == (2, 1)
    closing_commands.reopen_finding(member, project, minor)
    assert told() == (3, 1)
    merge_commands.merge_findings(member, project, grave, minor)
    assert told() == (2, 1)
    merge_commands.split_finding(member, project, grave)
    assert told() == (3, 2)
    answer_retest(member, project, second, grave, RetestResult.DISAPPEARED)
    answer_retest(member, project, second, major, RetestResult.DISAPPEARED)
    assert told() == (1, 1)
    answer_retest(member, project, second, major, RetestResult.STILL_THERE, before=RetestResult.DISAPPEARED)
    assert told() == (2, 1)
    assert projections.recount_all_projects() == 0


def test_a_programme_reads_the_count_beside_each_team_and_a_link_only_where_it_opens(
    browser_for, project, person, first
):
    for severity in (3, 4, 2, None):
        user_tests.finding(first, severity=severity)
    findings.closed(first, person, FindingClosingKind.ACCEPTED, severity=4, closing_reason="Connu.")
    way = "/projects/heron/findings?severity=severe"
    for role, opens in ((Role.PROGRAMME_LEAD, True), (Role.OBSERVER, False)):
        page = browser_for(make.holder(role, project)).visit("/portfolio?open=heron")
        told = words_of(page.select_one("#portfolio"))
        assert "2 constats graves ouverts" in told
        assert "dont 1 catastrophique" in told
        assert bool(page.select(f"a[href='{way}']")) is opens
