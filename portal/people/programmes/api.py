"""Operations on programmes."""

from portal.people.programmes import queries
from portal.people.programmes.models import Programme
from portal.people.programmes.schemas import ProgrammeSchema
from portal.platform.web.api_operations import ApiArea, ApiCall, ApiPage

area = ApiArea("projects")


@area.list("/programmes", ProgrammeSchema)
def list_programmes(call: ApiCall) -> ApiPage:
    """List the programmes that one sees, the latest first."""
    return call.page.cut(queries.list_programmes(call.actor))


@area.get("/programmes/<programme>", ProgrammeSchema)
def get_programme(call: ApiCall, programme: str) -> Programme:
    """Read a programme."""
    return queries.get_programme(call.actor, programme)
