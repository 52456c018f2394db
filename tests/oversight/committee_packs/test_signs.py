"""The signs of the first page of a pack: those of health, which are a team’s own, and those of gates."""

from datetime import timedelta
from io import BytesIO

from pypdf import PdfReader

from portal.oversight.gates.definition_rules import GateVerb
from portal.platform.kernel import clock
from portal.platform.kernel.access import Role
from portal.platform.kernel.database import db
from portal.platform.pdf.printer import DocumentKind, print_pdf
from tests.oversight.committee_packs.test_first_page import first_page
from tests.support import coaching as clinics
from tests.support import factories as make
from tests.support import gates, health

GREEN = b"0.09411"  # the red part of the colour of good health


def test_a_team_that_asks_for_help_has_the_sign_of_its_health_among_those_to_help(programme, heron, others):
    clinics.asking(others[0], closed_at=clock.now() - timedelta(minutes=5))
    health.known(others[0])
    sheet = first_page(programme)["sheet"]
    assert not [group for group in sheet["groups"] if "look" in group]
    (group,) = [group for group in sheet["groups"] if "IBIS" in [team["name"] for team in group["teams"]]]
    assert group["label"].replace("\xa0", " ") == "À aider"
    labels = {bar["look"]: bar["label"] for bar in sheet["health"]["bars"]}
    teams = [team for each in sheet["groups"] for team in each["teams"]]
    assert {team["look_label"] for team in teams} == set(labels.values())
    for bar in sheet["health"]["bars"]:  # the signs of the lines add up to the bar
        assert sum(team["look"] == bar["look"] for team in teams) == bar["count"]


def test_the_key_of_gates_has_exemptions_where_one_stands(programme, heron, others, lead):
    assert "waived" not in dict(first_page(programme)["sheet"]["legend"])
    gates.decision(heron, 3, GateVerb.WAIVED, make.role(programme.id, Role.PROGRAMME_LEAD))
    db.session.commit()
    health.known(heron)
    assert dict(first_page(programme)["sheet"]["legend"])["waived"] == "dispensé"


def test_each_word_of_the_bar_of_health_bears_its_sign_on_paper(programme, heron):
    page = first_page(programme)
    page["sheet"]["groups"] = []
    bars = [{"label": "En bonne voie", "look": "ok", "count": 1, "at": 0, "width": 100}]
    page["sheet"]["health"]["bars"] = bars
    pdf = PdfReader(BytesIO(print_pdf(DocumentKind.PACK, {**page, "mark": "0", "teams": []}, clock.now())))
    drawn = pdf.pages[0].get_contents().get_data()
    assert drawn.count(GREEN) == 2  # the part of the bar, and the sign before its word
