"""The first page of a pack: health, progress, decisions, changes since the last committee, teams."""

import re
from datetime import timedelta
from io import BytesIO

import pytest
from pypdf import PdfReader

from portal.funding.change_requests.commands import ChangeFacts, file_change_request
from portal.funding.change_requests.models import FundingChangeKind
from portal.oversight.committee_packs.documents import build_summary_page
from portal.oversight.committee_packs.labels import WAITING_KINDS
from portal.oversight.committee_packs.snapshot_queries import read_cohort, read_teams
from portal.oversight.committee_packs.team_page_documents import build_team_page
from portal.oversight.committee_packs.trend_queries import read_trend
from portal.oversight.committees import commands as committees
from portal.oversight.committees.commands import CommitteeFacts
from portal.oversight.committees.models import Committee
from portal.oversight.committees.queries import find_last_record_end, list_agenda
from portal.oversight.decisions.commands import withdraw_question
from portal.oversight.decisions.models import AwaitedDecision
from portal.oversight.gates.definition_rules import GateVerb
from portal.oversight.health.definition_rules import SignalCode, Thresholds
from portal.oversight.health.terms_commands import change_terms
from portal.oversight.portfolio import past_owed_queries
from portal.oversight.portfolio.queries import list_team_changes
from portal.platform.kernel import clock
from portal.platform.kernel.access import Role
from portal.platform.kernel.database import db
from portal.platform.kernel.text import using_language
from portal.platform.pdf.printer import DocumentKind, print_pdf
from portal.platform.web.template_filters import day
from portal.project.projects import commands as projects
from tests.oversight.health.test_stale_gates import accepted, lose
from tests.support import coaching as clinics
from tests.support import decisions, funding, gates, health
from tests.support import factories as make


def first_page(programme, language="fr", on=None):
    moment = clock.now() if on is None else clock.end_of_day(on)
    on = on or clock.today()
    with using_language(language):
        cohort = read_cohort(programme.id, moment, on)
        return build_summary_page(cohort, read_trend(cohort, moment, on), language, moment, on)


def lines(part):
    return [line.replace("\xa0", " ") for line in part["lines"]]


def hold_committee(lead, programme, on):
    committees.plan_committee(lead, programme, CommitteeFacts(held_on=on))
    db.session.commit()


def test_each_team_has_its_line_under_its_health_in_the_order_of_the_pages(programme, heron, others):
    sheet = first_page(programme)["sheet"]
    teams = [team for group in sheet["groups"] for team in group["teams"]]
    assert [team["position"] for team in teams] == [1, 2, 3]
    assert {team["name"] for team in teams} == {"HERON", "IBIS", "MILAN"}
    heron_line = next(team for team in teams if team["name"] == "HERON")
    assert heron_line["reason"]
    assert len(heron_line["gates"]) == 12
    assert heron_line["gates_label"]
    assert sum(bar["count"] for bar in sheet["health"]["bars"]) == 3
    assert sum(bar["width"] for bar in sheet["health"]["bars"]) == pytest.approx(100)


def test_progress_is_drawn_month_by_month_beside_the_plan_with_its_table(programme, heron, others):
    picture = first_page(programme)["sheet"]["progress"]
    assert [row[0] for row in picture["table"]["rows"]] == ["2"]  # nothing was known in the first month
    assert picture["plan"][0][0] == 0
    assert picture["plan"][-1] == [pytest.approx(100), pytest.approx(0)]
    for points in (picture["plan"], picture["middle"], picture["band"]):
        assert all(0 <= x <= 100.01 and 0 <= y <= 100 for x, y in points)
    assert "au mois 2" in picture["title"]


def test_decisions_say_who_asks_and_since_when(programme, heron, others):
    asked = first_page(programme)["sheet"]["decisions"]
    assert asked["title"].replace("\xa0", " ") == "4 points à décider au comité"
    assert [[part.replace("\xa0", " ") for part in line] for line in asked["lines"]] == [  # the oldest first
        *([f"{name} :", "Équipe sans coach (40 jours)"] for name in ("HERON", "IBIS", "MILAN")),
        ["HERON :", "Un serveur de calcul (6 jours)"],
    ]
    gates.decision(heron, 0, GateVerb.DECLARED, make.role(heron.id, Role.TEAM_LEAD))
    health.known(heron)
    said = [text for _name, text in first_page(programme)["sheet"]["decisions"]["lines"]]
    assert any(text.startswith("jalon demandé") for text in said)


def test_each_gate_is_a_point_as_on_the_agenda(programme, heron, others):
    lead = make.role(heron.id, Role.TEAM_LEAD)
    before = first_page(programme)["sheet"]["decisions"]
    for gate in (0, 1):
        gates.decision(heron, gate, GateVerb.DECLARED, lead)
    health.known(heron)
    asked = first_page(programme)["sheet"]["decisions"]
    assert len(asked["lines"]) == len(before["lines"]) + 1
    assert asked["title"].replace("\xa0", " ") == "6 points à décider au comité"


def test_what_is_to_decide_is_what_the_agenda_of_a_committee_lists(programme, heron, others, lead):
    clinics.asking(others[0], closed_at=clock.now() - timedelta(minutes=5))
    health.known(others[0])
    agreement = funding.signed(others[1], make.actor(make.role(programme.id, Role.OPERATOR)))
    delay = ChangeFacts(kind=FundingChangeKind.DELAY, reason="Retard", days=30)
    file_change_request(make.actor(make.role(others[1].id, Role.TEAM_LEAD)), others[1], agreement, delay)
    db.session.commit()
    hold_committee(lead, programme, clock.today())
    row = db.session.query(Committee).one()
    agenda = {(group.code, line.team) for group in list_agenda(lead, row) for line in group.lines}
    assert {("clinics", "IBIS"), ("funding_changes", "MILAN")} <= agenda
    labels = {str(label): code for code, label in WAITING_KINDS.items()}
    asked = first_page(programme)["sheet"]["decisions"]["lines"]
    told = {(labels.get(text.split(" (")[0]), name.rstrip("\xa0: ")) for name, text in asked}
    assert {each for each in told if each[0]} == agenda
    cohort = read_cohort(programme.id, clock.now(), clock.today())
    (ibis,) = read_teams(cohort, [others[0].id], clock.now(), clock.today())
    parts = build_team_page(ibis)["parts"]
    assert any("Demande d’aide à prendre, depuis le" in point for part in parts for point in part["points"])


def test_what_a_paused_team_asks_is_to_decide_as_on_the_agenda(programme, heron, others, lead):
    ibis = others[0]
    demonstration = accepted(ibis, make.actor(gates.coach(ibis)))
    lose(ibis, demonstration)
    gates.decision(ibis, 0, GateVerb.DECLARED, make.role(ibis.id, Role.TEAM_LEAD))
    decisions.decision(ibis, question="Quel serveur ?")
    projects.pause_project(lead, ibis)
    db.session.commit()
    health.known(ibis)
    hold_committee(lead, programme, clock.today())
    row = db.session.query(Committee).one()
    agenda = {(group.code, line.team) for group in list_agenda(lead, row) for line in group.lines}
    assert {("gates", "IBIS"), ("stale", "IBIS")} <= agenda
    asked = first_page(programme)["sheet"]["decisions"]["lines"]
    told = [text.replace("\xa0", " ") for name, text in asked if name.startswith("IBIS")]
    assert told == ["Quel serveur ? (aujourd’hui)", "jalon demandé, sans réponse (G0).", "Jalon périmé G5"]
    cohort = read_cohort(programme.id, clock.now(), clock.today())
    (team,) = read_teams(cohort, [ibis.id], clock.now(), clock.today())
    points = [point for part in build_team_page(team)["parts"] for point in part["points"]]
    assert "Quel serveur ?" in [point.replace("\xa0", " ") for point in points]
    assert any("demandé, attend" in point for point in points)


def test_what_a_stopped_team_had_asked_is_to_decide_no_more_but_its_funding(programme, heron, others, lead):
    ibis = others[0]
    decisions.decision(ibis, question="Quel serveur ?")
    agreement = funding.signed(ibis, make.actor(make.role(programme.id, Role.OPERATOR)))
    delay = ChangeFacts(kind=FundingChangeKind.DELAY, reason="Retard", days=30)
    file_change_request(make.actor(make.role(ibis.id, Role.TEAM_LEAD)), ibis, agreement, delay)
    projects.stop_project(lead, ibis, reason="Sans données", learnings="En demander tôt")
    db.session.commit()
    health.known(ibis)
    asked = first_page(programme)["sheet"]["decisions"]["lines"]
    told = [text.replace("\xa0", " ") for name, text in asked if name.startswith("IBIS")]
    assert told == ["Demande de modification (aujourd’hui)"]
    (team,) = read_teams(
        read_cohort(programme.id, clock.now(), clock.today()), [ibis.id], clock.now(), clock.today()
    )
    assert not team.awaited


def test_changes_are_told_since_the_last_committee_that_was_known(programme, heron, others, lead):
    before = first_page(programme)["sheet"]["changes"]
    assert "Depuis le comité" not in before["title"]
    since = clock.today() - timedelta(days=2)
    with clock.frozen_at(clock.now() - timedelta(days=3)):
        hold_committee(lead, programme, since)
    page = first_page(programme)
    assert page["sheet"]["changes"]["title"].startswith("Depuis le comité du")
    assert lines(page["sheet"]["changes"]) == ["Rien n’a changé."]
    projects.stop_project(lead, others[0], reason="Sans données", learnings="Demander plus tôt")
    db.session.commit()
    health.known(others[0])
    assert lines(first_page(programme)["sheet"]["changes"]) == ["Ont changé d’état : IBIS (arrêté)."]
    early = first_page(programme, on=since - timedelta(days=2))
    assert "Depuis le comité" not in early["sheet"]["changes"]["title"]


def test_changes_are_those_that_the_portfolio_tells(programme, heron, others, lead):
    with clock.frozen_at(clock.now() - timedelta(days=3)):
        hold_committee(lead, programme, clock.today() + timedelta(days=1))
    gates.decision(heron, 0, GateVerb.DECLARED, make.role(heron.id, Role.TEAM_LEAD))
    decisions.decision(others[0])
    health.known(heron)
    ids = [heron.id, *(team.id for team in others)]
    told = list_team_changes(lead, programme, ids, find_last_record_end(programme.id))
    kinds = {
        team.project.acronym: [change.kind.value for change in changes] for team, _state, changes in told
    }
    assert kinds == {"HERON": ["asked"], "IBIS": ["questions"]}
    changes = first_page(programme)["sheet"]["changes"]
    assert changes["title"].startswith("2 équipes ont changé depuis le comité du")
    assert lines(changes) == ["1 jalon demandé : G0 HERON.", "Décisions demandées : IBIS (1)."]


def test_the_committee_of_the_day_counts_once_its_record_is_closed(programme, heron, lead):
    before = clock.now() - timedelta(minutes=5)
    with clock.frozen_at(before - timedelta(minutes=1)):
        hold_committee(lead, programme, clock.today())
        decisions.answered(heron, make.role(programme.id, Role.PROGRAMME_LEAD))
    assert "Depuis le comité" not in first_page(programme)["sheet"]["changes"]["title"]
    row = db.session.query(Committee).one()
    with clock.frozen_at(before):
        committees.close_record(lead, programme, row, row.version)
        db.session.commit()
    changes = first_page(programme)["sheet"]["changes"]
    assert changes["title"] == f"Depuis le comité du {day(clock.today())}"
    assert lines(changes) == ["Rien n’a changé."]


def test_a_day_before_a_question_was_withdrawn_still_tells_that_it_was_asked(programme, heron, others, lead):
    with clock.frozen_at(clock.now() - timedelta(days=5)):
        hold_committee(lead, programme, clock.today())
    with clock.frozen_at(clock.now() - timedelta(days=3)):
        decisions.decision(others[0], question="Quel serveur ?")
        db.session.commit()
    on = clock.today() - timedelta(days=2)
    before = first_page(programme, on=on)
    assert "Décisions demandées : IBIS (1)." in lines(before["sheet"]["changes"])
    row = db.session.query(AwaitedDecision).filter_by(question="Quel serveur ?").one()
    asking = make.actor(make.role(others[0].id, Role.TEAM_MEMBER))
    withdraw_question(asking, others[0], row, "Sans objet.", row.version)
    db.session.commit()
    assert first_page(programme, on=on) == before


def test_what_waits_is_in_an_order_that_no_later_change_moves(programme, heron, monkeypatch):
    times = [clock.now() - timedelta(days=days) for days in (1, 4, 3)]
    monkeypatch.setattr(
        past_owed_queries, "list_undecided_filing_times_by_project", lambda *_given: {heron.id: times}
    )
    read = {}
    for _again in range(2):
        asked = first_page(programme)["sheet"]["decisions"]["lines"]
        read[tuple(times)] = [text for _name, text in asked if "modification" in text]
        times.reverse()
    first, again = read.values()
    assert first == again
    assert ["4 jours" in text for text in first] == [True, False, False]


def test_the_title_forecasts_prototypes_or_says_that_it_is_too_early(programme, heron, others):
    title = first_page(programme)["title"].replace("\xa0", " ")
    assert title.endswith(": 0 prototype attendu à temps, 3 en retard")
    young = make.programme(slug="young", starts_on=clock.today())
    health.known(make.project(young, slug="pie", starts_on=clock.today()))
    page = first_page(young)
    assert page["title"].endswith("trop tôt pour prévoir les prototypes")
    assert [team["prototype"] for group in page["sheet"]["groups"] for team in group["teams"]] == ["trop tôt"]
    assert "too early" in first_page(young, "en")["title"]


def test_a_prototype_is_marked_late_where_the_signal_of_its_lateness_is_raised(
    programme, heron, others, lead
):
    def read_marks():
        sheet = first_page(programme)["sheet"]
        assert "Prototype" in sheet["columns"]
        teams = [team for group in sheet["groups"] for team in group["teams"]]
        assert all(team["prototype"].startswith("+") for team in teams)
        return {team["is_late"] for team in teams}

    assert read_marks() == {True}
    never = Thresholds(300, 365)
    change_terms(lead, programme, SignalCode.GATE_SLIP, never, because="b", read_edition=0, knowingly=True)
    db.session.commit()
    assert read_marks() == {False}


def test_a_programme_without_a_team_has_a_first_page(programme):
    page = first_page(programme)
    assert page["sheet"]["groups"] == []
    assert page["sheet"]["progress"] is None
    assert page["sheet"]["health"]["bars"] == []


def test_a_team_begins_with_its_health_and_its_gates_are_not_cut_between_pages(programme, heron, others):
    moment, on = clock.now(), clock.today()
    with using_language("fr"):
        cohort = read_cohort(programme.id, moment, on)
        first = build_summary_page(cohort, read_trend(cohort, moment, on), "fr", moment, on)
        pages = [build_team_page(team) for team in read_teams(cohort, cohort.order, moment, on)] * 3
    teams = [{**page, "title": f"Équipe{n}", "lead": f"Organisme{n}"} for n, page in enumerate(pages)]
    first["sheet"]["groups"] = [{**first["sheet"]["groups"][0], "teams": []}]
    pdf = PdfReader(BytesIO(print_pdf(DocumentKind.PACK, {**first, "mark": "0", "teams": teams}, moment)))
    texts = [page.extract_text() for page in pdf.pages]
    for n in range(len(teams)):
        (place,) = [text for text in texts if f"Organisme{n}" in text]
        assert "Santé" in place[place.index(f"Organisme{n}") :]
    for text in texts:
        assert len(re.findall(r"^G0\s:", text, re.MULTILINE)) == len(
            re.findall(r"^G11\s:", text, re.MULTILINE)
        )
