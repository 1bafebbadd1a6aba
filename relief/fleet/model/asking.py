"""May I? What an ask ought to be answered, from all that is known then."""

from __future__ import annotations

from relief.fleet.model.facts import distinct, effective_times, of_kind
from relief.fleet.model.families import Families
from relief.fleet.model.judging import Judging
from relief.operations.rules import Plan


def answer(plan: Plan, entries: list[dict], ask: dict, asked_at: int) -> list[str] | None:
    """Return why an ask (a record) must be refused at the server's moment `asked_at`; None: it must be granted.

    It is granted when, behind everything else, all of it is still entitled.
    """
    if any(ends(void, ask) for void in of_kind(entries, "void")):
        return ["ended"]
    tried = [*distinct(entries), {"id": ask["id"], "step": "given", "record": ask, "authority": "phone"}]
    when = effective_times(tried) | {ask["id"]: (asked_at, False)}
    standing = Judging(plan, tried, when, Families(tried, when), ask["id"]).standings[ask["id"]]
    return None if standing["entitled"] == ask["quantity"] else standing["codes"]


def ends(void: dict, ask: dict) -> bool:
    """Tell whether a void that came first says that it was not given."""
    record, led = void["record"], void["authority"]
    if (record["target"], record["cause"]) != (ask["id"], "not_given"):
        return False
    if led == "desk" or record["enrolment"] == ask["enrolment"]:
        return True
    return led != "phone" and (not led or ask["site"] in led)
