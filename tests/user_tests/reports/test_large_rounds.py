"""A large round takes no more statements than a small one."""

from itertools import count

from portal.platform.kernel.database import db
from portal.user_tests.findings.models import Finding, Sighting
from portal.user_tests.rounds.models import TestTask
from portal.user_tests.rounds.session_models import ScaleAnswer, TaskOutcome, TaskResult, TestSession
from tests.support import factories as make
from tests.support import user_tests as tests
from tests.support.project_file import version
from tests.user_tests.reports.conftest import WELL, T


def grown(round_, person, *, sessions, tasks, findings):
    """Bulk insert: a commit for each row would take a minute."""
    numbers = count(1 + db.session.query(TestSession).count())
    known = db.session.query(TestTask).count()
    for n in range(known + 1, known + tasks + 1):
        tests.task(round_, n)
    asked = db.session.query(TestTask).all()
    held = [
        TestSession(
            project_id=round_.project_id,
            number=next(numbers),
            round_id=round_.id,
            observer_id=person.id,
            consent_on=tests.WHEN.date(),
            started_at=tests.WHEN,
        )
        for _n in range(sessions)
    ]
    db.session.add_all(held)
    db.session.flush()
    for one in held:
        for n, task in enumerate(asked):
            ids = {"session_id": one.id, "task_id": task.id}
            said = {"outcome": list(TaskOutcome)[n % 4], "seconds": 20 + n, "ease": 1 + n % 7}
            db.session.add(TaskResult(**ids, **said, errors=n % 3))
        for item, value in enumerate(WELL, start=1):
            db.session.add(ScaleAnswer(session_id=one.id, item=item, value=value))
    found = [seen_once(round_, n, held[n % sessions], person) for n in range(findings)]
    db.session.commit()
    return found


def seen_once(round_, place, session, person):
    talk = make.discussion(round_.project_id, page="/projects/heron/findings/1")
    number = 1 + db.session.query(Finding).count()
    same = {"project_id": round_.project_id, "round_id": round_.id, "discussion_id": talk.id}
    made = Finding(number=number, what="La légende n’est pas vue.", severity=place % 5, **same)
    db.session.add(made)
    db.session.flush()
    ids = {"session_id": session.id, "observer_id": person.id}
    db.session.add(Sighting(finding_id=made.id, **ids))
    return made


def test_sixty_sessions_of_twelve_tasks_cost_what_one_of_one_costs(browser, project, person, statements):
    round_ = tests.round_(project, version(project))
    costs = []
    for more in ({"sessions": 1, "tasks": 1}, {"sessions": 59, "tasks": 11}):
        grown(round_, person, findings=more["sessions"] // 3 + 1, **more)
        for end in ("1", "1/findings", "1/report/fr", "1/report/fr.pdf"):
            browser.open(f"{T}/{end}", method="GET")
            statements.clear()
            assert browser.open(f"{T}/{end}", method="GET").status_code == 200
            costs.append(len(statements))
    assert costs[:4] == costs[4:]
    assert max(costs) < 30
