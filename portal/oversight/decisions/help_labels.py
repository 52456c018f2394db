"""Why help is asked by a question."""

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
