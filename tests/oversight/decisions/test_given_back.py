"""What somebody has to answer waits again: given back, or left by whoever may answer it no more."""

from types import SimpleNamespace
from uuid import uuid4

import pytest
import sqlalchemy as sa

from portal.communication.notifications.models import Notification
from portal.oversight.decisions import commands, help_commands, projections
from portal.oversight.decisions.commands import DecisionFacts
from portal.oversight.decisions.models import AwaitedDecision, DecisionAddressee
from portal.oversight.decisions.owner_queries import read_work_without_account
from portal.people.accounts.commands import disable_account
from portal.people.programmes.models import INSTALLATION, RoleAssignment, Scope
from portal.people.programmes.role_commands import end_role, give_role
from portal.platform.kernel.access import Role
from portal.platform.kernel.database import db
from portal.platform.kernel.errors import Overtaken, TooLate
from portal.project.projects.models import ProjectFigures
from tests.support import api, decisions
from tests.support import coaching as clinics
from tests.support import factories as make
from tests.support.browser import words_of
from tests.support.help_requests import QUESTION, ask_by_question


def give(lead, project, row, person) -> None:
    """Have a person take it, and forget what was told of it."""
    commands.assign_decision(lead, project, row, person.id, row.version)
    db.session.commit()
    assert db.session.get_one(ProjectFigures, project.id).help_taken
    db.session.query(Notification).delete()
    db.session.commit()


def list_told() -> set[tuple[object, str]]:
    return {(each.person_id, each.kind) for each in db.session.query(Notification)}


def test_whoever_has_a_request_gives_it_back_and_all_are_told_again(app, browser_for, project, member):
    lead, other = (make.role(project.programme_id, Role.PROGRAMME_LEAD) for _ in range(2))
    coaching = make.role(project.id, Role.COACH)
    row = ask_by_question(member, project)
    give(make.actor(lead), project, row, coaching)
    page = f"/projects/heron/decisions/{row.number}"
    coach = browser_for(coaching)
    shown = words_of(coach.visit(page).main)
    assert "La rendre" in shown
    assert "Ce qui est demandé" in shown
    assert "Demandes d’aideDemande d’aide 1" in shown
    assert "La rendre" not in words_of(browser_for(lead).visit(page).main)
    with pytest.raises(Overtaken):
        help_commands.give_back_decision(make.actor(lead), project, row, row.version)
    for _twice in range(2):
        shown = coach.submit(f"{page}/give-back", page=page, version=2)
        assert "Personne ne s’en est encore chargé" in words_of(shown.main)
    db.session.expire_all()
    assert not db.session.get_one(ProjectFigures, project.id).help_taken
    leads_and_team = {(lead.id, "help_question"), (other.id, "help_question"), (member.person_id, "clinic")}
    assert list_told() == leads_and_team
    assert "a remis en attente" in words_of(browser_for(lead).visit("/inbox").main)
    assert words_of(coach.visit(f"{page}/history").main).count("Remise en attente") == 1
    client = api.client(app, coaching)
    etag = client.post(f"{page}/assign", {"person_id": str(coaching.id)}, if_match='"3"').headers["ETag"]
    answer = client.post(f"{page}/give-back", if_match=etag)
    assert (answer.status_code, answer.json["owner_id"]) == (200, None)


def test_a_role_that_ends_leaves_nothing_taken_that_its_holder_may_not_answer(project, member, lead):
    """By the team's page, or with the account; a lead keeps what a lead may answer."""
    first, second, both = (make.role(project.id, Role.COACH) for _ in range(3))
    make.role(project.programme_id, Role.PROGRAMME_LEAD, both)
    scope = db.session.get_one(Scope, project.id)

    def end(person) -> None:
        held_as = {"scope_id": project.id, "person_id": person.id}
        end_role(lead, scope, db.session.query(RoleAssignment).filter_by(**held_as).one())
        db.session.commit()

    row = ask_by_question(member, project)
    of_lead = ask_by_question(member, project, "Un juriste ?", DecisionAddressee.LEAD)
    decision = decisions.decision(project, owner_id=first.id)
    commands.assign_decision(lead, project, of_lead, both.id, of_lead.version)
    give(lead, project, row, first)
    end(both)
    end(first)
    db.session.expire_all()
    assert (row.owner_id, of_lead.owner_id, decision.owner_id) == (None, both.id, None)
    assert not db.session.get_one(ProjectFigures, project.id).help_taken
    assert {(second.id, "help_question"), (both.id, "help_question")} <= list_told()
    commands.assign_decision(lead, project, row, second.id, row.version)
    db.session.commit()
    disable_account(None, second)
    db.session.commit()
    assert row.owner_id is None


def test_another_addressee_or_a_new_role_has_it_wait_again(project, member):
    """A coach may not answer what is put to the leads, nor a lead what their own team asks."""
    lead, coaching = make.role(project.programme_id, Role.PROGRAMME_LEAD), make.role(project.id, Role.COACH)
    row = ask_by_question(member, project)
    give(make.actor(lead), project, row, coaching)
    commands.change_question(member, project, row, DecisionFacts(question="Un juriste ?"), row.version)
    db.session.commit()
    assert (row.owner_id, db.session.get_one(ProjectFigures, project.id).help_taken) == (None, False)
    assert list_told() == {(lead.id, "help_question")}  # their own team's member changed it
    give(make.actor(lead), project, row, lead)
    commands.change_question(member, project, row, DecisionFacts(question="Deux ?"), row.version)
    db.session.commit()
    assert row.owner_id == lead.id
    give_role(None, project.id, lead, Role.TEAM_MEMBER)
    db.session.commit()
    assert row.owner_id is None


def test_what_waits_nowhere_is_given_back_to_nobody(browser_for, project, member):
    """In a project that is over: a role that ends leaves it without owner and tells nobody."""
    lead, coaching = make.role(project.programme_id, Role.PROGRAMME_LEAD), make.role(project.id, Role.COACH)
    row = ask_by_question(member, project)
    give(make.actor(lead), project, row, coaching)
    project.finished_on = project.starts_on
    db.session.commit()
    page = f"/projects/heron/decisions/{row.number}"
    assert "La rendre" not in words_of(browser_for(coaching).visit(page).main)
    with pytest.raises(TooLate):
        help_commands.give_back_decision(make.actor(coaching), project, row, row.version)
    disable_account(None, coaching)
    db.session.commit()
    assert (row.owner_id, list_told()) == (None, set())


def test_what_somebody_had_before_the_upgrade_is_counted_as_waiting(app, project, member):
    """Version 0.13.0 left it with whoever had it."""
    lead, coaching = make.role(project.programme_id, Role.PROGRAMME_LEAD), make.role(project.id, Role.COACH)
    row = ask_by_question(member, project)
    of_lead = ask_by_question(member, project, "Un juriste ?", DecisionAddressee.LEAD)
    commands.assign_decision(make.actor(lead), project, of_lead, lead.id, of_lead.version)
    give(make.actor(lead), project, row, coaching)
    db.session.execute(sa.delete(RoleAssignment).where(RoleAssignment.person_id == coaching.id))
    db.session.commit()
    ids = [(row.id, None), (of_lead.id, lead.id)]
    project_id = project.id
    assert app.test_cli_runner().invoke(args=["admin", "recount"]).exit_code == 0
    for id_, owner_id in ids:
        assert db.session.get_one(AwaitedDecision, id_).owner_id == owner_id
    assert not db.session.get_one(ProjectFigures, project_id).help_taken
    assert not list_told()


def test_figures_of_several_projects_are_locked_in_order(monkeypatch):
    """A closed account gives back what it has in many: two at once would wait for one another."""
    locked: list[object] = []
    monkeypatch.setattr(projections, "update_project_figures", locked.append)
    lines = [SimpleNamespace(action="", actor_id=None, scope_id=uuid4()) for _each in range(9)]
    projections.refresh_decisions_from_sprint_logs(lines)
    assert len(locked) == 9
    assert locked == sorted(locked)


def test_what_waits_again_is_read_in_as_many_statements_for_three_claims_as_for_one(project, statements):
    coaching = make.role(project.id, Role.COACH)
    projects = [project, *(make.project(slug=f"p{number}") for number in range(2))]
    counts = []
    for each in projects:
        clinics.clinic(clinics.asking(each), coaching)
        db.session.commit()
        statements.clear()
        claims = read_work_without_account(coaching.id).claims
        counts.append((len(claims), len(statements)))
    assert [claimed for claimed, _sent in counts] == [1, 2, 3]
    assert counts[0][1] == counts[2][1]


def test_who_ends_a_role_or_closes_an_account_reads_first_what_will_wait_again(browser_for, project, member):
    """By number, for an administrator reads no question; what they may still answer stays."""
    lead, coaching = make.role(project.programme_id, Role.PROGRAMME_LEAD), make.role(project.id, Role.COACH)
    make.role(project.programme_id, Role.PROGRAMME_LEAD, both := make.role(project.id, Role.COACH))
    row = ask_by_question(member, project)
    decisions.decision(project, owner_id=coaching.id)
    of_lead = ask_by_question(member, project, "Un juriste ?")
    lapsed, sprint = (clinics.asking(project, number=number) for number in (1, 2))
    for asked_in in (lapsed, sprint):
        clinics.clinic(asked_in, coaching)
    for question, owner in ((row, coaching), (of_lead, both)):
        commands.assign_decision(make.actor(lead), project, question, owner.id, question.version)
    db.session.commit()
    browser, admin = browser_for(lead), browser_for(make.role(INSTALLATION, Role.ADMINISTRATOR))

    def read_end_of_role(person) -> str:
        held_as = {"scope_id": project.id, "person_id": person.id}
        role = db.session.query(RoleAssignment).filter_by(**held_as).one()
        return words_of(browser.visit(f"/projects/heron/team/{role.id}/end").main)

    assert "de nouveau" not in read_end_of_role(both)
    closed = words_of(admin.visit(f"/people/{coaching.id}/close").main)
    for page in (read_end_of_role(coaching), closed):
        assert "Dans ASN, la demande d’aide 1 attendra de nouveau." in page
        assert "Dans ASN, la décision 2 attendra de nouveau." in page
        assert "Dans ASN, la demande d’aide du sprint 2 attendra de nouveau." in page
        assert page.count("attendra de nouveau") == 3
        assert QUESTION not in page
    assert words_of(admin.visit(f"/people/{both.id}/close").main).count("attendra de nouveau") == 1
