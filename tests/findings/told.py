"""How tests speak of findings."""

from portal.findings import queries, retests
from portal.findings.commands import FindingFacts
from portal.findings.models import RetestResult
from portal.findings.retests import RetestEntry
from portal.platform.kernel.audit import AuditEvent
from portal.platform.kernel.database import db


def facts(**given):
    return FindingFacts(**{"what": "La légende n’est pas vue."} | given)


def standing(actor, project, finding):
    db.session.flush()
    return queries.read_finding(actor, project, finding.number).state.value


def answer(actor, project, round_, finding, result=RetestResult.DISAPPEARED, **more):
    """What a round says of one finding."""
    where = queries.get_round(actor, project, round_.number)
    said = RetestEntry(finding.number, result, more.get("note", ""), more.get("before"))
    return retests.note_retests(actor, project, *where, [said])


def deeds():
    """Codes of the trail, in their order."""
    return [line.action for line in db.session.query(AuditEvent).order_by(AuditEvent.id)]


def last_line():
    return db.session.query(AuditEvent).order_by(AuditEvent.id.desc()).first()
