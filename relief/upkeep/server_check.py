"""Whether the server answers, here and at the address that phones use."""

from __future__ import annotations

import urllib.error
import urllib.request
from collections.abc import Iterator

from flask_babel import gettext as _

from relief.settings import Settings, own_address
from relief.upkeep.finding import BROKEN, LOOK, OK, Finding
from relief.web.server import ADDRESS_FILE, address_of, is_served

ANSWER_SECONDS = 5


def check_server(settings: Settings) -> Iterator[Finding]:
    asked = [(here, _ask(f"{here}/healthz") or _ask(f"{here}/readyz")) for here in _addresses(settings)]
    here, problem = next((pair for pair in asked if not pair[1]), asked[0])
    if problem and is_served(settings.instance):
        yield Finding(BROKEN, "server", _("A server holds this folder, but %(address)s does not answer: %(problem)s.",
                                          address=here, problem=problem),
                      _("See its log. serve.lock holds its process number."))  # fmt: skip
    elif problem:
        yield Finding(LOOK, "server", _("No server answers at %(address)s.", address=here), _("Start it:"), "relief serve")
    else:
        yield Finding(OK, "server", _("The server at %(address)s answers and is ready.", address=here))
    if settings.public_url != own_address(settings.port):
        yield from _public(settings.public_url)


def _addresses(settings: Settings) -> list[str]:
    """Return where the server last said that it listens, and where the settings say it does."""
    said = settings.instance / ADDRESS_FILE
    noted = said.read_text(encoding="utf-8").split() if said.is_file() else []
    return list(dict.fromkeys([*noted, address_of(settings.host, settings.port)]))


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
