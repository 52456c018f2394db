"""The schema of the portfolio's query string."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, cast
from uuid import UUID

from marshmallow import EXCLUDE, Schema, ValidationError, fields, validate

from portal.oversight.portfolio.filter_rules import (
    AttentionFilter,
    ChargeFilter,
    HealthFilter,
    PortfolioFilters,
    PortfolioSort,
)
from portal.people.programmes.models import SLUG_MAX
from portal.platform.kernel.text import clean_text
from portal.project.projects.models import ORGANISATION_MAX, ProjectState
from portal.sprints.sprints.outlook_rules import OutlookLevel

PAGE_MAX = 999
TEAMS_MAX = 4


@dataclass(frozen=True, kw_only=True)
class FilterChoices:
    """What a programme lets its readers choose: coaches, keys of tracks, numbers of its own gates,
    the first and the last past day."""

    coaches: Collection[UUID]
    tracks: Collection[str]
    gates: Collection[int]
    days: tuple[date, date]


def parse_filters(args: Mapping[str, str], choices: FilterChoices) -> tuple[PortfolioFilters, Sequence[str]]:
    """The filters of a query string, and the names of those with an invalid value.

    An old link (a coach who left, a page that is gone) still shows a page: an invalid value falls
    back to its default, and the page names it. Other parameters are ignored.
    """
    values, invalid = load_valid_values(_build_filter_fields(choices), args)
    return PortfolioFilters(**values), invalid


def find_out_of_range_day(text: str, first: date, today: date) -> date | None:
    """The day of a query string where it is before the first day or after today; None for a day
    within, and for anything that is no day."""
    day = _parse_day(text)
    return None if day is None or first <= day <= today else day


def find_past_day(text: str, first: date, today: date) -> date | None:
    """The day of a query string where it is within, and before today."""
    day = _parse_day(text)
    return day if day is not None and first <= day < today else None


def is_invalid_day(text: str) -> bool:
    """Whether a query string names something that is no day."""
    return bool(text) and _parse_day(text) is None


def _parse_day(text: str) -> date | None:
    try:
        return date.fromisoformat(clean_text(text))
    except ValueError:
        return None


def load_valid_values(
    shape: dict[str, fields.Field[Any]], args: Mapping[str, str]
) -> tuple[dict[str, Any], Sequence[str]]:
    """The valid values of a query string, and the names of those that are invalid."""
    typed = {name: text for name, value in args.items() if (text := clean_text(value))}
    try:
        return Schema.from_dict(shape)(unknown=EXCLUDE).load(typed), ()
    except ValidationError as refused:
        valid = cast(dict[str, Any], refused.valid_data)
        return valid, sorted(cast(dict[str, Any], refused.messages))


class SlugsField(fields.Field[tuple[str, ...]]):
    """Slugs of a few teams, separated by commas."""

    def _deserialize(self, value: Any, *_rest: Any, **_more: Any) -> tuple[str, ...]:
        slugs = tuple(slug for slug in str(value).split(",") if slug)
        if len(slugs) > TEAMS_MAX or any(len(slug) > SLUG_MAX for slug in slugs):
            raise ValidationError("too many")
        return slugs


def _build_filter_fields(choices: FilterChoices) -> dict[str, fields.Field[Any]]:
    return {
        "attention": fields.Enum(AttentionFilter, by_value=True),
        "coach": fields.UUID(validate=validate.OneOf(choices.coaches)),
        "track": fields.String(validate=validate.OneOf(choices.tracks)),
        "organisation": fields.String(validate=validate.Length(max=ORGANISATION_MAX)),
        "health": fields.Enum(HealthFilter, by_value=True),
        "charge": fields.Enum(ChargeFilter, by_value=True),
        "gate": fields.String(validate=validate.OneOf([str(n) for n in choices.gates])),
        "stale": fields.Boolean(),
        "on": fields.Date(validate=validate.Range(*choices.days)),
        "outlook": fields.Enum(OutlookLevel, by_value=True),
        "state": fields.Enum(ProjectState, by_value=True),
        "help": fields.Boolean(),
        "silent": fields.Boolean(),
        "teams": SlugsField(),
        "sort": fields.Enum(PortfolioSort, by_value=True),
        "page": fields.Integer(validate=validate.Range(1, PAGE_MAX)),
    }
