"""The contract, kept by files."""

from index_contract import *  # noqa: F403
