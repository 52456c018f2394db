"""Exports of the portfolio: access, as-of days, and no formulas in cells; the day of a pack."""

from datetime import timedelta

from portal.oversight.committee_packs import exports
from portal.oversight.committee_packs.exports import ExportDataset, ExportScope
from portal.oversight.committee_packs.snapshot_queries import read_cohort
from portal.oversight.portfolio.support_queries import TracksAndCoachesByTeam
from portal.platform.kernel import clock
from portal.platform.kernel.access import Role
from portal.platform.kernel.audit import AuditEvent
from portal.platform.kernel.database import db
from tests.oversight.committee_packs.conftest import AGO
from tests.support import decisions
from tests.support import factories as make
from tests.support.browser import words_of

TAKE = "/programmes/ami/exports"


def test_exports_hold_what_the_portfolio_shows_its_reader_as_of_a_day(
    browser_for, programme, heron, others, direction
):
    heron.organisation = "=1+1"
    on = clock.day_of(clock.now() - AGO).isoformat()

    def take(who, what, kind):
        return who.open(TAKE, method="POST", data={"what": what, "kind": kind, "on": on})

    lead, coach = (
        browser_for(direction),
        browser_for(make.role(heron.id, Role.COACH, make.person(name="Camille"))),
    )
    told = take(lead, "teams", "json").json
    assert {row["project"] for row in told["rows"]} == {"heron", "ibis", "milan"}
    assert told["rows"][0]["decision"] == "Un serveur de calcul"
    now = {"what": "teams", "kind": "json", "on": clock.today().isoformat()}
    told = lead.open(TAKE, method="POST", data=now).json["rows"]
    assert any("Camille" in row["support"] for row in told if row["project"] == "heron")
    text = take(lead, "gates", "csv").text
    assert "'=1+1" in text
    assert text.count("\r\n") == 3 * exports.GATE_COUNT + 1
    assert {row["project"] for row in take(coach, "history", "json").json["rows"]} == {"heron"}
    assert take(lead, "teams", "xlsx").data.startswith(b"PK")
    lead.submit(TAKE, expect=422, what="teams", kind="csv", on="2099-01-01")
    page = lead.visit(f"{TAKE}?organisation=milan&sort=organisation&coach=nobody")
    assert "Organisation : milan, Trier par : Organisation" in words_of(page.main)
    asked = page.find("input", {"name": "query"})["value"]
    for day in (on, clock.today().isoformat()):
        sent = {"what": "teams", "kind": "json", "on": day, "query": asked}
        told = lead.open(TAKE, method="POST", data=sent).json
        assert [row["project"] for row in told["rows"]] == ["milan"]
        assert told["filters"] == {"organisation": "milan", "sort": "organisation"}
    # A forged query string opens no other programme and no other team.
    elsewhere = {"what": "teams", "kind": "json", "on": on, "query": "programme=other&sort=gate"}
    told = coach.open(TAKE, method="POST", data=elsewhere).json
    assert [row["project"] for row in told["rows"]] == ["heron"]
    taken = db.session.query(AuditEvent).filter_by(action="portfolio.exported")
    assert "organisation" in {one.facts.get("narrowed_by") for one in taken}
    assert {(one.facts["what"], one.facts["kind"]) for one in taken} == {
        ("teams", "json"),
        ("gates", "csv"),
        ("history", "json"),
        ("teams", "xlsx"),
    }


def test_each_row_has_its_columns_and_no_other(programme, heron, others):
    moment, day = clock.now(), clock.today()
    cohort = read_cohort(programme.id, moment, day)
    for what in ExportDataset:
        asked = ExportScope(cohort, cohort.order, moment, day, TracksAndCoachesByTeam({}, {}))
        rows = list(exports.iterate_export_rows(what, asked))
        assert rows
        assert set().union(*rows) <= exports.COLUMNS[what].keys()


def test_a_pack_is_made_as_of_the_day_of_the_committee_or_of_today_before_it(
    browser_for, programme, direction, heron
):
    browser, today = browser_for(direction), clock.today()
    for days, as_of_on in ((-3, today - timedelta(days=3)), (3, today)):
        row = decisions.committee(heron, direction, held_on=today + timedelta(days=days))
        page = browser.visit(f"/programmes/{programme.slug}/committees/{row.number}")
        form = browser.visit(page.main.find("a", string="Préparer un dossier")["href"]).main
        assert form.select_one("[name=on]")["value"] == as_of_on.isoformat()
