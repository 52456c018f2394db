"""What to send so that an application reaches its decision at the source. Pure."""

from collections.abc import Mapping
from enum import StrEnum

from portal.selection.applications.models import ApplicationState
from portal.selection.source_replies.models import ReplyAct

_TARGETS: Mapping[ReplyAct, str] = {
    ReplyAct.ACCEPT: "accepte",
    ReplyAct.REFUSE: "refuse",
    ReplyAct.CLOSE: "sans_suite",
}
_ACTS: Mapping[ApplicationState, ReplyAct] = {
    ApplicationState.LAUREATE: ReplyAct.ACCEPT,
    ApplicationState.NOT_SELECTED: ReplyAct.REFUSE,
    ApplicationState.NOT_ELIGIBLE: ReplyAct.CLOSE,
}


class ReplyStep(StrEnum):
    DONE = "done"
    INSTRUCT = "instruct"  # an application is examined before it is decided
    DECIDE = "decide"
    OTHER = "other"  # somebody decided otherwise there


def find_act(state: ApplicationState) -> ReplyAct | None:
    """What a published decision is at the source; nothing for a waiting list."""
    return _ACTS.get(state)


def next_step(source_state: str, act: ReplyAct) -> ReplyStep:
    """What to send next, by the state that the source tells now: a decision whose answer was lost
    is not sent again."""
    if source_state == _TARGETS[act]:
        return ReplyStep.DONE
    steps = {"en_construction": ReplyStep.INSTRUCT, "en_instruction": ReplyStep.DECIDE}
    return steps.get(source_state, ReplyStep.OTHER)
