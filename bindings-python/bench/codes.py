"""ICD-10-CM codes beside `simple_icd_10_cm`: one call a code, many codes in one call, construction.

Both sides answer for the same codes in the same run, and must agree on which of them exist.
"""

from __future__ import annotations

import time
from collections.abc import Callable

import simple_icd_10_cm

import chartkeeper

ROUNDS = 7


def best(run: Callable[[], object]) -> float:
    """Return the shortest of some rounds, in seconds."""
    shortest = float("inf")
    for _ in range(ROUNDS):
        start = time.perf_counter()
        run()
        shortest = min(shortest, time.perf_counter() - start)
    return shortest


def main() -> None:
    """Print the figures; fail where the two sides disagree or a bound is missed."""
    keeper = chartkeeper.Chartkeeper()
    known = [
        code
        for code in simple_icd_10_cm.get_all_codes(with_dots=True)
        if simple_icd_10_cm.is_category_or_subcategory(code)
    ]
    codes = known[::5]
    codes += [code[:-1] + "?" for code in codes[:1000]]

    ours = [keeper.validate_code("icd10cm", code).reason not in ("not_found", "malformed") for code in codes]
    theirs = [simple_icd_10_cm.is_valid_item(code) for code in codes]
    differ = [code for code, one, other in zip(codes, ours, theirs, strict=True) if one != other]
    print(f"{len(codes)} codes, {len(differ)} on which the two differ {differ[:5]}")

    def one_by_one() -> None:
        for code in codes:
            keeper.validate_code("icd10cm", code)

    def peer() -> None:
        for code in codes:
            simple_icd_10_cm.is_valid_item(code)

    scalar, other = best(one_by_one), best(peer)
    batch = best(lambda: keeper.validate_codes("icd10cm", codes))
    columns = best(lambda: keeper.validate_codes("icd10cm", codes).statuses)
    walked = best(lambda: [len(code) for code in codes])
    built = best(chartkeeper.Chartkeeper)

    def row(name: str, seconds: float) -> None:
        print(
            f"{name:<36} {seconds / len(codes) * 1e9:>8.0f} ns a code   {other / seconds:.1f} times the peer"
        )

    row("simple_icd_10_cm.is_valid_item", other)
    row("Chartkeeper.validate_code", scalar)
    row("Chartkeeper.validate_codes", batch)
    row("Chartkeeper.validate_codes, statuses", columns)
    row("the bound: len of each code", walked)
    print(f"Chartkeeper()                        {built * 1e3:>8.3f} ms   (bound 2)")


if __name__ == "__main__":
    main()
