"""Templates of programmes: months stretched, acceptors mapped to the programme's tracks."""

import pytest

from portal.oversight.gates import definition_queries, labels
from portal.oversight.gates.definition_documents import read_default_gates, replace_predicates
from portal.oversight.gates.definition_rules import GateAcceptor
from portal.oversight.gates.template_documents import list_templates
from portal.oversight.gates.template_rules import map_tracks, stretch_month
from portal.people.programmes.models import INSTALLATION
from portal.people.programmes.template_commands import create_from_template
from portal.platform.kernel.access import Role
from portal.platform.kernel.audit import AuditEvent
from portal.platform.kernel.database import db
from tests.people.programmes.test_commands import PLAN
from tests.support import factories as make
from tests.support.browser import words_of

TWO, THREE, EMPTY = list_templates()
TRACKS = [("Technique", ""), ("Stratégique", "")]


@pytest.fixture
def admin(app):
    return make.role(INSTALLATION, Role.ADMINISTRATOR)


@pytest.mark.parametrize("months", range(1, 37))
def test_stretched_months_keep_the_order_the_start_and_the_end(months):
    usual = [definition.terms.month for definition in read_default_gates()]
    stretched = [stretch_month(month, 10, months) for month in usual]
    assert stretched == sorted(stretched)
    assert (stretched[0], stretched[-1]) == (0, months)
    assert all((month == 0) == (before == 0) for month, before in zip(stretched, usual, strict=True))


def test_six_and_ten_months():
    usual = [definition.terms.month for definition in read_default_gates()]
    assert [stretch_month(month, 10, 10) for month in usual] == usual
    assert [stretch_month(month, 10, 6) for month in usual] == [0, 1, 1, 1, 2, 2, 3, 4, 4, 5, 5, 6]


@pytest.mark.parametrize(
    ("tracks", "expected"),
    [
        ([("a", "Technique"), ("b", "Stratégique")], {"technical": "a", "strategic": "b"}),
        ([("b", "STRATÉGIQUE"), ("a", "Autre")], {"technical": "a", "strategic": "b"}),
        ([("a", "Métier"), ("b", "Données")], {"technical": "a", "strategic": "b"}),
        ([("a", "Seul")], {"technical": "a", "strategic": "a"}),
        ([], {"technical": "", "strategic": ""}),
    ],
)
def test_tracks_are_mapped_by_name_then_by_place(tracks, expected):
    assert map_tracks(TWO, tracks) == expected


def test_the_library_gives_each_default_gate_what_it_has():
    for definition in read_default_gates():
        assert replace_predicates(definition, definition.predicates, {}) == definition


def test_a_programme_of_six_months_has_its_gates_on_its_own_tracks(admin):
    actor = make.actor(admin)
    plan = PLAN.__class__(**{**PLAN.__dict__, "months": 6})
    programme = create_from_template(actor, plan, TRACKS, TWO.key)
    definitions = definition_queries.list_definitions(programme.id)
    assert [each.terms.month for each in definitions] == [0, 1, 1, 1, 2, 2, 3, 4, 4, 5, 5, 6]
    tracks = {"technique", "strategique"}
    of_tracks = [d for d in definitions if d.terms.acceptor is GateAcceptor.TRACK_COACH]
    assert {definition.terms.track for definition in of_tracks} == tracks
    names = definition_queries.read_track_names(programme.id)
    who = {labels.acceptor(definition, names) for definition in definitions}
    assert not any("technical" in each for each in who)
    lines = db.session.query(AuditEvent).order_by(AuditEvent.id).all()
    assert lines[0].action == "programme.created"
    assert {line.action for line in lines[1:]} == {"gate_terms.changed"}
    (edition,) = definition_queries.list_gate_editions(programme.id, 11)
    assert edition.row.because == "Modèle «\u00a0AMI IA 2018\u00a0»"


def test_an_empty_template_has_no_gate_and_keeps_the_usual_ones_at_hand(admin):
    programme = create_from_template(make.actor(admin), PLAN, TRACKS, EMPTY.key)
    assert definition_queries.list_definitions(programme.id) == []
    assert len(definition_queries.list_left_out_gates(programme.id)) == 12


def test_the_page_starts_from_a_template_and_says_who_is_missing(admin, browser_for):
    browser = browser_for(admin)
    page = browser.visit(f"/programmes/new?template={THREE.key}")
    assert page.select_one("[name=tracks]").text.split() == ["Technique", "Stratégique", "Scientifique"]
    assert page.select_one("[name=template]")["value"] == THREE.key
    assert browser.visit("/programmes/new?template=nothing").select_one("[name=template]")["value"] == TWO.key
    typed = {
        "name_fr": "Appel court",
        "name_en": "Short call",
        "about_fr": "",
        "about_en": "",
        "starts_on": "2026-01-05",
        "months": "6",
        "test_retention": "12",
        "tracks": "Technique\nStratégique\nScientifique",
    }
    for months in ("0", "60"):
        refused = browser.submit(
            "/programmes/new", expect=422, template=THREE.key, **typed | {"months": months}
        )
        assert "entre 1 et 36" in refused.select_one("#months-messages").text
    browser.submit("/programmes/new", expect=422, template="nothing", **typed)
    made = browser.submit("/programmes/new", template=THREE.key, **typed)
    warning = words_of(made.select_one(".fr-alert--warning"))
    assert "G2 : Données réelles et licites : Coach du volet « Technique »" in warning
    assert "Personne n’a ce rôle dans le programme." in warning
    gates = browser.visit("/programmes/appel-court/gates")
    assert "mois 6" in words_of(gates.main)
    tracks = words_of(browser.visit("/programmes/appel-court/tracks").main)
    assert "Scientific" in tracks
