"""Scores are sealed until all are in, open at once, and change only with a reason."""

import pytest

from portal.platform.kernel.database import db
from portal.platform.kernel.errors import Conflict, NotAllowed, NotFound, Overtaken, RuleBroken, TooLate
from portal.selection.applications.models import ApplicationState
from portal.selection.applications.queries import get_readable_application
from portal.selection.calls.models import CallState
from portal.selection.calls.queries import list_criteria
from portal.selection.jury import opening_commands, queries, score_commands
from portal.selection.jury.score_commands import ScoreRevision
from portal.selection.jury.sheet_queries import read_sheet_entries
from portal.selection.jury.sheet_rules import ScoreSheetEntry
from portal.selection.ranking.models import StoredRank
from tests.support import calls as some
from tests.support import factories as make
from tests.support.browser import words_of


def sheet_of(person, row):
    actor = make.actor(person)
    loaded = some.load(actor, row)
    return actor, loaded, loaded.assignment


def test_before_declaring_a_juror_knows_the_title_alone(under_review, jurors):
    loaded = some.load(jurors[0], under_review)
    assert (loaded.rights.is_juror, loaded.rights.reads_whole) == (True, False)
    with pytest.raises(NotFound):
        get_readable_application(make.actor(jurors[0]), "ami", 1, under_review.number)
    with pytest.raises(NotFound):
        some.load(jurors[2], under_review)  # on the jury, but not assigned
    some.declare(jurors[0], under_review)
    assert some.load(jurors[0], under_review).rights.reads_whole


def test_scores_open_with_the_last_sheet_and_not_before(under_review, jurors, lead, call):
    assert not some.judge(jurors[0], under_review, 4)
    assert queries.list_opened_scores(some.load(lead, under_review)) == []
    assert queries.list_opened_scores(some.load(jurors[0], under_review)) == []
    assert some.judge(jurors[1], under_review, 2)
    loaded = some.load(lead, under_review)
    assert loaded.application.state is ApplicationState.SCORED
    assert len(queries.list_opened_scores(loaded)) == 10
    assert loaded.application.total_hundredths == 6000
    assert db.session.query(StoredRank).one().rank == 1


def test_a_sheet_is_sent_whole_once_and_each_score_is_justified(under_review, jurors, call):
    some.declare(jurors[0], under_review)
    actor, loaded, own = sheet_of(jurors[0], under_review)
    good = some.entries(call, 3)
    for entry, field in ((ScoreSheetEntry(), "value_team"), (ScoreSheetEntry(3), "why_team")):
        with pytest.raises(RuleBroken) as refused:
            score_commands.send_sheet(actor, loaded, good | {"team": entry}, own.version)
        assert refused.value.field == field
        db.session.rollback()
    with pytest.raises(RuleBroken) as refused:  # all that lacks at once
        score_commands.send_sheet(actor, loaded, {"team": good["team"]}, own.version)
    assert [field for field, _sentence in refused.value.faults] == [
        f"value_{key}" for key in good if key != "team"
    ]
    db.session.rollback()
    score_commands.save_sheet(actor, loaded, good | {"team": ScoreSheetEntry(3)}, own.version)
    db.session.commit()
    assert read_sheet_entries(own)["team"] == ScoreSheetEntry(3)
    with pytest.raises(Conflict):  # of another window
        score_commands.send_sheet(actor, loaded, good, own.version - 1)
    db.session.rollback()
    actor, loaded, own = sheet_of(jurors[0], under_review)
    score_commands.send_sheet(actor, loaded, good | {"team": ScoreSheetEntry(abstains=True)}, own.version)
    db.session.commit()
    with pytest.raises(Overtaken):
        score_commands.save_sheet(actor, loaded, good, own.version)


def test_a_sheet_names_all_that_it_lacks_beside_each_criterion(under_review, jurors, call, browser_for):
    some.declare(jurors[0], under_review)
    juror = browser_for(jurors[0])
    path = f"/programmes/ami/calls/{call.number}/applications/{under_review.number}/sheet"
    words = words_of(juror.visit(path).main)
    assert words.count("Obligatoire pour envoyer.") == words.count("Obligatoire avec une note.") == 5
    version = some.load(jurors[0], under_review).assignment.version
    page = juror.submit(f"{path}/send", expect=422, value_team="3", version=version)
    summary, criteria = page.find(class_="error-summary").text, list_criteria(call)
    assert summary.count("Notez ce critère, ou abstenez-vous.") == len(criteria) - 1
    assert all(criterion.name in summary for criterion in criteria)
    assert f"{criteria[2].name} : pourquoi cette note" in summary  # the one that is scored
    assert len(page.find_all(class_="fr-message--error")) == len(criteria)  # and beside each


def test_a_juror_reads_that_the_examination_is_to_come(lead, call, jurors, browser_for):
    row = some.application(lead, call)
    some.eligible(lead, row)
    some.assign(lead, row, jurors[0])
    juror = browser_for(jurors[0])
    assert "1 attend que vous la notiez" in words_of(juror.visit("/jury"))  # its declaration
    some.declare(jurors[0], row)
    page = words_of(juror.visit("/jury"))
    assert "Rien n’est attendu de vous" in page
    assert "L’examen n’a pas commencé" in page
    assert "À noter" not in page
    sheet = words_of(juror.visit(f"/programmes/ami/calls/{call.number}/applications/{row.number}/sheet"))
    assert "L’examen n’a pas commencé" in sheet
    assert "Vos notes sont envoyées" not in sheet
    some.move(lead, call, CallState.IN_REVIEW)
    assert "1 attend que vous la notiez" in words_of(juror.visit("/jury"))


def test_a_juror_who_never_declared_reads_that_the_examination_is_over(
    under_review, lead, call, jurors, browser_for
):
    some.move(lead, call, CallState.DELIBERATED)
    juror = browser_for(jurors[0])
    assert "L’examen est clos" in words_of(juror.visit("/jury"))
    page = words_of(juror.visit(f"/programmes/ami/calls/{call.number}/applications/{under_review.number}"))
    assert "L’examen est clos. Vos notes ne sont plus attendues." in page
    assert "Vous n’y prenez pas part" not in page


def test_a_lead_opens_early_with_a_reason_and_a_late_sheet_is_told(under_review, jurors, lead):
    some.judge(jurors[0], under_review, 4)
    some.declare(jurors[1], under_review)
    loaded = some.load(lead, under_review)
    with pytest.raises(RuleBroken):
        opening_commands.open_scores(lead, loaded, "", loaded.application.version)
    db.session.rollback()
    opening_commands.open_scores(lead, loaded, "Elle est malade.", loaded.application.version)
    db.session.commit()
    assert loaded.application.opened_reason == "Elle est malade."
    with pytest.raises(Overtaken):
        some.send(jurors[1], under_review, 2)
    db.session.rollback()
    with pytest.raises(TooLate):
        opening_commands.open_scores(lead, loaded, "Encore.", loaded.application.version)


def test_no_scores_are_opened_unless_the_jury_examines_the_call(under_review, lead, call):
    for state in (CallState.OPEN, CallState.CLOSED, CallState.DELIBERATED):
        call.state = state
        db.session.commit()
        loaded = some.load(lead, under_review)
        with pytest.raises(TooLate, match="Le jury n’examine pas"):
            opening_commands.require_can_open_scores(loaded)


def test_nobody_but_leads_opens(under_review, jurors):
    some.declare(jurors[0], under_review)
    actor, loaded, _own = sheet_of(jurors[0], under_review)
    with pytest.raises(NotAllowed):
        opening_commands.open_scores(actor, loaded, "Pour voir.", loaded.application.version)


def test_an_opened_score_changes_with_a_reason_and_keeps_both_values(under_review, jurors, lead, call):
    for person, value in zip(jurors, (4, 1), strict=False):
        some.judge(person, under_review, value)
    actor, loaded, own = sheet_of(jurors[1], under_review)
    assert some.load(lead, under_review).application.is_dispersed
    revision = ScoreRevision("benefits", ScoreSheetEntry(3, False, "Vu en séance."), "J’avais mal lu.")
    score_commands.change_score(actor, loaded, revision, own.version)
    db.session.commit()
    [(change, _who, _criterion)] = queries.list_score_changes(some.load(lead, under_review))
    assert (change.old_value, change.new_value, change.reason) == (1, 3, "J’avais mal lu.")
    assert change.old_justification == "Parce que."
    assert some.load(lead, under_review).application.total_hundredths == 5000 + 600
    with pytest.raises(RuleBroken):  # the same value again
        score_commands.change_score(actor, loaded, revision, own.version)
    db.session.rollback()
    some.move(lead, call, CallState.DELIBERATED)
    with pytest.raises(TooLate):
        score_commands.change_score(actor, loaded, revision, own.version)


def test_an_application_that_is_not_ranked_says_which_scores_lack(
    under_review, jurors, leading, call, browser_for
):
    some.judge(jurors[0], under_review, 4)
    some.declare(jurors[1], under_review)
    actor, loaded, own = sheet_of(jurors[1], under_review)
    abstained = some.entries(call, 3) | {"team": ScoreSheetEntry(abstains=True)}
    assert score_commands.send_sheet(actor, loaded, abstained, own.version)
    db.session.commit()
    browser, path = browser_for(leading), f"/programmes/ami/calls/{call.number}"
    page = words_of(browser.visit(f"{path}/applications/{under_review.number}"))
    team = next(criterion.name for criterion in list_criteria(call) if criterion.key == "team")
    assert f"il faut {call.scores_needed} notes par critère. Il en manque à : {team}." in page
    assert "Un juré qui s’est abstenu peut encore noter" in page
    ranking = words_of(browser.visit(f"{path}/ranking"))
    assert "non classée : il manque des notes, sa page dit lesquelles" in ranking


@pytest.mark.parametrize("sent", [0, 1])
def test_what_was_opened_early_says_that_it_is_decided_without_a_rank(
    under_review, jurors, leading, browser_for, sent
):
    for person in jurors[:sent]:
        some.judge(person, under_review, 4)
    lead = make.actor(leading)
    loaded, call = some.load(lead, under_review), some.load(lead, under_review).call
    opening_commands.open_scores(lead, loaded, "Elle est malade.", loaded.application.version)
    db.session.commit()
    path = f"/programmes/ami/calls/{call.number}/applications/{under_review.number}"
    page = words_of(browser_for(leading).visit(path))
    assert "Ouvertes sans attendre : Elle est malade." in page
    assert f"Il en manque à : {', '.join(each.name for each in list_criteria(call))}." in page
    assert "La décision se prend sans rang." in page
    assert "peut encore noter" not in page


def test_a_recusal_of_the_last_one_awaited_opens_when_enough_are_in(under_review, jurors, lead):
    some.assign(lead, under_review, jurors[2])
    some.judge(jurors[0], under_review, 4)
    some.judge(jurors[1], under_review, 2)
    assert some.load(lead, under_review).application.opened_at is None
    some.declare(jurors[2], under_review, conflict=True)
    assert some.load(lead, under_review).application.opened_at is not None


def test_fewer_sheets_than_asked_open_nothing(under_review, jurors, lead):
    some.judge(jurors[0], under_review, 4)
    some.declare(jurors[1], under_review, conflict=True)
    assert some.load(lead, under_review).application.opened_at is None


def test_a_refused_declaration_is_reloaded_as_the_page_of_the_application(under_review, jurors, browser_for):
    place = f"/programmes/ami/calls/1/applications/{under_review.number}"
    browser = browser_for(jurors[0])
    browser.submit(f"{place}/interests", expect=422)
    reloaded = browser.open(f"{place}/interests", method="GET")
    assert (reloaded.status_code, reloaded.headers["Location"]) == (303, place)


def test_who_sent_their_scores_goes_on_to_the_next_application(jurors, lead, call, browser_for):
    first, second, third = rows = [some.application(lead, call) for _ in range(3)]
    for row in rows:
        some.eligible(lead, row)
        some.assign(lead, row, *jurors[:2])
    some.move(lead, call, CallState.IN_REVIEW)
    for row in (first, third):
        some.declare(jurors[0], row)
    juror = browser_for(jurors[0])
    path = f"/programmes/ami/calls/{call.number}/applications"

    def next_act():
        links = juror.visit(f"{path}/{first.number}").main.select("a.fr-btn")
        return [(link["href"], words_of(link)) for link in links if "suivante" in link.text]

    assert not next_act()  # this one first
    some.send(jurors[0], first, 4)
    assert next_act() == [(f"{path}/{second.number}", f"Se prononcer sur la suivante : {second.title}")]
    some.declare(jurors[0], second, conflict=True)
    assert next_act() == [(f"{path}/{third.number}/sheet", f"Noter la suivante : {third.title}")]
    some.send(jurors[0], third, 4)
    assert not next_act()


def test_in_english_one_scores_an_application_and_notes_nothing(under_review, jurors, browser_for):
    some.declare(jurors[0], under_review)
    jurors[0].locale = "en"
    db.session.commit()
    browser = browser_for(jurors[0])
    link = browser.visit("/jury").select_one(".todo__acts a")
    assert words_of(link) == f"Score {under_review.title}"
    assert "Score" in words_of(browser.visit(link["href"]).select_one(".fr-breadcrumb"))
