"""A question in, an answer made of exact quotes out, or a refusal."""

from assistant.answering import Assistant
from assistant.replies import Answer, Quote, Reason, Refusal, Reply

__all__ = ["Answer", "Assistant", "Quote", "Reason", "Refusal", "Reply"]
