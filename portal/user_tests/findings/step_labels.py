"""Steps from a finding to its closing: observation, item, sprint, retests, closing."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from flask import url_for

from portal.platform.kernel.text import gettext as _
from portal.project.projects.models import Project
from portal.project.projects.revision_queries import AuditRevision
from portal.user_tests.findings import labels
from portal.user_tests.findings.models import FindingClosingKind
from portal.user_tests.findings.queries import FindingDetails, RetestWithRound


@dataclass(frozen=True, kw_only=True)
class FindingStep:
    """`at` None: not done yet, and `text` says what it waits for."""

    title: str
    text: str
    at: datetime | None = None
    who: str = ""
    url: str = ""
    note: str = ""

    @property
    def is_done(self) -> bool:
        return self.at is not None


def list_finding_steps(
    project: Project,
    details: FindingDetails,
    answers: Sequence[RetestWithRound],
    revisions: Sequence[AuditRevision],
) -> list[FindingStep]:
    """Return the steps in order; those still missing are left out of a closed finding."""
    builder = _StepBuilder(project, details, revisions)
    steps = [
        builder.build_observation_step(),
        builder.build_item_step(),
        builder.build_sprint_step(),
        *builder.build_retest_steps(answers),
        builder.build_closing_step(),
    ]
    return [step for step in steps if step is not None]


class _StepBuilder:
    def __init__(self, project: Project, details: FindingDetails, revisions: Sequence[AuditRevision]) -> None:
        self.slug = project.slug
        self.details = details
        self.is_closed = details.finding.closed_at is not None
        self.revisions = revisions

    def _find_last_revision(self, *actions: str) -> AuditRevision | None:
        return next((revision for revision in self.revisions if revision.action in actions), None)

    def build_observation_step(self) -> FindingStep:
        details, revision = self.details, self._find_last_revision("finding.noted")
        return FindingStep(
            title=_("Vu en test"),
            text=labels.origin_label(details.round.number, details.version.number),
            at=details.finding.created_at,
            who=revision.who if revision else "",
            url=url_for("rounds.page", slug=self.slug, number=details.round.number),
        )

    def build_item_step(self) -> FindingStep | None:
        item = self.details.item
        if item is None:
            missing = FindingStep(title=_("Au carnet"), text=_("pas encore au carnet"))
            return None if self.is_closed else missing
        planned = self._find_last_revision("finding.planned")
        text = _("élément %(n)s, %(state)s", n=item.number, state=labels.item_state(item))
        return FindingStep(
            title=_("Au carnet"),
            text=text,
            at=planned.at if planned else item.created_at,
            who=planned.who if planned else "",
            url=url_for("items.page", slug=self.slug, number=item.number),
            note=item.title,
        )

    def build_sprint_step(self) -> FindingStep | None:
        item, sprint = self.details.item, self.details.sprint
        if item is None:
            return None
        if sprint is None:
            missing = FindingStep(title=_("Sprint"), text=_("pas encore pris dans un sprint"))
            return None if self.is_closed or item.gone_at else missing
        url = url_for("sprints.page", slug=self.slug, number=sprint.number)
        return FindingStep(
            title=_("Sprint %(number)s", number=sprint.number),
            text=_("élément fait") if item.done_at else _("élément pas encore fait"),
            at=item.done_at,
            url=url,
            note=sprint.goal,
        )

    def build_retest_steps(self, answers: Sequence[RetestWithRound]) -> list[FindingStep]:
        if not answers:
            text = _("pas encore vérifié sur une version suivante")
            return [] if self.is_closed else [FindingStep(title=_("Nouveau test"), text=text)]
        return [self._build_retest_step(answer) for answer in answers]

    def _build_retest_step(self, answer: RetestWithRound) -> FindingStep:
        origin = labels.origin_label(answer.round, answer.version)
        result = str(labels.RESULTS_IN_SHORT[answer.retest.result])
        return FindingStep(
            title=_("Nouveau test"),
            text=_("%(where)s : %(result)s", where=origin, result=result),
            at=answer.retest.created_at,
            who=answer.who,
            url=url_for("retests.page", slug=self.slug, number=answer.round),
            note=answer.retest.note,
        )

    def build_closing_step(self) -> FindingStep:
        details, finding = self.details, self.details.finding
        if finding.closing is None:
            return FindingStep(title=_("Clôture"), text=_("encore ouvert"))
        url = ""
        if finding.closing is FindingClosingKind.MERGED and details.into is not None:
            url = url_for("findings.page", slug=self.slug, number=details.into.number)
        return FindingStep(
            title=_("Clôture"),
            text=str(labels.CLOSING_PHRASES[finding.closing]),
            at=finding.closed_at,
            who=details.closed_by or "",
            url=url,
            note=finding.closing_reason,
        )
