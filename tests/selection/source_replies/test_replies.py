"""Decisions written back: two people, once each, whatever is lost on the way."""

import pytest

from portal.platform.kernel import clock
from portal.platform.kernel.database import db
from portal.platform.kernel.errors import RuleBroken, TooLate
from portal.selection.applications.models import ApplicationState
from portal.selection.source_replies import commands, jobs, queries
from portal.selection.source_replies.models import ReplyAct, ReplyState, SourceReply
from portal.selection.source_replies.rules import ReplyStep, find_next_step, find_reply_act
from portal.selection.source_replies.to_decide_labels import list_lines
from tests.support import calls as some
from tests.support import instruction, sources
from tests.support.browser import words_of

NOTE = {"is_silent": True, "annotation_id": "Champ-90"}
BASE = "/programmes/ami/calls/1/imports/replies"


@pytest.fixture
def browser(leading, browser_for):
    return browser_for(leading)


def send(call):
    count = jobs.send_due_replies()
    db.session.add(call)
    return count


def states(call):
    return [
        row.state
        for row in db.session.query(SourceReply).join(some.Application).order_by(some.Application.number)
    ]


def test_nobody_proposes_and_approves_alone(published, lead, other, site):
    count = commands.propose_replies(lead, published)
    db.session.commit()
    [line] = list_lines(other)
    assert (line.path, line.title) == (BASE, f"{count} envois à la démarche à approuver")
    assert list_lines(lead) == []
    acts = [
        (application.number, reply.act.value) for reply, application in queries.list_replies(lead, published)
    ]
    assert acts[0] == (1, "accept")
    assert acts[1] == (2, "refuse")
    assert count == len(acts)
    with pytest.raises(RuleBroken):
        commands.approve_replies(lead, published)
    db.session.rollback()
    assert send(published) == 0
    assert commands.approve_replies(other, published) == count
    db.session.commit()
    assert send(published) == count
    assert set(states(published)) == {ReplyState.SENT}
    decided = {
        number: (name, mails) for number, name, _text, mails in instruction.DECISIONS if "Passer" not in name
    }
    assert decided[1000] == ("dossierAccepter", False)
    assert decided[1001] == ("dossierRefuser", False)
    assert send(published) == 0
    with pytest.raises(RuleBroken):
        commands.propose_replies(lead, published)


@pytest.mark.parametrize("place", range(6))
def test_a_decision_whose_answer_is_lost_is_made_once(published, lead, other, site, place):
    commands.propose_replies(lead, published)
    db.session.commit()
    commands.approve_replies(other, published)
    db.session.commit()
    first = len(site.requests)
    site.faults = {first + place: "lost", first + place + 1: "closed"}
    send(published)
    with clock.frozen_at(clock.now() + 3 * commands.RETRY_STEP):
        send(published)
    assert set(states(published)) == {ReplyState.SENT}
    made = [(number, name) for number, name, _text, _mails in instruction.DECISIONS]
    assert len(made) == len(set(made))


@pytest.mark.parametrize("place", range(9))
def test_an_annotation_tells_instructors_the_decision_once(published, lead, other, site, place):
    setting = queries.find_reply_setting(published)
    unknown = NOTE | {"annotation_id": "x"}
    with pytest.raises(RuleBroken, match="annotation"):
        commands.save_reply_setting(lead, published, setting.instructor_id, setting.version, **unknown)
    db.session.rollback()
    commands.save_reply_setting(lead, published, setting.instructor_id, setting.version, **NOTE)
    commands.propose_replies(lead, published)
    db.session.commit()
    commands.approve_replies(other, published)
    db.session.commit()
    first = len(site.requests)
    site.faults = {first + place: "lost", first + place + 1: "closed"}
    send(published)
    with clock.frozen_at(clock.now() + 3 * commands.RETRY_STEP):
        send(published)
    assert set(states(published)) == {ReplyState.SENT}
    told = [dossier.annotations["Champ-90"] for dossier in site.dossiers]
    assert told[0].startswith("Candidature n°\u00a01\u00a0: lauréate.")
    assert "Décision publiée le" in told[1]
    assert all("Champ-91" not in dossier.annotations for dossier in site.dossiers)
    made = [(number, name) for number, name, _text, _mails in instruction.DECISIONS]
    assert len(made) == len(set(made))


def test_a_waiting_list_is_annotated_and_not_decided():
    waiting = ApplicationState.WAITING_LIST
    assert find_reply_act(waiting) is None
    assert find_reply_act(waiting, annotates=True) is ReplyAct.ANNOTATE
    assert find_next_step("en_instruction", ReplyAct.ANNOTATE, is_annotated=False) is ReplyStep.ANNOTATE
    assert find_next_step("en_instruction", ReplyAct.ANNOTATE) is ReplyStep.DONE


def test_a_refusal_is_shown_and_stops(published, lead, other, site):
    site.dossiers[0].state = "refuse"  # decided by hand over there
    replies = queries.find_reply_setting(published)
    commands.save_reply_setting(lead, published, "another", replies.version, is_silent=True)
    commands.propose_replies(lead, published)
    db.session.commit()
    commands.approve_replies(other, published)
    db.session.commit()
    send(published)
    rows = [reply for reply, _application in queries.list_replies(lead, published)]
    assert [row.state for row in rows][:2] == [ReplyState.FAILED, ReplyState.FAILED]
    assert (rows[0].problem, rows[1].problem) == ("other_decision", "act_refused")
    assert "droits d’accès" in rows[1].detail
    commands.take_back_reply(lead, published, rows[1])
    db.session.commit()
    site.dossiers[1].state = "accepte"


def test_nothing_leaves_before_publication(lead, call, site):
    sources.connect(lead, call, site)
    with pytest.raises(TooLate):
        commands.save_reply_setting(lead, call, "x", 0, is_silent=True)


def test_the_page_previews_and_refuses_who_proposed(browser, published, lead):
    commands.propose_replies(lead, published)
    db.session.commit()
    page = words_of(browser.visit(BASE))
    assert "1. Projet 0 Accepter" in page
    assert "Approuver" not in page.replace("À approuver", "")
    refused = browser.submit(f"{BASE}/approve", expect=422)
    assert "Une autre direction" in words_of(refused)
    browser.submit(f"{BASE}/1/remove")
    assert "1. Projet 0 Accepter" not in words_of(browser.visit(BASE))
