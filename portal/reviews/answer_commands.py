"""Answering a review: a question at a time, a section at once, from a file, in a newer edition."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from portal.kernel import audit, clock
from portal.kernel.access import Actor
from portal.kernel.db import check_version
from portal.kernel.errors import Conflict, RuleBroken, TooLate
from portal.kernel.text import gettext as _
from portal.kernel.text import lazy_gettext as _l
from portal.projects.models import Project
from portal.questionnaires.changes import Upgrade, upgrade
from portal.questionnaires.commands import keep
from portal.questionnaires.definition import Answer, Answers, Item, Questionnaire, field_of
from portal.questionnaires.exchange import take_answers
from portal.questionnaires.queries import get_questionnaire
from portal.reviews import pen, queries
from portal.reviews.models import Review, ReviewAnswer

# Feeds would drown in them; the page of a question says who answered when.
ANSWERED = audit.Action("review.answered")
IMPORTED = audit.Action(
    "review.answers_imported", _l("a importé des réponses à la revue %(number)s")
)
SAVES = (ANSWERED, IMPORTED)  # which questions they changed, in the fact `items`
EXPORTED = audit.Action("review.answers_exported")
UPGRADED = audit.Action(
    "review.upgraded", _l("a passé la revue éthique %(number)s à l’édition suivante")
)


@dataclass(frozen=True)
class Said:
    """What somebody answers to one question, having read its row at version `seen`."""

    value: Answer | None
    note: str
    seen: int


class Stale(Conflict):
    """Some of the answers were changed by others since they were read: their keys."""

    def __init__(self, items: Sequence[str]) -> None:
        super().__init__(", ".join(items))
        self.items = items


def answer(
    actor: Actor, project: Project, review: Review, said: Mapping[str, Said]
) -> Sequence[str]:
    """Keep answers, by item, all of them or none; which ones that changed something.

    What is the same as what is kept needs no version: two who say the same agree. Raises `Stale`,
    `RuleBroken` on the field of what cannot be an answer, `TooLate` once it was given away or for a
    section that this round does not reopen.
    """
    pen.hold_to_answer(actor, project, review)
    held = queries.hold(review)
    of, stale, changed = held.definition, [], []
    for key, one in said.items():
        item, row = of.item(key), held.rows.get(key)
        if item is None or row is None:
            sentence = _("Cette question n’est plus dans la revue.")
            raise TooLate(sentence, pen.path_of(project, review.number))
        if (row.value, row.note) == (one.value, one.note):
            continue
        if of.section_of(item).key not in held.open_sections:
            raise TooLate(_closed(), pen.path_of(project, review.number))
        _check(item, one)
        if _is_stale(actor, row, one.seen):
            stale.append(key)
        changed.append(key)
    if stale:
        raise Stale(stale)
    for key in changed:
        _write(actor, held.rows[key], said[key].value, said[key].note)
    if changed:
        pen.tell(actor, project, ANSWERED, review, items=changed)
    return changed


@dataclass(frozen=True)
class Filed:
    """What became of answers from a file, by item: kept now; left, since their section is not open,
    nobody asks them, or they cannot be answers. What was the same already is in none."""

    kept: Sequence[str]
    closed: Sequence[str]
    unknown: Sequence[str]
    misfits: Sequence[str]


def take_file(actor: Actor, project: Project, review: Review, given: Mapping[str, Any]) -> Filed:
    """Answers from JSON in place of those that are there, for the questions that it names; what it
    does not name stays. Only sections that are open are changed. Raises `RuleBroken` on `answers`
    for a file in which nothing can be one."""
    pen.hold_to_answer(actor, project, review)
    held = queries.hold(review)
    taken = take_answers(held.definition, given)
    if not taken.answers:
        raise RuleBroken("answers", _("Rien dans ce fichier ne répond à une question de la revue."))
    kept, closed, faulty = [], [], []
    for item in held.definition.items:
        row, is_named = held.rows[item.key], {item.key, item.note_key} & taken.answers.keys()
        value = taken.answers.get(item.key, row.value)
        note = str(taken.answers.get(item.note_key, row.note))
        if not is_named or (value, note) == (row.value, row.note):
            continue
        if held.definition.section_of(item).key not in held.open_sections:
            closed.append(item.key)
        elif value is not None and pen.fault_of(item, value):
            faulty.append(item.key)
        else:
            kept.append(item.key)
            _write(actor, row, value, note)
    if kept:
        pen.tell(actor, project, IMPORTED, review, items=kept)
    return Filed(kept, closed, list(taken.unknown), [*taken.misfits, *faulty])


def export_answers(actor: Actor, project: Project, review: Review) -> None:
    """Whoever reads a review may take its answers out; the trail says who did."""
    pen.tell(actor, project, EXPORTED, review)


def find_newer(held: queries.Held) -> Questionnaire | None:
    """The edition that a review with its team could move to."""
    latest = get_questionnaire(held.review.kind)
    is_open = not held.review.state.is_decided
    return latest if is_open and latest.edition > held.definition.edition else None


def preview(held: queries.Held, newer: Questionnaire) -> Upgrade:
    """What would become of the answers. Changes nothing."""
    return upgrade(held.definition, newer, held.answers)


def move_on(actor: Actor, project: Project, review: Review, seen: int) -> None:
    """To the latest edition of its questions, with the answers that have a place there.

    Raises `TooLate` when there is none later, `Conflict`.
    """
    pen.hold_to_answer(actor, project, review)
    check_version(review, seen)
    held = queries.hold(review)
    newer = find_newer(held)
    if newer is None:
        sentence = _("La revue a déjà la dernière édition de ses questions.")
        raise TooLate(sentence, pen.path_of(project, review.number))
    becomes = preview(held, newer)
    pen.lay_out(project, review, newer, held.rows)
    for item in becomes.left:
        if newer.item(item.key) is not None:  # asked still, and no longer answered like that
            _write(actor, held.rows[item.key], None, _note_kept(newer, item, becomes.answers))
    review.edition_id = keep(newer).id
    before = held.definition.edition
    changes = {"edition": (before, newer.edition)}
    pen.tell(actor, project, UPGRADED, review, changes, kept=len(becomes.answers))


def _note_kept(newer: Questionnaire, item: Item, answers: Answers) -> str:
    after = newer.item(item.key)
    return str(answers.get(after.note_key, "")) if after is not None else ""


def _is_stale(actor: Actor, row: ReviewAnswer, seen: int) -> bool:
    """Changed since it was read, and not by one's own last words, still on their way then."""
    is_own = row.answered_by_id == actor.person_id and row.version == seen + 1
    return row.version != seen and not is_own


def _check(item: Item, said: Said) -> None:
    if said.value is not None and (fault := pen.fault_of(item, said.value)):
        raise RuleBroken(field_of(item.key), fault)
    if said.note and (fault := pen.note_fault_of(said.note)):
        raise RuleBroken(field_of(item.note_key), fault)


def _write(actor: Actor, row: ReviewAnswer, value: Answer | None, note: str) -> None:
    row.value, row.note = value, note
    row.answered_at, row.answered_by_id = clock.now(), actor.person_id


def _closed() -> str:
    return _("Cette section n’est pas rouverte : sa réponse reste celle qui a été relue.")
