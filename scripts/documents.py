"""Writes the types of the documents that verbs take: TypedDicts for Python, interfaces for TypeScript.

A document is plain data that the core reads as JSON. Its types are the structs and enums of the core; this program reads
their declarations and writes `bindings-python/python/chartkeeper/documents.py` and `bindings-node/documents.d.ts`.
"""

import re
import sys
import textwrap
from dataclasses import dataclass, field
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
CORE = ROOT / "core" / "src"

#: The files that declare documents, and the documents; what they are made of is found from there.
DOCUMENTS = {
    "release/request.rs": ["Request"],
    "release/authorization.rs": [],
    "release/documents.rs": [],
    "release/findings.rs": [],
    "release/letter.rs": ["LetterFacts", "LetterKind"],
    "codes/claim/mod.rs": ["Claim"],
    "codes/context.rs": [],
    "codes/load/mod.rs": ["PackRequest"],
    "formats/table/mod.rs": ["TableMap"],
    "formats/table/encoding.rs": [],
    "formats/mod.rs": [],
    "record/records.rs": ["ReadRecordsRequest"],
    "deid/narrative/known.rs": ["Known"],
    "deid/risk/mod.rs": ["AssessRiskRequest", "AnonymizeTableRequest"],
    "deid/risk/hierarchy.rs": [],
    "deid/risk/measure.rs": [],
    "engine/reidentify.rs": ["ReidentifyRequest"],
    "ledger/entry.rs": [],
}
#: Types that another document has under the same name.
RENAMED = {("deid/risk/mod.rs", "Role"): "ColumnUse"}
SIMPLE = {
    "String": ("str", "string"),
    "Day": ("str", "string"),
    "Format": ("str", "string"),
    "char": ("str", "string"),
    "bool": ("bool", "boolean"),
    "serde_json::Value": ("dict[str, Any]", "object"),
}
SIMPLE |= dict.fromkeys(["u8", "u16", "u32", "u64", "usize", "i32", "i64"], ("int", "number"))
SIMPLE |= dict.fromkeys(["f32", "f64"], ("float", "number"))


@dataclass
class Member:
    """One field, or one variant of an enum."""

    name: str
    about: str
    kind: str = ""
    optional: bool = False
    members: list["Member"] = field(default_factory=list)


@dataclass
class Declared:
    """One struct or enum."""

    name: str
    about: str
    enum: bool
    tag: str | None
    members: list[Member]


def about(lines: list[str]) -> str:
    """Join doc lines; links to other items lose their brackets."""
    text = " ".join(line.strip().removeprefix("///").strip() for line in lines).replace("\\\\", "\\")
    return re.sub(r"\[(`[^`]+`)\](?:\([^)]*\))?", r"\1", text)


def snake(name: str) -> str:
    return re.sub(r"(?<!^)([A-Z])", r"_\1", name).lower()


def named(variant: str, style: str) -> str:
    return {"snake_case": snake(variant), "lowercase": variant.lower()}.get(style, variant)


def read_members(lines: list[str], defaults: bool, enum: bool, style: str) -> list[Member]:
    """Read the fields of a struct, or the variants of an enum with the fields that they hold."""
    members: list[Member] = []
    docs: list[str] = []
    attributes = ""
    at = 0
    while at < len(lines):
        line = lines[at].strip()
        at += 1
        if line.startswith("///"):
            docs.append(line)
            continue
        if line.startswith("#["):
            attributes += line
            continue
        renamed = re.search(r'rename = "([^"]+)"', attributes)
        if enum and (found := re.match(r"(\w+)(?:\((.*)\))?(,| \{)$", line)):
            name = renamed[1] if renamed else named(found[1], style)
            member = Member(name, about(docs), found[2] or "")
            if found[3] == " {":
                inner = []
                while lines[at].strip() != "},":
                    inner.append(lines[at])
                    at += 1
                at += 1
                member.members = read_members(inner, False, False, style)
            members.append(member)
        elif found := re.match(r"(?:pub(?:\(\w+\))? )?(\w+): (.*),$", line):
            kind = found[2]
            optional = kind.startswith("Option<") or defaults or "default" in attributes
            members.append(Member(renamed[1] if renamed else found[1], about(docs), kind, optional))
        docs, attributes = [], ""
    return members


def declared(path: str) -> dict[str, Declared]:
    """Read the public structs and enums of a file."""
    lines = (CORE / path).read_text().split("\n")
    found = {}
    for at, line in enumerate(lines):
        head = re.match(r"pub (struct|enum) (\w+) \{$", line)
        if not head:
            continue
        start = at
        while start and lines[start - 1].startswith(("///", "#[")):
            start -= 1
        before = lines[start:at]
        attributes = "".join(row for row in before if row.startswith("#["))
        style = re.search(r'rename_all = "(\w+)"', attributes)
        tag = re.search(r'tag = "(\w+)"', attributes)
        defaults = bool(re.search(r"serde\((?:[^)]*, )?default\b", attributes))
        end = lines.index("}", at)
        enum = head[1] == "enum"
        members = read_members(lines[at + 1 : end], defaults, enum, style[1] if style else "")
        name = RENAMED.get((path, head[2]), head[2])
        text = about([row for row in before if row.startswith("///")])
        found[head[2]] = Declared(name, text, enum, tag[1] if tag else None, members)
    return found | facts(lines)


def facts(lines: list[str]) -> dict[str, Declared]:
    """Read the documents whose members are facts: `document! { Name = "group" { fact, ... } and { field: Type, } }`."""
    found = {}
    for at, line in enumerate(lines):
        head = re.match(r'    (\w+) = "\w+" \{(?:\} and \{)?$', line)
        if not head:
            continue
        start = at
        while lines[start - 1].strip().startswith("///"):
            start -= 1
        members: list[Member] = []
        docs: list[str] = []
        for row in map(str.strip, lines[at + 1 : lines.index("}", at)]):
            if row.startswith("///"):
                docs.append(row)
            elif held := re.match(r"(\w+)(?:: (.*))?,$", row):
                members.append(Member(held[1], about(docs), f"Option<{held[2] or 'bool'}>", True))
                docs = []
        found[head[1]] = Declared(head[1], about(lines[start:at]), False, None, members)
    return found


class Writer:
    """The types in both languages, each before what uses it."""

    def __init__(self) -> None:
        self.python: list[str] = []
        self.typescript: list[str] = []
        self.names: list[str] = []
        self.files = {path: declared(path) for path in DOCUMENTS if (CORE / path).exists()}

    def lookup(self, path: str, name: str) -> tuple[str, Declared]:
        """Find a type: in the file itself, else in any."""
        for file in [path, *self.files]:
            if name in self.files[file]:
                return file, self.files[file][name]
        sys.exit(f"{path}: no declaration of {name}")

    def of(self, path: str, kind: str) -> tuple[str, str]:
        """Name a type in Python and in TypeScript."""
        if kind in SIMPLE:
            return SIMPLE[kind]
        if found := re.match(r"(Option|Vec|Box)<(.*)>$", kind):
            python, typescript = self.of(path, found[2])
            match found[1]:
                case "Option":
                    return f"{python} | None", f"{typescript} | null"
                case "Vec":
                    return f"list[{python}]", f"ReadonlyArray<{typescript}>"
            return python, typescript
        if found := re.match(r"BTreeMap<String, (.*)>$", kind):
            python, typescript = self.of(path, found[1])
            return f"dict[str, {python}]", f"{{ [name: string]: {typescript} }}"
        self.write(path, kind)
        _, declaration = self.lookup(path, kind)
        return declaration.name, declaration.name

    def write(self, path: str, name: str) -> None:
        """Write a type, after what it is made of."""
        path, declaration = self.lookup(path, name)
        if declaration.name in self.names:
            return
        self.names.append(declaration.name)
        if not declaration.enum:
            self.record(path, declaration.name, declaration.about, declaration.members)
        elif declaration.tag is None:
            python = "".join(f'    "{member.name}",\n' for member in declaration.members)
            self.python.append(
                f"{comment(declaration.about)}\n{declaration.name}: TypeAlias = Literal[\n{python}]\n"
            )
            rows = "".join(f"\n  | '{member.name}'" for member in declaration.members)
            self.typescript.append(
                f"{jsdoc(declaration.about, '')}\nexport type {declaration.name} ={rows}\n"
            )
        else:
            self.union(path, declaration)

    def union(self, path: str, declaration: Declared) -> None:
        """Write one type for each variant, with its tag, and the union of them."""
        assert declaration.tag
        variants = []
        for member in declaration.members:
            tag = Member(declaration.tag, "Which one.", f"'{member.name}'")
            if member.kind:
                inner = re.sub(r"^Box<(.*)>$", r"\1", member.kind)
                file, held = self.lookup(path, inner)
                name, text, members = held.name, held.about, held.members
                path_of = file
            else:
                name = declaration.name + "".join(part.capitalize() for part in member.name.split("_"))
                text, members, path_of = member.about, member.members, path
            if name not in self.names:
                self.names.append(name)
                self.record(path_of, name, text, [tag, *members])
            variants.append(name)
        rows = " | ".join(variants)
        alias = f"{declaration.name}: TypeAlias = {rows}"
        if len(alias) > 110:
            alias = f"{declaration.name}: TypeAlias = (\n    " + "\n    | ".join(variants) + "\n)"
        self.python.append(f"{comment(declaration.about)}\n{alias}\n")
        self.typescript.append(
            f"{jsdoc(declaration.about, '')}\nexport type {declaration.name} =\n  | "
            + "\n  | ".join(variants)
            + "\n"
        )

    def record(self, path: str, name: str, text: str, members: list[Member]) -> None:
        """Write a struct."""
        typed = []
        for member in members:
            if member.kind.startswith("'"):
                literal = member.kind.strip("'")
                typed.append((member, f'Literal["{literal}"]', f"'{literal}'"))
            else:
                typed.append((member, *self.of(path, member.kind)))
        rows = "".join(
            f"{jsdoc(member.about, '  ')}\n  {member.name}{'?' if member.optional else ''}: {typescript}\n"
            for member, _, typescript in typed
        )
        self.typescript.append(f"{jsdoc(text, '')}\nexport interface {name} {{\n{rows}}}\n")
        fields = [(member, python) for member, python, _ in typed]
        required = [row for row in fields if not row[0].optional]
        optional = [row for row in fields if row[0].optional]
        base = "TypedDict"
        if any(member.name == "from" for member, _ in fields):
            # `from` is a keyword of Python: this part of the type is made by a call.
            part = [row for row in fields if row[0].name == "from"]
            words = ", ".join(f'"{member.name}": {python}' for member, python in part)
            total = "" if not part[0][0].optional else ", total=False"
            base = f"_{name}From"
            self.python.append(
                f'{comment("``from``: " + part[0][0].about)}\n{base} = TypedDict("{base}", {{{words}}}{total})\n'
            )
            required = [row for row in required if row[0].name != "from"]
            optional = [row for row in optional if row[0].name != "from"]
        if required and optional:
            self.python.append(f"class _{name}Required({base}):\n{body('', required)}")
            base, required = f"_{name}Required", []
        total = ", total=False" if optional else ""
        self.python.append(f"class {name}({base}{total}):\n{body(text, required + optional)}")


def body(text: str, fields: list[tuple[Member, str]]) -> str:
    """Write docstring and fields of a class."""
    out = []
    if text:
        first, _, rest = text.partition(". ")
        if len(text) > 100 and not rest:
            # One sentence that is too long for a line: its last part stands below.
            first, _, rest = text[:98].rpartition(", ")
            rest = text[len(first) + 2 :].capitalize()
        if len(text) <= 100:
            raw = "r" if "\\" in text else ""
            out.append(f'    {raw}"""{text}"""\n')
        else:
            wrapped = "\n    ".join(textwrap.wrap(rest, 100))
            out.append(f'    """{first.rstrip(".")}.\n\n    {wrapped}\n    """\n')
        out.append("\n" if fields else "")
    for member, python in fields:
        out.append("".join(f"    #: {line}\n" for line in textwrap.wrap(member.about, 100)))
        out.append(f"    {member.name}: {python}\n")
    return "".join(out) or "    pass\n"


def comment(text: str) -> str:
    return "\n".join(f"#: {line}" for line in textwrap.wrap(text, 104))


def jsdoc(text: str, indent: str) -> str:
    return f"{indent}/** {text} */"


PYTHON = '''"""The documents that verbs take, as types: requests for a release, claims, tables, facts.

A document is plain data, and the same JSON document in every language. Dates are text, ``YYYY-MM-DD``. A fact
is true, false or left out; what is left out is unknown, and never taken for a no. Generated by
``scripts/documents.py`` from the declarations of the core.
"""

from __future__ import annotations

from typing import Any, Literal, TypeAlias, TypedDict

__all__ = [
{names}]


{types}'''
TYPESCRIPT = """// The documents that verbs take: the same JSON documents in every language, so their members keep the names of
// the wire. Dates are text, `YYYY-MM-DD`. A fact is true, false or left out; what is left out is unknown, and never
// taken for a no.
// Generated by scripts/documents.py from the declarations of the core.

{types}"""


def main() -> None:
    """Write both files."""
    writer = Writer()
    for path, names in DOCUMENTS.items():
        if path not in writer.files:
            continue
        for name in names:
            writer.write(path, name)
    names = "".join(f'    "{name}",\n' for name in sorted(writer.names))
    python = PYTHON.replace("{names}", names).replace("{types}", "\n\n".join(writer.python))
    (ROOT / "bindings-python/python/chartkeeper/documents.py").write_text(python)
    typescript = TYPESCRIPT.replace("{types}", "\n".join(writer.typescript))
    (ROOT / "bindings-node/documents.d.ts").write_text(typescript)


if __name__ == "__main__":
    main()
