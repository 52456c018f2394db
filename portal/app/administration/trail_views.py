"""Pages of the audit trail for administrators: filters, and its verification."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any, cast

from flask import Blueprint, Response, request, url_for
from marshmallow import EXCLUDE, Schema, ValidationError, fields, validate

from portal.app.administration import policy, trail, trail_labels, verifications
from portal.app.administration.models import VerificationStage
from portal.app.administration.trail import TrailFilters
from portal.communication.directory.labels import role_scope_label
from portal.people.accounts.models import EMAIL_MAX
from portal.platform.kernel.text import clean_text
from portal.platform.kernel.text import gettext as _
from portal.platform.web import api_fields
from portal.platform.web.actor import current_actor as actor
from portal.platform.web.actor import reader_time_zone
from portal.platform.web.base_form import Form
from portal.platform.web.rendering import render
from portal.platform.web.urls import path_to
from portal.platform.web.writes import ButtonForm, write_button

bp = Blueprint("trail", __name__, url_prefix="/administration/trail")


@bp.get("")
def index() -> Response:
    return _render_trail_page(200, ButtonForm(formdata=None))


def _render_trail_page(status: int, form: Form) -> Response:
    policy.require_administrator(actor)
    filters, ignored = read_filters_and_invalid_names(request.args)
    page = trail.read_trail_page(filters, reader_time_zone())
    latest = verifications.list_verifications()
    return render(
        "app/administration/trail.html",
        fragment="verification",
        status=status,
        filters=filters,
        ignored=[str(trail_labels.FILTERS[name]) for name in ignored],
        page=page,
        next_url=path_to("trail.index", **filters.as_query_arguments(page.next_before))
        if page.next_before
        else "",
        kinds=trail_labels.list_action_kind_choices(),
        verifications=latest,
        is_verifying=any(row.stage is VerificationStage.WAITING for row in latest),
        Stage=VerificationStage,
        labels=trail_labels,
        place_label=role_scope_label,
        form=form,
    )


@bp.post("/verifications")
def verify() -> Response:
    policy.require_administrator(actor)
    return write_button(
        lambda: verifications.request_verification(actor),
        message=_("La vérification commence. Vous pouvez quitter cette page."),
        to=url_for(".index"),
        page=_render_trail_page,
    )


def read_filters_and_invalid_names(query: Mapping[str, str]) -> tuple[TrailFilters, list[str]]:
    """The filters in a query string, and the names of those with an invalid value, left out."""
    texts = {name: text for name, value in query.items() if (text := clean_text(value))}
    shape: dict[str, fields.Field[Any]] = {
        "person": fields.String(validate=validate.Length(max=EMAIL_MAX)),
        "kind": fields.String(validate=validate.OneOf(trail.list_action_kinds())),
        "row_id": fields.UUID(),
        "since": api_fields.day(),
        "until": api_fields.day(),
        "before": fields.UUID(),
    }
    ignored: list[str] = []
    try:
        values = Schema.from_dict(shape)(unknown=EXCLUDE).load(texts)
    except ValidationError as error:
        values, ignored = cast(dict[str, Any], error.valid_data), sorted(cast(dict[str, Any], error.messages))
    filters = TrailFilters(**values)
    if filters.since and filters.until and filters.until < filters.since:
        return replace(filters, until=None), [*ignored, "until"]
    return filters, ignored
