"""What the reader is trained with that needs neither its data nor its training: soft targets, budgets, the mean."""

import json
import lzma
import random
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

torch = pytest.importorskip("torch")
onnx = pytest.importorskip("onnx")

from onnx import numpy_helper  # noqa: E402 - only where there is torch

from assistant.answering import READER_FOLDER  # noqa: E402
from assistant.reader.corpus import KEY_CHARS, Item, Unit, item_key, passage_key  # noqa: E402
from assistant.reader.data import Sampler, structured  # noqa: E402
from assistant.reader.distil import ensemble, heard, soft_loss  # noqa: E402
from assistant.reader.encode import Encoded  # noqa: E402
from assistant.reader.evaluate import model_run, session_run  # noqa: E402
from assistant.reader.export import read_int8, write_int8  # noqa: E402
from assistant.reader.lean import lean  # noqa: E402
from assistant.reader.mixture import SHORTLIST  # noqa: E402
from assistant.reader.model import Batch, ReaderModel, collate, loss  # noqa: E402
from assistant.reader.neighbours import Neighbours  # noqa: E402
from assistant.reader.runtime import MODEL_FILE, Reader  # noqa: E402
from assistant.reader.shortlists import likeliest, load_shortlists, nearest  # noqa: E402
from assistant.reader.thesaurus import Thesaurus  # noqa: E402
from assistant.reader.train import Options, begun, knows_mark  # noqa: E402
from assistant.reader.windows import Span, Window  # noqa: E402
from index.embedding import packaged_minilm  # noqa: E402
from index.int8_rows import TOP  # noqa: E402
from index.onnx_session import open_session  # noqa: E402
from index.weights import WEIGHTS_FILE, WORDS, Rows  # noqa: E402


@pytest.fixture(scope="module")
def batch() -> Batch:
    """Two windows, one of two sentences, of which the second answers, and one of a single sentence that does not."""
    two = Window(
        (101, 2040, 102, 2001, 2002, 2003, 2004, 102), (0, 0, 0, 1, 1, 1, 1, 1), (Span(0, 3, 5), Span(1, 5, 7))
    )
    one = Window((101, 2040, 102, 2005, 102), (0, 0, 0, 1, 1), (Span(0, 3, 4),))
    return collate([Encoded("answered", two, (1,), (5, 6)), Encoded("far", one, (), None)])


@pytest.fixture(scope="module")
def models() -> list[ReaderModel]:
    made = []
    for seed in (1, 2):
        torch.manual_seed(seed)
        model = ReaderModel().eval()
        torch.nn.init.normal_(model.heads.weight, std=0.3)
        made.append(model)
    return made


def test_the_ensembles_targets_are_a_distribution_over_the_sentences_and_nowhere(
    models: list[ReaderModel], batch: Batch
) -> None:
    targets = ensemble(models, batch)
    assert targets.shape == (2, 9)
    assert targets.sum(dim=1) == pytest.approx(torch.ones(2), abs=1e-6)
    assert float(targets[:, 1:][~batch.context].abs().max()) == 0.0


def test_a_sentences_log_odds_are_the_mean_of_the_teachers(models: list[ReaderModel], batch: Batch) -> None:
    targets = ensemble(models, batch)
    with torch.inference_mode():
        scores = [model(batch.ids, batch.mask, batch.types)[0] for model in models]
    for row, first, end in ((0, 3, 5), (0, 5, 7), (1, 3, 4)):
        mean = sum(float(torch.logsumexp(score[row, first:end], 0)) for score in scores) / len(scores)
        found = float(torch.log(targets[row, 1 + first : 1 + end].sum() / targets[row, 0]))
        assert found == pytest.approx(mean, abs=1e-4)


def test_a_teacher_that_was_not_taught_the_mark_is_not_heard_behind_it(models: list[ReaderModel], batch: Batch) -> None:
    say = heard([True, False], batch, batch.ids[0, 1:4].tolist())
    assert say.tolist() == [[True, True], [False, True]]
    assert torch.allclose(ensemble(models, batch, say)[0], ensemble(models[:1], batch)[0])
    assert torch.allclose(ensemble(models, batch, say)[1], ensemble(models, batch)[1])


def test_an_exported_reader_says_whether_it_knows_the_mark(tmp_path: Path) -> None:
    card = tmp_path / "reader.json"
    for text, known in (('{"corrects": true}', True), ("{}", False)):
        card.write_text(text)
        assert knows_mark(tmp_path / "reader.onnx") is known
    assert knows_mark(tmp_path / "final.pt")


def test_nothing_is_nearer_to_a_readers_own_targets_than_itself(models: list[ReaderModel], batch: Batch) -> None:
    targets = ensemble(models[:1], batch)
    with torch.inference_mode():
        own, other = (soft_loss(model(batch.ids, batch.mask, batch.types)[0], batch, targets) for model in models)
    entropy = float(-torch.special.xlogy(targets, targets).sum(dim=1).mean())
    assert float(own) == pytest.approx(entropy, abs=1e-4)
    assert float(other) > entropy


def test_certain_targets_are_what_labels_are(models: list[ReaderModel], batch: Batch) -> None:
    with torch.inference_mode():
        score, end = models[0](batch.ids, batch.mask, batch.types)
    alone = Batch(**{name: getattr(batch, name) for name in Batch.__slots__} | {"start": torch.tensor([-1, -1])})
    targets = torch.zeros(2, 9)
    share = torch.softmax(score[0, 5:7], 0)
    targets[0, 6:8], targets[1, 0] = share, 1.0
    spread = float(-(share * share.log()).sum()) / 2
    assert float(soft_loss(score, batch, targets)) == pytest.approx(float(loss(score, end, alone)) + spread, abs=1e-5)


def test_a_run_begins_with_the_mean_of_several(models: list[ReaderModel], tmp_path: Path) -> None:
    files = []
    for number, model in enumerate(models):
        files.append(tmp_path / f"{number}.pt")
        torch.save(model.state_dict(), files[-1])
    mean = begun(Options(tmp_path, tmp_path, tmp_path, 1.0, False, 1, start=files))
    assert torch.allclose(mean.heads.weight, (models[0].heads.weight + models[1].heads.weight) / 2)


def test_a_budget_of_windows_does_not_look_at_the_clock(tmp_path: Path) -> None:
    timed = Options(tmp_path, tmp_path, tmp_path, minutes=2.0, resume=False, threads=1)
    counted = Options(tmp_path, tmp_path, tmp_path, minutes=2.0, resume=False, threads=1, windows=1000)
    assert timed.progress(60.0, 900) == 0.5
    assert counted.progress(60.0, 900) == 0.9


def test_an_export_leaves_the_old_file_to_whoever_reads_from_it(models: list[ReaderModel], tmp_path: Path) -> None:
    target = tmp_path / "reader.onnx"
    target.write_bytes(b"old")
    with target.open("rb") as held:
        write_int8(models[0], target)
        assert held.read() == b"old"
    assert [file.name for file in tmp_path.iterdir()] == ["reader.onnx"]
    exported = target.read_bytes()
    assert len(lean(memoryview(exported), target.name)) < 600_000 < 10_000_000 < len(exported) < 12_000_000


def test_the_shipped_weights_read_as_the_model_behind_them_does(batch: Batch) -> None:
    model = read_int8(READER_FOLDER / MODEL_FILE, packaged_minilm())
    session = open_session((READER_FOLDER / MODEL_FILE).read_bytes(), 1)
    defined = model_run(model)(batch)
    ours = session_run(session, Rows(packaged_minilm() / WEIGHTS_FILE, WORDS))(batch)
    kept = batch.mask.numpy().astype(bool)
    for one, other in zip(defined, ours, strict=True):
        assert np.abs(one - other)[kept].max() < 0.5
        assert np.abs(one - other)[kept].mean() < 0.1


def test_a_model_multiplied_out_is_rounded_to_nearly_the_same_again(tmp_path: Path) -> None:
    again = tmp_path / "reader.onnx"
    write_int8(read_int8(READER_FOLDER / MODEL_FILE, packaged_minilm()), again)
    shipped, made = (
        {each.name: numpy_helper.to_array(each) for each in onnx.load(file).graph.initializer}
        for file in (READER_FOLDER / MODEL_FILE, again)
    )
    assert shipped.keys() == made.keys()
    for name, array in shipped.items():
        if array.dtype == np.int8 and array.ndim == 2:
            # Two neighbours' numbers may add up to one less than the sum that set their scale, or to one more.
            assert np.abs(array.astype(int) - made[name]).max() <= 1, name
            largest = np.abs(array[::2].astype(int) + array[1::2]).max(axis=0)
            assert (array == made[name])[:, np.maximum(largest, np.abs(array).max(axis=0)) == TOP].all(), name
        else:
            assert made[name] == pytest.approx(array, rel=0.01, abs=0.01), name


@pytest.fixture(scope="module")
def listed() -> Sampler:
    """Of three questions the first has a shortlist: two sentences of its own passage, the first of which answers, and
    one of another."""
    items = [
        Item(
            "written",
            f"Who keeps gate {n}?",
            (f"Anna keeps gate {n}.", "It is old."),
            (0,),
            "Anna",
            True,
            n,
            kind="plain",
            heading="Gates",
        )
        for n in range(3)
    ]
    own = Unit(items[0].sentences, 0, "Gates")
    road = Unit(("Bruno watches the road.", "It is long."), 9, "The road")
    return Sampler(items, Neighbours.build(items), {item_key(items[0]): [(road, 0), (own, 1), (own, 0)]})


def test_a_shortlist_is_drawn_for_its_question_alone(listed: Sampler) -> None:
    drawn = [[listed.draw(place, random.Random(seed)) for seed in range(200)] for place in range(3)]
    assert 0.6 < sum(example.kind == SHORTLIST for example in drawn[0]) / 200 < 0.9
    assert not any("Bruno" in " ".join(example.sentences) for example in drawn[1] + drawn[2])
    assert listed.order(0, 1).count(0) > 2 * listed.order(0, 1).count(1)


def test_a_shortlist_mostly_holds_what_answers_and_the_sentences_likelier_than_it(listed: Sampler) -> None:
    drawn = [listed.shortlisted(0, random.Random(seed)) for seed in range(400)]
    for example in drawn:
        texts = [text.removeprefix("Gates. ").removeprefix("The road. ") for text in example.sentences]
        assert [texts[place] for place in example.gold] == [text for text in texts if text == "Anna keeps gate 0."]
        assert example.answer == ("Anna" if example.gold else None)
        assert [text for text in texts if text != "Bruno watches the road."] in (
            ["Anna keeps gate 0.", "It is old."],
            ["Anna keeps gate 0."],
            ["It is old."],
            [],
        )
    assert 0.7 < sum(bool(example.gold) for example in drawn) / 400 < 0.95
    assert 0.5 < sum(any("Bruno" in text for text in example.sentences) for example in drawn) / 400 < 0.9
    first = {example.sentences[0] for example in drawn if len(example.sentences) > 1}
    assert {"The road. Bruno watches the road.", "Gates. Anna keeps gate 0."} <= first
    assert sum("The road. " not in " ".join(e.sentences) and "Bruno" in " ".join(e.sentences) for e in drawn) > 10


@pytest.mark.parametrize(
    ("sentences", "expected"),
    [
        (("| A | 120 EUR |", "| B | 150 EUR |"), True),
        (("Arch | 412 m", "Opened | 1932"), True),
        (("- 200 g flour", "- 2 eggs, beaten"), True),
        (("3. Mix the flour.", "4.2 The tenant shall pay."), True),
        (("HOLLOWAY: When I was eleven.", "My father gave me a telescope.", "Q: Why?"), True),
        (("Anna keeps the gate.", "In 1932 it was moved: nobody knows why.", "It is old."), False),
        (("Note: the gate is old.", "Anna keeps it."), False),
    ],
)
def test_rows_items_clauses_and_turns_are_told_from_prose(sentences: tuple[str, ...], expected: bool) -> None:
    assert structured(sentences) is expected


def test_questions_about_rows_are_drawn_more_often_than_those_about_prose() -> None:
    prose = Item("written", "Who?", ("Anna keeps it.", "It is old."), (0,), None, True, 0, kind="plain")
    rows = replace(prose, sentences=("Keeper | Anna", "Age | old"), group=1)
    drawn = Sampler([prose, rows], Neighbours.build([prose, rows])).order(0, 1)
    assert drawn.count(1) > 2 * drawn.count(0)


def test_answered_or_not_as_many_questions_are_put_in_other_words() -> None:
    item = Item("squad-par", "Who keeps the gate?", ("Anna keeps the gate.", "It is old."), (0,), "Anna", True, 0)
    unanswered = replace(item, source="written", gold=(), answer=None, kind="near", group=1)
    both = [item, unanswered]
    known = Thesaurus({"gate": ("door",)}, {"keeps": ("loses",)}, {}, {})
    sampler = Sampler(both, Neighbours.build(both), thesaurus=known)
    drawn = [[sampler.draw(place, random.Random(seed)) for seed in range(600)] for place in range(2)]
    put = [sum("door" in example.question for example in examples) / 600 for examples in drawn]
    assert put[0] == pytest.approx(put[1], abs=0.06)
    assert min(put) > 0.1
    exchanged = [example for example in drawn[0] if "loses" in example.question and example.kind == "attribute"]
    assert exchanged
    assert not any(example.gold for example in exchanged)


def test_portions_of_what_is_nearest_are_of_the_questions_in_order(listed: Sampler) -> None:
    road = Unit(("Bruno watches the road.", "It is long."), 9, "The road")
    fence = Unit(("Carla paints the fence.",), 8, "")

    class Counted:
        def encode(self, texts: list[str]) -> np.ndarray:
            return np.array([[text.count(word) for word in ("gate", "road", "fence")] for text in texts], float)

    ((first, second, third),) = nearest(listed.items, [road, fence], Counted())  # type: ignore[arg-type]
    assert first[0] == 1.0
    assert {road, fence} < {unit for _, unit in third[1]}
    assert not any(unit.sentences == listed.items[2].sentences for _, unit in third[1])
    assert [cosine for cosine, unit in second[1] if unit in (road, fence)] == [0.0, 0.0]


def test_mined_shortlists_are_found_again(tmp_path: Path, listed: Sampler) -> None:
    first = listed.items[0]
    reader = Reader.open(READER_FOLDER, packaged_minilm())
    far = Unit(("Anna keeps gate 0, and has done so for years.", "Nobody else does."), 9)
    mined = likeliest(reader, first, (0.5, [(0.4, far)]))
    assert {("", 0), ("", 1), (passage_key(far.sentences)[:KEY_CHARS], 1)} <= set(mined)
    question, name = item_key(first)
    file = tmp_path / "shortlists.xz"
    with lzma.open(file, "wt", encoding="utf-8") as lines:
        lines.write(json.dumps({"q": question, "p": name, "listed": mined}) + "\n")
    other = Item("written", "Who?", far.sentences, (), None, True, 9)
    found = load_shortlists(file, [first, other])[item_key(first)]
    assert {(Unit(first.sentences, 0, "Gates"), 0), (far, 1)} <= set(found)


def test_a_sentence_elsewhere_that_may_well_answer_is_not_mined(listed: Sampler) -> None:
    reader = Reader.open(READER_FOLDER, packaged_minilm())
    asked = replace(listed.items[0], sentences=("It is old.", "Nobody keeps the fence."), gold=(1,))
    elsewhere = Unit(("Anna keeps gate 0.",), 9)
    name = (passage_key(elsewhere.sentences)[:KEY_CHARS], 0)
    assert name not in likeliest(reader, asked, (0.5, [(0.4, elsewhere)]))
    # Of a document that is known as a whole it is told what answers.
    assert name in likeliest(reader, replace(asked, siblings=(elsewhere,)), (0.5, [(0.4, elsewhere)]))
