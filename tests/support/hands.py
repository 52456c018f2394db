"""Run commands concurrently, each in a transaction of its own."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

from flask import Flask

from portal.people.accounts.models import Person
from portal.platform.kernel.access import Actor, Role
from portal.platform.kernel.database import db, transaction
from portal.platform.kernel.errors import Conflict, NotFound, RuleBroken, TooLate
from portal.project.projects.models import Project

HANDS = 6
REFUSALS = (NotFound, Conflict, RuleBroken, TooLate)


def at_once(
    app: Flask,
    project: Project,
    person: Person,
    act: Callable[[Actor, Project, int], Any],
    hands: int = HANDS,
) -> list[Any]:
    """Return the result or the exception of each."""
    project_id, actor = project.id, Actor(person.id, {project.id: frozenset({Role.TEAM_MEMBER})})
    db.session.commit()
    gate = Barrier(hands)

    def one(n: int) -> Any:
        with app.app_context(), app.test_request_context(method="POST"):
            gate.wait()
            try:
                with transaction():
                    mine = db.session.connection(execution_options={"may_write": True})
                    assert mine is not None
                    theirs = db.session.get_one(Project, project_id)
                    return act(actor, theirs, n)
            except REFUSALS as refused:
                return refused

    with ThreadPoolExecutor(hands) as pool:
        return list(pool.map(one, range(hands)))
