"""What is done with a library beyond answering: triage, consultation, reports, education, watching."""
