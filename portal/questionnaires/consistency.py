"""What no part of a definition alone can tell: a sentence for each fault, by the part's key."""

from collections.abc import Collection, Iterator, Mapping, Sequence

from portal.questionnaires.definition import (
    NOTE,
    Item,
    Kind,
    Part,
    Questionnaire,
    Rule,
    Score,
    When,
    conditions_in,
)

_CHOOSING = {Kind.CHOICE, Kind.SEVERAL, Kind.YES_NO, Kind.ASSESSED, Kind.MATRIX}


def faults_of(made: Questionnaire, traits: Collection[str]) -> Iterator[str]:
    """`traits` are those that the feature knows, of the whole and of sections."""
    yield from _twice("section", [section.key for section in made.sections])
    yield from _twice("item", [item.key for item in made.items])
    yield from _twice("verdict", [one.key for one in made.verdicts])
    yield from _twice("duty", [one.key for one in made.duties])
    yield from (f"traits: {one} is not known" for one in sorted(made.traits - {*traits}))
    yield from (f"passed_over: {key} is asked" for key in made.passed_over if made.item(key))
    seen: dict[str, Item] = {}
    for section in made.sections:
        unknown = sorted(section.traits - {*traits})
        yield from (f"{section.key}: traits: {one} is not known" for one in unknown)
        yield from _told(section.key, _waiting_faults(section.when, seen))
        for item in section.items:
            yield from _told(item.key, _item_faults(item, seen))
            seen[item.key] = item
    if made.score:
        yield from _score_faults(made, made.score)
    yield from _conclusion_faults(made, seen)


def _told(key: str, sentences: Iterator[str]) -> Iterator[str]:
    return (f"{key}: {sentence}" for sentence in sentences)


def _twice(what: str, keys: Sequence[str]) -> Iterator[str]:
    again = [key for key in dict.fromkeys(keys) if keys.count(key) > 1]
    yield from (f"{key}: this {what} is there twice" for key in again)


def _item_faults(item: Item, before: Mapping[str, Item]) -> Iterator[str]:
    if item.key.endswith(NOTE):
        yield f"its key ends with {NOTE}, which names notes"
    if item.kind in {Kind.CHOICE, Kind.SEVERAL} and len(item.choices) < 2:
        yield "offers fewer than two choices"
    if item.kind not in _CHOOSING and item.choices:
        yield f"offers choices, and asks for a {item.kind}"
    if item.kind is Kind.MATRIX and not (item.rows and item.choices):
        yield "is a matrix without rows or without columns"
    if item.kind is not Kind.MATRIX and item.rows:
        yield f"has rows, and asks for a {item.kind}"
    yield from _twice("choice", [choice.value for choice in item.choices])
    yield from _twice("row", [row.value for row in item.rows])
    if item.least > item.most:
        yield "its least is more than its most"
    above = before.get(item.under or "")
    if above is not None and above.under is not None:
        yield f"stands under {above.key}, which is a sub-question itself"
    yield from _waiting_faults(item.when, before)


def _waiting_faults(when: When | None, before: Mapping[str, Item]) -> Iterator[str]:
    for condition in conditions_in(when):
        other = before.get(condition.item)
        if other is None:
            yield f"hangs on {condition.item}, which does not come before it"
            continue
        if other.kind is Kind.MATRIX:
            yield f"hangs on {other.key}, which is a matrix"
        unknown = [value for value in condition.among if other.choice(value) is None]
        yield from (f"waits for {value}, which {other.key} does not offer" for value in unknown)


def _score_faults(made: Questionnaire, score: Score) -> Iterator[str]:
    bands = [band.up_to for band in score.bands]
    if bands != sorted(set(bands)):
        yield "score: bands do not rise"
    greatest = {
        part: [sum(i.best for i in one.items) for one in made.sections if one.part is part]
        for part in Part
    }
    risk, mitigation = greatest[Part.RISK], greatest[Part.MITIGATION]
    most = min(risk, default=0) if score.rule is Rule.MINIMUM else sum(risk)
    if bands and bands[-1] < most:
        yield f"score: no band reaches {most:g}, the greatest score"
    if score.relief and sum(mitigation) < score.relief.needed:
        yield f"score: mitigation never reaches {score.relief.needed:g}"


def _conclusion_faults(made: Questionnaire, seen: Mapping[str, Item]) -> Iterator[str]:
    keys, levels = {one.key for one in made.verdicts}, len(made.score.bands) if made.score else 0
    for verdict in made.verdicts:
        yield from _told(verdict.key, _waiting_faults(verdict.when, seen))
    for duty in made.duties:
        yield from _told(duty.key, _waiting_faults(duty.when, seen))
        for key in duty.verdicts:
            if key not in keys:
                yield f"{duty.key}: follows from {key}, which is no verdict"
        for level in duty.levels:
            if not 1 <= level <= levels:
                yield f"{duty.key}: follows from level {level}, which there is not"
