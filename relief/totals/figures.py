"""The shapes of the totals: plain frozen values, the same for board, report, CSV and JSON.

Units stand in the names: `people`, `households`, `handovers`; `given`, `excess`, `unknown` are quantities in the item's
own unit. An empty id stands for *unknown* (an area nobody wrote down), which is a row of its own.
"""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Quantity:
    """What left the table and stands; `excess` and `unknown` (on cards with no household) are part of `given`."""

    given: int = 0
    excess: int = 0
    unknown: int = 0
    handovers: int = 0

    @property
    def entitled(self) -> int:
        return self.given - self.excess - self.unknown

    def __add__(self, other: Quantity) -> Quantity:
        return Quantity(self.given + other.given, self.excess + other.excess,
                        self.unknown + other.unknown, self.handovers + other.handovers)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Part:
    """One row of a breakdown of people: its key (a sex, an age band ...) and how many people."""

    key: str
    people: int


@dataclass(frozen=True, slots=True)
class SexByAge:
    """One sex's row: `people` in the order of AGE_BANDS, and their sum."""

    sex: str
    people: tuple[int, ...]
    total: int


@dataclass(frozen=True, slots=True)
class PeopleFigures:
    """Distinct people reached by one item (`item` = `*`: the union over all). Every breakdown sums to `people`."""

    item: str
    people: int = 0
    by_sex: tuple[Part, ...] = ()
    by_age: tuple[Part, ...] = ()
    by_disability: tuple[Part, ...] = ()
    by_minority: tuple[Part, ...] = ()
    by_area: tuple[Part, ...] = ()
    by_sex_and_age: tuple[SexByAge, ...] = ()


@dataclass(frozen=True, slots=True)
class ItemFigures:
    """One item over the whole operation. `target` is that of the indicator that counts people by this item alone."""

    item: str
    label: str
    unit: str
    service: bool
    sensitive: bool
    quantity: Quantity
    people: int
    households: int
    target: int | None = None
    target_unit: str | None = None
    percent: int | None = None
    waiting: int = 0
    refused: int = 0
    voided: int = 0
    lost: int = 0


@dataclass(frozen=True, slots=True)
class ItemCell:
    """One item at one place or on one day; `people` are distinct within that place or day, None for an area: not counted so."""

    item: str
    label: str
    unit: str
    quantity: Quantity
    people: int | None


@dataclass(frozen=True, slots=True)
class SiteFigures:
    """One site: distinct people within it, and its items."""

    site: str
    label: str
    area: str
    people: int
    handovers: int
    items: tuple[ItemCell, ...]


@dataclass(frozen=True, slots=True)
class AreaFigures:
    """One area with everything below it. People by the area they are registered in; quantities by the site's area."""

    area: str
    label: str
    depth: int
    p_code: str | None
    people: int
    handovers: int
    items: tuple[ItemCell, ...]


@dataclass(frozen=True, slots=True)
class DayFigures:
    """One local day: distinct people within it, and its items."""

    day: str
    people: int
    handovers: int
    items: tuple[ItemCell, ...]


@dataclass(frozen=True, slots=True)
class PlaceDay:
    """Quantity of one item at one site on one day."""

    site: str
    site_label: str
    day: str
    item: str
    item_label: str
    unit: str
    quantity: Quantity


@dataclass(frozen=True, slots=True)
class ContactFigures:
    """People without a card met by one item: counted as told, never de-duplicated, never added to people assisted."""

    item: str
    label: str
    people: int
    events: int
    quantity: int
    unit: str
    by_sex: tuple[Part, ...] = ()
    by_age: tuple[Part, ...] = ()


@dataclass(frozen=True, slots=True)
class IndicatorFigures:
    """One indicator: numeric ones have an `actual`, qualitative ones a `statement`. `percent` is rounded down."""

    indicator: str
    title: str
    unit: str
    source: str
    sector: str
    target: int | None
    actual: int | None
    percent: int | None
    statement: str | None = None
    comment: str | None = None


@dataclass(frozen=True, slots=True)
class Registered:
    """Whom the lists hold, before anything was given."""

    households: int = 0
    people: int = 0
    households_approved: int = 0
    people_approved: int = 0
    households_withdrawn: int = 0
    households_not_approved: int = 0


@dataclass(frozen=True, slots=True)
class Coded:
    """How many of one coded thing (cards by state, cases by code, families not served by cause)."""

    code: str
    count: int


@dataclass(frozen=True, slots=True)
class Figures:
    """All totals of an operation at one ledger position."""

    people: PeopleFigures
    households: int
    handovers: int
    people_by_item: tuple[PeopleFigures, ...] = ()
    items: tuple[ItemFigures, ...] = ()
    sites: tuple[SiteFigures, ...] = ()
    areas: tuple[AreaFigures, ...] = ()
    days: tuple[DayFigures, ...] = ()
    places_and_days: tuple[PlaceDay, ...] = ()
    contacts: tuple[ContactFigures, ...] = ()
    indicators: tuple[IndicatorFigures, ...] = ()
    registered: Registered = field(default_factory=Registered)
    cards: tuple[Coded, ...] = ()
    cases: tuple[Coded, ...] = ()
    not_served: tuple[Coded, ...] = ()
    unsure_times: int = 0


@dataclass(frozen=True, slots=True)
class ToDecide:
    """What waits for a person, in the lists of the same names that the office decides on.

    `cases` of families and cards, `causes` (rounds and sites with hand-overs outside their dates), `grants` open for a day,
    `held` records. The office's lists of stock and of numbers used twice are too dear for totals that are asked every two
    seconds; so there is no sum here that could contradict the office's.
    """

    cases: int = 0
    causes: int = 0
    grants: int = 0
    held: int = 0

    @property
    def anything(self) -> bool:
        return bool(self.cases or self.causes or self.grants or self.held)


@dataclass(frozen=True, slots=True)
class SilentPhone:
    """A phone not heard for longer than the setting allows. `heard_at` in UTC seconds; `waiting` records it last told of."""

    label: str
    heard_at: int
    waiting: int


@dataclass(frozen=True, slots=True)
class Completeness:
    """What may be missing from the totals: silent phones, records known to wait on phones, gaps in what has arrived."""

    phones: int = 0
    silent: tuple[SilentPhone, ...] = ()
    waiting: int = 0
    on_phone_shelf: int = 0
    missing: int = 0
    phones_with_gaps: int = 0
    lost_heads: int = 0

    @property
    def complete(self) -> bool:
        return not (self.silent or self.waiting or self.missing or self.lost_heads)

    @property
    def heard_at(self) -> int | None:
        """Since when the longest silent phone has not been heard, in UTC seconds."""
        return min((phone.heard_at for phone in self.silent), default=None)
