"""Ask for help on any day, without waiting for the close of a sprint."""

from datetime import datetime
from typing import Any

from portal.platform.kernel import audit, clock
from portal.platform.kernel.access import Actor
from portal.platform.kernel.contributions import list_contributions
from portal.platform.kernel.database import check_version
from portal.platform.kernel.errors import Overtaken, RuleBroken
from portal.platform.kernel.text import gettext as _
from portal.platform.kernel.text import lazy_gettext as _l
from portal.project.projects.models import Project
from portal.project.projects.work_commands import apply_values, record_change
from portal.sprints.sprints import policy, timing_commands
from portal.sprints.sprints.models import BlockerKind, Sprint
from portal.sprints.sprints.section_queries import SprintHelpFollowUp

HELP_ASKED = audit.Action(policy.HELP_CODE, _l("a demandé de l’aide, sprint %(number)s"))
HELP_WITHDRAWN = audit.Action("sprint.help_withdrawn", _l("a retiré la demande d’aide du sprint %(number)s"))
WITHDRAWN_HELP = "help_asked_at"  # the fact of an act that withdrew a request: when it was made


def ask_for_help(
    actor: Actor,
    project: Project,
    sprint: Sprint,
    blocker: BlockerKind,
    text: str,
    *,
    expected_version: int,
    replaces: bool = True,
) -> Sprint:
    """Make the request that a close makes, now: its log will say the same unless the team changes it.
    The log of a closed sprint stays as it is: the request has words of its own.

    Asked again while nobody took it, the request has the new words and keeps its day. Raises
    `NotAllowed`, `TooLate`, `Overtaken` where somebody has it and the words would change, `RuleBroken` on
    `blocker_text`, and `Conflict` where it would replace words that somebody wrote since
    `expected_version` of the sprint; without `replaces`, words that are there already are a `RuleBroken`
    on it.
    """
    timing_commands.require_to_plan(actor, project)
    timing_commands.lock_fresh_sprint(project, sprint)
    if not text:
        raise RuleBroken("blocker_text", _("Écrivez ce qu’il vous faut."))
    is_taken = sprint.has_open_request and sprint.help_taken_at is not None
    if is_taken and (text, blocker) != (sprint.request_text, sprint.request_blocker):
        raise Overtaken(
            _("Un coach a pris cette demande : écrivez-lui sur sa page, ou faites une autre demande.")
        )
    is_closed = sprint.closed_at is not None
    said_text = sprint.request_text if sprint.awaits_help or not is_closed else ""
    if said_text not in ("", text):
        check_version(sprint, expected_version)
        if not replaces:
            sentence = _("Ce sprint dit déjà ce qui bloque, en d’autres mots : reprenez-les avec les vôtres.")
            raise RuleBroken("replaces", sentence)
    is_new = not sprint.awaits_help
    if is_new:
        sprint.help_asked_at = clock.now()
    if is_closed:
        words: dict[str, Any] = {"help_blocker": blocker, "help_text": text}
    elif is_taken:
        words = {}  # its own stay, and those of the log
    else:
        words = {"blocker": blocker, "blocker_text": text, "help_blocker": None, "help_text": None}
    changes = apply_values(sprint, {**words, "help_wanted": True})
    if is_new or changes:
        record_change(actor, HELP_ASKED, sprint, changes)
    return sprint


def keep_words_of_waiting_request(sprint: Sprint, log_text: str) -> None:
    """Leave a request that waits in a running sprint its words where the log, or its draft, empties
    them or wants no help; those of `log_text` are its words else. One that somebody has stays as it is. The
    caller checks permission, and sets the log after."""
    if not sprint.awaits_help or sprint.help_taken_at is not None:
        return
    if log_text:
        sprint.help_text = sprint.help_blocker = None
    elif sprint.help_text is None:
        sprint.help_text, sprint.help_blocker = sprint.request_text, sprint.request_blocker


def keep_words_of_taken_request(sprint: Sprint, log_blocker: BlockerKind, log_text: str) -> None:
    """Leave a request that somebody has its words where the log, or its draft, has others. The caller checks
    permission, and sets the log after."""
    is_taken = sprint.has_open_request and sprint.help_taken_at is not None
    words = sprint.request_text, sprint.request_blocker
    if is_taken and words != (log_text, log_blocker):
        sprint.help_text, sprint.help_blocker = words


def reopen_help(actor: Actor, project: Project, sprint: Sprint, now: datetime, *, is_ticked: bool) -> bool:
    """Ask for help anew by the log of a sprint whose request was closed; return whether it does.

    `is_ticked` says that help was just ticked. The caller checks permission.
    """
    if not sprint.is_help_closed or not sprint.help_wanted:
        return False
    follow_ups = list_contributions(SprintHelpFollowUp)
    if not any(each.reopen(actor, project, sprint, now, is_ticked) for each in follow_ups):
        return False
    sprint.help_asked_at = now
    sprint.help_text = sprint.help_blocker = None  # its words are those of the log
    return True


def take_back_reopening(actor: Actor, project: Project, sprint: Sprint, asked_at: datetime | None) -> None:
    """Make a closed request count again whose place one of `asked_at` had. The caller checks permission."""
    for follow_up in list_contributions(SprintHelpFollowUp):
        follow_up.take_back(actor, project, sprint, asked_at)
