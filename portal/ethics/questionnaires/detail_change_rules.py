"""What differs between two editions in their words, sections, score and conclusions. Pure."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, fields
from enum import StrEnum
from typing import Any

from portal.ethics.questionnaires.definition_rules import BilingualText, Questionnaire, ScoreDefinition


class QuestionnairePartKind(StrEnum):
    """Which part of a questionnaire differs."""

    WHOLE = "whole"
    SECTION = "section"
    QUESTION = "question"
    SCORE = "score"
    VERDICT = "verdict"
    DUTY = "duty"


@dataclass(frozen=True)
class DetailChange:
    """A value that differs, as the definition holds it. `name` is the title of its part, None where there
    is one such part only; `field` is its attribute, "" where the whole part is added or removed."""

    place: QuestionnairePartKind
    name: BilingualText | None
    field: str
    before: Any
    after: Any


# What is compared; of a question, the rest is in `EditionChanges`.
_FIELDS: Mapping[QuestionnairePartKind, Sequence[str]] = {
    QuestionnairePartKind.WHOLE: ("title", "about", "source", "traits", "passed_over"),
    QuestionnairePartKind.SECTION: ("title", "about", "when", "part", "traits"),
    QuestionnairePartKind.QUESTION: ("label", "help", "choices", "rows", "when"),
    QuestionnairePartKind.SCORE: tuple(each.name for each in fields(ScoreDefinition)),
    QuestionnairePartKind.VERDICT: ("title", "about", "when"),
    QuestionnairePartKind.DUTY: (
        "title",
        "about",
        "source",
        "when",
        "levels",
        "verdicts",
        "since",
        "to_check",
    ),
}


def list_detail_changes(former: Questionnaire, other: Questionnaire) -> Sequence[DetailChange]:
    """All values that differ, in the order of the definition; parts are matched by key."""
    changes = [*_compare_details(QuestionnairePartKind.WHOLE, None, former, other)]
    for place, before, after in (
        (QuestionnairePartKind.SECTION, former.sections, other.sections),
        (QuestionnairePartKind.QUESTION, former.items, other.items),
        (QuestionnairePartKind.VERDICT, former.verdicts, other.verdicts),
        (QuestionnairePartKind.DUTY, former.duties, other.duties),
    ):
        changes += _compare_parts(
            place, {part.key: part for part in before}, {part.key: part for part in after}
        )
    return [*changes, *_compare_details(QuestionnairePartKind.SCORE, None, former.score, other.score)]


def _compare_parts(
    place: QuestionnairePartKind, former: Mapping[str, Any], other: Mapping[str, Any]
) -> Iterator[DetailChange]:
    for key in {**former, **other}:
        before, after = former.get(key), other.get(key)
        if before is not None and after is not None:
            yield from _compare_details(place, _get_part_name(after), before, after)
        elif place is not QuestionnairePartKind.QUESTION:  # those are listed as added or removed
            yield DetailChange(
                place,
                _get_part_name(after or before),
                "",
                before and _get_part_name(before),
                after and _get_part_name(after),
            )
    orders = [[key for key in each if key in former and key in other] for each in (former, other)]
    if orders[0] != orders[1]:
        names = [tuple(_get_part_name(other[key]) for key in order) for order in orders]
        yield DetailChange(place, None, "order", *names)


def _get_part_name(part: Any) -> BilingualText:
    name: BilingualText = part.label if hasattr(part, "label") else part.title
    return name


def _compare_details(
    place: QuestionnairePartKind, name: BilingualText | None, before: Any, after: Any
) -> Iterator[DetailChange]:
    for field in _FIELDS[place]:
        old, new = getattr(before, field, None), getattr(after, field, None)
        if old != new:
            yield DetailChange(place, name, field, old, new)
