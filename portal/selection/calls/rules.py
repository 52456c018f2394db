"""Which state of a call follows which, and what a call needs before it opens."""

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from portal.selection.calls.models import Call, CallState

WEIGHT_TOTAL = 100
_DEFINITIONS = Path(__file__).parent / "definitions" / "criteria.1.yaml"

# The states that a lead may choose next. Publication is an act of its own, from `DELIBERATED`.
NEXT_STATES: Mapping[CallState, Sequence[CallState]] = {
    CallState.DRAFT: (CallState.OPEN,),
    CallState.OPEN: (CallState.CLOSED, CallState.DRAFT),
    CallState.CLOSED: (CallState.IN_REVIEW, CallState.OPEN),
    CallState.IN_REVIEW: (CallState.DELIBERATED,),
    CallState.DELIBERATED: (CallState.IN_REVIEW,),
    CallState.PUBLISHED: (),
}
# Criteria are fixed once jurors may score.
CRITERIA_STATES = frozenset({CallState.DRAFT, CallState.OPEN, CallState.CLOSED})
PUBLIC_TEXTS = ("title_en", "purpose_fr", "purpose_en")  # what a public page needs, beside its French title
# What a call lacks once it opens, where it is empty; `PUBLIC_TEXTS` are among it.
OPENING_FIELDS = (
    *PUBLIC_TEXTS,
    *("apply_url", "checklist", "results_on", "tie_rule", "signatory_name", "appeal_terms"),
)
OPENING_NOTICE = timedelta(days=7)  # before a call opens, its leads are told what it lacks
RECEIVING_STATES = frozenset({CallState.OPEN, CallState.CLOSED})


@cache
def read_new_call_defaults() -> Mapping[str, Any]:
    """The criteria and conditions that a new call begins with."""
    definitions: Mapping[str, Any] = yaml.safe_load(_DEFINITIONS.read_text(encoding="utf-8"))
    return definitions


def list_missing_opening_fields(call: Call) -> Sequence[str]:
    """The fields of `OPENING_FIELDS` that a call lacks."""
    return [field for field in OPENING_FIELDS if not getattr(call, field)]


def opens_soon(call: Call, today: date) -> bool:
    """Whether a call in preparation opens within `OPENING_NOTICE`, or should be open. One whose last day
    passed is no longer to be opened."""
    is_near = call.opens_on <= today + OPENING_NOTICE and call.closes_on >= today
    return call.state is CallState.DRAFT and is_near


def weights_sum_to_whole(weights: Sequence[int]) -> bool:
    """Whether weights are those of a whole call."""
    return sum(weights) == WEIGHT_TOTAL
