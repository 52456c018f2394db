"""Services of an application (settings, token sealer, password hasher…), found by their type."""

from typing import Any, TypeVar, cast

from flask import Flask, current_app

Service = TypeVar("Service")


def provide_service(app: Flask, service: object, kind: type | None = None) -> None:
    """Make a service of an application available under its type, or that of its interface."""
    _services(app)[kind or type(service)] = service


def get_service(kind: type[Service], app: Flask | None = None) -> Service:
    """Return the service of this type, of the current application unless one is named.

    Raises `KeyError` where none was provided.
    """
    return cast(Service, _services(app or current_app)[kind])


def _services(app: Flask) -> dict[Any, Any]:
    return cast("dict[Any, Any]", app.extensions)  # its usual keys are names
