"""Decisions, letters, publications, appeals, projects and the purge."""

from datetime import timedelta
from io import BytesIO

import pytest
import sqlalchemy as sa
from pypdf import PdfReader

from portal.collaboration.files.models import Attachment
from portal.people.programmes.models import Invitation
from portal.platform.kernel import clock
from portal.platform.kernel.access import Role
from portal.platform.kernel.database import db
from portal.platform.kernel.errors import Conflict, Overtaken, RuleBroken, TooLate
from portal.platform.kernel.months import months_after
from portal.platform.kernel.text import format_day
from portal.project.data_sources.models import DataSource
from portal.project.framing.models import TargetGroup
from portal.project.projects.models import Project
from portal.selection.applications import commands as applications
from portal.selection.applications.models import Application, ApplicationState
from portal.selection.applications.rules import NamedMember, parse_members
from portal.selection.calls import commands as calls
from portal.selection.calls.models import CallState
from portal.selection.deliberation import appeal_commands, commands, project_commands, queries
from portal.selection.deliberation.appeal_commands import AppealAnswer
from portal.selection.deliberation.commands import ApplicationDecisionFacts, MinutesFacts
from portal.selection.deliberation.letter_documents import build_appeal_letter_content
from portal.selection.deliberation.models import AppealState, CallPublication, DecisionKind, PurgedApplication
from portal.selection.deliberation.purge_commands import find_purge_day, purge_due_applications
from portal.selection.deliberation.purge_jobs import purge_calls
from tests.support import calls as some
from tests.support import factories as make
from tests.support.browser import words_of

YES, WAIT, NO = DecisionKind.LAUREATE, DecisionKind.WAITING_LIST, DecisionKind.NOT_SELECTED


def test_a_decision_gives_a_reason_a_criterion_and_waits_for_its_publication(lead, decided):
    first = some.applications_of(decided)[0]
    loaded = some.load(lead, first)
    row = queries.find_decision(loaded)
    with pytest.raises(RuleBroken) as refused:
        commands.write_decision(
            lead, loaded, ApplicationDecisionFacts(NO, row.reasons | {"team": ""}), row.version
        )
    assert refused.value.field == "why_team"
    db.session.rollback()
    with pytest.raises(Conflict):
        commands.write_decision(lead, loaded, ApplicationDecisionFacts(NO, row.reasons), row.version - 1)
    db.session.rollback()
    assert first.state is ApplicationState.SCORED


def test_all_are_published_at_once_and_then_fixed(lead, decided, people):
    rows = some.applications_of(decided)
    assert queries.find_decision(some.load(people[0], rows[0])) is None  # a juror, before
    some.publish(lead, decided)
    assert [row.state.value for row in some.applications_of(decided)] == [
        "laureate",
        "waiting_list",
        "not_selected",
    ]
    assert queries.find_decision(some.load(people[0], rows[0])) is not None
    loaded = some.load(lead, rows[0])
    with pytest.raises(TooLate):
        commands.write_decision(lead, loaded, ApplicationDecisionFacts(NO, {}), 1)
    with pytest.raises(TooLate):
        calls.change_call(lead, decided, some.facts(), decided.version)
    with pytest.raises(RuleBroken):  # nothing is left
        commands.publish_decisions(lead, decided, decided.version, knowingly=True)


def test_a_forgotten_one_goes_by_a_second_publication(lead, decided):
    first = some.applications_of(decided)[0]
    db.session.delete(queries.find_decision(some.load(lead, first)))
    db.session.commit()
    with pytest.raises(RuleBroken) as refused:
        commands.publish_decisions(lead, decided, decided.version, knowingly=False)
    assert refused.value.field == "knowingly"
    db.session.rollback()
    some.publish(lead, decided)
    assert first.state is ApplicationState.SCORED
    some.decide(lead, first, YES)
    some.publish(lead, decided)
    assert first.state is ApplicationState.LAUREATE
    assert [each.number for each, _who in queries.list_publications(decided)] == [1, 2]


def test_letters_need_a_signatory_and_the_ways_of_appeal(lead, decided):
    decided.appeal_terms = ""
    db.session.commit()
    with pytest.raises(RuleBroken):
        commands.publish_decisions(lead, decided, decided.version, knowingly=True)


def test_an_application_that_is_not_eligible_cannot_win(lead, leading, call, browser_for):
    row = some.application(lead, call)
    loaded = some.load(lead, row)
    applications.judge_eligibility(lead, loaded, {0}, "Hors délai.", is_eligible=False, version=row.version)
    db.session.commit()
    some.move(lead, call, CallState.IN_REVIEW)
    loaded = some.load(lead, row)
    with pytest.raises(RuleBroken):
        commands.write_decision(lead, loaded, ApplicationDecisionFacts(YES, {}), 0)
    browser = browser_for(leading)
    path = f"/programmes/ami/calls/{call.number}/applications/{row.number}"
    page = words_of(browser.visit(path))
    assert "cette candidature n’est pas notée par un jury" in page
    assert "Confier" not in page
    with pytest.raises(TooLate, match="personne ne la note"):
        some.assign(lead, row, make.role(call.programme_id, Role.JUROR))
    db.session.rollback()
    choices = browser.visit(f"{path}/decision").find_all("input", {"name": "outcome"})
    assert [choice["value"] for choice in choices if choice.has_attr("checked")] == ["not_selected"]
    assert len(choices) == 1
    commands.write_decision(lead, some.load(lead, row), ApplicationDecisionFacts(NO, {}), 0)


def test_the_letter_says_why_who_signs_and_how_to_appeal(lead, leading, decided, browser_for):
    some.publish(lead, decided)
    path = f"/programmes/ami/calls/{decided.number}/applications/3/letter.pdf"
    answer = browser_for(leading).open(path)
    assert answer.status_code == 200
    pdf = PdfReader(BytesIO(answer.data))
    text = " ".join(page.extract_text() for page in pdf.pages).replace("\n", " ")
    for words in (
        "pas retenue",
        "Claude Martin",
        "Déléguée au programme",
        "tribunal administratif",
        some.LINE,
    ):
        assert words in text
    assert pdf.trailer["/Root"]["/Lang"] == "fr-FR"
    assert "/StructTreeRoot" in pdf.trailer["/Root"]


def close(lead, row, appeal, state, new=None, text="Motivé."):  # noqa: PLR0917  as it is told
    reply = AppealAnswer(state, text, new)
    appeal_commands.close_appeal(lead, some.load(lead, row), appeal, reply, appeal.version)
    db.session.commit()


def test_only_an_appeal_changes_a_published_decision(lead, decided):
    rows = some.applications_of(decided)
    with pytest.raises(TooLate):
        some.appeal(lead, rows[2])
    db.session.rollback()
    some.publish(lead, decided)
    first = some.appeal(lead, rows[2])
    with pytest.raises(RuleBroken):  # one at a time
        some.appeal(lead, rows[2])
    db.session.rollback()
    with pytest.raises(RuleBroken):  # before the examination
        close(lead, rows[2], first, AppealState.GRANTED, WAIT)
    db.session.rollback()
    loaded = some.load(lead, rows[2])
    appeal_commands.examine_appeal(lead, loaded, first, "Fondé.", first.version)
    db.session.commit()
    for new, text in ((NO, "m"), (None, "m"), (WAIT, "")):
        with pytest.raises(RuleBroken):
            close(lead, rows[2], first, AppealState.GRANTED, new, text)
        db.session.rollback()
    answered_at = clock.now() + timedelta(days=224)
    with clock.frozen_at(answered_at):
        close(lead, rows[2], first, AppealState.GRANTED, WAIT)
    loaded = some.load(lead, rows[2])
    publication = queries.find_publication_of_decision(queries.find_decision(loaded))
    letter = build_appeal_letter_content(loaded, first, publication)
    answered_on = clock.day_of(answered_at)
    assert letter["lead"].endswith(format_day(answered_on))
    assert format_day(answered_on + timedelta(days=decided.appeal_days)) in str(letter["parts"])
    assert rows[2].state is ApplicationState.WAITING_LIST
    assert (first.old_outcome, first.new_outcome) == (NO, WAIT)
    with pytest.raises(TooLate):
        close(lead, rows[2], first, AppealState.REJECTED)
    db.session.rollback()
    close(lead, rows[0], some.appeal(lead, rows[0]), AppealState.WITHDRAWN, text="")
    assert rows[0].state is ApplicationState.LAUREATE


def test_a_laureate_becomes_a_project_once(lead, leading, call, jurors, browser_for):
    members = [NamedMember("Ada", "ada@b.example", "porteuse"), NamedMember("Zoé", "zoe@b.example")]
    row = some.application(
        lead,
        call,
        members=[*members, NamedMember("Sans adresse")],
        data_sources="Registre ; Office\nRegistre ; Office\nPhotos",
        target_groups="- Agents\n- Usagers",
        problem="Trop de courriers.",
    )
    some.eligible(lead, row)
    some.move(lead, call, CallState.IN_REVIEW)
    some.assign(lead, row, *jurors[:2])
    for person in jurors[:2]:
        some.judge(person, row, 5)
    with pytest.raises(RuleBroken):
        project_commands.create_laureate_project(lead, some.load(lead, row))
    db.session.rollback()
    some.decide(lead, row, YES)
    some.move(lead, call, CallState.DELIBERATED)
    some.publish(lead, call)
    founding = project_commands.create_laureate_project(lead, some.load(lead, row))
    db.session.commit()
    project = founding.project
    assert founding.uninvited == ("Sans adresse",)
    assert founding.invited == 2
    assert (project.problem, project.organisation) == ("Trop de courriers.", row.organisation)
    sources = db.session.scalars(sa.select(DataSource).where(DataSource.project_id == project.id)).all()
    assert {(source.name, source.holder) for source in sources} == {("Registre", "Office"), ("Photos", "")}
    groups = db.session.scalars(sa.select(TargetGroup.name).where(TargetGroup.project_id == project.id)).all()
    assert sorted(groups) == ["Agents", "Usagers"]
    offers = db.session.scalars(sa.select(Invitation).where(Invitation.scope_id == project.id)).all()
    assert {(offer.email, offer.role) for offer in offers} == {
        ("ada@b.example", Role.TEAM_LEAD),
        ("zoe@b.example", Role.TEAM_MEMBER),
    }
    with pytest.raises(Overtaken):
        project_commands.create_laureate_project(lead, some.load(lead, row))
    db.session.rollback()
    assert db.session.query(Project).count() == 1
    page = words_of(browser_for(leading).visit(f"/projects/{project.slug}"))
    assert f"Candidature {row.number} à l’appel {call.number}" in page
    place = f"/projects/{project.slug}/gates"
    shown = [words_of(browser_for(leading).visit(f"{place}/{gate}")) for gate in (0, 1, 2)]
    assert "Membres de l’équipe : 0, sur 2 demandés" in shown[0]  # those invited have yet to come
    assert "Ce qui le prouve : 1 preuve sur 5" in shown[1]
    assert "Prouvé : Le problème est énoncé." in shown[1]
    assert "public 1 « Agents », public 2 « Usagers »" in shown[1]
    assert "source 1 « Registre », source 2 « Photos »" in shown[2]


def test_what_was_not_selected_is_purged_on_its_day_and_statistics_stay(lead, programme, decided):
    rows = some.applications_of(decided)
    title = rows[2].title
    some.publish(lead, decided)
    appeal = some.examined(lead, rows[2])
    assert find_purge_day(decided) is None  # an appeal is open
    with clock.frozen_at(clock.now() + timedelta(days=20)):
        close(lead, rows[2], appeal, AppealState.REJECTED)
    (publication,) = db.session.query(CallPublication)
    days = publication.appeal_until - publication.published_on  # those of the answer of the appeal too
    day = find_purge_day(decided)
    assert day == months_after(publication.appeal_until + timedelta(days=20), decided.retention_months)
    assert day == months_after(appeal.closed_on + days, decided.retention_months)
    assert purge_due_applications(day - timedelta(days=1)) == 0
    with clock.frozen_at(clock.end_of_day(day)):
        assert purge_calls(clock.now()) == 2
    assert db.session.scalars(sa.select(Application.state)).all() == [ApplicationState.LAUREATE]
    purged = db.session.query(PurgedApplication).all()
    assert sorted((row.outcome.value, row.total_hundredths) for row in purged) == [
        ("not_selected", 6000),
        ("waiting_list", 8000),
    ]
    trail = str(db.session.execute(sa.text("SELECT * FROM audit_event")).all())
    assert some.LINE not in trail  # nothing of their texts stays in the trail
    assert title not in trail
    assert db.session.query(Attachment).count() == 0
    assert purge_due_applications(day) == 0


def test_minutes_are_one_text_and_a_stale_one_is_told(lead, decided):
    facts = MinutesFacts(clock.today(), "Paris", "Ada", "Rien.")
    row = commands.write_minutes(lead, decided, facts, 0)
    db.session.commit()
    with pytest.raises(Conflict):
        commands.write_minutes(lead, decided, facts, 0)
    db.session.rollback()
    commands.write_minutes(lead, decided, facts, row.version)
    db.session.commit()
    some.publish(lead, decided)
    with pytest.raises(TooLate):
        commands.write_minutes(lead, decided, facts, row.version)


def test_people_are_read_from_lines():
    assert parse_members("Ada ; ada@b.example ; porteuse\n\nZoé;métier\n ; ") == [
        NamedMember("Ada", "ada@b.example", "porteuse"),
        NamedMember("Zoé", "", "métier"),
    ]
