"""Two findings that are one: each page stays, what was seen is seen of both, and it can be undone.

Nothing is moved but the item where the other has none: what was seen of the family is told on the
page of the one that stays (`standing.family`). A family is one floor high.
"""

from sqlalchemy import select

from portal.findings import policy, queries
from portal.findings.closings import hold, record
from portal.findings.models import Closing, Finding
from portal.kernel import audit, clock
from portal.kernel.access import Actor
from portal.kernel.db import db, save
from portal.kernel.errors import RuleBroken, TooLate
from portal.kernel.text import gettext as _
from portal.kernel.text import lazy_gettext as _l
from portal.projects.models import Project
from portal.projects.teamwork import require_work

MERGED = audit.Action("finding.merged", _l("a réuni le constat %(number)s à un autre"))
TOOK_IN = audit.Action("finding.took_in")  # the same deed, on the page of the one that stays
SPLIT = audit.Action("finding.split", _l("a séparé le constat %(number)s d’un autre"))


def merge(actor: Actor, project: Project, finding: Finding, into: Finding) -> None:
    """The first one closes, and lives on in the other: as severe as the graver of both, harmful if
    one of them is, with the item of either.

    Raises `TooLate` when the first one is closed, `RuleBroken` on `into` when the other is.
    """
    require_work(actor, project)
    hold(project, finding, into)
    if finding.merged_into_id == into.id:
        return
    if not policy.can_merge(actor, project, finding):
        raise TooLate(_("Ce constat est déjà clos."))
    if into.id == finding.id or into.closed_at is not None:
        raise RuleBroken("into", _("Choisissez un autre constat, encore ouvert."))
    for one in [finding, *_merged_into(finding)]:
        _move(actor, project, one, into)
    known = [one for one in (finding.severity, into.severity) if one is not None]
    into.severity = max(known, default=None)
    into.is_harm = into.is_harm or finding.is_harm
    changes = dict(audit.changes_of(into)) | {"merged": (None, finding.number)}
    if into.item_id is None and finding.item_id is not None:
        item = queries.find_item_of(finding)
        item_id, finding.item_id = finding.item_id, None
        save()  # an item is that of one finding
        into.item_id = item_id
        changes["item"] = (None, item.number if item else None)
    record(actor, TOOK_IN, project, into, changes)


def _merged_into(finding: Finding) -> list[Finding]:
    own = select(Finding).where(Finding.merged_into_id == finding.id).order_by(Finding.number)
    return list(db.session.scalars(own))


def _move(actor: Actor, project: Project, finding: Finding, into: Finding) -> None:
    finding.merged_into_id = into.id
    if finding.closing is None:
        finding.closing = Closing.MERGED
        finding.closed_at = clock.now()
        finding.closed_by_id = actor.person_id
    record(actor, MERGED, project, finding, {"into": (None, into.number)})


def split(actor: Actor, project: Project, finding: Finding) -> Finding | None:
    """Open again by itself, with what was seen of it and the item that it became; the one that it
    was merged into keeps the severity that they share. None when it stands by itself already.

    """
    require_work(actor, project)
    hold(project, finding)
    if finding.merged_into_id is None:
        return None
    into = db.session.scalars(
        select(Finding).where(
            Finding.id == finding.merged_into_id, Finding.project_id == project.id
        )
    ).one()
    finding.merged_into_id = finding.closing = None
    finding.closed_at = finding.closed_by_id = None
    item = queries.find_item_of(into)
    mine = f"/projects/{project.slug}/findings/{finding.number}"
    if item is not None and item.origin == mine:
        into.item_id = None
        save()
        finding.item_id = item.id
    record(actor, SPLIT, project, finding, {"into": (into.number, None)})
    return into
