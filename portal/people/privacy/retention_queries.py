"""Terms of retention in force, and what they would remove or have removed."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from portal.people.privacy import policy
from portal.people.privacy.retention_models import RetentionRemovalCount, RetentionTerm
from portal.people.privacy.unused_rules import UNUSED_ACCOUNTS, UNUSED_DAYS, UNUSED_DAYS_MIN
from portal.people.programmes import policy as programmes_policy
from portal.people.programmes.models import INSTALLATION, Programme
from portal.platform.kernel import clock
from portal.platform.kernel.access import Actor
from portal.platform.kernel.contributions import list_contributions
from portal.platform.kernel.database import db, fetch_rows, get_scalar
from portal.platform.kernel.errors import NotFound
from portal.platform.kernel.prepared_statements import PreparedStatement
from portal.platform.kernel.retention import (
    DAYS_MIN,
    PlaceRetentionTerm,
    RetentionGroup,
    RetentionMonths,
    RetentionRule,
    StatedRetentionTerm,
    moment_ago_parameter,
)
from portal.platform.kernel.text import LazyString, ngettext
from portal.platform.kernel.text import lazy_gettext as _l

COUNTED = timedelta(days=30)
TermDays = Mapping[tuple[UUID, str], int]  # by scope and key


@dataclass(frozen=True)
class TermDefinition:
    """What a term is about, whether rows or unused accounts follow it; `least` days, for a reason."""

    key: str
    group: RetentionGroup
    title: LazyString
    reason: LazyString
    days: int
    rule: RetentionRule | None
    least: int = DAYS_MIN
    least_reason: LazyString | None = None

    @property
    def is_per_programme(self) -> bool:
        return self.rule is not None and self.rule.programme is not None


@dataclass(frozen=True)
class ListedLocalTerm:
    """A term that calls or programmes set; the same counts."""

    term: PlaceRetentionTerm
    places: Sequence[RetentionMonths]
    due: int
    removed: int


@dataclass(frozen=True)
class ListedTerm:
    """A term in force; `due` rows would go now, `removed` went in the last thirty days."""

    kind: TermDefinition
    days: int
    own: Sequence[tuple[Programme, int]]
    due: int
    removed: int


@dataclass(frozen=True)
class ListedTermGroup:
    """The terms under one heading."""

    group: RetentionGroup
    terms: Sequence[ListedTerm]
    placed: Sequence[ListedLocalTerm]

    @property
    def all_terms(self) -> Sequence[ListedTerm | ListedLocalTerm]:
        return [*self.terms, *self.placed]

    @property
    def due(self) -> int:
        return sum(term.due for term in self.all_terms)

    @property
    def removed(self) -> int:
        return sum(term.removed for term in self.all_terms)


def _define_rule_term(rule: RetentionRule) -> TermDefinition:
    return TermDefinition(
        rule.key, rule.group, rule.title, rule.reason, rule.days, rule, rule.least, rule.least_reason
    )


def list_term_definitions() -> Sequence[TermDefinition]:
    """All kinds of terms, in the order of the features; unused accounts last."""
    contributed = list_contributions(RetentionRule)
    rules = [_define_rule_term(rule) for rule in contributed]
    unused_accounts = TermDefinition(
        UNUSED_ACCOUNTS,
        RetentionGroup.ACCOUNTS,
        _l("Comptes inutilisés"),
        _l(
            "Un compte dont personne ne se sert est un risque ; deux courriels préviennent avant l’effacement"
        ),
        UNUSED_DAYS,
        None,
        least=UNUSED_DAYS_MIN,
        least_reason=_l(
            "Au moins 60 jours : deux courriels préviennent, trente puis sept jours avant, et qui vient"
            " chaque mois n’en reçoit aucun."
        ),
    )
    return [*rules, unused_accounts]


def get_term_definition(actor: Actor, key: str) -> TermDefinition:
    """A kind of term, for administrators. Raises `NotFound`."""
    kind = next((each for each in list_term_definitions() if each.key == key), None)
    if kind is None or not policy.can_set_retention(actor):
        raise NotFound
    return kind


def find_term(kind: TermDefinition, scope_id: UUID) -> RetentionTerm | None:
    own = RetentionTerm.scope_id == scope_id, RetentionTerm.key == kind.key
    return db.session.scalar(sa.select(RetentionTerm).where(*own))


def get_programme_for_administrator(slug: str) -> Programme:
    """A programme by its slug, for an administrator. Raises `NotFound`."""
    return get_scalar(sa.select(Programme).where(Programme.slug == slug, Programme.left_at.is_(None)))


_TERMS = PreparedStatement(sa.select(RetentionTerm.scope_id, RetentionTerm.key, RetentionTerm.days))


def read_term_days() -> TermDays:
    """The days of all terms that are set, by scope and key; a shorter term of unused accounts, which
    earlier releases took, counts as the shortest that there is now."""
    terms = {(scope_id, key): days for scope_id, key, days in fetch_rows(_TERMS, {})}
    unused = (INSTALLATION, UNUSED_ACCOUNTS)
    return terms | {unused: max(terms[unused], UNUSED_DAYS_MIN)} if unused in terms else terms


def get_installation_days(rule: RetentionRule) -> int:
    """The days of a rule in the installation."""
    return read_term_days().get((INSTALLATION, rule.key), rule.days)


def list_terms_for_privacy_notice(reader: Actor | None) -> Sequence[StatedRetentionTerm]:
    """The terms of the installation, and those of programmes of the reader that began, for the page on
    personal data."""
    terms = read_term_days()
    programmes = _list_begun_programmes(reader) if reader else ()
    stated = []
    for kind in list_term_definitions():
        usual = terms.get((INSTALLATION, kind.key), kind.days)
        own = [(each.name, terms[each.id, kind.key]) for each in programmes if (each.id, kind.key) in terms]
        others = [(name, _format_days(days)) for name, days in own if days != usual]
        words = str(kind.title), str(kind.reason), _format_days(usual)
        stated.append(StatedRetentionTerm(*words, kind.is_per_programme, others))
    placed = list_contributions(PlaceRetentionTerm)
    return stated + [StatedRetentionTerm(str(p.title), str(p.reason), str(p.duration)) for p in placed]


def _list_begun_programmes(reader: Actor) -> Sequence[Programme]:
    begun = (programmes_policy.visible_to(reader), Programme.starts_on <= clock.today())
    return db.session.scalars(sa.select(Programme).where(*begun).order_by(Programme.slug)).all()


def _format_days(days: int) -> str:
    return ngettext("%(num)s jour", "%(num)s jours", days)


def list_term_groups(actor: Actor) -> Sequence[ListedTermGroup]:
    """All terms by heading, with what they would remove now, for administrators. Raises `NotFound`."""
    if not policy.can_set_retention(actor):
        raise NotFound
    removed = _count_removed_rows_by_key()
    terms = _list_terms(removed)
    placed = [
        ListedLocalTerm(each, each.list_places(actor), each.count_due(), removed.get(each.key, 0))
        for each in list_contributions(PlaceRetentionTerm)
    ]
    return [
        ListedTermGroup(
            group,
            [term for term in terms if term.kind.group is group],
            [term for term in placed if term.term.group is group],
        )
        for group in RetentionGroup
    ]


def _list_terms(removed: Mapping[str, int]) -> Sequence[ListedTerm]:
    """All terms with what they would remove now."""
    terms = read_term_days()
    scope_ids = {scope_id for scope_id, _key in terms} - {INSTALLATION}
    programmes = {row.id: row for row in db.session.scalars(_PROGRAMMES)} if scope_ids else {}
    due: dict[str, int] = dict(fetch_rows(_prepare_due_counts_statement(frozenset(terms.items())), {}))  # type: ignore[arg-type]
    listed = []
    for kind in list_term_definitions():
        own = [
            (programmes[scope_id], days)
            for (scope_id, key), days in terms.items()
            if key == kind.key and scope_id in programmes
        ]
        days = terms.get((INSTALLATION, kind.key), kind.days)
        listed.append(ListedTerm(kind, days, own, due.get(kind.key, 0), removed.get(kind.key, 0)))
    return listed


_PROGRAMMES = sa.select(Programme).order_by(Programme.slug)
_REMOVED = PreparedStatement(
    sa.select(RetentionRemovalCount.key, sa.func.sum(RetentionRemovalCount.rows))
    .where(RetentionRemovalCount.removed_on > sa.bindparam("since"))
    .group_by(RetentionRemovalCount.key)
)


def _count_removed_rows_by_key() -> Mapping[str, int]:
    """The rows removed of late, by key."""
    return {key: int(rows) for key, rows in fetch_rows(_REMOVED, {"since": clock.today() - COUNTED})}


@lru_cache(maxsize=4)
def _prepare_due_counts_statement(terms: frozenset[tuple[tuple[UUID, str], int]]) -> PreparedStatement:
    """The statement of how many rows each rule would remove, by its key, under these terms."""
    counts = [
        sa.select(sa.literal(rule.key), sa.func.count())
        .select_from(rule.model)
        .where(build_due_rows_condition(rule, dict(terms)))
        for rule in list_contributions(RetentionRule)
    ]
    return PreparedStatement(sa.union_all(*counts))


def count_due_rows(rule: RetentionRule, terms: TermDays) -> int:
    """How many rows a rule would remove now."""
    condition = build_due_rows_condition(rule, terms)
    return db.session.scalar(sa.select(sa.func.count()).select_from(rule.model).where(condition)) or 0


def get_inherited_term_days(kind: TermDefinition, scope_id: UUID) -> int:
    """What a scope follows without a term of its own: a programme the installation's, that the default."""
    if scope_id == INSTALLATION:
        return kind.days
    return read_term_days().get((INSTALLATION, kind.key), kind.days)


def build_due_rows_condition(rule: RetentionRule, terms: TermDays) -> sa.ColumnElement[bool]:
    """The condition on the rows that are over: by each programme's own term, else by the usual one."""
    usual = rule.is_over(moment_ago_parameter(timedelta(days=terms.get((INSTALLATION, rule.key), rule.days))))
    if rule.programme is None:
        return usual
    own = {scope: days for (scope, key), days in terms.items() if key == rule.key and scope != INSTALLATION}
    others: Any = rule.programme.not_in(list(own)) if own else sa.true()
    by_programme = [
        sa.and_(rule.programme == scope, rule.is_over(moment_ago_parameter(timedelta(days=days))))
        for scope, days in own.items()
    ]
    return sa.or_(sa.and_(others, usual), *by_programme)


def find_removed_count(key: str, day: date) -> RetentionRemovalCount | None:
    """How many rows a rule removed on a day."""
    return db.session.get(RetentionRemovalCount, (key, day))
