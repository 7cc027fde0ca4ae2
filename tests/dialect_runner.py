"""Run one dialect application with the library itself: `python tests/dialect_runner.py FOLDER`.

It imports the application as a user would, has it issue a token for user "1" and, where it can, read it back; what came
of it is printed as JSON. It imports nothing of the tests, so that the interpreter of an isolated environment can run it.
"""

import asyncio
import importlib
import inspect
import json
import os
import sys
from typing import Any


def settled(value: Any) -> Any:
    """The result of a coroutine; anything else as it is."""
    return asyncio.run(value) if inspect.iscoroutine(value) else value


def main(folder: str) -> None:
    sys.path.insert(0, folder)
    os.environ.update(SECRET_KEY="5f3c" * 16, JWT_SIGNING_KEY="a1b7" * 16)
    app = importlib.import_module("app")
    if hasattr(app, "INSTALLED_APPS"):
        os.environ["DJANGO_SETTINGS_MODULE"] = "app"
        importlib.import_module("django").setup()
    told = {}
    if hasattr(app, "create_access_token"):
        token = settled(app.create_access_token("1"))
        told["token"] = token.decode() if isinstance(token, bytes) else str(token)
    if hasattr(app, "user_of") and "token" in told:
        told["user"] = str(settled(app.user_of(told["token"])))
    print(json.dumps(told))


if __name__ == "__main__":
    main(sys.argv[1])
