"""Labels of sheets, their states, scores and changes; their line on a project's page."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from flask_babel import format_decimal

from portal.ethics.questionnaires.answer_labels import DIFFERENCES, format_answer
from portal.ethics.questionnaires.completion_rules import AnswerProgress
from portal.ethics.questionnaires.definition_rules import NOTE_SUFFIX, Questionnaire, ScoreRule
from portal.ethics.questionnaires.score_rules import ScoreResult
from portal.ethics.readiness_sheets import commands
from portal.ethics.readiness_sheets.definition_documents import (
    SHEET_KINDS,
    read_definitions_by_kind_and_edition,
)
from portal.ethics.readiness_sheets.models import Sheet
from portal.ethics.readiness_sheets.queries import BEGUN_COUNT, COMPLETE_COUNT, SheetRevision
from portal.platform.kernel.text import LazyString, ngettext
from portal.platform.kernel.text import gettext as _
from portal.platform.kernel.text import lazy_gettext as _l
from portal.platform.web.template_filters import day
from portal.project.projects.section_queries import ProjectFoldKind, build_count_section

__all__ = ["ACTION_LABELS", "DIFFERENCES", "format_answer"]

ACTION_LABELS: dict[str, LazyString] = {
    commands.BEGUN.code: _l("a commencé la fiche"),
    commands.FILLED.code: _l("a rempli une section"),
    commands.UPGRADED.code: _l("a passé la fiche à l’édition suivante de ses questions"),
    commands.VERSION_SET.code: _l("a dit sur quelle version porte la fiche"),
    commands.COMPLETED.code: _l("a déclaré la fiche complète"),
    commands.DAY_CORRECTED.code: _l("a corrigé le jour où la fiche est complète"),
}
_FIELD_LABELS: dict[str, LazyString] = {
    "edition": _l("Édition des questions"),
    "prototype_version": _l("Version du prototype"),
    "completed_on": _l("Complète le"),
}


def progress_text(progress: AnswerProgress) -> str:
    """« 12 réponses sur 28 »."""
    return ngettext(
        "%(num)s réponse sur %(all)s",
        "%(num)s réponses sur %(all)s",
        progress.answered,
        all=progress.question_count,
    )


def state(sheet: Sheet | None, progress: AnswerProgress | None) -> str:
    """The label of a sheet's state."""
    if sheet is None or progress is None:
        return _("Pas commencée")
    if sheet.completed_on is not None:
        return _("Complète le %(day)s", day=day(sheet.completed_on))
    return _("En cours")


def state_badge_kind(sheet: Sheet | None) -> str | None:
    """The badge kind of that state."""
    if sheet is None:
        return None
    return "success" if sheet.completed_on else "info"


def format_points(value: float) -> str:
    return str(format_decimal(value))


def describe_score_rule(definition: Questionnaire) -> str:
    """The sentence that explains how the score is computed."""
    if definition.score is not None and definition.score.rule is ScoreRule.MINIMUM:
        return _("Le score est la plus petite des sommes : la section la plus faible décide.")
    return _("Le score est la somme de tous les points.")


def score_text(scored: ScoreResult) -> str:
    return _("%(value)s sur %(most)s", value=format_points(scored.value), most=format_points(scored.most))


def score_sentence(scored: ScoreResult, *, is_complete: bool) -> str:
    """The score as a sentence, so far while answers are missing."""
    values = {"value": format_points(scored.value), "most": format_points(scored.most)}
    if is_complete:
        return _("Le score est de %(value)s sur %(most)s.", **values)
    return _("À ce stade, le score est de %(value)s sur %(most)s.", **values)


def list_changes(sheet: Sheet, revision: SheetRevision) -> list[tuple[str, str, str]]:
    """The changes of a save: label, before, after; labelled by the edition of that save."""
    by_edition = read_definitions_by_kind_and_edition()[sheet.kind]
    definitions = [by_edition[revision.edition], *reversed(list(by_edition.values()))]
    return [
        _label_answer_change(definitions, key, before, after)
        for key, (before, after) in revision.changes.items()
    ]


def count_changed_answers(revision: SheetRevision) -> int:
    """How many answers a save of a section changed, a remark as part of its answer; 0 for other acts, which
    change none."""
    if revision.action != commands.FILLED.code:
        return 0
    return len({key.removesuffix(NOTE_SUFFIX) for key in revision.changes})


def _label_answer_change(
    definitions: Sequence[Questionnaire], key: str, before: Any, after: Any
) -> tuple[str, str, str]:
    if key in _FIELD_LABELS:
        return str(_FIELD_LABELS[key]), _format_field(before), _format_field(after)
    for definition in definitions:
        for item in definition.items:
            if key == item.key:
                return str(item.label), format_answer(item, before), format_answer(item, after)
            if key == item.note_key:
                return _("Remarque : %(item)s", item=item.label), before or "", after or ""
    return key, format_answer(None, before), format_answer(None, after)


def _format_field(value: object) -> str:
    """A number, or a date in ISO format."""
    if isinstance(value, str):
        return day(date.fromisoformat(value))
    return "" if value is None else str(value)


def describe_newer_sources(names: Sequence[str]) -> str:
    """What a complete data sheet does not tell yet, where sources were added since."""
    return ngettext(
        "Une source de données est venue depuis : %(names)s. La fiche suivante en parlera.",
        "Des sources de données sont venues depuis : %(names)s. La fiche suivante en parlera.",
        len(names),
        names=", ".join(names),
    )


def describe_sheet_counts(begun: int, complete: int) -> str:
    """How many kinds are complete and how many are in progress."""
    sentence = ngettext(
        "%(num)s complète sur %(all)s", "%(num)s complètes sur %(all)s", complete, all=len(SHEET_KINDS)
    )
    if not (in_progress := begun - complete):
        return sentence
    return f"{sentence}, " + ngettext("%(num)s en cours", "%(num)s en cours", in_progress)


CHAPTER = build_count_section(
    _l("Fiches"),
    "/file/sheets",
    (BEGUN_COUNT, COMPLETE_COUNT),
    describe_sheet_counts,
    empty=_l("Aucune fiche n’est commencée."),
    fold=ProjectFoldKind.ETHICS,
    brief=lambda *_counts: "",
)
