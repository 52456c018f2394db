"""A coach asks the lead to hand a team over; the lead answers among what is to decide."""

import pytest

from portal.coaching.coach_notes import commands as request_commands
from portal.coaching.coach_notes.models import CoachNote
from portal.communication.notifications.models import Notification
from portal.oversight.coach_desk import commands, queries
from portal.oversight.coach_desk.to_decide_labels import WHY_SHOWN
from portal.people.programmes.models import RoleAssignment
from portal.people.programmes.queries import list_tracks
from portal.people.programmes.role_commands import end_role
from portal.platform.kernel import clock
from portal.platform.kernel.access import Role
from portal.platform.kernel.audit import AuditEvent
from portal.platform.kernel.database import db
from portal.platform.kernel.errors import NotFound, Overtaken, RuleBroken
from portal.project.projects.queries import get_scope_of
from portal.project.projects.to_decide_queries import map_waiting_lines_by_kind
from tests.support import coaching as some
from tests.support import factories as make
from tests.support.browser import words_of
from tests.support.refusals import forbidden

WHY = "Je change de poste en janvier."
NOTE = "La DSI valide tout."


def hand_over(project, leading, successor):
    """Give the successor the team of its only coach."""
    (id_,) = db.session.query(RoleAssignment.id).filter_by(scope_id=project.id, role=Role.COACH).one()
    part = queries.get_assignment(project, id_)
    commands.hand_over_team(make.actor(leading), project, part, successor, "À suivre.")
    db.session.commit()


def lines_of(person):
    return map_waiting_lines_by_kind(make.actor(person))["hand_overs"]


def test_a_request_reaches_the_lead_who_hands_the_team_over(
    browser_for, project, coaching, successor, leading
):
    coach, lead = browser_for(coaching), browser_for(leading)
    asking = coach.visit("/coaching").select_one(f"#hand-over a[href='/projects/{project.slug}/hand-over']")
    page = coach.visit(asking["href"])
    assert "vous ne lisez plus le projet" in words_of(page.main)
    for _click in range(2):
        page = coach.submit(asking["href"], to=str(successor.id), why=WHY, note=NOTE, form_key="k")
    assert "la direction n’a pas encore répondu" in words_of(page.select_one("#hand-over"))
    notes = db.session.query(CoachNote).order_by(CoachNote.number)
    assert [note.body for note in notes] == [NOTE, WHY]
    (row,) = lead.visit("/to-decide").select("#to-decide .todo > li")
    assert coaching.name in words_of(row)
    assert successor.name in words_of(row)
    assert WHY in words_of(row)
    form = lead.visit(row.select_one("a[href*='/hand-over/']")["href"])
    assert WHY in words_of(form.main)
    assert form.select_one("[name=note]").text.strip() == NOTE
    assert form.select_one("[name=to] option[selected]")["value"] == str(successor.id)
    hand_over(project, leading, successor)
    assert not lines_of(leading)
    assert coach.open(f"/projects/{project.slug}").status_code == 404


def test_it_names_no_coach_who_has_the_track_in_that_team_already(programme, project, coaching, successor):
    make.role(project.id, Role.COACH, successor)  # without a track, as the coach who asks
    for person in (successor, coaching, make.role(make.programme().id, Role.COACH)):
        with pytest.raises(RuleBroken) as refused:
            request_commands.request_hand_over(make.actor(coaching), project, person, WHY)
        assert refused.value.field == "to"
    (technical, _strategic) = list_tracks(programme.id)
    other = make.role(programme.id, Role.COACH)
    make.role(project.id, Role.COACH, other, track_id=technical.id)
    assert request_commands.request_hand_over(make.actor(coaching), project, other, WHY)


def test_a_lead_says_why_not_and_the_coach_is_told(browser_for, project, coaching, leading):
    note = request_commands.request_hand_over(make.actor(coaching), project, None, WHY)
    db.session.commit()
    lead = browser_for(leading)
    address = f"/to-decide/hand_overs/{note.id}/refuse"
    assert "Écrivez votre réponse." in words_of(lead.submit(address, expect=422, reason=" ").main)
    lead.submit(address, reason="Restez jusqu’à G6.")
    assert not lines_of(leading)
    told = [row.person_id for row in db.session.query(Notification).filter_by(kind="hand_over_requested")]
    assert sorted(told) == sorted([leading.id, coaching.id])
    notes = words_of(browser_for(coaching).visit(f"/projects/{project.slug}/coach-notes").main)
    assert "Demande de passation, non accordée" in notes
    assert "Restez jusqu’à G6." in notes
    with pytest.raises(Overtaken):
        request_commands.refuse_hand_over(make.actor(leading), project, note, "Encore.")


def test_the_coach_who_asked_is_told_once_the_team_is_handed_over(
    browser_for, programme, project, successor, leading
):
    """By name, since they do not read the project any more; and only once no role is left to give."""
    technical, strategic = list_tracks(programme.id)
    coach = make.role(project.id, Role.COACH, track_id=technical.id)
    make.role(project.id, Role.COACH, coach, track_id=strategic.id)
    request_commands.request_hand_over(make.actor(coach), project, successor, WHY)
    db.session.commit()
    make.role(make.project(programme).id, Role.COACH, coach)
    granted = {"person_id": coach.id, "kind": "hand_over_requested"}
    parts = db.session.query(RoleAssignment.id).filter_by(scope_id=project.id, person_id=coach.id).all()
    for number, (id_,) in enumerate(parts):
        assert db.session.query(Notification).filter_by(**granted).count() == 0, number
        part = queries.get_assignment(project, id_)
        commands.hand_over_team(make.actor(leading), project, part, successor, "À suivre.")
        db.session.commit()
    inbox = browser_for(coach).visit("/inbox")
    assert f"a confié {project.short_name} à un autre coach, comme vous l’avez demandé" in words_of(
        inbox.main
    )
    assert "À suivre." not in inbox.text
    (row,) = db.session.query(Notification).filter_by(**granted)
    reached = browser_for(coach).open(f"/inbox/{row.fact_id}", follow_redirects=True)
    assert reached.status_code == 200
    assert reached.request.path == "/coaching"


def test_a_refused_request_is_not_rewritten(browser_for, project, coaching, leading):
    note = request_commands.request_hand_over(make.actor(coaching), project, None, WHY)
    db.session.commit()
    coach, address = browser_for(coaching), f"/projects/{project.slug}/coach-notes"
    path = f"{address}/{note.number}/edit"
    assert coach.visit(address).select_one(f"a[href='{path}']")
    request_commands.refuse_hand_over(make.actor(leading), project, note, "Restez.")
    db.session.commit()
    assert not coach.visit(address).select_one(f"a[href='{path}']")
    page = coach.submit(path, expect=409, body="Autre chose.", version=str(note.version))
    assert "son texte ne change plus" in words_of(page.main)
    assert "Autre chose." in page.select_one("[name=body]").text
    db.session.refresh(note)
    assert note.body == WHY


def test_a_hand_over_that_was_made_is_not_refused_any_more(
    browser_for, project, coaching, successor, leading
):
    note = request_commands.request_hand_over(make.actor(coaching), project, successor, WHY)
    hand_over(project, leading, successor)
    with pytest.raises(Overtaken):
        request_commands.refuse_hand_over(make.actor(leading), project, note, "Restez.")
    db.session.rollback()
    page = browser_for(leading).submit(
        f"/to-decide/hand_overs/{note.id}/refuse", expect=409, reason="Restez."
    )
    assert "Cette demande n’attend plus de réponse." in words_of(page.main)
    db.session.refresh(note)
    assert note.hand_over_refused_at is None
    assert not db.session.query(CoachNote).filter(CoachNote.body.contains("Restez.")).count()


def test_the_note_that_asks_leads_to_the_answer_and_says_what_became_of_it(
    browser_for, project, coaching, successor, leading
):
    address = f"/projects/{project.slug}/coach-notes"
    note = request_commands.request_hand_over(make.actor(coaching), project, successor, WHY)
    db.session.commit()
    assert not browser_for(coaching).visit(address).select("#list a[href*='/hand-over/'], a[href*='kind=']")
    lead = browser_for(leading)
    row = lead.visit(address).select_one(f"#note-{note.number}")
    form = lead.visit(row.select_one("a[href*='/hand-over/']")["href"])
    assert form.select_one("[name=to] option[selected]")["value"] == str(successor.id)
    waiting = lead.visit(row.find("a", string="Y répondre dans « À décider »")["href"])
    assert WHY in words_of(waiting.select_one("#to-decide"))
    project.stopped_on, project.stop_reason, project.learnings = clock.today(), "r", "l"
    db.session.commit()
    assert not lead.visit(address).select("#list a[href*='kind=']")  # the list leaves it out
    project.stopped_on, project.stop_reason, project.learnings = None, "", ""
    db.session.commit()
    hand_over(project, leading, successor)
    row = lead.visit(address).select_one(f"#note-{note.number}")
    assert "Demande de passation, accordée" in words_of(row)
    assert not row.select("a[href*='/hand-over/'], a[href*='kind=']")


def test_a_withdrawn_request_is_not_carried_out(browser_for, project, coaching, successor, leading):
    address = f"/projects/{project.slug}/coach-notes"
    note = request_commands.request_hand_over(make.actor(coaching), project, successor, WHY)
    db.session.commit()
    lead, coach = browser_for(leading), browser_for(coaching)
    row = lead.visit("/to-decide").select_one("#to-decide .todo > li")
    paths = [
        page.select_one("a[href*='/hand-over/']")["href"]
        for page in (row, lead.visit(address).select_one(f"#note-{note.number}"))
    ]
    question = f"{address}/{note.number}/delete"
    assert "La demande de passer la main qu’elle porte est retirée" in words_of(coach.visit(question).main)
    coach.submit(question)
    for path in paths:
        page = lead.submit(path, expect=409, to=str(successor.id), note="À suivre.")
        assert "elle a été retirée" in words_of(page.main)
        assert page.select_one("[name=note]").text.strip() == "À suivre."
        assert page.select_one("[name=to] option[selected]")["value"] == str(successor.id)
    assert not db.session.query(CoachNote).count()
    (part,) = db.session.query(RoleAssignment).filter_by(scope_id=project.id, role=Role.COACH)
    assert part.person_id == coaching.id
    lead.submit(paths[0].partition("?")[0], to=str(successor.id), note="À suivre.")
    db.session.expire_all()
    (part,) = db.session.query(RoleAssignment).filter_by(scope_id=project.id, role=Role.COACH)
    assert part.person_id == successor.id


def test_a_request_that_waits_is_carried_out(browser_for, project, coaching, successor, leading):
    request_commands.request_hand_over(make.actor(coaching), project, successor, WHY)
    db.session.commit()
    lead = browser_for(leading)
    link = lead.visit("/to-decide").select_one("#to-decide a[href*='/hand-over/']")
    lead.submit(link["href"], to=str(successor.id), note="À suivre.")
    (part,) = db.session.query(RoleAssignment).filter_by(scope_id=project.id, role=Role.COACH)
    assert part.person_id == successor.id


def test_a_request_whose_coach_left_has_no_object_any_more(browser_for, project, coaching, leading):
    note = request_commands.request_hand_over(make.actor(coaching), project, None, WHY)
    part = db.session.query(RoleAssignment).filter_by(person_id=coaching.id, scope_id=project.id).one()
    end_role(make.actor(leading), get_scope_of(project), part)  # nobody takes the team over
    db.session.commit()
    row = (
        browser_for(leading).visit(f"/projects/{project.slug}/coach-notes").select_one(f"#note-{note.number}")
    )
    assert "Demande de passation, sans objet" in words_of(row)


def test_a_long_reason_is_shortened_on_the_line(project, coaching, leading):
    request_commands.request_hand_over(make.actor(coaching), project, None, "**Parce que** je pars. " * 400)
    db.session.commit()
    (line,) = lines_of(leading)
    assert line.detail.startswith("Parce que je pars. Parce que")
    assert line.detail.endswith("…")
    assert len(line.detail) <= WHY_SHOWN


def test_nobody_is_proposed_who_coaches_the_team_on_that_track(browser_for, programme, project):
    technical, strategic = list_tracks(programme.id)
    asking, same, other = (make.role(programme.id, Role.COACH) for _coach in range(3))
    for coach, track in ((asking, technical), (same, technical), (other, strategic)):
        make.role(project.id, Role.COACH, coach, track_id=track.id)
    form = browser_for(asking).visit(f"/projects/{project.slug}/hand-over")
    proposed = {option["value"] for option in form.select("[name=to] option")}
    assert str(other.id) in proposed
    assert proposed.isdisjoint({str(asking.id), str(same.id)})


def test_one_request_at_a_time_and_none_to_oneself(project, coaching):
    actor = make.actor(coaching)
    for field, to, why in (("why", None, " "), ("to", coaching, WHY)):
        with pytest.raises(RuleBroken) as refused:
            request_commands.request_hand_over(actor, project, to, why)
        assert refused.value.field == field
    request_commands.request_hand_over(actor, project, None, WHY)
    with pytest.raises(RuleBroken) as refused:
        request_commands.request_hand_over(actor, project, None, WHY)
    assert refused.value.field is None


def test_the_team_learns_nothing_and_other_leads_neither(browser_for, project, coaching, leading):
    member = make.role(project.id, Role.TEAM_LEAD)
    note = request_commands.request_hand_over(make.actor(coaching), project, None, WHY)
    db.session.commit()
    for path in (f"/projects/{project.slug}", f"/projects/{project.slug}/activity", "/notifications"):
        answer = browser_for(member).open(path, follow_redirects=True).get_data(as_text=True)
        assert "passer la main" not in answer
        assert WHY not in answer
    assert WHY not in " ".join(str(row.facts) for row in db.session.query(AuditEvent))
    other = make.role(make.programme().id, Role.PROGRAMME_LEAD)
    assert not lines_of(other)
    browser_for(other).submit(f"/to-decide/hand_overs/{note.id}/refuse", expect=404, reason="r")
    for person in (member, leading):
        with forbidden():
            request_commands.request_hand_over(make.actor(person), project, None, WHY)
    with forbidden():
        request_commands.refuse_hand_over(make.actor(coaching), project, note, "r")
    with pytest.raises(NotFound):
        request_commands.refuse_hand_over(make.actor(leading), project, some.note(project, coaching), "r")
