"""A project with a member of its team."""

from tests.support.around import member, person, project
