"""Which facts of a project have a decided review looked at again. Pure, and in no order.

A line of the audit trail qualifies by what it says alone (`causes_of`), whatever came before it.
Which reviews it concerns follows from what became of them (`concerned`): of each questionnaire, the
review that stood accepted when the fact happened; or the one accepted since, where what its team
submitted came before the fact, or was about other sections.
"""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, Generic, TypeVar

Key = TypeVar("Key")

HIGHEST_SEVERITY = 4  # of Nielsen's scale
REREVIEW_AFTER_DAYS = 90  # after which a decision is looked at again


class Cause(StrEnum):
    """Why a decision is looked at again."""

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


# The facts that a section says it is about (its `traits`); without any, the whole is touched.
CAUSE_TRAITS: Mapping[Cause, str] = {
    Cause.DATA_ADDED: "data",
    Cause.DATA_REPURPOSED: "data",
    Cause.GROUP_ADDED: "people",
    Cause.EXPOSURE: "people",
    Cause.AUTOMATION: "automation",
    Cause.MODEL: "model",
    Cause.SEVERE: "harm",
    Cause.HARM: "harm",
    Cause.OVERDUE: "harm",
}

AUTOMATION_SCALE = ("inform", "suggest", "checked", "alone")  # from little to all
MODEL_FIELDS = ("model_family", "model_provider")


@dataclass(frozen=True)
class AuditedChange:
    """What the trail says of a deed: what was there before and after, by field."""

    action: str
    before: Mapping[str, Any] = field(default_factory=dict)
    after: Mapping[str, Any] = field(default_factory=dict)

    def becomes(self, name: str, value: Any) -> bool:
        return bool(self.after.get(name) == value and self.before.get(name) != value)


def causes_of(line: AuditedChange) -> tuple[Cause, ...]:
    """Why a line has decided reviews looked at again; nothing for most lines."""
    find_causes = _CAUSE_RULES.get(line.action)
    return find_causes(line) if find_causes else ()


def _group_causes(line: AuditedChange) -> tuple[Cause, ...]:
    """One that had been left is aimed at again, or stands on the other side of the counter."""
    back = line.before.get("left_on") is not None and line.becomes("left_on", None)
    return (Cause.GROUP_ADDED,) if back or line.becomes("audience", "citizens") else ()


def _version_causes(line: AuditedChange) -> tuple[Cause, ...]:
    """Compared with the version before, or with what was said of the same one. The first version
    has nothing to be compared with: it is what the review was about."""
    causes = []
    if line.before.get("exposure") == "agents" and line.after.get("exposure") == "citizens":
        causes.append(Cause.EXPOSURE)
    if _automation_rank(line.before) is not None and (_automation_rank(line.after) or 0) > (
        _automation_rank(line.before) or 0
    ):
        causes.append(Cause.AUTOMATION)
    if any(_has_changed(line, name) for name in MODEL_FIELDS):
        causes.append(Cause.MODEL)
    return tuple(causes)


def _automation_rank(values: Mapping[str, Any]) -> int | None:
    level = values.get("automation")
    return AUTOMATION_SCALE.index(level) if level in AUTOMATION_SCALE else None


def _has_changed(line: AuditedChange, name: str) -> bool:
    """Said now, and not the same as before, however it is written."""
    before, after = line.before.get(name), line.after.get(name)
    return before is not None and bool(after) and str(before).casefold() != str(after).casefold()


def _finding_causes(line: AuditedChange) -> tuple[Cause, ...]:
    causes = []
    if line.becomes("severity", HIGHEST_SEVERITY):
        causes.append(Cause.SEVERE)
    if line.becomes("is_harm", True):
        causes.append(Cause.HARM)
    return tuple(causes)


_CAUSE_RULES: Mapping[str, Callable[[AuditedChange], tuple[Cause, ...]]] = {
    "data_source.added": lambda _line: (Cause.DATA_ADDED,),
    "data_source.repurposed": lambda _line: (Cause.DATA_REPURPOSED,),
    "target_group.added": lambda _line: (Cause.GROUP_ADDED,),
    "target_group.changed": _group_causes,
    "prototype.released": _version_causes,
    "prototype.changed": _version_causes,
    "finding.noted": _finding_causes,
    "finding.changed": _finding_causes,
    "finding.rated": _finding_causes,
}
FACT_ACTIONS = frozenset(_CAUSE_RULES)


class ReviewStep(StrEnum):
    """What becomes of a review, as far as facts are concerned."""

    OPENED = "opened"  # or reopened: it stands no more
    SUBMITTED = "submitted"  # its answers are as of now
    ACCEPTED = "accepted"
    REFUSED = "refused"


STEP_BY_ACTION: Mapping[str, ReviewStep] = {
    "review.opened": ReviewStep.OPENED,
    "review.reopened": ReviewStep.OPENED,
    "review.submitted": ReviewStep.SUBMITTED,
    "review.accepted": ReviewStep.ACCEPTED,
    "review.accepted_with_conditions": ReviewStep.ACCEPTED,
    "review.refused": ReviewStep.REFUSED,
}


@dataclass(frozen=True)
class ReviewEvent(Generic[Key]):
    """A step of a review at a place of the trail. `sections` of what was submitted; none: all."""

    position: int
    step: ReviewStep
    review: Key
    sections: frozenset[str] = frozenset()


@dataclass(frozen=True)
class ReviewHistory(Generic[Key]):
    """All reviews of one questionnaire in a project: what became of them in the order of the
    trail, and what each section is about."""

    traits: Mapping[str, frozenset[str]]
    events: Sequence[ReviewEvent[Key]]


def list_touched_sections(
    traits: Mapping[str, frozenset[str]], causes: Collection[Cause]
) -> frozenset[str]:
    """The sections that are about such facts; none when the whole is touched."""
    about = [CAUSE_TRAITS.get(cause) for cause in causes]
    if None in about:
        return frozenset()
    sections_by_trait = [
        {key for key, named in traits.items() if trait in named} for trait in about
    ]
    return frozenset().union(*sections_by_trait) if all(sections_by_trait) else frozenset()


def find_concerned_review(
    dossier: ReviewHistory[Key], place: int, causes: Collection[Cause]
) -> Key | None:
    """The review that a fact at a place of the trail has looked at again, if one is."""
    standing = None
    for event in dossier.events:
        if event.position < place and event.step is not ReviewStep.SUBMITTED:
            standing = event.review if event.step is ReviewStep.ACCEPTED else None
    if standing is not None:
        return standing
    about = list_touched_sections(dossier.traits, causes)
    for event in dossier.events:
        if (
            event.position > place
            and event.step is ReviewStep.SUBMITTED
            and _covers_fact(event, about)
        ):
            return None
        if event.position > place and event.step is ReviewStep.ACCEPTED:
            return event.review
    return None


def _covers_fact(submitted: ReviewEvent[Key], about: frozenset[str]) -> bool:
    """Whether its team answered, knowing the fact."""
    return not submitted.sections or (bool(about) and about <= submitted.sections)
