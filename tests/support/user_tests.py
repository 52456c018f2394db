"""Factories of rounds, tasks, sessions and findings; a test gives only relevant fields."""

from datetime import UTC, date, datetime, timedelta
from hashlib import sha256
from typing import Any
from uuid import uuid4

from portal.people.accounts.models import Person
from portal.platform.kernel import clock
from portal.platform.kernel.database import db
from portal.project.framing.models import TargetGroup
from portal.project.projects.models import Project
from portal.project.projects.queries import get_programme_of
from portal.sprints.prototypes.models import PrototypeVersion
from portal.user_tests.findings.models import Finding, FindingTask, Sighting
from portal.user_tests.findings.projections import update_project_figures
from portal.user_tests.rounds.commands import RoundPlan
from portal.user_tests.rounds.consent_labels import build_default_consent_parts
from portal.user_tests.rounds.import_models import ResultsImport, ResultsImportLine
from portal.user_tests.rounds.import_queries import read_expected_file_content
from portal.user_tests.rounds.models import (
    ConsentText,
    RoundGroup,
    RoundScale,
    SessionMethod,
    TestRound,
    TestTask,
)
from portal.user_tests.rounds.session_models import (
    ParticipantCodeRegister,
    ParticipantLink,
    ScaleAnswer,
    TaskOutcome,
    TaskResult,
    TestSession,
)
from portal.user_tests.rounds.tally_models import GroupTally, RoundTally, TaskTally
from portal.user_tests.rounds.task_commands import TaskFacts
from tests.support import factories as make
from tests.support.keeping import kept
from tests.support.project_file import group, of, save, version

WHEN = datetime(2026, 3, 12, 9, 0, tzinfo=UTC)
SAID = {
    "purpose": "Savoir si la carte se lit.",
    "course": "Vous essayez la carte, nous notons ce qui se passe.",
    "retention": "Douze mois après la fin du projet.",
    "withdrawal": "Dites votre code, tout est effacé.",
    "dpo_contact": "dpo@demo.example",
}


def round_(project: Project, tried: PrototypeVersion, **given: Any) -> TestRound:
    """Create a moderated round with the F-SUS in March, without tasks, groups or consent text."""
    usual = {"title": "Lire la carte", "method": SessionMethod.MODERATED, "scale": RoundScale.F_SUS}
    talk = make.discussion(project.id, page=f"/projects/{project.slug}/tests/1")
    ids = {"prototype_version_id": tried.id, "discussion_id": talk.id}
    return of(project, TestRound, **ids | usual | given)


def aims_at(of_: TestRound, who: TargetGroup, wanted: int | None = 5) -> RoundGroup:
    return save(RoundGroup(round_id=of_.id, target_group_id=who.id, participant_goal=wanted))


def task(of_: TestRound, number: int = 1, **given: Any) -> TestTask:
    usual = {
        "title": "Trouver une lettre",
        "instruction": "Trouvez la lettre du 3 mars.",
        "success": "La bonne lettre est ouverte.",
        "position": number,
        "is_primary": number == 1,
    }
    return save(TestTask(round_id=of_.id, number=number, **usual | given))


def consent_text(of_: TestRound, locale: str = "fr", **given: Any) -> ConsentText:
    return save(ConsentText(round_id=of_.id, locale=locale, **SAID | given))


def propose_consent(project: Project, of_: TestRound, locale: str) -> None:
    """Give a round the consent text in a language that the portal proposes."""
    text = db.session.query(ConsentText).filter_by(round_id=of_.id, locale=locale).one()
    months = get_programme_of(project).test_retention
    for name, part in build_default_consent_parts(project, of_.method, months, locale).items():
        setattr(text, name, part)
    db.session.commit()


@kept
def session(of_: TestRound, observer: Person, **given: Any) -> TestSession:
    """Create a finished session with the consent of the project's next participant."""
    project = db.session.get_one(Project, of_.project_id)
    usual = {"consent_on": WHEN.date(), "started_at": WHEN, "ended_at": WHEN}
    made = of(project, TestSession, round_id=of_.id, observer_id=observer.id, **usual | given)
    register = db.session.get(ParticipantCodeRegister, project.id) or ParticipantCodeRegister(
        project_id=project.id
    )
    register.last_participant = max(register.last_participant or 0, made.number)
    save(register)
    return made


def result(of_: TestSession, doing: TestTask, **given: Any) -> TaskResult:
    usual = {"outcome": TaskOutcome.SUCCESS, "seconds": 45, "ease": 6, "errors": 0}
    return save(TaskResult(session_id=of_.id, task_id=doing.id, **usual | given))


@kept
def answers(of_: TestSession, *values: int, by: Person | None = None) -> None:
    for item, value in enumerate(values, start=1):
        ids = {"session_id": of_.id, "typed_by_id": by and by.id}
        save(ScaleAnswer(item=item, value=value, **ids))


def link(of_: TestSession, by: Person, token: str = "secret", **given: Any) -> ParticipantLink:
    hashed = sha256(token.encode()).hexdigest()
    usual = {"token_hash": hashed, "made_by_id": by.id, "expires_at": datetime(2027, 1, 1, tzinfo=UTC)}
    return save(ParticipantLink(session_id=of_.id, **usual | given))


@kept
def finding(of_: TestRound, **given: Any) -> Finding:
    """Create an open finding without a severity."""
    project = db.session.get_one(Project, of_.project_id)
    talk = make.discussion(project.id, page=f"/projects/{project.slug}/findings/1")
    usual = {"round_id": of_.id, "discussion_id": talk.id, "what": "La légende n’est pas vue."}
    made = of(project, Finding, **usual | given)
    update_project_figures(project.id)
    return made


def seen(what: Finding, in_: TestSession, by: Person) -> Sighting:
    return save(Sighting(finding_id=what.id, session_id=in_.id, observer_id=by.id))


def line(number: int = 2, **given: Any) -> ResultsImportLine:
    """Return a line of a results file: a participant who completed the first task."""
    usual = {"consent_on": "2026-03-12", "results": {"1": {"outcome": "success"}}}
    return ResultsImportLine(line=number, **usual | given)


def results_import(of_: TestRound, by: Person, *lines: ResultsImportLine, **given: Any) -> ResultsImport:
    """Create an import of results that waits for confirmation."""
    usual = {
        "expires_at": clock.now() + timedelta(hours=24),
        "file_name": "seances.csv",
        "shape": read_expected_file_content(of_).as_json(),
        "lines": [one.as_json() for one in lines or (line(),)],
        "unknown": [],
    }
    return save(ResultsImport(round_id=of_.id, person_id=by.id, **usual | given))


@kept
def planned(project: Project) -> TestRound:
    """Create a planned round with two tasks and both consent texts."""
    made = round_(project, version(project))
    aims_at(made, group(project))
    task(made)
    task(made, 2, title="Lire la carte")
    consent_text(made)
    consent_text(made, "en")
    return made


@kept
def over(project: Project) -> TestRound:
    """Create a finished round, whose report is published."""
    return round_(project, version(project), ended_on=WHEN.date())


@kept
def planned_by_mistake(project: Project) -> TestRound:
    """Create a round without any data, which can be removed."""
    return round_(project, version(project), title="Une de trop")


@kept
def one_of_each(project: Project, observer: Person) -> TestRound:
    """Create a round with two tasks, both consent texts, a full session, a finding and sums."""
    made = round_(project, version(project))
    aimed = group(project)
    aims_at(made, aimed)
    first, second = task(made), task(made, 2)
    consent_text(made)
    consent_text(made, "en")
    held = session(made, observer, target_group_id=aimed.id)
    result(held, first)
    result(held, second, outcome=TaskOutcome.FAILED)
    answers(held, 4, 2, 4, 1, 4, 2, 5, 1, 4, 2)
    link(held, observer, token=uuid4().hex)
    found = finding(made)
    save(FindingTask(finding_id=found.id, task_id=second.id))
    seen(found, held, observer)
    return made


@kept
def tallied(of_: TestRound, doing: TestTask, who: TargetGroup) -> None:
    """Create the sums kept of a round whose five sessions are purged."""
    some = {"sessions": 5, "consented": 5, "first_on": date(2025, 3, 2), "last_on": date(2025, 3, 4)}
    scale = {"scale_count": 5, "scale_mean": 72.5, "scale_deviation": 8.1}
    save(RoundTally(round_id=of_.id, tallied_at=WHEN, **some, **scale))
    save(GroupTally(round_id=of_.id, target_group_id=who.id, participants=5))
    times = {"time_count": 4, "time_log_mean": 3.9, "time_log_deviation": 0.4, "time_median": 48.0}
    ease = {"ease_count": 5, "ease_mean": 5.4, "ease_deviation": 1.1}
    outcomes = {"successes": 3, "helped": 1, "failed": 1, "not_tried": 0}
    save(TaskTally(task_id=doing.id, **outcomes, **times, **ease, errors_count=5, errors=3))


def plan(tried: PrototypeVersion, **given: Any) -> RoundPlan:
    """Return a plan with five participants per group in the second week of March."""
    usual = {
        "title": "Lire la carte",
        "method": SessionMethod.MODERATED,
        "scale": RoundScale.F_SUS,
        "hypotheses": "La légende se voit.",
        "script": "",
        "starts_on": date(2026, 3, 9),
        "ends_on": date(2026, 3, 13),
        "groups": [],
        "participant_goal": 5,
    }
    return RoundPlan(version=tried, **usual | given)


def task_text(**given: Any) -> TaskFacts:
    usual = {"title": "Trouver", "instruction": "Trouvez la lettre.", "success": "Elle est là."}
    return TaskFacts(**{"time_limit": 180, "is_primary": False} | usual | given)
