"""Request the report as PDF, and record exports."""

from datetime import date, datetime

from portal.funding.reports.models import FundingReportFile
from portal.people.programmes.models import Programme
from portal.people.programmes.schedule_rules import require_past_day_of_programme
from portal.platform.kernel import audit, clock, outbox
from portal.platform.kernel.access import Actor
from portal.platform.kernel.database import db, flush_session

EXPORTED = audit.Action("funding.exported")
REQUESTED = audit.Action("funding_report.asked")
PRINTED = audit.Action("funding_report.printed")


def end_of_report_day(programme: Programme, on: date) -> datetime:
    """The end of a past day, or now for today, also before the programme begins: agreements are signed
    by then. Raises `RuleBroken` on `on`."""
    today = clock.today()
    if on == today:
        return clock.now()
    require_past_day_of_programme("on", on, programme.starts_on, today)
    return clock.end_of_day(on)


def record_export(actor: Actor, programme: Programme, kind: str, on: date) -> None:
    """Record who took the report as a file, as of which day."""
    audit.record(actor, EXPORTED, programme, scope_id=programme.id, facts={"kind": kind, "as_of": on})


def request_pdf(actor: Actor, programme: Programme, on: date, language: str) -> FundingReportFile:
    """Have the worker print the report. Raises `RuleBroken` on `on`."""
    file = FundingReportFile(
        programme_id=programme.id,
        asked_by_id=actor.person_id,
        language=language,
        as_of_at=end_of_report_day(programme, on),
        as_of_on=on,
    )
    db.session.add(file)
    flush_session()
    audit.record(actor, REQUESTED, file, scope_id=programme.id, facts={"language": language, "as_of": on})
    outbox.wake_sender_after_commit()
    return file


def store_pdf(file: FundingReportFile, programme: Programme, pdf: bytes) -> None:
    """Keep what the worker printed, and tell whoever requested it."""
    file.pdf, file.printed_at = pdf, clock.now()
    path = f"/programmes/{programme.slug}/funding/report"
    facts = {"person_id": file.asked_by_id, "path": path}
    audit.record(None, PRINTED, file, scope_id=file.programme_id, facts=facts)
