from __future__ import annotations

from pathlib import Path

import pytest

from index import BadSetting, IndexConfig
from index.config import ROOT


@pytest.mark.parametrize(
    "environ", [{}, {"SCO_SOURCE_DOCS": "", "SCO_INDEX_DIR": "", "SCO_MODEL_DIR": ""}], ids=["unset", "empty"]
)
def test_without_settings_the_folders_are_those_of_the_repository(environ: dict[str, str]) -> None:
    assert IndexConfig.from_env(environ) == IndexConfig(ROOT / "source_docs", ROOT / "index" / "built", None, 700)


def test_settings_move_the_folders(tmp_path: Path) -> None:
    environ = {name: str(tmp_path / name) for name in ("SCO_SOURCE_DOCS", "SCO_INDEX_DIR", "SCO_MODEL_DIR")}
    config = IndexConfig.from_env(environ)
    assert (config.source_docs.name, config.index_dir.name, config.model_dir) == (
        "SCO_SOURCE_DOCS",
        "SCO_INDEX_DIR",
        tmp_path / "SCO_MODEL_DIR",
    )


def test_a_misspelt_setting_is_refused_with_the_nearest_name() -> None:
    with pytest.raises(BadSetting, match=r"there is no such setting; did you mean SCO_SOURCE_DOCS\?"):
        IndexConfig.from_env({"SCO_SOURCE_DOC": "x"})


def test_other_programs_settings_are_nobodys_business() -> None:
    IndexConfig.from_env({"PATH": "/bin", "SCOPE": "x"})


@pytest.mark.parametrize("name", ["SCO_SOURCE_DOCS", "SCO_INDEX_DIR", "SCO_MODEL_DIR"])
def test_a_link_that_leads_to_itself_is_refused(tmp_path: Path, name: str) -> None:
    (tmp_path / "loop").symlink_to(tmp_path / "loop")
    with pytest.raises(BadSetting, match=f"setting {name}: .* leads to no folder"):
        IndexConfig.from_env({name: str(tmp_path / "loop")})
