"""A team, its two coaches, and who leads its programme."""

from tests.support.around import coach, coaching, lead, member, person, project
