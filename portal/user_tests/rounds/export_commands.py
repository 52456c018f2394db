"""Permission and audit of the export of raw results."""

from portal.platform.kernel import audit
from portal.platform.kernel.access import Actor, require
from portal.platform.kernel.text import gettext as _
from portal.project.projects.models import Project
from portal.user_tests.rounds import policy
from portal.user_tests.rounds.models import TestRound
from portal.user_tests.rounds.session_commands import record_action

EXPORTED = audit.Action("test_sessions.exported")


def export_sessions(actor: Actor, project: Project, round_: TestRound) -> None:
    """Record an export. Raises `NotAllowed` unless the actor is on the team or coaches it."""
    sentence = _("Les résultats bruts ne sortent qu’avec l’équipe du projet et ses coachs.")
    require(policy.can_export_sessions(actor, project), sentence)
    record_action(actor, EXPORTED, project, round_)
