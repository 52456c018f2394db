"""What a file of results for a round must contain. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from portal.project.framing.models import TargetGroup
from portal.user_tests.rounds.models import TestTask


@dataclass(frozen=True)
class ExpectedFileContent:
    """The tasks, the number of items of the scale, and the target groups of a round."""

    tasks: Sequence[TestTask]
    items: int
    groups: Sequence[TargetGroup]

    def as_json(self) -> dict[str, Any]:
        return {
            "tasks": [[task.number, str(task.id)] for task in self.tasks],
            "items": self.items,
            "groups": [[group.number, str(group.id)] for group in self.groups],
        }
