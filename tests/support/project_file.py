"""Factories of rows of a project's file; a test gives only relevant fields."""

from datetime import date
from hashlib import sha256
from io import BytesIO
from typing import Any, TypeVar

from portal.collaboration.files.models import Attachment
from portal.ethics.questionnaires.definition_rules import Answer, QuestionnaireItem, QuestionnaireItemKind
from portal.ethics.readiness_sheets.definition_documents import get_latest_definition
from portal.ethics.readiness_sheets.models import Sheet, SheetSection
from portal.ethics.readiness_sheets.queries import get_definition
from portal.people.accounts.models import Person
from portal.platform.kernel import clock
from portal.platform.kernel.database import Base
from portal.platform.kernel.services import get_service
from portal.platform.storage.intake import UploadIntake
from portal.platform.storage.storage import new_key
from portal.project.data_sources.models import AccessHistoryEntry, AccessState, DataSource, SourceDiscussion
from portal.project.framing.metric_models import ImpactMetric, Measurement, MetricDefinition, MetricDirection
from portal.project.framing.models import (
    Assumption,
    AssumptionVerdict,
    Interview,
    TargetAudience,
    TargetGroup,
)
from portal.project.projects.models import Numbered, Project
from portal.project.projects.numbered_queries import next_row_number
from portal.sprints.prototypes.evaluation_models import EvaluationProtocol, EvaluationRun
from portal.sprints.prototypes.models import AutomationLevel, Exposure, PrototypeVersion
from tests.support import factories as make
from tests.support.keeping import kept, write

Row = TypeVar("Row", bound=Base)
Kept = TypeVar("Kept", bound=Numbered)


@kept
def save(row: Row) -> Row:
    return write(row)


@kept
def of(project: Project, model: type[Kept], **given: Any) -> Kept:
    """Create a numbered row with the next or a given number."""
    number = given.pop("number", None) or next_row_number(model, project)
    return save(model(project_id=project.id, number=number, **given))


def group(project: Project, **given: Any) -> TargetGroup:
    """Create a target group; the first is « Les contrôleurs », later ones add their number."""
    number = given.setdefault("number", next_row_number(TargetGroup, project))
    name = given.setdefault("name", "Les contrôleurs" + (f" {number}" if number > 1 else ""))
    usual = {"audience": TargetAudience.AGENTS, "size": 40, "name_fold": TargetGroup.folded(name)}
    return of(project, TargetGroup, **usual | given)


def assumption(project: Project, **given: Any) -> Assumption:
    usual = {"statement": "Les lettres se ressemblent.", "risk": 3, "verdict": AssumptionVerdict.OPEN}
    return of(project, Assumption, **usual | given)


def interview(project: Project, **given: Any) -> Interview:
    usual = {"held_on": date(2026, 3, 2), "people": 1, "learnt": "Ils lisent tout."}
    return of(project, Interview, **usual | given)


@kept
def metric(project: Project, **given: Any) -> ImpactMetric:
    """Create a metric with its first definition: baseline ten days, target two."""
    usual = {
        "name": "Délai de réponse",
        "unit": "jours",
        "direction": MetricDirection.DOWN,
        "baseline": 10.0,
        "baseline_on": date(2026, 1, 5),
        "target": 2.0,
    }
    made = of(project, ImpactMetric, **usual | given)
    kept = {name: getattr(made, name) for name in [*usual, "baseline_source", "edition"]}
    save(MetricDefinition(metric_id=made.id, since=clock.today(), **kept))
    return made


def measurement(project: Project, of_: ImpactMetric, **given: Any) -> Measurement:
    usual = {"measured_on": date(2026, 3, 2), "value": 8.0, "sample_size": 120}
    return of(project, Measurement, metric_id=of_.id, edition=of_.edition, **usual | given)


@kept
def source(project: Project, **given: Any) -> DataSource:
    """Create a source identified on the second of March unless `access` is given."""
    number = given.setdefault("number", next_row_number(DataSource, project))
    talk = make.discussion(project.id, page=f"/projects/{project.slug}/file/data/{number}")
    usual = {"name": "Lettres", "access": AccessState.IDENTIFIED, "access_on": date(2026, 3, 2)}
    made = of(project, DataSource, **usual | given)
    step = {"access": made.access, "reached_on": made.access_on}
    save(AccessHistoryEntry(source_id=made.id, position=1, **step))
    save(SourceDiscussion(source_id=made.id, discussion_id=talk.id))
    return made


@kept
def version(project: Project, **given: Any) -> PrototypeVersion:
    """Create a version released on the second of March, for agents, suggesting."""
    usual = {
        "released_on": date(2026, 3, 2),
        "changes": "La carte s’affiche.",
        "automation": AutomationLevel.SUGGEST,
        "exposure": Exposure.AGENTS,
    }
    talk = make.discussion(project.id, page=f"/projects/{project.slug}/file/prototypes/1")
    return of(project, PrototypeVersion, discussion_id=talk.id, **usual | given)


def protocol(project: Project, **given: Any) -> EvaluationProtocol:
    """Create a protocol of the second of March: recall of 0.7, baseline 0.5."""
    usual = {
        "dated_on": date(2026, 3, 2),
        "metric": "Rappel",
        "direction": MetricDirection.UP,
        "held_out": "120 lettres de 2024",
        "held_out_size": 120,
        "baseline": 0.5,
        "threshold": 0.7,
    }
    return of(project, EvaluationProtocol, **usual | given)


@kept
def run(project: Project, under: EvaluationProtocol, tried: PrototypeVersion, **given: Any) -> EvaluationRun:
    usual = {"ran_on": date(2026, 3, 9), "result": 0.61}
    ids = {"protocol_id": under.id, "prototype_version_id": tried.id}
    return of(project, EvaluationRun, **ids | usual | given)


@kept
def sheet(project: Project, kind: str, **given: Any) -> Sheet:
    """Create an open sheet of the latest edition unless one is given; `answers` by item."""
    answers = given.pop("answers", {})
    talk = make.discussion(project.id, page=f"/projects/{project.slug}/file/sheets")
    usual = {"kind": kind, "edition": get_latest_definition(kind).edition, "discussion_id": talk.id}
    made = of(project, Sheet, **usual | given)
    for section in get_definition(made).sections:
        keys = [key for item in section.items for key in (item.key, item.note_key)]
        own = {key: answers[key] for key in keys if key in answers}
        save(SheetSection(sheet_id=made.id, key=section.key, edition=made.edition, answers=own))
    return made


def answers_to(kind: str) -> dict[str, Answer]:
    """Return an answer to each item of the latest edition, the best one of a choice."""
    return {item.key: _answer(item) for item in get_latest_definition(kind).items}


def _answer(item: QuestionnaireItem) -> Answer:
    if item.choices:
        return max(item.choices, key=lambda choice: choice.weight).value
    plain: dict[QuestionnaireItemKind, Answer] = {
        QuestionnaireItemKind.NUMBER: 1,
        QuestionnaireItemKind.DATE: "2026-03-02",
    }
    plain |= {QuestionnaireItemKind.TEXT: "Dit.", QuestionnaireItemKind.LINK: "https://demo.example"}
    return plain[item.kind]


@kept
def one_more_of_each(project: Project) -> PrototypeVersion:
    """Create another row of each repeatable model; return the version that its run evaluates."""
    group(project)
    assumption(project)
    interview(project)
    measurement(project, metric(project))
    source(project)
    tried = version(project)
    run(project, protocol(project), tried)
    return tried


@kept
def one_of_each(project: Project) -> None:
    """Create a row of each model of a project's file, each with the number 1."""
    tried = one_more_of_each(project)
    for kind in ("data_sheet", "model_card"):
        sheet(project, kind)
    sheet(project, "accessibility", edition=1)
    sheet(project, "handover", answers=answers_to("handover"), prototype_version_id=tried.id)
    protocol(project)  # a second one without any run


def attachment(project: Project, to: Any, author: Person, **given: Any) -> Attachment:
    """Attach a CSV file to a row of the project, with its bytes in the storage."""
    data = given.pop("data", b"nom;note\na;3\n")
    key = new_key()
    get_service(UploadIntake).storage.put(key, BytesIO(data), len(data))
    usual = {
        "scope_id": project.id,
        "subject": to.__tablename__,
        "subject_id": to.id,
        "number": number if isinstance(number := getattr(to, "number", 0), int) else 0,
        "name": "lettres.csv",
        "media_type": "text/csv",
        "size": len(data),
        "sha256": sha256(data).hexdigest(),
        "key": key,
        "was_scanned": False,
        "author_id": author.id,
    }
    return save(Attachment(**usual | given))
