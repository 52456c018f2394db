import pytest
import sqlalchemy as sa

from portal.people.programmes import queries, track_commands
from portal.people.programmes.models import TRACKS_MAX
from portal.people.programmes.track_commands import TrackNames
from portal.platform.kernel import audit
from portal.platform.kernel.access import Role
from portal.platform.kernel.database import db
from portal.platform.kernel.errors import Conflict, RuleBroken
from tests.support import factories as make
from tests.support.browser import words_of
from tests.support.refusals import forbidden

TRACKS = "/programmes/ami/tracks"
DESIGN = TrackNames(name_fr="Conception", name_en="Design")


@pytest.fixture
def programme(app):
    return make.programme(slug="ami")


@pytest.fixture
def lead(programme):
    return make.role(programme.id, Role.PROGRAMME_LEAD)


@pytest.fixture
def browser(lead, browser_for):
    return browser_for(lead)


def names(programme):
    db.session.rollback()
    return [track.name_fr for track in queries.list_tracks(programme.id)]


def last_line():
    newest = sa.select(audit.AuditEvent).order_by(audit.AuditEvent.id.desc())
    return db.session.scalars(newest).first()


def test_a_lead_adds_renames_moves_and_removes_a_track(programme, browser):
    assert browser.visit("/programmes/ami").find("a", string="Volets")["href"] == TRACKS
    browser.submit(TRACKS, name_fr="Conception", name_en="")
    assert names(programme) == ["technical", "strategic", "Conception"]
    page = browser.visit(TRACKS)
    edit = page.select("tbody tr")[-1].find("a", string="Modifier")["href"]
    form = browser.visit(edit)
    assert form.select_one("#place option[selected]")["value"] == "3"
    version = form.select_one("[name=version]")["value"]
    browser.submit(edit, name_fr="Design", name_en="Design", place="1", version=version)
    assert names(programme) == ["Design", "technical", "strategic"]
    remove = browser.visit(TRACKS).select("tbody tr")[0].find("a", string="Retirer")["href"]
    assert "Retirer le volet « Design » ?" in words_of(browser.visit(remove).h1)
    browser.submit(remove)
    assert names(programme) == ["technical", "strategic"]


def test_a_stale_rename_shows_both_names_and_is_saved_when_sent_again(programme, browser):
    track = queries.list_tracks(programme.id)[0]
    path, version = f"{TRACKS}/{track.id}", str(track.version)
    browser.submit(path, name_fr="Métier A", name_en="", place="1", version=version)
    page = browser.submit(path, name_fr="Métier B", name_en="", place="1", version=version, expect=409)
    assert "Métier A" in words_of(page.main)
    assert page.select_one("[name=name_fr]")["value"] == "Métier B"
    read_again = page.select_one("[name=version]")["value"]
    browser.submit(path, name_fr="Métier B", name_en="", place="1", version=read_again)
    assert "Métier B" in names(programme)


def test_a_renamed_track_keeps_its_key(programme, lead):
    actor = make.actor(lead)
    track = track_commands.add_track(actor, programme, DESIGN)
    assert (track.key, track.position) == ("conception", 2)
    other = TrackNames(name_fr="Ergonomie")
    track_commands.edit_track(actor, programme, track, other, place=3, version=track.version)
    assert (track.key, track.name_en) == ("conception", "Ergonomie")
    assert last_line().before["name_fr"] == "Conception"
    again = track_commands.add_track(actor, programme, DESIGN)
    assert again.key == "conception-2"


def test_the_usual_english_name_of_a_track_is_suggested(programme, lead, browser):
    actor = make.actor(lead)
    for name_fr, name_en in (
        ("Scientifique", "Scientific"),
        ("CONDUITE du  changement", "Change management"),
        ("Bricolage", "Bricolage"),
    ):
        assert track_commands.add_track(actor, programme, TrackNames(name_fr=name_fr)).name_en == (name_en)
    own = TrackNames(name_fr="Juridique", name_en="Law")
    assert track_commands.add_track(actor, programme, own).name_en == "Law"


def test_a_track_whose_coach_accepts_gates_is_not_removed(programme, browser):
    """The page says so before the button is pressed, with the gates and where to change them."""
    track = make.tracks_of(programme)["strategic"]
    url = f"{TRACKS}/{track.id}/remove"
    for page in (browser.visit(url), browser.submit(url, expect=422)):
        said = words_of(page.main)
        assert "G1 : Problème, utilisateurs, mesure ; G10 : Impact et changement montrés" in said
        assert said.count("Qui accepte, et quand") == 1
        assert page.find("a", href=f"/programmes/{programme.slug}/gates/10")
    assert names(programme) == ["technical", "strategic"]


@pytest.mark.parametrize("name", ["Technical", "TÉCHNICAL"])
def test_two_tracks_have_two_names(programme, lead, name):
    actor, names_ = make.actor(lead), TrackNames(name_fr=name)
    with pytest.raises(RuleBroken) as refused:
        track_commands.add_track(actor, programme, names_)
    assert refused.value.field == "name_fr"
    strategic = make.tracks_of(programme)["strategic"]
    with pytest.raises(RuleBroken):
        track_commands.edit_track(actor, programme, strategic, names_, place=1, version=strategic.version)


def test_a_stale_save_is_refused(programme, lead):
    track = make.tracks_of(programme)["technical"]
    seen = track.version
    actor = make.actor(lead)
    track_commands.edit_track(actor, programme, track, DESIGN, place=1, version=seen)
    db.session.commit()
    with pytest.raises(Conflict):
        track_commands.edit_track(actor, programme, track, DESIGN, place=1, version=seen)


def test_a_programme_has_no_end_of_tracks(programme, lead):
    actor = make.actor(lead)
    for n in range(TRACKS_MAX - 2):
        track_commands.add_track(actor, programme, TrackNames(name_fr=f"Volet {n}"))
    with pytest.raises(RuleBroken, match="au plus"):
        track_commands.add_track(actor, programme, DESIGN)


def test_a_track_with_coaches_or_projects_stays_and_the_page_says_why(programme, browser):
    project = make.project(programme)
    track = make.tracks_of(programme)["technical"]
    url = f"{TRACKS}/{track.id}/remove"
    said = words_of(browser.submit(url, expect=422).main)
    assert "Des projets sont accompagnés sur ce volet." in said
    make.role(project.id, Role.COACH, track_id=track.id)
    said = words_of(browser.submit(url, expect=422).main)
    assert "Des coachs suivent des projets sur ce volet." in said
    assert names(programme) == ["technical", "strategic"]


def test_the_last_track_stays(programme, lead):
    actor, tracks = make.actor(lead), make.tracks_of(programme)
    db.session.delete(tracks["technical"])
    db.session.flush()
    with pytest.raises(RuleBroken, match="au moins un volet"):
        track_commands.remove_track(actor, programme, tracks["strategic"])


def test_a_track_of_another_programme_is_not_found_here(programme, browser):
    other = make.tracks_of(make.programme())["technical"]
    browser.visit(f"{TRACKS}/{other.id}", expect=404)
    browser.submit(f"{TRACKS}/{other.id}/remove", expect=404)


def test_coaches_change_no_track(programme):
    coach = make.actor(make.role(programme.id, Role.COACH))
    track = make.tracks_of(programme)["technical"]
    with forbidden():
        track_commands.add_track(coach, programme, DESIGN)
    with forbidden():
        track_commands.edit_track(coach, programme, track, DESIGN, place=1, version=track.version)
    with forbidden():
        track_commands.remove_track(coach, programme, track)
