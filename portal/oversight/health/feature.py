"""What the feature "health" brings to the application."""

from portal.oversight.gates.progress_views import ExpectedGatePeriodReader
from portal.oversight.health import (
    api,
    charge_views,
    dependency_projections,
    digest_labels,
    forecast_views,
    lateness_effect_queries,
    navigation_views,
    notifications,
    payment_gate_queries,
    terms_api,
    terms_views,
    to_decide_labels,
    to_decide_views,
    views,
    weather_projections,
)
from portal.oversight.health.models import DeclaredWeather, LeadOpinion, SignalCharge, SignalTerms
from portal.platform.kernel.personal_data import PersonalDataset, PersonalTable
from portal.platform.kernel.text import lazy_gettext as _l
from portal.platform.web.feature import Feature, ProjectMenuEntry
from portal.project.projects.progress_labels import ProgressReader

FEATURE = Feature(
    api=(api.area, terms_api.area),
    blueprints=(views.bp, charge_views.bp, terms_views.bp, forecast_views.bp),
    navigation={
        "project_health": ProjectMenuEntry.PROJECT,
        "signal_charges": ProjectMenuEntry.PROJECT,
        "gate_forecast": ProjectMenuEntry.GATES,
    },
    sections=(
        ProgressReader(navigation_views.read_progress),
        digest_labels.SECTION,
        ExpectedGatePeriodReader(
            navigation_views.read_expected_periods, navigation_views.describe_waiver_effect
        ),
        lateness_effect_queries.EFFECTS,
        weather_projections.CLOSING_SUMMARY,
        payment_gate_queries.BOOK,
    ),
    notifications=(*notifications.KINDS, *notifications.RULES),
    to_decide=(
        to_decide_labels.WAITING,
        to_decide_labels.SILENT,
        to_decide_labels.VACANT,
        *to_decide_views.ACTS,
    ),
    projections=(
        dependency_projections.PROJECTION,
        weather_projections.PROJECTION,
        weather_projections.MARKS,
    ),
    places={
        "project_health.note_lead_opinion": "project_health.index",
        "project_health.declare_weather": "project_health.index",
        "signal_charges.end_charge": "project_health.index",
        "signal_charges.take_charge": "project_health.index",
    },
    personal_data=(
        PersonalDataset(
            "health",
            _l("Santé des projets"),
            (
                PersonalTable(model=SignalTerms, authors=("changed_by_id",)),
                PersonalTable(model=DeclaredWeather, authors=("declared_by_id",)),
                PersonalTable(model=LeadOpinion, authors=("said_by_id",)),
                PersonalTable(model=SignalCharge, authors=("taken_by_id",)),
            ),
        ),
    ),
)
