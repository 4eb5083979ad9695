"""Makes `.venv` hold exactly the locked requirements; does nothing when it already does.

Runs on whatever `python3` is there, before anything is installed: standard library only, and old syntax, so
that an old interpreter reaches the line that says what to do.
"""

import hashlib
import os
import re
import shutil
import subprocess
import sys

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
VENV = os.path.join(ROOT, ".venv")
STAMP = os.path.join(VENV, "onefold.stamp")
LOCK = os.path.join(ROOT, "requirements", "dev.txt")
PYTHON_MIN = (3, 11)
NODE_MIN = (20, 19)


def stop(message: str) -> None:
    """Ends with one line that says what to do."""
    sys.exit("make setup: " + message)


def check_python() -> None:
    """Refuses an interpreter that is too old or cannot make environments."""
    if sys.version_info < PYTHON_MIN:
        stop(
            "this is Python %d.%d, Onefold needs 3.11 or newer: install one, run `make setup PYTHON=...`."
            % sys.version_info[:2]
        )
    try:
        import ensurepip  # noqa: F401
        import venv  # noqa: F401
    except ImportError:
        stop("Python has no venv module: install it (Debian: apt-get install python3-venv) and run again.")


def check_node() -> None:
    """Refuses a missing or old Node.js; the console is built with it."""
    node = shutil.which("node") or ""
    if not node or shutil.which("npm") is None:
        stop("Node.js with npm is not on the PATH: install Node.js %d.%d or newer, run again." % NODE_MIN)
    version = subprocess.check_output([node, "--version"]).decode().strip()
    found = re.match(r"v(\d+)\.(\d+)", version)
    if found is None or (int(found.group(1)), int(found.group(2))) < NODE_MIN:
        stop(
            "this is Node.js %s, the console needs %d.%d or newer: install it, run again."
            % (version, *NODE_MIN)
        )


def project_table() -> str:
    """The parts of pyproject.toml that an editable install depends on."""
    with open(os.path.join(ROOT, "pyproject.toml"), encoding="utf-8") as file:
        return file.read().split("[tool.pytest]")[0]


def wanted() -> str:
    """What a finished environment was made from: lock, project table, interpreter, place."""
    digest = hashlib.sha256()
    with open(LOCK, "rb") as file:
        digest.update(file.read())
    digest.update(project_table().encode())
    digest.update(b"%d.%d" % sys.version_info[:2])
    digest.update(VENV.encode())
    return digest.hexdigest()


def made() -> str:
    """The stamp of the environment that is there, or an empty text."""
    try:
        with open(STAMP, encoding="utf-8") as file:
            return file.read().strip()
    except OSError:
        return ""


def usable(python: str) -> bool:
    """Whether the environment's interpreter starts, is this version and has pip."""
    if not os.path.exists(python):
        return False
    code = "import pip, sys; print(*sys.version_info[:2], sys.prefix)"
    result = subprocess.run(
        [python, "-c", code], check=False, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
    )
    expected = "%d %d %s" % (sys.version_info[0], sys.version_info[1], VENV)
    return result.returncode == 0 and result.stdout.decode().strip() == expected


def install(python: str) -> None:
    """Installs the lock with its hashes, then the project itself as a link to src."""
    uv = shutil.which("uv")
    if uv is not None and subprocess.call([uv, "--version"], stdout=subprocess.DEVNULL) == 0:
        pip = [uv, "pip", "install", "--quiet", "--python", python]
    else:
        pip = [python, "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
    for arguments in (
        ["--require-hashes", "-r", LOCK],
        ["--no-deps", "--no-build-isolation", "-e", ROOT],
    ):
        if subprocess.call(pip + arguments) != 0:
            stop("the installation above failed; `make setup` again goes on where it stopped.")


def main() -> None:
    """Brings the environment up to date."""
    check_python()
    check_node()
    python = os.path.join(VENV, "bin", "python")
    if made() == wanted() and os.path.exists(python):
        return
    if not usable(python):
        subprocess.check_call([sys.executable, "-m", "venv", "--clear", VENV])
    elif made():
        os.remove(STAMP)
    install(python)
    with open(STAMP, "w", encoding="utf-8") as file:
        file.write(wanted() + "\n")


if __name__ == "__main__":
    main()
