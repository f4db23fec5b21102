"""A shelf of texts that are alike but for what they are of: the question names one by its title alone."""

from __future__ import annotations

import pytest
from fakes import index_of

from assistant import Answer, Assistant
from assistant.answering import open_reader
from assistant.judging.evidence import is_by_title, over
from assistant.judging.naming import named
from index import IndexConfig, LiveIndex, OnnxEmbedder, rebuild

POLICIES = ("Travel Expenses", "Data Retention", "Fire Safety", "Sick Leave", "Company Cars", "Passwords", "Training")
PRODUCTS = ("AquaPump 300", "HeatMax 20", "DustAway Pro", "GrillKing 5")


@pytest.fixture(scope="module")
def shelf(tmp_path_factory: pytest.TempPathFactory, _minilm: OnnxEmbedder) -> Assistant:
    folder = tmp_path_factory.mktemp("shelf")
    docs = folder / "docs"
    docs.mkdir()
    for number, name in enumerate(POLICIES, start=2):
        (docs / f"{number}.md").write_text(
            f"# {name} Policy\n\nVersion {number}.\n\n## Rules\n\nRequests must be made {number + 3} working days "
            f"before. Records are kept for {number} years.\n\n## Review\n\nThe policy is reviewed every {number * 6} "
            "months.\n",
            "utf-8",
        )
    for number, name in enumerate(PRODUCTS, start=1):
        (docs / f"p{number}.md").write_text(
            f"# {name} manual\n\n## Specifications\n\n| Property | Value |\n| --- | --- |\n| Weight | {number}.5 kg |\n"
            f"| Warranty | {number} years |\n\n## Safety\n\nNever use the {name} in the rain.\n",
            "utf-8",
        )
    config = IndexConfig(docs, folder / "built")
    rebuild(config, _minilm)
    return Assistant(LiveIndex(config, _minilm.identity), _minilm, open_reader()[0])


@pytest.mark.parametrize(
    ("question", "document", "said"),
    [
        ("How long are records kept under the data retention policy?", "3.md", "3 years"),
        ("How long are records kept under the Sick Leave policy?", "5.md", "5 years"),
        ("How often is the Company Cars policy reviewed?", "6.md", "36 months"),
        ("How often is the training policy reviewed?", "8.md", "48 months"),
        ("What is the weight of the HeatMax 20?", "p2.md", "2.5 kg"),
        ("How long is the warranty on the GrillKing 5?", "p4.md", "4 years"),
    ],
)
def test_the_document_that_the_question_names_is_quoted_first(
    shelf: Assistant, question: str, document: str, said: str
) -> None:
    reply = shelf.ask(question)
    assert isinstance(reply, Answer)
    assert reply.quotes[0].document == document
    assert said in reply.quotes[0].exact


ALPINE = "A club\n\nIt climbs.\n\nRules\n\nThe club keeps records for years.\n"


@pytest.mark.parametrize(
    ("question", "titled"),
    [
        ("How long are Alpine records kept?", True),
        ("Which rules has the Alpine Club?", True),
        ("How long are records kept?", False),
        # The passage says so itself.
        ("Does the club keep records?", False),
    ],
)
def test_titles_are_read_where_one_alone_holds_a_word_of_the_question(question: str, titled: bool) -> None:
    passages = index_of({"Alpine Club.txt": ALPINE, "Bowls.txt": ALPINE.replace("climbs", "bowls")}).passages
    assert is_by_title(question, passages) == titled
    rules = [passage for passage in passages if passage.heading == "Rules"]
    under = ["Alpine Club: Rules.", "Bowls: Rules."] if titled else ["Rules.", "Rules."]
    assert [over(passage, titled) for passage in rules] == under


def test_a_title_is_not_read_twice() -> None:
    alone, headed = index_of({"Alpine Club.txt": "It climbs.\n", "Bowls.txt": "Bowls\n\nIt bowls.\n"}).passages
    assert [over(passage, titled=True) for passage in (alone, headed)] == ["Alpine Club.", "Bowls."]


@pytest.mark.parametrize(
    ("question", "documents", "names"),
    [
        ("How often is the fire safety policy reviewed?", (), {"4.md"}),
        ("Who may drive the cars?", (), {"6.md"}),
        # Every policy is one.
        ("How often is the policy reviewed?", (), set()),
        ("Sick leave or training?", (), {"5.md"}),
        ("Sick leave or training?", ("8.md", "7.md", "6.md"), {"8.md"}),
        ("Who is the director?", (), set()),
        ("Who trains whom?", ("8.md",), set()),
    ],
)
def test_a_question_names_the_few_documents_whose_titles_have_its_most_telling_words(
    shelf: Assistant, question: str, documents: tuple[str, ...], names: set[str]
) -> None:
    assert named(question, shelf.index()[0], documents) == names
