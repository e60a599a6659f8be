"""The API is as it is described: the description is valid, and nothing that fits it breaks it."""

from __future__ import annotations

import hypothesis
import pytest
import schemathesis
from hypothesis import HealthCheck, Phase
from openapi_spec_validator import validate
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from tests import factories
from tests.web.asking import Asker

CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_schema_conformance,
]
EXAMPLES = 15
"""For each operation; more find more, and take longer."""


def describe(echo: Asker) -> dict[str, object]:
    found: dict[str, object] = echo.ask("GET", "/api/openapi.json", origin=None).json()
    return found


def test_the_description_is_valid(echo: Asker) -> None:
    description = describe(echo)

    validate(description)
    operations = [
        (path, operation)
        for path, methods in description["paths"].items()
        for operation in methods.values()
    ]
    ids = [operation["operationId"] for _, operation in operations]
    assert len(ids) == len(set(ids))
    for path, operation in operations:
        assert path.startswith("/api/v1/sites/{site}/")
        assert operation["summary"], path
        for code, answer in operation["responses"].items():
            if int(code) >= 400:
                [media] = answer["content"].values()
                assert media["schema"] == {"$ref": "#/components/schemas/ErrorBody"}


@pytest.mark.parametrize("signed_in", [True, False])
def test_nothing_that_fits_the_description_breaks_the_api(echo: Asker, *, signed_in: bool) -> None:
    ann, token = echo.reader()
    story = factories.make_story(echo.db, echo.site.id, "bridge")
    factories.make_comment(echo.db, echo.site.id, story_id=story)
    factories.make_comment(
        echo.db, echo.site.id, story_id=story, author_id=ann, verdicts=[factories.HOLDING]
    )
    schema = schemathesis.openapi.from_dict(describe(echo))
    for found in schema.get_all_operations():
        _try(echo, found.ok(), token if signed_in else None)


def _try(echo: Asker, operation: schemathesis.APIOperation, token: str | None) -> None:
    @hypothesis.settings(
        max_examples=EXAMPLES,
        deadline=None,
        database=None,
        derandomize=True,
        suppress_health_check=list(HealthCheck),
        phases=[Phase.explicit, Phase.generate],
    )
    @hypothesis.given(case=operation.as_strategy())
    def run(case: schemathesis.Case) -> None:
        # Of a hundred random names none is a site's or a story's; what is there is worth more.
        case.path_parameters["site"] = "echo"
        if "story" in case.path_parameters:
            case.path_parameters["story"] = "bridge"
        if "comment" in case.path_parameters:
            case.path_parameters["comment"] = 1 + case.path_parameters["comment"] % 3
        given = case.as_transport_kwargs(base_url="")
        sent = {name: given[name] for name in ("params", "json", "data") if given.get(name)}
        if given["url"].endswith("/live"):
            # A stream has no end to wait for.
            sent["params"] = {**sent.get("params", {}), "once": ""}
        if "data" in sent:
            sent["content"] = sent.pop("data")
        headers = {
            name: value
            for name, value in given["headers"].items()
            if name.lower() in {"content-type", "accept"}
        }
        answer = echo.ask(case.method, given["url"], by=token, headers=headers, **sent)
        case.validate_response(
            schemathesis.Response.from_httpx(answer, verify=False), checks=CHECKS
        )

    run()
