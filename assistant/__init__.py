"""A question in, an answer made of exact quotes out, or a refusal.

>>> from assistant import Answer, Assistant, Refusal
>>> assistant = Assistant.open()
>>> reply = assistant.ask("When did India join?")
>>> isinstance(reply, Answer)
True
>>> quote = reply.quotes[0]
>>> print(quote.exact)
India, which joined in 2017, must balance its engagement with all major powers – China, Russia and the West.
>>> print(quote.document, quote.paragraph)
sco-alternative-global-order.txt 8

What the documents do not answer is refused, and a refusal is a value:

>>> match assistant.ask("And Pakistan?", history=["When did India join?"]):
...     case Answer() as reply:
...         print([quote.exact for quote in reply.quotes])
...     case Refusal() as reply:
...         print(reply.standalone_question, "→", reply.reason)
When did Pakistan join? → The documents do not answer this; they never mention “Pakistan”.

Passages can be searched too; whether they answer is not judged:

>>> [passage.paragraph for passage in assistant.search("statement on June 14", most=1).passages]
[9]

``to_json`` gives the object that every other way of asking gives; a notebook shows a reply as it is.
"""

from typing import TYPE_CHECKING

from index.public import late

if TYPE_CHECKING:
    from assistant.answering import Assistant as Assistant
    from assistant.reading import Passages as Passages
    from assistant.replies import Answer as Answer
    from assistant.replies import Quote as Quote
    from assistant.replies import Reason as Reason
    from assistant.replies import Refusal as Refusal
    from assistant.replies import Reply as Reply
else:
    __all__, __getattr__, __dir__ = late(
        __name__,
        {
            "answering": ["Assistant"],
            "reading": ["Passages"],
            "replies": ["Answer", "Quote", "Reason", "Refusal", "Reply"],
        },
    )
