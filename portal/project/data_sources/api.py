"""Operations on data sources: what they hold, their access, sample and quality."""

from portal.platform.web.api_operations import ApiArea
from portal.project.data_sources import commands, schemas
from portal.project.data_sources.models import DataSource
from portal.project.projects.numbered_api import NumberedApi

area = ApiArea("projects")

sources = NumberedApi(
    area, "data-sources", ("data_source", "data_sources"), DataSource, schemas.DataSourceSchema
).reads()
sources.creates("add_data_source", "Add a data source.", commands.add_source, schemas.NewSourceSchema)
sources.changes(
    "change_data_source", "Change a data source.", commands.change_source, schemas.SourceFactsSchema
)
sources.acts(
    "access",
    "move_data_access",
    "Move the access to a data source to its next state, or back with a note.",
    commands.move_access,
    schemas.DataAccessSchema,
)
sources.acts(
    "sample",
    "note_data_sample",
    "Note the rows and the SHA-256 of a received sample.",
    commands.replace_sample,
    schemas.SampleSchema,
    names={"rows": "sample_rows", "received_on": "sample_on"},
)
sources.acts(
    "quality",
    "judge_data_quality",
    "Say how faithful and fitting the data are.",
    commands.record_quality,
    schemas.QualitySchema,
)
