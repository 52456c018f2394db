"""Changing data sources and their access. Policy first, then the rules, then the deed."""

from dataclasses import asdict, dataclass
from datetime import date

from portal.collaboration.discussions.commands import open_discussion
from portal.platform.kernel import audit
from portal.platform.kernel.access import Actor
from portal.platform.kernel.database import check_version, db, lock_row
from portal.platform.kernel.errors import RuleBroken
from portal.platform.kernel.text import gettext as _
from portal.platform.kernel.text import lazy_gettext as _l
from portal.project.data_sources import queries
from portal.project.data_sources.models import (
    AccessState,
    AccessStep,
    DataSource,
    DpiaScreening,
    Faithfulness,
    Fitness,
    PersonalData,
    SourceDiscussion,
)
from portal.project.projects.models import Project
from portal.project.projects.numbered_queries import next_number
from portal.project.projects.work_commands import (
    apply_values,
    record_change,
    require_past,
    require_sha256,
    require_work,
)

# Read by whatever must look again when a project's data are no longer the same.
ADDED = audit.Action("data_source.added", _l("a ajouté la source « %(name)s »"))
CHANGED = audit.Action("data_source.changed", _l("a modifié la source « %(name)s »"))
REPURPOSED = audit.Action(
    "data_source.repurposed", _l("a changé la finalité de la source « %(name)s »")
)
ACCESS_ADVANCED = audit.Action(
    "data_source.access_moved", _l("a fait avancer l’accès à « %(name)s »")
)
ACCESS_MOVED_BACK = audit.Action(
    "data_source.access_moved_back", _l("a fait reculer l’accès à « %(name)s »")
)
SAMPLED = audit.Action("data_source.sampled", _l("a noté un échantillon de « %(name)s »"))
JUDGED = audit.Action("data_source.judged", _l("a noté la qualité de « %(name)s »"))


@dataclass(frozen=True, kw_only=True)
class SourceFacts:
    """What the data are, whose, and by what right they are used."""

    name: str
    holder: str
    contents: str
    purpose: str
    personal: PersonalData
    legal_basis: str
    screening: DpiaScreening
    screening_note: str


@dataclass(frozen=True, kw_only=True)
class SampleMeasures:
    """Measures of a sample: records without the header, and the fingerprint of the file."""

    rows: int
    sha256: str
    received_on: date
    measured: bool  # by the portal; else typed


@dataclass(frozen=True, kw_only=True)
class Quality:
    """What the team found out about the data."""

    faithfulness: Faithfulness
    fitness: Fitness
    quality_note: str


def add_source(
    actor: Actor, project: Project, facts: SourceFacts, *, identified_on: date
) -> DataSource:
    """Raises `RuleBroken` on `identified_on`."""
    require_work(actor, project)
    require_past("identified_on", identified_on)
    source = DataSource(
        project_id=project.id,
        number=next_number(DataSource, project),
        access=AccessState.IDENTIFIED,
        access_on=identified_on,
        **asdict(facts),
    )
    db.session.add(source)
    db.session.flush()
    _add_access_step(source, position=1, note="")
    page = f"/projects/{project.slug}/file/data/{source.number}"
    talk = open_discussion(project.id, page=page)
    db.session.add(SourceDiscussion(source_id=source.id, discussion_id=talk.id))
    changes: audit.Changes = {name: (None, value) for name, value in asdict(facts).items()}
    record_change(actor, ADDED, source, changes, name=source.name)
    return source


def change_source(
    actor: Actor, project: Project, source: DataSource, facts: SourceFacts, version: int
) -> None:
    """A new purpose is a deed of its own. Raises `Conflict` when somebody saved in between."""
    require_work(actor, project)
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
    """One step on, or back to any earlier one with a reason.

    Raises `RuleBroken` on `access`, `reached_on` or `note`, `Conflict` after another's save.
    """
    require_work(actor, project)
    check_version(source, version)
    lock_row(DataSource, source.id)
    _check_move(source, access, reached_on, note)
    back = access.rank < source.access.rank
    changes = apply_values(source, {"access": access, "access_on": reached_on})
    _add_access_step(source, position=queries.count_steps(source) + 1, note=note)
    changes_with_note = {**changes, "note": (None, note)} if note else changes
    record_change(
        actor,
        ACCESS_MOVED_BACK if back else ACCESS_ADVANCED,
        source,
        changes_with_note,
        name=source.name,
    )


def _check_move(source: DataSource, access: AccessState, reached_on: date, note: str) -> None:
    step = access.rank - source.access.rank
    if step == 0 or step > 1:
        raise RuleBroken("access", _("L’accès avance d’une étape à la fois, ou recule."))
    if step < 0 and not note:
        raise RuleBroken("note", _("Dites pourquoi l’accès recule : l’historique le gardera."))
    require_past("reached_on", reached_on)
    if reached_on < source.access_on:
        sentence = _("L’étape précédente est plus récente : une étape ne la précède pas.")
        raise RuleBroken("reached_on", sentence)


def _add_access_step(source: DataSource, *, position: int, note: str) -> None:
    db.session.add(
        AccessStep(
            source_id=source.id,
            position=position,
            access=source.access,
            reached_on=source.access_on,
            note=note,
        )
    )


def note_sample(
    actor: Actor, project: Project, source: DataSource, sample: SampleMeasures, version: int
) -> None:
    """Raises `RuleBroken` on `sha256` or `sample_on`, `Conflict` after another's save."""
    require_work(actor, project)
    require_sha256("sha256", sample.sha256)
    require_past("sample_on", sample.received_on)
    values = {
        "sample_rows": sample.rows,
        "sample_sha256": sample.sha256,
        "sample_on": sample.received_on,
        "sample_measured": sample.measured,
    }
    changes = apply_values(source, values, version)
    if changes:
        record_change(actor, SAMPLED, source, changes, name=source.name)


def judge_quality(
    actor: Actor, project: Project, source: DataSource, quality: Quality, version: int
) -> None:
    """Raises `Conflict` when somebody saved in between."""
    require_work(actor, project)
    changes = apply_values(source, asdict(quality), version)
    if changes:
        record_change(actor, JUDGED, source, changes, name=source.name)
