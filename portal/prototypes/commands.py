"""Releasing versions of a prototype and mending what was said of them."""

from dataclasses import asdict, dataclass
from datetime import date
from uuid import UUID

from portal.discussions.commands import open_discussion
from portal.kernel import audit
from portal.kernel.access import Actor
from portal.kernel.db import db
from portal.kernel.text import lazy_gettext as _l
from portal.projects.models import Project
from portal.projects.numbered import next_number
from portal.projects.teamwork import fill, record, require_past, require_work
from portal.prototypes import queries
from portal.prototypes.models import Automation, Exposure, PrototypeVersion

# Their changes say what the version before was: whatever must look again at a wider exposure, more
# automation or another model reads them here.
RELEASED = audit.Action("prototype.released", _l("a sorti la version %(number)s du prototype"))
CHANGED = audit.Action("prototype.changed", _l("a modifié la version %(number)s du prototype"))

_COMPARED = ("automation", "exposure", "model_family", "model_provider")


@dataclass(frozen=True, kw_only=True)
class VersionFacts:
    """What people can try. `sprint_id` is of the same project, or None."""

    released_on: date
    changes: str
    link: str
    recording: str
    sprint_id: UUID | None
    automation: Automation
    exposure: Exposure
    model_family: str
    model_provider: str


def release_version(actor: Actor, project: Project, facts: VersionFacts) -> PrototypeVersion:
    """The portal gives the number. Raises `RuleBroken` on `released_on`."""
    require_work(actor, project)
    require_past("released_on", facts.released_on)
    number = next_number(PrototypeVersion, project)
    before = queries.find_latest_version(actor, project)
    page = f"/projects/{project.slug}/file/prototypes/{number}"
    version = PrototypeVersion(
        project_id=project.id,
        discussion_id=open_discussion(project.id, page=page).id,
        number=number,
        **asdict(facts),
    )
    db.session.add(version)
    said = dict(fill(version, {}))
    for name in _COMPARED if before else ():
        said[name] = (getattr(before, name), getattr(version, name))
    record(actor, RELEASED, version, said)
    return version


def change_version(
    actor: Actor, project: Project, version: PrototypeVersion, facts: VersionFacts, seen: int
) -> None:
    """Raises `RuleBroken` on `released_on`, `Conflict` when somebody saved in between."""
    require_work(actor, project)
    require_past("released_on", facts.released_on)
    changes = fill(version, asdict(facts), seen)
    if changes:
        record(actor, CHANGED, version, changes)
