"""Public cards: written by the programme's lead, public or not, without personal data."""

import pytest

from portal.oversight.public_cards import commands, policy, queries
from portal.platform.kernel import clock
from portal.platform.kernel.access import Role
from portal.platform.kernel.audit import AuditEvent
from portal.platform.kernel.database import db
from portal.platform.kernel.errors import Conflict, NotFound, RuleBroken
from tests.support import cards, project_file
from tests.support import factories as make
from tests.support.browser import words_of
from tests.support.refusals import forbidden

C = "/projects/heron/card"


@pytest.fixture
def project(app):
    programme = make.programme(slug="ami")
    return make.project(programme, slug="heron", problem="Trop de lettres.", title_en="Sorting")


@pytest.fixture
def direction(project):
    return make.role(project.programme_id, Role.PROGRAMME_LEAD)


@pytest.fixture
def lead(direction):
    return make.actor(direction)


def test_a_card_is_read_by_anybody_from_when_it_is_shown_until_it_is_hidden(project, lead):
    row = commands.write_card(lead, project, cards.texts(ai_en=""), 0)
    with pytest.raises(RuleBroken, match="Il manque un texte"):
        commands.publish_card(lead, project)
    commands.write_card(lead, project, cards.texts(), row.version)
    for _time in range(2):
        commands.publish_card(lead, project)
    assert queries.get_published_card("ami", "heron").card is row
    with pytest.raises(RuleBroken) as bare:
        commands.write_card(lead, project, cards.texts(gains_fr=""), row.version)
    assert bare.value.field == "gains_fr"
    commands.hide_card(lead, project)
    with pytest.raises(NotFound):
        queries.get_published_card("ami", "heron")
    with pytest.raises(NotFound):
        queries.list_published_cards("ami")
    actions = [line.action for line in db.session.query(AuditEvent).order_by(AuditEvent.id)]
    assert actions[-4:] == ["card.written", "card.written", "card.shown", "card.hidden"]


def test_only_the_programmes_lead_writes_it_upon_what_they_read(project, lead):
    member, carrier, coach = (
        make.actor(make.role(project.id, role)) for role in (Role.TEAM_MEMBER, Role.TEAM_LEAD, Role.COACH)
    )
    for other in (member, carrier, coach):
        assert not policy.can_write(other, project)
        with forbidden():
            commands.write_card(other, project, cards.texts(), 0)
    commands.write_card(lead, project, cards.texts(), 0)
    for read_version in (0, 7):
        with pytest.raises(Conflict):
            commands.write_card(lead, project, cards.texts(ai_fr="a"), read_version)
    with pytest.raises(RuleBroken) as refused:
        commands.write_card(lead, project, cards.texts(data_fr="Écrire à a@demo.example"), 1)
    assert refused.value.field == "data_fr"


def test_the_pages_of_a_card(browser_for, project, direction):
    """The first draft comes from the file; a stranger reads the published card with the present
    state of the project."""
    project_file.source(project, name="Dix mille lettres")
    lead, stranger = browser_for(direction), browser_for(None)
    form = lead.visit(f"{C}/edit")
    assert form.select_one("#objective_fr").text.strip() == "Trop de lettres."
    assert form.select_one("#data_fr").text.strip() == "Dix mille lettres"
    lead.submit(f"{C}/edit", version="0", **cards.texts())
    assert stranger.open("/cards/ami/heron").status_code == 404
    assert "Publique depuis" in words_of(lead.submit(f"{C}/show", agreed="y").main)
    page = stranger.visit("/cards/ami/heron/en")
    assert "gains_en" in words_of(page.main)
    assert "gains_fr" not in words_of(page.main)
    assert page.select_one("h1 [lang=en]").text == project.title_en  # the page around it is in French
    project.stopped_on, project.stop_reason, project.learnings = clock.today(), "r", "l"
    db.session.commit()
    assert "Essai arrêté le" in words_of(stranger.visit("/cards/ami").main)
    lead.submit(f"{C}/hide")
    assert stranger.open("/cards/ami").status_code == 404
