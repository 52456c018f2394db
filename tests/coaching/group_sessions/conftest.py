"""A project with a team, two coaches and a programme lead."""

from tests.support.around import coach, coaching, lead, member, person, project
