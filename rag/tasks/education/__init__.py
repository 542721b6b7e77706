"""Answers for patients: plain words at a chosen reading level, with the same numbers and citations, and a glossary."""

from rag.tasks.education.leaflet import Leaflet, Told, leaflet, page

__all__ = ["Leaflet", "Told", "leaflet", "page"]
