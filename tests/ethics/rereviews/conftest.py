"""The fixtures of reviews."""

from tests.ethics.reviews.conftest import (
    carrier,
    direction,
    director,
    judge,
    lead,
    member,
    person,
    project,
    reviewer,
)
