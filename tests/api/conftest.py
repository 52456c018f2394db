"""The served portal of the house."""

from tests.house.conftest import portal
