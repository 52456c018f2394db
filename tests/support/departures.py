"""Programmes that are closed, and leave as days go by."""

from collections.abc import Iterable
from datetime import datetime, timedelta

import sqlalchemy as sa

from portal.app.archives import commands, departure_jobs, jobs
from portal.app.archives import departure_queries as queries
from portal.funding.agreements.models import Instalment, InstalmentState
from portal.people.accounts.models import Person
from portal.people.privacy import retention_jobs
from portal.people.programmes.models import Programme
from portal.platform.kernel import clock
from portal.platform.kernel.access import Role
from portal.platform.kernel.database import db
from portal.project.projects.models import Project
from tests.support import factories as make
from tests.support import project_file

DAY = timedelta(days=1)
AFTER_END = 400 * DAY  # the programmes of tests last ten months from three months ago

LEAVING_DAYS = (0, 1066, 1089, 1096, 1097)


def finish(programme_id, day) -> None:
    """All projects of a programme finished on a day, and no payment under way."""
    db.session.execute(sa.update(Project).where(Project.programme_id == programme_id).values(finished_on=day))
    db.session.execute(
        sa.update(Instalment)
        .where(Instalment.state.in_(queries.UNPAID))
        .values(state=InstalmentState.REFUSED)
    )
    db.session.commit()


def close(programme_id, lead_id) -> datetime:
    """Finish and archive a programme; returns when."""
    at = clock.now() + AFTER_END
    with clock.frozen_at(at):
        finish(programme_id, (at - 5 * DAY).date())
        lead = make.actor(db.session.get_one(Person, lead_id))
        commands.request_archive(lead, db.session.get_one(Programme, programme_id))
        db.session.commit()
        assert jobs.make_due_archives() == 1
    return at


def run_chores() -> int:
    departure_jobs.follow_closings()
    retention_jobs.apply_retention()
    departure_jobs.make_programmes_leave()
    jobs.delete_old_archives()
    return jobs.make_due_archives()


def run_days(begin: datetime, days: Iterable[int]) -> None:
    for day in days:
        with clock.frozen_at(begin + day * DAY):
            run_chores()


def small():
    """A programme with a project and some content: ids of the programme, its lead and a member."""
    project = make.project(slug="heron")
    lead = make.role(project.programme_id, Role.PROGRAMME_LEAD, make.person(name="Lise Direction"))
    member = make.role(project.id, Role.TEAM_MEMBER, make.person(name="Awa Membre"))
    project_file.one_of_each(project)
    make.comment(project.discussion_id, member, body="Un message d’ici.")
    project_file.attachment(project, project_file.source(project), member)
    db.session.commit()
    return project.programme_id, lead.id, member.id
