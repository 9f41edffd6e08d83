"""Every text a family can read is there in Ukrainian, Russian and French; English is what stands in the code.

The texts are gathered from the family's templates and modules of every room: `templates/**/family/`, `templates/*/messages/`,
Python files with "family" or "texts" in their name, and the house's own family pages. A room that adds one adds its translations.
"""

import ast
import re
from pathlib import Path

import polib
import pytest
from django.utils.translation import template

ROOT = Path(__file__).resolve().parent.parent / "homeward"
OTHERS = ("uk", "ru", "fr")
CALLS = {"_", "gettext", "gettext_lazy", "ngettext", "ngettext_lazy", "pgettext", "gettext_noop"}
Text = tuple[str, str]  # the text, and its plural or ""


def family_files() -> list[Path]:
    """Everything whose texts families read."""
    templates = [
        path for path in ROOT.rglob("templates/**/*.html") if "family" in path.parts or "messages" in path.parts
    ]
    modules = [path for path in ROOT.rglob("*.py") if "family" in path.stem and "tests" not in path.parts]
    named = [ROOT / "enquiries" / name for name in ("passphrases.py", "pictures.py", "family.py")]
    named += [path for name in ("contact", "disclosure", "journeys") if (path := ROOT / name / "texts.py").exists()]
    return sorted({*templates, *modules, *named})


def texts_of(path: Path) -> set[Text]:
    """The texts a file hands to gettext."""
    source = path.read_text(encoding="utf-8")
    if path.suffix == ".html":
        source = template.templatize(source)
        # templatize leaves calls of gettext between letters that stand for the rest of the page.
        found = re.findall(
            r"\b(n?gettext|_)\(((?:u?'(?:[^'\\]|\\.)*'|u?\"(?:[^\"\\]|\\.)*\"|[^()]|\([^()]*\))*)\)", source
        )
        calls = [f"{name}({arguments})" for name, arguments in found]
    else:
        calls = [source]
    texts: set[Text] = set()
    for piece in calls:
        for node in ast.walk(ast.parse(piece.strip())):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in CALLS:
                said = [arg.value for arg in node.args if isinstance(arg, ast.Constant) and isinstance(arg.value, str)]
                if said:
                    texts.add((said[0], said[1] if node.func.id.startswith("ngettext") and len(said) > 1 else ""))
    return texts


def all_texts() -> dict[Text, str]:
    """Every text with one file in which it stands."""
    return {text: str(path.relative_to(ROOT)) for path in family_files() for text in texts_of(path)}


def catalogue(language: str) -> dict[str, polib.POEntry]:
    """What all rooms translate into a language."""
    merged: dict[str, polib.POEntry] = {}
    for path in (
        *ROOT.glob(f"*/locale/{language}/LC_MESSAGES/django.po"),
        ROOT / f"locale/{language}/LC_MESSAGES/django.po",
    ):
        if path.exists():
            merged |= {
                entry.msgid: entry for entry in polib.pofile(str(path)) if entry.translated() and not entry.obsolete
            }
    return merged


def test_the_gathering_finds_what_it_should() -> None:
    texts = {text for text, _plural in all_texts()}

    assert len(texts) > 100
    assert {
        "Leave quickly",
        "What is his name?",
        "Your enquiry {reference}".replace("{", "%(").replace("}", ")s"),
    } <= texts


ROOMS = sorted({str(path.relative_to(ROOT)).split("/")[0] for path in family_files()})
# Rooms whose translations are being written; each line goes as soon as they are there.
BEING_WRITTEN: set[str] = set()


@pytest.mark.parametrize("language", OTHERS)
@pytest.mark.parametrize("room", ROOMS)
def test_no_text_of_the_family_site_lacks_a_translation(room: str, language: str) -> None:
    if room in BEING_WRITTEN:
        pytest.skip("its translations are being written")
    there = catalogue(language)
    said = {text: where for (text, _plural), where in all_texts().items() if where.split("/")[0] == room}

    assert [f"{where}: {text}" for text, where in said.items() if text not in there] == []


@pytest.mark.parametrize("language", OTHERS)
def test_translations_keep_what_is_filled_in_and_all_plurals(language: str) -> None:
    there = catalogue(language)
    plurals = {"uk": 3, "ru": 3, "fr": 2}[language]
    wrong = []
    for text, plural in all_texts():
        entry = there.get(text)
        if entry is None:
            continue
        said = list(entry.msgstr_plural.values()) if plural else [entry.msgstr]
        if plural and len([each for each in said if each]) < plurals:
            wrong.append(f"plural: {text}")
        for each in said:
            names = re.findall(r"%\(\w+\)[sd]", each)
            if not set(names) <= set(re.findall(r"%\(\w+\)[sd]", text + plural)) or (
                not plural and set(names) != set(re.findall(r"%\(\w+\)[sd]", text))
            ):
                wrong.append(f"{text} -> {each}")

    assert wrong == []
