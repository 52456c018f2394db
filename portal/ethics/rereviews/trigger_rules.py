"""Which facts of a project concern a decided review. Pure, independent of the order of calls.

A line of the audit trail qualifies by its own content, by the rule of its action (`fact_queries`
names it). Which reviews it concerns follows from their history (`find_concerned_review`): of each
questionnaire, the review that was accepted when the fact happened; or the one accepted later, if
its answers were submitted before the fact or in a round about other sections.
"""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, Generic, TypeVar

Key = TypeVar("Key")

HIGHEST_SEVERITY = 4  # of Nielsen's scale
REREVIEW_AFTER_DAYS = 90  # the age at which a decision is put in question


class TriggerCause(StrEnum):
    """Why a decision is put in question."""

    DATA_ADDED = "data_added"
    DATA_REPURPOSED = "data_repurposed"
    GROUP_ADDED = "group_added"
    EXPOSURE = "exposure"
    AUTOMATION = "automation"
    MODEL = "model"
    SEVERE = "severe"
    HARM = "harm"
    OVERDUE = "overdue"
    MANY_DAYS = "many_days"
    EDITION = "edition"


# The trait of the sections that a cause touches; a cause without one touches the whole review.
CAUSE_TRAITS: Mapping[TriggerCause, str] = {
    TriggerCause.DATA_ADDED: "data",
    TriggerCause.DATA_REPURPOSED: "data",
    TriggerCause.GROUP_ADDED: "people",
    TriggerCause.EXPOSURE: "people",
    TriggerCause.AUTOMATION: "automation",
    TriggerCause.MODEL: "model",
    TriggerCause.SEVERE: "harm",
    TriggerCause.HARM: "harm",
    TriggerCause.OVERDUE: "harm",
}

SOURCE_CAUSES = frozenset({TriggerCause.DATA_ADDED, TriggerCause.DATA_REPURPOSED})
AUTOMATION_SCALE = ("inform", "suggest", "checked", "alone")  # in ascending order
MODEL_FIELDS = ("model_family", "model_provider")


@dataclass(frozen=True)
class AuditedChange:
    """The changed fields of an audit line, before and after."""

    before: Mapping[str, Any] = field(default_factory=dict)
    after: Mapping[str, Any] = field(default_factory=dict)

    def sets_field_to(self, name: str, value: Any) -> bool:
        """Whether the change sets a field to this value."""
        return bool(self.after.get(name) == value and self.before.get(name) != value)


Causes = tuple[TriggerCause, ...]
CauseRule = Callable[[AuditedChange], Causes]


def make_unconditional_rule(cause: TriggerCause) -> CauseRule:
    """The rule of an action that qualifies whatever it changes."""
    return lambda _change: (cause,)


def list_purpose_causes(change: AuditedChange) -> Causes:
    """A purpose that is written; one that is taken away says nothing new of the data."""
    return (TriggerCause.DATA_REPURPOSED,) if change.after.get("purpose") else ()


def list_target_group_causes(change: AuditedChange) -> Causes:
    """A target group that is targeted again, or that becomes citizens."""
    is_back = change.before.get("left_on") is not None and change.sets_field_to("left_on", None)
    return (TriggerCause.GROUP_ADDED,) if is_back or change.sets_field_to("audience", "citizens") else ()


def list_version_causes(change: AuditedChange) -> Causes:
    """Compares with the previous version, or with the former values of the same one.

    The first version has nothing to compare with: it is what the review was about.
    """
    causes = []
    before_rank, after_rank = _rank_automation(change.before), _rank_automation(change.after)
    if change.before.get("exposure") == "agents" and change.after.get("exposure") == "citizens":
        causes.append(TriggerCause.EXPOSURE)
    if before_rank is not None and after_rank is not None and after_rank > before_rank:
        causes.append(TriggerCause.AUTOMATION)
    if any(_has_changed(change, name) for name in MODEL_FIELDS):
        causes.append(TriggerCause.MODEL)
    return tuple(causes)


def _rank_automation(values: Mapping[str, Any]) -> int | None:
    level = values.get("automation")
    return AUTOMATION_SCALE.index(level) if level in AUTOMATION_SCALE else None


def _has_changed(change: AuditedChange, name: str) -> bool:
    """Whether both values are known and differ, ignoring case."""
    before, after = change.before.get(name), change.after.get(name)
    return before is not None and bool(after) and str(before).casefold() != str(after).casefold()


def list_finding_causes(change: AuditedChange) -> Causes:
    causes = []
    if change.sets_field_to("severity", HIGHEST_SEVERITY):
        causes.append(TriggerCause.SEVERE)
    if change.sets_field_to("is_harm", True):
        causes.append(TriggerCause.HARM)
    return tuple(causes)


class ReviewEventKind(StrEnum):
    """Steps of a review that matter for facts."""

    OPENED = "opened"  # or reopened: no decision is in force
    SUBMITTED = "submitted"  # its answers are up to date
    ACCEPTED = "accepted"
    REFUSED = "refused"


@dataclass(frozen=True)
class ReviewEvent(Generic[Key]):
    """A step of a review at a position of the audit trail.

    `sections` are those of the submitted round, all when empty.
    """

    position: int
    step: ReviewEventKind
    review: Key
    sections: frozenset[str] = frozenset()


@dataclass(frozen=True)
class ReviewHistory(Generic[Key]):
    """The steps of all reviews of one questionnaire in a project, in the order of the trail, and
    the traits of its sections."""

    traits: Mapping[str, frozenset[str]]
    events: Sequence[ReviewEvent[Key]]


def list_touched_section_keys(
    traits: Mapping[str, frozenset[str]], causes: Collection[TriggerCause]
) -> frozenset[str]:
    """Keys of the sections that the causes touch; none when the whole review is touched."""
    touched_traits = [CAUSE_TRAITS.get(cause) for cause in causes]
    if None in touched_traits:
        return frozenset()
    sections_by_trait = [
        {key for key, section_traits in traits.items() if trait in section_traits} for trait in touched_traits
    ]
    return frozenset().union(*sections_by_trait) if all(sections_by_trait) else frozenset()


def find_concerned_review(
    history: ReviewHistory[Key], position: int, causes: Collection[TriggerCause]
) -> Key | None:
    """The review that a fact at a position of the audit trail concerns, None without one."""
    standing = None
    for event in history.events:
        if event.position < position and event.step is not ReviewEventKind.SUBMITTED:
            standing = event.review if event.step is ReviewEventKind.ACCEPTED else None
    if standing is not None:
        return standing
    sections = list_touched_section_keys(history.traits, causes)
    for event in history.events:
        if event.position <= position:
            continue
        if event.step is ReviewEventKind.SUBMITTED and _covers_fact(event, sections):
            return None
        if event.step is ReviewEventKind.ACCEPTED:
            return event.review
    return None


def find_review_concerned_by_completion(
    history: ReviewHistory[Key], completed_at: int, position: int, causes: Collection[TriggerCause]
) -> Key | None:
    """The same for a fact that completes, or restores, what was so until position `completed_at`: None where
    the completed fact concerns the review itself, and no answers about it came between the two."""
    review = find_concerned_review(history, position, causes)
    if review is None or find_concerned_review(history, completed_at, causes) != review:
        return review
    sections = list_touched_section_keys(history.traits, causes)
    knows_completed = any(
        event.step is ReviewEventKind.SUBMITTED and _covers_fact(event, sections)
        for event in history.events
        if completed_at < event.position < position
    )
    return review if knows_completed else None


@dataclass(frozen=True)
class PurposeLine(Generic[Key]):
    """A line of the audit trail with the purpose of a data source, before and after; "" for none."""

    position: int
    source: Key
    before: str
    after: str


@dataclass(frozen=True)
class PurposeGap:
    """A time without a purpose, from the position of the line that began it; `earlier` are the positions
    of the source's lines until a purpose was written."""

    began_at: int
    earlier: Sequence[int]


def map_gaps_by_end(lines: Sequence[PurposeLine[Key]]) -> Mapping[int, PurposeGap]:
    """The gaps that were ended by a purpose that is not another one, by the position where it was written:
    the first of a source that was added without, or the one that was taken away."""
    purposes: dict[Key, str] = {}
    began: dict[Key, int] = {}
    earlier: dict[Key, list[int]] = {}
    gaps = {}
    for line in lines:
        source = line.source
        purposes[source] = line.before or purposes.get(source, "")
        if line.after:
            began_at = began.pop(source, None)
            # with a purpose before, the first one was written by an edit without an action of its own
            if began_at is not None and not line.before and purposes[source] in ("", line.after):
                gaps[line.position] = PurposeGap(began_at, tuple(earlier[source]))
            purposes[source] = line.after
        else:
            began[source] = line.position
        earlier.setdefault(source, []).append(line.position)
    return gaps


def _covers_fact(submission: ReviewEvent[Key], sections: frozenset[str]) -> bool:
    """Whether a later submission includes answers to all the touched sections."""
    return not submission.sections or (bool(sections) and sections <= submission.sections)
