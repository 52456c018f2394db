"""What a pause of a team holds up, and what it does not."""

from portal.funding.change_requests.commands import confirm_abandonment
from portal.funding.change_requests.decision_commands import ChangeAnswer, decide_change
from portal.funding.change_requests.models import FundingChangeKind
from portal.funding.instalments import payment_commands
from portal.funding.instalments.past_waiting_queries import list_wait_starts_by_project
from portal.funding.instalments.plan_commands import InstalmentFacts
from portal.funding.instalments.waiting_queries import list_waiting_instalments
from portal.oversight.committee_packs.programme_state_queries import read_programme_state
from portal.oversight.gates.models import TeamKeyRoles
from portal.platform.kernel import clock
from portal.platform.kernel.access import Role
from portal.platform.kernel.database import db
from portal.project.projects import commands as projects
from portal.project.projects.queries import get_programme_of
from tests.support import change_requests, funding, project_file
from tests.support import factories as make


def test_a_pause_holds_up_neither_a_payment_that_came_back_nor_a_granted_abandonment(project, people):
    funding.signed(project, people.operator, *[InstalmentFacts(amount_cents=10_00)] * 2)
    first, second = funding.instalments(project)
    funding.paid(people, first)
    funding.ask(people.lead, second)
    programme = get_programme_of(project)

    def read_waiting(moment):
        past = list_wait_starts_by_project(people.second, [project.id], moment, clock.DEFAULT_ZONE)
        due = read_programme_state(programme, moment, clock.today()).instalments
        assert len(due) == len(past.get(project.id, ()))
        return [each.number for each in due]

    def read_waiting_now():
        numbers = read_waiting(clock.now())
        assert sorted(each.number for each in list_waiting_instalments(people.second)) == numbers
        return numbers

    projects.pause_project(make.actor(make.role(project.programme_id, Role.PROGRAMME_LEAD)), project)
    db.session.commit()
    assert read_waiting_now() == []
    (paid, _asked), paused_at = funding.instalments(project), clock.now()
    payment_commands.note_payment_failure(people.second, paid, "IBAN clos", paid.row.version)
    db.session.commit()
    assert read_waiting_now() == [1]
    failed_at, sponsor = clock.now(), make.actor(make.role(project.id, Role.TEAM_MEMBER))
    project_file.save(TeamKeyRoles(project_id=project.id, sponsor_id=sponsor.person_id))
    abandonment = change_requests.file(people, FundingChangeKind.ABANDONMENT, learnings="l")
    confirm_abandonment(sponsor, abandonment, abandonment.row.version)
    assert read_waiting_now() == [1]
    granted = ChangeAnswer(is_granted=True, reasons="r")
    decide_change(people.direction, abandonment, granted, abandonment.row.version)
    db.session.commit()
    assert read_waiting_now() == [1, 2]
    assert [read_waiting(moment) for moment in (paused_at, failed_at)] == [[], [1]]
