"""Forms in place: what changes a thing is shown on the page of the thing, under its title.

A feature says in its plug on which page each of its forms stands (`places`: endpoint of the form →
endpoint of the page). The form keeps its own address to be sent to. Read there, it leads to its page
with `?open=<form>#act`; refused there, it is shown on its page with what was typed. Views and
templates of forms and of pages know nothing of it: `render` gives the block `main` of a form, whose
title is then a heading of the page.
"""

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from functools import wraps
from http import HTTPStatus
from typing import Any

from flask import Flask, Response, current_app, make_response, request, url_for
from werkzeug.exceptions import HTTPException
from werkzeug.routing import BuildError, RoutingException, Rule

from portal.platform.kernel.engines import SAFE_METHODS
from portal.platform.kernel.errors import NotFound
from portal.platform.web.rendering import redirect_to_path, wants_fragment
from portal.platform.web.template_filters import mark_safe
from portal.platform.web.uploads import StreamingRequest

OPEN = "open"  # the parameter that names the form to show
ANCHOR = "act"
View = Callable[..., Any]


class FormPlacingRequest(StreamingRequest):
    """A request whose page may hold a form: its HTML, and whether it is being rendered now."""

    placed_form: str = ""
    renders_placed_form: bool = False


def init_app(app: Flask, places: Mapping[str, str]) -> None:
    """Put the forms on their pages. Call it once all routes are there.

    Raises `ValueError` for two forms of one name on a page.
    """
    rules = {rule.endpoint: rule for rule in app.url_map.iter_rules()}
    hosted: dict[str, dict[str, Rule]] = defaultdict(dict)
    for form, page in places.items():
        name = form_name_of(form)
        if name in hosted[page]:
            raise ValueError(f"{page} holds two forms called {name}")
        hosted[page][name] = rules[form]
    views = dict(app.view_functions)
    for page, forms in hosted.items():
        app.view_functions[page] = _wrap_page_view(views[page], forms, views)
    for form, page in places.items():
        for endpoint in _list_endpoints_at_address(app, rules[form]):
            view = _wrap_form_view(views[endpoint], form, rules[page], views[page])
            app.view_functions[endpoint] = view


def form_name_of(endpoint: str) -> str:
    """The value of `open` for a form: `decline` for "recommendations.decline"."""
    return endpoint.rpartition(".")[2].removesuffix("_page")


def _list_endpoints_at_address(app: Flask, rule: Rule) -> set[str]:
    return {other.endpoint for other in app.url_map.iter_rules() if other.rule == rule.rule}


def _wrap_form_view(view: View, form: str, page: Rule, show_page: View) -> View:
    """A view that leads to the page of its form, or shows the page with the refused form."""

    @wraps(view)
    def placed(**values: Any) -> Response:
        if wants_fragment():
            return make_response(view(**values))
        with _rendering_form_alone(request.path):
            response = make_response(view(**values))
        host_values = {name: value for name, value in values.items() if name in page.arguments}
        if request.method in SAFE_METHODS and response.status_code == HTTPStatus.OK:
            others = {name: value for name, value in values.items() if name not in page.arguments}
            query = request.args.to_dict(flat=False) | others | {OPEN: form_name_of(form)}
            return redirect_to_path(url_for(page.endpoint, **host_values, **query, _anchor=ANCHOR))
        if response.status_code < HTTPStatus.BAD_REQUEST:
            return response
        page_response = _show_page_with_form(show_page, host_values, response)
        page_response.status_code = response.status_code
        return page_response

    return placed


def _wrap_page_view(view: View, forms: Mapping[str, Rule], views: Mapping[str, View]) -> View:
    """A view that shows the form which `open` names above what it shows otherwise."""

    @wraps(view)
    def hosting(**values: Any) -> Any:
        rule = forms.get(request.args.get(OPEN, ""))
        if rule is None or request.method not in SAFE_METHODS or wants_fragment():
            return view(**values)
        path, form_values = _find_form_path_and_view_values(rule, values)
        with _rendering_form_alone(path):
            response = make_response(views[rule.endpoint](**form_values))
        return (
            response
            if response.status_code != HTTPStatus.OK
            else _show_page_with_form(view, values, response)
        )

    return hosting


def _show_page_with_form(view: View, values: Mapping[str, Any], form: Response) -> Response:
    page_request: Any = request
    page_request.placed_form = mark_safe(form.get_data(as_text=True))
    return make_response(view(**values))


def _find_form_path_and_view_values(rule: Rule, values: Mapping[str, Any]) -> tuple[str, Mapping[str, Any]]:
    """The path of a form and the values of its view; what the page's address does not say comes
    from the query. Raises `NotFound`."""
    query_arguments: dict[str, Any] = {
        name: value for name, value in request.args.items() if name in rule.arguments
    }
    page_arguments = {name: value for name, value in values.items() if name in rule.arguments}
    try:
        path = url_for(rule.endpoint, **query_arguments | page_arguments)
        _endpoint, form_values = current_app.url_map.bind("").match(path, method="GET")
    except (BuildError, HTTPException, RoutingException, ValueError):  # ValueError: letters for a number
        raise NotFound from None
    return path, form_values


@contextmanager
def _rendering_form_alone(path: str) -> Iterator[None]:
    """Have `render` give the form alone, as if the request were for its own address."""
    own_request: Any = request
    here, own_request.path, own_request.renders_placed_form = own_request.path, path, True
    try:
        yield
    finally:
        own_request.path, own_request.renders_placed_form = here, False
