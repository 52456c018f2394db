"""The form of a procedure: its fields, what changed between two of them, what they likely mean. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from portal.platform.kernel.text import clean_text, fold
from portal.selection.imports.dossier_rules import require_value

# A source of a value that is no field of the form.
ORGANISATION, COMPANY_NUMBER = "@organisation", "@company_number"
CONTACT_NAME, CONTACT_EMAIL = "@contact_name", "@contact_email"
APPLICANT_SOURCES = frozenset({ORGANISATION, COMPANY_NUMBER, CONTACT_NAME, CONTACT_EMAIL})
IN_BLOCK = "/"  # « block/field » names a field of a repeatable block
_UNMAPPED_TYPES = {"HeaderSection", "Explication", "PieceJustificative", "TitreIdentite", "Carte"}


class ApplicationTargetField(StrEnum):
    """A field of an application that a field of the form fills."""

    TITLE = "title"
    ORGANISATION = "organisation"
    COMPANY_NUMBER = "company_number"
    SUMMARY = "summary"
    PROBLEM = "problem"
    BENEFITS = "benefits"
    DATA_SOURCES = "data_sources"
    TARGET_GROUPS = "target_groups"
    ETHICAL_RISKS = "ethical_risks"
    CONTACT_NAME = "contact_name"
    CONTACT_EMAIL = "contact_email"
    MEMBER_FIRST_NAME = "member_first_name"
    MEMBER_NAME = "member_name"
    MEMBER_EMAIL = "member_email"
    MEMBER_FUNCTION = "member_function"


MEMBER_FIELDS = (
    ApplicationTargetField.MEMBER_FIRST_NAME,
    ApplicationTargetField.MEMBER_NAME,
    ApplicationTargetField.MEMBER_EMAIL,
    ApplicationTargetField.MEMBER_FUNCTION,
)
Mapping_ = Mapping[str, str]  # target field → id of a form's field, or one of the sources above
_FIRST_NAME = "prenom"
# Folded words of labels, by what they likely mean; the first that fits is proposed.
_LIKELY: Mapping[ApplicationTargetField, Sequence[str]] = {
    ApplicationTargetField.TITLE: ("titre", "intitule", "nom du projet"),
    ApplicationTargetField.SUMMARY: ("resume", "presentation", "description"),
    ApplicationTargetField.PROBLEM: ("probleme", "besoin", "enjeu", "contexte"),
    ApplicationTargetField.BENEFITS: ("benefice", "gain", "resultat attendu", "impact"),
    ApplicationTargetField.DATA_SOURCES: ("donnee", "jeu de donnees"),
    ApplicationTargetField.TARGET_GROUPS: ("public", "usager", "beneficiaire", "utilisateur"),
    ApplicationTargetField.ETHICAL_RISKS: ("ethi", "risque", "biais"),
    ApplicationTargetField.CONTACT_NAME: ("contact", "referent", "porteur"),
    ApplicationTargetField.MEMBER_FIRST_NAME: (_FIRST_NAME,),
    ApplicationTargetField.MEMBER_NAME: ("nom", "personne"),
    ApplicationTargetField.MEMBER_EMAIL: ("mail", "courriel", "adresse electronique"),
    ApplicationTargetField.MEMBER_FUNCTION: ("fonction", "role", "poste"),
}


@dataclass(frozen=True)
class ProcedureFormField:
    """A field of a form; that of a repeatable block has an id « block/field »."""

    id: str
    label: str
    type: str
    is_required: bool

    @property
    def is_in_block(self) -> bool:
        return IN_BLOCK in self.id

    @property
    def is_text(self) -> bool:
        """Whether it may fill a field of an application."""
        return self.type not in _UNMAPPED_TYPES | {"Repetition"}


@dataclass(frozen=True)
class ProcedureForm:
    """A published revision of a form; `annotations` are fields that instructors alone see."""

    revision: str
    fields: Sequence[ProcedureFormField]
    annotations: Sequence[ProcedureFormField] = ()

    def filter_mapping(self, mapping: Mapping_) -> dict[str, str]:
        """A mapping without fields that the form has not."""
        ids = {each.id for each in self.fields} | APPLICANT_SOURCES
        return {target: id_ for target, id_ in mapping.items() if id_ in ids}

    def as_json(self) -> dict[str, Any]:
        """The form as it is stored."""
        return {
            "revision": self.revision,
            "fields": [vars(each) for each in self.fields],
            "annotations": [vars(each) for each in self.annotations],
        }

    @classmethod
    def from_json(cls, stored: Mapping[str, Any]) -> "ProcedureForm":
        """A stored form."""
        fields = [ProcedureFormField(**each) for each in stored["fields"]]
        return cls(
            stored["revision"], fields, [ProcedureFormField(**each) for each in stored.get("annotations", ())]
        )

    def label_of(self, id_: str) -> str:
        """The label of a field; "" for an unknown one."""
        return next((each.label for each in self.fields if each.id == id_), "")


@dataclass(frozen=True)
class ImportedProcedure:
    """A procedure with its published revisions, oldest first, and the one that is filled in today."""

    number: int
    title: str
    current: ProcedureForm
    forms: Sequence[ProcedureForm]


class ProcedureFormChangeKind(StrEnum):
    """What became of a field."""

    ADDED = "added"
    REMOVED = "removed"
    RENAMED = "renamed"
    RETYPED = "retyped"


@dataclass(frozen=True)
class ProcedureFormChange:
    """What changed in a form; `is_mapped`: the import used that field."""

    kind: ProcedureFormChangeKind
    id: str
    old: str
    new: str
    is_mapped: bool

    def as_json(self) -> dict[str, Any]:
        """The change as it is stored."""
        return dict(vars(self))


def read_procedure(node: Mapping[str, Any]) -> ImportedProcedure:
    """A procedure of the API. Raises `FieldMissing`."""
    forms = [
        _read_form(each)
        for each in require_value(node, "revisions")
        if require_value(each, "datePublication")
    ]
    current = node.get("publishedRevision") or require_value(node, "activeRevision")
    form = _read_form(current)
    if all(each.revision != form.revision for each in forms):
        forms.append(form)
    return ImportedProcedure(
        int(require_value(node, "number")), clean_text(str(require_value(node, "title"))), form, forms
    )


def _read_form(node: Mapping[str, Any]) -> ProcedureForm:
    fields: list[ProcedureFormField] = []
    for descriptor in require_value(node, "champDescriptors"):
        own = _read_field(descriptor, "")
        fields.append(own)
        fields += [
            _read_field(each, f"{own.id}{IN_BLOCK}") for each in descriptor.get("champDescriptors") or ()
        ]
    annotations = [_read_field(each, "") for each in require_value(node, "annotationDescriptors")]
    return ProcedureForm(str(require_value(node, "id")), fields, annotations)


def _read_field(node: Mapping[str, Any], block: str) -> ProcedureFormField:
    kind = str(require_value(node, "__typename")).removesuffix("ChampDescriptor")
    label = clean_text(str(require_value(node, "label")))
    return ProcedureFormField(
        f"{block}{require_value(node, 'id')}", label, kind, bool(require_value(node, "required"))
    )


def compare_forms(old: ProcedureForm, new: ProcedureForm, mapping: Mapping_) -> Sequence[ProcedureFormChange]:
    """What changed, by the ids of fields: they are stable through revisions, renames and moves."""
    mapped = set(mapping.values())
    before = {each.id: each for each in old.fields}
    after = {each.id: each for each in new.fields}
    changes = [
        ProcedureFormChange(ProcedureFormChangeKind.REMOVED, id_, each.label, "", id_ in mapped)
        for id_, each in before.items()
        if id_ not in after
    ]
    for id_, each in after.items():
        earlier = before.get(id_)
        if earlier is None:
            changes.append(ProcedureFormChange(ProcedureFormChangeKind.ADDED, id_, "", each.label, False))
        elif earlier.type != each.type:
            changes.append(
                ProcedureFormChange(
                    ProcedureFormChangeKind.RETYPED, id_, earlier.label, each.label, id_ in mapped
                )
            )
        elif earlier.label != each.label:
            changes.append(
                ProcedureFormChange(
                    ProcedureFormChangeKind.RENAMED, id_, earlier.label, each.label, id_ in mapped
                )
            )
    return changes


def _names_both(target: ApplicationTargetField, label: str) -> bool:
    """Whether a label that says « prénom » says « nom » too: it fills the name alone."""
    return target is ApplicationTargetField.MEMBER_FIRST_NAME and "nom" in fold(label).replace(
        _FIRST_NAME, ""
    )


def guess_mapping(form: ProcedureForm) -> dict[str, str]:
    """A mapping from the labels of a form, for a person to confirm."""
    guessed = {
        ApplicationTargetField.ORGANISATION.value: ORGANISATION,
        ApplicationTargetField.COMPANY_NUMBER.value: COMPANY_NUMBER,
        ApplicationTargetField.CONTACT_EMAIL.value: CONTACT_EMAIL,
        ApplicationTargetField.CONTACT_NAME.value: CONTACT_NAME,
    }
    for target, words in _LIKELY.items():
        free = [
            each
            for each in form.fields
            if each.is_text
            and each.is_in_block is (target in MEMBER_FIELDS)
            and each.id not in guessed.values()
        ]
        likely = [
            each.id
            for word in words
            for each in free
            if word in fold(each.label) and not _names_both(target, each.label)
        ]
        if likely:
            guessed[target.value] = likely[0]
    return guessed
