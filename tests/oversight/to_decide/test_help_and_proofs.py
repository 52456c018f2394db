"""What waits for a coach: requests for help, and proofs to confirm."""

from datetime import timedelta

from portal.app.home import facts
from portal.coaching.clinics.models import Clinic
from portal.oversight.to_decide import content_views
from portal.platform.kernel import clock
from portal.platform.kernel.access import Role
from portal.platform.kernel.database import db
from portal.project.projects.to_decide_queries import clear_waiting_cache
from tests.support import coaching as clinics
from tests.support import decisions
from tests.support import factories as make
from tests.support.browser import words_of

URL = "/to-decide"
LINES = "#to-decide .todo > li"


def act(kind, row_id, verb):
    return f"{URL}/{kind}/{row_id}/{verb}"


def test_a_lead_assigns_a_clinic_and_the_coach_has_it(direction, project, coaching):
    sprint = clinics.asking(project)
    page = direction.visit(URL)
    assert page.select_one(f"#clinics-{sprint.id.hex}-0")
    page = direction.submit(act("clinics", sprint.id, "assign"), person=coaching.id, version="0")
    assert f"Demande confiée à {coaching.name} pour {project.short_name}." in words_of(page)
    assert db.session.query(Clinic).one().taken_by_id == coaching.id
    assert "Demande d’aide à prendre" not in words_of(direction.visit(URL).main)


def test_help_that_somebody_has_stays_in_sight_of_the_lead_until_it_is_closed(
    browser_for, direction, leading, project, coaching
):
    sprint = clinics.asking(project)
    with clock.frozen_at(clock.now() - timedelta(days=3)):
        claimed = clinics.clinic(sprint, coaching)
    (line,) = direction.visit(f"{URL}?show=in_hand").select(LINES)
    for text in ("Les clés", "Aide confiée", f"sprint {sprint.number}", "il y a 3 jours", coaching.name):
        assert text in words_of(line)
    opened = words_of(direction.visit(f"/portfolio?open={project.slug}").main)
    assert f"Aide confiée, il y a 3 jours {coaching.name}" in opened
    (own,) = browser_for(coaching).visit(URL).select(LINES)
    assert "date à fixer" in words_of(own)  # until they fix it
    claimed.taken_by_id = leading.id
    db.session.commit()
    clear_waiting_cache()
    content_views.clear_cache()
    (line,) = direction.visit(f"{URL}?show=mine").select(LINES)
    assert "À vous" in words_of(line)
    team = f"/projects/{project.slug}"
    assert "Fixer la date" in words_of(direction.visit(team).select_one("section[aria-labelledby=yours]"))
    claimed.planned_on = clock.today() + timedelta(days=2)
    db.session.commit()
    clear_waiting_cache()
    content_views.clear_cache()
    facts.clear_cache()
    assert "aide à donner" not in words_of(direction.visit(team).main)  # it waits for nobody until its day
    opened = words_of(direction.visit(f"/portfolio?open={project.slug}").main)
    assert "Aide confiée" not in opened
    assert "Les clés" not in words_of(direction.visit(f"{URL}?show=all").main)  # nothing to decide
    claimed.planned_on = clock.today() - timedelta(days=1)
    db.session.commit()
    for each in (clear_waiting_cache, content_views.clear_cache, facts.clear_cache):
        each()
    assert "Elle a eu lieu" in words_of(direction.visit(team).select_one("section[aria-labelledby=yours]"))
    (line,) = direction.visit(f"{URL}?show=mine").select(LINES)
    assert line.select_one(".todo__acts a[href*='/hold?']")
    claimed.held_on = clock.today() - timedelta(days=1)
    db.session.commit()
    for each in (clear_waiting_cache, content_views.clear_cache, facts.clear_cache):
        each()
    (line,) = direction.visit(f"{URL}?show=mine").select(LINES)
    duty = direction.visit(team).select_one("section[aria-labelledby=yours]")
    for shown in (line, duty):
        assert shown.select_one("a[href*='/close']").contents[0] == "Clore"
        assert "tenue le" in words_of(shown)
        assert "retard" not in words_of(shown)
    claimed.closed_at, claimed.closed_by_id, claimed.outcome = clock.now(), coaching.id, "Fait."
    db.session.commit()
    clear_waiting_cache()
    content_views.clear_cache()
    assert not direction.visit(URL).select(LINES)


def test_the_tabs_add_up_to_what_is_to_decide_apart_from_help_that_somebody_has(
    direction, leading, project, coaching
):
    tabs = direction.visit(URL).select_one(".bar--tabs")
    assert "Déjà prises" not in words_of(tabs)
    clinics.clinic(clinics.asking(project, number=1), coaching)
    clinics.clinic(clinics.asking(project, number=2), leading)  # the reader's own, to be dated
    clinics.clinic(clinics.asking(project, number=3), leading, planned_on=clock.today())
    decisions.decision(project, owner_id=make.role(project.programme_id, Role.PROGRAMME_LEAD).id)
    clinics.asking(project, number=4)
    clear_waiting_cache()
    content_views.clear_cache()
    page = direction.visit(URL)
    links = {words_of(link).rpartition(" ")[0]: link for link in page.select(".bar--tabs > :first-child a")}
    counts = {name: int(words_of(link).rpartition(" ")[2]) for name, link in links.items()}
    assert counts["À décider"] == 3
    assert counts["À décider"] == counts["À moi"] + counts["Sans responsable"] + counts["Confiées"]
    assert counts["Déjà prises"] == 2
    for name in ("À décider", "À moi", "Sans responsable", "Confiées", "Déjà prises"):
        assert len(direction.visit(links[name]["href"]).select(LINES)) == counts[name]


def test_a_clinic_of_yesterday_that_a_coach_has_is_late_in_no_sum_of_the_lead(direction, project, coaching):
    clinics.clinic(clinics.asking(project, number=1), coaching, planned_on=clock.today() - timedelta(days=1))
    clinics.asking(project, number=2)
    page = direction.visit(URL)
    assert len(page.select(LINES)) == 1
    assert "en retard" not in words_of(page.select_one("h1"))


def test_a_second_coach_is_told_who_has_the_clinic(browser_for, direction, project, coaching):
    sprint = clinics.asking(project)
    theirs = browser_for(coaching)
    theirs.submit(act("clinics", sprint.id, "take"), version="0")
    page = direction.submit(act("clinics", sprint.id, "take"), expect=409, version="0")
    assert coaching.name in words_of(page.main)
    assert db.session.query(Clinic).one().taken_by_id == coaching.id


def test_a_request_stays_with_whoever_took_it_until_its_day_is_fixed(browser_for, project, coaching):
    sprint = clinics.asking(project)
    theirs = browser_for(coaching)
    page = theirs.submit(act("clinics", sprint.id, "take"), version="0")
    plan = f"/projects/{project.slug}/clinics/{sprint.number}/plan"
    assert "fixez-en la date" in words_of(page.select_one(".messages"))
    (line,) = theirs.visit(f"{URL}?show=mine").select(LINES)
    assert "date à fixer" in words_of(line)
    assert words_of(line.select_one(f".todo__acts a[href^='{plan}?']")).startswith("Fixer la date")
    theirs.submit(f"{URL}/clinics_claimed/{sprint.id}/take", expect=404)
    theirs.submit(plan, version="1", planned_on=(clock.today() + timedelta(days=3)).isoformat())
    assert not theirs.visit(f"{URL}?show=mine").select(LINES)


def test_a_coach_reads_and_takes_a_request_for_help_on_the_page_of_its_team(browser_for, project, coaching):
    sprint = clinics.asking(project)
    theirs, path = browser_for(coaching), f"/projects/{project.slug}"
    (line,) = [
        each
        for each in theirs.visit(path).select("section[aria-labelledby=yours] .todo > li")
        if "Les clés" in words_of(each)
    ]
    assert "aide demandée aujourd’hui" in words_of(line)
    form = line.select_one("form[action$='/take']")
    sent = {field["name"]: field["value"] for field in form.select("input[name]")}
    page = theirs.submit(form["action"], **sent)
    mine = words_of(page.select_one("section[aria-labelledby=yours]"))
    assert "Fixer la date" in mine
    assert "aide à donner" in mine
    assert sprint.number


def test_a_request_that_was_withdrawn_meanwhile_says_so(browser_for, direction, project, coaching):
    sprint = make.closed_sprint(project)  # its log asks for help no more
    page = f"/projects/{project.slug}/clinics/{sprint.number}"
    theirs = browser_for(coaching)
    for browser, path, sent in (
        (theirs, f"{page}/take", {"version": "0"}),
        (theirs, act("clinics", sprint.id, "take"), {"version": "0"}),
        (direction, f"{page}/assign", {"version": "0", "person": coaching.id}),
        (direction, act("clinics", sprint.id, "assign"), {"version": "0", "person": coaching.id}),
        (direction, f"{page}/remind", {}),
    ):
        refused = browser.submit(path, expect=409, **sent)
        assert "L’équipe ne demande pas cette aide, ou ne la demande plus." in words_of(refused.main), path
    stranger = browser_for(make.role(make.project().id, Role.COACH))
    stranger.submit(f"{page}/take", expect=404, version="0")
    stranger.submit(act("clinics", sprint.id, "take"), expect=404, version="0")
    assert theirs.client.get(page).status_code == 404
    assert db.session.query(Clinic).count() == 0


def test_nobody_is_chosen_beforehand(direction, project, coaching):
    sprint = clinics.asking(project)
    options = direction.visit(URL).select(f"form[action*='/clinics/{sprint.id}/assign'] option")
    assert [option["value"] for option in options] == ["", str(coaching.id)]
    assert words_of(options[0]) == "Choisir"
    page = direction.submit(act("clinics", sprint.id, "assign"), expect=422, person="", version="0")
    assert "Choisissez une personne." in words_of(page.main)
    (select,) = page.select("form[data-form-refused] select")
    assert select.select_one("option")["value"] == ""


def test_the_proof_stands_on_the_line_before_it_is_confirmed(browser_for, project, coaching):
    done = clinics.done(project, coaching, what="Nommer deux rôles", proof="", proof_link="https://ex.fr/pv")
    theirs = browser_for(coaching)
    (line,) = theirs.visit(URL).select(LINES)
    assert "« https://ex.fr/pv »" in words_of(line).replace("\xa0", " ")
    page = theirs.submit(act("recommendations", done.id, "confirm"))
    assert "Recommandation confirmée : « Nommer deux rôles »." in words_of(page).replace("\xa0", " ")


def test_minutes_that_are_not_written_wait_for_whoever_logged_the_session_from_the_day_after(
    browser_for, direction, project, coaching
):
    held_on = clock.today() - timedelta(days=1)
    session = clinics.session(project, coaching, minutes="", held_on=held_on)
    clinics.session(project, coaching, minutes="")  # of today
    clinics.session(project, coaching, held_on=held_on)
    clinics.decision(project, clinics.session(project, coaching, minutes="", held_on=held_on))
    clear_waiting_cache()
    reader, path = browser_for(coaching), f"/projects/{project.slug}/coaching/{session.number}"
    (line,) = reader.visit(URL).select(LINES)
    assert "compte rendu à écrire" in words_of(line)
    assert "cette séance ne compte pas encore" in words_of(line)  # another one of these days may
    assert line.select_one(f".todo__acts a[href^='{path}/edit?']")
    own = reader.visit(f"/projects/{project.slug}").select_one("section[aria-labelledby=yours]")
    assert words_of(own.find("a", href=f"{path}/edit")) == "Écrire le compte rendu"
    other = browser_for(make.role(project.id, Role.COACH))
    for page in (direction.visit(URL), other.visit(URL)):
        assert "compte rendu à écrire" not in words_of(page.main)
    reader.submit(act("session_minutes", session.id, "write"), expect=404)
    reader.submit(f"{path}/edit", format="weekly_point", held_on=held_on, minutes="Vu.", version=1)
    assert not reader.visit(URL).select(LINES)
