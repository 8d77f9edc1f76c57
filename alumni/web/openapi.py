"""The description of the API, made from the running app: its routes, and the forms that they take."""

from collections.abc import Callable
from typing import Any, TypeVar

import wtforms
from flask import Blueprint, Flask, Response, current_app, jsonify, render_template

from alumni.web.forms import BaseForm, ChoiceField, DayField, LinesField, RowsField, WholeNumberField
from alumni.web.gate import SAFE, public

bp = Blueprint("openapi", __name__)
View = TypeVar("View", bound=Callable[..., Any])

PROBLEM = {"$ref": "#/components/responses/Problem"}
PROBLEM_SCHEMA = {
    "type": "object",
    "required": ["type", "title", "status", "detail"],
    "properties": {
        "type": {"type": "string", "description": "A stable code, such as event-full."},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "detail": {"type": "string", "description": "What happened and what to do, in the reader's language."},
        "instance": {"type": "string", "description": "The request id."},
        "fields": {"type": "object", "additionalProperties": {"type": "array", "items": {"type": "string"}}},
    },
}


def takes(form_class: type[BaseForm]) -> Callable[[View], View]:
    """Says which form a view of the API reads: from the body, or from the query of a GET."""

    def mark(view: View) -> View:
        view.takes = form_class  # type: ignore[attr-defined]
        return view

    return mark


@bp.get("/api/v1/openapi.json")
@public
def openapi() -> Response:
    return jsonify(describe(current_app))


@bp.get("/api/docs")
@public
def docs() -> str:
    """The same, to read."""
    return render_template("web/api_docs.html", document=describe(current_app))


def describe(app: Flask) -> dict[str, Any]:
    """The OpenAPI 3.1 document of the app."""
    paths: dict[str, dict[str, Any]] = {}
    for rule in sorted(app.url_map.iter_rules(), key=lambda rule: rule.rule):
        if not rule.rule.startswith("/api/v1/"):
            continue
        path = "".join(f"{{{part}}}" if is_dynamic else part for is_dynamic, part in rule._trace).removeprefix("|")
        for method in sorted((rule.methods or set()) - {"HEAD", "OPTIONS"}):
            view = app.view_functions[rule.endpoint]
            paths.setdefault(path, {})[method.lower()] = _operation(rule.endpoint, method, view, sorted(rule.arguments))
    return {
        "openapi": "3.1.0",
        "info": {"title": "Alumni Network", "version": "1"},
        "servers": [{"url": "/"}],
        "paths": paths,
        "components": {
            "securitySchemes": {
                "session": {"type": "apiKey", "in": "cookie", "name": "session"},
                "token": {"type": "http", "scheme": "bearer", "description": "Made at /me/security/tokens."},
            },
            "schemas": {"Problem": PROBLEM_SCHEMA},
            "responses": {
                "Problem": {
                    "description": "RFC 9457",
                    "content": {"application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}},
                }
            },
        },
    }


def _operation(endpoint: str, method: str, view: Any, arguments: list[str]) -> dict[str, Any]:
    parameters: list[dict[str, Any]] = [
        {"name": name, "in": "path", "required": True, "schema": {"type": "string"}} for name in arguments
    ]
    operation: dict[str, Any] = {
        "operationId": f"{endpoint}.{method.lower()}",
        "summary": (view.__doc__ or "").strip().split("\n")[0] or endpoint.replace("_api.", ": ").replace("_", " "),
        "responses": {"2XX": {"description": "Done", "content": {"application/json": {}}}, "4XX": PROBLEM},
    }
    form_class = getattr(view, "takes", None)
    properties, required = _schema(form_class) if form_class else ({}, [])
    if method in SAFE:
        parameters += [
            {"name": name, "in": "query", "required": name in required, "schema": schema}
            for name, schema in properties.items()
        ]
    else:
        parameters.append({"name": "X-CSRFToken", "in": "header", "required": False, "schema": {"type": "string"}})
        if form_class:
            body = {"type": "object", "properties": properties, "required": required}
            operation["requestBody"] = {"required": True, "content": {"application/json": {"schema": body}}}
    if parameters:
        operation["parameters"] = parameters
    if not getattr(view, "is_public", False):
        scopes = ["read" if method in SAFE else "write", *filter(None, [getattr(view, "scope", None)])]
        operation["security"] = [{"session": []}, {"token": scopes}]
    return operation


def _schema(form_class: type[wtforms.Form]) -> tuple[dict[str, Any], list[str]]:
    """Properties of a form, and which of them are needed."""
    form = form_class()
    fields = [field for field in form if not isinstance(field, wtforms.HiddenField)]
    return {field.name: _field(field) for field in fields}, [field.name for field in fields if field.flags.required]


def _field(field: wtforms.Field) -> dict[str, Any]:
    schema: dict[str, Any] = {"type": "string"}
    if isinstance(field, WholeNumberField):
        schema = {"type": "integer", "minimum": field.least, "maximum": field.most}
    elif isinstance(field, wtforms.BooleanField):
        schema = {"type": "boolean"}
    elif isinstance(field, RowsField):
        properties, _ = _schema(field.row)
        return _list_of({"type": "object", "properties": properties}, field, field.most)
    elif isinstance(field, LinesField):
        return _list_of({"type": "string", "maxLength": field.longest_line}, field, field.most_lines)
    elif isinstance(field, DayField):
        schema["format"] = "date"
    elif isinstance(field, wtforms.SelectMultipleField):
        schema = {"type": "array", "items": {"type": "string"}}
    elif isinstance(field, ChoiceField) and isinstance(field.choices, list) and field.choices:
        schema["enum"] = [str(choice[0]) for choice in field.iter_choices()]
    if longest := getattr(field, "longest", None):
        schema["maxLength"] = longest
    return schema | {"title": str(field.label.text)}


def _list_of(items: dict[str, Any], field: wtforms.Field, most: int) -> dict[str, Any]:
    return {"type": "array", "items": items, "maxItems": most, "title": str(field.label.text)}


def install(app: Flask) -> None:
    app.register_blueprint(bp)
