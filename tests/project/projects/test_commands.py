from dataclasses import replace
from datetime import date, timedelta

import pytest
import sqlalchemy as sa

from portal.people.programmes import commands as programmes
from portal.people.programmes.commands import ProgrammePlan, RoleOffer
from portal.people.programmes.models import Invitation, RoleAssignment
from portal.platform.kernel.access import Role
from portal.platform.kernel.audit import AuditEvent
from portal.platform.kernel.database import db
from portal.platform.kernel.errors import Conflict, NotFound, RuleBroken
from portal.project.projects import commands, queries
from portal.project.projects.commands import EditableProjectColumns
from portal.project.projects.models import ProjectState
from tests.support import factories as make
from tests.support.refusals import forbidden

FILE = EditableProjectColumns(
    organisation="Office français de la biodiversité",
    acronym="OFB",
    title_fr="Cibler les contrôles",
    title_en="Target inspections",
    problem="Trop de sites, trop peu d’inspecteurs.",
    users_aimed_at="Inspecteurs de l’environnement",
    repository_url="",
    demonstration_url="",
    starts_on=date(2026, 1, 5),
    ends_on=date(2026, 11, 4),
)


@pytest.fixture
def programme(app):
    return make.programme(starts_on=FILE.starts_on)


@pytest.fixture
def project(programme):
    return make.project(programme)


@pytest.fixture
def lead(programme):
    """The programme's lead as an actor."""
    return make.actor(make.role(programme.id, Role.PROGRAMME_LEAD))


@pytest.fixture
def porter(project):
    """The team's lead."""
    return make.actor(make.role(project.id, Role.TEAM_LEAD))


def last_line() -> AuditEvent:
    return db.session.scalars(sa.select(AuditEvent).order_by(AuditEvent.id.desc())).first()


def assignment_of(person) -> RoleAssignment:
    mine = sa.select(RoleAssignment).where(RoleAssignment.person_id == person.id)
    return db.session.scalars(mine).one()


def test_a_lead_creates_a_project_on_some_tracks(lead, programme):
    made = commands.create_project(lead, programme, FILE, ["technical", "nowhere"])
    db.session.flush()
    assert made.slug == "ofb"
    assert [track.key for track in queries.list_tracks(made)] == ["technical"]
    assert last_line().action == "project.created"
    assert queries.get_project(lead, "ofb") is made


def test_projects_of_one_name_have_addresses_of_their_own(lead, programme):
    slugs = [commands.create_project(lead, programme, FILE, []).slug for _ in range(3)]
    assert slugs == ["ofb", "ofb-2", "ofb-3"]
    nameless = replace(FILE, acronym="", organisation="???")
    assert commands.create_project(lead, programme, nameless, []).slug == "projet"


def test_a_project_ends_after_it_starts(lead, programme, project):
    wrong = replace(FILE, ends_on=FILE.starts_on)
    with pytest.raises(RuleBroken) as refused:
        commands.create_project(lead, programme, wrong, [])
    assert refused.value.field == "ends_on"
    with pytest.raises(RuleBroken):
        commands.edit_project(lead, project, wrong, project.version)


def test_a_project_starts_within_its_programme(lead, programme, project):
    early = replace(FILE, starts_on=programme.starts_on - timedelta(days=1))
    for deed in (
        lambda: commands.create_project(lead, programme, early, []),
        lambda: commands.edit_project(lead, project, early, project.version),
    ):
        with pytest.raises(RuleBroken, match="Le programme commence le") as refused:
            deed()
        assert refused.value.field == "starts_on"
    before = make.project(programme, starts_on=early.starts_on)
    commands.edit_project(lead, before, replace(early, acronym="ANCIEN"), before.version)
    assert before.acronym == "ANCIEN"


def test_a_programme_never_leaves_its_teams_outside(lead, programme, project):
    make.project(programme, acronym="DÉJÀ HORS", ends_on=programme.ends_on + timedelta(days=40))
    plan = ProgrammePlan(**{name: getattr(programme, name) for name in ProgrammePlan.__dataclass_fields__})
    late, short = replace(plan, starts_on=plan.starts_on + timedelta(days=30)), replace(plan, months=3)
    for field, moved in (("starts_on", late), ("months", short)):
        with pytest.raises(RuleBroken) as refused:
            programmes.edit_programme(lead, programme, moved, programme.version)
        assert refused.value.field == field
        assert project.short_name in str(refused.value)
        assert "DÉJÀ HORS" not in str(refused.value)
        db.session.rollback()
    programmes.edit_programme(lead, programme, replace(plan, months=12), programme.version)
    assert programme.months == 12


def test_a_team_creates_no_project(porter, programme):
    with forbidden():
        commands.create_project(porter, programme, FILE, [])


def test_an_edit_keeps_what_was_there_before_and_finds_itself_sorted(porter, project):
    before = project.title_fr
    commands.edit_project(porter, project, FILE, project.version)
    line = last_line()
    assert (line.before["title_fr"], line.after["title_fr"]) == (before, FILE.title_fr)
    assert project.organisation_fold == "office francais de la biodiversite"
    db.session.flush()
    commands.edit_project(porter, project, FILE, project.version)
    assert last_line().id == line.id


def test_a_stale_edit_is_refused(porter, project):
    with pytest.raises(Conflict):
        commands.edit_project(porter, project, FILE, project.version - 1)


def test_a_coach_edits_nothing(project):
    coach = make.actor(make.role(project.id, Role.COACH))
    with forbidden():
        commands.edit_project(coach, project, FILE, project.version)


def test_an_invitation_names_the_project_and_where_it_is_seen(porter, project):
    offer = RoleOffer(email="n@demo.example", role=Role.TEAM_MEMBER, share_of_time=40)
    commands.invite_member(porter, project, offer)
    kept = db.session.scalars(sa.select(Invitation)).one()
    assert project.title_fr in kept.place_fr
    assert project.title_en in kept.place_en
    assert (kept.page, kept.share_of_time) == (f"/projects/{project.slug}", 40)


@pytest.mark.parametrize("role", sorted(set(Role) - {Role.TEAM_MEMBER, Role.TEAM_LEAD}))
def test_a_team_offers_only_its_own_roles(porter, project, role):
    with forbidden():
        commands.invite_member(porter, project, RoleOffer(email="n@demo.example", role=role))


def test_a_member_invites_and_withdraws_nothing(porter, project):
    member = make.actor(make.role(project.id, Role.TEAM_MEMBER))
    offer = RoleOffer(email="n@demo.example", role=Role.TEAM_MEMBER)
    with forbidden():
        commands.invite_member(member, project, offer)
    commands.invite_member(porter, project, offer)
    kept = db.session.scalars(sa.select(Invitation)).one()
    with forbidden():
        commands.withdraw_invitation(member, project, kept)
    commands.withdraw_invitation(porter, project, kept)
    assert kept.revoked_at


def test_coaches_come_from_the_pool_and_go_on_a_track_of_the_project(lead, programme, project):
    coach, tracks = make.role(programme.id, Role.COACH), make.tracks_of(programme)
    commands.assign_coach(lead, project, coach, tracks["technical"])
    db.session.flush()
    assert [holder.track.key for holder in queries.list_coaches(project)] == ["technical"]
    with pytest.raises(NotFound):
        commands.assign_coach(lead, project, coach, make.track(programme))
    with pytest.raises(NotFound):
        commands.assign_coach(lead, project, make.person(), tracks["technical"])


def test_coach_reviewer_and_member_are_kept_apart(lead, programme, project):
    person, tracks = make.role(programme.id, Role.COACH), make.tracks_of(programme)
    make.role(programme.id, Role.ETHICS_REVIEWER, person)
    commands.assign_coach(lead, project, person, tracks["technical"])
    with pytest.raises(RuleBroken) as refused:
        commands.assign_reviewer(lead, project, person)
    assert refused.value.field == "person"
    member = make.role(programme.id, Role.ETHICS_REVIEWER)
    make.role(project.id, Role.TEAM_MEMBER, member)
    with pytest.raises(RuleBroken):
        commands.assign_reviewer(lead, project, member)


def test_a_team_assigns_nobody(porter, programme, project):
    coach = make.role(programme.id, Role.COACH)
    with forbidden():
        commands.assign_coach(porter, project, coach, make.tracks_of(programme)["technical"])
    with forbidden():
        commands.assign_reviewer(porter, project, coach)


def test_a_share_of_time_is_set_with_before_and_after(porter, project):
    member = make.role(project.id, Role.TEAM_MEMBER, share_of_time=20)
    role = assignment_of(member)
    commands.set_time_share(porter, project, role, 50)
    line = last_line()
    assert (line.before, line.after) == ({"share_of_time": 20}, {"share_of_time": 50})
    commands.set_time_share(porter, project, role, None)
    for wrong in (-1, 101):
        with pytest.raises(RuleBroken) as refused:
            commands.set_time_share(porter, project, role, wrong)
        assert refused.value.field == "share_of_time"
    assert role.share_of_time is None


def test_only_members_of_this_team_have_a_share_that_its_lead_sets(porter, project):
    for person in (make.role(project.id, Role.COACH), make.role(make.project().id, Role.TEAM_LEAD)):
        with forbidden():
            commands.set_time_share(porter, project, assignment_of(person), 10)


def test_a_role_is_ended_by_whoever_may_give_it(porter, lead, project):
    member, coach = make.role(project.id, Role.TEAM_MEMBER), make.role(project.id, Role.COACH)
    commands.end_role(porter, project, assignment_of(member))
    with forbidden():
        commands.end_role(porter, project, assignment_of(coach))
    commands.end_role(lead, project, assignment_of(coach))
    db.session.flush()
    assert not queries.list_coaches(project)
    assert [holder.role_name for holder in queries.list_team(project)] == ["Porteur de projet"]


MOVES = {
    "pause": (commands.pause_project, ProjectState.PAUSED, {ProjectState.ACTIVE}),
    "resume": (
        lambda actor, project: commands.resume_project(actor, project, reason="Des données"),
        ProjectState.ACTIVE,
        set(ProjectState) - {ProjectState.ACTIVE},
    ),
    "finish": (commands.finish_project, ProjectState.FINISHED, {ProjectState.ACTIVE, ProjectState.PAUSED}),
    "stop": (
        lambda actor, project: commands.stop_project(actor, project, reason="Pas de données", learnings="A"),
        ProjectState.STOPPED,
        {ProjectState.ACTIVE, ProjectState.PAUSED},
    ),
}
IN_STATE = {
    ProjectState.ACTIVE: {},
    ProjectState.PAUSED: {"paused_on": date(2026, 3, 2)},
    ProjectState.FINISHED: {"finished_on": date(2026, 3, 2)},
    ProjectState.STOPPED: {"stopped_on": date(2026, 3, 2), "stop_reason": "Ancienne", "learnings": "Anciens"},
}


@pytest.mark.parametrize("state", ProjectState)
@pytest.mark.parametrize("move", MOVES)
def test_a_project_goes_from_state_to_state_as_the_words_say(lead, programme, move, state):
    act, to, allowed = MOVES[move]
    project = make.project(programme, **IN_STATE[state])
    if state not in allowed:
        with pytest.raises(RuleBroken):
            act(lead, project)
        assert project.state is state
        return
    act(lead, project)
    line = last_line()
    assert project.state is to
    assert (line.before["state"], line.after["state"]) == (state.value, to.value)


@pytest.mark.parametrize("move", MOVES)
def test_a_team_decides_no_state(porter, project, move):
    with forbidden():
        MOVES[move][0](porter, project)


@pytest.mark.parametrize("missing", ["reason", "learnings"])
def test_stopping_keeps_why_and_what_was_learnt(lead, project, missing):
    said = {"reason": "Pas de données", "learnings": "Demander plus tôt"}
    with pytest.raises(RuleBroken) as refused:
        commands.stop_project(lead, project, **said | {missing: ""})
    assert refused.value.field == missing
    commands.stop_project(lead, project, **said)
    with pytest.raises(RuleBroken) as refused:
        commands.resume_project(lead, project)
    assert refused.value.field == "reason"
    commands.resume_project(lead, project, reason="Les données sont là")
    assert last_line().after["reason"] == "Les données sont là"
    assert (project.stop_reason, project.learnings) == tuple(said.values())
