"""Operations on data sources."""

from portal.platform.web.api_operations import ApiArea
from portal.project.data_sources.models import DataSource
from portal.project.data_sources.schemas import DataSourceSchema
from portal.project.projects.numbered_api import add_numbered_reads

area = ApiArea("projects")
add_numbered_reads(area, "data-sources", ("data_source", "data_sources"), DataSource, DataSourceSchema)
