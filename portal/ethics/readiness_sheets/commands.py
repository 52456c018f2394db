"""Starts, fills, upgrades and completes readiness sheets."""

from collections.abc import Mapping
from datetime import date
from typing import Any
from uuid import UUID

from portal.ethics.questionnaires.completion_rules import (
    explain_answer_misfit,
    explain_note_misfit,
    list_unanswered_required_items,
)
from portal.ethics.questionnaires.definition_rules import (
    Answer,
    Answers,
    Questionnaire,
    QuestionnaireItem,
    QuestionnaireItemKind,
    QuestionnaireSection,
    form_field_name,
)
from portal.ethics.questionnaires.edition_change_rules import carry_answers_to_same_questions
from portal.ethics.readiness_sheets import queries
from portal.ethics.readiness_sheets.definition_documents import is_about_prototype_version, starts_blank
from portal.ethics.readiness_sheets.models import Sheet, SheetSection
from portal.platform.kernel import audit, clock
from portal.platform.kernel.access import Actor
from portal.platform.kernel.clock import find_future_date_problem
from portal.platform.kernel.database import check_version, db, reload_row
from portal.platform.kernel.errors import AlreadyDeleted, RuleBroken, TooLate
from portal.platform.kernel.text import format_day, ngettext
from portal.platform.kernel.text import gettext as _
from portal.platform.kernel.text import lazy_gettext as _l
from portal.project.projects.models import Project
from portal.project.projects.numbered_queries import next_row_number
from portal.project.projects.path_rules import row_path
from portal.project.projects.work_commands import (
    create_page_discussion,
    lock_fresh,
    record_change,
    require_not_future,
    require_team_may_write,
)
from portal.sprints.prototypes.models import PrototypeVersion

BEGUN = audit.Action("sheet.begun", _l("a commencé la fiche n° %(number)s"))
# No label: activity feeds skip it, since there are many; the sheet's own history lists them.
FILLED = audit.Action("sheet.filled")
UPGRADED = audit.Action("sheet.moved", _l("a passé la fiche n° %(number)s à son édition suivante"))
VERSION_SET = audit.Action("sheet.aimed", _l("a dit sur quelle version porte la fiche n° %(number)s"))
COMPLETED = audit.Action("sheet.completed", _l("a déclaré complète la fiche n° %(number)s"))
DAY_CORRECTED = audit.Action("sheet.redated", _l("a corrigé le jour où la fiche n° %(number)s est complète"))
HISTORY_ACTIONS = tuple(
    action.code for action in (BEGUN, FILLED, UPGRADED, VERSION_SET, COMPLETED, DAY_CORRECTED)
)


def begin_sheet(
    actor: Actor, project: Project, definition: Questionnaire, version: PrototypeVersion | None
) -> Sheet:
    """Start a sheet with the answers of the last one of its kind, unless the kind starts blank.

    Raises `RuleBroken` while one of the kind is not complete.
    """
    require_team_may_write(actor, project)
    number = next_row_number(Sheet, project)
    last = queries.find_last_sheet(actor, project, definition.key)
    if last is not None and last.sheet.completed_on is None:
        raise RuleBroken(None, _("Cette fiche est déjà commencée."))
    sheet = Sheet(
        project_id=project.id,
        discussion_id=create_page_discussion(project, Sheet, number),
        number=number,
        kind=definition.key,
        edition=definition.edition,
        prototype_version_id=_find_prototype_version_id(definition, version),
    )
    db.session.add(sheet)
    db.session.flush()
    carried: Answers = {}
    if last is not None and not starts_blank(definition):
        carried = carry_answers_to_same_questions(last.definition, definition, last.answers).answers
    _replace_section_rows(sheet, {}, carried)
    record_change(
        actor, BEGUN, sheet, {key: (None, value) for key, value in carried.items()}, edition=sheet.edition
    )
    return sheet


def fill_section(
    actor: Actor,
    project: Project,
    sheet: Sheet,
    row: SheetSection,
    answers: Answers,
    *,
    expected_version: int,
) -> None:
    """Replace the answers of a section; absent items become unanswered.

    Raises `RuleBroken` on the field of an answer that does not fit; `Conflict` when somebody saved
    this section in between; `AlreadyDeleted` when the sheet was upgraded; `TooLate` once complete.
    """
    _lock_open_sheet(actor, project, sheet)
    if row.edition != sheet.edition:
        raise AlreadyDeleted(_("Entre-temps, la fiche est passée à une autre édition de ses questions."))
    reload_row(row)
    check_version(row, expected_version)
    section = queries.get_definition(sheet).section(row.key)
    if section is None:
        raise AlreadyDeleted(_("Cette section n’est plus dans la fiche."))
    _check_answers(section, answers)
    changes = _compare_answers(row.answers, answers)
    if not changes:
        return
    row.answers = dict(answers)
    sheet.saved_at, sheet.saved_by_id = clock.now(), actor.person_id
    record_change(actor, FILLED, sheet, changes, edition=sheet.edition)


def set_prototype_version(
    actor: Actor, project: Project, sheet: Sheet, version: PrototypeVersion | None, expected_version: int
) -> None:
    """Set the version of the prototype that the sheet is about.

    Raises `TooLate` once it is complete, `Conflict`.
    """
    _lock_open_sheet(actor, project, sheet)
    check_version(sheet, expected_version)
    definition = queries.get_definition(sheet)
    before, after = sheet.prototype_version_id, _find_prototype_version_id(definition, version)
    if before == after:
        return
    numbers = queries.read_sheet_names_and_versions([sheet]).versions
    sheet.prototype_version_id = after
    before_number = numbers.get(before) if before else None
    changes = {"prototype_version": (before_number, version and version.number)}
    record_change(actor, VERSION_SET, sheet, changes, edition=sheet.edition)


def upgrade_edition(actor: Actor, project: Project, sheet: Sheet, expected_version: int) -> None:
    """Upgrade a sheet to the latest edition and carry over the answers that fit.

    Raises `TooLate` when there is no newer edition or the sheet is complete, `Conflict`.
    """
    _lock_open_sheet(actor, project, sheet)
    check_version(sheet, expected_version)
    former, newer = queries.get_definition(sheet), queries.find_newer_edition(sheet)
    if newer is None:
        raise TooLate(_("La fiche a déjà la dernière édition de ses questions."))
    rows = dict(queries.read_sections_by_sheet([sheet])[sheet.id])
    answers = queries.SheetWithSections(sheet, rows).answers
    carried = carry_answers_to_same_questions(former, newer, answers)
    sheet.edition = newer.edition
    _replace_section_rows(sheet, rows, carried.answers)
    dropped: dict[str, tuple[Any, Any]] = {item.key: (answers[item.key], None) for item in carried.dropped}
    record_change(
        actor, UPGRADED, sheet, {"edition": (former.edition, newer.edition)} | dropped, edition=sheet.edition
    )


def complete_sheet(
    actor: Actor, project: Project, sheet: Sheet, completed_on: date, expected_version: int
) -> None:
    """Declare a sheet complete: its answers are evidence from then on and never change. Whoever declared
    it corrects the day, until another sheet of its kind follows; the same day changes nothing.

    Raises `RuleBroken` on `completed_on`, and without a field for missing answers or a missing
    version; `TooLate` once it is complete, `Conflict`.
    """
    require_team_may_write(actor, project)
    lock_fresh(sheet)
    if not queries.can_correct_completion_day(actor, project, sheet):
        require_open_sheet(project, sheet)
    check_version(sheet, expected_version)
    require_not_future("completed_on", completed_on)
    if sheet.completed_on is not None:
        if completed_on == sheet.completed_on:
            return
        _require_day_after_answers(project, sheet, completed_on)
        changes = {"completed_on": (sheet.completed_on, completed_on)}
        sheet.completed_on = completed_on
        record_change(actor, DAY_CORRECTED, sheet, changes, edition=sheet.edition)
        return
    filled = queries.SheetWithSections(sheet, queries.read_sections_by_sheet([sheet])[sheet.id])
    definition = filled.definition
    if is_about_prototype_version(definition) and sheet.prototype_version_id is None:
        raise RuleBroken(None, _("Dites d’abord sur quelle version du prototype porte la fiche."))
    if n := len(list_unanswered_required_items(definition, filled.answers)):
        sentence = ngettext(
            "Il manque %(num)s réponse obligatoire.", "Il manque %(num)s réponses obligatoires.", n
        )
        raise RuleBroken(None, sentence)
    _require_day_after_answers(project, sheet, completed_on)
    sheet.completed_on, sheet.completed_by_id = completed_on, actor.person_id
    record_change(actor, COMPLETED, sheet, {"completed_on": (None, completed_on)}, edition=sheet.edition)


def _require_day_after_answers(project: Project, sheet: Sheet, completed_on: date) -> None:
    """Raise `RuleBroken` for a day before the last answer, the version, the sheet before or the project's
    start."""
    first = queries.find_first_completion_day(project, sheet)
    if completed_on < first:
        sentence = _(
            "La dernière réponse, la version du prototype, la fiche précédente et le début du projet viennent"
            " d’abord : pas avant le %(day)s.",
            day=format_day(first),
        )
        raise RuleBroken("completed_on", sentence)


def _lock_open_sheet(actor: Actor, project: Project, sheet: Sheet) -> None:
    """Lock the row until the end of the transaction. Raises `TooLate` once it is complete."""
    require_team_may_write(actor, project)
    lock_fresh(sheet)
    require_open_sheet(project, sheet)


def require_open_sheet(project: Project, sheet: Sheet) -> None:
    """Raise `TooLate` for a sheet that is complete."""
    if sheet.completed_on is not None:
        sentence = _("Cette fiche est complète : elle ne change plus.")
        raise TooLate(sentence, row_path(project, sheet))


def _find_prototype_version_id(definition: Questionnaire, version: PrototypeVersion | None) -> UUID | None:
    return version.id if version and is_about_prototype_version(definition) else None


def _replace_section_rows(sheet: Sheet, rows: Mapping[str, SheetSection], answers: Answers) -> None:
    """Upsert a row per section of the sheet's edition with its answers; delete the others."""
    definition = queries.get_definition(sheet)
    for section in definition.sections:
        row = rows.get(section.key) or SheetSection(sheet_id=sheet.id, key=section.key)
        keys = [key for item in section.items for key in (item.key, item.note_key)]
        row.answers = {key: answers[key] for key in keys if key in answers}
        row.edition = sheet.edition
        db.session.add(row)
    for key, row in rows.items():
        if definition.section(key) is None:
            db.session.delete(row)


def _check_answers(section: QuestionnaireSection, answers: Answers) -> None:
    items = {item.key: item for item in section.items}
    notes = {item.note_key for item in section.items if item.note}
    for key, answer in answers.items():
        if key in notes:
            fault = explain_note_misfit(answer)
        elif key in items:
            fault = explain_answer_misfit(items[key], answer) or _explain_future_date(items[key], answer)
        else:
            fault = _("Cette question n’est pas dans la section.")
        if fault:
            raise RuleBroken(form_field_name(key), fault)


def _explain_future_date(item: QuestionnaireItem, answer: Answer) -> str | None:
    is_past = item.kind is QuestionnaireItemKind.DATE and item.past
    return find_future_date_problem(date.fromisoformat(str(answer))) if is_past else None


def _compare_answers(before: Answers, after: Answers) -> audit.Changes:
    keys = dict.fromkeys([*before, *after])
    return {key: (before.get(key), after.get(key)) for key in keys if before.get(key) != after.get(key)}
