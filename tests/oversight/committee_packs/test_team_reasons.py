"""The teams of a pack: the order and the reasons of the portfolio, and nobody by name."""

import re
from dataclasses import replace
from datetime import timedelta

from portal.oversight.committee_packs.open_issue_documents import build_open_issues_part
from portal.oversight.committee_packs.snapshot_queries import read_cohort, read_teams
from portal.oversight.committee_packs.team_page_documents import build_team_page
from portal.oversight.health import charge_commands
from portal.oversight.health.fact_rules import UserTestFacts
from portal.oversight.portfolio.filter_rules import PortfolioFilters
from portal.oversight.portfolio.line_labels import first_reason, help_tag
from portal.oversight.portfolio.queries import read_portfolio
from portal.platform.kernel import clock
from portal.platform.kernel.access import Role
from portal.platform.kernel.database import db
from portal.platform.kernel.text import lower_first, using_language
from tests.oversight.committee_packs.test_first_page import first_page
from tests.support import coaching as clinics
from tests.support import factories as make
from tests.support import gates, health


def test_teams_have_the_order_and_the_first_reason_of_the_portfolio(programme, heron, others, lead):
    young = make.project(programme, slug="nandou", acronym="NANDOU", starts_on=clock.today())
    clinics.asking(young, closed_at=clock.now() - timedelta(minutes=5))
    gates.judged(others[0])
    clinics.asking(others[0], closed_at=clock.now() - timedelta(days=40))
    for team in (*others, young):
        health.known(team)
    with using_language("fr"):
        page = read_portfolio(lead, programme, PortfolioFilters())
        listed = [(team.short_name, help_tag(team), first_reason(team)) for team in page.teams]
    groups = first_page(programme)["sheet"]["groups"]
    assert [(team["name"], team["reason"]) for group in groups for team in group["teams"]] == [
        (name, f"{tag} : {lower_first(reason)}" if tag else reason) for name, tag, reason in listed
    ]
    assert {tag for _name, tag, _reason in listed} == {"", "aide"}
    assert any(reason.startswith("Aide demandée") for _name, _tag, reason in listed)
    assert groups[0]["label"].replace("\xa0", " ") == "À aider"


def test_a_signal_says_one_period_and_names_nobody_in_charge(programme, heron, others):
    direction = make.role(programme.id, Role.PROGRAMME_LEAD)
    with clock.frozen_at(clock.now() + timedelta(days=9)):
        state = health.known(others[0])
        signal = state.reasons[0]
        charge_commands.take_charge(
            make.actor(direction),
            others[0],
            signal.code,
            "J’appelle Paule",
            clock.today() + timedelta(days=6),
            read_edition=0,
        )
        db.session.commit()
        cohort = read_cohort(programme.id, clock.now(), clock.today())
        (team,) = read_teams(cohort, [others[0].id], clock.now(), clock.today())
        with using_language("fr"):
            parts = build_team_page(team)["parts"]
    point = next(point for point in parts[0]["points"] if "Suivi jusqu’au" in point)
    assert direction.name not in point
    assert "Paule" not in point
    assert " (depuis le" not in point
    assert re.search(r"(En difficulté|À surveiller) depuis le ", point)
    facts = replace(state.facts, state="finished", tests=UserTestFacts(last_on=clock.today()))
    facts = replace(facts, ethics=replace(facts.ethics, reviews={"framing": "accepted"}))
    with using_language("fr"):
        ended = build_open_issues_part((), (), facts)
    assert ended["says"] == ["Aucun constat grave ouvert.", "Aucun risque élevé ouvert."]
    assert "Constats\xa0: pas encore de test." in parts[2]["says"]
