"""The fields of a sheet that the team writes, since no row of the project holds them. Pure.

Two tiers, after the British Algorithmic Transparency Recording Standard (version 3.0, Open
Government Licence), and the French inventory of public algorithms (CRPA, L. 312-1-3; guide of
Etalab, Licence Ouverte 2.0). The wording is ours.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum

from portal.ethics.transparency.models import LINE_MAX, TEXT_MAX, TransparencyPart
from portal.platform.kernel.text import LOCALES, LazyString
from portal.platform.kernel.text import lazy_gettext as _l


class TransparencySection(StrEnum):
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


@dataclass(frozen=True, kw_only=True)
class TransparencyField:
    """A text field. `is_needed`: required for a publication. A field that is not `is_bilingual` has
    one value for both languages."""

    key: str
    section: TransparencySection
    label: LazyString
    hint: LazyString | str = ""
    kind: TransparencyFieldKind = TransparencyFieldKind.TEXT
    is_bilingual: bool = True
    is_needed: bool = False

    @property
    def part(self) -> TransparencyPart:
        return (
            TransparencyPart.PUBLIC
            if self.section is TransparencySection.OVERVIEW
            else TransparencyPart.EXPERTS
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


FIELDS = (
    TransparencyField(
        key="summary",
        section=TransparencySection.OVERVIEW,
        label=_l("Ce que fait l’outil"),
        hint=_l("En mots de tous les jours : à qui il sert, ce qu’il donne, qui décide."),
        is_needed=True,
    ),
    TransparencyField(
        key="recourse",
        section=TransparencySection.OVERVIEW,
        label=_l("Vos droits"),
        hint=_l(
            "Comment demander les règles de l’outil et ce qu’il a fait de son dossier, contester,"
            " saisir la CADA au bout d’un mois de silence."
        ),
        is_needed=True,
    ),
    TransparencyField(
        key="contact",
        section=TransparencySection.OVERVIEW,
        label=_l("Contact"),
        hint=_l("L’adresse ou le téléphone d’un service, jamais d’une personne."),
        kind=TransparencyFieldKind.LINE,
        is_bilingual=False,
        is_needed=True,
    ),
    TransparencyField(
        key="website",
        section=TransparencySection.OVERVIEW,
        label=_l("Site"),
        kind=TransparencyFieldKind.LINK,
        is_bilingual=False,
    ),
    TransparencyField(
        key="department",
        section=TransparencySection.OWNER,
        label=_l("Direction responsable"),
        hint=_l("Celle qui répond des décisions prises avec l’outil."),
        kind=TransparencyFieldKind.LINE,
        is_bilingual=False,
    ),
    TransparencyField(
        key="supplier",
        section=TransparencySection.OWNER,
        label=_l("Prestataire"),
        hint=_l("Le nom de l’organisme et ce qu’il fait ; « aucun » s’il n’y en a pas."),
        kind=TransparencyFieldKind.LINE,
    ),
    TransparencyField(
        key="alternatives",
        section=TransparencySection.RATIONALE,
        label=_l("Pourquoi un algorithme"),
        hint=_l("Ce qui a été essayé ou écarté, et pourquoi."),
    ),
    TransparencyField(
        key="moment",
        section=TransparencySection.DECISION,
        label=_l("À quel moment il intervient"),
        hint=_l("Dans la procédure : avant, pendant ou après quelle étape."),
    ),
    TransparencyField(
        key="legal_basis",
        section=TransparencySection.DECISION,
        label=_l("Fondements juridiques"),
        hint=_l("De la décision et du traitement ; les articles par leur numéro."),
    ),
    TransparencyField(
        key="volume",
        section=TransparencySection.DECISION,
        label=_l("Nombre de décisions par an"),
        hint=_l("Même approché ; « aucune » pour un essai sans effet."),
        kind=TransparencyFieldKind.LINE,
    ),
    TransparencyField(
        key="oversight",
        section=TransparencySection.DECISION,
        label=_l("Contrôle humain"),
        hint=_l("Qui regarde ce qu’il propose, comment s’en écarter, avec quelle formation."),
    ),
    TransparencyField(
        key="operations",
        section=TransparencySection.TOOL,
        label=_l("Ce qu’il calcule"),
        hint=_l("Type d’algorithme, données en entrée, opérations, paramètres, sortie."),
    ),
    TransparencyField(
        key="limits",
        section=TransparencySection.TOOL,
        label=_l("Limites connues"),
        hint=_l("Là où il se trompe, et pour qui."),
    ),
    TransparencyField(
        key="assessments",
        section=TransparencySection.RISKS,
        label=_l("Analyses faites"),
        hint=_l("Analyse d’impact (AIPD), revue éthique, homologation : laquelle, quand."),
    ),
)


def list_part_fields(part: TransparencyPart) -> tuple[TransparencyField, ...]:
    """The fields that are saved together."""
    return tuple(field for field in FIELDS if field.part is part)


def list_section_fields(section: TransparencySection) -> Iterator[TransparencyField]:
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
