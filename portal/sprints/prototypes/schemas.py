"""Schemas of what the API shows of this feature."""

from collections.abc import Sequence
from typing import Any

from marshmallow import fields, post_load, validate

from portal.platform.web.api_bodies import form_schema
from portal.platform.web.api_columns import row_schema
from portal.platform.web.api_fields import ApiSchema, decimal, integer, line
from portal.project.projects.models import NUMBER_MAX
from portal.sprints.prototypes import forms
from portal.sprints.prototypes.evaluation_models import (
    SIZE_MAX,
    SUBGROUPS_MAX,
    VALUE_LIMIT,
    EvaluationProtocol,
    EvaluationRun,
    SubgroupResult,
)
from portal.sprints.prototypes.models import NAME_MAX, PrototypeVersion
from portal.sprints.prototypes.subgroup_rules import SubgroupFigure

PrototypeVersionSchema = row_schema(
    "PrototypeVersionSchema",
    PrototypeVersion,
    "sprint_id",
    "released_on",
    "changes",
    "link",
    "recording",
    "automation",
    "exposure",
    "model_family",
    "model_provider",
)
EvaluationProtocolSchema = row_schema(
    "EvaluationProtocolSchema",
    EvaluationProtocol,
    "replaces_id",
    "dated_on",
    "metric",
    "direction",
    "held_out",
    "held_out_size",
    "baseline_name",
    "baseline",
    "threshold",
)


class SubgroupResultSchema(ApiSchema):
    """The result of a run on a part of the cases."""

    name = line(NAME_MAX, required=True)
    result = decimal(VALUE_LIMIT, required=True)
    size = integer(0, SIZE_MAX, "Cases.", load_default=None, allow_none=True)

    @post_load
    def make(self, values: dict[str, Any], **_options: Any) -> SubgroupFigure:
        return SubgroupFigure(**values)


_RUN_COLUMNS = (
    "protocol_id",
    "prototype_version_id",
    "ran_on",
    "result",
    "code_reference",
    "data_sha256",
    "note",
)
EvaluationRunSchema = row_schema("EvaluationRunSchema", EvaluationRun, *_RUN_COLUMNS)


class EvaluationRunDetailsSchema(row_schema("EvaluationRunDetailsSchema", EvaluationRun, *_RUN_COLUMNS)):  # type: ignore[misc]  # made
    """A run with its results on parts of the cases."""

    subgroups = fields.List(fields.Nested(SubgroupResultSchema), dump_only=True)


VersionFactsSchema = form_schema(
    "VersionFactsSchema",
    forms.EditVersionForm,
    sprint=integer(1, NUMBER_MAX, "Number of the sprint it came from.", load_default=None, allow_none=True),
)
PivotSchema = form_schema("PivotSchema", forms.PivotForm)
ProtocolPlanSchema = form_schema("ProtocolPlanSchema", forms.EditProtocolForm)
RunFactsSchema = form_schema(
    "RunFactsSchema",
    forms.EditRunForm,
    prototype=integer(1, NUMBER_MAX, "Number of the version.", required=True),
    subgroups=fields.List(
        fields.Nested(SubgroupResultSchema), load_default=list, validate=validate.Length(max=SUBGROUPS_MAX)
    ),
)


def describe_run(run: EvaluationRun, subgroups: Sequence[SubgroupResult]) -> dict[str, Any]:
    """A run with its results on parts of the cases."""
    names = set(EvaluationRunDetailsSchema().fields) - {"subgroups"}
    return {name: getattr(run, name) for name in names} | {"subgroups": subgroups}
