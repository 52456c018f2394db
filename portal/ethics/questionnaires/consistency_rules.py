"""Checks a definition as a whole: one sentence per fault, prefixed by the part's key."""

from collections.abc import Collection, Iterator, Mapping, Sequence

from portal.ethics.questionnaires.definition_rules import (
    NOTE_SUFFIX,
    Questionnaire,
    QuestionnaireItem,
    QuestionnaireItemKind,
    RiskOrMitigation,
    ScoreDefinition,
    ScoreRule,
    When,
    iterate_single_conditions,
)
from portal.platform.kernel.text import gettext as _
from portal.platform.kernel.text import lazy_gettext as _l

_KINDS_WITH_CHOICES = {
    QuestionnaireItemKind.CHOICE,
    QuestionnaireItemKind.SEVERAL,
    QuestionnaireItemKind.YES_NO,
    QuestionnaireItemKind.ASSESSED,
    QuestionnaireItemKind.MATRIX,
}

_TWICE = {
    "section": _l("cette section est là deux fois"),
    "item": _l("cette question est là deux fois"),
    "verdict": _l("cette conclusion est là deux fois"),
    "duty": _l("ce devoir est là deux fois"),
    "choice": _l("ce choix est là deux fois"),
    "row": _l("cette ligne est là deux fois"),
}


def iterate_definition_faults(definition: Questionnaire, traits: Collection[str]) -> Iterator[str]:
    """Yield the faults of a definition. `traits` are those that its feature knows."""
    yield from _iterate_duplicate_faults("section", [section.key for section in definition.sections])
    yield from _iterate_duplicate_faults("item", [item.key for item in definition.items])
    yield from _iterate_duplicate_faults("verdict", [verdict.key for verdict in definition.verdicts])
    yield from _iterate_duplicate_faults("duty", [duty.key for duty in definition.duties])
    unknown = sorted(definition.traits - {*traits})
    yield from _put_key_before_faults("traits", map(_describe_unknown_trait, unknown))
    over = filter(definition.item, definition.passed_over)
    yield from ("passed_over: " + _("%(key)s est demandée", key=key) for key in over)
    earlier_items: dict[str, QuestionnaireItem] = {}
    for section in definition.sections:
        unknown = sorted(section.traits - {*traits})
        yield from _put_key_before_faults(f"{section.key}: traits", map(_describe_unknown_trait, unknown))
        yield from _put_key_before_faults(section.key, _iterate_condition_faults(section.when, earlier_items))
        for item in section.items:
            yield from _put_key_before_faults(item.key, _iterate_item_faults(item, earlier_items))
            earlier_items[item.key] = item
    if definition.score:
        yield from _iterate_score_faults(definition, definition.score)
    yield from _iterate_conclusion_faults(definition, earlier_items)


def _describe_unknown_trait(trait: str) -> str:
    return _("%(trait)s n’est pas connu", trait=trait)


def _put_key_before_faults(key: str, sentences: Iterator[str]) -> Iterator[str]:
    return (f"{key}: {sentence}" for sentence in sentences)


def _iterate_duplicate_faults(kind: str, keys: Sequence[str]) -> Iterator[str]:
    duplicates = [key for key in dict.fromkeys(keys) if keys.count(key) > 1]
    yield from (f"{key}: {_TWICE[kind]}" for key in duplicates)


def _iterate_item_faults(item: QuestionnaireItem, before: Mapping[str, QuestionnaireItem]) -> Iterator[str]:
    if item.key.endswith(NOTE_SUFFIX):
        yield _("sa clé finit par %(end)s, qui nomme les notes", end=NOTE_SUFFIX)
    if item.kind in {QuestionnaireItemKind.CHOICE, QuestionnaireItemKind.SEVERAL} and len(item.choices) < 2:
        yield _("offre moins de deux choix")
    if item.kind not in _KINDS_WITH_CHOICES and item.choices:
        yield _("offre des choix, et demande « %(kind)s »", kind=item.kind)
    if item.kind is QuestionnaireItemKind.MATRIX and not (item.rows and item.choices):
        yield _("est une matrice sans lignes ou sans colonnes")
    if item.kind is not QuestionnaireItemKind.MATRIX and item.rows:
        yield _("a des lignes, et demande « %(kind)s »", kind=item.kind)
    yield from _iterate_duplicate_faults("choice", [choice.value for choice in item.choices])
    yield from _iterate_duplicate_faults("row", [row.value for row in item.rows])
    if item.least > item.most:
        yield _("son minimum dépasse son maximum")
    above = before.get(item.under or "")
    if above is not None and above.under is not None:
        yield _("est sous %(key)s, qui est déjà une sous-question", key=above.key)
    yield from _iterate_condition_faults(item.when, before)


def _iterate_condition_faults(when: When | None, before: Mapping[str, QuestionnaireItem]) -> Iterator[str]:
    for condition in iterate_single_conditions(when):
        other = before.get(condition.item)
        if other is None:
            yield _("dépend de %(key)s, qui ne vient pas avant", key=condition.item)
            continue
        if other.kind is QuestionnaireItemKind.MATRIX:
            yield _("dépend de %(key)s, qui est une matrice", key=other.key)
        unknown = [value for value in condition.among if other.choice(value) is None]
        yield from (
            _("attend %(value)s, que %(key)s n’offre pas", value=value, key=other.key) for value in unknown
        )


def _iterate_score_faults(definition: Questionnaire, score: ScoreDefinition) -> Iterator[str]:
    bands = [band.up_to for band in score.bands]
    if bands != sorted(set(bands)):
        yield "score: " + _("les paliers ne montent pas")
    greatest = {
        part: [
            sum(item.max_weight for item in section.items)
            for section in definition.sections
            if section.part is part
        ]
        for part in RiskOrMitigation
    }
    risk, mitigation = greatest[RiskOrMitigation.RISK], greatest[RiskOrMitigation.MITIGATION]
    most = min(risk, default=0) if score.rule is ScoreRule.MINIMUM else sum(risk)
    if bands and bands[-1] < most:
        yield "score: " + _("aucun palier n’atteint %(most)s, le plus grand score", most=f"{most:g}")
    if score.relief and sum(mitigation) < score.relief.needed:
        needed = f"{score.relief.needed:g}"
        yield "score: " + _("l’atténuation n’atteint jamais %(needed)s", needed=needed)


def _iterate_conclusion_faults(
    definition: Questionnaire, earlier_items: Mapping[str, QuestionnaireItem]
) -> Iterator[str]:
    keys = {verdict.key for verdict in definition.verdicts}
    levels = len(definition.score.bands) if definition.score else 0
    for verdict in definition.verdicts:
        yield from _put_key_before_faults(verdict.key, _iterate_condition_faults(verdict.when, earlier_items))
    for duty in definition.duties:
        yield from _put_key_before_faults(duty.key, _iterate_condition_faults(duty.when, earlier_items))
        for key in duty.verdicts:
            if key not in keys:
                yield f"{duty.key}: " + _("suit de %(key)s, qui n’est pas une conclusion", key=key)
        for level in duty.levels:
            if not 1 <= level <= levels:
                yield f"{duty.key}: " + _("suit du niveau %(level)s, qui n’existe pas", level=level)
