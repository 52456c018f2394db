"""Check an edition of a questionnaire, compare it with the one before, and load it."""

from collections.abc import Sequence
from dataclasses import dataclass

from portal.app.administration import policy
from portal.ethics.questionnaires import commands, queries
from portal.ethics.questionnaires.definition_documents import InvalidDefinition, parse_definition
from portal.ethics.questionnaires.definition_rules import Questionnaire
from portal.ethics.questionnaires.detail_change_rules import DetailChange, list_detail_changes
from portal.ethics.questionnaires.edition_change_rules import EditionChanges, compare_editions
from portal.ethics.questionnaires.library_documents import TRAITS as TRAITS_OF_REVIEWS
from portal.ethics.questionnaires.library_documents import DefinitionSource, find_built_in_source
from portal.ethics.readiness_sheets.definition_documents import TRAITS as TRAITS_OF_SHEETS
from portal.platform.kernel.access import Actor, require
from portal.platform.kernel.errors import RuleBroken
from portal.platform.kernel.text import gettext as _

TRAITS = TRAITS_OF_REVIEWS | TRAITS_OF_SHEETS


@dataclass(frozen=True)
class QuestionnaireCheckResult:
    """A definition, or the sentences about what is wrong with its text (with lines).

    `former` is the edition of the same key that is offered now, `changes` what differs from it in its
    questions, `details` in everything else that it says or concludes.
    """

    definition: Questionnaire | None
    faults: Sequence[str] = ()
    former: Questionnaire | None = None
    changes: EditionChanges | None = None
    details: Sequence[DetailChange] = ()
    is_loaded: bool = False  # an edition of this key and number is offered already, or was

    @property
    def can_load(self) -> bool:
        return self.definition is not None and not self.is_loaded


def check_edition(text: str) -> QuestionnaireCheckResult:
    """Read a definition and compare it with the edition that is offered."""
    try:
        definition = parse_definition(text, traits=TRAITS)
    except InvalidDefinition as invalid:
        return QuestionnaireCheckResult(None, str(invalid).splitlines())
    former = queries.find_questionnaire_by_name(definition.key)
    is_loaded = _edition_exists(definition)
    if former is None:
        return QuestionnaireCheckResult(definition, is_loaded=is_loaded)
    changes = compare_editions(former, definition)
    return QuestionnaireCheckResult(
        definition, (), former, changes, list_detail_changes(former, definition), is_loaded
    )


def _edition_exists(definition: Questionnaire) -> bool:
    """Whether an edition of this key and number exists, built in or loaded."""
    return bool(
        queries.find_edition(definition.key, definition.edition)
        or find_built_in_source(definition.key, definition.edition)
    )


def load_checked_edition(actor: Actor, text: str) -> Questionnaire:
    """Offer an edition beside the others. Raises `RuleBroken` on `text` where it does not hold, or
    where its number is taken."""
    require(policy.can_administer(actor))
    checked = check_edition(text)
    if checked.definition is None:
        raise RuleBroken("text", _("Ce texte ne va pas : vérifiez-le d’abord."))
    try:
        if _edition_exists(checked.definition):
            commands.require_same_text(DefinitionSource(text))
            raise RuleBroken("text", _("Cette édition est déjà chargée : il n’y a rien à faire."))
        commands.store_edition(DefinitionSource(text), actor)
    except RuleBroken as broken:
        raise RuleBroken("text", broken.message) from None
    return checked.definition


def list_offered_questionnaires() -> Sequence[Questionnaire]:
    """The latest edition of each questionnaire."""
    return queries.list_latest_editions()
