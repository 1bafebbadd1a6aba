"""The answer to one record of a batch."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

ACCEPTED, ALREADY_THERE, FLAGGED, REFUSED, HELD = "accepted", "already_there", "flagged", "refused", "held"


@dataclass(slots=True)
class Verdict:
    """What the device is told of its record: `codes` say why, `mode` is `granted` for a granted ask, `detail` explains."""

    index: int
    id: str | None
    verdict: str
    codes: tuple[str, ...] = ()
    mode: str | None = None
    detail: Any = None

    def as_dict(self) -> dict[str, Any]:
        """Return the JSON form; what does not apply is left out."""
        body: dict[str, Any] = {"index": self.index, "id": self.id, "verdict": self.verdict, "codes": list(self.codes)}
        if self.mode is not None:
            body["mode"] = self.mode
        if self.detail is not None:
            body["detail"] = self.detail
        return body
