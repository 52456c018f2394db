"""Checks a definition as a whole: one English sentence per fault, prefixed by the part's key."""

from collections.abc import Collection, Iterator, Mapping, Sequence

from portal.ethics.questionnaires.definition_rules import (
    NOTE_SUFFIX,
    Questionnaire,
    QuestionnaireItem,
    QuestionnaireItemKind,
    Score,
    ScoreRule,
    ScoreSide,
    When,
    list_conditions,
)

_KINDS_WITH_CHOICES = {
    QuestionnaireItemKind.CHOICE,
    QuestionnaireItemKind.SEVERAL,
    QuestionnaireItemKind.YES_NO,
    QuestionnaireItemKind.ASSESSED,
    QuestionnaireItemKind.MATRIX,
}


def find_faults(definition: Questionnaire, traits: Collection[str]) -> Iterator[str]:
    """Yield the faults of a definition. `traits` are those that its feature knows."""
    yield from _duplicate_faults("section", [section.key for section in definition.sections])
    yield from _duplicate_faults("item", [item.key for item in definition.items])
    yield from _duplicate_faults("verdict", [verdict.key for verdict in definition.verdicts])
    yield from _duplicate_faults("duty", [duty.key for duty in definition.duties])
    yield from (f"traits: {trait} is not known" for trait in sorted(definition.traits - {*traits}))
    yield from (f"passed_over: {key} is asked" for key in definition.passed_over if definition.item(key))
    earlier_items: dict[str, QuestionnaireItem] = {}
    for section in definition.sections:
        unknown = sorted(section.traits - {*traits})
        yield from (f"{section.key}: traits: {trait} is not known" for trait in unknown)
        yield from _prefix_faults(section.key, _condition_faults(section.when, earlier_items))
        for item in section.items:
            yield from _prefix_faults(item.key, _item_faults(item, earlier_items))
            earlier_items[item.key] = item
    if definition.score:
        yield from _score_faults(definition, definition.score)
    yield from _conclusion_faults(definition, earlier_items)


def _prefix_faults(key: str, sentences: Iterator[str]) -> Iterator[str]:
    return (f"{key}: {sentence}" for sentence in sentences)


def _duplicate_faults(kind: str, keys: Sequence[str]) -> Iterator[str]:
    duplicates = [key for key in dict.fromkeys(keys) if keys.count(key) > 1]
    yield from (f"{key}: this {kind} is there twice" for key in duplicates)


def _item_faults(item: QuestionnaireItem, before: Mapping[str, QuestionnaireItem]) -> Iterator[str]:
    if item.key.endswith(NOTE_SUFFIX):
        yield f"its key ends with {NOTE_SUFFIX}, which names notes"
    if item.kind in {QuestionnaireItemKind.CHOICE, QuestionnaireItemKind.SEVERAL} and len(item.choices) < 2:
        yield "offers fewer than two choices"
    if item.kind not in _KINDS_WITH_CHOICES and item.choices:
        yield f"offers choices, and asks for a {item.kind}"
    if item.kind is QuestionnaireItemKind.MATRIX and not (item.rows and item.choices):
        yield "is a matrix without rows or without columns"
    if item.kind is not QuestionnaireItemKind.MATRIX and item.rows:
        yield f"has rows, and asks for a {item.kind}"
    yield from _duplicate_faults("choice", [choice.value for choice in item.choices])
    yield from _duplicate_faults("row", [row.value for row in item.rows])
    if item.least > item.most:
        yield "its least is more than its most"
    above = before.get(item.under or "")
    if above is not None and above.under is not None:
        yield f"stands under {above.key}, which is a sub-question itself"
    yield from _condition_faults(item.when, before)


def _condition_faults(when: When | None, before: Mapping[str, QuestionnaireItem]) -> Iterator[str]:
    for condition in list_conditions(when):
        other = before.get(condition.item)
        if other is None:
            yield f"hangs on {condition.item}, which does not come before it"
            continue
        if other.kind is QuestionnaireItemKind.MATRIX:
            yield f"hangs on {other.key}, which is a matrix"
        unknown = [value for value in condition.among if other.choice(value) is None]
        yield from (f"waits for {value}, which {other.key} does not offer" for value in unknown)


def _score_faults(definition: Questionnaire, score: Score) -> Iterator[str]:
    bands = [band.up_to for band in score.bands]
    if bands != sorted(set(bands)):
        yield "score: bands do not rise"
    greatest = {
        part: [
            sum(item.max_weight for item in section.items)
            for section in definition.sections
            if section.part is part
        ]
        for part in ScoreSide
    }
    risk, mitigation = greatest[ScoreSide.RISK], greatest[ScoreSide.MITIGATION]
    most = min(risk, default=0) if score.rule is ScoreRule.MINIMUM else sum(risk)
    if bands and bands[-1] < most:
        yield f"score: no band reaches {most:g}, the greatest score"
    if score.relief and sum(mitigation) < score.relief.needed:
        yield f"score: mitigation never reaches {score.relief.needed:g}"


def _conclusion_faults(
    definition: Questionnaire, earlier_items: Mapping[str, QuestionnaireItem]
) -> Iterator[str]:
    keys = {verdict.key for verdict in definition.verdicts}
    levels = len(definition.score.bands) if definition.score else 0
    for verdict in definition.verdicts:
        yield from _prefix_faults(verdict.key, _condition_faults(verdict.when, earlier_items))
    for duty in definition.duties:
        yield from _prefix_faults(duty.key, _condition_faults(duty.when, earlier_items))
        for key in duty.verdicts:
            if key not in keys:
                yield f"{duty.key}: follows from {key}, which is no verdict"
        for level in duty.levels:
            if not 1 <= level <= levels:
                yield f"{duty.key}: follows from level {level}, which there is not"
