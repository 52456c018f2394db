"""Ethics re-reviews that a change of a project opens, which a feature above contributes: for messages."""

from collections.abc import Callable
from dataclasses import dataclass
from uuid import UUID

from portal.platform.kernel.contributions import Contribution, list_contributions
from portal.project.projects.models import Project


@dataclass(frozen=True, eq=False)
class OpenedRereviewReader(Contribution):
    """Says which re-reviews the transaction under way opens in a project; where none, which are open
    about the data source of a number, if one is given; "" for none. `describe_source_change` says beforehand
    what another purpose than the present one opens, of the data source with an id, or a further source."""

    describe: Callable[[Project, int | None], str]
    describe_source_change: Callable[[Project, UUID | None, str], str]


def describe_rereview_of_source_change(project: Project, source_id: UUID | None, purpose: str) -> str:
    """What another purpose of a data source than the present one opens, or a further source, without an id;
    "" for nothing."""
    readers = list_contributions(OpenedRereviewReader)
    sentences = (reader.describe_source_change(project, source_id, purpose) for reader in readers)
    return " ".join(filter(None, sentences))


def add_opened_rereviews(message: str, project: Project, source_number: int | None = None) -> str:
    """A message about what was just saved, with the re-reviews that it opens."""
    readers = list_contributions(OpenedRereviewReader)
    return " ".join(filter(None, (message, *(reader.describe(project, source_number) for reader in readers))))
