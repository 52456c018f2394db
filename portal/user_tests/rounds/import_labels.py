"""Column names of a file of results in both languages, and sentences about its problems."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from portal.platform.kernel.text import LOCALES, LazyString, fold, format_day, ngettext, using_language
from portal.platform.kernel.text import gettext as _
from portal.platform.kernel.text import lazy_gettext as _l
from portal.project.framing.models import TargetGroup
from portal.user_tests.rounds.expected_results_rules import ExpectedFileContent
from portal.user_tests.rounds.import_models import ResultsImportLine, ResultsImportProblem
from portal.user_tests.rounds.import_queries import ResultsImportPreview
from portal.user_tests.rounds.models import TestTask
from portal.user_tests.rounds.session_labels import OUTCOMES
from portal.user_tests.rounds.session_models import TaskOutcome

YES = frozenset({"oui", "yes", "x", "1", "vrai", "true"})
NO = frozenset({"", "non", "no", "0", "faux", "false"})
FIELDS_OF_TASK = ("outcome", "seconds", "ease", "errors", "notes")

Column = tuple[str, str]  # (part, field); parts: `s` session, `t2` task 2, `a3` item 3
CODE: Column = ("s", "code")
CONSENT: Column = ("s", "consent_on")
SCORE: Column = ("s", "score")
NOT_IN_TEMPLATE = frozenset({CODE, SCORE})  # columns of the export that the portal computes

_PROBLEMS: Mapping[str, LazyString] = {
    "consent": _l("La ligne ne dit pas quand la personne a donné son accord."),
    "code": _l(
        "« %(value)s » : le portail donne les codes. Cette ligne en est sortie ; pour la reprendre"
        " dans une autre série, videz cette colonne."
    ),
    "date": _l("« %(value)s » n’est pas une date : écrivez 12/03/2026 ou 2026-03-12."),
    "to_come": _l("« %(value)s » est à venir : un accord se note une fois donné."),
    "too_early": _l("« %(value)s » : avant le %(since)s, il n’y avait rien à essayer. Vérifiez l’année."),
    "group": _l("« %(value)s » n’est pas un public de la série : %(groups)s, ou rien."),
    "rehearsal": _l("« %(value)s » n’est ni oui ni non."),
    "outcome": _l("« %(value)s » n’est pas un résultat : %(outcomes)s."),
    "seconds": _l("« %(value)s » n’est pas une durée : écrivez des secondes, ou 1:23."),
    "number": _l("« %(value)s » n’est pas un nombre entier de %(least)s à %(most)s."),
    "long": _l("Ce texte dépasse %(most)s caractères."),
    "nothing": _l("La ligne ne dit rien de ce que la personne a fait."),
    "cells": _l("Il y a plus de cellules que de colonnes."),
}


def iterate_column_headings(tasks: Sequence[TestTask], items: int) -> Iterator[tuple[Column, str]]:
    """Yield all columns of a file with their names in the reader’s language, in order."""
    yield CODE, _("Code")
    yield ("s", "group"), _("Public")
    yield ("s", "is_rehearsal"), _("Répétition")
    yield CONSENT, _("Accord donné le")
    for task in tasks:
        part = f"t{task.number}"
        yield (part, "outcome"), _("T%(n)s résultat", n=task.number)
        yield (part, "seconds"), _("T%(n)s secondes", n=task.number)
        yield (part, "ease"), _("T%(n)s facilité", n=task.number)
        yield (part, "errors"), _("T%(n)s erreurs", n=task.number)
        yield (part, "notes"), _("T%(n)s notes", n=task.number)
    for item in range(1, items + 1):
        yield (f"a{item}", "value"), _("Q%(n)s", n=item)
    yield SCORE, _("Score")
    yield ("s", "notes"), _("Notes")


def template_column_names(expected: ExpectedFileContent) -> Sequence[str]:
    """Return the header of the template; the first column of a task has its title in brackets."""
    titles = {f"t{task.number}": task.title for task in expected.tasks}
    return [
        f"{name} ({titles[part]})" if field == "outcome" else name
        for (part, field), name in iterate_column_headings(expected.tasks, expected.items)
        if (part, field) not in NOT_IN_TEMPLATE
    ]


@dataclass(frozen=True)
class ColumnIndexes:
    """The index of each column of a file, the duplicated columns, and the unknown ones."""

    by_column: Mapping[Column, int]
    twice: Sequence[str]
    unknown: Sequence[str]


def recognise_columns(names: Sequence[str], expected: ExpectedFileContent) -> ColumnIndexes:
    """Find the columns by their names in either language, ignoring text in brackets."""
    columns_by_name: dict[str, Column] = {}
    for locale in LOCALES:
        with using_language(locale):
            columns_by_name |= {
                fold(name): column for column, name in iterate_column_headings(expected.tasks, expected.items)
            }
    places: dict[Column, int] = {}
    twice, unknown = [], []
    for place, name in enumerate(names):
        column = columns_by_name.get(fold(name)) or columns_by_name.get(fold(name.partition(" (")[0]))
        if column is None:
            unknown += [name] if name else []
        elif column in places:
            twice.append(name)
        elif column != SCORE:
            places[column] = place
    return ColumnIndexes(places, twice, unknown)


def outcomes_by_folded_name() -> Mapping[str, TaskOutcome]:
    """Return the outcomes by their folded names in either language, and by their codes."""
    outcomes_by_name = {task_outcome.value: task_outcome for task_outcome in TaskOutcome}
    for locale in LOCALES:
        with using_language(locale):
            outcomes_by_name |= {fold(str(name)): outcome for outcome, name in OUTCOMES.items()}
    return outcomes_by_name


def list_words_for_no_group() -> Sequence[str]:
    """Return the folded names of “no target group” in either language."""
    names = [""]
    for locale in LOCALES:
        with using_language(locale):
            names.append(fold(_("aucun des publics visés")))
    return names


def outcome_choices_text() -> str:
    """Return « Réussie, Avec de l’aide, Pas réussie ou Pas essayée »."""
    *first, last = (str(name) for name in OUTCOMES.values())
    return _("%(first)s ou %(last)s", first=", ".join(first), last=last)


def problem_sentence(problem: ResultsImportProblem, groups: Sequence[TargetGroup]) -> str:
    """Return what is wrong with a cell, and what is accepted."""
    names = ", ".join(group.name for group in groups)
    facts = {"outcomes": outcome_choices_text(), "groups": names or _("aucun n’est visé"), **problem.facts}
    if "since" in facts:
        facts["since"] = format_day(date.fromisoformat(facts["since"]))
    return str(_PROBLEMS[problem.code]) % facts


def import_preview_summary(preview: ResultsImportPreview) -> str:
    """Return how many lines a file adds, skips and has in error."""
    parts = [ngettext("%(num)s séance à ajouter", "%(num)s séances à ajouter", len(preview.new))]
    if preview.imported_prints:
        text = ngettext(
            "%(num)s ligne déjà importée, laissée de côté",
            "%(num)s lignes déjà importées, laissées de côté",
            len(preview.imported_prints),
        )
        parts.append(text)
    if preview.wrong:
        text = ngettext("%(num)s ligne en erreur", "%(num)s lignes en erreur", len(preview.wrong))
        parts.append(text)
    return ", ".join(parts) + "."


def line_group_name(line: ResultsImportLine, groups: Sequence[TargetGroup]) -> str:
    names = {group.number: group.name for group in groups}
    return names.get(line.group or 0, _("aucun des publics visés"))


def task_outcomes_text(line: ResultsImportLine) -> str:
    """Return the outcome of each task: « T1 Réussie, T2 Pas réussie »."""
    outcomes_of_tasks = [
        f"T{number} {OUTCOMES[TaskOutcome(result['outcome'])]}"
        for number, result in line.results.items()
        if result.get("outcome")
    ]
    return ", ".join(outcomes_of_tasks) or "—"


def has_notes(line: ResultsImportLine) -> bool:
    return bool(line.notes) or any(result.get("notes") for result in line.results.values())
