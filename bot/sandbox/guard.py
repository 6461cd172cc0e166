"""Who may talk to this server: programs of this machine, and the page it serves itself."""

from collections.abc import Awaitable, Callable
from urllib.parse import urlsplit

from aiohttp import web
from aiohttp.typedefs import Middleware

LOCAL = ("127.0.0.1", "localhost")
Next = Callable[[web.Request], Awaitable[web.StreamResponse]]


def guard(port: Callable[[], int]) -> Middleware:
    """A middleware that keeps other sites' pages out, even through a rebound name."""

    @web.middleware
    async def check(request: web.Request, handler: Next) -> web.StreamResponse:
        if not _is_here(f"http://{request.headers.get('Host', '')}", port()):
            return web.json_response({"error": "this server answers to 127.0.0.1 only"}, status=403)
        origin = request.headers.get("Origin")
        if origin is not None and not _is_here(origin, port()):
            return web.json_response({"error": "no calls from other sites' pages"}, status=403)
        if _is_bare_control(request):
            return web.json_response({"error": "control calls are application/json"}, status=415)
        return await handler(request)

    return check


def _is_here(url: str, port: int) -> bool:
    try:
        parts = urlsplit(url)
        return parts.hostname in LOCAL and parts.port in (None, port)
    except ValueError:
        return False


def _is_bare_control(request: web.Request) -> bool:
    return (
        request.path.startswith("/_control/")
        and request.method not in ("GET", "HEAD")
        and request.content_type != "application/json"
    )
