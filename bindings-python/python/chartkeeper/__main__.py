"""The command line: check, de-identify and look up codes without writing a program.

    python -m chartkeeper check RECORD --as-of 2026-01-31
    python -m chartkeeper deidentify RECORD -o OUT --policy hipaa-safe-harbor --as-of 2026-01-31
    python -m chartkeeper code icd10cm S52.501 --on 2026-01-15

A result goes to standard output or to a file; what is said about it goes to standard error. It ends
with 0, with 1 where a check found an error or a code is not valid, and with 2 where the record, the
policy or an argument cannot be used.
"""

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

import chartkeeper as ck


def check(arguments: argparse.Namespace) -> int:
    """Print the findings of a record, one a line."""
    record = ck.Record.parse(Path(arguments.record).read_bytes(), arguments.format)
    findings = ck.Chartkeeper().check(record, as_of=arguments.as_of)
    for finding in findings:
        print(f"{finding.line}: {finding.severity}: {finding.code}: {finding.path}: {finding.message}")
    return int(any(finding.severity == "error" for finding in findings))


def deidentify(arguments: argparse.Namespace) -> int:
    """Write a record without what the policy hides, and say how many places changed."""
    policy = arguments.policy
    if policy.endswith(".json"):
        policy = Path(policy).read_text(encoding="utf-8")
    key = Path(arguments.key_file).read_bytes() if arguments.key_file else None
    record = ck.Record.parse(Path(arguments.record).read_bytes(), arguments.format)
    keeper = ck.Chartkeeper()
    done = keeper.deidentify(record, policy=policy, key=key, as_of=arguments.as_of)
    if arguments.output:
        Path(arguments.output).write_bytes(done.output)
    else:
        sys.stdout.buffer.write(done.output)
    print(f"{done.policy}: {len(done.manifest)} places changed", file=sys.stderr)
    for finding in done.findings:
        print(f"{finding.severity}: {finding.code}: {finding.path}: {finding.message}", file=sys.stderr)
    return 0


def code(arguments: argparse.Namespace) -> int:
    """Print the verdict on a code."""
    verdict = ck.Chartkeeper().validate_code(arguments.system, arguments.code, on=arguments.on)
    print(" ".join(part for part in (verdict.status, verdict.reason, verdict.code, verdict.title) if part))
    if verdict.suggestions:
        print("instead:", *verdict.suggestions)
    return int(verdict.status != "valid")


def parser() -> argparse.ArgumentParser:
    """Return the parser of the command line."""
    about = (__doc__ or "").splitlines()[0]
    top = argparse.ArgumentParser(prog="chartkeeper", description=about)
    commands = top.add_subparsers(required=True, metavar="COMMAND")

    def reads_a_record(name: str, run: object, text: str) -> argparse.ArgumentParser:
        command = commands.add_parser(name, help=text)
        command.add_argument("record", help="file of one record, in any format that is known")
        command.add_argument("--format", help="name of its format; found by looking where it is not given")
        command.set_defaults(run=run)
        return command

    command = reads_a_record("check", check, "what is wrong or missing in a record")
    command.add_argument("--as-of", required=True, help="day of the check, YYYY-MM-DD")
    command = reads_a_record("deidentify", deidentify, "a record without what a policy hides")
    command.add_argument("-o", "--output", help="file to write; standard output where it is not given")
    command.add_argument(
        "--policy", default="hipaa-safe-harbor", help="name of a policy, or a .json file of one"
    )
    command.add_argument("--as-of", help="day on which the age of the living counts, YYYY-MM-DD")
    command.add_argument(
        "--key-file", help="file of the secret key, 32 bytes or more, where the policy needs one"
    )
    command = commands.add_parser("code", help="whether a code may be used, why not, and what to use instead")
    command.add_argument("system", help="code system, such as icd10cm")
    command.add_argument("code", help="the code")
    command.add_argument("--on", help="date of service, YYYY-MM-DD")
    command.set_defaults(run=code)
    return top


def main(given: Sequence[str] | None = None) -> int:
    """Run a command; return the exit status."""
    arguments = parser().parse_args(given)
    try:
        return int(arguments.run(arguments))
    except ck.ChartkeeperError as error:
        print(f"chartkeeper: {error.code}: {error}", file=sys.stderr)
    except OSError as error:
        print(f"chartkeeper: {error.filename}: {error.strerror}", file=sys.stderr)
    return 2


if __name__ == "__main__":
    sys.exit(main())
