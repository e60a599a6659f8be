"""The application: the table of routes behind the guard, the front and the headers around it."""

from __future__ import annotations

import gc
import logging
import re
import threading
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import anyio.to_thread
from litestar import Litestar
from litestar.di import Provide
from litestar.enums import ScopeType
from litestar.exceptions import HTTPException
from litestar.handlers import HTTPRouteHandler
from litestar.router import Router
from litestar.types import ASGIApp, Receive, Scope, Send

from belowline.core.errors import BelowlineError, Unavailable
from belowline.core.terms import Privilege
from belowline.web.auth import enforce, provide_visitor
from belowline.web.direct import Direct
from belowline.web.errors import (
    answer_belowline,
    answer_http,
    answer_too_deep,
    answer_unforeseen,
)
from belowline.web.front import Front
from belowline.web.health import answer_unavailable, healthz
from belowline.web.hot import Hot
from belowline.web.house import House
from belowline.web.openapi import ApiOperation, make_config, responses_of, security_of
from belowline.web.route import Route
from belowline.web.routes import READER_ROUTES
from belowline.web.security import Origins, Safety
from belowline.web.signatures import spell_out

if TYPE_CHECKING:
    from belowline.web.metrics.meter import Meter

LARGEST_BODY = 1024 * 1024
"""Bytes; room for a rulebook of forty long rules. Uploads do not exist."""
Lifespan = Sequence[Callable[[Litestar], AbstractAsyncContextManager[None]]]
MakePart = Callable[..., Litestar]
"""What ``make_part`` is."""
SELDOM = re.compile(
    r"/(?:console|desk|legal|notice)(?:/|$)|/sites/[^/]+/transparency(?:/|$)"
    r"|/me/[^/]+/(?:legal|reports)/|/s/[^/]+/[^/]+/c/[^/]+/(?:about-me|report/illegal)/?$"
)
"""The addresses of ``law_routes`` and ``desk_routes``."""


@dataclass(frozen=True, slots=True)
class Application:
    """The ASGI application of one process, and what its server may answer without it."""

    asgi: ASGIApp
    hot: Hot

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request."""
        await self.asgi(scope, receive, send)


def make_app(
    house: House, *, extra: Sequence[Route] = (), making: MakePart | None = None
) -> Application:
    """Make the ASGI application of one process. ``extra`` is the demo's own routes.

    ``making`` makes the framework's parts; tests lend them to one another.
    """
    making = making or make_part

    @asynccontextmanager
    async def lifespan(_: Litestar) -> AsyncIterator[None]:
        house.pages.start()
        house.runner.start()
        # What is there from the start stays. Looking through it for garbage, again and again, would
        # each time hold up every answer for most of a tenth of a second.
        gc.collect()
        gc.freeze()
        try:
            yield
        finally:
            house.live.end()
            house.runner.stop()
            house.pages.stop()

    meter, house = begin_to_count(house) if house.settings.metrics_key else (None, house)
    app = making(house, (*READER_ROUTES, *extra), lifespan=[lifespan], is_described=True)
    origins = Origins(house.db)
    front = Front(Direct(Seldom(app, house, making), house, READER_ROUTES), house)
    outside: ASGIApp = open_door(front, house) if house.settings.scoring_keys else front
    hot = Hot(house.pages, front.counted, origins)
    if meter is not None:
        return Application(count_answers(outside, meter, house, (hot, origins)), hot)
    return Application(Safety(outside, origins), hot)


def begin_to_count(house: House) -> tuple[Meter, House]:
    """Begin to count for whoever has ``metrics_key``; few installations do."""
    from belowline.web.metrics.meter import Meter  # noqa: PLC0415

    meter = Meter(house)
    return meter, meter.watching(house)


def count_answers(app: ASGIApp, meter: Meter, house: House, around: tuple[Hot, Origins]) -> ASGIApp:
    """Put the door for metrics before the rest, and what counts around all of it."""
    from belowline.web.metrics.door import Door  # noqa: PLC0415
    from belowline.web.metrics.facts import Facts  # noqa: PLC0415
    from belowline.web.metrics.meter import Counted  # noqa: PLC0415

    hot, origins = around
    meter.registry.register(Facts(house, hot))
    door = Door(app, meter.registry, house.settings.metrics_key)
    return Counted(Safety(door, origins), meter)


def open_door(app: ASGIApp, house: House) -> ASGIApp:
    """Put the door for programs that ask for scores before the rest."""
    # Few installations have it.
    from belowline.web.scores.door import Door  # noqa: PLC0415

    return Door(app, house)


class Seldom:
    """Leads what is asked for seldom to a part of the application that is made only then.

    Most processes answer readers all day. The desk's pages, those that the law asks for, and what
    stands behind them are a tenth of what a process holds.
    """

    def __init__(self, app: ASGIApp, house: House, making: MakePart) -> None:
        self._app = app
        self._house = house
        self._make_part = making
        self._seldom: ASGIApp | None = None
        self._making = threading.Lock()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer, or pass the request on."""
        if scope["type"] != ScopeType.HTTP or not SELDOM.match(scope["path"]):
            await self._app(scope, receive, send)
            return
        if self._seldom is None:
            await anyio.to_thread.run_sync(self.make)
        seldom: Any = self._seldom
        await seldom(scope, receive, send)

    def make(self) -> None:
        """Make it, unless it is there."""
        with self._making:
            if self._seldom is None:
                from belowline.web.addresses import SELDOM_ROUTES  # noqa: PLC0415 - see above

                self._seldom = self._make_part(self._house, SELDOM_ROUTES)


def make_part(
    house: House, routes: Sequence[Route], *, lifespan: Lifespan = (), is_described: bool = False
) -> Litestar:
    """Make what the framework answers of an application."""
    described = Router(
        "/api", route_handlers=[], opt={"privilege": Privilege.READ}, include_in_schema=False
    )
    app = Litestar(
        [make_handler(route) for route in routes],
        guards=[enforce],
        dependencies={"visitor": Provide(provide_visitor)},
        exception_handlers={
            BelowlineError: answer_belowline,
            HTTPException: answer_http,
            RecursionError: answer_too_deep,
            Exception: answer_unforeseen,
        },
        lifespan=list(lifespan),
        openapi_config=make_config(described) if is_described else None,
        request_max_body_size=LARGEST_BODY,
        opt={"privilege": None},
        logging_config=None,
    )
    app.state.house = house
    return app


def make_handler(route: Route) -> HTTPRouteHandler:
    """Make the framework's handler for one entry of the table."""
    is_api = route.path.startswith("/api/")
    return HTTPRouteHandler(
        route.path,
        http_method=route.method,  # type: ignore[arg-type]
        status_code=route.status,
        opt={"privilege": route.privilege},
        include_in_schema=is_api,
        operation_class=ApiOperation,
        summary=(route.view.__doc__ or "").partition("\n")[0].rstrip("."),
        response_description="Success.",
        responses=responses_of(route) if is_api else None,
        security=security_of(route) if is_api else None,
        exception_handlers={Unavailable: answer_unavailable} if route.view is healthz else None,
        operation_id=f"{route.view.__module__.rpartition('.')[2]}.{route.view.__name__}",
    )(spell_out(route.view, route.path))


def quiet_logging() -> None:
    """Log what went wrong to standard error: ids and kinds, never a reader's text or a token."""
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(name)s %(message)s")
    logging.getLogger("httpx").setLevel(logging.WARNING)
    logging.getLogger("alembic").setLevel(logging.WARNING)
    logging.getLogger("uvicorn.access").disabled = True
