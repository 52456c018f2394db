"""People who write while something is killed, and what is left of what they wrote."""

import random
import threading
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass

import sqlalchemy as sa
from flask import Flask

from portal.collaboration.discussions.models import Comment
from portal.collaboration.files.models import Attachment
from portal.platform.kernel.audit import AuditEvent
from portal.platform.kernel.database import db
from portal.sprints.sprints.models import Sprint
from tests.platform.kernel.tampering import walk
from tests.support.writers import Writer

# The first word of a text, and the action that its audit event has.
ACTIONS = {
    "comment": "comment.started",
    "plan": "sprint.planned",
    "close": "sprint.closed",
    "file": "file.attached",
}


@contextmanager
def writing(people: Sequence[Writer], *, with_files: bool = False) -> Iterator[None]:
    """Let all write until the end of the block; each finishes its last write."""
    over = threading.Event()

    def work(person: Writer) -> None:
        n, chance = 0, random.Random(person.me)
        while not over.is_set():
            person.comment(n, stubborn=chance.random() < 0.5)
            n += 1
            if n % 3 == 0:
                person.sprint()
                if with_files:
                    person.attach(n, stubborn=chance.random() < 0.5)

    with ThreadPoolExecutor(len(people)) as pool:
        jobs = [pool.submit(work, person) for person in people]
        try:
            yield
        finally:
            over.set()
        for job in jobs:
            job.result()
    for person in people:
        person.client.close()


@dataclass(frozen=True)
class Aftermath:
    """Counts of texts that are stored and of audit events, and the faults of the audit chain."""

    texts: Counter[str]
    trail: Counter[str]
    faults: list[str]

    def check(
        self,
        people: Sequence[Writer],
        tell: Callable[..., None],
        title: str,
        kills: int,
        logged: Sequence[str],
    ) -> None:
        """An acknowledged write exists once, with its audit event; any other at most once.

        `logged` explains an answer of 500."""
        first, later, unsure = (
            {text for person in people for text in getattr(person.told, kind)}
            for kind in ("acknowledged", "retried", "unsure")
        )
        promised = {text for text in first | later if not text.startswith("start")}
        lost = [text for text in promised if not self.texts[text]]
        doubled = [text for text, times in self.texts.items() if times > 1]
        statuses = sum((person.told.statuses for person in people), Counter())
        good = statuses[200] + statuses[303]
        tell(
            title,
            kills=kills,
            writes_acknowledged=len(first | later),
            at_a_later_attempt=len(later),
            unsure=len(unsure),
            lost=len(lost),
            doubled=len(doubled),
            requests=statuses.total(),
            failed_percent=round(100 * (1 - good / statuses.total()), 1),
        )
        assert not lost
        assert not doubled
        assert set(self.texts) <= promised | unsure, "something that nobody wrote"
        for kind, action in ACTIONS.items():
            rows = sum(times for text, times in self.texts.items() if text.startswith(kind))
            assert self.trail[action] == rows, f"{kind}: rows and lines of the trail differ"
        assert not self.faults, "the chain of the trail broke"
        assert not statuses[500], "\n".join(logged)
        assert len(first | later) > kills, "too little was written to mean anything"


def read_aftermath(app: Flask) -> Aftermath:
    """What the database holds once everybody has stopped."""
    with app.app_context():
        texts = Counter(db.session.scalars(sa.select(Comment.body)))
        texts.update(name.removesuffix(".txt") for name in db.session.scalars(sa.select(Attachment.name)))
        for sprint in db.session.scalars(sa.select(Sprint)):
            texts[sprint.goal.replace("goal", "plan")] += 1
            if sprint.closed_at:
                texts[sprint.summary.replace("summary", "close")] += 1
        trail = Counter(db.session.scalars(sa.select(AuditEvent.action)))
        faults, _ = walk()
        db.session.remove()
        db.engine.dispose()
    return Aftermath(texts, trail, faults)
