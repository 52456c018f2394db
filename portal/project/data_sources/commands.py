"""Commands on data sources and the access to them."""

from dataclasses import asdict, dataclass
from datetime import date

from portal.platform.kernel import audit
from portal.platform.kernel.access import Actor
from portal.platform.kernel.database import db
from portal.platform.kernel.errors import RuleBroken
from portal.platform.kernel.text import gettext as _
from portal.platform.kernel.text import lazy_gettext as _l
from portal.project.data_sources import queries
from portal.project.data_sources.models import (
    AccessHistoryEntry,
    AccessState,
    DataSource,
    DpiaScreening,
    Faithfulness,
    Fitness,
    PersonalDataPresence,
    SourceDiscussion,
)
from portal.project.projects.models import Project
from portal.project.projects.work_commands import (
    apply_values,
    create_page_discussion,
    create_row,
    lock_fresh,
    record_change,
    require_not_future,
    require_sha256,
    require_team_may_write,
    save_change,
)

# The feature `rereviews` reacts to these actions.
ADDED = audit.Action("data_source.added", _l("a ajouté la source « %(name)s »"))
CHANGED = audit.Action("data_source.changed", _l("a modifié la source « %(name)s »"))
REPURPOSED = audit.Action("data_source.repurposed", _l("a changé la finalité de la source « %(name)s »"))
ACCESS_ADVANCED = audit.Action("data_source.access_moved", _l("a fait avancer l’accès à « %(name)s »"))
ACCESS_MOVED_BACK = audit.Action("data_source.access_moved_back", _l("a fait reculer l’accès à « %(name)s »"))
SAMPLED = audit.Action("data_source.sampled", _l("a noté un échantillon de « %(name)s »"))
JUDGED = audit.Action("data_source.judged", _l("a noté la qualité de « %(name)s »"))


@dataclass(frozen=True, kw_only=True)
class SourceFacts:
    """Editable columns of a data source."""

    name: str
    holder: str
    contents: str
    purpose: str
    personal: PersonalDataPresence
    legal_basis: str
    screening: DpiaScreening
    screening_note: str


@dataclass(frozen=True, kw_only=True)
class SampleMeasures:
    """Measures of a sample: records without the header, and the SHA-256 of the file in hex."""

    rows: int
    sha256: str
    received_on: date
    measured: bool = False  # by the portal; else typed


@dataclass(frozen=True, kw_only=True)
class DataQualityFacts:
    """Quality of the data as the team judges it."""

    faithfulness: Faithfulness
    fitness: Fitness
    quality_note: str


def add_source(actor: Actor, project: Project, facts: SourceFacts, *, identified_on: date) -> DataSource:
    """Add a source with its first access step and a discussion.

    Raises `RuleBroken` on `identified_on`.
    """
    require_team_may_write(actor, project)
    require_not_future("identified_on", identified_on)
    access = {"access": AccessState.IDENTIFIED, "access_on": identified_on}
    source = create_row(DataSource, project, **access, **asdict(facts))
    db.session.flush()
    _add_access_step(source, position=1, note="")
    discussion_id = create_page_discussion(project, DataSource, source.number)
    db.session.add(SourceDiscussion(source_id=source.id, discussion_id=discussion_id))
    changes: audit.Changes = {name: (None, value) for name, value in asdict(facts).items()}
    record_change(actor, ADDED, source, changes, name=source.name)
    return source


def change_source(
    actor: Actor, project: Project, source: DataSource, facts: SourceFacts, version: int
) -> None:
    """Edit a source. Another purpose, also a first one, has an action of its own.

    Raises `Conflict` after somebody else's save.
    """
    require_team_may_write(actor, project)
    changes = apply_values(source, asdict(facts), version)
    if changes:
        action = REPURPOSED if "purpose" in changes else CHANGED
        record_change(actor, action, source, changes, name=source.name)


def move_access(
    actor: Actor,
    project: Project,
    source: DataSource,
    access: AccessState,
    *,
    reached_on: date,
    note: str,
    version: int,
) -> None:
    """Move the access to the next state, or back to an earlier one with a reason as `note`.

    Raises `RuleBroken` on `access`, `reached_on` or `note`, `Conflict` after another's save.
    """
    require_team_may_write(actor, project)
    lock_fresh(source, version)
    _check_access_move(source, access, reached_on, note)
    action = ACCESS_MOVED_BACK if access.rank < source.access.rank else ACCESS_ADVANCED
    changes = dict(apply_values(source, {"access": access, "access_on": reached_on}))
    _add_access_step(source, position=queries.count_access_steps(source) + 1, note=note)
    if note:
        changes["note"] = (None, note)
    record_change(actor, action, source, changes, name=source.name)


def _check_access_move(source: DataSource, access: AccessState, reached_on: date, note: str) -> None:
    step = access.rank - source.access.rank
    if step == 0 or step > 1:
        raise RuleBroken("access", _("L’accès avance d’une étape à la fois, ou recule."))
    if step < 0 and not note:
        raise RuleBroken("note", _("Dites pourquoi l’accès recule : l’historique le gardera."))
    require_not_future("reached_on", reached_on)
    if reached_on < source.access_on:
        sentence = _(
            "L’étape précédente porte une date plus récente : donnez cette date ou une date d’après."
        )
        raise RuleBroken("reached_on", sentence)


def _add_access_step(source: DataSource, *, position: int, note: str) -> None:
    db.session.add(
        AccessHistoryEntry(
            source_id=source.id,
            position=position,
            access=source.access,
            reached_on=source.access_on,
            note=note,
        )
    )


def replace_sample(
    actor: Actor, project: Project, source: DataSource, sample: SampleMeasures, version: int
) -> None:
    """Replace the sample. Raises `RuleBroken` on `sha256` or `sample_on`, and `Conflict`."""
    require_team_may_write(actor, project)
    require_sha256("sha256", sample.sha256)
    require_not_future("sample_on", sample.received_on)
    values = {
        "sample_rows": sample.rows,
        "sample_sha256": sample.sha256,
        "sample_on": sample.received_on,
        "sample_measured": sample.measured,
    }
    save_change(actor, SAMPLED, source, values, version, name=source.name)


def record_quality(
    actor: Actor, project: Project, source: DataSource, quality: DataQualityFacts, version: int
) -> None:
    """Record the quality of the data. Raises `Conflict` after somebody else's save."""
    require_team_may_write(actor, project)
    save_change(actor, JUDGED, source, asdict(quality), version, name=source.name)
