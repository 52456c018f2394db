"""Imported files: the newest words stay, a lead's are never lost, what was read in part is said."""

from datetime import date, datetime

from portal.platform.kernel.database import db
from portal.platform.kernel.text import format_day
from portal.platform.outgoing import addresses
from portal.selection.applications import commands as applications
from portal.selection.applications.labels import event_sentence
from portal.selection.applications.models import MEMBERS_MAX
from portal.selection.applications.timeline_queries import read_timeline
from portal.selection.imports import dossier_rules, export_rules, form_rules, labels, upload_commands
from portal.selection.imports.export_documents import read_uploaded_export_and_tables
from portal.selection.imports.models import ImportRun, RunState
from tests.selection.imports.test_exports import HEAD, as_csv, as_workbook, line, upload
from tests.support import calls as some
from tests.support import sources
from tests.support.browser import words_of

DATED = [*HEAD, "Dernière mise à jour le"]
BASE = "/programmes/ami/calls/1"


def dated(moment, **given):
    return [*line(1, **given), moment]


def correct_title(lead, call, title):
    application = some.applications_of(call)[0]
    facts = applications.ApplicationFacts(
        organisation="Organisme", title=title, received_on=application.received_on, summary="Premier"
    )
    applications.change_application(lead, some.load(lead, application), facts, application.version)
    db.session.commit()


def test_an_older_file_changes_nothing_and_the_words_of_a_lead_are_kept(lead, leading, call, browser_for):
    browser, name = browser_for(leading), leading.name
    upload(lead, call, as_csv([DATED, dated("2018-11-25 10:00:00 +0100")]))
    correct_title(lead, call, "Titre corrigé ici")
    older = as_csv([DATED, dated("2018-11-20 10:00:00 +0100", **{"Titre du projet": "Ancien"})])
    for is_dry in (True, False):
        run = upload(lead, call, older, is_dry=is_dry)
        assert {name: n for name, n in run.counts.items() if n} == {"older": 1}
        assert run.remarks == [["1", "older"]]
        assert labels.run_summary_line(run) == "1 plus ancienne, laissée"
    assert some.applications_of(call)[0].title == "Titre corrigé ici"
    newer = as_csv([DATED, dated("26/11/2018 09:00", **{"Titre du projet": "Nouveau"})], ";")
    dry = upload(lead, call, newer, is_dry=True)
    assert dry.differences[0]["fields"] == [["title", "Titre corrigé ici", "Nouveau"]]
    assert "Dans le fichier" in words_of(browser.visit(f"{BASE}/imports/{dry.number}").main)
    number = upload(lead, call, newer).number
    row = some.applications_of(call)[0]
    assert row.title == "Nouveau"
    latest = read_timeline(some.load(lead, row))[0]
    assert event_sentence(latest) == (
        f"Candidature modifiée par l’import {number}, lancé par {name}\xa0: titre du projet"
    )
    words = words_of(browser.visit(f"{BASE}/applications/{row.number}"))
    assert f"Titre du projet, remplacé par l’import {number} le" in words
    assert "Titre corrigé ici" in words
    correct_title(lead, call, "Encore")  # the words that the source then says too
    run = upload(lead, call, as_csv([DATED, dated("27/11/2018 09:00", **{"Titre du projet": "Encore"})]))
    assert run.counts["unchanged"] == 1
    received = {"field": "received_on", "text": "2026-05-01"}
    assert labels.replaced_words_text(received) == format_day(date(2026, 5, 1))


def test_what_the_source_gave_last_is_newer_than_an_older_file(source, site, call, lead):
    """Also where an earlier version noted no moment."""
    sources.run(call)

    def read_stored():
        return sources.queries.map_applications_by_source_number(call.id, ["1001"])["1001"][1]

    moment, read_stored().source_updated_at = read_stored().source_updated_at, None
    db.session.commit()
    sources.run(call, sources.ImportMode.COMPLETE)
    assert read_stored().source_updated_at == moment
    fields_at = "Dernière mise à jour du dossier le"  # another clock, before the first
    written = datetime.fromisoformat(moment).strftime("%Y-%m-%d %H:%M:%S %z")
    same = [*line(1001, **{"Titre du projet": "Même moment"}), written, "2017-01-01 10:00:00 +0100"]
    run = upload(lead, call, as_csv([[*DATED, fields_at], same]), is_dry=True)
    assert (run.counts["older"], run.counts["updated"]) == (0, 1)
    older = line(1001, **{"Titre du projet": "Ancien"})
    run = upload(lead, call, as_csv([DATED, [*older, "2017-01-01 10:00:00 +0100"]]))
    assert (run.counts["older"], run.counts["updated"]) == (1, 0)


def test_the_moments_of_any_file_are_compared():
    def read(text, *, from_1904=False):
        return export_rules.read_update_moment(text, from_1904=from_1904)

    assert read("2018-09-12 10:32:11 +0200") == read("43355.439016204")
    assert read("12/09/2018 10:32") == read("2018-09-12 10:32:00 +0200")
    exact = read("2018-09-12 10:32:11 +0200")
    texts = ("12/09/2018 10:32:11", "2018-09-12 10:32:11", "2018-09-12T08:32:11Z", "2018-09-12T10:32:11+0200")
    assert {read(text) for text in texts} == {exact}
    assert read("43355") == read("12/09/2018") == "2018-09-12"
    assert (read(""), read("hier"), read("12/09/2018 99:99")) == ("", "", "")
    assert read("0001-01-01 00:00:00 +0200") == ""
    older = dossier_rules.is_older_moment
    assert older(read("12/09/2018 10:32"), read("12/09/2018 10:33"))
    assert not older("2018-09-12", read("12/09/2018 10:32"))
    assert older("2018-09-11", read("12/09/2018 10:32"))
    assert not older("", "2018-09-12")
    assert not older(read("12/09/2018 10:32"), exact)  # a spreadsheet shows no seconds
    assert not older(read("2018-09-12 00:30:00 +0200"), "2018-09-12")  # the day before in UTC


def test_a_column_that_was_missing_once_is_proposed_again(lead, call):
    def propose(data):
        file = upload_commands.store_export_file(lead, call, "d.csv", *read_uploaded_export_and_tables(data))
        db.session.commit()
        return upload_commands.proposed_mapping(file)

    full = [[*HEAD, "Problème à résoudre"], [*line(1), "Un problème"]]
    upload(lead, call, as_csv(full))
    upload(lead, call, as_csv([HEAD, line(1)]))
    assert "problem" not in propose(as_csv([HEAD, line(1)]))
    assert propose(as_csv(full))["problem"] == "Problème à résoudre#1"
    assert some.applications_of(call)[0].problem == "Un problème"  # the file without it emptied nothing
    team = [["Dossier ID", "Prénom", "Nom", "Courriel"], ["1", "Ada", "Lefèvre", "a@x.example"]]
    workbook = as_workbook({"Dossiers": full, "(12) Équipe": team})
    assert propose(workbook)["member_name"] == "(12) Équipe/Nom#1"
    upload(lead, call, workbook, {"problem": ""})
    assert sources.read_rows()["member"] == [(1, 0, "Ada Lefèvre", "a@x.example", "")]
    workbook = as_workbook({"Dossiers": full, "(12) Équipe": team})
    run = upload(lead, call, workbook, {"member_first_name": ""})  # what the mapping leaves out is written
    assert (run.counts["updated"], sources.read_rows()["member"][0][2]) == (1, "Lefèvre")
    assert upload(lead, call, workbook).counts["unchanged"] == 1
    too_many = [["1", "", f"Personne {n}", ""] for n in range(MEMBERS_MAX)]
    for rest in ([["1", "", "Sans adresse", "aucune"]], too_many):
        workbook = as_workbook({"Dossiers": full, "(12) Équipe": [*team, *rest]})
        assert upload(lead, call, workbook, is_dry=True).remarks == [["1", "members"]]
    assert not propose(as_csv(full)).get("problem")  # what the lead refused is not proposed again
    upload(lead, call, as_csv([HEAD, line(1)]))
    file = sources.queries.find_export_file(call)
    # A worker of the version before reads each of them as a column of the file.
    assert set(file.mapping.values()) <= {"Titre du projet#1", "Résumé#1", *form_rules.APPLICANT_SOURCES}
    assert propose(workbook)["member_name"] == "(12) Équipe/Nom#1"
    # A version before noted no refusal: what it proposed is proposed no more, but for the new field.
    file = sources.queries.find_export_file(call)
    mapping = file.mapping = {"title": "Titre du projet#1", "organisation": "@organisation"}
    file.remembered_mapping = sources.sa.null()
    db.session.commit()
    propose(workbook)
    assert propose(workbook) == mapping | {"member_first_name": "(12) Équipe/Prénom#1"}
    later = as_csv([[*full[0], "Données"], [*full[1], "Des clichés"]])
    assert propose(later) == mapping | {"data_sources": "Données#1"}


def test_rows_drafts_and_what_is_cut_are_said(lead, call):
    rows = [
        line(1, **{"Résumé": "Deux\nlignes\nde plus", "Titre du projet": "x" * 300}),
        line(2, **{"État du dossier": "Brouillon"}),
        line(3, **{"Établissement SIRET": "123"}),
        line(4, **{"Titre du projet": ""}),
        line(5, Email="sans arobase"),
    ]
    run = upload(lead, call, as_csv([HEAD, *rows]))
    assert run.unreadable == [["l3", "draft"], ["4", "no_title"]]
    assert run.remarks == [["1", "cut title"], ["3", "company_number"], ["5", "contact_email"]]
    assert run.read_count == run.counts["created"] == 3
    assert labels.remark_sentence("cut title") == "«\xa0Titre du projet\xa0» est trop long\xa0: il est coupé."


def test_from_a_trial_to_its_import_and_nothing_new_is_no_word_for_waiting(lead, leading, call, browser_for):
    browser = browser_for(leading)
    run = upload(lead, call, as_csv([HEAD, line(1), line(2)]), is_dry=True)
    number = run.number
    page = browser.visit(f"{BASE}/imports/{number}")
    assert "Projet 2" in words_of(page)
    columns = browser.visit(page.find("a", string="Importer ce fichier")["href"])
    assert not columns.find("input", {"name": "is_dry"}).has_attr("checked")
    assert "Cet import écrit" in words_of(columns.main)
    assert "Continuer" not in words_of(columns.main.form)
    db.session.expire_all()
    assert sources.queries.find_trial_of_file(call).number == number
    file = sources.queries.find_export_file(call)
    assert "content" in db.inspect(file).unloaded  # up to 10 MB
    options = [option.text for option in columns.find("select", {"name": "summary"}).find_all("option")]
    assert ("Résumé" in options, "Résumé (2)" in options) == (True, True)
    db.session.add(call)
    file = sources.queries.find_export_file(call)
    mapping = dict(upload_commands.proposed_mapping(file))
    waiting = upload_commands.import_file(lead, call, file, mapping, file.version, is_dry=False)
    db.session.commit()
    assert labels.run_summary_line(waiting) == "pas encore commencé"
    sources.go_on(call, waiting.id)
    assert "Importer ce fichier" not in words_of(browser.visit(f"{BASE}/imports/{number}"))
    stopped = ImportRun(state=RunState.STOPPED, counts={})
    assert labels.run_summary_line(stopped) == "rien n’a été lu de nouveau"


def test_each_reason_not_to_ask_an_address_is_a_sentence_of_its_own():
    for code in ("host", "insecure", "port", "private", "url", "unresolved"):
        assert code in addresses.RefusedAddress.__doc__
        assert "refuse" not in labels.stopped_run_sentence(code, "demarche.example")
