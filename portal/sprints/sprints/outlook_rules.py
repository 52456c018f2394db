"""The outlook of a project, as its team declares it."""

from enum import StrEnum


class OutlookLevel(StrEnum):
    """The project's weather, as the team sees it."""

    SUNNY = "sunny"
    CLOUDY = "cloudy"
    RAINY = "rainy"
    STORMY = "stormy"
