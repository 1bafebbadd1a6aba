"""The report of an operation from what was read for it: one section after another, then the footnotes."""

from __future__ import annotations

from flask_babel import gettext as _

from relief.kernel.ids import to_text
from relief.reports import annexes, opening
from relief.reports.contradictions import contradictions
from relief.reports.document import Document, Meta
from relief.reports.implementation import implementation
from relief.reports.money import financial_report
from relief.reports.outline import in_order
from relief.reports.queries import Material
from relief.reports.sources import footnotes_of

BUILDERS = (
    opening.key_facts, opening.description_of_the_event, opening.operational_strategy, opening.targeting_strategy,
    opening.total_targeted_population, implementation, financial_report, opening.people_in_charge, contradictions,
    annexes.completeness, annexes.distribution, annexes.stock, annexes.provenance,
)  # fmt: skip


def build_report(material: Material) -> Document:
    """Return the internal edition: exact figures, sensitive items under their own name."""
    built = [build(material) for build in BUILDERS]
    sections = in_order({section.key: section for section in built})
    title = _("DREF final report: %(title)s", title=material.totals.operation.title)
    return Document(title, _meta(material), sections, footnotes_of(sections))


def _meta(material: Material) -> Meta:
    totals = material.totals
    operation = totals.operation
    return Meta(
        code=operation.code, operation_id=to_text(operation.id), operation_title=operation.title,
        national_society=operation.national_society, edition="internal", demo=operation.demo, zone=totals.zone,
        as_of=material.as_of, made_at=totals.as_of, ledger_id=totals.ledger_id, position=totals.position, head=totals.head,
        signature=totals.signature, key_id=totals.key_id, plan_version=totals.plan.version,
    )  # fmt: skip
