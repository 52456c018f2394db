"""Likely conflicts of interest between a person and an application, from what the portal knows."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache

from portal.platform.kernel.text import fold_words

SIREN_LENGTH = 9
# Domains that say nothing of an employer.
COMMON_DOMAINS = frozenset(
    {"gmail.com", "outlook.com", "hotmail.com", "hotmail.fr", "yahoo.fr", "yahoo.com", "orange.fr"}
    | {"wanadoo.fr", "free.fr", "laposte.net", "sfr.fr", "icloud.com", "protonmail.com", "proton.me"}
)


class ConflictGround(StrEnum):
    COMPANY_NUMBER = "company_number"
    MAIL_DOMAIN = "mail_domain"
    NAMED = "named"
    EMPLOYER = "employer"
    COACHING = "coaching"


@dataclass(frozen=True)
class PersonClues:
    """What the portal knows of a juror or lead; `coached` are organisations, folded."""

    name: str
    email: str
    company_number: str = ""
    employer: str = ""
    coached: Collection[str] = ()


@dataclass(frozen=True)
class ApplicationClues:
    """What an application says of its organisation and people: (name, email) pairs."""

    organisation: str
    company_number: str
    people: Sequence[tuple[str, str]]


def list_conflict_grounds(person: PersonClues, application: ApplicationClues) -> Sequence[ConflictGround]:
    """Why a person may have an interest in an application; empty for no reason known."""
    organisation = fold_words(application.organisation)
    checks = {
        ConflictGround.COMPANY_NUMBER: _is_same_company(person.company_number, application.company_number),
        ConflictGround.MAIL_DOMAIN: _mail_domain(person.email)
        in {_mail_domain(e) for _n, e in application.people} - {""},
        ConflictGround.NAMED: _is_person_named(person, application.people),
        ConflictGround.EMPLOYER: bool(person.employer) and fold_words(person.employer) == organisation,
        ConflictGround.COACHING: organisation in person.coached,
    }
    return [ground for ground, applies in checks.items() if applies]


def _is_same_company(number: str, other: str) -> bool:
    """Whether two SIREN or SIRET are of one company: the first nine digits."""
    sirens = number[:SIREN_LENGTH], other[:SIREN_LENGTH]
    return len(sirens[0]) == SIREN_LENGTH and sirens[0] == sirens[1]


def _mail_domain(email: str) -> str:
    domain = email.rpartition("@")[2].casefold() if "@" in email else ""
    return "" if domain in COMMON_DOMAINS else domain


@lru_cache(maxsize=2048)
def _split_name(name: str) -> Sequence[str]:
    """The words of a name in order: each name is compared to all others."""
    return sorted(fold_words(name).split())


def _is_person_named(person: PersonClues, people: Sequence[tuple[str, str]]) -> bool:
    own_words = _split_name(person.name)
    own_email = person.email.casefold()
    return any(
        _split_name(name) == own_words or (bool(email) and email.casefold() == own_email)
        for name, email in people
    )
