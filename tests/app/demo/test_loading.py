import json
from datetime import date, timedelta

import sqlalchemy as sa

from portal.app.demo import people, story_files
from portal.app.demo.loader import load_demonstration
from portal.collaboration.discussions import comment_count_projections as discussion_figures
from portal.collaboration.files.models import Attachment
from portal.ethics.rereviews.models import Trigger
from portal.ethics.rereviews.trigger_rules import TriggerCause
from portal.oversight.committees.models import Committee
from portal.oversight.committees.record_queries import read_record
from portal.oversight.decisions.models import AwaitedDecision
from portal.oversight.gates import queries
from portal.oversight.gates.acceptor_queries import list_acceptor_gaps
from portal.oversight.gates.definition_queries import list_definitions
from portal.oversight.gates.definition_rules import GateVerb
from portal.oversight.gates.state_rules import GateStanding as Standings
from portal.oversight.gates.state_rules import derive_states_as_of, sum_progress
from portal.oversight.health.queries import read_states
from portal.people.accounts.models import Person
from portal.people.programmes.models import Programme, RoleAssignment
from portal.platform.kernel import clock
from portal.platform.kernel.access import Role
from portal.platform.kernel.audit import AuditEvent
from portal.platform.kernel.database import db
from portal.platform.kernel.personal_data import ERASED_DOMAIN
from portal.project.projects.models import Project
from portal.sprints.backlog.models import Item
from portal.sprints.backlog_import.models import BacklogImport, ImportStage, ItemSource
from portal.sprints.sprints import projections as sprint_figures
from portal.sprints.sprints.models import Sprint
from portal.user_tests.findings import projections as finding_figures
from portal.user_tests.findings.models import Finding
from portal.user_tests.findings.state_queries import FINDING_STATE, FindingState


def test_who_was_erased_is_not_made_again_with_the_public_password(told):
    admins = db.session.scalars(sa.select(Person).where(Person.email.like("admin%@demo.example"))).all()
    for admin in admins:
        admin.email = f"{admin.id.hex}@{ERASED_DOMAIN}"
    db.session.scalars(sa.select(Programme).where(Programme.slug == "ami-ia-2019")).one().slug = "renamed"
    db.session.commit()
    count = db.session.scalar(sa.select(sa.func.count()).select_from(Person))
    assert load_demonstration(date.today()) == 0  # noqa: DTZ011
    assert db.session.scalar(sa.select(sa.func.count()).select_from(Person)) == count
    listed = {account["email"] for account in people.list_account_credentials()}
    assert "agent@demo.example" in listed
    assert not [email for email in listed if email.startswith("admin")]


def test_the_data_files_hold_the_real_laureates():
    programmes = {each["slug"]: len(each["projects"]) for each in story_files.read_programmes()}
    assert programmes == {"ami-ia-2018": 6, "ami-ia-2019": 15}
    projects = {file["slug"] for each in story_files.read_programmes() for file in each["projects"]}
    assert story_files.read_sprint_stories().keys() == projects


def test_the_demonstration_is_loaded_once_and_told_in_order(told):
    before = [db.session.scalar(sa.select(sa.func.count()).select_from(t)) for t in (Project, Sprint)]
    assert load_demonstration(date.today()) == 0  # noqa: DTZ011
    after = [db.session.scalar(sa.select(sa.func.count()).select_from(t)) for t in (Project, Sprint)]
    assert before == after
    for project, programme in db.session.execute(
        sa.select(Project, Programme).join(Programme, Programme.id == Project.programme_id)
    ):
        assert project.ends_on == programme.ends_on  # as the form of a new project proposes
    names = set(db.session.scalars(sa.select(Person.name).where(Person.name.like("Autre coach%"))))
    assert "Autre coach technique (démonstration)" in names
    assert not any("," in name for name in names)
    assert before[0] == 24
    held = set(db.session.scalars(sa.select(RoleAssignment.role)))
    assert held == set(Role)
    check_order()
    check_triggers()
    check_imports()
    check_findings()
    check_gates()
    check_past()
    check_own_programme()


def check_own_programme():
    """Three small invented teams beside the calls: six months, two tracks, gates stretched."""
    (entry,) = story_files.read_invented_programmes()["programmes"]
    own = db.session.query(Programme).filter_by(slug=entry["slug"]).one()
    latest = db.session.query(Programme).order_by(Programme.starts_on.desc()).first()
    assert (own.months, latest.slug) == (6, "ami-ia-2019")  # which the portfolio opens first
    definitions = list_definitions(own.id)
    assert [each.terms.month for each in definitions] == [0, 1, 1, 1, 2, 2, 3, 4, 4, 5, 5, 6]
    assert {each.terms.track for each in definitions} == {"", "donnees", "metier"}
    assert not list_acceptor_gaps(own)
    projects = db.session.query(Project).filter_by(programme_id=own.id).order_by(Project.slug)
    accepted = [
        sum(state.is_accepted for state in queries.read_stored_states(project)) for project in projects
    ]
    assert accepted == [7, 9, 1]


def check_gates():
    """Teams ahead, late, stuck and stopped: gates of every standing, and asked for in vain."""
    projects = db.session.scalars(sa.select(Project)).all()
    states = {one.slug: queries.read_stored_states(one) for one in projects}
    assert {state.standing for each in states.values() for state in each} == set(Standings)
    accepted = {slug: sum(one.is_accepted for one in each) for slug, each in states.items()}
    assert accepted["dgal"] > 9 > accepted["asn"] > accepted["ign"] > 0
    assert any(one.answer and one.answer.verb is GateVerb.REFUSED for one in states["cassation"])
    (stopped,) = (one for one in projects if one.stopped_on)
    assert (stopped.slug, bool(stopped.learnings)) == ("dgddi", True)
    waiting = [slug for slug, each in states.items() if any(one.is_requested for one in each)]
    assert len(waiting) >= 3
    # Accepted gates come and go: a number that only grew would tell nothing.
    history = queries.read_project_gate_history(next(one for one in projects if one.slug == "asn"))
    weights = [
        sum_progress(derive_states_as_of(history, one.at, clock.day_of(one.at))).accepted
        for one in history.evaluations
    ]
    assert weights != sorted(weights)


def check_past():
    """On days gone by, what was known of each team’s health says what its gates say of that day."""
    projects = db.session.scalars(sa.select(Project)).all()
    histories, told = queries.read_project_gate_histories(projects), 0
    for back in (20, 45, 80, 140, 250):
        moment = clock.now() - timedelta(days=back)
        for id_, state in read_states(list(histories), moment).items():
            then = sum_progress(derive_states_as_of(histories[id_], moment, state.day))
            known = (state.numbers.declared, state.numbers.proved, state.numbers.accepted)
            assert known == tuple(then.percents.values()), (state.project_id, back)
            told += 1
    assert told > 60


def check_findings():
    """In every state that there is, one of them harmful, each of them called a demonstration."""
    told = sa.select(Finding, FINDING_STATE).outerjoin(Item, Item.id == Finding.item_id)
    found = db.session.execute(told).all()
    assert {state for _finding, state in found} == {state.value for state in FindingState}
    assert any(one.is_harm and one.severity == 4 for one, _state in found)
    assert all(one.detail.startswith("Démonstration") for one, _state in found)
    (accepted,) = (one for one, state in found if state == FindingState.ACCEPTED)
    assert (accepted.severity, bool(accepted.closing_reason)) == (3, True)


def check_imports():
    """One team brought a backlog in, and an export that waits for its decision; files beside."""
    imported = db.session.query(BacklogImport).one()
    counts = {"new": 1, "changed": 3, "mine": 1, "unchanged": 1, "noted": 2, "absent": 1}
    assert (imported.stage, imported.counts) == (ImportStage.COMPARED, counts)
    assert db.session.query(ItemSource).count() == 5
    assert db.session.query(AuditEvent).filter_by(action="backlog.imported").count() == 1
    kinds = set(db.session.scalars(sa.select(Attachment.subject)))
    assert {"item", "retrospective", "sprint", "data_source"} <= kinds
    assert "image/png" in set(db.session.scalars(sa.select(Attachment.media_type)))


def check_order():
    for project in db.session.scalars(sa.select(Project)):
        events = sa.select(AuditEvent.created_at).where(AuditEvent.scope_id == project.id)
        moments = list(db.session.scalars(events.order_by(AuditEvent.id)))
        assert moments == sorted(moments)
    for sprint in db.session.scalars(sa.select(Sprint).where(Sprint.closed_at.is_not(None))):
        assert sprint.starts_on == clock.day_of(sprint.started_at)


def test_the_stored_figures_of_the_demonstration_equal_a_recount(told):
    assert sprint_figures.rebuild_all_figures() == 0
    assert finding_figures.recount_all_projects() == 0
    assert discussion_figures.recount_all_discussions() == 0


def test_there_is_an_account_for_every_role(told):
    done = told.test_cli_runner().invoke(args=["demo", "accounts", "--json"])
    rows = json.loads(done.output)
    assert {row["role"] for row in rows} == {role.value for role in Role}
    assert all(row["email"].endswith("@demo.example") for row in rows)
    for role in ("team_member", "coach"):
        assert len([row for row in rows if row["role"] == role]) == 2


def test_a_production_refuses_the_demonstration(make_app):
    app = make_app(
        PORTAL_ENV="production",
        SECRET_KEY="x" * 40,
        PUBLIC_BASE_URL="https://portail.example",
        TRUSTED_HOSTS="portail.example",
        PASSWORD_MEMORY_KIB="19456",
        CONTACT_EMAIL="c@demo.example",
        PUBLISHER="p",
        PUBLICATION_DIRECTOR="d",
        HOSTING_PROVIDER="h",
        MAIL_URL="smtps://mail.demo.example",
        MAIL_FROM="portail@demo.example",
    )
    for command in ("load", "accounts"):
        done = app.test_cli_runner().invoke(args=["demo", command])
        assert done.exit_code == 1
        assert "not in production" in done.output


def test_decisions_are_asked_answered_late_and_recorded(told):
    rows = list(db.session.scalars(sa.select(AwaitedDecision)))
    waiting = [row for row in rows if row.is_open]
    late = [row for row in rows if row.closed_at and row.due_on and row.closed_at.date() > row.due_on]
    assert len(waiting) >= 4
    assert len(late) >= 3
    assert all("Inventé" in row.answer for row in rows if row.answer)
    records = [read_record(each) for each in db.session.scalars(sa.select(Committee))]
    assert any(record.answered for record in records)


def check_triggers():
    """What comes with time was raised on its day, as the worker would have."""
    in_time = [
        trigger
        for trigger in db.session.scalars(sa.select(Trigger))
        if {TriggerCause.MANY_DAYS, TriggerCause.OVERDUE} & set(trigger.typed_causes)
    ]
    assert len(in_time) >= 5
    assert all(trigger.created_at - trigger.happened_at < timedelta(days=2) for trigger in in_time)
