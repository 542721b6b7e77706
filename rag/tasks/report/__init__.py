"""Reports: a page as Markdown, HTML, DOCX or JSON, and drafts from a patient's record or a dialogue."""
