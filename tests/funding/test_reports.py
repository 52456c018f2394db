"""The report to funders equals the ledger to the cent, as of any date, in every form."""

import csv
import io
import random
from datetime import timedelta

import pytest
from pypdf import PdfReader
from sqlalchemy import select

from portal.communication.notifications import commands as notifications
from portal.funding.agreements.amendment_commands import AmendmentFacts, amend_agreement
from portal.funding.agreements.labels import amount_in_table
from portal.funding.agreements.models import InstalmentState
from portal.funding.instalments import commands, payment_commands
from portal.funding.instalments.payment_commands import Payment
from portal.funding.instalments.plan_commands import InstalmentFacts
from portal.funding.instalments.queries import find_open_recovery
from portal.funding.ledger.models import LedgerEntry
from portal.funding.reports.jobs import print_due_reports
from portal.funding.reports.labels import headline
from portal.funding.reports.models import FundingReportFile
from portal.funding.reports.queries import read_report
from portal.people.accounts.models import Person
from portal.platform.kernel import clock
from portal.platform.kernel.access import Role
from portal.platform.kernel.database import db
from portal.platform.kernel.errors import PortalError
from portal.platform.kernel.marks import write_mark_or_skip
from portal.platform.tables.workbook import read_first_sheet
from portal.project.projects.numbered_queries import cut_page
from portal.project.projects.queries import get_programme_of
from tests.support import api, funding, health
from tests.support import factories as make
from tests.support.browser import words_of
from tests.support.gates import PROTOTYPE


def tell_history(people, seed):
    """Do whatever comes, at random; what a rule refuses is left out. Returns some moments of it."""
    chance = random.Random(seed)
    project = people.project
    amounts = [chance.randint(1, 10**7) for _n in range(3)]
    row = funding.signed(project, people.operator, *(InstalmentFacts(amount_cents=n) for n in amounts))
    moments = [clock.now()]

    def book(loaded):
        payment = Payment(paid_on=clock.today(), reference="r")
        payment_commands.book_recovery(people.second, loaded, payment, find_open_recovery(loaded.row).version)

    def amend(_loaded):
        amount = max(1, row.amount_cents + chance.randint(-(10**6), 10**6))
        change = AmendmentFacts(signed_on=clock.today(), reason="r", amount_cents=amount)
        amend_agreement(people.operator, project, row, change, row.version)

    acts = [
        lambda loaded: funding.ask(people.lead, loaded),
        lambda loaded: funding.check(people.operator, loaded),
        lambda loaded: funding.pay(people.second, loaded),
        lambda loaded: funding.send_back(people.operator, loaded),
        lambda loaded: commands.refuse_instalment(people.second, loaded, "r", loaded.row.version),
        lambda loaded: payment_commands.note_payment_failure(
            people.operator, loaded, "r", loaded.row.version
        ),
        lambda loaded: payment_commands.announce_recovery(
            people.operator, loaded, chance.randint(1, 10**6), "r"
        ),
        book,
        amend,
    ]
    for hours in range(90):
        act = chance.choices(acts, weights=[6, 6, 6, 2, 1, 2, 2, 2, 2])[0]
        with clock.frozen_at(moments[0] + timedelta(hours=20 * (hours + 1))):
            try:
                act(chance.choice(funding.instalments(project)))
                db.session.commit()
            except (PortalError, AttributeError):
                db.session.rollback()
            moments.append(clock.now())
    return moments


@pytest.mark.parametrize("seed", range(5))
def test_the_report_is_the_ledger_to_the_cent_on_any_day(project, people, seed):
    programme = get_programme_of(project)
    moments = tell_history(people, seed)
    entries = db.session.scalars(select(LedgerEntry)).all()
    assert len(entries) > 8
    for moment in moments[::15]:
        report = read_report(programme, moment, clock.day_of(moment))
        for name in ("committed", "asked", "checked", "paid", "recovered"):
            exact = sum(e.amount_cents for e in entries if e.account == name and e.created_at <= moment)
            assert getattr(report.totals, name) == exact
        (team,) = report.teams
        assert sum(month.expected for month in report.months) == team.forecast
        assert sum(month.latest for month in report.months) == team.forecast
        assert 0 <= report.totals.paid <= report.totals.checked <= report.totals.asked
        assert report.totals.committed == sum(
            e.amount_cents for e in entries if e.account == "committed" and e.created_at <= moment
        )
    owed = [i.row for i in funding.instalments(project) if i.row.state is not InstalmentState.REFUSED]
    assert report.totals.committed == sum(row.amount_cents for row in owed)
    unpaid = [row for row in owed if row.state is not InstalmentState.PAID]
    assert report.totals.remaining == sum(row.amount_cents for row in unpaid)


def test_the_report_is_as_of_its_date_and_forecasts_on_the_last_gate(project, people):
    programme = get_programme_of(project)
    project.starts_on = clock.today() - timedelta(days=90)
    conditional = InstalmentFacts(amount_cents=30_01, gates=[PROTOTYPE])
    funding.signed(project, people.operator, InstalmentFacts(amount_cents=10_00), conditional)
    health.known(project)
    begun = {"starts_on": clock.today() - timedelta(days=30), "acronym": ""}
    make.project(programme, organisation="Sans rien", **begun)
    make.project(
        programme, organisation="Arrêtée", stopped_on=clock.today(), stop_reason="r", learnings="l", **begun
    )
    make.project(programme, organisation="Future", acronym="", starts_on=clock.today() + timedelta(days=9))
    before = clock.now()
    with clock.frozen_at(clock.now() + timedelta(days=3)):
        funding.paid(people, funding.instalments(project)[0])
        now = read_report(programme, clock.now(), clock.today())
    then = read_report(programme, before, clock.day_of(before))
    assert (then.totals.paid, now.totals.paid) == (0, 10_00)
    first, last = now.teams[0].instalments
    assert (first.state, first.expected_on, last.state) == (
        InstalmentState.PAID,
        None,
        InstalmentState.PLANNED,
    )
    gate = dict(last.gates)[PROTOTYPE]
    assert last.expected_on == gate.expected_on
    assert (now.forecast, then.forecast) == (30_01, 40_01)
    assert now.without_agreement == ["Sans rien"]
    assert headline(now).endswith("Sans convention signée\N{NO-BREAK SPACE}: Sans rien.")


def test_every_form_of_the_report_says_the_same(project, people, browser_for, monkeypatch):
    funding.signed(project, people.operator, amount=1_234_567_89)
    funding.paid(people, funding.instalments(project)[0])
    observer = make.role(project.programme_id, Role.OBSERVER)
    slug = get_programme_of(project).slug
    browser = browser_for(observer)
    address = f"/programmes/{slug}/funding/report"
    page = browser.visit(address)
    assert "1\u202f234\u202f567,89" in page.main.get_text().replace("\xa0€", "")
    buttons = page.select_one(".page-head details").select("button")
    assert [button.get_text(strip=True) for button in buttons] == ["Préparer le PDF", "En tableur", "En CSV"]

    def export(kind, language):
        typed = {"language": language, "form_key": kind + language}
        return browser.open(f"{address}.{kind}", method="POST", data=typed).data

    french = export("csv", "fr").decode("utf-8-sig")
    row = next(csv.DictReader(io.StringIO(french), delimiter=";"))
    assert (row["Versé"], row["Convention"][:5]) == ("1234567,89", "CONV-")
    english = export("csv", "en").decode("utf-8-sig")
    assert "1234567.89" in english
    sheet = read_first_sheet(export("xlsx", "fr"), 100)
    assert "1234567.89" in sheet.records[1].cells
    export("pdf", "en")
    waiting = browser.visit(f"/programmes/{slug}/funding/report").select_one("#reports")
    assert waiting["hx-trigger"] == "every 3s"
    assert "en préparation" in waiting.text
    assert print_due_reports() == 1
    assert print_due_reports() == 0
    (file,) = db.session.scalars(select(FundingReportFile)).all()
    news = words_of(browser.visit("/inbox?unread=1").main)
    assert "le rapport financier que vous avez demandé : état au" in news.replace("\xa0", " ")
    marks = []
    monkeypatch.setattr(
        notifications, "write_mark_or_skip", lambda mark: marks.append(mark) or write_mark_or_skip(mark)
    )
    refused = {"language": "en", "form_key": "refused", "on": "2019-02-31"}
    browser.submit(f"{address}.pdf", **refused, expect=422)
    assert not marks  # a refused POST, which has begun to write, leaves none
    assert not browser.visit(address).select_one("#reports").has_attr("hx-get")
    assert "état au" not in words_of(browser.visit("/inbox?unread=1").main)  # it was seen
    browser.visit(address)
    assert len(marks) == 1
    document = PdfReader(io.BytesIO(browser.open(f"/programmes/{slug}/funding/reports/{file.id}.pdf").data))
    text = " ".join(sheet.extract_text() for sheet in document.pages)
    assert "€1,234,567.89" in text
    assert document.trailer["/Root"]["/MarkInfo"]["/Marked"]
    for person in (people.lead, people.coach):
        other = browser_for(db.session.get_one(Person, person.person_id))
        assert other.visit(address, expect=404)


def test_a_page_beyond_the_last_team_is_the_last_one():
    teams = list(range(45))
    assert [len(cut_page(teams, page).rows) for page in (1, 2, 3)] == [20, 20, 5]
    assert (cut_page(teams, 9).page, cut_page(teams, 9).rows[-1]) == (3, 44)
    assert (cut_page([], 2).page, cut_page([], 2).count) == (1, 0)


def test_the_pdf_is_asked_for_once_also_from_the_page_of_a_refused_file(project, people, browser_for):
    funding.signed(project, people.operator, amount=40_00)
    browser = browser_for(make.role(project.programme_id, Role.OBSERVER))
    address = f"/programmes/{get_programme_of(project).slug}/funding/report"
    browser.visit(address)
    page = browser.submit(f"{address}.csv", expect=422, on="hier", language="fr")
    (key,) = page.select("form [name=form_key]")
    assert key["value"]


def test_the_page_follows_the_ledger_at_once(project, people, browser_for):
    funding.signed(project, people.operator, amount=40_00)
    browser = browser_for(make.role(project.programme_id, Role.OBSERVER))
    address = f"/programmes/{get_programme_of(project).slug}/funding/report"

    def says():
        browser.visit(address)  # cached from here on
        return browser.visit(address).main.select_one(".says").get_text()

    assert "0,00\xa0€ versés" in says()
    funding.paid(people, funding.instalments(project)[0])
    assert "40,00\xa0€ versés" in says()
    yesterday = clock.today() - timedelta(days=1)
    assert "Aucun montant" in browser.visit(f"{address}?on={yesterday}").main.get_text()


def test_the_report_is_printed_by_the_api(app, people):
    client = api.client(app, db.session.get_one(Person, people.operator.person_id))
    files = f"/programmes/{get_programme_of(people.project).slug}/funding-report/files"
    to_come = (clock.today() + timedelta(days=1)).isoformat()
    assert client.post(files, {"on": to_come}).status_code == 422
    asked = client.post(files, {"language": "en"})
    assert (asked.status_code, asked.get_json()["printed_at"]) == (201, None)
    content = f"{files}/{asked.get_json()['id']}/content"
    assert client.get(content).status_code == 404  # not printed yet
    print_due_reports()
    (listed,) = client.get(files).get_json()["data"]
    assert (listed["language"], bool(listed["printed_at"])) == ("en", True)
    assert client.get(content).get_data().startswith(b"%PDF")
    assert api.client(app, make.person()).get(content).status_code == 404


def test_the_report_draws_what_is_expected_first_and_writes_whole_amounts_in_short(
    app, project, people, browser_for
):
    with app.test_request_context():
        amounts = [amount_in_table(cents) for cents in (0, 123_400, 123_450)]
    assert amounts == ["–", "1\u202f234\xa0€", "1\u202f234,50\xa0€"]
    funding.signed(project, people.operator, InstalmentFacts(amount_cents=500_000))
    slug = get_programme_of(project).slug
    page = browser_for(db.session.get(Person, people.operator.person_id)).visit(
        f"/programmes/{slug}/funding/report"
    )
    headings = [tag.get("id") for tag in page.select("main h2")]
    assert "months" not in headings[headings.index("teams-title") :]
    team, total = page.select(".teams--amounts tbody")
    assert "5\u202f000\xa0€" in team.select_one(".teams__row").text
    assert "5\u202f000\xa0€" in total.text
    assert "0,00" not in team.select_one(".teams__row").text
    # Each team stands once: its row unfolds to its instalments.
    assert page.main.get_text().count(project.short_name) == 1
    assert "Tranche 1" in team.select_one(".teams__more").text
