"""Agreements of projects, their amendments, their plan of instalments, a programme's terms.

Amounts are integer cents, and no change of the audit trail holds one: coaches read the trail.
"""

from datetime import date, datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import JSON, BigInteger, CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, validates

from portal.collaboration.files.models import SHA256_LENGTH, Attachment
from portal.people.accounts.models import Person
from portal.people.programmes.models import Programme
from portal.platform.kernel.database import Entity, Versioned
from portal.project.projects.models import Numbered, Project

NUMBER_MAX = 60
FOLD_MAX = NUMBER_MAX * 3  # a letter folds into three at most
NAME_MAX = 200
TEXT_MAX = 4000
REASON_MAX = 2000
REFERENCE_MAX = 100
PARTIES_MAX = 10
INSTALMENTS_MAX = 40
DOCUMENTS_MAX = 10
SHARE_TOTAL = 10_000  # shares are in hundredths of a per cent


def fold_number(number: str) -> str:
    """The form in which numbers are compared: without case or doubled spaces."""
    return " ".join(number.casefold().split())


class AgreementState(StrEnum):
    DRAFT = "draft"
    SIGNED = "signed"
    AMENDED = "amended"
    ENDED = "ended"


class FundingAgreement(Versioned, Entity):
    """The agreement of a project. `parties` are pairs of a name and a SIRET. Numbers are compared
    without their case: `number_fold`, `operator_reference_fold`.

    A signed agreement without `committed_at` is a date of signature without its amount: it is
    completed like a draft. From then on, only amendments change it. `earlier_documents` are signed
    documents that were replaced: `file` (its id), `sha256`, `day`, `reason`, and `amendment` (its number) of
    one of an amendment. `amendment_documents` are the signed documents of amendments, by number: `file`,
    `sha256`.
    """

    __tablename__ = "funding_agreement"
    __table_args__ = (
        CheckConstraint("amount_cents >= 0", name="amount"),
        CheckConstraint("(state = 'draft') = (signed_on IS NULL)", name="signed_on_a_day"),
        CheckConstraint("committed_at IS NULL OR amount_cents > 0", name="commits_an_amount"),
        CheckConstraint("starts_on < ends_on", name="ends_after_start"),
    )

    project_id: Mapped[UUID] = mapped_column(ForeignKey(Project.id), unique=True)
    state: Mapped[AgreementState] = mapped_column(default=AgreementState.DRAFT)
    number: Mapped[str | None] = mapped_column(String(NUMBER_MAX), unique=True)
    number_fold: Mapped[str | None] = mapped_column(String(FOLD_MAX), unique=True, index=True)
    legal_commitment: Mapped[str | None] = mapped_column(String(NUMBER_MAX), unique=True)
    operator_reference: Mapped[str | None] = mapped_column(String(NUMBER_MAX), unique=True)
    operator_reference_fold: Mapped[str | None] = mapped_column(String(FOLD_MAX), unique=True, index=True)
    purpose: Mapped[str] = mapped_column(Text, default="")
    parties: Mapped[list[list[str]]] = mapped_column(JSON, default=list)
    amount_cents: Mapped[int] = mapped_column(BigInteger, default=0)
    starts_on: Mapped[date | None]
    ends_on: Mapped[date | None]
    signed_on: Mapped[date | None]
    document_id: Mapped[UUID | None] = mapped_column(ForeignKey(Attachment.id))
    document_sha256: Mapped[str] = mapped_column(String(SHA256_LENGTH), default="")
    committed_at: Mapped[datetime | None]
    ended_on: Mapped[date | None]
    end_reason: Mapped[str] = mapped_column(Text, default="")
    earlier_documents: Mapped[list[dict[str, str]] | None] = mapped_column(JSON, default=list)
    amendment_documents: Mapped[dict[str, dict[str, str]] | None] = mapped_column(JSON)

    @validates("number", "operator_reference")
    def _set_folded_number(self, name: str, number: str | None) -> str | None:
        """Set the compared form whenever a number is set."""
        setattr(self, f"{name}_fold", fold_number(number or "") or None)
        return number

    @property
    def is_committed(self) -> bool:
        return self.committed_at is not None

    @property
    def is_prepared_or_in_force(self) -> bool:
        """Whether it is prepared or in force."""
        return self.state is not AgreementState.ENDED

    @property
    def is_open(self) -> bool:
        """Whether its amount is committed and it has not ended: instalments go on."""
        return self.is_committed and self.is_prepared_or_in_force


class AgreementAmendment(Entity):
    """An amendment: what it changes, as pairs of values by field; a trigger keeps it append-only."""

    __tablename__ = "agreement_amendment"
    __table_args__ = (
        UniqueConstraint("agreement_id", "number"),
        CheckConstraint("reason <> ''", name="says_why"),
    )

    agreement_id: Mapped[UUID] = mapped_column(ForeignKey(FundingAgreement.id))
    number: Mapped[int]
    signed_on: Mapped[date]
    changes: Mapped[dict[str, Any]] = mapped_column(JSON)
    reason: Mapped[str] = mapped_column(Text)
    author_id: Mapped[UUID] = mapped_column(ForeignKey(Person.id))


class InstalmentState(StrEnum):
    PLANNED = "planned"
    REQUESTED = "asked"
    RETURNED = "returned"
    CHECKED = "checked"
    PAID = "paid"
    REFUSED = "refused"


OVER = frozenset({InstalmentState.PAID, InstalmentState.REFUSED})


class Instalment(Numbered):
    """An instalment of a project's agreement, in the order of `number`.

    `share` is in hundredths of a per cent where the plan was made from shares. `gates` are the
    numbers of those that must be accepted. `statement_cents` is what the team spent, by who
    prepared the statement and who certified it. `checked_fingerprint` is that of the amount and
    documents that were checked.
    """

    __tablename__ = "instalment"
    __table_args__ = (
        UniqueConstraint("project_id", "number"),
        CheckConstraint("amount_cents > 0", name="amount"),
        CheckConstraint("checked_by_id <> asked_by_id", name="checked_by_another"),
        CheckConstraint("paid_by_id <> checked_by_id", name="paid_by_another"),
        CheckConstraint("certified_by_id <> statement_by_id", name="certified_by_another"),
        CheckConstraint("(state = 'paid') = (paid_on IS NOT NULL)", name="paid_on_a_day"),
    )
    page_path = "/funding/instalments/{number}"

    agreement_id: Mapped[UUID] = mapped_column(ForeignKey(FundingAgreement.id), index=True)
    amount_cents: Mapped[int] = mapped_column(BigInteger)
    share: Mapped[int | None]
    due_on: Mapped[date | None]
    gates: Mapped[list[int]] = mapped_column(JSON, default=list)
    needs_statement: Mapped[bool] = mapped_column(default=False)
    state: Mapped[InstalmentState] = mapped_column(default=InstalmentState.PLANNED)
    turn_since: Mapped[datetime]
    statement_cents: Mapped[int | None] = mapped_column(BigInteger)
    statement_by_id: Mapped[UUID | None] = mapped_column(ForeignKey(Person.id))
    certified_by_id: Mapped[UUID | None] = mapped_column(ForeignKey(Person.id))
    asked_by_id: Mapped[UUID | None] = mapped_column(ForeignKey(Person.id))
    checked_by_id: Mapped[UUID | None] = mapped_column(ForeignKey(Person.id))
    checked_fingerprint: Mapped[str] = mapped_column(String(SHA256_LENGTH), default="")
    paid_by_id: Mapped[UUID | None] = mapped_column(ForeignKey(Person.id))
    paid_on: Mapped[date | None]
    payment_reference: Mapped[str] = mapped_column(String(REFERENCE_MAX), default="")


class InstalmentDocument(Entity):
    """A document that an instalment needs, with its own due date, and the file handed in."""

    __tablename__ = "instalment_document"
    __table_args__ = (UniqueConstraint("instalment_id", "position"),)

    instalment_id: Mapped[UUID] = mapped_column(ForeignKey(Instalment.id))
    position: Mapped[int]
    name: Mapped[str] = mapped_column(String(NAME_MAX))
    due_on: Mapped[date | None]
    attachment_id: Mapped[UUID | None] = mapped_column(ForeignKey(Attachment.id), index=True)
    sha256: Mapped[str] = mapped_column(String(SHA256_LENGTH), default="")
    handed_by_id: Mapped[UUID | None] = mapped_column(ForeignKey(Person.id))
    handed_on: Mapped[date | None]


class InstalmentEdition(Entity):
    """What the plan says of an instalment from `created_at` on: the first one tells what the signature
    said, before the first change; then one a change, with why. `documents` are pairs of a name and a
    day. A trigger keeps it append-only."""

    __tablename__ = "instalment_edition"
    __table_args__ = (Index("ix_instalment_edition_instalment_id_id", "instalment_id", "id"),)

    instalment_id: Mapped[UUID] = mapped_column(ForeignKey(Instalment.id))
    amount_cents: Mapped[int] = mapped_column(BigInteger)
    due_on: Mapped[date | None]
    gates: Mapped[list[int]] = mapped_column(JSON)
    documents: Mapped[list[list[str | None]]] = mapped_column(JSON)
    needs_statement: Mapped[bool]
    reason: Mapped[str] = mapped_column(Text, default="")
    author_id: Mapped[UUID | None] = mapped_column(ForeignKey(Person.id))


class FundingTerms(Versioned):
    """What a programme sets for its funding: days before a recovery without observations, rules by
    kind of change request, who signs letters."""

    __tablename__ = "funding_terms"

    programme_id: Mapped[UUID] = mapped_column(ForeignKey(Programme.id), primary_key=True)
    recovery_days: Mapped[int]
    change_rules: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    signatory_name: Mapped[str] = mapped_column(String(NAME_MAX), default="")
    signatory_function: Mapped[str] = mapped_column(String(NAME_MAX), default="")
    appeal_terms: Mapped[str] = mapped_column(Text, default="")
