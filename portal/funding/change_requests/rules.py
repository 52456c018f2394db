"""Rules of change requests by programme and kind. Pure."""

from collections.abc import Mapping, Sequence
from enum import StrEnum
from typing import Any

from portal.funding.change_requests.models import FundingChangeKind
from portal.project.projects.models import ProjectState


class ChangeMode(StrEnum):
    """What a programme does with a kind of request, and who decides it."""

    NOT_ALLOWED = "not_allowed"
    RECORDED = "recorded"  # it takes effect as it is filed
    BY_LEAD = "lead"
    BY_OPERATOR = "operator"


DEFAULT_MODES: Mapping[FundingChangeKind, ChangeMode] = {
    FundingChangeKind.DELAY: ChangeMode.BY_LEAD,
    FundingChangeKind.SCOPE: ChangeMode.BY_LEAD,
    FundingChangeKind.BUDGET: ChangeMode.BY_OPERATOR,
    FundingChangeKind.ABANDONMENT: ChangeMode.BY_LEAD,
}


STOPPED_BY_ABANDONMENT = frozenset({ProjectState.ACTIVE, ProjectState.PAUSED})
# Kinds that may take effect as they are filed. A budget commits money and an abandonment settles it:
# somebody beside the team decides.
RECORDABLE = frozenset({FundingChangeKind.DELAY, FundingChangeKind.SCOPE})


def list_allowed_modes(kind: FundingChangeKind) -> Sequence[ChangeMode]:
    """Return what a programme may do with a kind."""
    return [mode for mode in ChangeMode if mode is not ChangeMode.RECORDED or kind in RECORDABLE]


def find_change_mode(rules: Mapping[str, Any], kind: FundingChangeKind) -> ChangeMode:
    """Return what a programme's rules say of a kind, else the default; so too for what they said before
    it was decided by somebody."""
    value = rules.get(kind.value)
    return next((mode for mode in list_allowed_modes(kind) if mode == value), DEFAULT_MODES[kind])
