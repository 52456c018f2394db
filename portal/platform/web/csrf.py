"""CSRF tokens of forms."""

from functools import partial
from typing import Any

from flask_wtf import FlaskForm
from werkzeug.local import LocalProxy
from wtforms import Field


class LazyCsrf(FlaskForm.Meta.csrf_class):  # type: ignore[misc]  # untyped
    """Signs the token when it is rendered: most submitted forms are never rendered again."""

    def generate_csrf_token(self, csrf_token_field: Field) -> Any:
        return LocalProxy(partial(super().generate_csrf_token, csrf_token_field))
