"""Whether the longest questionnaire, all of it asked, costs what a short one costs."""

import re
import time
from collections.abc import Iterator, Mapping
from typing import Any

import sqlalchemy as sa

from bench import load, serving
from bench.data import Seat
from bench.load import Run
from bench.measure import Plan, counted
from bench.pages import Visitor
from portal.ethics.questionnaires.definition_rules import (
    Questionnaire,
    QuestionnaireItem,
    QuestionnaireSection,
)
from portal.ethics.questionnaires.queries import get_questionnaire
from portal.ethics.questionnaires.visibility_rules import list_visible_items
from portal.ethics.reviews import commands
from portal.ethics.reviews.answer_commands import import_answers
from portal.ethics.reviews.queries import reload_review
from portal.people.programmes.models import RoleAssignment
from portal.people.programmes.queries import actor_for
from portal.platform.kernel.database import db
from portal.project.projects.models import Project

SHORT, LONG = "crpa", "aia"
PAGES = {"review": "", "section": "/sections/{section}", "print": "/print"}
SAVES = 20
_SEEN = re.compile(r'name="(s_[^"]+)" [^>]*value="([^"]*)"')


def asked_of(of: Questionnaire, answers: Mapping[str, Any]) -> list[QuestionnaireItem]:
    return [item for section in of.sections for item in list_visible_items(of, section, answers)]


def widest(of: Questionnaire) -> dict[str, Any]:
    """Answers that have as much asked as can be, found one question at a time."""
    answers: dict[str, Any] = {}
    while left := [one for one in asked_of(of, answers) if one.choices and one.key not in answers]:
        item = left[0]
        several = item.kind.value == "several"
        tried = [[c.value] if several else c.value for c in item.choices]
        tried += [[c.value for c in item.choices]] if several else []
        answers[item.key] = max(tried, key=lambda one: len(asked_of(of, answers | {item.key: one})))
    return answers


class Answered:
    """A review of a questionnaire in the project of one team, and where it is answered."""

    def __init__(self, seat: Seat, kind: str) -> None:
        project = db.session.scalars(sa.select(Project).where(Project.slug == seat.slug)).one()
        on_team = sa.select(RoleAssignment.person_id).where(RoleAssignment.scope_id == project.id)
        actor = actor_for(db.session.scalars(on_team).all()[0])
        of = get_questionnaire(kind)
        answers = widest(of)
        review = commands.open_review(actor, project, of)
        import_answers(actor, project, review, answers)
        asked = {one.key: list_visible_items(of, one, reload_review(review).answers) for one in of.sections}
        db.session.commit()
        self.asked = sum(map(len, asked.values()))
        self.path = f"{seat.project}/reviews/{review.number}"
        self.section = max(asked, key=lambda key: len(asked[key]))
        self.item = _plain(of.section(self.section), of)  # type: ignore[arg-type]


def _plain(section: QuestionnaireSection, of: Questionnaire) -> QuestionnaireItem:
    """A question with a choice on which nothing depends: its answer is what is saved."""
    needed = repr([one.when for one in of.items]) + repr([one.when for one in of.sections])
    chosen = [one for one in section.items if one.choices and one.kind.value != "several"]
    free = [one for one in chosen if repr(one.key) not in needed]
    return (free or chosen)[0]


def save(visitor: Visitor, seat: Seat, of: Answered, turn: int, sent: list[str]) -> float:
    """One answer, as the page gives it while it is typed; seconds. `sent` is then its queries."""
    path = f"{of.path}/questions/{of.item.key}"
    text, cookie = visitor.read(seat, path)
    seen = dict(_SEEN.findall(text))
    token = re.search(r'name="csrf_token" [^>]*value="([^"]+)"', text)
    assert token, path
    value = of.item.choices[turn % 2].value
    data = {"csrf_token": token[1], f"a_{of.item.key}": value, **seen}
    headers = {"Cookie": cookie, "Host": "127.0.0.1", "HX-Request": "true"}
    client = visitor.app.test_client(use_cookies=False)
    sent.clear()
    began = time.perf_counter()
    answer = client.post(path, data=data, headers=headers)
    took = time.perf_counter() - began
    assert answer.status_code == 200, (path, answer.status_code)
    return took


def measure(plan: Plan, base: serving.Base) -> Iterator[dict[str, Any]]:
    """Each page of both in turn, one client; then one answer saved, in this process."""
    seat, visitor = base.cast.busy[1], Visitor(base)
    with visitor.app.app_context():
        made = [Answered(seat, kind) for kind in (SHORT, LONG)]
        db.session.remove()
    sent: list[str] = []
    with visitor.app.app_context():
        sa.event.listen(db.engine, "before_cursor_execute", lambda *args: sent.append(str(args[2])))
    with serving.serve(base) as served:
        for name, end in PAGES.items():
            facts: dict[str, Any] = {"page": name, "asked": [one.asked for one in made]}
            cookie, runs, counts = visitor.cookie(seat), [Run(), Run()], []
            paths = [one.path + end.format(section=one.section) for one in made]
            for path in paths:
                visitor.read(seat, path)
                sent.clear()
                visitor.read(seat, path)
                counts.append(counted(sent))
            for turn in range(plan.rounds + 1):
                for path, run in zip(paths, runs, strict=True):
                    asked = load.in_turn([load.get(path, cookie)])
                    took = load.drive(served.port, 1, plan.seconds, asked)
                    if turn:  # the first one fills caches
                        run.add(took)
            yield facts | {"queries": counts, "ms": [run.percentile(0.5) for run in runs]}
    yield _saves(visitor, seat, made, sent)


def _saves(visitor: Visitor, seat: Seat, made: list[Answered], sent: list[str]) -> dict[str, Any]:
    counts, typical = [], []
    for of in made:
        took = sorted(save(visitor, seat, of, turn, sent) for turn in range(SAVES))
        counts.append(counted(sent))
        typical.append(took[SAVES // 2] * 1000)
    asked = [of.asked for of in made]
    return {"page": "save", "asked": asked, "queries": counts, "ms": typical}
