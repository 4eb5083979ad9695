"""The built console as static files; any page address of it answers with its one HTML file.

Neither an address of the API nor the name of a file is a page.
"""

from __future__ import annotations

from pathlib import Path

from starlette.requests import Request
from starlette.responses import FileResponse, PlainTextResponse, Response
from starlette.staticfiles import StaticFiles

from onefold.kernel.errors import NotFound

_FOR_EVER = {"Cache-Control": "public, max-age=31536000, immutable"}
_ALWAYS_ASK = {"Cache-Control": "no-cache"}
_ASSETS = "assets"
"""The folder of files whose names carry their digest: they never change."""
_NOT_PAGES = {"api", "v1", "oauth", "healthz", _ASSETS}
_NOT_BUILT = "The console is not built. Run `make web`, or use the API under /api.\n"


class Console:
    """The console in a folder; where it is not built, a page that says so and nothing else."""

    def __init__(self, folder: Path | None) -> None:
        self._page = folder / "index.html" if folder and (folder / "index.html").is_file() else None
        self._files: dict[str, Path] = {}
        self._assets: StaticFiles | None = None
        if folder and self._page:
            self._files = {f"/{it.name}": it for it in folder.iterdir() if it.is_file()}
            if (folder / _ASSETS).is_dir():
                self._assets = StaticFiles(directory=folder / _ASSETS)

    def has(self, path: str) -> bool:
        """Whether there is a page or a file of the console at the address."""
        if self._page is None:
            return path == "/"
        return path in self._files or _is_page(path)

    async def answer(self, request: Request) -> Response:
        """The page or the file at the address of the request; `NotFound` where there is none."""
        path: str = request.scope["path"]
        if self._assets is not None and path.startswith(f"/{_ASSETS}/"):
            response = await self._assets.get_response(path.removeprefix(f"/{_ASSETS}/"), request.scope)
            response.headers.update(_FOR_EVER)
            return response
        if not self.has(path):
            raise NotFound("There is nothing at this address.")
        if self._page is None:
            return PlainTextResponse(_NOT_BUILT)
        return FileResponse(self._files.get(path, self._page), headers=_ALWAYS_ASK)


def _is_page(path: str) -> bool:
    """Whether the console may have a page there; empty segments count for nothing."""
    segments = [it for it in path.split("/") if it] or [""]
    return segments[0] not in _NOT_PAGES and "." not in segments[-1]
