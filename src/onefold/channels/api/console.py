"""The built console as static files; any page address of it answers with its one HTML file.

Neither an address of the API nor the name of a file is a page.
"""

from __future__ import annotations

from pathlib import Path

from starlette.requests import Request
from starlette.responses import FileResponse, PlainTextResponse, Response
from starlette.routing import BaseRoute, Mount, Route
from starlette.staticfiles import StaticFiles

from onefold.kernel.errors import NotFound

_FOR_EVER = "public, max-age=31536000, immutable"
_ALWAYS_ASK = "no-cache"
_NOT_PAGES = {"api", "v1"}
_NOT_BUILT = "The console is not built. Run `make web`, or use the API under /api.\n"


class _Assets(StaticFiles):
    """Files whose names carry their digest: they never change."""

    def file_response(self, *args: object, **kwargs: object) -> Response:
        response = super().file_response(*args, **kwargs)  # type: ignore[arg-type]
        response.headers["Cache-Control"] = _FOR_EVER
        return response


def console_routes(folder: Path | None) -> list[BaseRoute]:
    """Routes of the console, last in line: whatever the API does not take."""
    if folder is None or not (folder / "index.html").is_file():
        return [Route("/", _not_built)]
    root = folder.resolve()
    files = {path.name: path for path in root.iterdir() if path.is_file()}

    async def page(request: Request) -> Response:
        path = request.path_params["path"]
        found = files.get(path)
        if found is None and not _is_page(path):
            raise NotFound("There is nothing at this address.")
        return FileResponse(found or files["index.html"], headers={"Cache-Control": _ALWAYS_ASK})

    routes: list[BaseRoute] = []
    if (root / "assets").is_dir():
        routes.append(Mount("/assets", _Assets(directory=root / "assets")))
    return [*routes, Route("/{path:path}", page)]


def _is_page(path: str) -> bool:
    """Whether the console may have a page there; empty segments count for nothing."""
    segments = [it for it in path.split("/") if it] or [""]
    return segments[0] not in _NOT_PAGES and "." not in segments[-1]


async def _not_built(request: Request) -> Response:
    return PlainTextResponse(_NOT_BUILT)
