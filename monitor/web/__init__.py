"""HTTP: is it alive, is it ready, what has it counted.

GET /healthz    200 while the process answers and the database can be read; 503 otherwise
GET /readyz     200 while polls and deliveries go on; 503 with the reason otherwise
GET /metrics    Prometheus
GET /ack/...    asks whether an alert is to be acknowledged; POST does it (acknowledging.py)
"""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Callable, Iterator

import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from monitor.web.acknowledging import Acknowledgements, acknowledging
from monitor.web.metrics import CONTENT_TYPE, Metrics

#: a question the daemon answers: None while all is well, else what is wrong, in words
Check = Callable[[], str | None]


def application(
    *, alive: Check, ready: Check, measure: Callable[[], None], metrics: Metrics, acks: Acknowledgements | None = None
) -> Starlette:
    """The ASGI application. ``measure`` brings the gauges up to date; all run in a thread: they read the store."""

    async def answer(check: Check) -> Response:
        complaint = await asyncio.to_thread(check)
        body = {"status": "ok"} if complaint is None else {"status": "failing", "reason": complaint}
        return JSONResponse(body, status_code=200 if complaint is None else 503)

    async def healthz(_request: Request) -> Response:
        return await answer(alive)

    async def readyz(_request: Request) -> Response:
        return await answer(ready)

    async def show_metrics(_request: Request) -> Response:
        await asyncio.to_thread(measure)
        return Response(metrics.render(), media_type=CONTENT_TYPE)

    routes = [Route("/healthz", healthz), Route("/readyz", readyz), Route("/metrics", show_metrics)]
    return Starlette(routes=[*routes, acknowledging(acks)] if acks is not None else routes)


class Server(uvicorn.Server):
    """uvicorn inside the daemon's event loop; signals are the daemon's."""

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Leaves SIGTERM and SIGINT alone."""
        yield


def server(app: Starlette, *, host: str, port: int) -> Server:
    """A server for the application; ``await serve()`` runs it until ``should_exit`` is set."""
    return Server(
        uvicorn.Config(
            app, host=host, port=port, log_config=None, access_log=False, lifespan="off", timeout_graceful_shutdown=2
        )
    )
