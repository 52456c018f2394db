"""Why help is asked by a question, and its line among a project's requests for help."""

from collections.abc import Sequence

from flask import url_for

from portal.coaching.clinics.labels import describe_wait
from portal.oversight.decisions.help_queries import list_help_questions
from portal.oversight.decisions.labels import badge, numbered_name
from portal.oversight.decisions.models import AwaitedDecision
from portal.oversight.decisions.rules import first_line
from portal.platform.kernel import clock
from portal.platform.kernel.access import Actor
from portal.platform.kernel.text import gettext as _
from portal.platform.kernel.text import using_language
from portal.project.projects.models import Project
from portal.sprints.sprints.labels import BLOCKERS
from portal.sprints.sprints.models import BlockerKind
from portal.sprints.sprints.section_queries import HelpLine, HelpLineSource


def describe_blocker(kind: BlockerKind) -> str:
    """Why such a request is made. As stored, in French: those who answer do not read the
    asker's language."""
    with using_language("fr"):
        if kind is BlockerKind.NONE:
            return _("Demande d’aide")
        return _("Nature du blocage\u00a0: %(kind)s", kind=BLOCKERS[kind])


def list_help_lines(actor: Actor, project: Project) -> Sequence[HelpLine]:
    """The requests put as questions, as the list of a project's requests for help shows them."""
    return [_build_help_line(project, row, owner) for row, owner in list_help_questions(actor, project)]


def _build_help_line(project: Project, row: AwaitedDecision, owner: str) -> HelpLine:
    state, kind = badge(row)
    return HelpLine(
        path=url_for("decisions.page", slug=project.slug, number=row.number),
        name=numbered_name(row),
        text=first_line(row.question),
        state=str(state),
        state_kind=kind,
        wait=_describe_wait(row),
        owner=owner,
        is_open=row.is_open,
    )


def _describe_wait(row: AwaitedDecision) -> str:
    until = clock.day_of(row.closed_at) if row.closed_at else clock.today()
    return describe_wait((until - clock.day_of(row.created_at)).days, row.is_open, _("close le jour même"))


LINES = HelpLineSource(list_lines=list_help_lines)
