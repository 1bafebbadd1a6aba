"""Writing stock down at the desk, where the page of what waits says that something is missing."""

from __future__ import annotations

from functools import partial

from flask import Blueprint, flash, redirect, request, url_for
from flask_babel import gettext as _
from marshmallow import fields, validate
from werkzeug.wrappers import Response

from relief.accounts import guards
from relief.accounts.schemas import FormSchema, read_form
from relief.kernel.errors import BadInput
from relief.office.acting import signed_in_act, signed_in_desk
from relief.office.noted_writing import write_noted
from relief.office.stock.writing import MOST_UNITS, StockNote, write_stock

blueprint = Blueprint("stock_desk", __name__, url_prefix="/operations/<operation_id>/stock")


class StockForm(FormSchema):
    """One movement or count."""

    way = fields.String(load_default="")
    item = fields.String(load_default="")
    site = fields.String(load_default="")
    quantity = fields.Integer(required=True, validate=validate.Range(0, MOST_UNITS))
    from_site = fields.String(load_default="")
    source = fields.String(load_default="")
    waybill = fields.String(load_default="", validate=validate.Length(max=200))


@blueprint.post("")
@guards.role("manager", "site_lead")
def write_down(operation_id: str) -> Response:
    """Write down what is missing in the stock of an item at a site, and go back to what waits."""
    form, problems = read_form(StockForm(), request.form)
    try:
        if problems:
            raise BadInput(_("Say how many, in whole units."), where="quantity")
        acting = signed_in_desk(operation_id)
        write_noted(signed_in_act(acting, "stock.written", form["way"]),
                    partial(write_stock, acting=acting, note=StockNote(**form)))  # fmt: skip
    except BadInput as error:
        flash(f"{error.message} " + _("Nothing was written down."), "bad")
    else:
        flash(_("Written down. The stock is reckoned anew."))
    return redirect(url_for("to_decide.show", operation_id=operation_id, kind="stock"), 303)
