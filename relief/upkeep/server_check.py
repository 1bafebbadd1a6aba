"""Whether the server answers, here and at the address that phones use."""

from __future__ import annotations

import urllib.error
import urllib.request
from collections.abc import Iterator

from flask_babel import gettext as _

from relief.kernel.errors import ReliefError
from relief.settings import Settings
from relief.upkeep.finding import BROKEN, LOOK, OK, Finding
from relief.web.server import LOCK_FILE, only_server

ANSWER_SECONDS = 5


def check_server(settings: Settings) -> Iterator[Finding]:
    host = "127.0.0.1" if settings.host in ("0.0.0.0", "::") else settings.host
    here = f"http://[{host}]:{settings.port}" if ":" in host else f"http://{host}:{settings.port}"
    problem = _ask(f"{here}/healthz") or _ask(f"{here}/readyz")
    if problem and _is_served(settings):
        yield Finding(BROKEN, "server", _("A server holds this folder, but %(address)s does not answer: %(problem)s.",
                                          address=here, problem=problem),
                      _("See its log. serve.lock holds its process number."))  # fmt: skip
    elif problem:
        yield Finding(LOOK, "server", _("No server answers at %(address)s.", address=here), _("Run: relief serve"))
    else:
        yield Finding(OK, "server", _("The server at %(address)s answers and is ready.", address=here))
    if settings.public_url != "http://localhost:8000":
        yield from _public(settings.public_url)


def _public(address: str) -> Iterator[Finding]:
    problem = _ask(f"{address}/healthz")
    if problem:
        yield Finding(BROKEN, "address", _("%(address)s, which phones use, does not answer: %(problem)s.", address=address,
                                           problem=problem),
                      _("Check the name, the certificate, the proxy or tunnel, and that it leads to our port."))  # fmt: skip
    elif not address.startswith("https:"):
        yield Finding(LOOK, "address", _("Phones reach the server without HTTPS: no camera, and everybody can read along."),
                      _("Put a proxy or tunnel with HTTPS before it."))  # fmt: skip
    else:
        yield Finding(OK, "address", _("%(address)s answers, and its certificate is good.", address=address))


def _ask(address: str) -> str:
    """Return why an address does not answer as our server does, '' when it does."""
    try:
        with urllib.request.urlopen(address, timeout=ANSWER_SECONDS) as answer:
            return "" if b'"status"' in answer.read(1000) else _("something else answers")
    except urllib.error.HTTPError as error:
        with error:
            return f"HTTP {error.code}"
    except (OSError, ValueError) as error:
        return str(getattr(error, "reason", error))


def _is_served(settings: Settings) -> bool:
    if not (settings.instance / LOCK_FILE).exists():
        return False
    try:
        with only_server(settings.instance):
            return False
    except (ReliefError, OSError):
        return True
