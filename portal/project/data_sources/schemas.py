"""Schemas of what the API shows of this feature."""

from portal.platform.web.api_bodies import form_schema
from portal.platform.web.api_columns import row_schema
from portal.platform.web.api_fields import choice, integer, line
from portal.project.data_sources import forms
from portal.project.data_sources.models import ROWS_MAX, AccessState, DataSource

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

NewSourceSchema = form_schema("NewSourceSchema", forms.NewSourceForm)
SourceFactsSchema = form_schema("SourceFactsSchema", forms.EditSourceForm)
DataAccessSchema = form_schema(
    "DataAccessSchema", forms.DataAccessForm, access=choice(AccessState, required=True)
)
SampleSchema = form_schema(
    "SampleSchema",
    forms.SampleForm,
    "csv",
    "has_header",
    sample_rows=integer(0, ROWS_MAX, "Without the header.", required=True),
    sha256=line(64, "In hexadecimal.", required=True),
)
QualitySchema = form_schema("QualitySchema", forms.QualityForm)
