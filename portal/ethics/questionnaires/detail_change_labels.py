"""What differs between two editions, in words: which part, which of its values, before and after."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from portal.ethics.questionnaires.answer_labels import describe_condition
from portal.ethics.questionnaires.definition_rules import (
    BilingualText,
    Condition,
    ConditionGroup,
    ItemChoice,
    MitigationRelief,
    Questionnaire,
    RiskOrMitigation,
    ScoreBand,
    ScoreRule,
)
from portal.ethics.questionnaires.detail_change_rules import DetailChange, QuestionnairePartKind
from portal.platform.kernel.text import LazyString
from portal.platform.kernel.text import gettext as _
from portal.platform.kernel.text import lazy_gettext as _l
from portal.platform.web.template_filters import day

PLACES: Mapping[QuestionnairePartKind, LazyString] = {
    QuestionnairePartKind.WHOLE: _l("Questionnaire"),
    QuestionnairePartKind.SECTION: _l("Section"),
    QuestionnairePartKind.QUESTION: _l("Question"),
    QuestionnairePartKind.SCORE: _l("Score"),
    QuestionnairePartKind.VERDICT: _l("Conclusion"),
    QuestionnairePartKind.DUTY: _l("Obligation"),
}
FIELDS: Mapping[str, LazyString] = {
    "title": _l("titre"),
    "label": _l("mots"),
    "help": _l("aide"),
    "about": _l("présentation"),
    "source": _l("source"),
    "traits": _l("faits du projet dont il s’agit"),
    "passed_over": _l("questions de l’original laissées de côté"),
    "when": _l("dans quels cas"),
    "part": _l("ce que comptent les poids"),
    "choices": _l("réponses possibles, avec leur poids"),
    "rows": _l("lignes du tableau"),
    "levels": _l("niveaux concernés"),
    "verdicts": _l("conclusions concernées"),
    "since": _l("applicable depuis"),
    "to_check": _l("date à vérifier"),
    "rule": _l("calcul"),
    "bands": _l("niveaux"),
    "relief": _l("allègement"),
    "order": _l("ordre"),
}
_CODES: Mapping[Any, LazyString] = {
    ScoreRule.MINIMUM: _l("la plus petite somme des sections"),
    ScoreRule.SUM: _l("la somme des sections"),
    RiskOrMitigation.RISK: _l("le risque"),
    RiskOrMitigation.MITIGATION: _l("ce qui le réduit"),
}


def label_detail_change(change: DetailChange) -> str:
    """Which part and which of its values: « Obligation « Informer », titre »."""
    place = str(PLACES[change.place])
    if change.name is not None:
        place = _("%(place)s « %(name)s »", place=place, name=change.name)
    return f"{place}, {FIELDS[change.field]}" if change.field else place


def format_before_and_after(
    change: DetailChange, former: Questionnaire, other: Questionnaire
) -> tuple[str, str]:
    """The value before and after, for the reader; in both languages where theirs reads the same."""
    before, after = (
        _format_value(value, definition)
        for value, definition in ((change.before, former), (change.after, other))
    )
    if before == after:
        before, after = (
            _format_value(value, definition, both=True)
            for value, definition in ((change.before, former), (change.after, other))
        )
    return before or _("rien"), after or _("rien")


def _format_value(value: Any, definition: Questionnaire, *, both: bool = False) -> str:
    if value is None or isinstance(value, bool):
        return {None: "", True: _("oui"), False: _("non")}[value]
    if isinstance(value, BilingualText):
        return f"{value.fr} / {value.en}" if both and value.en else str(value)
    if isinstance(value, Condition | ConditionGroup):
        return describe_condition(definition, value)
    if isinstance(value, date):
        return day(value)
    if isinstance(value, tuple | frozenset):
        listed = sorted(value) if isinstance(value, frozenset) else value
        return ", ".join(_format_value(each, definition, both=both) for each in listed)
    return _format_nested_value(value, definition, both=both)


def _format_nested_value(value: Any, definition: Questionnaire, *, both: bool) -> str:
    if isinstance(value, ItemChoice):
        label = _format_value(value.label, definition, both=both)
        return f"{label} ({value.weight:g})" if value.weight else label
    if isinstance(value, ScoreBand):
        label = _format_value(value.title, definition, both=both)
        return _("%(title)s (jusqu’à %(n)s)", title=label, n=f"{value.up_to:g}")
    if isinstance(value, MitigationRelief):
        return _("%(percent)s %% dès %(needed)s points", percent=value.percent, needed=f"{value.needed:g}")
    if value in _CODES:
        return str(_CODES[value])
    titles = {verdict.key: str(verdict.title) for verdict in definition.verdicts}
    return titles.get(value, str(value))
