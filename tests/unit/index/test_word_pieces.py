from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from tokenizers import Tokenizer

from index.embedding import packaged_minilm
from index.onnx_embedder import truncated
from index.word_pieces import open_tokenizer

FILE = str(packaged_minilm() / "tokenizer.json")


def test_all_who_ask_share_one() -> None:
    with ThreadPoolExecutor(8) as pool:
        found = list(pool.map(open_tokenizer, [FILE] * 8))
    assert len({id(tokenizer) for tokenizer in found}) == 1


def test_nothing_is_cut_off_or_filled_up() -> None:
    one, many = open_tokenizer(FILE).encode_batch(["one", "many " * 1000])
    assert (len(one.ids), len(many.ids)) == (3, 1002)


def test_a_damaged_file_is_told_each_time_and_a_mended_one_read(tmp_path: Path) -> None:
    file = tmp_path / "tokenizer.json"
    file.write_text("{")
    for _ in range(2):
        with pytest.raises(Exception, match="EOF"):
            open_tokenizer(str(file))
    file.write_bytes(Path(FILE).read_bytes())
    assert open_tokenizer(str(file)).encode("one").ids[0] == 101


def test_long_texts_are_cut_as_the_tokenizer_itself_would() -> None:
    cutting = Tokenizer.from_file(FILE)
    cutting.no_padding()
    cutting.enable_truncation(256)
    texts = ["", *("one " * count for count in (253, 254, 255, 256, 1000)), "unspeakably " * 200, "中" * 300]
    found = [truncated(encoding.ids) for encoding in open_tokenizer(FILE).encode_batch(texts)]
    assert found == [encoding.ids for encoding in cutting.encode_batch(texts)]
