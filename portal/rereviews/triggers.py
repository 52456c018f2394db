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

SEVEREST = 4  # of Nielsen's scale
MANY_DAYS = 90  # after which a decision is looked at again


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
ABOUT: Mapping[Cause, str] = {
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

AUTOMATIONS = ("inform", "suggest", "checked", "alone")  # from little to all
MODEL_FIELDS = ("model_family", "model_provider")


@dataclass(frozen=True)
class Line:
    """What the trail says of a deed: what was there before and after, by field."""

    action: str
    before: Mapping[str, Any] = field(default_factory=dict)
    after: Mapping[str, Any] = field(default_factory=dict)

    def becomes(self, name: str, value: Any) -> bool:
        return bool(self.after.get(name) == value and self.before.get(name) != value)


def causes_of(line: Line) -> tuple[Cause, ...]:
    """Why a line has decided reviews looked at again; nothing for most lines."""
    asked = _ASKED.get(line.action)
    return asked(line) if asked else ()


def _group_changed(line: Line) -> tuple[Cause, ...]:
    """One that had been left is aimed at again, or stands on the other side of the counter."""
    back = line.before.get("left_on") is not None and line.becomes("left_on", None)
    return (Cause.GROUP_ADDED,) if back or line.becomes("audience", "citizens") else ()


def _version(line: Line) -> tuple[Cause, ...]:
    """Compared with the version before, or with what was said of the same one. The first version
    has nothing to be compared with: it is what the review was about."""
    found = []
    if line.before.get("exposure") == "agents" and line.after.get("exposure") == "citizens":
        found.append(Cause.EXPOSURE)
    if _rank(line.before) is not None and (_rank(line.after) or 0) > (_rank(line.before) or 0):
        found.append(Cause.AUTOMATION)
    if any(_is_another(line, name) for name in MODEL_FIELDS):
        found.append(Cause.MODEL)
    return tuple(found)


def _rank(said: Mapping[str, Any]) -> int | None:
    level = said.get("automation")
    return AUTOMATIONS.index(level) if level in AUTOMATIONS else None


def _is_another(line: Line, name: str) -> bool:
    """Said now, and not the same as before, however it is written."""
    before, after = line.before.get(name), line.after.get(name)
    return before is not None and bool(after) and str(before).casefold() != str(after).casefold()


def _finding(line: Line) -> tuple[Cause, ...]:
    found = []
    if line.becomes("severity", SEVEREST):
        found.append(Cause.SEVERE)
    if line.becomes("is_harm", True):
        found.append(Cause.HARM)
    return tuple(found)


_ASKED: Mapping[str, Callable[[Line], tuple[Cause, ...]]] = {
    "data_source.added": lambda _line: (Cause.DATA_ADDED,),
    "data_source.repurposed": lambda _line: (Cause.DATA_REPURPOSED,),
    "target_group.added": lambda _line: (Cause.GROUP_ADDED,),
    "target_group.changed": _group_changed,
    "prototype.released": _version,
    "prototype.changed": _version,
    "finding.noted": _finding,
    "finding.changed": _finding,
    "finding.rated": _finding,
}
FACTS = frozenset(_ASKED)


class Step(StrEnum):
    """What becomes of a review, as far as facts are concerned."""

    OPENED = "opened"  # or reopened: it stands no more
    SUBMITTED = "submitted"  # its answers are as of now
    ACCEPTED = "accepted"
    REFUSED = "refused"


STEPS: Mapping[str, Step] = {
    "review.opened": Step.OPENED,
    "review.reopened": Step.OPENED,
    "review.submitted": Step.SUBMITTED,
    "review.accepted": Step.ACCEPTED,
    "review.accepted_with_conditions": Step.ACCEPTED,
    "review.refused": Step.REFUSED,
}


@dataclass(frozen=True)
class Deed(Generic[Key]):
    """A step of a review at a place of the trail. `sections` of what was submitted; none: all."""

    place: int
    step: Step
    review: Key
    sections: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Dossier(Generic[Key]):
    """All reviews of one questionnaire in a project: what became of them in the order of the
    trail, and what each section is about."""

    traits: Mapping[str, frozenset[str]]
    deeds: Sequence[Deed[Key]]


def touched(traits: Mapping[str, frozenset[str]], causes: Collection[Cause]) -> frozenset[str]:
    """The sections that are about such facts; none when the whole is touched."""
    about = [ABOUT.get(cause) for cause in causes]
    if None in about:
        return frozenset()
    found = [{key for key, named in traits.items() if one in named} for one in about]
    return frozenset().union(*found) if all(found) else frozenset()


def concerned(dossier: Dossier[Key], place: int, causes: Collection[Cause]) -> Key | None:
    """The review that a fact at a place of the trail has looked at again, if one is."""
    standing = None
    for deed in dossier.deeds:
        if deed.place < place and deed.step is not Step.SUBMITTED:
            standing = deed.review if deed.step is Step.ACCEPTED else None
    if standing is not None:
        return standing
    about = touched(dossier.traits, causes)
    for deed in dossier.deeds:
        if deed.place > place and deed.step is Step.SUBMITTED and _covers(deed, about):
            return None
        if deed.place > place and deed.step is Step.ACCEPTED:
            return deed.review
    return None


def _covers(submitted: Deed[Key], about: frozenset[str]) -> bool:
    """Whether its team answered, knowing the fact."""
    return not submitted.sections or (bool(about) and about <= submitted.sections)
