"""What a draft of the log does to a request that a coach has."""

from dataclasses import replace

from portal.coaching.clinics.commands import claim_request, close_request
from portal.coaching.clinics.queries import list_unclaimed_requests
from portal.platform.kernel.access import Role
from portal.platform.kernel.database import db
from portal.sprints.sprints import commands
from portal.sprints.sprints.help_commands import ask_for_help
from portal.sprints.sprints.models import BlockerKind
from portal.sprints.sprints.section_views import describe_own_help_request
from tests.sprints.sprints.test_commands import LOG
from tests.support import factories as make

NEW = replace(LOG, help_wanted=True, blocker_text="Les clés manquent.")


def test_a_close_in_other_words_asks_anew_also_where_a_draft_said_them_before(app):
    project = make.project()
    member, coach = (make.actor(make.role(project.id, role)) for role in (Role.TEAM_MEMBER, Role.COACH))
    sprint = make.active_sprint(project)
    ask_for_help(member, project, sprint, BlockerKind.PEOPLE, "Le chef est parti.", expected_version=1)
    db.session.commit()
    clinic = claim_request(coach, project, sprint, 0)
    db.session.commit()
    commands.save_log_draft(member, project, sprint, NEW, sprint.version)
    db.session.commit()
    close_request(coach, project, (clinic, sprint), "Vu ensemble.", clinic.version)
    db.session.commit()
    assert "cochée avec d’autres mots" in describe_own_help_request(sprint)
    commands.close_sprint(member, project, sprint, NEW, sprint.version)
    db.session.commit()
    assert [each.blocker_text for each in list_unclaimed_requests(coach)] == [NEW.blocker_text]
