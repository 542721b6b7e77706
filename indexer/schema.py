"""The catalogue's tables, and which of their rows a generation sees. Knows nothing of who reads or writes them."""

from __future__ import annotations

SCHEMA_VERSION = 2
SCHEMA = """
CREATE TABLE files (
    path TEXT PRIMARY KEY, sha256 TEXT NOT NULL, stamp TEXT NOT NULL, reader TEXT NOT NULL,
    verdict TEXT NOT NULL, reason TEXT, generation INTEGER NOT NULL);
CREATE TABLE documents (
    doc INTEGER PRIMARY KEY, id TEXT NOT NULL, file TEXT NOT NULL, source TEXT NOT NULL, text TEXT NOT NULL,
    layout TEXT NOT NULL, digest BLOB NOT NULL, first_row INTEGER NOT NULL, rows INTEGER NOT NULL,
    year INTEGER, kind TEXT NOT NULL, design TEXT NOT NULL, language TEXT NOT NULL, retracted INTEGER NOT NULL,
    journal TEXT NOT NULL, added INTEGER NOT NULL, removed INTEGER);
CREATE INDEX documents_id ON documents (id);
CREATE INDEX documents_file ON documents (file);
CREATE TABLE passages (
    row INTEGER PRIMARY KEY, doc INTEGER NOT NULL REFERENCES documents (doc), section TEXT NOT NULL, page INTEGER,
    start INTEGER NOT NULL, "end" INTEGER NOT NULL, vector BLOB NOT NULL, digest BLOB NOT NULL);
CREATE INDEX passages_doc ON passages (doc);
CREATE INDEX passages_vector ON passages (vector);
CREATE TABLE abbreviations (
    doc INTEGER NOT NULL REFERENCES documents (doc), short TEXT NOT NULL, long TEXT NOT NULL);
CREATE INDEX abbreviations_doc ON abbreviations (doc);
CREATE INDEX abbreviations_short ON abbreviations (short);
CREATE INDEX abbreviations_long ON abbreviations (long);
CREATE TABLE retractions (key TEXT PRIMARY KEY, mark TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE lists (name TEXT NOT NULL, as_of TEXT NOT NULL, entries INTEGER NOT NULL);
CREATE TABLE vectors (key BLOB PRIMARY KEY, vector BLOB NOT NULL, digest BLOB NOT NULL) WITHOUT ROWID;
"""
LIVE = "added <= :g AND (removed IS NULL OR removed > :g)"
SKELETON = (
    "SELECT doc, id, digest, first_row, rows, year, kind, design, language, retracted, journal FROM documents "
    f"WHERE {LIVE} ORDER BY doc"
)
