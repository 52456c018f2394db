"""What a person typed in rows that several people write, as their export holds it."""

from dataclasses import replace
from datetime import date
from uuid import uuid4

import pytest
import sqlalchemy as sa

from portal.people.privacy.typed_text_rules import RowTrailLine, map_typed_texts_by_line
from portal.platform.kernel.access import Role
from portal.platform.kernel.audit import ACTIONS
from portal.platform.kernel.contributions import list_contributions
from portal.platform.kernel.database import db
from portal.platform.kernel.personal_data import PersonalDataset, SharedTextTable
from portal.project.framing import commands as framing
from portal.selection.calls.models import CallState
from portal.selection.calls.queries import list_criteria
from portal.sprints.backlog import commands as items
from portal.sprints.backlog.commands import ItemFacts
from portal.sprints.backlog.journal_commands import ItemAtVersion
from portal.sprints.sprints import commands as sprints
from tests.people.privacy.test_exports import made, read
from tests.sprints.sprints.test_commands import PLAN
from tests.support import calls
from tests.support import factories as make

AWA, BAO = uuid4(), uuid4()


def line(actor, *, creates=False, before=None, after=None):
    return RowTrailLine(uuid4(), actor, creates, before or {}, after or {})


def typed_by_awa(lines, text):
    typed = map_typed_texts_by_line(lines, {"what": text}, frozenset({AWA}))
    return [typed.get(each.id, {}).get("what") for each in lines]


def test_the_text_of_a_creation_is_what_stands_there_as_long_as_nobody_wrote_it_again():
    lines = [line(AWA, creates=True), line(BAO, after={"state": "closed"})]
    assert typed_by_awa(lines, "Premier") == ["Premier", None]


def test_once_written_again_it_is_what_the_change_found_before_it():
    lines = [line(AWA, creates=True), line(BAO, before={"what": "Premier"}, after={"what": "Second"})]
    assert typed_by_awa(lines, "Second") == ["Premier", None]


def test_what_somebody_else_may_have_written_since_is_left_out():
    masked = {"what": None}
    lines = [line(AWA, creates=True, after=masked), line(BAO, before=masked, after=masked)]
    assert typed_by_awa(lines, "De Bao") == [None, None]


def test_a_change_whose_text_the_trail_may_not_hold_is_theirs_if_it_is_the_last():
    masked = {"what": None}
    lines = [line(BAO, creates=True, after=masked), line(AWA, before=masked, after=masked)]
    assert typed_by_awa(lines, "D’Awa") == [None, "D’Awa"]


def test_an_act_that_names_no_text_types_none():
    assert typed_by_awa([line(BAO, creates=True), line(AWA)], "De Bao") == [None, None]
    assert typed_by_awa([line(AWA, after={"state": "done"})], "D’avant le journal") == [None]


@pytest.fixture
def team(project):
    return [make.role(project.id, Role.TEAM_MEMBER) for _ in range(2)]


def texts_of(person):
    return {act["action"]: act.get("texts") for act in read(made(person), "acts.json")}


def test_goals_interviews_and_items_are_in_the_export_of_whoever_typed_them(project, team):
    awa, bao = map(make.actor, team)
    sprint = sprints.plan_sprint(awa, project, replace(PLAN, goal="Lire les courriers"))
    version = sprint.version
    items.add_items(awa, project, [ItemFacts(title="Trier"), ItemFacts(title="Classer")])
    (item,) = items.add_items(awa, project, [ItemFacts(title="Dater")])
    facts = framing.InterviewFacts(
        held_on=date(2026, 3, 2), target_group=None, people=2, learnt="Ils recopient tout."
    )
    interview = framing.log_interview(awa, project, facts, knowingly=True)
    sprints.edit_plan(bao, project, sprint, replace(PLAN, goal="Ranger les courriers"), version)
    items.edit_item(bao, project, ItemAtVersion(item, item.version), ItemFacts(title="Dater le courrier"))
    facts = replace(facts, learnt="De Bao")
    framing.change_interview(bao, project, interview, facts, knowingly=True, version=interview.version)
    db.session.commit()
    awa_id, bao_id = (person.id for person in team)
    texts = texts_of(db.session.get(type(team[0]), awa_id))
    assert texts["sprint.planned"] == {"goal": "Lire les courriers"}
    assert texts["item.added_several"] == {"1": {"title": "Trier"}, "2": {"title": "Classer"}}
    assert texts["item.added"] == {"title": "Dater"}
    assert texts["interview.logged"] is None  # Bao wrote it again, and the trail holds neither text
    texts = texts_of(db.session.get(type(team[0]), bao_id))
    assert texts["interview.changed"] == {"learnt": "De Bao"}
    assert texts["sprint.replanned"] == {"goal": "Ranger les courriers"}


def test_a_juror_has_their_own_scores_and_no_others(app):
    programme = make.programme()
    lead = make.actor(make.role(programme.id, Role.PROGRAMME_LEAD))
    call = calls.call(lead, programme)
    row = calls.application(lead, call)
    calls.eligible(lead, row)
    own, other = calls.juror(lead, call), calls.juror(lead, call)
    calls.move(lead, call, CallState.IN_REVIEW)
    calls.assign(lead, row, own, other)
    calls.judge(own, row, 4, "Un besoin vrai.")
    calls.judge(other, row, 2, "Peu de données.")
    criterion_names = {criterion.name_fr for criterion in list_criteria(call)}
    db.session.commit()
    export = made(own)
    scores = read(export, "data/jury.json")["juror_score"]
    assert {score["justification"] for score in scores} == {"Un besoin vrai."}
    assert {score["value"] for score in scores} == {4}
    names = read(export, "names.json")
    assert {names[score["criterion_id"]]["name_fr"] for score in scores} == criterion_names
    (assigned,) = read(export, "data/jury.json")["jury_assignment"]
    assert names[assigned["application_id"]] == {"kind": "application", "number": 1}


def test_what_features_declare_exists(app):
    """Parts, typed columns and creating actions name tables, columns and actions that are there."""
    for data in list_contributions(PersonalDataset):
        for each in data.tables:
            names = each.table.columns.keys()
            assert {*each.typed, *each.typed.values()} <= set(names), each.table.name
            assert set(each.typed.values()) <= set(each.columns), each.table.name
        for part in data.parts:
            assert set(part.columns) <= set(part.table.columns.keys()), part.table.name
    shared = list_contributions(SharedTextTable)
    assert all(action is ACTIONS[action.code] for each in shared for action in each.created_by)
    assert {len(sa.inspect(each.model).primary_key) for each in shared} == {1}
