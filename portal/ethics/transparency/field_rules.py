"""The fields of a sheet that the team writes, since no row of the project holds them. Pure.

Two tiers, after the British Algorithmic Transparency Recording Standard (version 3.0, Open
Government Licence), and the French inventory of public algorithms (CRPA, L. 312-1-3; guide of
Etalab, Licence Ouverte 2.0). The wording is ours.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import partial

from portal.ethics.transparency.models import LINE_MAX, TEXT_MAX, TransparencyPartKind
from portal.platform.kernel.text import LOCALES, LazyString
from portal.platform.kernel.text import lazy_gettext as _l


class TransparencySectionKind(StrEnum):
    """The sections of a sheet, in order."""

    OVERVIEW = "overview"
    OWNER = "owner"
    RATIONALE = "rationale"
    DECISION = "decision"
    TOOL = "tool"
    RISKS = "risks"


class TransparencyFieldKind(StrEnum):
    TEXT = "text"
    LINE = "line"
    LINK = "link"


@dataclass(frozen=True)
class TransparencyField:
    """A text field. `is_needed`: required for a publication. A field that is not `is_bilingual` has
    one value for both languages."""

    section: TransparencySectionKind
    key: str
    label: LazyString
    hint: LazyString | str = ""
    kind: TransparencyFieldKind = TransparencyFieldKind.TEXT
    is_bilingual: bool = True
    is_needed: bool = False

    @property
    def part(self) -> TransparencyPartKind:
        return (
            TransparencyPartKind.PUBLIC
            if self.section is TransparencySectionKind.OVERVIEW
            else TransparencyPartKind.EXPERTS
        )

    @property
    def limit(self) -> int:
        return TEXT_MAX if self.kind is TransparencyFieldKind.TEXT else LINE_MAX

    @property
    def names(self) -> Mapping[str, str]:
        """The keys of the stored values, by language."""
        if not self.is_bilingual:
            return dict.fromkeys(LOCALES, self.key)
        return {language: f"{self.key}.{language}" for language in LOCALES}


_LINE, _LINK = TransparencyFieldKind.LINE, TransparencyFieldKind.LINK
_overview = partial(TransparencyField, TransparencySectionKind.OVERVIEW)
_owner = partial(TransparencyField, TransparencySectionKind.OWNER)
_rationale = partial(TransparencyField, TransparencySectionKind.RATIONALE)
_decision = partial(TransparencyField, TransparencySectionKind.DECISION)
_tool = partial(TransparencyField, TransparencySectionKind.TOOL)
_risks = partial(TransparencyField, TransparencySectionKind.RISKS)
FIELDS = (
    _overview(
        "summary",
        _l("Ce que fait l’outil"),
        _l("En mots de tous les jours : à qui il sert, ce qu’il donne, qui décide."),
        is_needed=True,
    ),
    _overview(
        "recourse",
        _l("Vos droits"),
        _l(
            "Comment demander les règles de l’outil et ce qu’il a fait de son dossier, contester,"
            " saisir la CADA au bout d’un mois de silence."
        ),
        is_needed=True,
    ),
    _overview(
        "contact",
        _l("Contact"),
        _l("L’adresse ou le téléphone d’un service, jamais d’une personne."),
        kind=_LINE,
        is_bilingual=False,
        is_needed=True,
    ),
    _overview("website", _l("Site"), kind=_LINK, is_bilingual=False),
    _owner(
        "department",
        _l("Direction responsable"),
        _l("Celle qui répond des décisions prises avec l’outil."),
        kind=_LINE,
        is_bilingual=False,
    ),
    _owner(
        "supplier",
        _l("Prestataire"),
        _l("Le nom de l’organisme et ce qu’il fait ; « aucun » s’il n’y en a pas."),
        kind=_LINE,
    ),
    _rationale(
        "alternatives", _l("Pourquoi un algorithme"), _l("Ce qui a été essayé ou écarté, et pourquoi.")
    ),
    _decision(
        "moment",
        _l("À quel moment il intervient"),
        _l("Dans la procédure : avant, pendant ou après quelle étape."),
    ),
    _decision(
        "legal_basis",
        _l("Fondements juridiques"),
        _l("De la décision et du traitement ; les articles par leur numéro."),
    ),
    _decision(
        "volume",
        _l("Nombre de décisions par an"),
        _l("Même approché ; « aucune » pour un essai sans effet."),
        kind=_LINE,
    ),
    _decision(
        "oversight",
        _l("Contrôle humain"),
        _l("Qui regarde ce qu’il propose, comment s’en écarter, avec quelle formation."),
    ),
    _tool(
        "operations",
        _l("Ce qu’il calcule"),
        _l("Type d’algorithme, données en entrée, opérations, paramètres, sortie."),
    ),
    _tool("limits", _l("Limites connues"), _l("Là où il se trompe, et pour qui.")),
    _risks(
        "assessments",
        _l("Analyses faites"),
        _l("Analyse d’impact (AIPD), revue éthique, homologation : laquelle, quand."),
    ),
)


def list_part_fields(part: TransparencyPartKind) -> tuple[TransparencyField, ...]:
    """The fields that are saved together."""
    return tuple(field for field in FIELDS if field.part is part)


def iterate_section_fields(section: TransparencySectionKind) -> Iterator[TransparencyField]:
    """The fields of a section of the sheet."""
    return (field for field in FIELDS if field.section is section)


def list_missing_fields(
    texts: Mapping[str, str], *, only_needed: bool = False
) -> list[tuple[TransparencyField, str]]:
    """The fields without a text, each with the language ("" for one that is not bilingual).

    Links are optional, since not every tool has a site.
    """
    missing_fields = []
    for field in FIELDS:
        if field.kind is TransparencyFieldKind.LINK or (only_needed and not field.is_needed):
            continue
        if field.is_bilingual:
            missing_fields += [
                (field, language) for language, name in field.names.items() if not texts.get(name)
            ]
        elif not texts.get(field.key):
            missing_fields.append((field, ""))
    return missing_fields
