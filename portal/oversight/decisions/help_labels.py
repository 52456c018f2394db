"""What tells a request for help that is put as a question from other questions: why it is asked."""

from collections.abc import Sequence

from portal.platform.kernel.text import gettext as _
from portal.platform.kernel.text import using_language
from portal.sprints.sprints.labels import BLOCKERS
from portal.sprints.sprints.models import BlockerKind


def describe_blocker(kind: BlockerKind) -> str:
    """Why such a request is made. As stored, in French: those who answer do not read the
    asker's language."""
    with using_language("fr"):
        if kind is BlockerKind.NONE:
            return _("Demande d’aide")
        return _("Nature du blocage\u00a0: %(kind)s", kind=BLOCKERS[kind])


def is_help_reason(why: str) -> bool:
    """Whether a question asked for this reason is a request for help."""
    return why in list_help_reasons()


def list_help_reasons() -> Sequence[str]:
    """Why any such request may be made."""
    return [describe_blocker(kind) for kind in BlockerKind]
