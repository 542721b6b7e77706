"""An index against a model of it (D14): files are written, changed, cut, removed, built, and builds end half-way, in any
order; after every step the index holds exactly what a few dictionaries say."""

import json
import shutil
import tempfile
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

import rag
from indexer.build import opened, remove
from indexer.index import Index, verify
from indexer.inputs import find
from indexer.publish import writer_lock

FILES, IDS = ("a.jsonl", "b.jsonl", "c.jsonl"), ("t:1", "t:2", "t:3", "t:4")
RECORD = st.fixed_dictionaries(
    {"text": st.sampled_from(["Aspirin.", "Heparin.", "Digoxin."]), "kind": st.sampled_from(["article", "abstract"])},
    optional={"retracted": st.just(True)},
)
RECORDS = st.dictionaries(st.sampled_from(IDS), RECORD, max_size=3)


class Model(RuleBasedStateMachine):
    """held: (id, file) → [turn, record], as the index should have it; disk: what each file holds now; cut: the files
    that end in the middle of a line; seen: what each file held, and whether it was cut, when it was taken last."""

    def __init__(self):
        super().__init__()
        self.folder = Path(tempfile.mkdtemp())
        self.docs, self.index = self.folder / "docs", self.folder / "index"
        self.docs.mkdir()
        self.held, self.disk, self.cut, self.seen, self.turn = {}, {}, set(), {}, 0

    def teardown(self):
        shutil.rmtree(self.folder)

    @initialize()
    def first(self):
        self.build(prune=False)

    @rule(name=st.sampled_from(FILES), records=RECORDS, cut=st.booleans())
    def write(self, name, records, cut):
        lines = [json.dumps({"id": id, **record}) for id, record in sorted(records.items())]
        (self.docs / name).write_text("\n".join([*lines, '{"id": "t:5", "te'] if cut else lines))
        self.disk[name] = records
        (self.cut.add if cut else self.cut.discard)(name)

    @precondition(lambda self: self.disk)
    @rule(data=st.data())
    def unlink(self, data):
        name = data.draw(st.sampled_from(sorted(self.disk)))
        (self.docs / name).unlink()
        del self.disk[name]
        self.cut.discard(name)

    @rule(prune=st.booleans())
    def build(self, prune):
        report = rag.build([self.docs], into=self.index, embedder="hashing", prune=prune)
        for name in sorted(self.disk):
            if self.seen.get(name) != self.state(name):
                self.take(name)
                self.seen[name] = self.state(name)
        if prune:
            for name in {file for _, file in self.held} - self.disk.keys():
                self.held = {k: v for k, v in self.held.items() if k[1] != name}
            self.seen = {n: s for n, s in self.seen.items() if n in self.disk}
        assert report.documents == len(self.shown())

    def take(self, name):
        for id, record in sorted(self.disk[name].items()):
            if (id, name) not in self.held or self.held[id, name][1] != record:
                self.turn += 1
                self.held[id, name] = [self.turn, record]
        if name not in self.cut and self.disk[name]:  # a file without any record is taken for a damaged one
            self.held = {k: v for k, v in self.held.items() if k[1] != name or k[0] in self.disk[name]}

    @precondition(lambda self: self.held)
    @rule(data=st.data())
    def take_out(self, data):
        id = data.draw(st.sampled_from(sorted({id for id, _ in self.held})))
        remove([id], into=self.index)
        self.held = {k: v for k, v in self.held.items() if k[0] != id}

    @rule(committed=st.booleans())
    def give_up(self, committed):
        """A build that ends before it publishes: after its last commit, or with its transaction open."""
        with writer_lock(self.index), opened(self.index, "hashing") as work:
            work.read(list(find([self.docs])))
            if committed:
                work.flush()
        if committed:  # the records of the files that it took are dropped, so these are read again
            self.seen = {n: s for n, s in self.seen.items() if n not in self.disk or s == self.state(n)}

    def state(self, name):
        return dict(self.disk[name]), name in self.cut

    def shown(self):
        found = {}
        for id in {id for id, _ in self.held}:
            copies = [copy for (i, _), copy in self.held.items() if i == id]
            _, best = max(copies, key=lambda c: (c[1]["kind"] == "article", c[0]))
            found[id] = (best["text"], best["kind"], any(r.get("retracted", False) for _, r in copies))
        return found

    @invariant()
    def the_index_holds_what_the_model_says(self):
        if not (self.index / "manifest.json").exists():
            return
        with Index(self.index) as index:
            documents = {id: index.catalogue.document(id) for id in index.catalogue.ids()}
            found = {i: (d.text, d.source.kind, d.source.retracted) for i, d in documents.items()}
            assert found == self.shown()
            rows = index.allowed(rag.Filter(allow_retracted=True)).nonzero()[0].tolist()
            assert sorted(index.passage(row).text for row in rows) == sorted(d.text for d in documents.values())
        assert list(verify(self.index)) == []


def check(examples, steps):
    run_state_machine_as_test(
        Model,
        settings=settings(
            max_examples=examples,
            stateful_step_count=steps,
            deadline=None,
            database=None,
            suppress_health_check=list(HealthCheck),
        ),
    )


@pytest.mark.timeout(300)
def test_an_index_is_its_model():
    check(10, 12)


@pytest.mark.slow
@pytest.mark.timeout(7200)
def test_an_index_is_its_model_200_times_50_steps():
    check(200, 50)
