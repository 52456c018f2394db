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
ANNOTATION_TYPES: Mapping[str, str] = {"Text": "text", "Textarea": "textarea"}  # type → key of its value


class ReplyStep(StrEnum):
    DONE = "done"
    INSTRUCT = "instruct"  # an application is examined before it is decided
    DECIDE = "decide"
    ANNOTATE = "annotate"
    OTHER = "other"  # somebody decided otherwise there


def find_reply_act(state: ApplicationState, *, annotates: bool = False) -> ReplyAct | None:
    """What a published decision is at the source; a waiting list is at most annotated there."""
    if annotates and state is ApplicationState.WAITING_LIST:
        return ReplyAct.ANNOTATE
    return _ACTS.get(state)


def find_next_step(source_state: str, act: ReplyAct, *, is_annotated: bool = True) -> ReplyStep:
    """What to send next, by the state that the source tells now: a decision or an annotation whose
    answer was lost is not sent again."""
    if act is ReplyAct.ANNOTATE or source_state == _TARGETS[act]:
        return ReplyStep.DONE if is_annotated else ReplyStep.ANNOTATE
    steps = {"en_construction": ReplyStep.INSTRUCT, "en_instruction": ReplyStep.DECIDE}
    return steps.get(source_state, ReplyStep.OTHER)
