"""Schemas of what the API shows of this feature."""

from portal.platform.web.api_columns import row_schema
from portal.project.data_sources.models import DataSource

DataSourceSchema = row_schema(
    "DataSourceSchema",
    DataSource,
    "name",
    "holder",
    "contents",
    "purpose",
    "personal",
    "legal_basis",
    "screening",
    "screening_note",
    "access",
    "access_on",
    "sample_rows",
    "sample_sha256",
    "sample_on",
    "sample_measured",
    "faithfulness",
    "fitness",
    "quality_note",
)
