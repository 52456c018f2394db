"""Runs of an import: complete and incremental, dry, what is gone, what is spoilt."""

from datetime import timedelta

import pytest

from portal.platform.kernel.audit import AuditEvent
from portal.platform.kernel.database import db
from portal.platform.kernel.errors import Overtaken
from portal.platform.kernel.outbox import OutboxMessage
from portal.selection.applications import commands as applications
from portal.selection.applications.models import Application, ApplicationState
from portal.selection.imports.models import ImportMode, ImportRun, RunState
from tests.support import calls as some
from tests.support import sources
from tests.support.browser import words_of
from tests.support.dossiers import FIELDS, FIRST_DAY, Dossier, File

PDF = b"%PDF-1.4\n1 0 obj\n<< >>\nendobj\ntrailer\n<< >>\n%%EOF\n"
NONE = dict.fromkeys(sources.run_commands.COUNTS, 0)


def counts(run, **expected):
    assert run.state is RunState.DONE, (run.problem, run.detail)
    assert run.counts == NONE | expected


def by_number(call):
    return {int(row.external_id): row for row in some.applications_of(call)}


def test_all_is_read_once_and_nothing_is_written_again(source, site, call):
    first = sources.run(call)
    counts(first, created=23)
    assert (first.mode, first.is_complete) == (ImportMode.COMPLETE, True)
    application = by_number(call)[1003]
    assert (application.title, application.organisation) == ("Projet 3", "Organisme 3")
    assert application.summary == "Résumé 3"
    assert application.data_sources == "A, b\nC"
    assert application.company_number == f"{10**13 + 3}"
    assert application.contact_email == "contact@organisme.example"
    assert application.received_on == FIRST_DAY.date()
    assert sources.read_rows()["member"][3][2:] == ("Ada 3", "ada3@organisme.example", "Cheffe de projet")
    assert [row.number for row in some.applications_of(call)] == list(range(1, 24))
    before = sources.read_rows()
    events = db.session.query(AuditEvent).count()
    counts(sources.run(call), unchanged=1)
    counts(sources.run(call, ImportMode.COMPLETE), unchanged=23)
    assert sources.read_rows() | {"run": None} == before | {"run": None}
    assert db.session.query(AuditEvent).count() == events
    assert db.session.query(OutboxMessage).count() == 0
    assert site.leaks == []


def test_a_change_at_the_source_keeps_what_a_lead_changed_here(source, site, call, lead):
    sources.run(call)
    application = by_number(call)[1005]
    loaded = some.load(lead, application)
    facts = {name: getattr(application, name) for name in ("organisation", "company_number", "summary")}
    own = applications.ApplicationFacts(
        **facts, title="Titre corrigé ici", received_on=application.received_on, problem=application.problem
    )
    applications.change_application(lead, loaded, own, application.version)
    db.session.commit()
    site.change(1005, values={"Champ-2": "Nouveau résumé", "Champ-3": "Problème 5"})
    counts(sources.run(call), updated=1, unchanged=1)
    row = by_number(call)[1005]
    assert (row.title, row.summary) == ("Titre corrigé ici", "Nouveau résumé")
    event = db.session.query(AuditEvent).filter_by(subject_id=row.id).order_by(AuditEvent.id.desc()).first()
    assert (event.action, event.actor_id, event.facts["fields"]) == ("application.changed", None, ["summary"])


def test_a_dry_run_says_what_would_change_and_changes_nothing(source, site, call):
    sources.run(call)
    site.dossiers.append(Dossier(5000, "Nouveau", "Nouvel organisme", updated=FIRST_DAY + timedelta(days=2)))
    site.change(1001, title="Autre titre")
    site.delete(1002, to="deleted")
    before = sources.read_rows()
    dry = sources.run(call, ImportMode.COMPLETE, is_dry=True)
    counts(dry, created=1, updated=1, unchanged=21, withdrawn=1)
    assert sources.read_rows() | {"run": None} == before | {"run": None}
    assert {each["kind"]: each["title"] for each in dry.differences} == {
        "created": "Nouveau",
        "updated": "Projet 1",
        "withdrawn": "Projet 2",
    }
    changed = next(each for each in dry.differences if each["kind"] == "updated")
    assert changed["fields"] == [["title", "Projet 1", "Autre titre"]]
    dry_id = dry.id
    counts(sources.run(call), created=1, updated=1, withdrawn=1, unchanged=1)
    assert db.session.get(ImportRun, dry_id).differences == []


def test_three_ways_to_be_gone_and_one_to_come_back(source, site, call):
    sources.run(call)
    version = by_number(call)[1007].version
    site.delete(1001, to="deleted", days_ago=14)  # told with the day of the bin
    site.delete(1002, to="binned")
    site.delete(1003, to="expired")
    back = next(each for each in site.dossiers if each.number == 1004)
    site.delete(1004, to="binned")
    counts(sources.run(call), unchanged=1, withdrawn=3)
    assert by_number(call)[1003].state is ApplicationState.RECEIVED  # a partial reading proves nothing
    counts(sources.run(call, ImportMode.COMPLETE), unchanged=19, withdrawn=1)
    states = {number: row.state for number, row in by_number(call).items()}
    gone = {number for number, state in states.items() if state is ApplicationState.WITHDRAWN}
    assert gone == {1001, 1002, 1003, 1004}
    assert "corbeille" in by_number(call)[1002].state_reason
    site.binned = [stone for stone in site.binned if stone.number != 1004]
    site.dossiers.append(back)
    site.change(1004, title="Projet 4, de retour")
    counts(sources.run(call), updated=1, unchanged=1)
    row = by_number(call)[1004]
    assert (row.state, row.state_reason, row.title) == (ApplicationState.RECEIVED, "", "Projet 4, de retour")
    counts(sources.run(call), unchanged=2)
    assert by_number(call)[1007].version == version


def test_a_withdrawal_that_the_source_confirms_is_no_longer_undone(source, site, call, lead):
    sources.run(call)
    application = by_number(call)[1002]
    applications.withdraw_application(lead, some.load(lead, application), "Par erreur", application.version)
    db.session.commit()
    site.delete(1002, to="deleted")
    counts(sources.run(call), unchanged=1)
    application = by_number(call)[1002]
    with pytest.raises(Overtaken, match="La source a confirmé ce retrait"):
        applications.undo_withdrawal(lead, some.load(lead, application), application.version)


def test_nobody_is_withdrawn_because_everything_is_absent(source, site, call):
    sources.run(call)
    everybody, site.dossiers = site.dossiers, []
    counts(sources.run(call, ImportMode.COMPLETE))
    site.dossiers = everybody
    site.dossiers[4].is_broken = True
    spoilt = sources.run(call, ImportMode.COMPLETE)
    counts(spoilt, unchanged=22, unreadable=1)
    assert spoilt.unreadable[0][0] == "1004"
    assert all(row.state is ApplicationState.RECEIVED for row in some.applications_of(call))


def test_what_cannot_be_read_is_listed_and_stops_nothing(source, site, call):
    site.dossiers[0].title = ""
    site.dossiers[1].organisation = ""
    site.dossiers[2].is_broken = True
    site.dossiers[3].revision = "ProcedureRevision-1"
    site.dossiers[5].title = "Ti\u0000tre " + "très long " * 40
    site.dossiers[6].siret = "12"
    run = sources.run(call)
    counts(run, created=20, unreadable=3)
    reasons = {number: reason.partition(" ")[0] for number, reason in run.unreadable}
    assert reasons == {"1000": "no_title", "1001": "no_organisation", "1002": "Cannot"}
    assert by_number(call)[1005].title.endswith("…")
    assert by_number(call)[1006].company_number == ""


def test_what_the_source_completes_in_silence_is_read_again(source, site, call):
    site.dossiers[0].kind, site.dossiers[0].organisation = "PersonneMoraleIncomplete", "x"
    site.dossiers[1].files = [File("note.pdf", PDF, scan="pending")]
    site.dossiers[0].values["Champ-2"] = "Incomplet"
    first = sources.run(call)
    counts(first, created=22, unreadable=1)  # without a name there is no organisation yet
    assert first.unreadable == [["1000", "no_organisation"]]
    site.dossiers[0].kind = "PersonneMorale"  # silently: `updated` stays
    site.dossiers[1].files[0].scan = "safe"
    assert sources.run(call).counts["files"] == 1
    counts(sources.run(call, ImportMode.COMPLETE), created=1, unchanged=22)
    requests = len(site.requests)
    counts(sources.run(call), unchanged=1)
    assert "readApplication" not in site.requests[requests:]


def test_a_changed_form_stops_the_import_and_asks(source, site, call, lead):
    sources.run(call)
    changed = [each for each in FIELDS if each[0] != "Champ-3"]
    changed[1] = ("Champ-2", "Résumé du projet", "Textarea")
    site.revisions["ProcedureRevision-2"] = [*changed, ("Champ-7", "Public visé", "Text")]
    site.change(1001, title="Sous le nouveau formulaire", revision="ProcedureRevision-2")
    stopped = sources.run(call)
    assert (stopped.state, stopped.problem) == (RunState.STOPPED, "form_changed")
    row = sources.source_of(call)
    told = {(each["kind"], each["id"]): each["is_mapped"] for each in row.changes}
    assert told == {("removed", "Champ-3"): True, ("renamed", "Champ-2"): True, ("added", "Champ-7"): False}
    with pytest.raises(sources.run_commands.RuleBroken):
        sources.start(call)
    db.session.rollback()
    mapping = dict(sources.commands.proposed_mapping(row))
    assert "problem" not in mapping
    mapping["target_groups"] = "Champ-7"
    sources.commands.save_mapping(lead, call, row, mapping, row.version, takes_files=True, is_scheduled=False)
    db.session.commit()
    counts(sources.run(call), updated=1, unchanged=1)
    assert by_number(call)[1001].title == "Sous le nouveau formulaire"
    assert by_number(call)[1002].problem == "Problème 2"  # of an earlier revision, and read with it


def test_an_application_of_an_unknown_revision_waits(source, site, call):
    site.dossiers[0].revision = "ProcedureRevision-7"
    site.revisions["ProcedureRevision-7"] = list(FIELDS)
    counts(sources.run(call), created=23)  # the same fields: nothing to ask
    assert "ProcedureRevision-7" in sources.source_of(call).revisions


def test_the_jury_has_begun_and_nothing_comes_in_any_more(source, site, call, lead):
    started = sources.start(call)
    some.move(lead, call, some.CallState.IN_REVIEW)
    run = sources.go_on(call, started.id)
    assert (run.state, run.problem) == (RunState.STOPPED, "call_closed")
    with pytest.raises(sources.run_commands.TooLate):
        sources.start(call)


def test_incremental_pages_go_on_by_the_last_change(source, site, call):
    """Ten pages of an incremental reading, in the order of change and not of deposit."""
    sources.run(call)
    for number in (1020, 1003, 1011):
        site.change(number, title=f"Changé {number}")
    for dossier in site.dossiers:
        if dossier.number < 1015 and dossier.number not in {1003, 1011}:
            dossier.updated += timedelta(hours=1)
    run = sources.run(call)
    assert run.counts["updated"] == 3
    assert db.session.query(Application).filter(Application.title.like("Changé%")).count() == 3


def test_leads_are_told_of_what_came_in_and_of_what_stopped(source, site, call, leading, browser_for):
    browser = browser_for(leading)
    site.always = "scope"
    sources.run(call)
    inbox = words_of(browser.visit("/inbox"))
    assert "L’import de l’appel 1 s’est arrêté, et vous attend" in inbox
    site.always = ""
    sources.run(call)
    assert "Des candidatures importées sont arrivées dans l’appel 1" in words_of(browser.visit("/inbox"))


def test_a_file_that_cannot_be_opened_stops_its_run(source, site, call, monkeypatch):
    def fail(*_given):
        raise LookupError

    run_id = sources.start(call, ImportMode.COMPLETE).id
    monkeypatch.setattr(sources.jobs, "_open_run_reader", fail)
    with pytest.raises(LookupError):
        sources.go_on(call, run_id)
    run = db.session.get_one(ImportRun, run_id, populate_existing=True)
    assert (run.state, run.problem) == (RunState.STOPPED, "failed")
