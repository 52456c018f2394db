"""Saves, imports and exports the answers of a review, and upgrades its edition."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from portal.ethics.questionnaires.answer_documents import parse_answers
from portal.ethics.questionnaires.commands import get_or_insert_edition
from portal.ethics.questionnaires.completion_rules import explain_note_misfit
from portal.ethics.questionnaires.definition_rules import (
    Answer,
    Answers,
    Questionnaire,
    QuestionnaireItem,
    form_field_name,
)
from portal.ethics.questionnaires.edition_change_rules import EditionUpgrade, compute_upgrade
from portal.ethics.questionnaires.queries import get_questionnaire
from portal.ethics.reviews import queries, shared_commands
from portal.ethics.reviews.models import Review, ReviewAnswer
from portal.platform.kernel import audit, clock
from portal.platform.kernel.access import Actor
from portal.platform.kernel.database import check_version
from portal.platform.kernel.errors import Conflict, RuleBroken, TooLate
from portal.platform.kernel.text import gettext as _
from portal.platform.kernel.text import lazy_gettext as _l
from portal.project.projects.models import Project
from portal.project.projects.path_rules import row_path
from portal.project.projects.work_commands import record_change

# No label: activity feeds skip it, since there are many; the page of a question lists them.
ANSWERED = audit.Action("review.answered")
IMPORTED = audit.Action("review.answers_imported", _l("a importé des réponses à la revue %(number)s"))
SAVE_ACTIONS = (ANSWERED, IMPORTED)  # their fact `items` holds the changed item keys
EXPORTED = audit.Action("review.answers_exported")
UPGRADED = audit.Action("review.upgraded", _l("a passé la revue éthique %(number)s à l’édition suivante"))


@dataclass(frozen=True)
class AnswerInput:
    """An answer and a note to one item, and the version of its row that was read."""

    value: Answer | None
    note: str
    expected_version: int


class StaleAnswersConflict(Conflict):
    """Others changed some of the answers since they were read; `items` are their keys."""

    def __init__(self, items: Sequence[str]) -> None:
        super().__init__(", ".join(items))
        self.items = items


def save_answers(
    actor: Actor, project: Project, review: Review, answer_inputs: Mapping[str, AnswerInput]
) -> Sequence[str]:
    """Save answers by item key, all or none, and return the keys that changed.

    An answer equal to the stored one is accepted whatever its version. Raises `StaleAnswersConflict`;
    `RuleBroken` on the field of an answer that does not fit; `TooLate` when the review is no longer
    with its team, or the section is not open in this round.
    """
    shared_commands.lock_review_to_answer(actor, project, review)
    record = queries.reload_review(review)
    stale, changed = [], []
    for key, answer_input in answer_inputs.items():
        item, row = record.definition.item(key), record.rows.get(key)
        if item is None or row is None:
            sentence = _("Cette question n’est plus dans la revue.")
            raise TooLate(sentence, row_path(project, review))
        if (row.value, row.note) == (answer_input.value, answer_input.note):
            continue
        if record.definition.section_of(item).key not in record.open_sections:
            raise TooLate(_describe_closed_section(), row_path(project, review))
        _check_answer(item, answer_input)
        if row.version != answer_input.expected_version:  # two tabs of one person are two writers
            stale.append(key)
        changed.append(key)
    if stale:
        raise StaleAnswersConflict(stale)
    for key in changed:
        _store_answer(actor, record.rows[key], answer_inputs[key].value, answer_inputs[key].note)
    if changed:
        record_change(actor, ANSWERED, review, items=changed, project=project)
    return changed


@dataclass(frozen=True)
class AnswersImportResult:
    """What became of imported answers, by item key; unchanged ones are in none of the lists.

    `closed` are in sections that are not open, `unknown` keys of no item, `misfits` values that do
    not fit.
    """

    saved: Sequence[str]
    closed: Sequence[str]
    unknown: Sequence[str]
    misfits: Sequence[str]


def import_answers(
    actor: Actor, project: Project, review: Review, content: Mapping[str, Any]
) -> AnswersImportResult:
    """Replace the answers of the items that `content` names, in the sections that are open.

    `content` maps item keys to values. Raises `RuleBroken` on `answers` when none of it fits.
    """
    shared_commands.lock_review_to_answer(actor, project, review)
    record = queries.reload_review(review)
    parsed = parse_answers(record.definition, content)
    if not parsed.answers:
        raise RuleBroken("answers", _("Rien dans ce fichier ne répond à une question de la revue."))
    saved, closed, faulty = [], [], []
    for item in record.definition.items:
        row, is_named = record.rows[item.key], {item.key, item.note_key} & parsed.answers.keys()
        value = parsed.answers.get(item.key, row.value)
        note = str(parsed.answers.get(item.note_key, row.note))
        if not is_named or (value, note) == (row.value, row.note):
            continue
        if record.definition.section_of(item).key not in record.open_sections:
            closed.append(item.key)
        elif value is not None and shared_commands.explain_unfit_answer(item, value):
            faulty.append(item.key)
        else:
            saved.append(item.key)
            _store_answer(actor, row, value, note)
    if saved:
        record_change(actor, IMPORTED, review, items=saved, project=project)
    return AnswersImportResult(saved, closed, list(parsed.unknown), [*parsed.misfits, *faulty])


def record_answers_export(actor: Actor, project: Project, review: Review) -> None:
    """Record an export in the audit trail; every reader may export."""
    record_change(actor, EXPORTED, review, project=project)


def find_newer_edition(record: queries.ReviewWithAnswers) -> Questionnaire | None:
    """The edition to which an undecided review can be upgraded; None when it has the latest."""
    latest = get_questionnaire(record.review.kind)
    is_open = not record.review.state.is_decided
    return latest if is_open and latest.edition > record.definition.edition else None


def preview_upgrade(record: queries.ReviewWithAnswers, newer: Questionnaire) -> EditionUpgrade:
    """What would become of the answers of a review in a newer edition."""
    return compute_upgrade(record.definition, newer, record.answers)


def upgrade_edition(actor: Actor, project: Project, review: Review, expected_version: int) -> None:
    """Upgrade a review to the latest edition and carry over the answers that fit.

    Raises `TooLate` when there is no newer edition, `Conflict`.
    """
    shared_commands.lock_review_to_answer(actor, project, review)
    check_version(review, expected_version)
    record = queries.reload_review(review)
    newer = find_newer_edition(record)
    if newer is None:
        sentence = _("La revue a déjà la dernière édition de ses questions.")
        raise TooLate(sentence, row_path(project, review))
    upgrade = preview_upgrade(record, newer)
    shared_commands.create_missing_answers(project, review, newer, record.rows)
    for item in upgrade.dropped:
        if newer.item(item.key) is not None:  # still asked, but the answer does not fit
            _store_answer(
                actor, record.rows[item.key], None, _find_carried_note(newer, item, upgrade.answers)
            )
    review.edition_id = get_or_insert_edition(newer).id
    before = record.definition.edition
    changes = {"edition": (before, newer.edition)}
    record_change(actor, UPGRADED, review, changes, kept=len(upgrade.answers), project=project)


def _find_carried_note(newer: Questionnaire, item: QuestionnaireItem, answers: Answers) -> str:
    after = newer.item(item.key)
    return str(answers.get(after.note_key, "")) if after is not None else ""


def _check_answer(item: QuestionnaireItem, answer_input: AnswerInput) -> None:
    if answer_input.value is not None and (
        fault := shared_commands.explain_unfit_answer(item, answer_input.value)
    ):
        raise RuleBroken(form_field_name(item.key), fault)
    if answer_input.note and (fault := explain_note_misfit(answer_input.note)):
        raise RuleBroken(form_field_name(item.note_key), fault)


def _store_answer(actor: Actor, row: ReviewAnswer, value: Answer | None, note: str) -> None:
    row.value, row.note = value, note
    row.answered_at, row.answered_by_id = clock.now(), actor.person_id


def _describe_closed_section() -> str:
    return _("Cette section n’est pas rouverte : sa réponse reste celle qui a été relue.")
