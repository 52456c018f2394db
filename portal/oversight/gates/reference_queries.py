"""What the evidence of a gate is: the title of each row, who noted it, when. The caller was allowed
to see the project."""

from collections import defaultdict
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from json import loads
from typing import Any
from uuid import UUID

from sqlalchemy import Select, String, Text, bindparam, case, cast, func, literal, select, union_all

from portal.ethics.questionnaires.library_documents import find_built_in_source
from portal.ethics.questionnaires.models import QuestionnaireEdition
from portal.ethics.readiness_sheets.definition_documents import read_definitions_by_kind_and_edition
from portal.ethics.readiness_sheets.models import Sheet, SheetSection
from portal.ethics.rereviews.labels import title as trigger_title
from portal.ethics.rereviews.models import Trigger
from portal.ethics.reviews.models import Review
from portal.ethics.risks.models import Risk
from portal.oversight.gates.ethics_evidence_queries import count_items_that_fail
from portal.oversight.gates.models import Panel
from portal.people.accounts.models import Person
from portal.platform.kernel.audit import AuditEvent
from portal.platform.kernel.database import db, fetch_rows
from portal.platform.kernel.history import map_past_values_by_row
from portal.platform.kernel.text import format_day, ngettext
from portal.platform.kernel.text import gettext as _
from portal.project.data_sources.models import DataSource
from portal.project.framing.metric_models import ImpactMetric
from portal.project.framing.models import TargetGroup
from portal.project.projects.models import Project
from portal.sprints.ceremonies.models import Demonstration
from portal.sprints.prototypes.evaluation_models import EvaluationProtocol, EvaluationRun
from portal.sprints.prototypes.models import PrototypeVersion
from portal.user_tests.findings.models import Finding
from portal.user_tests.rounds.models import TestRound

TITLE_MAX = 80  # characters of a text that serves as a title


@dataclass(frozen=True)
class EvidenceReference:
    """A row that proves something. `title` is "" where it is unknown; `who` noted it first, ""
    for the command line, or decided it where `is_decision`."""

    title: str
    who: str
    at: datetime
    is_decision: bool = False


References = Mapping[str, EvidenceReference]  # by reference, as in "round/2"

_QUESTIONNAIRE = (
    select(QuestionnaireEdition.key.concat("/").concat(cast(QuestionnaireEdition.edition, String)))
    .where(QuestionnaireEdition.id == Review.edition_id)
    .correlate(Review)
    .scalar_subquery()
)
_HAPPENED = cast(Trigger.causes, Text).concat("\n").concat(cast(Trigger.details, Text))
_VERSION_OF_SHEET = (
    select(cast(PrototypeVersion.number, String))
    .where(PrototypeVersion.id == Sheet.prototype_version_id)
    .correlate(Sheet)
    .scalar_subquery()
)
_ANSWERS_OF_SHEET = (
    select(func.aggregate_strings(cast(SheetSection.answers, Text), ","))
    .where(SheetSection.sheet_id == Sheet.id)
    .correlate(Sheet)
    .scalar_subquery()
)
# Kind, edition, version and answers by section, a line each.
_SHEET_FACTS = (
    Sheet.kind.concat("\n")
    .concat(cast(Sheet.edition, String))
    .concat("\n")
    .concat(func.coalesce(_VERSION_OF_SHEET, ""))
    .concat("\n")
    .concat(func.coalesce(_ANSWERS_OF_SHEET, ""))
)
_KINDS: Mapping[str, tuple[Any, Any]] = {  # model and title of each kind
    "group": (TargetGroup, TargetGroup.name),
    "metric": (ImpactMetric, ImpactMetric.name),
    "source": (DataSource, DataSource.name),
    "version": (PrototypeVersion, PrototypeVersion.changes),
    "protocol": (EvaluationProtocol, EvaluationProtocol.metric),
    "run": (EvaluationRun, EvaluationRun.code_reference),
    "demonstration": (Demonstration, cast(Demonstration.held_on, String).label("held_on")),
    "round": (TestRound, TestRound.title),
    "finding": (Finding, Finding.what),
    "sheet": (Sheet, _SHEET_FACTS.label("facts")),
    "review": (Review, _QUESTIONNAIRE.label("edition")),
    "trigger": (Trigger, _HAPPENED.label("happened")),
    "risk": (Risk, Risk.what),
    "panel": (Panel, Panel.members),
}


def _select_references_of_kind(kind: str, model: Any, title: Any) -> Select[Any]:
    noted_by = (
        select(Person.name)
        .join(AuditEvent, AuditEvent.actor_id == Person.id)
        .where(AuditEvent.subject_id == model.id)
        .order_by(AuditEvent.id)
        .limit(1)
        .correlate(model)
        .scalar_subquery()
    )
    columns: tuple[Any, ...] = (model.created_at, noted_by, literal(value=False))
    if model is Review:  # proved by its decision, if there is one
        reviewer = select(Person.name).where(Person.id == Review.reviewer_id).scalar_subquery()
        is_decided = Review.decided_at.is_not(None)
        columns = (
            func.coalesce(Review.decided_at, Review.created_at),
            case((is_decided, reviewer), else_=noted_by),
            is_decided,
        )
    return select(literal(kind), model.number, title, *columns).where(
        model.project_id == bindparam("project")
    )


_REFERENCES = union_all(*(_select_references_of_kind(kind, *parts) for kind, parts in _KINDS.items()))


def read_all_project_references(project: Project) -> References:
    """Return all rows of a project that a gate may refer to, by reference. One statement."""
    rows = fetch_rows(_REFERENCES, {"project": project.id})
    return {
        f"{kind}/{number}": EvidenceReference(_build_row_title(kind, title), who or "", at, bool(is_decision))
        for kind, number, title, at, who, is_decision in rows
    }


def read_reference_titles(
    references_by_project: Mapping[UUID, Collection[str]], moment: datetime | None = None
) -> Mapping[UUID, References]:
    """Return the titles of the rows that gates of many projects refer to, by project and reference,
    without who noted them; as they were at a moment, "" where the trail does not keep past texts.
    Two statements at most."""
    numbers: dict[str, set[int]] = defaultdict(set)
    for reference in {each for references in references_by_project.values() for each in references}:
        kind, _slash, number = reference.partition("/")
        if kind in _KINDS:
            numbers[kind].add(int(number))
    if not numbers:
        return {}
    statement = union_all(
        *(_select_titles(kind, list(references_by_project), numbers[kind]) for kind in sorted(numbers))
    )
    rows = db.session.execute(statement).all()
    past = map_past_values_by_row([row[2] for row in rows], moment) if moment else {}
    titles: dict[UUID, dict[str, EvidenceReference]] = defaultdict(dict)
    for kind, project_id, id_, number, title, at in rows:
        was = past.get(id_, {}).get(_KINDS[kind][1].key, title)
        titles[project_id][f"{kind}/{number}"] = EvidenceReference(_build_row_title(kind, was or ""), "", at)
    return titles


def _select_titles(kind: str, project_ids: Collection[UUID], numbers: Collection[int]) -> Select[Any]:
    model, title = _KINDS[kind]
    return select(literal(kind), model.project_id, model.id, model.number, title, model.created_at).where(
        model.project_id.in_(project_ids), model.number.in_(numbers)
    )


def _build_row_title(kind: str, text: str) -> str:
    """What a row is called: by its kind's own rule, else by the start of its text."""
    line = _TITLES[kind](text) if kind in _TITLES and text else " ".join(text.split())
    return line if len(line) <= TITLE_MAX else f"{line[: TITLE_MAX - 1]}…"


def _read_questionnaire_title(edition: str) -> str:
    """The title of a built-in questionnaire, else the key it was loaded under."""
    key, _slash, number = edition.rpartition("/")
    source = find_built_in_source(key, int(number))
    return str(source.definition.title) if source else key


def _build_sheet_title(facts: str) -> str:
    """What a sheet is, of which version, and how many of its points do not hold."""
    kind, edition, version, sections = facts.split("\n", 3)
    definition = read_definitions_by_kind_and_edition()[kind][int(edition)]
    answers: dict[str, Any] = {}
    for section in loads(f"[{sections}]"):
        answers |= section
    parts = [str(definition.title)]
    if version:
        parts.append(_("version %(n)s", n=version))
    if failed := count_items_that_fail(definition, answers):
        parts.append(ngettext("%(num)s point non tenu", "%(num)s points non tenus", failed))
    return ", ".join(parts)


def _build_trigger_title(happened: str) -> str:
    causes, details = happened.split("\n", 1)
    return trigger_title(Trigger(causes=loads(causes), details=loads(details)))


_TITLES: Mapping[str, Callable[[str], str]] = {
    "sheet": _build_sheet_title,
    "demonstration": lambda held_on: format_day(date.fromisoformat(held_on)),
    "review": _read_questionnaire_title,
    "trigger": _build_trigger_title,
}
