"""Exported files: separators, encodings, what a spreadsheet spoils, blocks, drift, ten thousand lines."""

import io
from datetime import date

import pytest
import xlsxwriter
from sqlalchemy.exc import OperationalError

from portal.platform.kernel.database import db
from portal.platform.kernel.errors import RuleBroken, TooLate
from portal.platform.tables.csv_file import UnreadableFile
from portal.selection.applications.models import ApplicationOrigin
from portal.selection.imports import export_rules, step_jobs, upload_commands
from portal.selection.imports.application_rules import UnreadableApplication
from portal.selection.imports.export_documents import read_uploaded_export_and_tables
from portal.selection.imports.labels import stopped_run_sentence
from portal.selection.imports.models import ImportMode, RunState
from tests.support import calls as some
from tests.support import sources

HEAD = ["ID", "Email", "Établissement SIRET", "Entreprise raison sociale", "État du dossier", "Déposé le"]
HEAD += ["Titre du projet", "Résumé", "Résumé"]
# A SIRET whose check digit fits.
SIRET = "73282932000074"


def line(number=1, **given):
    usual = {
        "ID": str(number),
        "Email": "a@organisme.example",
        "Établissement SIRET": SIRET,
        "Entreprise raison sociale": "Organisme",
        "État du dossier": "En construction",
        "Déposé le": "2018-09-12 10:32:11 +0200",
        "Titre du projet": f"Projet {number}",
        "Résumé": "Premier",
    }
    cells = [(usual | given).get(name, "") for name in HEAD[:-1]]
    return [*cells, given.get("second", "Second")]


def as_csv(rows, delimiter=",", encoding="utf-8", end="\n"):
    def quoted(text):
        return f'"{text}"' if any(char in text for char in f'{delimiter}"\n') else text

    return end.join(delimiter.join(map(quoted, row)) for row in rows).encode(encoding)


def as_workbook(sheets):
    target = io.BytesIO()
    with xlsxwriter.Workbook(target, {"in_memory": True}) as book:
        for name, rows in sheets.items():
            sheet = book.add_worksheet(name)
            for n, row in enumerate(rows):
                sheet.write_row(n, 0, row)
    return target.getvalue()


def upload(lead, call, data, mapping=None, *, is_dry=False):
    file = upload_commands.store_export_file(
        lead, call, "dossiers.csv", *read_uploaded_export_and_tables(data)
    )
    db.session.commit()
    chosen = upload_commands.proposed_mapping(file) | (mapping or {})
    run = upload_commands.import_file(lead, call, file, chosen, file.version, is_dry=is_dry)
    db.session.commit()
    return sources.go_on(call, run.id)


@pytest.mark.parametrize(
    ("delimiter", "encoding", "end"),
    [(",", "utf-8", "\n"), (";", "cp1252", "\r\n"), ("\t", "utf-8-sig", "\r\n"), (";", "utf-16", "\n")],
)
def test_any_way_to_save_it_reads_alike(lead, call, delimiter, encoding, end):
    multiline = 'Ligne 1\nligne 2 ; "fin"'.replace('"', "")
    data = as_csv([HEAD, line(1, **{"Résumé": multiline})], delimiter, encoding, end)
    run = upload(lead, call, data)
    assert (run.state, run.counts["created"]) == (RunState.DONE, 1)
    row = some.applications_of(call)[0]
    assert (row.external_id, row.title, row.origin) == ("1", "Projet 1", ApplicationOrigin.FILE)
    assert (row.organisation, row.company_number, row.received_on) == ("Organisme", SIRET, date(2018, 9, 12))
    assert row.summary.splitlines() == multiline.splitlines()


def test_the_second_of_two_equal_labels_is_another_column(lead, call):
    upload(lead, call, as_csv([HEAD, line()]), {"problem": "Résumé#2"})
    row = some.applications_of(call)[0]
    assert (row.summary, row.problem) == ("Premier", "Second")


def test_a_file_withdraws_nobody_and_is_imported_again_in_vain(lead, call):
    assert upload(lead, call, as_csv([HEAD, line(1), line(2)])).counts["created"] == 2
    before = sources.read_rows()
    again = upload(lead, call, as_csv([HEAD, line(2)]))
    assert {name: n for name, n in again.counts.items() if n} == {"unchanged": 1}
    after = sources.read_rows()
    assert after | {"run": None, "event": None} == before | {"run": None, "event": None}
    changed = upload(lead, call, as_csv([HEAD, line(2, **{"Titre du projet": "Autre"})]), is_dry=True)
    assert changed.differences[0]["fields"] == [["title", "Projet 2", "Autre"]]


def test_what_a_spreadsheet_spoilt_is_mended_or_listed(lead, call):
    rows = [
        line(1, **{"Établissement SIRET": "7,32829E+13"}),
        line(2, **{"Déposé le": "12/09/2018 10:32"}),
        line(3, **{"Déposé le": "43355.43"}),
        line(4, **{"ID": "1,5E+06"}),
        line(5, **{"Déposé le": "bientôt"}),
        line(6, **{"ID": "6.0"}),
        line(7, **{"ID": ""}),
    ]
    run = upload(lead, call, as_csv([HEAD, *rows], ";"))
    listed = dict(run.unreadable)
    assert listed == {"l5": "spoilt_number", "l6": "no_day", "l8": "no_number"}
    by_number = {row.external_id: row for row in some.applications_of(call)}
    assert by_number["1"].company_number == ""
    assert {by_number[n].received_on for n in ("2", "3")} == {date(2018, 9, 12)}
    assert "6" in by_number


@pytest.mark.parametrize("is_dry", [True, False])
def test_a_number_that_comes_twice_is_listed_and_written_once(lead, call, monkeypatch, is_dry):
    """Also where the lines stand in two pages of a run."""
    monkeypatch.setattr(step_jobs, "FILE_PAGE", 2)
    upload(lead, call, as_csv([HEAD, line(9)]))
    again = line(2, **{"Titre du projet": "Autre"})
    rows = [line(1), line(2), again, line(9), line(3), line(1), line(9, **{"Titre du projet": "Faux"})]
    run = upload(lead, call, as_csv([HEAD, *rows], ";"), is_dry=is_dry)
    assert (run.state, run.counts["created"], run.counts["updated"]) == (RunState.DONE, 3, 0)
    assert run.unreadable == [[f"l{n}", "repeated_number"] for n in (4, 7, 8)]
    if not is_dry:
        titles = {row.external_id: row.title for row in some.applications_of(call)}
        assert titles == {n: f"Projet {n}" for n in ("1", "2", "3", "9")}


def test_an_error_of_the_portal_ends_the_import_and_a_busy_database_is_tried_again(lead, call, monkeypatch):
    def fail(*_given):
        raise error

    def last_run():
        db.session.add(call)  # each step has a session of its own
        return sources.queries.find_latest_real_run(call)

    monkeypatch.setattr(step_jobs.page_commands, "write_applications_page", fail)
    error = KeyError("title")
    with pytest.raises(KeyError):
        upload(lead, call, as_csv([HEAD, line(1)]))
    failed = last_run()
    assert (failed.state, failed.problem, failed.detail) == (RunState.STOPPED, "failed", "KeyError")
    assert "Une erreur du portail a arrêté l’import (KeyError)" in stopped_run_sentence("failed", "KeyError")
    error = OperationalError("", {}, Exception())
    with pytest.raises(OperationalError):
        upload(lead, call, as_csv([HEAD, line(1)]))  # the next file is accepted
    waiting = last_run()
    assert (waiting.is_under_way, waiting.attempts) == (True, 1)


def test_zeros_that_were_lost_come_back_where_the_rest_fits():
    assert export_rules.mend_company_number("732829320") == "732829320"
    zero = next(f"0{n}" for n in range(10**12, 10**12 + 99) if export_rules.has_valid_check_digit(f"0{n}"))
    assert export_rules.mend_company_number(zero.lstrip("0")) == zero or len(zero.lstrip("0")) < 12
    assert export_rules.mend_company_number("73282932000074.0") == SIRET
    assert export_rules.mend_company_number("12") == ""
    with pytest.raises(UnreadableApplication):
        export_rules.read_application_number("12a")


def test_a_workbook_brings_teams_and_company_numbers(lead, call):
    main = [
        [name for name in HEAD if name != "Établissement SIRET"],
        *[[*line(n)[:2], *line(n)[3:]] for n in (1, 2)],
    ]
    team = [
        ["Dossier ID", "Ligne", "Nom", "Courriel"],
        ["2", 2, "Bob", "b@x.example"],
        ["2", 1, "Ada", "a@x.example"],
    ]
    companies = [
        ["Dossier ID", "Champ", "Établissement SIRET"],
        ["2", "Un champ", "1" * 14],
        ["2", "Dossier", SIRET],
    ]
    data = as_workbook({"Dossiers": main, "Etablissements": companies, "Avis": [], "(12) Équipe": team})
    run = upload(lead, call, data)
    assert run.counts["created"] == 2
    assert sources.read_rows()["member"] == [
        (2, 0, "Ada", "a@x.example", ""),
        (2, 1, "Bob", "b@x.example", ""),
    ]
    assert [row.company_number for row in some.applications_of(call)] == ["", SIRET]


def test_columns_that_are_missing_or_new_are_told(lead, call):
    upload(lead, call, as_csv([HEAD, line()]))
    others = ["Public visé" if name == "Résumé" else name for name in HEAD]
    file = upload_commands.store_export_file(
        lead, call, "d.csv", *read_uploaded_export_and_tables(as_csv([others, line()]))
    )
    assert upload_commands.list_missing_and_new_columns_of_file(file) == (
        ["Résumé#1"],
        ["Public visé#1", "Public visé#2"],
    )
    assert "summary" not in upload_commands.proposed_mapping(file)


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "empty"),
        (b"Titre,Email\nA,b\n", "no_number_column"),
        (b"\x89PNG\r\n\x1a\n" + b"\0" * 40, "not_csv"),
        (b"PK\x03\x04" + b"0" * 90, "workbook"),
    ],
)
def test_what_is_no_export_is_refused(data, code):
    with pytest.raises(UnreadableFile) as refused:
        read_uploaded_export_and_tables(data)
    assert refused.value.code == code


def test_one_import_at_a_time_and_a_title_first(lead, call):
    file = upload_commands.store_export_file(
        lead, call, "d.csv", *read_uploaded_export_and_tables(as_csv([HEAD, line()]))
    )
    db.session.commit()
    with pytest.raises(RuleBroken) as refused:
        upload_commands.import_file(lead, call, file, {"title": ""}, file.version, is_dry=True)
    assert refused.value.field == "title"
    db.session.rollback()
    mapping = dict(upload_commands.proposed_mapping(file))
    run = upload_commands.import_file(lead, call, file, mapping, file.version, is_dry=True)
    db.session.commit()
    assert run.mode is ImportMode.FILE
    with pytest.raises(TooLate):
        upload_commands.store_export_file(
            lead, call, "d.csv", *read_uploaded_export_and_tables(as_csv([HEAD, line()]))
        )


def test_a_file_is_uploaded_and_imported_on_its_pages(browser_for, leading, call):
    browser = browser_for(leading)
    base = "/programmes/ami/calls/1/imports"
    sent = (io.BytesIO(as_csv([HEAD, line(7)], ";")), "dossiers 2018.csv")
    page = browser.submit(f"{base}/file", file=sent, form_key="a")
    assert "Dire ce que disent les colonnes" in page.text
    chosen = {
        select["name"]: (select.find("option", selected=True) or {"value": ""})["value"]
        for select in page.find_all("select")
    }
    version = page.find("input", {"name": "version"})["value"]
    page = browser.submit(f"{base}/file/columns", **chosen, version=version)
    assert "L’import commence" in page.text
    assert sources.jobs.run_due_imports() > 0
    assert "1 nouvelle" in browser.visit(base).text
    refused = (io.BytesIO(b"Titre,Email\nA,b\n"), "d.csv")
    assert (
        "numéro des dossiers" in browser.submit(f"{base}/file", file=refused, form_key="b", expect=422).text
    )
