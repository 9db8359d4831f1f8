"""Claims in all situations that the sentences must get right: every kind of claim, from a census to nothing shown."""

from collections.abc import Iterator, Mapping
from dataclasses import replace

from mpi.claims import (
    Basis,
    Bundles,
    Claim,
    Contributions,
    Cutoffs,
    Deprivations,
    Errors,
    Headline,
    Lead,
    Member,
    Movement,
    Order,
    Ranking,
    Sampling,
    Tally,
)
from mpi.disclosure.figures import Figure

WHOLE = Sampling(way="design")
CENSUS = Sampling(way="census", strata=False, clustered=False)
BASIS = Basis(unit="persons", period="2025", k="1/3", level=0.95, sampling=WHOLE, judged=True)
COUNTED = replace(BASIS, sampling=CENSUS, judged=False)
HOUSEHOLDS = replace(BASIS, unit="households")
HIDDEN = Figure(standing="hidden", hidden_by="small_base")
IMPRECISE = Figure(standing="hidden", hidden_by="precision")
NOTHING = Figure()
H = Figure(value=0.0994, low=0.0952, high=0.1038, standing="shown", df=300)
A = Figure(value=0.4075, low=0.404, high=0.411, standing="shown", df=300)
M0 = Figure(value=0.0405, low=0.0388, high=0.0423, standing="shown", df=300)
POOR = Figure(value=5_285_734, low=5_049_615, high=5_521_854, standing="shown", df=300)
WEAK = Figure(value=0.123, low=0.05, high=0.24, standing="review", df=300)


def bare(estimate: Figure) -> Figure:
    """The estimate of a census: no interval, no degrees of freedom."""
    return Figure(value=estimate.value, standing=estimate.standing)


def moved(value: float, low: float, high: float, p: float, *ends: float) -> Figure:
    """A change that is shown, with its interval and its test; and the estimates of both rounds."""
    before, after = ends or (None, None)
    return Figure(value=value, low=low, high=high, standing="shown", p_adjusted=p, before=before, after=after)


def errors() -> Iterator[tuple[str, Claim]]:
    for strata in (True, False):
        for clustered in (True, False):
            yield (
                f"strata {strata}, PSUs {clustered}",
                Errors(Sampling(way="design", strata=strata, clustered=clustered)),
            )
    yield "calibrated", Errors(replace(WHOLE, calibrated=True))
    yield "fpc", Errors(replace(WHOLE, fpc=True))
    yield (
        "fpc and calibrated, no PSUs",
        Errors(Sampling(way="design", strata=True, clustered=False, fpc=True, calibrated=True)),
    )
    yield "census", Errors(CENSUS)
    yield "replicate weights", Errors(Sampling(way="replicates", strata=False, clustered=False))
    yield "jackknife", Errors(Sampling(way="jackknife"))
    yield "bootstrap, no strata", Errors(Sampling(way="bootstrap", strata=False))


def headlines() -> Iterator[tuple[str, Claim]]:
    yield "whole", Headline(BASIS, H, POOR, A, M0)
    yield "households", Headline(HOUSEHOLDS, H, POOR._replace(value=84_310, low=80_000, high=88_700), A, M0)
    yield "census", Headline(COUNTED, bare(H), bare(POOR), bare(A), bare(M0))
    yield (
        "census of whole millions",
        Headline(COUNTED, bare(H), Figure(value=2_000_000, standing="shown"), bare(A), bare(M0)),
    )
    yield "level of 90 %", Headline(replace(BASIS, level=0.9), H, POOR, A, M0)
    yield "caution", Headline(BASIS, *(one._replace(standing="caution") for one in (H, POOR, A, M0)))
    yield "unreliable", Headline(BASIS, *(one._replace(standing="review") for one in (H, POOR, A, M0)))
    yield (
        "unreliable, no interval",
        Headline(BASIS, *(bare(one)._replace(standing="review") for one in (H, POOR, A, M0))),
    )
    yield "all hidden", Headline(BASIS, HIDDEN, HIDDEN, HIDDEN, HIDDEN)
    yield "all left out by precision", Headline(BASIS, IMPRECISE, IMPRECISE, IMPRECISE, IMPRECISE)
    yield "A left out by precision", Headline(BASIS, H, POOR, IMPRECISE, M0)
    yield "no figure", Headline(BASIS, NOTHING, NOTHING, NOTHING, NOTHING)
    none, zero = Figure(value=0.0, low=0.0, high=0.012, standing="review", df=300), Figure(value=0.0, standing="review")
    yield "nobody poor", Headline(BASIS, none, zero, NOTHING, zero)
    yield "nobody poor, households", Headline(HOUSEHOLDS, none, zero, NOTHING, zero)
    yield "nobody poor, census", Headline(COUNTED, bare(none), bare(zero), NOTHING, bare(zero))
    every = Figure(value=1.0, low=0.988, high=1.0, standing="review", df=300)
    yield "everybody poor", Headline(BASIS, every, POOR, A, A)
    yield "everybody poor, households", Headline(HOUSEHOLDS, every, POOR, A, A)
    yield "everybody poor, census", Headline(COUNTED, Figure(value=1.0, standing="shown"), bare(POOR), bare(A), bare(A))


def leads() -> Iterator[tuple[str, Claim]]:
    fall = moved(-0.0154, -0.022, -0.009, 0.0001, 0.1148, 0.0994)
    none = Figure(value=0.0, low=0.0, high=0.012, standing="review", df=300)
    plain = Lead(basis=BASIS, incidence=H, poor=POOR)
    changed = replace(plain, change=fall, before="2024")
    cases = {
        "plain": plain,
        "fall": changed,
        "rise": replace(changed, change=moved(0.01, 0.005, 0.015, 0.001)),
        "no significant change": replace(changed, change=moved(0.002, -0.003, 0.007, 0.4)),
        "a change of nearly nothing": replace(changed, change=moved(-0.0004, -0.0006, -0.0002, 0.001)),
        "a change that is not tested": replace(changed, change=Figure(value=-0.0154, standing="shown")),
        "a change that is hidden": replace(changed, change=HIDDEN),
        "census": replace(changed, basis=COUNTED, incidence=bare(H), poor=bare(POOR), change=bare(fall)),
        "of a place": replace(changed, place="Antioquia"),
        "households": replace(plain, basis=HOUSEHOLDS, poor=Figure(value=1_285_734, standing="shown")),
        "households of a place": replace(plain, basis=HOUSEHOLDS, place="Antioquia"),
        "thousands": replace(plain, poor=Figure(value=812_345, standing="shown")),
        "a million but for rounding": replace(plain, poor=Figure(value=999_700, standing="shown")),
        "hundreds": replace(plain, poor=Figure(value=4_321, standing="shown")),
        "one": replace(plain, poor=Figure(value=1, standing="shown")),
        "unreliable": replace(plain, incidence=WEAK),
        "number hidden": replace(plain, poor=HIDDEN),
        "hidden": replace(plain, incidence=HIDDEN, poor=HIDDEN, change=HIDDEN, before="2024"),
        "hidden, of a place": replace(plain, incidence=IMPRECISE, poor=HIDDEN, place="Antioquia"),
        "no figure": replace(plain, incidence=NOTHING, poor=NOTHING),
        "nobody": replace(plain, incidence=none, poor=Figure(value=0.0, standing="review")),
        "nobody of a place, households": replace(plain, basis=HOUSEHOLDS, incidence=none, place="Antioquia"),
        "nobody of a census": replace(plain, basis=COUNTED, incidence=bare(none), poor=Figure(value=0.0)),
    }
    for name, claim in cases.items():
        yield name, claim
        yield f"{name}, short", replace(claim, short=True)


def movements() -> Iterator[tuple[str, Claim]]:
    fall = moved(-0.0154, -0.022, -0.009, 0.0001, 0.1148, 0.0994)
    changes: Mapping[str, tuple[Basis, str, Figure]] = {
        "fall that does not add up": (BASIS, "H", fall),
        "fall that adds up": (BASIS, "H", fall._replace(value=-0.016, before=0.115, after=0.099)),
        "rise": (BASIS, "A", moved(0.02, 0.01, 0.03, 0.001, 0.40, 0.42)),
        "rise of one point": (BASIS, "H", moved(0.01, 0.005, 0.015, 0.001, 0.10, 0.11)),
        "fall of M0": (BASIS, "M0", moved(-0.006, -0.009, -0.003, 0.001, 0.047, 0.041)),
        "no significant change": (BASIS, "H", moved(0.002, -0.003, 0.007, 0.4, 0.4, 0.402)),
        "an end near 0": (BASIS, "H", moved(-0.004, -0.0077, -0.0004, 0.03, 0.104, 0.1)),
        "unreliable": (BASIS, "H", fall._replace(standing="review")),
        "use with caution": (BASIS, "H", fall._replace(standing="caution")),
        "no errors": (BASIS, "H", Figure(value=-0.0154, standing="shown", before=0.1148, after=0.0994)),
        "census": (COUNTED, "H", Figure(value=-0.0154, standing="shown", before=0.1148, after=0.0994)),
        "the same": (COUNTED, "H", Figure(value=0.0, standing="shown", before=0.1, after=0.1)),
        "hidden": (BASIS, "H", Figure(standing="hidden", hidden_by="hidden_round")),
        "left out by precision": (BASIS, "A", Figure(standing="hidden", hidden_by="precision")),
        "no figure": (BASIS, "M0", Figure()),
    }
    for short in (False, True):
        for name, (basis, statistic, change) in changes.items():
            yield f"{name}{', short' if short else ''}", Movement(basis, statistic, change, "2024", short=short)


def of(name: str, estimate: Figure) -> Member:
    return Member(name.lower(), name, estimate)


def around(value: float, standing: str = "shown", df: int | None = 60, width: float = 0.02) -> Figure:
    return Figure(value=value, low=value - width, high=value + width, standing=standing, df=df)


NORTH, SOUTH, EAST = of("Norte", around(0.30)), of("Sur", around(0.20)), of("Este", around(0.10))
WEST = of("Oeste", around(0.29))


def p_values(*pairs: tuple[Member, Member, float]) -> dict[frozenset[str], float]:
    return {frozenset((one.code, other.code)): p for one, other, p in pairs}


def rankings() -> Iterator[tuple[str, Claim]]:
    three = (NORTH, SOUTH, EAST)
    sure = p_values(
        (NORTH, SOUTH, 0.001),
        (NORTH, EAST, 0.0001),
        (SOUTH, EAST, 0.002),
        (NORTH, WEST, 0.6),
        (WEST, SOUTH, 0.01),
        (WEST, EAST, 0.01),
    )

    def both(
        name: str,
        *members: Member,
        tests: Mapping[frozenset[str], float] | None = sure,
        basis: Basis = BASIS,
        statistic: str = "H",
    ) -> Iterator[tuple[str, Claim]]:
        for kind in ("group", "area"):
            yield f"{name}, {kind}s", Ranking(basis, statistic, members, tests, kind)  # type: ignore[arg-type]

    hidden, weak, empty = of("Isla", HIDDEN), of("Costa", IMPRECISE), of("Selva", NOTHING)
    yield from both("three", *three)
    yield from both("three, of M0", *three, statistic="M0")
    yield from both("three, of A", *three, statistic="A")
    yield from both("three, not tested", *three, tests=None)
    yield from both("four, two of them alike", NORTH, WEST, SOUTH, EAST)
    yield from both("five, all alike", *(of(f"Zona {i}", around(0.1 + i / 1000)) for i in range(5)), tests={})
    yield from both("two", NORTH, SOUTH)
    yield from both("two alike", NORTH, WEST)
    yield from both("two, not tested", NORTH, WEST, tests=None)
    yield from both("two shown of three", NORTH, SOUTH, hidden)
    yield from both("one", NORTH)
    yield from both("one shown of three", NORTH, hidden, weak)
    yield from both("none")
    yield from both("one, hidden", hidden)
    yield from both("all hidden", *(of(f"Zona {i}", HIDDEN) for i in range(5)))
    yield from both("all left out by precision", *(of(f"Zona {i}", IMPRECISE) for i in range(5)))
    yield from both("all hidden, for two reasons", hidden, weak)
    yield from both("no figures at all", empty, of("Puna", NOTHING))
    yield from both("some hidden", *three, hidden, of("Delta", HIDDEN), weak)
    yield from both("one hidden, one without a figure", *three, hidden, empty)
    yield from both("only one without a figure", *three, empty)
    vacant = [of(name, Figure(n=0, note="no unit")) for name in ("Islas", "Atolón", "Puna", "Mesa")]
    yield from both("one with nobody", *three, vacant[0])
    yield from both("four with nobody", *three, *vacant)
    yield from both("one with nobody, one hidden, one without a figure", *three, vacant[0], hidden, empty)
    yield from both("one, and one with nobody", NORTH, vacant[0])
    yield from both("nobody anywhere", *vacant)
    yield from both(
        "an unreliable one beyond each end",
        *three,
        of("Alta", around(0.6, "review")),
        of("Baja", around(0.02, "review")),
    )
    yield from both(
        "unreliable ones within", *three, of("Media", around(0.21, "review")), of("Otra", around(0.22, "review"))
    )
    yield from both("few degrees of freedom", *three, of("Lejana", around(0.8, df=3)), of("Cerca", around(0.2, df=5)))
    yield from both("five beyond", *three, *(of(f"Alta {i}", around(0.6 + i / 100, "review")) for i in range(5)))
    yield from both(
        "use with caution", *(replace(one, estimate=one.estimate._replace(standing="caution")) for one in three)
    )
    yield from both("all unreliable", *(of(f"Zona {i}", around(0.1 + i / 100, "review")) for i in range(5)))
    yield from both("all of few degrees of freedom", *(of(f"Zona {i}", around(0.1 + i / 100, df=2)) for i in range(5)))
    yield from both("one reliable of three", NORTH, of("Media", around(0.21, "review")), hidden)
    yield from both("one unreliable shown of two", of("Media", around(0.21, "review")), hidden)
    yield from both("census", *(of(one.name, bare(one.estimate)) for one in three), tests=None, basis=COUNTED)
    yield from both(
        "census, shared ends",
        *(
            of(name, Figure(value=value, standing="shown"))
            for name, value in (
                ("Norte", 1.0),
                ("Sur", 1.0),
                ("Este", 0.5),
                ("Oeste", 0.0),
                ("Centro", 0.0),
                ("Isla", 0.0),
                ("Costa", 0.0),
                ("Selva", 0.0),
            )
        ),
        tests=None,
        basis=COUNTED,
    )
    yield from both(
        "census, two equal",
        *(of(name, Figure(value=0.25, standing="shown")) for name in ("Norte", "Sur")),
        tests=None,
        basis=COUNTED,
    )
    yield from both(
        "census, all equal",
        *(of(name, Figure(value=0.0, standing="shown")) for name in "ABC"),
        tests=None,
        basis=COUNTED,
    )
    yield from both("not judged", *three, basis=replace(BASIS, judged=False))
    yield from both(
        "a thousand",
        *(of(f"Zona {i:04}", around(i / 2000, "shown" if i % 2 else "review", width=0.0001)) for i in range(1200)),
        tests=None,
    )


def parts() -> Iterator[tuple[str, Claim]]:
    rates = (
        of("Trabajo informal", around(0.0975)),
        of("Bajo logro educativo", around(0.091)),
        of("Rezago escolar", around(0.057)),
        of("Analfabetismo", around(0.02)),
    )
    nobody = H._replace(value=0.0, low=0.0, high=0.01)
    for short in (False, True):
        end = ", short" if short else ""
        yield f"four{end}", Deprivations(BASIS, H, rates, short=short)
        yield f"households{end}", Deprivations(HOUSEHOLDS, H, rates, short=short)
        yield (
            f"census{end}",
            Deprivations(COUNTED, bare(H), tuple(of(r.name, bare(r.estimate)) for r in rates), short=short),
        )
        yield (
            f"some hidden{end}",
            Deprivations(BASIS, H, (*rates, of("Paredes", HIDDEN), of("Pisos", NOTHING)), short=short),
        )
        yield f"one hidden{end}", Deprivations(BASIS, H, (*rates, of("Paredes", HIDDEN)), short=short)
        yield f"H hidden{end}", Deprivations(BASIS, HIDDEN, rates, short=short)
        yield f"one alone{end}", Deprivations(BASIS, H, rates[:1], short=short)
        yield f"one with anybody{end}", Deprivations(BASIS, H, (rates[0], of("Pisos", around(0.0))), short=short)
        yield f"all hidden{end}", Deprivations(BASIS, H, (of("Paredes", HIDDEN),), short=short)
        yield (
            f"nobody poor{end}",
            Deprivations(BASIS, nobody, tuple(of(r.name, around(0.0)) for r in rates), short=short),
        )
        yield f"unreliable{end}", Deprivations(BASIS, WEAK, tuple(of(r.name, WEAK) for r in rates), short=short)
    share = around(0.333, width=0.01)
    dimensions = (of("Educación", share), of("Trabajo", around(0.3)), of("Salud", around(0.2)))
    yield "contributions", Contributions(BASIS, dimensions)
    yield "contributions, two equal", Contributions(BASIS, (of("Educación", share), of("Trabajo", share)))
    yield "contributions, one dimension", Contributions(BASIS, (of("Educación", around(1.0)),))
    yield "contributions, one hidden", Contributions(BASIS, (*dimensions, of("Vivienda", HIDDEN)))
    yield "contributions, all hidden", Contributions(BASIS, (of("Educación", HIDDEN), of("Salud", HIDDEN)))
    yield "contributions, nobody poor", Contributions(BASIS, (of("Educación", NOTHING), of("Salud", NOTHING)))
    yield "contributions, unreliable", Contributions(BASIS, (of("Educación", WEAK), of("Salud", around(0.01))))
    bundles = ((("Bajo logro educativo", "Trabajo informal"), 0.32), (("Trabajo informal",), 0.2), (("Pisos",), 0.1))
    yield "bundles", Bundles(BASIS, bundles, 0)
    yield "bundles, some hidden", Bundles(BASIS, bundles, 4)
    yield "bundles, one of one indicator", Bundles(BASIS, bundles[1:2], 0)
    yield "bundles, census", Bundles(COUNTED, bundles, 0)
    yield "bundles, all hidden", Bundles(BASIS, (), 12)
    yield "bundles, nobody poor", Bundles(BASIS, (), 0)


def tallies() -> Iterator[tuple[str, Claim]]:
    fall, rise = moved(-0.02, -0.03, -0.01, 0.001), moved(0.02, 0.01, 0.03, 0.001)
    same, down = moved(-0.001, -0.01, 0.008, 0.8), Figure(value=-0.01, standing="shown")
    up, equal = Figure(value=0.01, standing="shown"), Figure(value=0.0, standing="shown")
    lost = Figure(standing="hidden", hidden_by="small_base")

    def some(**found: Figure) -> tuple[tuple[str, Figure], ...]:
        return tuple(found.items())

    many = tuple((f"Indicador {i}", fall if i < 10 else same) for i in range(15))
    yield "many fell, some stayed", Tally(BASIS, "censored_headcount", many, "2024", "indicator")
    yield "two fell", Tally(BASIS, "H", some(Cabecera=fall, Rural=fall), "2024")
    yield "each way", Tally(BASIS, "H", some(Norte=fall, Sur=rise, Este=same, Oeste=lost), "2024")
    yield "all stayed", Tally(BASIS, "H", some(Norte=same, Sur=same), "2024")
    yield "all hidden", Tally(BASIS, "H", some(Norte=lost, Sur=lost), "2024")
    yield "census", Tally(COUNTED, "H", some(Norte=down, Sur=up, Este=equal), "2024")
    yield "no errors", Tally(BASIS, "H", some(Norte=down, Sur=up, Este=equal), "2024")
    yield "one indicator", Tally(BASIS, "censored_headcount", some(Pisos=rise), "2024", "indicator")
    yield "none", Tally(BASIS, "H", (), "2024")


def stabilities() -> Iterator[tuple[str, Claim]]:
    ladder = (("1/5", around(0.3)), ("1/3", H), ("1/2", around(0.02)))
    yield "cutoffs", Cutoffs(BASIS, ladder)
    yield "cutoffs, official", Cutoffs(replace(BASIS, official=True), ladder)
    yield "cutoffs, one shown", Cutoffs(BASIS, (("1/5", HIDDEN), ("1/3", H)))
    yield "cutoffs, none shown", Cutoffs(BASIS, (("1/5", HIDDEN), ("1/3", HIDDEN)))
    yield "order", Order(basis=BASIS, groups=33, all_groups=33, sure=300, least=0.701)
    yield "order, some hidden", Order(basis=BASIS, groups=5, all_groups=19, sure=10, least=1.0)
    yield (
        "order, some without a figure at some cutoff",
        Order(basis=BASIS, groups=5, all_groups=19, sure=9, least=1.0, whole=False),
    )
    yield "order, census", Order(basis=COUNTED, groups=33, all_groups=33, sure=300, least=0.701)
    yield "order, one group", Order(basis=BASIS, groups=1, all_groups=19, sure=0, least=None)
    yield "order, none", Order(basis=BASIS, groups=0, all_groups=19, sure=0, least=None)


def situations() -> Iterator[tuple[str, Claim]]:
    """Every situation with its name; names are unique."""
    for kind in (errors, headlines, leads, movements, rankings, parts, tallies, stabilities):
        for name, claim in kind():
            yield f"{type(claim).__name__}: {name}", claim
