from __future__ import annotations

import random
from pathlib import Path

import pytest
from fakes import HashingEmbedder
from hypothesis import given
from hypothesis import strategies as st

from index import IndexConfig, rebuild
from index import __main__ as commands
from index.languages import language, told

ROOT = Path(__file__).parents[3]
PROSE = {
    "German": "Der Verein wurde im Mai 1987 gegründet und hat seinen Sitz in Freiburg. Wer den Beitrag nicht zahlt, "
    "kann durch den Vorstand ausgeschlossen werden, wenn er trotz Mahnung mit der Zahlung im Rückstand ist.",
    "French": "Le musée a été fondé en 1927 et se trouve au centre de la ville, dans le nord de la France. Il est "
    "ouvert tous les jours sauf le mardi, et l’entrée est gratuite pour les enfants qui ont moins de douze ans.",
    "Spanish": "La cooperativa fue fundada en 1954 por doce familias. Hoy cuenta con 340 socios y produce dos millones "
    "de litros al año, más que todas sus vecinas. La presidenta es Carmen Ruiz, que fue elegida en 2022.",
    "Italian": "La biblioteca è stata fondata nel 1890 ed è aperta ogni giorno, anche la domenica. Chi non ha una "
    "tessera può chiederla alla direzione con un documento, che viene poi restituito dal bibliotecario.",
    "Portuguese": "O museu foi fundado em 1931 por um grupo de pescadores e não fecha ao domingo. A entrada é gratuita "
    "para quem mora na vila, mas os outros visitantes pagam como em qualquer museu, com uma redução pela idade.",
    "Dutch": "Het museum werd in 1931 geopend en is niet op maandag te bezoeken. Voor kinderen is het gratis, maar zij "
    "worden wel door een volwassene begeleid, ook als zij uit de buurt komen.",
    "Polish": "Muzeum zostało otwarte w 1931 roku i nie jest czynne w poniedziałki, lub może być zamknięte od maja. "
    "Dla dzieci, które są z okolicy, wstęp jest bezpłatny, tylko że muszą być pod opieką, jak na każdej wystawie.",
    "Russian": "Завод был основан в 1931 году в городе Владимире. Первым директором был инженер Пётр Соколов.",
    "Ukrainian": "Завод заснували 1931 року в місті Києві. Його перший директор був інженером.",
    "Cyrillic script": "Фабрика је основана 1931. године у граду Нишу. Њен први директор био је инжењер.",
    "Chinese": "老城茶馆成立于1908年，位于成都市中心。茶馆的创办人是李文华先生。",
    "Japanese": "この茶店は1908年に町の中心で始まりました。いまは四十人が働いています。",
    "Korean": "이 찻집은 1908년에 도시 중심에서 시작되었습니다. 지금은 마흔 명이 일하고 있습니다.",
    "Arabic script": "تأسس هذا المقهى عام 1908 في وسط المدينة القديمة على يد تاجر.",
}


@pytest.mark.parametrize("named", PROSE)
def test_a_few_sentences_tell_their_language(named: str) -> None:
    assert language(PROSE[named]) == named


def test_headings_and_names_in_english_do_not_hide_it() -> None:
    assert language("Meeting notes\nAgenda, Team Update, Follow-up\n\n" + PROSE["German"]) == "German"


@pytest.mark.parametrize(
    "text",
    [
        "",
        "Grüße aus Wien",
        "12.5\t13.0\n14.1\t9.9\n",
        "Straße;Ort;Preis\nAm Zoo 3;Köln;12\nIm Tal 9;Bonn;14\nZur Post 1;Ulm;11\n",
        "def mean(par, sur, con):\n    for par in con:\n        if par.est is not sur:\n            return par, con\n",
        "Der Ring des Nibelungen, Die Walküre und Also sprach Zarathustra were played on one evening in the hall.",
        "The mayor said “nous ne sommes pas dans une ville comme les autres” and left the room, as she had to, by the "
        "door that the ushers of the house had kept for her.",
        "José de la Cruz, María del Carmen y Ruiz, Les Deux Magots, Café des Arts et Métiers, La Paz, Los Angeles",
        "α = 3, β = 4, γ = 5, δ = 6, ε = 7, ζ = 8",
        "Mr. Иванов of Владимир met Mr. Соколов, who ran the works there; it was the first time that the two spoke.",
    ],
)
def test_no_text_is_called_foreign_for_its_names_numbers_code_or_a_quotation(text: str) -> None:
    assert language(text) is None


def test_every_english_text_of_this_project_is_english() -> None:
    texts = [
        file
        for folder in ("source_docs", "tests/eval/documents", "tests/eval/various-dev", "tests/eval/structured-dev")
        for file in (ROOT / folder).iterdir()
        if file.suffix in (".txt", ".md", ".toml")
    ]
    texts += [*ROOT.glob("*.md"), *ROOT.glob("index/*.py"), *ROOT.glob("assistant/web/page/*.js")]
    assert len(texts) > 60
    assert [file.name for file in texts if language(file.read_text("utf-8"))] == []


WORDS = "the of and to in is was that for on with as by at from it were had has been which this not are".split()
NAMES = (
    "Una Para Con Por Des Der Und Les Est Sur Sont Dans Som Och Med Van Het Een Nie Jest Que Qui Che Sono Più für "
    "Łódź Münster São Île Ängelholm".split()
)


@given(st.lists(st.sampled_from(NAMES), max_size=60), st.randoms(use_true_random=False))
def test_english_words_outweigh_any_names_that_are_fewer(names: list[str], draws: random.Random) -> None:
    every = [*names, *(WORDS * 3)[: len(names) + 1]]
    draws.shuffle(every)
    assert language(" ".join(every)) is None


@given(st.text())
def test_any_text_is_looked_at_without_failing(text: str) -> None:
    assert language(text) is None or language(text) == language(text + " ")


def test_a_long_text_is_told_by_all_of_it_and_not_by_its_beginning() -> None:
    preface = "This book was printed with the help of the city, and it is the first of its kind to be so. " * 20
    assert language(preface + PROSE["German"] * 100) == "German"
    assert language(PROSE["German"] * 2 + preface * 20) is None


def test_of_many_documents_three_are_named() -> None:
    found = {"a.txt": "German", "b.txt": "French", "c.txt": "Chinese", "d.txt": "Greek", "e.txt": "Greek"}
    assert told({"a.txt": "German"}) == "a.txt looks to be in German"
    assert told(dict(list(found.items())[:2])) == "a.txt looks to be in German and b.txt in French"
    assert told(found) == (
        "a.txt looks to be in German, b.txt in French, c.txt in Chinese and 2 more in other languages"
    )


@pytest.fixture
def german_too(
    two_documents: IndexConfig, fake_embedder: HashingEmbedder, monkeypatch: pytest.MonkeyPatch
) -> IndexConfig:
    """The two documents indexed, and then one in German beside them."""
    rebuild(two_documents, fake_embedder)
    (two_documents.source_docs / "satzung.txt").write_text(PROSE["German"], "utf-8")
    monkeypatch.setenv("SCO_SOURCE_DOCS", str(two_documents.source_docs))
    monkeypatch.setenv("SCO_INDEX_DIR", str(two_documents.index_dir))
    monkeypatch.setattr(commands, "open_embedder", lambda *_: fake_embedder)
    return two_documents


@pytest.mark.usefixtures("german_too")
def test_the_rebuild_and_the_status_name_a_document_in_another_language(capsys: pytest.CaptureFixture[str]) -> None:
    assert commands.main(["rebuild"]) == 0
    assert capsys.readouterr().err == "note: satzung.txt looks to be in German; only English is read well\n"
    assert commands.main(["status"]) == 0
    assert "  other_languages: satzung.txt: German\n" in capsys.readouterr().out


def test_an_index_that_does_not_know_a_language_yet_is_written_anew_and_embeds_nothing(
    german_too: IndexConfig, fake_embedder: HashingEmbedder, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("index.build.languages", lambda documents: {})
    rebuild(german_too, fake_embedder)
    monkeypatch.undo()
    done = rebuild(german_too, fake_embedder)
    assert (done.changed, done.embedded, done.manifest.languages) == (True, 0, {"satzung.txt": "German"})
    assert not rebuild(german_too, fake_embedder).changed
