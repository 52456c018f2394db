"""Rules of change requests by programme and kind. Pure."""

from collections.abc import Mapping
from enum import StrEnum
from typing import Any

from portal.funding.change_requests.models import FundingChangeKind


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


def mode_of(rules: Mapping[str, Any], kind: FundingChangeKind) -> ChangeMode:
    """Return what a programme's rules say of a kind, else the default."""
    value = rules.get(kind.value)
    return ChangeMode(value) if value else DEFAULT_MODES[kind]
