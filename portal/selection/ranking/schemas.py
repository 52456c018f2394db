"""The file format of `flask call rank`: the criteria and scores of a call, as JSON."""

from collections.abc import Iterator, Mapping
from decimal import Decimal
from fractions import Fraction
from typing import Any, cast

from marshmallow import RAISE, Schema, ValidationError, fields, validate

from portal.platform.kernel.plain_answers import apply_to_each_json_value
from portal.selection.ranking.rules import (
    SCORE_MAX,
    ApplicationScoresToRank,
    RankingLine,
    WeightedCriterion,
    rank_applications,
    round_half_up,
)

KEY_MAX = 200
CRITERIA_MAX = 100
APPLICATIONS_MAX = 100_000
JURORS_MAX = 1_000
_ERRORS = {"unknown": "is not known here", "type": "must be an object"}
_KEY = validate.Length(1, KEY_MAX)
_WEIGHT_MAX = Decimal(100)


class InvalidRankingFile(Exception):
    """The file holds no call to rank; the message says where and why, a line each."""


class RankingFileCriterionSchema(Schema):
    """A criterion of the file."""

    class Meta:
        unknown = RAISE

    error_messages = _ERRORS

    key = fields.String(required=True, validate=_KEY)
    weight = fields.Decimal(required=True, validate=validate.Range(Decimal(0), _WEIGHT_MAX))
    minimum = fields.Decimal(
        load_default=None, allow_none=True, validate=validate.Range(Decimal(0), Decimal(SCORE_MAX))
    )


class RankingFileApplicationSchema(Schema):
    """An application of the file."""

    class Meta:
        unknown = RAISE

    error_messages = _ERRORS

    id = fields.String(required=True, validate=_KEY)
    scores = fields.Dict(
        keys=fields.String(validate=_KEY),
        values=fields.Dict(
            keys=fields.String(validate=_KEY),
            values=fields.Integer(strict=True, validate=validate.Range(0, SCORE_MAX)),
        ),
        required=True,
        validate=validate.Length(max=JURORS_MAX),
    )


class RankingFileSchema(Schema):
    """A call of the file."""

    class Meta:
        unknown = RAISE

    error_messages = _ERRORS

    needed = fields.Integer(required=True, strict=True, validate=validate.Range(0, JURORS_MAX))
    criteria = fields.List(
        fields.Nested(RankingFileCriterionSchema), required=True, validate=validate.Length(1, CRITERIA_MAX)
    )
    applications = fields.List(
        fields.Nested(RankingFileApplicationSchema),
        required=True,
        validate=validate.Length(max=APPLICATIONS_MAX),
    )


def rank_calls_in_json_text(text: str) -> Any:
    """Return the answer to a file's text as JSON values: an object, or a list for a list.

    Raises `InvalidRankingFile`.
    """
    return apply_to_each_json_value(text, _rank_plain_call, InvalidRankingFile)


def _rank_plain_call(plain: Any, place: str) -> Mapping[str, Any]:
    try:
        values = cast(dict[str, Any], RankingFileSchema().load(plain))
    except ValidationError as refused:
        lines = (f"{place}{line}" for line in _error_lines(refused.messages))
        raise InvalidRankingFile("\n".join(lines)) from None
    criteria = [_read_criterion(entry) for entry in values["criteria"]]
    applications = [ApplicationScoresToRank(entry["id"], entry["scores"]) for entry in values["applications"]]
    _require_known_unique_keys(place, criteria, applications)
    ranking = rank_applications(values["needed"], criteria, applications)
    return {"applications": [_line_as_plain(line) for line in ranking]}


def _read_criterion(entry: Mapping[str, Any]) -> WeightedCriterion:
    minimum = entry["minimum"]
    return WeightedCriterion(
        entry["key"], Fraction(entry["weight"]), None if minimum is None else Fraction(minimum)
    )


def _require_known_unique_keys(
    place: str, criteria: list[WeightedCriterion], applications: list[ApplicationScoresToRank]
) -> None:
    """Raise `InvalidRankingFile` for keys that occur twice or that no criterion has."""
    keys = {criterion.key for criterion in criteria}
    if len(keys) < len(criteria):
        raise InvalidRankingFile(f"{place}criteria: two criteria have the same key.")
    if len({each.id for each in applications}) < len(applications):
        raise InvalidRankingFile(f"{place}applications: two applications have the same id.")
    for each in applications:
        for juror, scores in each.scores.items():
            if not keys.issuperset(scores):
                raise InvalidRankingFile(
                    f"{place}applications.{each.id}.{juror}: scores an unknown criterion."
                )


def _error_lines(messages: Any, path: str = "") -> Iterator[str]:
    """Nested messages as lines: « criteria.0.weight: Not a valid number. »"""
    if isinstance(messages, Mapping):
        for key, inner in messages.items():
            yield from _error_lines(inner, path if key == "_schema" else f"{path}.{key}".strip("."))
        return
    for message in messages:
        yield f"{path}: {message}" if path else str(message)


def _line_as_plain(line: RankingLine) -> Mapping[str, Any]:
    return {
        "id": line.id,
        "total": None if line.total is None else round_half_up(line.total),
        "rank": line.rank,
        "below": list(line.below),
        "dispersed": list(line.dispersed),
        "by_jurors": line.by_jurors and list(line.by_jurors),
        "by_weights": line.by_weights and list(line.by_weights),
    }
