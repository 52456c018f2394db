"""Operations on the committees of a programme, their agenda and their records."""

from portal.oversight.committees import commands, queries, record_queries, schemas
from portal.oversight.committees.commands import CommitteeFacts
from portal.oversight.committees.models import NUMBER_MAX, Committee
from portal.oversight.committees.record_queries import CommitteeRecord
from portal.people.programmes.models import Programme
from portal.platform.web.api_operations import ApiArea, ApiCall
from portal.platform.web.api_pages import ApiPage, key_by_fields
from portal.project.projects.numbered_queries import PER_PAGE

area = ApiArea("oversight")
COMMITTEES = "/programmes/<programme>/committees"
COMMITTEE = f"{COMMITTEES}/<int(max={NUMBER_MAX}):number>"


def _get_programme_and_committee(call: ApiCall, slug: str, number: int) -> tuple[Programme, Committee]:
    programme = queries.get_readable_programme(call.actor, slug)
    return programme, queries.get_committee(call.actor, programme, number)


@area.list(COMMITTEES, schemas.CommitteeSchema)
def list_committees(call: ApiCall, programme: str) -> ApiPage:
    """List the committees of a programme, the latest first."""
    opened = queries.get_readable_programme(call.actor, programme)
    return call.page.gather_portal_pages(
        lambda page: queries.read_committees_page(call.actor, opened, page), PER_PAGE
    )


@area.get(COMMITTEE, schemas.CommitteeSchema)
def get_committee(call: ApiCall, programme: str, number: int) -> Committee:
    """Read a committee."""
    return _get_programme_and_committee(call, programme, number)[1]


@area.list(f"{COMMITTEE}/agenda", schemas.AgendaGroupSchema)
def list_committee_agenda(call: ApiCall, programme: str, number: int) -> ApiPage:
    """List what waits beside decisions, by kind; of a closed record, what waited when it was closed."""
    return call.page.cut_whole_list(
        queries.list_agenda(call.actor, _get_programme_and_committee(call, programme, number)[1]),
        key_by_fields("code"),
    )


@area.get(f"{COMMITTEE}/record", schemas.CommitteeRecordSchema)
def get_committee_record(call: ApiCall, programme: str, number: int) -> CommitteeRecord:
    """Read the record of a committee; until it is closed it is a draft of the programme's leads."""
    return record_queries.get_readable_record(
        call.actor, *_get_programme_and_committee(call, programme, number)
    )


@area.create(COMMITTEES, schemas.CommitteeSchema, body=schemas.CommitteeFactsSchema)
def plan_committee(call: ApiCall, programme: str) -> Committee:
    """Plan a committee, for the programme's leads."""
    opened = queries.get_readable_programme(call.actor, programme)
    row = commands.plan_committee(call.actor, opened, CommitteeFacts(**call.body))
    call.location = f"/programmes/{programme}/committees/{row.number}"
    return row


@area.change(COMMITTEE, schemas.CommitteeSchema, body=schemas.CommitteeFactsSchema)
def change_committee(call: ApiCall, programme: str, number: int) -> Committee:
    """Change a committee until its record is closed."""
    opened, row = _get_programme_and_committee(call, programme, number)
    commands.change_committee(call.actor, opened, row, CommitteeFacts(**call.body), call.version)
    return row


@area.act(f"{COMMITTEE}/close", schemas.CommitteeSchema, is_versioned=True)
def close_committee_record(call: ApiCall, programme: str, number: int) -> Committee:
    """Close the record of a committee that was held: what is decided later goes to the next."""
    opened, row = _get_programme_and_committee(call, programme, number)
    commands.close_record(call.actor, opened, row, call.version)
    return row
