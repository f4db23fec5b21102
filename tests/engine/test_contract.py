"""The contract, kept by engines."""

from index_contract import *  # noqa: F403
