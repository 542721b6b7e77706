"""The lexical index: which words of a passage can be searched, in which form, and the BM25 search within `allowed`.

Tantivy keeps it (BM25, k1 1.2, b 0.75). Fields: `text` and `title` stemmed (English), `exact` unstemmed for drug and
gene names, `zh` Chinese characters as unigrams and bigrams (a dictionary cut splits drug names: 二甲双胍 → 二甲/双/胍).
Knows nothing of documents or vectors; rows join. Anything that tantivy raises is mapped here.
"""

from __future__ import annotations

import re
import shutil
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import tantivy

from indexer.chinese import simplified
from indexer.durable import sync_tree
from indexer.errors import IndexCorrupt
from indexer.types import Vectors
from indexer.vectors import Allowed, Rows

# Share of the score that each field contributes. `exact` beside `text` rewards the very word form, `title` a passage
# whose article is about the term. Chosen on bioasq training questions (docs/decisions.md).
BOOSTS = {"text": 1.0, "exact": 0.3, "title": 0.6, "zh": 1.0}
# Another name of the question's topic and its weight; what each word of a longer name counts of it.
Names = Sequence[tuple[str, float]]
WORD = 1 / 3
# What a Chinese question says n times counts n to this power: patients repeat what troubles them. On 1,475 huatuo
# questions nDCG@10 0.389 with 0, 0.395 with 0.3, 0.396 with 0.6, 0.392 with 1 (docs/decisions.md).
_REPEATED = 0.6
_HEAP = 64 << 20
_CJK_RUN = re.compile("[\u3400-\u4dbf\u4e00-\u9fff]+")
# Words that say how a question is asked, not what about.
STOP = frozenset(
    "a about all also an and any are as at be been before being between both but by can cause could did do does "
    "doing during each for from had has have having he her how i if in into is it its itself just list many may me "
    "might more most much my name no nor not of on or other our over please should show so some such than that the "
    "their them then there these they this those through to under up us use used uses using was we were what when "
    "where whether which while who whom why will with within without would you your".split()
)
# What a Chinese question says beside its topic, longest first. On 500 huatuo questions: nDCG@10 0.354 with the 38
# shortest of these, 0.360 with all, 0.351 with single-character words such as 要 and 没 too.
_ZH_STOP = re.compile(
    "|".join(
        (
            "可不可以 怎么回事 不知道 为什么 什么样 好不好 怎么办 怎么样 怎么治 是不是 有没有 能不能 要不要 一下 一个 "
            "一直 不知 之前 之后 什么 今天 今年 以前 以后 但是 你好 做了 几天 出现 医生 发现 可以 咨询 哪个 哪些 哪种 "
            "回事 因为 多少 大夫 如何 就是 左右 已经 帮忙 应该 开始 得了 怎么 怎样 总是 您好 情况 想问 感觉 或者 所以 "
            "时候 昨天 是否 最近 有点 比较 特别 现在 知道 经常 老是 而且 觉得 请教 请问 谢谢 还是 这个 这么 这样 这种 "
            "那个 那么 需要 非常 与 了 他 们 会 你 及 吗 吧 呢 和 啊 在 她 它 对 我 或 是 有 的 能"
        ).split()
    )
)


@dataclass(frozen=True, slots=True)
class Entry:
    """What the lexical index is told about one passage."""

    row: int
    title: str
    heading: str
    text: str


class TantivyLexical:
    """A folder of write-once tantivy segments, or an index that is only in memory."""

    def __init__(self, path: Path | None, index: tantivy.Index) -> None:
        self._path, self._index = path, index
        self._searcher = index.searcher()
        self._english, self._exact = _analyzer(stem=True), _analyzer(stem=False)

    @staticmethod
    def create(path: Path, *, previous: Path | None = None) -> TantivyLexical:
        """An empty index at `path`, or one that starts from `previous` (whose files are linked, never written)."""
        if path.exists():
            shutil.rmtree(path)
        path.mkdir()
        if previous is None:
            index = tantivy.Index(_schema(), path=str(path))
        else:
            for file in previous.iterdir():
                if file.name.endswith(".lock"):
                    continue
                # Segment files are write-once and can be shared; the .json files are replaced by rename, but a copy
                # costs nothing and keeps the old generation's bytes out of reach.
                if file.suffix == ".json":
                    shutil.copyfile(file, path / file.name)
                else:
                    (path / file.name).hardlink_to(file)
            index = tantivy.Index.open(str(path))
        return TantivyLexical(path, _register(index))

    @staticmethod
    def in_memory() -> TantivyLexical:
        """An empty index that never touches the disk."""
        return TantivyLexical(None, _register(tantivy.Index(_schema())))

    @staticmethod
    def load(path: Path, *, count: int) -> TantivyLexical:
        """Opens a folder whose files' SHA-256 were checked by the caller; refuses one without `count` passages."""
        try:
            found = TantivyLexical(path, _register(tantivy.Index.open(str(path))))
        except (ValueError, OSError) as error:
            raise IndexCorrupt(f"{path}: tantivy cannot open it ({str(error)[:120]})") from error
        if len(found) != count:
            raise IndexCorrupt(f"{path}: holds {len(found)} passages, the manifest says {count}; build the index again")
        return found

    def __len__(self) -> int:
        return int(self._searcher.num_docs)

    def write(self, entries: Iterable[Entry], *, removed: Iterable[int] = ()) -> None:
        """Removes rows, adds entries, commits, and syncs every file."""
        writer = self._index.writer(_HEAP, 1)
        for row in removed:
            writer.delete_documents_by_term("row", row)
        for entry in entries:
            document = tantivy.Document()
            document.add_integer("row", entry.row)
            document.add_text("text", f"{entry.heading}\n{entry.text}")
            document.add_text("exact", entry.text)
            document.add_text("title", entry.title)
            document.add_text("zh", " ".join(chinese_terms(f"{entry.title}\n{entry.heading}\n{entry.text}")))
            writer.add_document(document)
        writer.commit()
        writer.wait_merging_threads()
        if self._path is not None:
            for lock in self._path.glob("*.lock"):
                lock.unlink()
            sync_tree(self._path)
        self._index.reload()
        self._searcher = self._index.searcher()

    def search(self, text: str, k: int, allowed: Allowed, also: Names = ()) -> tuple[Rows, Vectors]:
        """The `k` best allowed rows by BM25, best first: rows int64 (≤ k,), scores float32.

        also: other names of what the text is about, with the weight of each; a longer name counts as a phrase, and a
        little by its words.
        """
        said = Counter(chinese_terms(topic(text)))
        terms = {(f, t): BOOSTS[f] * (said[t] ** _REPEATED if f == "zh" else 1.0) for f, t in self.terms(text)}
        phrases: list[tuple[list[str], float]] = []
        for name, weight in also:
            several = self._several(name)
            for term in self.terms(name):
                terms[term] = max(terms.get(term, 0.0), BOOSTS[term[0]] * weight * (WORD if several else 1.0))
            if several:
                phrases.append((self.stems(name), weight))
        if not terms or not allowed.any() or k < 1:
            return np.empty(0, np.int64), np.empty(0, np.float32)
        schema, query = self._index.schema, tantivy.Query
        wanted = [query.boost_query(query.term_query(schema, *term), boost) for term, boost in terms.items()]
        wanted += [query.boost_query(query.phrase_query(schema, "text", words), boost) for words, boost in phrases]
        words = query.boolean_query([(tantivy.Occur.Should, part) for part in wanted])
        hits = self._searcher.search(self._within(words, allowed), k, count=False).hits
        rows = np.array([self._searcher.doc(at)["row"][0] for _, at in hits], dtype=np.int64)
        scores = np.array([score for score, _ in hits], dtype=np.float32)
        inside = (rows < len(allowed)) & allowed[np.minimum(rows, len(allowed) - 1)]
        return rows[inside], scores[inside]

    def near(self, word: str, k: int, allowed: Allowed) -> Rows:
        """Rows of the `k` best allowed passages with a word spelled nearly so (distance 1, or 2 from 8 letters)."""
        if not allowed.any():
            return np.empty(0, np.int64)
        distance = 1 if len(word) < 8 else 2
        like = tantivy.Query.fuzzy_term_query(self._index.schema, "exact", word.lower(), distance=distance)
        hits = self._searcher.search(self._within(like, allowed), k, count=False).hits
        rows = np.array([self._searcher.doc(at)["row"][0] for _, at in hits], dtype=np.int64)
        return rows[(rows < len(allowed)) & allowed[np.minimum(rows, len(allowed) - 1)]]

    def terms(self, text: str) -> list[tuple[str, str]]:
        """(field, term) pairs that a question is searched by; stop words are left out unless nothing else is there."""
        plain = [w for w in self._exact.analyze(text) if not _CJK_RUN.search(w)]
        kept = [w for w in plain if w not in STOP] or plain
        found = [("exact", w) for w in kept]
        for stem in self._english.analyze(" ".join(kept)):
            found += [("text", stem), ("title", stem)]
        found += [("zh", t) for t in chinese_terms(topic(text))]
        return list(dict.fromkeys(found))

    def _several(self, name: str) -> bool:
        """Whether a name has two or more English words, so that it can be searched as a phrase."""
        return not _CJK_RUN.search(name) and len(self.stems(name)) > 1

    def stems(self, text: str) -> list[str]:
        """English stems of a text, as the field `text` holds them."""
        return list(self._english.analyze(text))

    def frequency(self, field: str, term: str) -> int:
        """In how many passages the term stands in that field."""
        return int(self._searcher.doc_freq(field, term))

    def _within(self, words: tantivy.Query, allowed: Allowed) -> tantivy.Query:
        """`words` restricted to allowed rows; the smaller of the two sets is spelled out."""
        schema = self._index.schema
        inside, outside = np.flatnonzero(allowed), np.flatnonzero(~allowed)
        if len(outside) == 0:
            return words
        occur, rows = (tantivy.Occur.Must, inside) if len(inside) < len(outside) else (tantivy.Occur.MustNot, outside)
        listed = tantivy.Query.const_score_query(tantivy.Query.term_set_query(schema, "row", rows.tolist()), 0.0)
        return tantivy.Query.boolean_query([(tantivy.Occur.Must, words), (occur, listed)])


def topic(text: str) -> str:
    """A text without the Chinese words that say how something is asked."""
    return _ZH_STOP.sub(" ", text)


def chinese_terms(text: str) -> list[str]:
    """Unigrams and bigrams of every run of Chinese characters, in order."""
    terms: list[str] = []
    for run in _CJK_RUN.findall(simplified(text)):
        terms += [*run, *(run[i : i + 2] for i in range(len(run) - 1))]
    return terms


def _schema() -> tantivy.Schema:
    builder = tantivy.SchemaBuilder()
    builder.add_integer_field("row", stored=True, indexed=True)
    for field, analyzer in (
        ("text", "english"),
        ("exact", "exact"),
        ("title", "english"),
        ("zh", "spaced"),
    ):
        builder.add_text_field(field, stored=False, tokenizer_name=analyzer)
    return builder.build()


def _analyzer(*, stem: bool) -> tantivy.TextAnalyzer:
    builder = (
        tantivy.TextAnalyzerBuilder(tantivy.Tokenizer.simple())
        .filter(tantivy.Filter.remove_long(60))
        .filter(tantivy.Filter.lowercase())
        .filter(tantivy.Filter.ascii_fold())
    )
    return (builder.filter(tantivy.Filter.stemmer("english")) if stem else builder).build()


def _register(index: tantivy.Index) -> tantivy.Index:
    index.register_tokenizer("english", _analyzer(stem=True))
    index.register_tokenizer("exact", _analyzer(stem=False))
    index.register_tokenizer("spaced", tantivy.TextAnalyzerBuilder(tantivy.Tokenizer.whitespace()).build())
    index.reload()
    return index
