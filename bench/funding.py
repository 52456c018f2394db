"""The report to funders of a tenth of the teams and of all, four instalments each, and the operator's
page: statements and processor time beside the portfolio's."""

from datetime import timedelta
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from bench import serving
from bench.calls import ask_page
from bench.data import Writer
from bench.measure import Plan
from bench.output import Report
from bench.pages import Visitor
from portal.funding.agreements.models import AgreementState, FundingAgreement, Instalment, InstalmentState
from portal.funding.ledger.models import LedgerAccount, LedgerEntry
from portal.people.programmes.models import Programme, RoleAssignment
from portal.platform.kernel.access import Role
from portal.platform.kernel.database import db
from portal.project.projects.models import Project

OPERATOR = "operator's page"
INSTALMENTS = 4
CENTS = 25_000_00
PAID = (LedgerAccount.REQUESTED, LedgerAccount.CHECKED, LedgerAccount.PAID)


def report_funding(report: Report, kind: str, _plan: Plan, base: serving.Base) -> None:
    """Measure the pages of money, and print them beside the portfolio."""
    facts = measure(base)
    report.keep(kind, "funding", facts)
    report.say("\nmoney of the teams")
    report.say_pages(facts["pages"])
    for name, times in facts["by_portfolio"].items():
        report.say(f"  {name:16} {times} × the processor time of the portfolio")


def measure(base: serving.Base) -> dict[str, Any]:
    """The same database with few agreements, then with one for each team."""
    visitor, sent = Visitor(base), list[str]()
    lead = base.cast.leads[0]
    with visitor.app.app_context():
        sa.event.listen(db.engine, "before_cursor_execute", lambda *args: sent.append(str(args[2])))
        rows = sa.select(RoleAssignment.person_id, RoleAssignment.scope_id)
        person_id, scope_id = db.session.execute(
            rows.where(RoleAssignment.role == Role.PROGRAMME_LEAD)
        ).all()[0]
        slug = db.session.get_one(Programme, scope_id).slug
        teams = db.session.scalars(
            sa.select(Project.id).where(Project.programme_id == scope_id).order_by(Project.id)
        ).all()
    report, few = f"/programmes/{slug}/funding/report", max(1, len(teams) // 10)
    pages = {}
    for name, own in ((f"report of {few}", teams[:few]), (f"report of {len(teams)}", teams[few:])):
        with visitor.app.app_context():
            _fill(person_id, own)
        pages[name] = ask_page(visitor, lead, report, sent)
    portfolio = pages["portfolio"] = ask_page(visitor, lead, "/portfolio", sent)
    pages[OPERATOR] = ask_page(visitor, lead, "/funding", sent)
    by_portfolio = {
        name: round(pages[name]["ms"] / portfolio["ms"], 2) for name in (f"report of {len(teams)}", OPERATOR)
    }
    return {"teams": len(teams), "pages": pages, "by_portfolio": by_portfolio}


def _fill(person_id: UUID, project_ids: Any) -> None:
    """Write a signed agreement for each team, its first two instalments paid."""
    write = Writer(len(project_ids), 0, seed=len(project_ids))
    today = write.now.date()
    for project_id in project_ids:
        agreement = write.add(
            FundingAgreement,
            project_id=project_id,
            state=AgreementState.SIGNED,
            purpose="o",
            parties=[],
            amount_cents=INSTALMENTS * CENTS,
            starts_on=today,
            ends_on=today + timedelta(days=300),
            signed_on=today,
            document_sha256="",
            committed_at=write.now,
            end_reason="",
            version=1,
        )
        for number in range(1, INSTALMENTS + 1):
            _add_instalment(write, person_id, project_id, agreement, number)
    write.flush()
    db.session.commit()


def _add_instalment(write: Writer, person_id: UUID, project_id: UUID, agreement: UUID, number: int) -> None:
    is_paid, today = number <= INSTALMENTS // 2, write.now.date()
    instalment = write.add(
        Instalment,
        project_id=project_id,
        agreement_id=agreement,
        number=number,
        amount_cents=CENTS,
        gates=[2 * number],
        needs_statement=False,
        state=InstalmentState.PAID if is_paid else InstalmentState.PLANNED,
        turn_since=write.now,
        paid_on=today if is_paid else None,
        checked_fingerprint="",
        payment_reference="",
        version=1,
    )
    for account in (LedgerAccount.COMMITTED, *(PAID if is_paid else ())):
        write.add(
            LedgerEntry,
            project_id=project_id,
            instalment_id=instalment,
            account=account,
            amount_cents=CENTS,
            on_day=today,
            reference="",
            reason="",
            author_id=person_id,
        )
