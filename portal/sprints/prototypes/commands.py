"""Commands on versions of a prototype: release and change."""

from dataclasses import asdict, dataclass
from datetime import date
from uuid import UUID

from portal.platform.kernel import audit
from portal.platform.kernel.access import Actor
from portal.platform.kernel.errors import RuleBroken
from portal.platform.kernel.text import format_day
from portal.platform.kernel.text import gettext as _
from portal.platform.kernel.text import lazy_gettext as _l
from portal.project.projects.models import Project
from portal.project.projects.numbered_queries import next_row_number
from portal.project.projects.work_commands import (
    apply_values,
    create_row,
    record_change,
    require_not_future,
    require_team_may_write,
    save_change,
)
from portal.sprints.prototypes import queries
from portal.sprints.prototypes.models import AutomationLevel, Exposure, PrototypeVersion

# The changes of a release are relative to the version before, so that projections see a wider
# exposure, more automation or another model.
RELEASED = audit.Action("prototype.released", _l("a sorti la version %(number)s du prototype"))
CHANGED = audit.Action("prototype.changed", _l("a modifié la version %(number)s du prototype"))

_COMPARED_FIELDS = ("automation", "exposure", "model_family", "model_provider")


@dataclass(frozen=True, kw_only=True)
class VersionFacts:
    """A version that people can try. `sprint_id` is a sprint of the same project, or None."""

    released_on: date
    changes: str
    link: str
    recording: str
    sprint_id: UUID | None
    automation: AutomationLevel
    exposure: Exposure
    model_family: str
    model_provider: str


def release_version(actor: Actor, project: Project, facts: VersionFacts) -> PrototypeVersion:
    """Release the next version. Raises `NotAllowed`, `TooLate`, `RuleBroken` on `released_on`."""
    require_team_may_write(actor, project)
    number = next_row_number(PrototypeVersion, project)
    before = _check_release_day_and_find_previous(actor, project, number, facts.released_on)
    version = create_row(PrototypeVersion, project, number=number, **asdict(facts))
    changes = dict(apply_values(version, {}))
    for name in _COMPARED_FIELDS if before else ():
        changes[name] = (getattr(before, name), getattr(version, name))
    record_change(actor, RELEASED, version, changes)
    return version


def change_version(
    actor: Actor, project: Project, version: PrototypeVersion, facts: VersionFacts, expected_version: int
) -> None:
    """Raises as `release_version` does, and `Conflict` for a stale version."""
    require_team_may_write(actor, project)
    if facts.released_on != version.released_on:
        _check_release_day_and_find_previous(actor, project, version.number, facts.released_on)
    save_change(actor, CHANGED, version, asdict(facts), expected_version)


def _check_release_day_and_find_previous(
    actor: Actor, project: Project, number: int, day: date
) -> PrototypeVersion | None:
    """Check that days of release follow the numbers; return the version before, if any.

    Raises `RuleBroken` on `released_on`.
    """
    require_not_future("released_on", day)
    before, after = queries.find_adjacent_versions(actor, project, number)
    if before and day < before.released_on:
        sentence = _("La version %(number)s est sortie le %(day)s : celle-ci ne la précède pas.")
        raise RuleBroken("released_on", sentence % _build_version_event_facts(before))
    if after and day > after.released_on:
        sentence = _("La version %(number)s est sortie le %(day)s : celle-ci ne la suit pas.")
        raise RuleBroken("released_on", sentence % _build_version_event_facts(after))
    return before


def _build_version_event_facts(version: PrototypeVersion) -> dict[str, object]:
    return {"number": version.number, "day": format_day(version.released_on)}
