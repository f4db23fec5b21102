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


def test_workers_are_this_machines_own_or_those_of_a_cluster() -> None:
    server = {"SCO_INDEX": "milvus://localhost/docs"}
    for ray in ("local", "head.example:6379", "10.0.0.7:6379", "[::1]:6379", "ray://head.example:10001"):
        assert IndexConfig.from_env({**server, "SCO_RAY": ray}).ray == ray
    assert IndexConfig.from_env({**server, "SCO_RAY": ""}).ray is None
    assert IndexConfig.from_env({"SCO_INDEX": "milvus:/here/docs.db/docs", "SCO_RAY": "local"}).ray == "local"


@pytest.mark.parametrize("ray", ["auto", "head.example", "http://head.example:8265", "ray://", "a b:1", "local:1x"])
def test_another_form_of_workers_is_refused(ray: str) -> None:
    with pytest.raises(BadSetting, match=r"^setting SCO_RAY: is not of the form local, host:port or ray://host:port$"):
        IndexConfig.from_env({"SCO_INDEX": "milvus://localhost/docs", "SCO_RAY": ray})


def test_workers_elsewhere_are_refused_where_they_cannot_reach_the_index() -> None:
    with pytest.raises(BadSetting, match=r"^setting SCO_RAY: needs SCO_INDEX: an index in files is built by one proc"):
        IndexConfig.from_env({"SCO_RAY": "local"})
    with pytest.raises(BadSetting, match=r"no other machine can open the file that SCO_INDEX names; set it to local"):
        IndexConfig.from_env({"SCO_INDEX": "milvus:/here/docs.db/docs", "SCO_RAY": "head.example:6379"})
