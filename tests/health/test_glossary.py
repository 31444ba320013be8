"""One concept, one name: the dictionary, its page and the code say the same."""

import ast
import importlib.util
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]


def load_tool(name):
    spec = importlib.util.spec_from_file_location(name, ROOT / "tools" / f"{name}.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


GLOSSARY = load_tool("write_glossary")
TERMS = GLOSSARY.terms()
CLASSES = list(GLOSSARY.classes())
BY_CODE = {term["code"]: term for term in TERMS}


def bases(node):
    return {ast.unparse(base) for base in node.bases}


def vocabularies(classes):
    return {node.name: GLOSSARY.labels(node) for _, node in classes if "Vocabulary" in bases(node)}


def models(classes):
    return {node.name for _, node in classes if bases(node) & {"models.Model", "AbstractUser"}}


def permission_nouns():
    path = ROOT / "src" / "vungmanh" / "access" / "permissions.py"
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.AnnAssign) and ast.unparse(node.target) == "PERMISSIONS":
            return {key.value.rpartition(".")[0] for key in node.value.keys}
    raise AssertionError("PERMISSIONS not found")


def test_scanner_sees_vocabularies_members_and_models(tmp_path):
    (tmp_path / "room").mkdir()
    (tmp_path / "room" / "words.py").write_text(
        'class Colour(Vocabulary):\n    """Doc."""\n\n    RED = "red", "Đỏ"\n\n'
        "class Thing(models.Model):\n    pass\n\nclass Plain:\n    pass\n",
        encoding="utf-8",
    )
    found = list(GLOSSARY.classes(tmp_path))
    assert vocabularies(found) == {"Colour": {"RED": "Đỏ"}}
    assert models(found) == {"Thing"}
    assert {room for room, _ in found} == {"room"}


def test_no_term_is_listed_twice():
    assert len(BY_CODE) == len(TERMS)


@pytest.mark.parametrize("term", TERMS, ids=lambda term: term["code"])
def test_term_is_complete_and_its_class_exists_in_its_room(term):
    assert (term["room"], term["code"]) in {(room, node.name) for room, node in CLASSES}
    assert all(term[field].strip() for field in ("vi", "gloss", "source", "since"))
    assert term["way"] in {"translated", "kept", "paired"}
    assert term["forbidden"]


def test_every_vocabulary_is_listed_with_exactly_its_members():
    listed = {term["code"]: set(term["members"]) for term in TERMS if "members" in term}
    assert listed == {name: set(members) for name, members in vocabularies(CLASSES).items()}


def test_every_model_is_listed():
    assert models(CLASSES) - set(BY_CODE) == set()


def test_every_permission_noun_is_listed_and_none_besides():
    listed = [noun for term in TERMS for noun in term.get("nouns", [])]
    assert sorted(listed) == sorted(permission_nouns())


def test_no_class_bears_a_forbidden_name():
    forbidden = {name: term["code"] for term in TERMS for name in term["forbidden"]}
    taken = {node.name: forbidden[node.name] for _, node in CLASSES if node.name in forbidden}
    assert taken == {}
    assert set(forbidden) & set(BY_CODE) == set()


def test_glossary_page_is_what_dictionary_and_code_say():
    page = (ROOT / "GLOSSARY.md").read_text(encoding="utf-8")
    assert page == GLOSSARY.page(), "run: python tools/write_glossary.py"
