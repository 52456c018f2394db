"""What no object of a project holds, so that its team writes it: the fields of the sheet.

Two tiers, after the British Algorithmic Transparency Recording Standard (version 3.0, Open
Government Licence), and the French inventory of public algorithms (CRPA, L. 312-1-3; guide of
Etalab, Licence Ouverte 2.0). The words are ours.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum

from portal.kernel.text import LOCALES, LazyString
from portal.kernel.text import lazy_gettext as _l
from portal.transparency.models import LINE_MAX, TEXT_MAX, Part


class Section(StrEnum):
    """The headings, in their order."""

    OVERVIEW = "overview"
    OWNER = "owner"
    RATIONALE = "rationale"
    DECISION = "decision"
    TOOL = "tool"
    RISKS = "risks"


class Kind(StrEnum):
    TEXT = "text"
    LINE = "line"
    LINK = "link"


@dataclass(frozen=True, kw_only=True)
class Field:
    """`is_needed`: nothing is published without it. One that is the same in both languages has one
    value, under its key alone."""

    key: str
    section: Section
    label: LazyString
    hint: LazyString | str = ""
    kind: Kind = Kind.TEXT
    is_bilingual: bool = True
    is_needed: bool = False

    @property
    def part(self) -> Part:
        return Part.PUBLIC if self.section is Section.OVERVIEW else Part.EXPERTS

    @property
    def limit(self) -> int:
        return TEXT_MAX if self.kind is Kind.TEXT else LINE_MAX

    @property
    def names(self) -> Mapping[str, str]:
        """What it is kept under, by language."""
        if not self.is_bilingual:
            return dict.fromkeys(LOCALES, self.key)
        return {language: f"{self.key}.{language}" for language in LOCALES}


FIELDS = (
    Field(
        key="summary",
        section=Section.OVERVIEW,
        label=_l("Ce que fait l’outil"),
        hint=_l("En mots de tous les jours : à qui il sert, ce qu’il donne, qui décide."),
        is_needed=True,
    ),
    Field(
        key="recourse",
        section=Section.OVERVIEW,
        label=_l("Vos droits"),
        hint=_l(
            "Comment demander les règles de l’outil et ce qu’il a fait de son dossier, contester,"
            " saisir la CADA au bout d’un mois de silence."
        ),
        is_needed=True,
    ),
    Field(
        key="contact",
        section=Section.OVERVIEW,
        label=_l("Contact"),
        hint=_l("L’adresse ou le téléphone d’un service, jamais d’une personne."),
        kind=Kind.LINE,
        is_bilingual=False,
        is_needed=True,
    ),
    Field(
        key="website",
        section=Section.OVERVIEW,
        label=_l("Site"),
        kind=Kind.LINK,
        is_bilingual=False,
    ),
    Field(
        key="department",
        section=Section.OWNER,
        label=_l("Direction responsable"),
        hint=_l("Celle qui répond des décisions prises avec l’outil."),
        kind=Kind.LINE,
        is_bilingual=False,
    ),
    Field(
        key="supplier",
        section=Section.OWNER,
        label=_l("Prestataire"),
        hint=_l("Le nom de l’organisme et ce qu’il fait ; « aucun » s’il n’y en a pas."),
        kind=Kind.LINE,
    ),
    Field(
        key="alternatives",
        section=Section.RATIONALE,
        label=_l("Pourquoi un algorithme"),
        hint=_l("Ce qui a été essayé ou écarté, et pourquoi."),
    ),
    Field(
        key="moment",
        section=Section.DECISION,
        label=_l("À quel moment il intervient"),
        hint=_l("Dans la procédure : avant, pendant ou après quelle étape."),
    ),
    Field(
        key="legal_basis",
        section=Section.DECISION,
        label=_l("Fondements juridiques"),
        hint=_l("De la décision et du traitement ; les articles par leur numéro."),
    ),
    Field(
        key="volume",
        section=Section.DECISION,
        label=_l("Nombre de décisions par an"),
        hint=_l("Même approché ; « aucune » pour un essai sans effet."),
        kind=Kind.LINE,
    ),
    Field(
        key="oversight",
        section=Section.DECISION,
        label=_l("Contrôle humain"),
        hint=_l("Qui regarde ce qu’il propose, comment s’en écarter, avec quelle formation."),
    ),
    Field(
        key="operations",
        section=Section.TOOL,
        label=_l("Ce qu’il calcule"),
        hint=_l("Type d’algorithme, données en entrée, opérations, paramètres, sortie."),
    ),
    Field(
        key="limits",
        section=Section.TOOL,
        label=_l("Limites connues"),
        hint=_l("Là où il se trompe, et pour qui."),
    ),
    Field(
        key="assessments",
        section=Section.RISKS,
        label=_l("Analyses faites"),
        hint=_l("Analyse d’impact (AIPD), revue éthique, homologation : laquelle, quand."),
    ),
)


def of_part(part: Part) -> tuple[Field, ...]:
    return tuple(field for field in FIELDS if field.part is part)


def of_section(section: Section) -> Iterator[Field]:
    return (field for field in FIELDS if field.section is section)


def missing(texts: Mapping[str, str], *, only_needed: bool = False) -> list[tuple[Field, str]]:
    """What is not written yet, each with its language ("" for a field that has none)."""
    found = []
    for field in FIELDS:
        if field.kind is Kind.LINK or (only_needed and not field.is_needed):
            continue  # not every tool has a site
        if field.is_bilingual:
            found += [(field, one) for one, name in field.names.items() if not texts.get(name)]
        elif not texts.get(field.key):
            found.append((field, ""))
    return found
