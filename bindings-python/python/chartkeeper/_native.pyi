"""
The compiled part of the package `chartkeeper`, which re-exports what is public.
"""

from _typeshed import SupportsLenAndGetItem
from chartkeeper.columns import ArrowArray, ArrowStream
from chartkeeper.documents import AnonymizeTableRequest, AssessRiskRequest, Authority, Claim, Known, LetterFacts, PackRequest, ReadRecordsRequest, ReidentifyRequest, Request, TableMap
from collections.abc import Callable, Iterator, Sequence
from os import PathLike
from typing import Any, BinaryIO, SupportsFloat, SupportsIndex, final

__all__ = ["AccountingEntry", "AnonymizedTable", "AttackerRisk", "ChartEntry", "ChartField", "Chartkeeper", "Checkpoint", "ClaimFinding", "CodeDiff", "CodeHit", "CodeInfo", "CodeName", "CodeRelation", "ColumnLevel", "Decision", "Defect", "Deidentified", "DeidentifiedText", "DeidentifiedTexts", "DocumentCheck", "FhirCopy", "Finding", "FolderProgress", "FolderReport", "FoundIdentifiers", "IdentifierSpan", "LawDiff", "Ledger", "Letter", "LetterSection", "Loss", "ManifestEntry", "MissingFact", "MissingFacts", "Note", "NoteEvidence", "Obligation", "Origin", "PackInfo", "Progress", "Reason", "Receipt", "Record", "Records", "RefusedRecord", "Reidentified", "Released", "Retitled", "RiskReport", "SegmentDecision", "SegmentDiff", "SensitiveRisk", "SuggestedCode", "TextChange", "TextRange", "UnchartedPart", "UnitConversion", "Vault", "Verdict", "VerdictIterator", "Verdicts", "Verification", "read_records"]

@final
class AccountingEntry:
    """
    One disclosure of an accounting (45 CFR 164.528(b)(2)).
    """
    def __eq__(self, value: object, /) -> bool: ...
    def __ne__(self, value: object, /) -> bool: ...
    def __repr__(self, /) -> str: ...
    @property
    def address(self, /) -> str | None:
        """
        The recipient's address, where it is known.
        """
    @property
    def date(self, /) -> str:
        """
        When it was made; of several, the earliest.
        """
    @property
    def description(self, /) -> str:
        """
        What was disclosed; of several, by the first.
        """
    @property
    def disclosures(self, /) -> int:
        """
        How many disclosures it stands for.
        """
    @property
    def index(self, /) -> int:
        """
        Place of the entry in the ledger; of several, of the first.
        """
    @property
    def last_date(self, /) -> str | None:
        """
        The date of the last of several.
        """
    @property
    def purpose(self, /) -> str:
        """
        Why.
        """
    @property
    def recipient(self, /) -> str:
        """
        Who received it.
        """

@final
class AnonymizedTable:
    """
    A table that meets the demands.
    """
    def __eq__(self, value: object, /) -> bool: ...
    def __ne__(self, value: object, /) -> bool: ...
    def __repr__(self, /) -> str: ...
    @property
    def after(self, /) -> RiskReport:
        """
        The risk after, without the suppressed rows.
        """
    @property
    def before(self, /) -> RiskReport:
        """
        The risk before.
        """
    @property
    def checks(self, /) -> int:
        """
        Choices of levels that were checked.
        """
    @property
    def choices(self, /) -> int:
        """
        Choices of levels that there are.
        """
    @property
    def levels(self, /) -> tuple[ColumnLevel, ...]:
        """
        What became of the quasi-identifiers.
        """
    @property
    def loss(self, /) -> float:
        """
        The mean of their losses, 0 to 1: a cell loses the part of its column's domain that its value
        covers, and a suppressed one everything.
        """
    @property
    def optimal(self, /) -> bool:
        """
        Whether no other choice of levels loses less; false where the checks ended first.
        """
    @property
    def output(self, /) -> str:
        """
        The table as text, rows in their order. A suppressed row has `*` in every quasi-identifier.
        """
    @property
    def report(self, /) -> str:
        """
        All of it for people, in Markdown. It holds no value of the table.
        """
    @property
    def rows(self, /) -> int:
        """
        Rows.
        """
    @property
    def suppressed(self, /) -> int:
        """
        Rows that were suppressed.
        """

@final
class AttackerRisk:
    """
    What an attacker can expect.
    """
    def __eq__(self, value: object, /) -> bool: ...
    def __ne__(self, value: object, /) -> bool: ...
    def __repr__(self, /) -> str: ...
    @property
    def at_risk(self, /) -> float:
        """
        The part of the rows whose risk is above the threshold.
        """
    @property
    def average(self, /) -> float:
        """
        The mean of all rows: what a marketer can expect to get right.
        """
    @property
    def highest(self, /) -> float:
        """
        The risk of the row that is easiest to attribute, 0 to 1.
        """

@final
class ChartEntry:
    """
    One entry of a chart: a person, an encounter, a condition, a result ...
    """
    def __eq__(self, value: object, /) -> bool: ...
    def __ne__(self, value: object, /) -> bool: ...
    def __repr__(self, /) -> str: ...
    @property
    def fields(self, /) -> tuple[ChartField, ...]:
        """
        Its fields in source order, containers before their parts.
        """
    @property
    def id(self, /) -> str | None:
        """
        The id under which the system that made the record knows it.
        """
    @property
    def kind(self, /) -> str:
        """
        What it is, such as `person` or `medication`.
        """
    @property
    def native_type(self, /) -> str | None:
        """
        The format's name for its type, such as `MedicationRequest`.
        """
    @property
    def path(self, /) -> str:
        """
        Native path.
        """
    @property
    def span(self, /) -> tuple[int, int]:
        """
        Bytes of the source: the first, and the one after the last.
        """

@final
class ChartField:
    """
    One field of a chart entry. Its text is the patient's, and `repr` does not show it.
    """
    def __eq__(self, value: object, /) -> bool: ...
    def __ne__(self, value: object, /) -> bool: ...
    def __repr__(self, /) -> str: ...
    @property
    def label(self, /) -> str:
        """
        What it holds, such as `name` or `code`; de-identification reads this.
        """
    @property
    def name(self, /) -> str:
        """
        What it is to the entry, such as `birth_date` or `code.system`.
        """
    @property
    def path(self, /) -> str:
        """
        Native path.
        """
    @property
    def span(self, /) -> tuple[int, int]:
        """
        Bytes of the source: the first, and the one after the last.
        """
    @property
    def text(self, /) -> str | None:
        """
        Its text, where it is a leaf.
        """

@final
class Chartkeeper:
    """
    The library's knowledge, ready for use. Build it once and share it: it never changes and any thread may use it.
    """
    def __new__(cls, /, packs: Sequence[bytes | bytearray] = ...) -> Chartkeeper:
        """
        With the embedded packs, and with `packs` that you bring, each as the bytes of its file.

        Raises `PackError`.
        """
    def __repr__(self, /) -> str: ...
    def accounting_json(self, /, request: str) -> str:
        """
        The JSON twin of `Ledger.accounting`: `{ledger, signing_key?, patient, as_of, years?, summarise?}` to a list of
        `AccountingEntry`.
        """
    def anonymize_table(self, /, request: AnonymizeTableRequest) -> AnonymizedTable:
        """
        A table generalised so far that it meets the demands, with the least loss that was found. Raises `ArgumentError`.
        """
    def anonymize_table_json(self, /, request: str) -> str:
        """
        The JSON twin of `anonymize_table`: an `AnonymizeTableRequest` to a `AnonymizedTable`.
        """
    def assess_risk(self, /, request: AssessRiskRequest) -> RiskReport:
        """
        How likely rows of a table can be attributed to a person. Raises `ArgumentError`.
        """
    def assess_risk_json(self, /, request: str) -> str:
        """
        The JSON twin of `assess_risk`: an `AssessRiskRequest` to a `RiskReport`.
        """
    def chart_json(self, /, request: str) -> str:
        """
        The JSON twin of `Record.chart`: `{source, format?}` to a list of `ChartEntry`.
        """
    def check(self, /, record: Record, *, as_of: str) -> list[Finding]:
        """
        What is wrong, missing or out of order in a record, in source order.

        `as_of` is the day of the check (`YYYY-MM-DD`): what lies after it is in the future. Raises `ArgumentError`.
        """
    def check_authorization(self, /, authorization: Authority, *, on: str, jurisdictions: Sequence[str] = ...) -> DocumentCheck:
        """
        What a document that a requester relies on comes to on a day: every element that is not as the law wants it, with its
        paragraph.

        Raises `ArgumentError`.
        """
    def check_authorization_json(self, /, request: str) -> str:
        """
        The JSON twin of `check_authorization`: `{authorization, on, jurisdictions?}` to a `DocumentCheck`.
        """
    def check_claim(self, /, claim: Claim) -> list[ClaimFinding]:
        """
        Codes of a claim or an encounter that must or must not stand together, first, or in its setting.

        Each finding cites its list and release; a rule whose list is not loaded is said to be not examined. Raises
        `ArgumentError`.
        """
    def check_claim_json(self, /, request: str) -> str:
        """
        The JSON twin of `check_claim`: a `Claim` to a list of `ClaimFinding`.
        """
    def check_json(self, /, request: str) -> str:
        """
        The JSON twin of `check`: `{source, format?, as_of}` to a list of `Finding`.
        """
    def check_suggested_codes(self, /, note: str, codes: Sequence[str], *, on: str | None = None) -> list[SuggestedCode]:
        """
        Codes that a person or a model proposes for a note: whether each is valid, specific, said by the note (with the
        places), contradicted by it, or in conflict with another.

        Raises `ArgumentError` or `LimitError`.
        """
    def check_suggested_codes_json(self, /, request: str) -> str:
        """
        The JSON twin of `check_suggested_codes`: `{note, codes, on?}` to a list of `SuggestedCode`.
        """
    def checkpoint_json(self, /, request: str) -> str:
        """
        The JSON twin of `Ledger.checkpoint`: `{ledger, signing_key?}` to a `Checkpoint`.
        """
    def code(self, /, system: str, code: str, *, on: str | None = None) -> CodeInfo | None:
        """
        What a release says of one code: title, place in the list, 7th characters, and every note that holds for it.

        `None` where the release has no such code. Raises `ArgumentError`.
        """
    def code_json(self, /, request: str) -> str:
        """
        The JSON twin of `code`: `{system, code, on?}` to a `CodeInfo` or null.
        """
    @staticmethod
    def compile_pack(source: bytes | bytearray, request: PackRequest) -> bytes:
        """
        The bytes of the pack that an agency's own file makes, for the constructor.

        Raises `ArgumentError` or `PackError`, with the line where the file goes wrong.
        """
    def compile_pack_json(self, /, request: str) -> str:
        """
        The JSON twin of `compile_pack`: `{source, request}` to `{pack}`, both in base64.
        """
    def convert_unit(self, /, value: SupportsFloat | SupportsIndex, from_unit: str, to_unit: str) -> UnitConversion:
        """
        A value of one unit of measure (UCUM) in another.

        Raises `ArgumentError`.
        """
    def convert_unit_json(self, /, request: str) -> str:
        """
        The JSON twin of `convert_unit`: `{value, from, to}` to a `UnitConversion`.
        """
    def decide(self, /, request: Request, record: Record) -> Decision:
        """
        Decides a request for the record segment by segment, without cutting a copy.

        Raises `ArgumentError` where the request is not of the shape of `chartkeeper.documents.Request`.
        """
    def decide_json(self, /, request: str) -> str:
        """
        The JSON twin of `decide`: `{source, format?, request}` to a `Decision`.
        """
    def decrypt(self, /, policy: str, key: bytes | bytearray, request: ReidentifyRequest, ledger: Ledger) -> Reidentified:
        """
        The value of a text that a policy encrypted with a key, as it stands in an output (`enc1.…`): it is the token of the
        request. The ledger is written before the value is handed out.

        Raises `PolicyError`, `ArgumentError` or `LedgerError`; with an error no value is handed out.
        """
    def decrypt_json(self, /, request: str) -> str:
        """
        The JSON twin of `decrypt`: `{policy?, key, ledger, signing_key?, request}` to `{value, receipt}`.
        """
    def deidentify(self, /, record: Record, *, policy: str = "hipaa-safe-harbor", key: bytes | bytearray | None = None, as_of: str | None = None, vault: Vault | None = None, patient: str | None = None, shift_days: SupportsIndex | None = None) -> Deidentified:
        """
        De-identifies a record under a policy, and accounts for every change.

        `as_of` is the day (`YYYY-MM-DD`) on which the age of the living counts; without it no birth year of a living
        person is kept. Records that are given the same `vault` keep pointing at each other; without one every call has
        its own. `key`, 32 bytes or more, is for policies that make codes with one; Safe Harbor accepts none. `patient`
        names the patient where you know better than the record; `shift_days` moves dates by so many days instead of
        the offset that follows from key and patient. `policy` is a name or the JSON text of a policy of your own.
        Raises `PolicyError`, `ArgumentError` or `IoError`.
        """
    def deidentify_folder(self, /, input: str | PathLike[str], output: str | PathLike[str], *, policy: str = "hipaa-safe-harbor", key: bytes | bytearray | None = None, as_of: str | None = None, vault: Vault | None = None, patient: str | None = None, shift_days: SupportsIndex | None = None, threads: SupportsIndex = 1, progress: Callable[[FolderProgress], object] | None = None) -> FolderReport:
        """
        De-identifies the records of the folder `input` into the folder `output`: `.ndjson` (one a line), `.hl7` (messages),
        `.json` and `.xml` (one a file). A run that was broken off goes on where it stopped.

        `threads` work side by side with the same output whatever their number. `progress` is called with a
        `FolderProgress`; where it returns `False` the run ends. Records that cannot be read or de-identified are left out
        and reported. The other arguments are those of `deidentify`. Raises `PolicyError`, `ArgumentError` or `IoError`.
        """
    def deidentify_folder_json(self, /, request: str) -> str:
        """
        The JSON twin of `deidentify_folder`: `{input, output, policy?, as_of?, vault?, vault_key?, key?, patient?,
        shift_days?, threads?}` to a `FolderReport`. `vault` is the file of a vault, written when the run has ended.
        """
    def deidentify_json(self, /, request: str) -> str:
        """
        The JSON twin of `deidentify`: `{source, format?, policy?, as_of?, seed?, key?}` to
        `{output, manifest, policy, findings}`. `seed`, 64 hexadecimal digits, makes the tokens repeat.
        """
    def deidentify_text(self, /, text: str, *, policy: str = "hipaa-safe-harbor", key: bytes | bytearray | None = None, as_of: str | None = None, known: Known | None = None, patient: str | None = None) -> DeidentifiedText:
        """
        A text without what the policy hides, and where each change stands in the old text and in the new one.

        Raises `PolicyError` or `ArgumentError`.
        """
    def deidentify_text_json(self, /, request: str) -> str:
        """
        The JSON twin of `deidentify_text`: `{text, policy?, as_of?, key?, known?, patient?}` to a `DeidentifiedText`.
        """
    def deidentify_texts(self, /, texts: Sequence[str] | ArrowArray | ArrowStream, *, policy: str = "hipaa-safe-harbor", key: bytes | bytearray | None = None, as_of: str | None = None, known: Known | None = None, patient: str | None = None) -> DeidentifiedTexts:
        """
        The same of many texts, in one call.
        """
    def deidentify_texts_json(self, /, request: str) -> str:
        """
        The JSON twin of `deidentify_texts`: `{texts, policy?, as_of?, key?, known?, patient?}` to a list of `DeidentifiedText`.
        """
    def diff_codes(self, /, system: str, release_a: str, release_b: str) -> CodeDiff:
        """
        What changed between two releases of a code system, each by the name that a verdict gives it.

        Raises `ArgumentError`.
        """
    def diff_codes_json(self, /, request: str) -> str:
        """
        The JSON twin of `diff_codes`: `{system, release_a, release_b}` to a `CodeDiff`.
        """
    def diff_laws(self, /, packs: Sequence[str], cases: Sequence[tuple[Request, Record]]) -> list[LawDiff]:
        """
        Which of these requests another set of law packs, as texts, would answer differently.

        Raises `PackError`.
        """
    def diff_laws_json(self, /, request: str) -> str:
        """
        The JSON twin of `diff_laws`: `{packs, cases}` to a list of `LawDiff`.
        """
    def export_audit_json(self, /, request: str) -> str:
        """
        The JSON twin of `Ledger.export_audit`: `{ledger, signing_key?, recorded, source, patient?, first_index?,
        limit?}` to a FHIR Bundle.
        """
    def find_codes(self, /, system: str, query: str, *, on: str | None = None, limit: SupportsIndex = 10, billable_only: bool = False, chapter: str | None = None) -> list[CodeHit]:
        """
        Codes that the words of `query` mean, in any order and form, the best first; `billable_only` and `chapter` (its
        number, such as "4") narrow the search.
        """
    def find_codes_json(self, /, request: str) -> str:
        """
        The JSON twin of `find_codes`: `{system, query, on?, limit?}` to a list of `CodeHit`.
        """
    def find_identifiers(self, /, text: str, *, known: Known | None = None) -> list[IdentifierSpan]:
        """
        What in a text identifies somebody, in the order of the text: names, places, dates, numbers.

        `known` are facts of the people of the text, of the site, and its own patterns. Raises `ArgumentError`.
        """
    def find_identifiers_in(self, /, texts: Sequence[str] | ArrowArray | ArrowStream, *, known: Known | None = None) -> FoundIdentifiers:
        """
        The same of many texts, in one call. `texts` may be a column of Apache Arrow, and what comes back is one.
        """
    def find_identifiers_in_json(self, /, request: str) -> str:
        """
        The JSON twin of `find_identifiers_in`: `{texts, known?}` to a list of lists of `IdentifierSpan`.
        """
    def find_identifiers_json(self, /, request: str) -> str:
        """
        The JSON twin of `find_identifiers`: `{text, known?}` to a list of `IdentifierSpan`.
        """
    def letter(self, /, request: Request, record: Record, *, kind: str, facts: LetterFacts | None = None) -> Letter:
        """
        The letter of that kind (`denial`, `cover` or `extension`) about a request for a record.

        Raises `ArgumentError`.
        """
    def letter_json(self, /, request: str) -> str:
        """
        The JSON twin of `letter`: `{source, format?, request, kind, facts?}` to a `Letter`.
        """
    def packs(self, /) -> list[PackInfo]:
        """
        Who every loaded pack is.
        """
    def packs_json(self, /, request: str) -> str:
        """
        The JSON twin of `packs`: `{}` to a list of `PackInfo`.
        """
    def parse_json(self, /, request: str) -> str:
        """
        The JSON twin of `Record.parse`: `{source, format?}` to `{format, bytes, nodes, resources}`.
        """
    def prove_json(self, /, request: str) -> str:
        """
        The JSON twin of `Ledger.prove`: `{ledger, signing_key?, index}` to a `Receipt`.
        """
    def read_records_json(self, /, request: str) -> str:
        """
        The JSON twin of `read_records`: `{source, layout, format?, table?, rows?, record_bytes?}` to
        `{records, progress}`; of each record `{format, bytes, nodes, resources}` or `{error}`.
        """
    def reidentify(self, /, vault: Vault, request: ReidentifyRequest, ledger: Ledger) -> Reidentified:
        """
        Looks up what a token of a vault stands for, and writes the ledger before the value is handed out.

        Raises `PolicyError`, `ArgumentError` or `LedgerError`; with an error no value is handed out.
        """
    def reidentify_json(self, /, request: str) -> str:
        """
        The JSON twin of `reidentify`: `{vault, vault_key, ledger, signing_key?, request}` to `{value, receipt}`.
        """
    def release(self, /, request: Request, record: Record, ledger: Ledger) -> Released:
        """
        Decides a request, cuts the copy, writes the ledger, and only then hands the copy out.

        Raises `ArgumentError`, `ReleaseError` or `LedgerError`; with an error no copy is handed out.
        """
    def release_json(self, /, request: str) -> str:
        """
        The JSON twin of `release`: `{source, format?, request, ledger, signing_key?}` to `{output, decision, receipt}`.
        `ledger` is the folder of the ledger, `signing_key` 64 hexadecimal digits.
        """
    def replace_json(self, /, request: str) -> str:
        """
        The JSON twin of `Record.with_replaced`: `{source, format?, path, value}` to `{output}`.
        """
    def suggest_table_json(self, /, request: str) -> str:
        """
        The JSON twin of `suggest_table`: `{source, format}` to a `TableMap`.
        """
    def to_fhir_json(self, /, request: str) -> str:
        """
        The JSON twin of `to_fhir`: `{source, format?}` to `{output, origins, losses}`.
        """
    def uncharted_json(self, /, request: str) -> str:
        """
        The JSON twin of `uncharted`: `{source, format?, table?}` to a list of `UnchartedPart`.
        """
    def validate_code(self, /, system: str, code: str, *, on: str | None = None, sex: str | None = None, age_years: SupportsIndex | None = None, principal: bool = False) -> Verdict:
        """
        Whether a code may be used, why not, and what to use instead.

        `on` is the date of service (`YYYY-MM-DD`) and chooses the release; without it the newest release is asked.
        `sex` is `female`, `male`, `other` or `unknown`, `age_years` the age in completed years, `principal` whether
        it stands as the principal diagnosis. A code that cannot be used is a verdict, not an error. Raises
        `ArgumentError`.
        """
    def validate_code_json(self, /, request: str) -> str:
        """
        The JSON twin of `validate_code`: `{system, code, on?, sex?, age_years?, principal?}` to a `Verdict`.
        """
    def validate_codes(self, /, system: str, codes: Sequence[str] | ArrowArray | ArrowStream, *, on: str | None = None) -> Verdicts:
        """
        The verdicts on many codes of one system on one date, in their order: one call for all of them, and the
        statuses, the reasons and what is billable as columns. `codes` may be a column of Apache Arrow, and what comes back
        is one.
        """
    def validate_codes_json(self, /, request: str) -> str:
        """
        The JSON twin of `validate_codes`: `{system, codes, on?}` to a list of `Verdict`.
        """
    def verify_deidentified(self, /, original: Record, output: Record, *, policy: str = "hipaa-safe-harbor") -> Verification:
        """
        Searches an output for what a policy should have hidden of its original, by other means than the ones that hid it.
        No findings mean that nothing of it can be read; `statement` is for the file of whoever determines the risk.

        Raises `PolicyError`.
        """
    def verify_deidentified_json(self, /, request: str) -> str:
        """
        The JSON twin of `verify_deidentified`: `{original, output, format?, policy?}` to a `Verification`.
        """
    def verify_json(self, /, request: str) -> str:
        """
        The JSON twin of `Ledger.verify`: `{ledger, signing_key?}` to `{entries}`.
        """

@final
class Checkpoint:
    """
    Size and root of a ledger at one moment, with the signed note that says so.
    """
    def __eq__(self, value: object, /) -> bool: ...
    def __ne__(self, value: object, /) -> bool: ...
    def __repr__(self, /) -> str: ...
    @property
    def note(self, /) -> str:
        """
        The note, signature lines included.
        """
    @property
    def origin(self, /) -> str:
        """
        Which ledger: `chartkeeper/ledger/` and the beginning of the hash of its public key, or `unsigned`.
        """
    @property
    def root(self, /) -> str:
        """
        The root of their tree: SHA-256 in lower-case hexadecimal.
        """
    @property
    def size(self, /) -> int:
        """
        How many entries.
        """

@final
class ClaimFinding:
    """
    One thing that a check found in a claim: its place, and the list or guideline that says so; never the value.
    """
    def __eq__(self, value: object, /) -> bool: ...
    def __ne__(self, value: object, /) -> bool: ...
    def __repr__(self, /) -> str: ...
    @property
    def code(self, /) -> str:
        """
        Stable lower-case code.
        """
    @property
    def message(self, /) -> str:
        """
        What is wrong, in words.
        """
    @property
    def other(self, /) -> str | None:
        """
        The place that it stands against, where two do not agree.
        """
    @property
    def path(self, /) -> str:
        """
        The place in the claim, such as `diagnoses[1].code`.
        """
    @property
    def release(self, /) -> str:
        """
        The release of the list or guideline.
        """
    @property
    def severity(self, /) -> str:
        """
        `error`, `warning` or `note`.
        """
    @property
    def source(self, /) -> str:
        """
        The rule, list or guideline that says so.
        """

@final
class CodeDiff:
    """
    What changed between two releases of a code system.
    """
    def __eq__(self, value: object, /) -> bool: ...
    def __ne__(self, value: object, /) -> bool: ...
    def __repr__(self, /) -> str: ...
    @property
    def added(self, /) -> tuple[CodeName, ...]:
        """
        Codes that may be reported in `release_b` and not in `release_a`, with the title of `release_b`.
        """
    @property
    def release_a(self, /) -> str:
        """
        The release that is left.
        """
    @property
    def release_b(self, /) -> str:
        """
        The release that is gone to.
        """
    @property
    def removed(self, /) -> tuple[CodeName, ...]:
        """
        Codes that may be reported in `release_a` and not in `release_b`, with the title of `release_a`.
        """
    @property
    def retitled(self, /) -> tuple[Retitled, ...]:
        """
        Codes that may be reported in both under another title.
        """
    @property
    def system(self, /) -> str:
        """
        The code system.
        """

@final
class CodeHit:
    """
    A code that a search found.
    """
    def __eq__(self, value: object, /) -> bool: ...
    def __ne__(self, value: object, /) -> bool: ...
    def __repr__(self, /) -> str: ...
    @property
    def billable(self, /) -> bool:
        """
        Whether it may be reported as it stands.
        """
    @property
    def code(self, /) -> str:
        """
        The code, in its normal form.
        """
    @property
    def release(self, /) -> str:
        """
        The release that was searched.
        """
    @property
    def score(self, /) -> float:
        """
        How well it fits, from 0 to 1.
        """
    @property
    def title(self, /) -> str:
        """
        Its title.
        """
    @property
    def why(self, /) -> tuple[str, ...]:
        """
        The words of the query that it holds, in lower case; `code` where the query was the code itself.
        """

@final
class CodeInfo:
    """
    What a release says of one code, with its place in the list and every note that holds for it.
    """
    def __eq__(self, value: object, /) -> bool: ...
    def __ne__(self, value: object, /) -> bool: ...
    def __repr__(self, /) -> str: ...
    @property
    def billable(self, /) -> bool:
        """
        Whether it may be reported as it stands.
        """
    @property
    def children(self, /) -> tuple[CodeName, ...]:
        """
        What stands directly below it, in tabular order.
        """
    @property
    def code(self, /) -> str:
        """
        The code, in its normal form.
        """
    @property
    def notes(self, /) -> tuple[Note, ...]:
        """
        The notes that hold for it, those of its chapter first, its own last.
        """
    @property
    def parents(self, /) -> tuple[CodeName, ...]:
        """
        What it stands below: chapter, section, category, subcategories.
        """
    @property
    def relations(self, /) -> tuple[CodeRelation, ...]:
        """
        What tables say of it: predecessors, successors, codes of other systems, groups.
        """
    @property
    def release(self, /) -> str:
        """
        The release that was asked: the one that covers the date, or else the nearest.
        """
    @property
    def seventh_characters(self, /) -> tuple[CodeName, ...]:
        """
        The 7th characters that complete it, each as `code` with its meaning as `title`; empty where it
        takes none.
        """
    @property
    def system(self, /) -> str:
        """
        The code system.
        """
    @property
    def title(self, /) -> str:
        """
        Its title.
        """

@final
class CodeName:
    """
    A code and its title.
    """
    def __eq__(self, value: object, /) -> bool: ...
    def __ne__(self, value: object, /) -> bool: ...
    def __repr__(self, /) -> str: ...
    @property
    def code(self, /) -> str:
        """
        The code, the range of a section (`E08-E13`) or the number of a chapter (`4`).
        """
    @property
    def title(self, /) -> str:
        """
        Its title.
        """

@final
class CodeRelation:
    """
    What a table says of a code beside another one.
    """
    def __eq__(self, value: object, /) -> bool: ...
    def __ne__(self, value: object, /) -> bool: ...
    def __repr__(self, /) -> str: ...
    @property
    def code(self, /) -> str | None:
        """
        The other code; `None` where the table says that there is none.
        """
    @property
    def detail(self, /) -> str | None:
        """
        What else the table says.
        """
    @property
    def kind(self, /) -> str:
        """
        `predecessor`, `successor`, `maps_to` or `group`.
        """
    @property
    def release(self, /) -> str:
        """
        The release of the table.
        """
    @property
    def system(self, /) -> str:
        """
        The system of the other code, such as `icd9cm` or `ccsr-dx`.
        """
    @property
    def title(self, /) -> str | None:
        """
        Its title, where the table or a loaded release has one.
        """

@final
class ColumnLevel:
    """
    What became of a quasi-identifier.
    """
    def __eq__(self, value: object, /) -> bool: ...
    def __ne__(self, value: object, /) -> bool: ...
    def __repr__(self, /) -> str: ...
    @property
    def level(self, /) -> int:
        """
        The level of its hierarchy; 0 is the value itself.
        """
    @property
    def levels(self, /) -> int:
        """
        The highest level, `*`.
        """
    @property
    def loss(self, /) -> float:
        """
        What was lost of it, 0 to 1.
        """
    @property
    def name(self, /) -> str:
        """
        Its name.
        """

@final
class Decision:
    """
    The decision on a request: what must, may and must not go, segment by segment, and why.
    """
    def __eq__(self, value: object, /) -> bool: ...
    def __ne__(self, value: object, /) -> bool: ...
    def __repr__(self, /) -> str: ...
    @property
    def accounting_required(self, /) -> bool:
        """
        Whether the release belongs in the accounting of disclosures (45 CFR 164.528).
        """
    @property
    def citations(self, /) -> tuple[str, ...]:
        """
        Every paragraph that was relied on.
        """
    @property
    def confidence(self, /) -> str:
        """
        The least sure of the rules relied on.
        """
    @property
    def defects(self, /) -> tuple[Defect, ...]:
        """
        What is wrong with the documents that were presented.
        """
    @property
    def due(self, /) -> str | None:
        """
        The day by which the request must be acted on (`YYYY-MM-DD`), where the law sets one.
        """
    @property
    def extended_due(self, /) -> str | None:
        """
        That day where the law's extension is taken.
        """
    @property
    def law_packs(self, /) -> tuple[PackInfo, ...]:
        """
        The packs that decided.
        """
    @property
    def missing_facts(self, /) -> tuple[MissingFacts, ...]:
        """
        The smallest sets of facts that would release what waits for facts, the smallest first.
        """
    @property
    def obligations(self, /) -> tuple[Obligation, ...]:
        """
        What must be done with the release or the denial.
        """
    @property
    def outcome(self, /) -> str:
        """
        `must_release`, `release`, `release_partial`, `withhold` or `needs_information`.
        """
    @property
    def reasons(self, /) -> tuple[Reason, ...]:
        """
        The rules that bore on it.
        """
    @property
    def segments(self, /) -> tuple[SegmentDecision, ...]:
        """
        Every segment of the record, in the order of the source.
        """
    @property
    def what_would_permit(self, /) -> tuple[str, ...]:
        """
        What papers, grounds or findings would release what does not go, in sentences; each is one way.
        """
    @property
    def why(self, /) -> tuple[str, ...]:
        """
        The reasons in sentences.
        """

@final
class Defect:
    """
    An element that a presented document lacks, or a defect that it has.
    """
    def __eq__(self, value: object, /) -> bool: ...
    def __ne__(self, value: object, /) -> bool: ...
    def __repr__(self, /) -> str: ...
    @property
    def citation(self, /) -> str:
        """
        The paragraph that asks for it.
        """
    @property
    def confidence(self, /) -> str:
        """
        How sure that is: `V` primary text read, `S` secondary source, `R` recalled.
        """
    @property
    def document(self, /) -> str:
        """
        The checklist: `authorization`, `consent`.
        """
    @property
    def fact(self, /) -> str:
        """
        The fact that is not as it must be.
        """

@final
class Deidentified:
    """
    A de-identified record, and what was done to it.
    """
    def __repr__(self, /) -> str: ...
    @property
    def findings(self, /) -> tuple[Finding, ...]:
        """
        What a person should look at.
        """
    @property
    def manifest(self, /) -> tuple[ManifestEntry, ...]:
        """
        What was changed, where and why, in source order. It is made when it is first read.
        """
    @property
    def output(self, /) -> bytes:
        """
        The source with the changed bytes; every other byte as it was.
        """
    @property
    def policy(self, /) -> str:
        """
        Name of the policy.
        """

@final
class DeidentifiedText:
    """
    A de-identified text, and what was done to it.
    """
    def __eq__(self, value: object, /) -> bool: ...
    def __ne__(self, value: object, /) -> bool: ...
    def __repr__(self, /) -> str: ...
    @property
    def policy(self, /) -> str:
        """
        Name of the policy.
        """
    @property
    def spans(self, /) -> tuple[TextChange, ...]:
        """
        The changes, in the order of the text. Between two of them old and new offsets differ by a
        constant.
        """
    @property
    def text(self, /) -> str:
        """
        The text with the identifiers replaced; everything else as it was.
        """

@final
class DeidentifiedTexts:
    """
    De-identified texts, in the order of the texts that were given. As a column of Apache Arrow (`pyarrow.array(...)`,
    `polars.Series(...)`) it is their `text`.
    """
    def __arrow_c_array__(self, /, requested_schema: Any | None = None) -> tuple[Any, Any]:
        """
        The column of Apache Arrow. A text that was null is null here.
        """
    def __getitem__(self, index: SupportsIndex, /) -> DeidentifiedText: ...
    def __iter__(self, /) -> Iterator[DeidentifiedText]: ...
    def __len__(self, /) -> int: ...
    def __repr__(self, /) -> str: ...

@final
class DocumentCheck:
    """
    What a document comes to.
    """
    def __eq__(self, value: object, /) -> bool: ...
    def __ne__(self, value: object, /) -> bool: ...
    def __repr__(self, /) -> str: ...
    @property
    def defects(self, /) -> tuple[Defect, ...]:
        """
        The elements that are certainly not as they must be.
        """
    @property
    def status(self, /) -> str:
        """
        `valid`, `invalid`, or `unknown` while an element is not known.
        """
    @property
    def unsettled(self, /) -> tuple[Defect, ...]:
        """
        The elements of which it is not known how they are.
        """

@final
class FhirCopy:
    """
    A record as a FHIR R4 Bundle.
    """
    def __repr__(self, /) -> str: ...
    @property
    def losses(self, /) -> tuple[Loss, ...]:
        """
        What of the source the Bundle does not carry, in source order.
        """
    @property
    def origins(self, /) -> tuple[Origin, ...]:
        """
        Where in the source each resource comes from, in the order of the Bundle.
        """
    @property
    def output(self, /) -> bytes:
        """
        The Bundle, in UTF-8.
        """

@final
class Finding:
    """
    One thing that a check found in a record: its place and the rule that says so, never the value.
    """
    def __eq__(self, value: object, /) -> bool: ...
    def __ne__(self, value: object, /) -> bool: ...
    def __repr__(self, /) -> str: ...
    @property
    def code(self, /) -> str:
        """
        Stable lower-case code.
        """
    @property
    def line(self, /) -> int:
        """
        Line of the place, counted from 1.
        """
    @property
    def message(self, /) -> str:
        """
        What is wrong, in words.
        """
    @property
    def path(self, /) -> str:
        """
        Native path of the place, such as `Bundle.entry[3].resource.birthDate`.
        """
    @property
    def severity(self, /) -> str:
        """
        `error`, `warning` or `note`.
        """
    @property
    def source(self, /) -> str:
        """
        The rule that says so: standard section, guideline paragraph, list and release.
        """
    @property
    def span(self, /) -> tuple[int, int]:
        """
        Bytes of the place in the source: the first, and the one after the last.
        """

@final
class FolderProgress:
    """
    How far a run over a folder has come.
    """
    def __eq__(self, value: object, /) -> bool: ...
    def __ne__(self, value: object, /) -> bool: ...
    def __repr__(self, /) -> str: ...
    @property
    def bytes(self, /) -> int:
        """
        Bytes that were read.
        """
    @property
    def files(self, /) -> int:
        """
        Files that are done, those that stood there already among them.
        """
    @property
    def records(self, /) -> int:
        """
        Records that were written.
        """
    @property
    def refused(self, /) -> int:
        """
        Records that were left out.
        """

@final
class FolderReport:
    """
    What a run over a folder has done.
    """
    def __eq__(self, value: object, /) -> bool: ...
    def __ne__(self, value: object, /) -> bool: ...
    def __repr__(self, /) -> str: ...
    @property
    def bytes(self, /) -> int:
        """
        Bytes that were read.
        """
    @property
    def complete(self, /) -> bool:
        """
        Whether all files are done: not where `progress` ended the run.
        """
    @property
    def files(self, /) -> int:
        """
        Files that were written.
        """
    @property
    def ignored(self, /) -> int:
        """
        Files of other kinds, which were left where they are.
        """
    @property
    def records(self, /) -> int:
        """
        Records that were written.
        """
    @property
    def refused(self, /) -> tuple[RefusedRecord, ...]:
        """
        Records that were left out.
        """
    @property
    def skipped(self, /) -> int:
        """
        Files whose output stood there already, and was not made again.
        """

@final
class FoundIdentifiers:
    """
    What identifies somebody in many texts, in their order: a list for each. As a column of Apache Arrow it holds lists of
    records with the fields of `IdentifierSpan`.
    """
    def __arrow_c_array__(self, /, requested_schema: Any | None = None) -> tuple[Any, Any]:
        """
        The column of Apache Arrow. A text that was null is null here.
        """
    def __getitem__(self, index: SupportsIndex, /) -> list[IdentifierSpan]: ...
    def __iter__(self, /) -> Iterator[list[IdentifierSpan]]: ...
    def __len__(self, /) -> int: ...
    def __repr__(self, /) -> str: ...

@final
class IdentifierSpan:
    """
    Something in a text that identifies somebody. It tells where, never what.
    """
    def __eq__(self, value: object, /) -> bool: ...
    def __ne__(self, value: object, /) -> bool: ...
    def __repr__(self, /) -> str: ...
    @property
    def byte_end(self, /) -> int:
        """
        The byte after the last.
        """
    @property
    def byte_start(self, /) -> int:
        """
        First byte of the UTF-8 form.
        """
    @property
    def end(self, /) -> int:
        """
        The character after the last.
        """
    @property
    def label(self, /) -> str:
        """
        What it is: the name of a label, such as `name`, `date` or `medical_record_number`; `none` for what stays, where
        `explain` asks for it.
        """
    @property
    def score(self, /) -> float:
        """
        How sure it is, from 0 to 1 in hundredths.
        """
    @property
    def start(self, /) -> int:
        """
        First character (Unicode scalar value), counted from 0.
        """
    @property
    def utf16_end(self, /) -> int:
        """
        The code unit after the last.
        """
    @property
    def utf16_start(self, /) -> int:
        """
        First UTF-16 code unit.
        """
    @property
    def why(self, /) -> str:
        """
        The evidence that decided, such as `title`, `full_date` or `name_model`.
        """

@final
class LawDiff:
    """
    One request that the two laws answer differently.
    """
    def __eq__(self, value: object, /) -> bool: ...
    def __ne__(self, value: object, /) -> bool: ...
    def __repr__(self, /) -> str: ...
    @property
    def after(self, /) -> str:
        """
        What becomes of it under the second.
        """
    @property
    def before(self, /) -> str:
        """
        What becomes of it under the first law.
        """
    @property
    def case(self, /) -> int:
        """
        Which of the cases, counted from 0.
        """
    @property
    def obligations_added(self, /) -> tuple[str, ...]:
        """
        Obligations that only the second law brings, by their stable names.
        """
    @property
    def obligations_removed(self, /) -> tuple[str, ...]:
        """
        Obligations that only the first law brings.
        """
    @property
    def segments(self, /) -> tuple[SegmentDiff, ...]:
        """
        The segments that come out differently, or by another rule.
        """

@final
class Ledger:
    """
    The log of disclosures in a folder: entries are only ever added, and none can be changed unnoticed. Any thread may
    use it.
    """
    def __repr__(self, /) -> str: ...
    def accounting(self, /, patient: str, *, as_of: str, years: SupportsIndex | None = None, summarise: bool = False) -> list[AccountingEntry]:
        """
        What was disclosed of a patient in the six years that end with `as_of` (45 CFR 164.528). `patient` is the
        medical record number of the record, or else its patient's first identifier or id.

        `years`, 1 to 6, asks for fewer; with `summarise`, disclosures to one recipient for one purpose are told as one
        (164.528(b)(3)). Raises `ArgumentError` or `LedgerError`.
        """
    def checkpoint(self, /) -> Checkpoint:
        """
        Size and root now, in a note that is signed where the ledger has a key.
        """
    def export_audit(self, /, *, recorded: str, source: str, patient: str | None = None, first_index: SupportsIndex | None = None, limit: SupportsIndex | None = None) -> str:
        """
        Entries as a FHIR R4 Bundle, JSON text, of AuditEvents in the shapes of the IHE profile Basic Audit Log Patterns,
        each with a Provenance of the copy that went out.

        `recorded` is the moment of the export, a FHIR instant; `source` says who disclosed; `patient` narrows to one,
        `first_index` and `limit` to a part of the ledger. Raises `ArgumentError` or `LedgerError`.
        """
    @staticmethod
    def open(path: str | PathLike[str], signing_key: SupportsLenAndGetItem[SupportsIndex] | None = None) -> Ledger:
        """
        Opens the ledger in the folder `path`, which is made where it is not there. With `signing_key`, the 32 secret
        bytes of an Ed25519 key, its checkpoints are signed; a ledger stays with the key that it began with.

        Raises `LedgerError` or `IoError`.
        """
    def prove(self, /, index: SupportsIndex) -> Receipt:
        """
        The proof that the entry at `index`, counted from 0, is in the ledger.
        """
    def verify(self, /) -> int:
        """
        Reads the whole ledger again and checks every entry and checkpoint; returns how many entries there are.

        Raises `LedgerError` where something was changed.
        """

@final
class Letter:
    """
    A letter.
    """
    def __eq__(self, value: object, /) -> bool: ...
    def __ne__(self, value: object, /) -> bool: ...
    def __repr__(self, /) -> str: ...
    @property
    def kind(self, /) -> str:
        """
        Which one.
        """
    @property
    def missing(self, /) -> tuple[str, ...]:
        """
        What has to be filled in before it can go, by the names of `LetterFacts`.
        """
    @property
    def sections(self, /) -> tuple[LetterSection, ...]:
        """
        Its parts, in order.
        """
    @property
    def text(self, /) -> str:
        """
        The whole as plain text.
        """
    @property
    def title(self, /) -> str:
        """
        Its title.
        """

@final
class LetterSection:
    """
    One part of a letter.
    """
    def __eq__(self, value: object, /) -> bool: ...
    def __ne__(self, value: object, /) -> bool: ...
    def __repr__(self, /) -> str: ...
    @property
    def heading(self, /) -> str:
        """
        What it is about; empty for the opening and the close.
        """
    @property
    def lines(self, /) -> tuple[str, ...]:
        """
        Its paragraphs or items.
        """

@final
class Loss:
    """
    A part of the source that the Bundle does not carry.
    """
    def __eq__(self, value: object, /) -> bool: ...
    def __ne__(self, value: object, /) -> bool: ...
    def __repr__(self, /) -> str: ...
    @property
    def path(self, /) -> str:
        """
        Native path; everything below it is lost as well.
        """
    @property
    def span(self, /) -> tuple[int, int]:
        """
        Bytes of the source.
        """
    @property
    def why(self, /) -> str:
        """
        Stable code: `unrecognised` (no data map knows it), `not_charted` (the Chart has no field for it),
        `narrative` (formatted text that repeats the entries), `not_written` (a field that this resource
        is not given), `no_resource` (no resource is written for entries of this kind), `negation` (it
        says that something is not so, which the resource cannot say), `link` (that one entry points to
        another).
        """

@final
class ManifestEntry:
    """
    What was done to one place of a record and why; never the value.
    """
    def __eq__(self, value: object, /) -> bool: ...
    def __ne__(self, value: object, /) -> bool: ...
    def __repr__(self, /) -> str: ...
    @property
    def action(self, /) -> str:
        """
        What was done: `remove`, `mask`, `year`, `zip3` or `token`.
        """
    @property
    def label(self, /) -> str:
        """
        What the place holds, such as `name` or `postal_code`.
        """
    @property
    def path(self, /) -> str:
        """
        Native path in the source, such as `Patient.name[0]`.
        """
    @property
    def rule(self, /) -> str:
        """
        The paragraph that asks for it, such as `164.514(b)(2)(i)(A)`.
        """
    @property
    def span(self, /) -> tuple[int, int]:
        """
        Bytes of the value in the source: the first, and the one after the last.
        """

@final
class MissingFact:
    """
    A fact that is not known, and the value with which it would help.
    """
    def __eq__(self, value: object, /) -> bool: ...
    def __ne__(self, value: object, /) -> bool: ...
    def __repr__(self, /) -> str: ...
    @property
    def fact(self, /) -> str:
        """
        Its name in the catalogue of facts.
        """
    @property
    def question(self, /) -> str:
        """
        What a person has to find out.
        """
    @property
    def value(self, /) -> bool:
        """
        The value that would help.
        """

@final
class MissingFacts:
    """
    One smallest set of missing facts: were they as stated, the segments would be released.
    """
    def __eq__(self, value: object, /) -> bool: ...
    def __ne__(self, value: object, /) -> bool: ...
    def __repr__(self, /) -> str: ...
    @property
    def facts(self, /) -> tuple[MissingFact, ...]:
        """
        The facts, in the order of the catalogue.
        """
    @property
    def segments(self, /) -> int:
        """
        How many segments the set would settle.
        """

@final
class Note:
    """
    A note that holds for a code.
    """
    def __eq__(self, value: object, /) -> bool: ...
    def __ne__(self, value: object, /) -> bool: ...
    def __repr__(self, /) -> str: ...
    @property
    def at(self, /) -> str:
        """
        Where it stands: the code itself, a category or subcategory above it, a section (`E08-E13`) or a
        chapter (`4`).
        """
    @property
    def codes(self, /) -> tuple[str, ...]:
        """
        The codes that it names, each in one form: `E10-E14`, `A99.-`, `T36-T50 with character 5 or 6: 5`.
        """
    @property
    def kind(self, /) -> str:
        """
        What it asks for.
        """
    @property
    def release(self, /) -> str:
        """
        The release whose tabular list it was read from: the one asked, or the nearest whose list is
        loaded.
        """
    @property
    def text(self, /) -> str:
        """
        Its wording, as the list has it.
        """

@final
class NoteEvidence:
    """
    A place of the note that speaks of a code's condition.
    """
    def __eq__(self, value: object, /) -> bool: ...
    def __ne__(self, value: object, /) -> bool: ...
    def __repr__(self, /) -> str: ...
    @property
    def assertion(self, /) -> str:
        """
        What the note says there: `affirmed`, `negated`, `historical`, `family`, `possible` or
        `hypothetical`.
        """
    @property
    def span(self, /) -> tuple[int, int]:
        """
        Bytes of the note.
        """

@final
class Obligation:
    """
    What must be done with the release or the denial.
    """
    def __eq__(self, value: object, /) -> bool: ...
    def __ne__(self, value: object, /) -> bool: ...
    def __repr__(self, /) -> str: ...
    @property
    def citation(self, /) -> str:
        """
        The paragraph that says so.
        """
    @property
    def code(self, /) -> str:
        """
        Stable name.
        """
    @property
    def confidence(self, /) -> str:
        """
        How sure that is: `V` primary text read, `S` secondary source, `R` recalled.
        """
    @property
    def rule(self, /) -> str:
        """
        The rule that brought it.
        """
    @property
    def text(self, /) -> str:
        """
        What must be done, in words.
        """

@final
class Origin:
    """
    The place that a resource of the Bundle comes from.
    """
    def __eq__(self, value: object, /) -> bool: ...
    def __ne__(self, value: object, /) -> bool: ...
    def __repr__(self, /) -> str: ...
    @property
    def path(self, /) -> str:
        """
        Native path of the entry in the source.
        """
    @property
    def resource(self, /) -> str:
        """
        The resource: its `fullUrl` in the Bundle, else its path there.
        """
    @property
    def span(self, /) -> tuple[int, int]:
        """
        Bytes of the entry in the source.
        """

@final
class PackInfo:
    """
    Identity, validity and origin of a knowledge pack.
    """
    def __eq__(self, value: object, /) -> bool: ...
    def __ne__(self, value: object, /) -> bool: ...
    def __repr__(self, /) -> str: ...
    @property
    def effective_from(self, /) -> str | None:
        """
        First day on which it holds (`YYYY-MM-DD`), where it has one.
        """
    @property
    def effective_to(self, /) -> str | None:
        """
        Last day on which it holds, where it has one.
        """
    @property
    def licence(self, /) -> str:
        """
        Licence or legal status of the content.
        """
    @property
    def name(self, /) -> str:
        """
        Stable name, such as `icd10cm-2026`.
        """
    @property
    def release(self, /) -> str:
        """
        The publisher's name for the release, such as `FY2026`.
        """
    @property
    def rows(self, /) -> int:
        """
        How many rows it has (codes, elements, rules).
        """
    @property
    def sha256(self, /) -> str:
        """
        SHA-256 of the pack, in lower-case hexadecimal.
        """
    @property
    def source(self, /) -> str:
        """
        Where the content comes from: publisher, file, version and fingerprint of the source.
        """
    @property
    def system(self, /) -> str:
        """
        What it is knowledge of: a code system (`icd10cm`), a format (`fhir`), a policy or a law.
        """

@final
class Progress:
    """
    How much of an input was read.
    """
    def __eq__(self, value: object, /) -> bool: ...
    def __ne__(self, value: object, /) -> bool: ...
    def __repr__(self, /) -> str: ...
    @property
    def bytes(self, /) -> int:
        """
        Bytes of the input.
        """
    @property
    def records(self, /) -> int:
        """
        Records that were read.
        """
    @property
    def rejected(self, /) -> int:
        """
        Records that could not be read.
        """

@final
class Reason:
    """
    A rule that bore on the decision, and on how many segments.
    """
    def __eq__(self, value: object, /) -> bool: ...
    def __ne__(self, value: object, /) -> bool: ...
    def __repr__(self, /) -> str: ...
    @property
    def citation(self, /) -> str:
        """
        Its paragraph.
        """
    @property
    def confidence(self, /) -> str:
        """
        How sure it is: `V` primary text read, `S` secondary source, `R` recalled.
        """
    @property
    def outcome(self, /) -> str:
        """
        What it led to.
        """
    @property
    def rule(self, /) -> str:
        """
        The rule.
        """
    @property
    def segments(self, /) -> int:
        """
        To how many segments it applied. A segment can have several reasons.
        """
    @property
    def title(self, /) -> str:
        """
        What it says, in words.
        """

@final
class Receipt:
    """
    The proof that an entry stands at `index` of the ledger whose checkpoint is in it.
    """
    def __eq__(self, value: object, /) -> bool: ...
    def __ne__(self, value: object, /) -> bool: ...
    def __repr__(self, /) -> str: ...
    @property
    def checkpoint(self, /) -> str:
        """
        The checkpoint of that tree: a signed note.
        """
    @property
    def entry(self, /) -> str | None:
        """
        The entry as it was logged, in JSON. A release gives it; a proof made later does not hold it.
        """
    @property
    def index(self, /) -> int:
        """
        Place of the entry, counted from 0.
        """
    @property
    def leaf_hash(self, /) -> str:
        """
        The hash of the entry's leaf.
        """
    @property
    def proof(self, /) -> tuple[str, ...]:
        """
        The inclusion proof, from the leaf to the root.
        """
    @property
    def root(self, /) -> str:
        """
        The root of that tree: SHA-256 in lower-case hexadecimal.
        """
    @property
    def tree_size(self, /) -> int:
        """
        How many entries the tree had.
        """

@final
class Record:
    """
    One patient record: the bytes that were read and an index over them. Immutable, usable from any thread.
    """
    def __repr__(self, /) -> str: ...
    def chart(self, /) -> list[ChartEntry]:
        """
        The record as entries with fields, in source order.
        """
    @property
    def format(self, /) -> str:
        """
        The stable name of the format.
        """
    @staticmethod
    def parse(source: bytes | bytearray | str, format: str | None = None) -> Record:
        """
        Reads a record.

        `source` is the record as bytes or text; `format` names its format ("fhir-r4-json"), and is found by
        looking at the source where it is not given. Raises `InputError` or `LimitError`, with the byte span.
        """
    @staticmethod
    def parse_table(source: bytes | bytearray | str, table: TableMap) -> Record:
        """
        Reads a table with a map of its columns. Raises `InputError`, `ArgumentError` or `LimitError`.
        """
    @staticmethod
    def suggest_table(source: bytes | bytearray | str, format: str) -> TableMap:
        """
        A map of the columns of a table, suggested from their names and values; a person looks it through. `format` is
        "csv" or "ndjson-table". Raises `InputError` or `ArgumentError`.
        """
    def to_bytes(self, /) -> bytes:
        """
        The bytes that were read, unchanged.
        """
    def to_fhir(self, /) -> FhirCopy:
        """
        The record, of any format, as a FHIR R4 Bundle, with the place of each resource in the source and what the Bundle
        does not carry.
        """
    def uncharted(self, /) -> list[UnchartedPart]:
        """
        The parts of the source that the chart does not carry, in source order.
        """
    def with_replaced(self, /, path: str, value: str) -> Record:
        """
        A record in which the leaf at the native `path` (such as `Patient.name[0].family`) has a new text, and every
        other byte is the same. Raises `ArgumentError` where the record has no such leaf.
        """

@final
class Records:
    """
    The records of an input, read one at a time; memory is bounded by the largest record.

    A part that is no record raises, with its byte span in the whole input; `next` then goes on with what follows.
    """
    def __iter__(self, /) -> Records: ...
    def __next__(self, /) -> Record: ...
    def __repr__(self, /) -> str: ...
    @property
    def progress(self, /) -> Progress:
        """
        How much was read until now.
        """

@final
class RefusedRecord:
    """
    A record of a folder that was left out.
    """
    def __eq__(self, value: object, /) -> bool: ...
    def __ne__(self, value: object, /) -> bool: ...
    def __repr__(self, /) -> str: ...
    @property
    def code(self, /) -> str:
        """
        Why: the code of the error.
        """
    @property
    def file(self, /) -> int:
        """
        Its file, as its place among the files in the order of their names, from 0.
        """
    @property
    def line(self, /) -> int:
        """
        The line, or the segment of HL7 v2, with which it begins, from 1.
        """

@final
class Reidentified:
    """
    What a token stands for, and the proof that its look-up was recorded.
    """
    def __eq__(self, value: object, /) -> bool: ...
    def __ne__(self, value: object, /) -> bool: ...
    def __repr__(self, /) -> str: ...
    @property
    def receipt(self, /) -> Receipt:
        """
        The ledger's receipt for the entry that was written before the value was handed out.
        """
    @property
    def value(self, /) -> str:
        """
        The value that the token stands for.
        """

@final
class Released:
    """
    The answer to a request: the decision, and where it releases anything the copy and the proof that it was recorded.
    """
    def __repr__(self, /) -> str: ...
    @property
    def decision(self, /) -> Decision:
        """
        What was decided, segment by segment.
        """
    @property
    def output(self, /) -> bytes | None:
        """
        The copy; `None` where the decision withholds everything or needs information.
        """
    @property
    def receipt(self, /) -> Receipt | None:
        """
        The ledger's receipt for the entry that was written before the copy was handed out; `None` without a copy.
        """

@final
class Retitled:
    """
    A code whose title changed.
    """
    def __eq__(self, value: object, /) -> bool: ...
    def __ne__(self, value: object, /) -> bool: ...
    def __repr__(self, /) -> str: ...
    @property
    def after(self, /) -> str:
        """
        The title that it has.
        """
    @property
    def before(self, /) -> str:
        """
        The title that it had.
        """
    @property
    def code(self, /) -> str:
        """
        The code, in its normal form.
        """

@final
class RiskReport:
    """
    How likely rows of a table can be attributed to a person.
    """
    def __eq__(self, value: object, /) -> bool: ...
    def __ne__(self, value: object, /) -> bool: ...
    def __repr__(self, /) -> str: ...
    @property
    def average_class(self, /) -> float:
        """
        Rows of a class on average.
        """
    @property
    def classes(self, /) -> int:
        """
        Classes of rows that look alike in the quasi-identifiers.
        """
    @property
    def delta_presence(self, /) -> float | None:
        """
        With a table of the population: the highest probability to be in the table that anybody of it has, going
        by the quasi-identifiers, 0 to 1 (delta-presence, Nergiz 2007).
        """
    @property
    def journalist(self, /) -> AttackerRisk | None:
        """
        Somebody who knows that the person is in the population; where a table of it was given.
        """
    @property
    def k(self, /) -> int:
        """
        Rows of the smallest class (k-anonymity).
        """
    @property
    def population_uniques(self, /) -> float | None:
        """
        The part of the rows that are unique in the table and expected to be unique among as many people
        as were named (Zayatz 1991).
        """
    @property
    def prosecutor(self, /) -> AttackerRisk:
        """
        Somebody who knows that the person is in the table.
        """
    @property
    def report(self, /) -> str | None:
        """
        The page of the report in Markdown, for a person to read; `None` inside of `AnonymizedTable`.
        """
    @property
    def rows(self, /) -> int:
        """
        Rows that count.
        """
    @property
    def sensitive(self, /) -> tuple[SensitiveRisk, ...]:
        """
        The sensitive columns.
        """
    @property
    def unique_rows(self, /) -> int:
        """
        Rows that look like no other.
        """

@final
class SegmentDecision:
    """
    The decision on one segment: one entry of the record, with what it contains.
    """
    def __eq__(self, value: object, /) -> bool: ...
    def __ne__(self, value: object, /) -> bool: ...
    def __repr__(self, /) -> str: ...
    @property
    def citation(self, /) -> str:
        """
        Its paragraph.
        """
    @property
    def confidence(self, /) -> str:
        """
        How sure the rule is: `V` primary text read, `S` secondary source, `R` recalled.
        """
    @property
    def confidentiality(self, /) -> str | None:
        """
        The level of confidentiality that its source states (HL7 v3-Confidentiality).
        """
    @property
    def kind(self, /) -> str:
        """
        What kind of entry it is.
        """
    @property
    def labels(self, /) -> tuple[str, ...]:
        """
        Classes of sensitive information that it was found to belong to (HL7 v3-ActCode).
        """
    @property
    def narrative_cut(self, /) -> bool:
        """
        Whether its formatted text is cut because it mentions what must not go.
        """
    @property
    def outcome(self, /) -> str:
        """
        `must_release`, `release`, `withhold`, `needs_information` or `not_requested`.
        """
    @property
    def path(self, /) -> str:
        """
        Native path of the entry.
        """
    @property
    def rule(self, /) -> str:
        """
        The rule that decided.
        """

@final
class SegmentDiff:
    """
    One segment that the two laws treat differently.
    """
    def __eq__(self, value: object, /) -> bool: ...
    def __ne__(self, value: object, /) -> bool: ...
    def __repr__(self, /) -> str: ...
    @property
    def after(self, /) -> str:
        """
        What becomes of it under the second.
        """
    @property
    def before(self, /) -> str:
        """
        What becomes of it under the first law.
        """
    @property
    def path(self, /) -> str:
        """
        Native path of the entry.
        """
    @property
    def rule_after(self, /) -> str:
        """
        By which rule.
        """
    @property
    def rule_before(self, /) -> str:
        """
        By which rule.
        """

@final
class SensitiveRisk:
    """
    How well a sensitive column is hidden in the classes.
    """
    def __eq__(self, value: object, /) -> bool: ...
    def __ne__(self, value: object, /) -> bool: ...
    def __repr__(self, /) -> str: ...
    @property
    def distinct_l(self, /) -> int:
        """
        The fewest different values of a class (distinct l-diversity).
        """
    @property
    def entropy_l(self, /) -> float:
        """
        The lowest diversity of a class by entropy (entropy l-diversity).
        """
    @property
    def name(self, /) -> str:
        """
        Its name.
        """
    @property
    def t(self, /) -> float:
        """
        The farthest that the frequencies of a class are from the table's (t-closeness).
        """

@final
class SuggestedCode:
    """
    What was found out about one suggested code.
    """
    def __eq__(self, value: object, /) -> bool: ...
    def __ne__(self, value: object, /) -> bool: ...
    def __repr__(self, /) -> str: ...
    @property
    def conflicts(self, /) -> tuple[ClaimFinding, ...]:
        """
        What the code does not agree with in the others: the findings of `check_claim` on them as
        diagnoses, their paths `codes[0]`.
        """
    @property
    def evidence(self, /) -> tuple[NoteEvidence, ...]:
        """
        The places that speak of it, the best first.
        """
    @property
    def more_specific(self, /) -> tuple[str, ...]:
        """
        Codes of the same category that say more of what the best place says.
        """
    @property
    def score(self, /) -> float:
        """
        The share of the title's words that the best place has, weighted by their rarity, from 0 to 1.
        """
    @property
    def support(self, /) -> str:
        """
        `supported`, `partly_supported`, `not_supported`, `contradicted` (every place denies it, or gives
        it to the past or a relative, or to the other side), or `uncertain` (only suspected or
        conditional).
        """
    @property
    def verdict(self, /) -> Verdict:
        """
        Whether it may be reported on the day, with reason and title.
        """

@final
class TextChange:
    """
    What was done to one identifier of a text.
    """
    def __eq__(self, value: object, /) -> bool: ...
    def __ne__(self, value: object, /) -> bool: ...
    def __repr__(self, /) -> str: ...
    @property
    def action(self, /) -> str:
        """
        What was done: `mask`, `year`, `zip3`, `age`, `keep`, `surrogate`, `pseudonym` or `substitute`.
        """
    @property
    def label(self, /) -> str:
        """
        What it is: the name of a label.
        """
    @property
    def output(self, /) -> TextRange:
        """
        Where what replaces it stands.
        """
    @property
    def rule(self, /) -> str:
        """
        The paragraph that asks for it.
        """
    @property
    def score(self, /) -> float:
        """
        How sure the finding is, from 0 to 1 in hundredths.
        """
    @property
    def source(self, /) -> TextRange:
        """
        Where it stood.
        """
    @property
    def why(self, /) -> str:
        """
        The evidence that decided.
        """

@final
class TextRange:
    """
    A stretch of a text in three units: characters (Unicode scalar values), bytes of UTF-8, code units of
    UTF-16.
    """
    def __eq__(self, value: object, /) -> bool: ...
    def __ne__(self, value: object, /) -> bool: ...
    def __repr__(self, /) -> str: ...
    @property
    def byte_end(self, /) -> int:
        """
        The byte after the last.
        """
    @property
    def byte_start(self, /) -> int:
        """
        First byte.
        """
    @property
    def end(self, /) -> int:
        """
        The character after the last.
        """
    @property
    def start(self, /) -> int:
        """
        First character.
        """
    @property
    def utf16_end(self, /) -> int:
        """
        The code unit after the last.
        """
    @property
    def utf16_start(self, /) -> int:
        """
        First code unit.
        """

@final
class UnchartedPart:
    """
    A part of the source that the Chart does not carry.
    """
    def __eq__(self, value: object, /) -> bool: ...
    def __ne__(self, value: object, /) -> bool: ...
    def __repr__(self, /) -> str: ...
    @property
    def label(self, /) -> str:
        """
        What it holds, as the format's data map says; `structure` for a container of several.
        """
    @property
    def path(self, /) -> str:
        """
        Native path.
        """
    @property
    def span(self, /) -> tuple[int, int]:
        """
        Bytes of the value in the source.
        """

@final
class UnitConversion:
    """
    A value in another unit.
    """
    def __eq__(self, value: object, /) -> bool: ...
    def __ne__(self, value: object, /) -> bool: ...
    def __repr__(self, /) -> str: ...
    @property
    def canonical_unit(self, /) -> str:
        """
        The base units that both units come to, such as `m.s-2`; `1` where they have no dimension.
        """
    @property
    def canonical_value(self, /) -> float:
        """
        The value in base units.
        """
    @property
    def value(self, /) -> float:
        """
        The value in the unit that was asked for, to fifteen significant digits.
        """

@final
class Vault:
    """
    The table of random tokens: records that are de-identified with the same vault keep pointing at each other.

    It is as secret as the records. Any thread may use it; it is wiped from memory when it goes.
    """
    def __len__(self, /) -> int:
        """
        How many tokens it holds.
        """
    def __new__(cls, /) -> Vault:
        """
        An empty vault whose tokens come from the operating system's entropy. Raises `IoError`.
        """
    def __repr__(self, /) -> str: ...
    def forget(self, /, person: str) -> int:
        """
        Deletes what belongs to one person's records alone; how many tokens were deleted. Files that were saved before
        still hold them.
        """
    @staticmethod
    def from_seed(seed: SupportsLenAndGetItem[SupportsIndex]) -> Vault:
        """
        An empty vault whose tokens follow from `seed`, 32 bytes: for tests and for runs that must repeat. Whoever
        holds the seed can foretell the tokens.
        """
    @staticmethod
    def open(path: str | PathLike[str], key: SupportsLenAndGetItem[SupportsIndex]) -> Vault:
        """
        Opens the file of a vault with its key, 32 bytes. Raises `IoError` or `PolicyError`.
        """
    def save(self, /, path: str | PathLike[str], key: SupportsLenAndGetItem[SupportsIndex]) -> None:
        """
        Writes the vault to a file under a key of 32 bytes. Raises `IoError`.
        """

@final
class Verdict:
    """
    Whether a code may be used on a day, with the reason, the release that says so, and what to use instead.

    It keeps the answer and no text: title, suggestions and detail are worked out when they are read.
    """
    def __eq__(self, value: object, /) -> bool: ...
    def __ne__(self, value: object, /) -> bool: ...
    def __repr__(self, /) -> str: ...
    @property
    def billable(self, /) -> bool | None:
        """
        Whether it may be reported as it stands; `None` where no release says anything of it.
        """
    @property
    def code(self, /) -> str | None:
        """
        The code in its normal form; `None` where the text is no code.
        """
    @property
    def detail(self, /) -> str | None:
        """
        The reason in words, with the rule behind it.
        """
    @property
    def reason(self, /) -> str | None:
        """
        Why it is not valid: a stable lower-case code. `None` when valid.
        """
    @property
    def release(self, /) -> str | None:
        """
        The release that was asked: the one that covers the date, or else the nearest.
        """
    @property
    def status(self, /) -> str:
        """
        `valid`, `invalid` or `unknown`.
        """
    @property
    def suggestions(self, /) -> tuple[str, ...]:
        """
        Codes that may have been meant, the likeliest first.
        """
    @property
    def system(self, /) -> str:
        """
        The code system, such as `icd10cm`.
        """
    @property
    def title(self, /) -> str | None:
        """
        Its title, where a loaded release has one.
        """

@final
class VerdictIterator:
    """
    Gives verdicts one after the other.
    """
    def __iter__(self, /) -> VerdictIterator: ...
    def __next__(self, /) -> Verdict: ...

@final
class Verdicts:
    """
    The verdicts on many codes, in the order of the codes. A verdict is made when it is read; a column is read at once.
    """
    def __arrow_c_array__(self, /, requested_schema: Any | None = None) -> tuple[Any, Any]:
        """
        The verdicts as a column of Apache Arrow: records of `status`, `reason` and `billable`. A code that was null is
        null here.
        """
    def __getitem__(self, index: SupportsIndex, /) -> Verdict: ...
    def __iter__(self, /) -> VerdictIterator: ...
    def __len__(self, /) -> int: ...
    def __repr__(self, /) -> str: ...
    @property
    def billable(self, /) -> list[bool | None]:
        """
        Whether each may be reported as it stands; `None` where no release says anything of it.
        """
    @property
    def reasons(self, /) -> list[str | None]:
        """
        The reason of each, `None` where it is valid.
        """
    @property
    def statuses(self, /) -> list[str]:
        """
        The status of each: `valid`, `invalid` or `unknown`.
        """

@final
class Verification:
    """
    What a search of an output for what should be gone has found. Never a value.
    """
    def __eq__(self, value: object, /) -> bool: ...
    def __ne__(self, value: object, /) -> bool: ...
    def __repr__(self, /) -> str: ...
    @property
    def findings(self, /) -> tuple[Finding, ...]:
        """
        What was found; empty where nothing that the policy hides can be read.
        """
    @property
    def policy(self, /) -> str:
        """
        Name of the policy.
        """
    @property
    def searched(self, /) -> int:
        """
        Values and forms of values that were looked for.
        """
    @property
    def statement(self, /) -> str:
        """
        What was done and how it was checked, in Markdown, for the file of whoever determines the risk (45
        CFR 164.514(b)(1)(ii)). It holds no value of the record.
        """
    @property
    def texts(self, /) -> int:
        """
        Texts of the output that were looked into.
        """

def read_records(path_or_file: str | PathLike[str] | BinaryIO, request: ReadRecordsRequest) -> Records:
    """
    Reads records one at a time from a path, or from a file that is open for reading bytes. The layout of the request says
    what it is made of: `ndjson`, `bundle`, `hl7v2` or `table`.

    Raises `IoError` where the file cannot be opened, `ArgumentError` where a table comes without its map.
    """
