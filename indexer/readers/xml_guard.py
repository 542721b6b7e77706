"""Reads XML of unknown origin as a stream of records: decides what an XML file may do to us, which is nothing.

A DOCTYPE is allowed, because PubMed and JATS files begin with one, but it is never loaded; an entity declaration is
refused before anything can expand; depth, one token, one record and the whole are limited. Parsing is expat's alone:
it opens no file and no connection unless told to. Knows nothing of what the elements mean.
"""

from __future__ import annotations

import codecs
import gzip
import html.entities
import re
import zlib
from collections import deque
from collections.abc import Callable, Collection, Iterator
from pathlib import Path
from typing import IO, NoReturn, cast
from xml.etree.ElementTree import Element, TreeBuilder
from xml.parsers import expat

from indexer.errors import ReadError

_CHUNK = 1 << 16
# Of 475 PMC articles the deepest nests 23 levels; the largest has 8,600 elements and attributes, 107,000 characters.
_DEPTH = 200
_NODES = 400_000
_CHARACTERS = 16 << 20
# Names live as long as the parser; PubMed and JATS together define under 500.
_NAMES = 10_000
# expat 2.5 reads an unfinished token again with every chunk (CVE-2023-52425): 1 MiB costs 16 readings.
_TOKEN = 1 << 20
_PROLOG = 1 << 20
# A PubMed baseline file of 30,000 citations is 0.2 to 0.4 GB; its gzip ratio is about 10, a bomb's up to 1,030.
_TOTAL = 2 << 30
_RATIO = 100
_RATIO_FROM = 32 << 20
_DECLARED = re.compile(rb"<\?xml[^>]{0,100}?encoding\s*=\s*[\"']([A-Za-z0-9._-]{1,30})[\"']")
_MULTIBYTE = {"gb2312": "gb18030", "gbk": "gb18030", "gb18030": "gb18030", "big5": "big5",
              "euc-jp": "euc_jp", "shift_jis": "shift_jis", "euc-kr": "euc_kr"}  # fmt: skip


def records(path: Path, *, tags: Collection[str]) -> Iterator[Element]:
    """Each outermost element named in `tags` (local names), complete, in the file's order; the rest is not kept.

    Tags come without prefix, attributes as written (`xml:lang`). Memory is bounded by one record. Named HTML entities
    that nothing declares are resolved; an unknown one stays as it was written.
    Raises ReadError: `broken`, `entities`, `too_deep`, `too_big`, after the records that were complete before it.
    """
    guard = _Guard(path, frozenset(tags))
    try:
        for chunk in _chunks(path):
            guard.feed(chunk)
            yield from guard.take()
        guard.close()
    except ReadError:
        yield from guard.take()
        raise
    yield from guard.take()


def root_of(path: Path) -> str:
    """The local name of the root element. Raises ReadError as `records` does; `broken` if there is none."""
    guard = _Guard(path, frozenset())
    for chunk in _chunks(path):
        guard.feed(chunk)
        if guard.root:
            return guard.root
    guard.close()
    return guard.root


class _Guard:
    """One parse. Every limit is checked in an expat handler or after a chunk, so none waits for the end of the file."""

    def __init__(self, path: Path, tags: frozenset[str]) -> None:
        self.root = ""
        self._path, self._tags = path, tags
        self._done: deque[Element] = deque()
        self._builder: TreeBuilder | None = None
        self._names: dict[str, str] = {}
        self._depth = self._record_depth = self._nodes = self._characters = 0
        self._fed = self._pending = 0
        self._parser = self._new_parser()

    def _new_parser(self) -> expat.XMLParserType:
        parser = expat.ParserCreate()
        parser.buffer_text = True
        parser.buffer_size = _CHUNK
        # Defaults from an ATTLIST would let a kilobyte of declarations fill every element.
        parser.specified_attributes = True
        # Makes an undeclared entity a skipped one also where there is no DOCTYPE; no handler loads anything.
        parser.UseForeignDTD(True)
        parser.SetParamEntityParsing(expat.XML_PARAM_ENTITY_PARSING_NEVER)
        parser.StartElementHandler = self._start
        parser.EndElementHandler = self._end
        parser.CharacterDataHandler = self._data
        parser.CommentHandler = self._comment
        parser.ProcessingInstructionHandler = self._instruction
        parser.SkippedEntityHandler = self._skipped
        parser.EntityDeclHandler = self._declared
        return parser

    def feed(self, chunk: bytes | str) -> None:
        """Parses one chunk; raises ReadError."""
        self._fed += len(chunk)
        self._pending += len(chunk)
        self._parse(chunk, final=False)
        if self._pending > _TOKEN + _CHUNK:
            self._refuse("too_big", f"one token of more than {_TOKEN >> 20} MiB")
        if self._fed > _TOTAL or (not self.root and self._fed > _PROLOG):
            self._refuse("too_big", f"more than {self._fed >> 20} MiB")

    def close(self) -> None:
        """Says that the file is complete; raises ReadError if the XML is not."""
        self._parse(b"", final=True)

    def take(self) -> Iterator[Element]:
        """The records complete so far, each once."""
        while self._done:
            yield self._done.popleft()

    def _parse(self, chunk: bytes | str, *, final: bool) -> None:
        try:
            self._parser.Parse(chunk, final)
        except expat.ExpatError as error:
            self._refuse("broken", str(error))
        except (ValueError, LookupError, UnicodeError) as error:
            # An encoding that expat does not know.
            self._refuse("broken", str(error)[:200])

    def _refuse(self, reason: str, detail: str) -> NoReturn:
        raise ReadError(self._path, reason, detail) from None

    def _start(self, tag: str, attributes: dict[str, str]) -> None:
        self._pending = 0
        self._depth += 1
        if self._depth > _DEPTH:
            self._refuse("too_deep", f"elements nest deeper than {_DEPTH}")
        name = self._local(tag)
        if self._depth == 1:
            self.root = name
        if self._builder is None:
            if name not in self._tags:
                return
            self._builder = TreeBuilder()
            self._record_depth, self._nodes, self._characters = self._depth, 0, 0
        if attributes:
            self._nodes += len(attributes)
            for key, value in attributes.items():
                self._local(key)
                self._characters += len(value)
        self._nodes += 1
        if self._nodes > _NODES:
            self._refuse("too_big", f"one record of more than {_NODES:,} elements and attributes")
        self._count(0)
        self._builder.start(name, attributes)

    def _end(self, tag: str) -> None:
        self._pending = 0
        self._depth -= 1
        if self._builder is None:
            return
        self._builder.end(self._names[tag])
        if self._depth < self._record_depth:
            self._done.append(self._builder.close())
            self._builder = None

    def _data(self, text: str) -> None:
        self._pending = 0
        if self._builder is not None:
            self._count(len(text))
            self._builder.data(text)

    def _comment(self, _text: str) -> None:
        self._pending = 0

    def _instruction(self, _target: str, _text: str) -> None:
        self._pending = 0

    def _skipped(self, name: str, parameter: bool) -> None:
        if parameter:
            self._refuse("entities", f"parameter entity %{name[:40]};")
        self._data(html.entities.html5.get(f"{name};", f"&{name};"))

    def _declared(self, name: str, *_: object) -> None:
        self._refuse("entities", f"declares the entity {name[:40]}")

    def _count(self, characters: int) -> None:
        self._characters += characters
        if self._characters > _CHARACTERS:
            self._refuse("too_big", f"one record of more than {_CHARACTERS >> 20} MiB of text")

    def _local(self, tag: str) -> str:
        found = self._names.get(tag)
        if found is None:
            if len(self._names) >= _NAMES:
                self._refuse("too_big", f"more than {_NAMES:,} different names")
            found = self._names[tag] = tag.rpartition(":")[2]
        return found


def _chunks(path: Path) -> Iterator[bytes | str]:
    """The file's bytes, decompressed if it begins as gzip does, decoded if expat could not."""
    try:
        with path.open("rb") as raw:
            packed = raw.read(2) == b"\x1f\x8b"
            raw.seek(0)
            stream = cast("IO[bytes]", gzip.GzipFile(fileobj=raw)) if packed else raw
            decode: Callable[[bytes], bytes | str] | None = None
            size = 0
            while chunk := stream.read(_CHUNK):
                size += len(chunk)
                if packed and size > _RATIO_FROM and size > _RATIO * raw.tell():
                    raise ReadError(path, "too_big", f"expands to more than {_RATIO} times its size")
                decode = decode or _decoder(chunk)
                yield decode(chunk)
    except (gzip.BadGzipFile, EOFError, zlib.error) as error:
        raise ReadError(path, "broken", str(error)[:200]) from error
    except OSError as error:
        raise ReadError(path, "unreadable", str(error.strerror)) from error


def _decoder(head: bytes) -> Callable[[bytes], bytes | str]:
    """expat knows UTF-8, UTF-16 and one-byte encodings; Chinese, Japanese and Korean ones are decoded before it."""
    declared = _DECLARED.match(head)
    name = _MULTIBYTE.get(declared[1].decode("ascii").lower()) if declared else None
    return codecs.getincrementaldecoder(name)("replace").decode if name else bytes
