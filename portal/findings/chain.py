"""From what was seen in a test to its end: finding, item, sprint, retest, closing. A step each."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from flask import url_for

from portal.findings import words
from portal.findings.models import Closing
from portal.findings.queries import Answer, Told
from portal.kernel.text import gettext as _
from portal.projects.models import Project
from portal.projects.revisions import Revision


@dataclass(frozen=True, kw_only=True)
class Step:
    """`at` None: not yet, and `said` tells what it waits for."""

    title: str
    said: str
    at: datetime | None = None
    who: str = ""
    url: str = ""
    note: str = ""

    @property
    def is_done(self) -> bool:
        return self.at is not None


def steps_of(
    project: Project, told: Told, answers: Sequence[Answer], revisions: Sequence[Revision]
) -> list[Step]:
    """All of them, in the order in which they happen; what is closed waits for nothing more."""
    chain = _Chain(project, told, revisions)
    steps = [chain.seen(), chain.item(), chain.sprint(), *chain.retests(answers), chain.end()]
    return [step for step in steps if step is not None]


class _Chain:
    def __init__(self, project: Project, told: Told, revisions: Sequence[Revision]) -> None:
        self.slug = project.slug
        self.told = told
        self.closed = told.finding.closed_at is not None
        self.revisions = revisions

    def _last(self, *actions: str) -> Revision | None:
        return next((one for one in self.revisions if one.action in actions), None)

    def seen(self) -> Step:
        told, noted = self.told, self._last("finding.noted")
        return Step(
            title=_("Vu en test"),
            said=words.where_from(told.round.number, told.version.number),
            at=told.finding.created_at,
            who=noted.who if noted else "",
            url=url_for("rounds.page", slug=self.slug, number=told.round.number),
        )

    def item(self) -> Step | None:
        item = self.told.item
        if item is None:
            waits = Step(title=_("Au carnet"), said=_("pas encore au carnet"))
            return None if self.closed else waits
        planned = self._last("finding.planned")
        said = _("élément %(n)s, %(state)s", n=item.number, state=words.item_state(item))
        return Step(
            title=_("Au carnet"),
            said=said,
            at=planned.at if planned else item.created_at,
            who=planned.who if planned else "",
            url=url_for("items.page", slug=self.slug, number=item.number),
            note=item.title,
        )

    def sprint(self) -> Step | None:
        item, sprint = self.told.item, self.told.sprint
        if item is None:
            return None
        if sprint is None:
            waits = Step(title=_("Sprint"), said=_("pas encore pris dans un sprint"))
            return None if self.closed or item.gone_at else waits
        url = url_for("sprints.page", slug=self.slug, number=sprint.number)
        return Step(
            title=_("Sprint %(number)s", number=sprint.number),
            said=_("élément fait") if item.done_at else _("élément pas encore fait"),
            at=item.done_at,
            url=url,
            note=sprint.goal,
        )

    def retests(self, answers: Sequence[Answer]) -> list[Step]:
        if not answers:
            said = _("pas encore vérifié sur une version suivante")
            return [] if self.closed else [Step(title=_("Nouveau test"), said=said)]
        return [self._retest(one) for one in answers]

    def _retest(self, one: Answer) -> Step:
        where = words.where_from(one.round, one.version)
        result = str(words.RESULTS_IN_SHORT[one.retest.result])
        return Step(
            title=_("Nouveau test"),
            said=_("%(where)s : %(result)s", where=where, result=result),
            at=one.retest.created_at,
            who=one.who,
            url=url_for("retests.page", slug=self.slug, number=one.round),
            note=one.retest.note,
        )

    def end(self) -> Step:
        told, finding = self.told, self.told.finding
        if finding.closing is None:
            return Step(title=_("Clôture"), said=_("encore ouvert"))
        url = ""
        if finding.closing is Closing.MERGED and told.into is not None:
            url = url_for("findings.page", slug=self.slug, number=told.into.number)
        return Step(
            title=_("Clôture"),
            said=str(words.ENDS[finding.closing]),
            at=finding.closed_at,
            who=told.closed_by or "",
            url=url,
            note=finding.closing_reason,
        )
