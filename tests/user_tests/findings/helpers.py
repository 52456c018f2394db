"""Helpers for tests of findings."""

from portal.platform.kernel.audit import AuditEvent
from portal.platform.kernel.database import db
from portal.user_tests.findings import queries, retest_commands
from portal.user_tests.findings.commands import FindingFacts
from portal.user_tests.findings.models import RetestResult
from portal.user_tests.findings.retest_commands import RetestEntry


def facts(**given):
    return FindingFacts(**{"what": "La légende n’est pas vue."} | given)


def state_of(actor, project, finding):
    db.session.flush()
    return queries.read_finding(actor, project, finding.number).state.value


def answer_retest(actor, project, round_, finding, result=RetestResult.DISAPPEARED, **more):
    """Record the retest of one finding by a round."""
    where = queries.get_round_with_version(actor, project, round_.number)
    said = RetestEntry(finding.number, result, more.get("note", ""), more.get("before"))
    return retest_commands.note_retests(actor, project, *where, [said])


def audit_actions():
    """Return the audit actions, in order."""
    return [line.action for line in db.session.query(AuditEvent).order_by(AuditEvent.id)]


def last_line():
    return db.session.query(AuditEvent).order_by(AuditEvent.id.desc()).first()
