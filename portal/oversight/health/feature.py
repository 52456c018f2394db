"""What the feature "health" brings to the application."""

from portal.oversight.gates.expected_period_views import ExpectedPeriods
from portal.oversight.health import (
    dependency_projections,
    forecast_views,
    notifications,
    progress_views,
    terms_views,
    views,
)
from portal.platform.web.feature import Feature, ProjectEntry
from portal.project.projects.progress_labels import ProgressReader

FEATURE = Feature(
    blueprints=(views.bp, terms_views.bp, forecast_views.bp),
    navigation={"project_health": ProjectEntry.ABOUT, "gate_forecast": ProjectEntry.GATES},
    sections=(
        ProgressReader(progress_views.read_progress),
        ExpectedPeriods(progress_views.read_expected_periods, progress_views.describe_waiver),
    ),
    notifications=(*notifications.KINDS, *notifications.RULES),
    projections=(dependency_projections.PROJECTION,),
)
