"""The token that proves that a form of ours was sent."""

from functools import partial
from typing import Any

from flask_wtf import FlaskForm
from werkzeug.local import LocalProxy
from wtforms import Field


class LazyCsrf(FlaskForm.Meta.csrf_class):  # type: ignore[misc]  # untyped
    """Signed where it is drawn: most forms that are sent are never drawn again."""

    def generate_csrf_token(self, csrf_token_field: Field) -> Any:
        return LocalProxy(partial(super().generate_csrf_token, csrf_token_field))
