"""Re-reviews to confirm, on the page of what is to decide."""

from collections.abc import Sequence

from portal.ethics.rereviews import policy
from portal.ethics.rereviews.labels import title
from portal.ethics.rereviews.queries import list_triggers_to_confirm
from portal.platform.kernel import clock
from portal.platform.kernel.access import Actor
from portal.platform.kernel.text import gettext as _
from portal.platform.kernel.text import lazy_gettext as _l
from portal.platform.kernel.text import ngettext
from portal.project.projects.path_rules import row_path
from portal.project.projects.to_decide_queries import WaitingKind
from portal.project.projects.to_decide_rules import (
    PATIENCE,
    WaitingLine,
    WaitingLineProject,
    shorten_detail,
)

CODE = "rereviews"
SHOWN_MAX = 300  # characters of the reason


def list_lines_to_confirm(actor: Actor) -> Sequence[WaitingLine]:
    """Answers of no impact that the actor may confirm, the oldest first."""
    return [
        WaitingLine(
            id=trigger.id,
            project=WaitingLineProject.of(project),
            path=row_path(project, trigger),
            title=title(trigger),
            detail=_(
                "réponse donnée : sans effet, parce que « %(why)s »",
                why=shorten_detail(trigger.because, SHOWN_MAX),
            ),
            since=clock.day_of(trigger.answered_at or trigger.happened_at),
            patience=PATIENCE,
            is_own=policy.confirms_as_reviewer(actor, project),
        )
        for trigger, project in list_triggers_to_confirm(actor)
    ]


WAITING = WaitingKind(
    code=CODE,
    title=lambda count: ngettext("Réexamen à confirmer (%(num)s)", "Réexamens à confirmer (%(num)s)", count),
    short=_l("Réexamen"),
    list_lines=list_lines_to_confirm,
    rank=4,
)
