"""What stands in people's calendars: the dates of all features.

A feature's own are in its room `dates.py`; its line is here.
"""

from portal.coaching.clinics import calendar as clinics
from portal.coaching.group_sessions import calendar as gatherings
from portal.coaching.recommendations import calendar as recommendations
from portal.coaching.sessions import calendar as coaching
from portal.ethics.reviews import calendar as reviews
from portal.ethics.risks import calendar as risks
from portal.sprints.ceremonies import calendar as ceremonies
from portal.sprints.sprints import calendar as sprints

_FEATURES = (sprints, ceremonies, risks, reviews, recommendations, coaching, clinics, gatherings)
CALENDAR_DATES = tuple(dates for feature in _FEATURES for dates in feature.DATES)
