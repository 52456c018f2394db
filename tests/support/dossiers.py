"""Applications of a procedure as the server of `demarches` holds them."""

import base64
import hashlib
import re
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

PAGE_MAX = 100
FIRST_DAY = datetime(2018, 9, 3, 8, tzinfo=UTC)
SCHEMA_NAMES = frozenset(
    re.findall(
        r"\w+",
        """query readProcedure readApplications readApplication readTombstones demarche dossier number title
    activeRevision publishedRevision revisions id datePublication champDescriptors __typename label required
    RepetitionChampDescriptor dossiers deletedDossiers pendingDeletedDossiers first after updatedSince
    deletedSince since pageInfo hasNextPage endCursor edges cursor nodes state dateDepot
    dateDerniereModification connectionUsager revision usager email demandeur PersonneMorale
    PersonneMoraleIncomplete PersonnePhysique siret entreprise raisonSociale nomCommercial association titre
    nom prenom champs champDescriptorId stringValue MultipleDropDownListChamp values PieceJustificativeChamp
    files filename checksum byteSizeBigInt virusScanResult url RepetitionChamp rows reason dateSupression on
    Int String ISO8601DateTime mutation sendAct input errors message dossierPasserEnInstruction
    dossierAccepter dossierRefuser dossierClasserSansSuite DossierPasserEnInstructionInput
    DossierAccepterInput DossierRefuserInput DossierClasserSansSuiteInput
    annotationDescriptors readReply annotation annotations ID
    dossierModifierAnnotations DossierModifierAnnotationsInput""",
    )
)
FIELDS = [
    ("Champ-1", "Titre du projet", "Text"),
    ("Champ-2", "Résumé", "Textarea"),
    ("Champ-3", "Problème à résoudre", "Textarea"),
    ("Champ-4", "Données disponibles", "MultipleDropDownList"),
    ("Champ-5", "Pièces jointes", "PieceJustificative"),
    ("Champ-6", "Équipe", "Repetition"),
]
ANNOTATIONS = [
    ("Champ-90", "Avis du portail", "Textarea"),
    ("Champ-91", "Note", "Text"),
    ("Champ-92", "Montant", "DecimalNumber"),
]
ROWS = [("Champ-61", "Nom", "Text"), ("Champ-62", "Courriel", "Email"), ("Champ-63", "Fonction", "Text")]


@dataclass
class File:
    """A file of an application; `served` are the bytes that its address gives."""

    name: str
    content: bytes
    scan: str = "safe"
    served: bytes | None = None
    field: str = "Champ-5"

    @property
    def checksum(self) -> str:
        return base64.b64encode(hashlib.md5(self.content).digest()).decode()


@dataclass
class Dossier:
    """An application as the server holds it; `is_broken`: a fault of its data makes it null."""

    number: int
    title: str
    organisation: str = ""
    deposited: datetime = FIRST_DAY
    updated: datetime = FIRST_DAY
    siret: str = ""
    kind: str = "PersonneMorale"
    state: str = "en_construction"
    revision: str = "ProcedureRevision-1"
    email: str = "contact@organisme.example"
    usager: str = "password"
    values: dict[str, Any] = field(default_factory=dict)
    team: list[tuple[str, str, str]] = field(default_factory=list)
    files: list[File] = field(default_factory=list)
    is_broken: bool = False
    annotations: dict[str, str] = field(default_factory=dict)


@dataclass
class Tombstone:
    number: int
    at: datetime
    reason: str = "user_request"


def dossiers(count: int, **values: Any) -> list[Dossier]:
    """Applications deposited a minute apart, by pairs at the same second, and changed hours apart."""
    return [
        Dossier(
            number=1000 + n,
            title=f"Projet {n}",
            organisation=f"Organisme {n}",
            deposited=FIRST_DAY + timedelta(minutes=n // 2),
            updated=FIRST_DAY + timedelta(days=1, hours=n // 2),
            siret=f"{10**13 + n}",
            values={"Champ-2": f"Résumé {n}", "Champ-3": f"Problème {n}", "Champ-4": ["A, b", "C"]},
            team=[(f"Ada {n}", f"ada{n}@organisme.example", "Cheffe de projet")],
            **values,
        )
        for n in range(count)
    ]


def describe_field(id_: str, label: str, kind: str) -> dict[str, Any]:
    own = {"__typename": f"{kind}ChampDescriptor", "id": id_, "label": label, "required": False}
    return own | (
        {"champDescriptors": [describe_field(*each) for each in ROWS]} if kind == "Repetition" else {}
    )


def describe_row(member: tuple[str, str, str]) -> list[dict[str, Any]]:
    return [
        {"__typename": "TextChamp", "id": f"{id_}|1", "champDescriptorId": id_, "stringValue": text}
        for (id_, _label, _kind), text in zip(ROWS, member, strict=True)
    ]


def describe_applicant(dossier: Dossier) -> dict[str, Any]:
    own: dict[str, Any] = {"__typename": dossier.kind, "siret": dossier.siret}
    if dossier.kind == "PersonneMorale":
        own |= {
            "entreprise": {"raisonSociale": dossier.organisation, "nomCommercial": ""},
            "association": None,
        }
    if dossier.kind == "PersonnePhysique":
        own = {"__typename": dossier.kind, "nom": dossier.organisation, "prenom": "Ada", "email": None}
    return own


def page_of(rows: list[Any], key: Any, variables: dict[str, Any]) -> tuple[list[Any], dict[str, Any]]:
    """A page after a cursor: a position in this order, whatever order it was made in."""
    if variables["after"]:
        text = base64.urlsafe_b64decode(variables["after"] + "==").decode()
        moment, _semicolon, number = text.rpartition(";")
        place = datetime.fromisoformat(moment), int(number)
        rows = [each for each in rows if key(each) > place]
    chosen = rows[: min(variables["first"], PAGE_MAX)]
    end = cursor_of(*key(chosen[-1])) if chosen else None
    return chosen, {"hasNextPage": len(rows) > len(chosen), "endCursor": end}


def cursor_of(moment: datetime, number: int) -> str:
    return base64.urlsafe_b64encode(f"{moment.isoformat()};{number}".encode()).decode().rstrip("=")
