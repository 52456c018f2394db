"""A project with its team, a coach and a lead of its programme."""

from tests.support.around import coaching, member, person, project

__all__ = ["coaching", "member", "person", "project"]
