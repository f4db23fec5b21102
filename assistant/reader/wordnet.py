"""What WordNet (Fellbaum, 1998; Princeton University) knows of a word: which others mean the same, which mean something
else of the same kind, and in which words its gloss tells of it.

Senses are not told apart by context: a word is taken for the part of speech and the sense that it mostly has, by
WordNet's counts, and left alone where none prevails.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from .lexicon import irregular, verb_forms

NOUN, VERB, ADJECTIVE, ADVERB = "n", "v", "a", "r"
_FILES = {NOUN: "noun", VERB: "verb", ADJECTIVE: "adj", ADVERB: "adv"}
_DETACHED = {
    NOUN: (("ies", "y"), ("ches", "ch"), ("shes", "sh"), ("sses", "ss"), ("xes", "x"), ("s", "")),
    VERB: tuple(zip("ies ied es es s ed ed ing ing".split(), ("y", "y", "e", "", "", "e", "", "e", ""), strict=True)),
}
"""Endings that Morphy (WordNet's manual, morphy(7)) takes off, and what it puts there."""
PREVAILS = 0.75
"""The share of a word's counts that its part of speech must have."""
FIRST = 0.6
"""The share of a lemma's counts that its first sense must have."""
GENERAL = 5
"""Hypernyms above which a synset's hyponyms have too little in common."""
GLOSS_WORDS = 8
_UNCHANGED = frozenset("bet cast cost hit hurt let put quit set shed shut split spread thrust upset".split())
_TOO_COMMON = frozenset(
    "be have do make get take go come say tell call mean use thing person people way time year name number part place "
    "state kind type many much few any also not non only first new".split()
)


@dataclass(frozen=True, slots=True)
class Synset:
    """A sense: its lemmas, the synsets above and below it, and its gloss without examples."""

    lemmas: tuple[str, ...]
    above: tuple[str, ...]
    below: tuple[str, ...]
    opposite: tuple[tuple[int, str, int], ...]
    gloss: str


@dataclass(frozen=True, slots=True)
class Form:
    """A word as an inflected lemma. `slot` is its place among a verb's forms, 1 for a plural, else 0."""

    lemma: str
    pos: str
    slot: int


class WordNet:
    """The synsets under a folder of WordNet's files (`data.noun`, `index.sense`, ...).

    Words that are proposed are in `known`: what no tokenizer knows as a word, a reader can hardly learn.
    """

    def __init__(self, folder: Path, known: Collection[str]) -> None:
        self.known = known
        self.synsets: dict[str, Synset] = {}
        for pos, name in _FILES.items():
            self._read_synsets(folder / f"data.{name}", pos)
        self.senses: dict[tuple[str, str], list[str]] = {}
        for pos, name in _FILES.items():
            self._read_index(folder / f"index.{name}", pos)
        self.counts = _counts(folder / "index.sense")
        self.exceptions = {pos: _exceptions(folder / f"{_FILES[pos]}.exc") for pos in (NOUN, VERB)}
        self.plurals = {lemma: form for form, lemma in self.exceptions[NOUN].items()}
        self.irregular: dict[str, list[str]] = defaultdict(list)
        for form, lemma in self.exceptions[VERB].items():
            self.irregular[lemma].append(form)
        self.verb = cache(self._verb)
        self.form = cache(self._form)
        self.same = cache(self._same)
        self.other = cache(self._other)
        self.told = cache(self._told)
        self.ancestors = cache(self._ancestors)

    def _read_synsets(self, file: Path, pos: str) -> None:
        for line in file.open(encoding="utf-8"):
            if line.startswith(" "):
                continue
            data, _, gloss = line.partition("|")
            fields = data.split()
            count = int(fields[3], 16)
            lemmas = tuple(fields[4 + 2 * n].split("(")[0].replace("_", " ") for n in range(count))
            above, below, opposite = [], [], []
            at = 4 + 2 * count
            for number in range(int(fields[at])):
                symbol, offset, kind, ends = fields[at + 1 + 4 * number : at + 5 + 4 * number]
                name = kind.replace("s", ADJECTIVE) + offset
                if symbol == "@":
                    above.append(name)
                elif symbol == "~":
                    below.append(name)
                elif symbol == "!":
                    opposite.append((int(ends[:2], 16), name, int(ends[2:], 16)))
            meaning = gloss.split('; "')[0].split(";")[0].strip()
            self.synsets[pos + fields[0]] = Synset(lemmas, tuple(above), tuple(below), tuple(opposite), meaning)

    def _read_index(self, file: Path, pos: str) -> None:
        for line in file.open(encoding="utf-8"):
            if not line.startswith(" "):
                fields = line.split()
                count = int(fields[2])
                self.senses[fields[0].replace("_", " "), pos] = [pos + offset for offset in fields[-count:]]

    def _form(self, word: str) -> Form | None:
        """The lemma and part of speech that a lower-case word mostly is, or None."""
        found: dict[Form, int] = {}
        for pos in _FILES:
            for form in self._forms(word, pos):
                found[form] = max(found.get(form, 0), sum(self.counts.get((form.lemma, pos), ())))
        if not found:
            return None
        best = max(found, key=lambda form: found[form])
        total = sum(found.values())
        if found[best] < PREVAILS * total or (total == 0 and len(found) > 1):
            return None
        return best

    def _forms(self, word: str, pos: str) -> Iterable[Form]:
        if (word, pos) in self.senses:
            yield Form(word, pos, 0)
        lemma = self.exceptions.get(pos, {}).get(word)
        if lemma and (lemma, pos) in self.senses:
            yield Form(lemma, pos, self._slot(word, lemma) if pos == VERB else 1)
            return
        for ending, put in _DETACHED.get(pos, ()):
            lemma = word[: -len(ending)] + put
            if word.endswith(ending) and len(lemma) > 2 and (lemma, pos) in self.senses:
                if pos == NOUN:
                    yield Form(lemma, pos, 1)
                elif word in self.verb(lemma):
                    yield Form(lemma, pos, self._slot(word, lemma))

    def _verb(self, base: str) -> tuple[str, ...]:
        """A verb's base, third person, past, participle and gerund."""
        base, third, past, participle, gerund = verb_forms(base)
        known = [form for form in self.irregular.get(base, ()) if not form.endswith("s")]
        gerund = next((form for form in known if form.endswith("ing")), gerund)
        pasts = [form for form in known if not form.endswith("ing")]
        if base in _UNCHANGED:
            past = participle = base
        elif base not in irregular() and pasts:
            participle = next((form for form in pasts if re.search(r"ne?$|u[nm][gk]?$", form)), pasts[0])
            past = next((form for form in pasts if form != participle), participle)
        return base, third, past, participle, gerund

    def participle(self, past: str) -> str | None:
        """The participle of an irregular verb's past, where it is another form."""
        lemma = self.exceptions[VERB].get(past)
        forms = self.verb(lemma) if lemma else ()
        return forms[3] if forms and forms[2] == past != forms[3] else None

    def _slot(self, word: str, lemma: str) -> int:
        forms = self.verb(lemma)
        return forms.index(word) if word in forms else 2

    def _first(self, lemma: str, pos: str) -> str | None:
        """The sense that a lemma mostly has, or None."""
        counts, senses = self.counts.get((lemma, pos), []), self.senses[lemma, pos]
        if lemma not in self.synsets[senses[0]].lemmas:
            return None  # there it is a name
        if len(senses) == 1 or (counts and sum(counts) and counts[0] >= FIRST * sum(counts)):
            return senses[0]
        return None

    def _usable(self, lemma: str, pos: str, sense: str, most: int, single: bool = False) -> bool:
        """Whether a lemma is known and means `sense` by one of its first `most` senses."""
        if (single and " " in lemma) or lemma in _TOO_COMMON or not all(part in self.known for part in lemma.split()):
            return False
        return lemma == lemma.lower() and sense in self.senses.get((lemma, pos), ())[:most]

    def _meant(self, word: str) -> tuple[Form, str] | None:
        """A word's form and the sense that it mostly has; None where none prevails, or it means next to nothing."""
        form = self.form(word)
        if form is None or form.lemma in _TOO_COMMON:
            return None
        sense = self._first(form.lemma, form.pos)
        return None if sense is None else (form, sense)

    def _same(self, word: str) -> tuple[str, ...]:
        """Lower-case forms, of one word or more, that mean what `word` means or what is just above it."""
        meant = self._meant(word)
        if meant is None:
            return ()
        form, sense = meant
        synset = self.synsets[sense]
        found = [lemma for lemma in synset.lemmas if lemma != form.lemma and self._usable(lemma, form.pos, sense, 2)]
        if form.pos == NOUN and len(self.ancestors(sense)) > GENERAL + 2:
            for higher in synset.above:
                found += [lemma for lemma in self.synsets[higher].lemmas[:1] if self._usable(lemma, NOUN, higher, 1)]
        return tuple(dict.fromkeys(self._inflected(lemma, form) for lemma in found))

    def _other(self, word: str) -> tuple[str, ...]:
        """Lower-case forms that mean something else of the same kind, or the opposite."""
        meant = self._meant(word)
        if meant is None:
            return ()
        form, sense = meant
        mine = set(self.senses[form.lemma, form.pos])
        found: list[str] = []
        for each in self.senses[form.lemma, form.pos][:2]:
            synset = self.synsets[each]
            for source, name, target in synset.opposite:
                if synset.lemmas[source - 1 : source] == (form.lemma,):
                    lemma = self.synsets[name].lemmas[target - 1]
                    found += [lemma] if self._usable(lemma, form.pos, name, 3) else []
        if form.pos in (NOUN, VERB):
            synset = self.synsets[sense]
            near = {sense, *synset.above, *synset.below}
            for higher in synset.above:
                if form.pos == NOUN and len(self.ancestors(higher)) <= GENERAL:
                    continue
                for name in self.synsets[higher].below:
                    for lemma in self.synsets[name].lemmas[:1]:
                        if name not in near and self._usable(lemma, form.pos, name, 1, single=True):
                            shared = set(self.senses[lemma, form.pos]) & (mine | near)
                            found += [] if shared else [lemma]
        return tuple(dict.fromkeys(self._inflected(lemma, form) for lemma in found))

    def _told(self, word: str) -> str | None:
        """In a few words, what a noun of one meaning is: what its gloss says, without an article."""
        form = self.form(word)
        if form is None or form.pos != NOUN or form.slot or len(self.senses[form.lemma, NOUN]) > 1:
            return None
        sense = self._first(form.lemma, NOUN)
        if sense is None or not self.synsets[sense].above:
            return None
        gloss = re.sub(r"^\([^)]*\) ?", "", self.synsets[sense].gloss)
        gloss = re.sub(r"^(?:a|an|the) ", "", gloss)
        if not 2 <= len(gloss.split()) <= GLOSS_WORDS or word in gloss or re.search(r"[():\d]|^any\b|^one\b", gloss):
            return None
        return gloss

    def _ancestors(self, sense: str) -> frozenset[str]:
        above = self.synsets[sense].above
        return frozenset(above).union(*(self.ancestors(name) for name in above))

    def _inflected(self, lemma: str, form: Form) -> str:
        """`lemma` in the form of another word."""
        if form.slot == 0:
            return lemma
        if form.pos == VERB:
            first, _, rest = lemma.partition(" ")
            return f"{self.verb(first)[form.slot]} {rest}".strip()
        rest, _, last = lemma.rpartition(" ")
        if last.endswith("s") and (last[:-1], NOUN) in self.senses:
            return lemma
        return f"{rest} {self.plurals.get(last) or _plural(last)}".strip()


def _counts(file: Path) -> dict[tuple[str, str], list[int]]:
    """How often each lemma was met in each of its senses, in the order of these."""
    kinds = {"1": NOUN, "2": VERB, "3": ADJECTIVE, "4": ADVERB, "5": ADJECTIVE}
    numbered: dict[tuple[str, str], dict[int, int]] = defaultdict(dict)
    for line in file.open(encoding="utf-8"):
        sense, _, number, count = line.split()
        lemma, _, rest = sense.partition("%")
        numbered[lemma.replace("_", " "), kinds[rest[0]]][int(number)] = int(count)
    return {word: [found[n] for n in sorted(found)] for word, found in numbered.items()}


def _exceptions(file: Path) -> dict[str, str]:
    found: dict[str, str] = {}
    for line in file.open(encoding="utf-8"):
        form, lemma = line.split()[:2]
        found.setdefault(form, lemma)
    return found


def _plural(noun: str) -> str:
    if noun.endswith("y") and noun[-2:-1] not in "aeiou":
        return noun[:-1] + "ies"
    if noun.endswith("man") and noun != "human":
        return noun[:-3] + "men"
    return noun + ("es" if noun.endswith(("s", "x", "z", "ch", "sh")) else "s")
