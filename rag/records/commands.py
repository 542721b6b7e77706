"""The commands about patient records: records, audit, forget, deid. Decides their words and exit codes."""

from __future__ import annotations

import re
import sys
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from rag import settings
from rag.options import Json, KeyFile, RecordsAt, safe, show_result

if TYPE_CHECKING:
    from indexer.errors import ReadError
    from rag.records.store import Store

# Share of planted identifiers found, and how many were planted, by the notes' language: blind wordings
# (benchmarks/deid.json).
_FOUND = {"en": (0.9803, 4626), "zh": (0.9907, 2591)}
_FOUND_VALUE = re.compile(r"found ['\"][^;)\n]{0,300}")  # to the end: a long error is cut within the value
_HELP = {"help_option_names": ["-h", "--help"], "max_content_width": 100}
records = typer.Typer(no_args_is_help=True, help="Keep patient records in an encrypted store.", context_settings=_HELP)
audit = typer.Typer(no_args_is_help=True, help="Read and check the log of who did what.", context_settings=_HELP)


def opened(at: str | None, key_file: str | None) -> Store:
    """The unlocked store that the options name."""
    from rag import library

    return library.store(settings.load(records=at).records, key_file=key_file, prompt=True)


@records.command("init")
def init(
    folder: Annotated[
        str | None, typer.Argument(help="The new store. Default: $ANAMNESIS_RECORDS, else ./records.")
    ] = None,
    embedder: Annotated[str | None, typer.Option("--embedder", help="As for rag index.")] = None,
    audit_head: Annotated[
        Path | None, typer.Option("--audit-head", help="Where the log's head is kept; best on another disk.")
    ] = None,
    key_file: KeyFile = None,
) -> None:
    """Make an empty store, locked with a key file or a passphrase; whoever makes it may do everything.

    \b
    head -c 32 /dev/urandom > records.key; chmod 600 records.key
    rag records init --key-file records.key
    """
    from rag.records.keys import unlock
    from rag.records.store import Store

    chosen = settings.load(records=folder, embedder=embedder)
    store = Store.create(
        chosen.records, unlock(key_file=key_file, prompt=True), embedder=chosen.embedder, audit_head=audit_head
    )
    typer.echo(f"{safe(store.folder)}: made; without its key nobody reads it again. Next: rag records add PATH...")


@records.command("add")
def add(
    paths: Annotated[list[str], typer.Argument(help="FHIR files, MIMIC folders, notes, or folders of them.")],
    at: RecordsAt = None,
    key_file: KeyFile = None,
    as_json: Json = False,
) -> None:
    """Read records into the store; what is there already is replaced by its newer form.

    Reads FHIR R4 (Bundle, NDJSON), MIMIC-III and -IV (CSV, CSV.gz), and notes (text with a small header, JSONL). Exit
    code 3: some could not be read, each with its reason.

    \b
    rag records add synthea/fhir/ --records records
    """
    from rag.progress import counted
    from rag.records.discreet import discreet
    from rag.records.read import records as read

    failed: list[ReadError] = []
    patients: dict[str, int] = {}
    skipped: dict[str, int] = {}
    store = opened(at, key_file)

    def seen() -> Any:
        for record in read(paths, failed=failed.append):
            for kind, count in record.skipped:
                skipped[kind] = skipped.get(kind, 0) + count
            yield record

    problem: Exception | None = None
    try:
        for patient, entries in counted(store.add(seen()), "patients", quiet=as_json):
            patients[patient] = entries
    except Exception as error:  # what a foreign error says may quote a record
        problem = discreet(error)
    if problem:
        raise problem
    result = {"patients": len(patients), "entries": sum(patients.values()), "skipped": skipped}
    if as_json:
        show_result(
            {**result, "failed": [{"path": e.path, "reason": e.reason, "detail": _unquoted(e.detail)} for e in failed]}
        )
    else:
        for bad in failed:
            typer.echo(f"  skipped: {safe(_unquoted(str(bad)))}", err=True)
        left = ", ".join(f"{n:,} {kind}" for kind, n in sorted(skipped.items())) or "nothing"
        typer.echo(f"{len(patients):,} patients, {sum(patients.values()):,} entries. Left out: {safe(left)}.")
    if failed:
        raise typer.Exit(3)


def _unquoted(text: str) -> str:
    """A reader's error without the value that it quotes: a wrong id may be a name."""
    return _FOUND_VALUE.sub("found another", text)


@records.command("list")
def list_patients(at: RecordsAt = None, key_file: KeyFile = None, as_json: Json = False) -> None:
    """List the patients whose record is open to you."""
    ids = opened(at, key_file).patients()
    if as_json:
        show_result({"patients": ids})
    else:
        typer.echo("\n".join(map(safe, ids)) or "no record is open to you")


@records.command("policy")
def policy(
    file: Annotated[Path, typer.Argument(help="The policy, TOML (docs/records.md).")],
    at: RecordsAt = None,
    key_file: KeyFile = None,
) -> None:
    """Put another policy in force: who may read whose record, and which hosts may be given de-identified text."""
    from indexer.errors import ConfigError

    try:
        text = file.read_text("utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigError(f"{file}: cannot be read ({error})") from error
    store = opened(at, key_file)
    store.set_policy(text, name=str(file))
    typer.echo(f"in force: {len(store.policy.people)} people, {len(store.policy.hosts)} hosts")


@records.command("rotate")
def rotate(
    new_key_file: Annotated[
        str | None, typer.Option("--new-key-file", help="Else a new passphrase is asked for.")
    ] = None,
    at: RecordsAt = None,
    key_file: KeyFile = None,
) -> None:
    """Lock the store with another key; the former one opens it no more."""
    import getpass

    from rag.records.keys import from_file, from_passphrase

    store = opened(at, key_file)
    new = from_file(Path(new_key_file)) if new_key_file else from_passphrase(getpass.getpass("New passphrase: "))
    store.rotate(new)
    typer.echo(f"{safe(store.folder)}: locked with the new {new.kind}")


@records.command("verify")
def verify(at: RecordsAt = None, key_file: KeyFile = None) -> None:
    """Decrypt everything and check the log; exit code 1 if a bit is not as it was written."""
    wrong = list(opened(at, key_file).verify())
    for line in wrong:
        typer.echo(safe(line))
    typer.echo("all is as it was written" if not wrong else f"{len(wrong)} wrong")
    if wrong:
        raise typer.Exit(1)


def forget(
    patient: Annotated[str, typer.Argument(help="The patient's id.")],
    at: RecordsAt = None,
    key_file: KeyFile = None,
    as_json: Json = False,
) -> None:
    """Destroy a patient's record: text, vectors, index and key. Copies elsewhere (backups) are yours to find.

    \b
    rag forget 17
    """
    store = opened(at, key_file)
    done = store.forget(patient)
    left = [f.name for f in store.folder.rglob("*") if done.file in f.name]
    result = {"file": done.file, "bytes": done.size, "left": left, "logged": store.audit.verify()}
    if as_json:
        show_result(result)
    else:
        typer.echo(
            f"destroyed {done.file} ({done.size:,} bytes, overwritten and removed; its key stood only there); files of "
            f"that name left: {len(left)}; logged as event {result['logged']}. Backups are not searched."
        )


@audit.command("verify")
def audit_verify(at: RecordsAt = None, key_file: KeyFile = None) -> None:
    """Check every line of the log against the chain, and its end against the head file."""
    store = opened(at, key_file)
    store.allow("audit")
    typer.echo(f"{store.audit.verify():,} events, none changed, moved, added or removed")


@audit.command("show")
def audit_show(
    patient: Annotated[str | None, typer.Option("--patient", help="Only events about this patient.")] = None,
    at: RecordsAt = None,
    key_file: KeyFile = None,
    as_json: Json = False,
) -> None:
    """Print the log: time, person, action, the record's keyed name, what was shown, reasons."""
    store = opened(at, key_file)
    store.allow("audit")
    name = store.name_of(patient) if patient else None
    events = [e for e in store.audit.events() if name in (None, e.patient)]
    if as_json:
        show_result({"events": [asdict(e) for e in events]})
        return
    for e in events:
        typer.echo(
            safe("  ".join(x for x in (e.time, e.person, e.action, e.patient, " ".join(e.passages), e.reason) if x))
        )


def deid(
    file: Annotated[str, typer.Argument(help="A text file, or - for standard input.")],
    report: Annotated[
        bool, typer.Option("--report", help="Print what was found, with places and scores, as JSON.")
    ] = False,
    key_file: KeyFile = None,
) -> None:
    """Replace identifiers (names, dates, places, numbers; English and Chinese) by invented ones.

    Not every identifier is found: the measured shares are in docs/records.md. Two texts get the same surrogates for the
    same identifiers only with the same key.

    \b
    rag deid note.txt > shared.txt
    rag deid - --report < note.txt
    """
    import secrets

    from indexer.errors import ConfigError
    from indexer.language import language_of
    from rag.records import deid as deidentification
    from rag.records.keys import from_file

    try:
        text = sys.stdin.read() if file == "-" else Path(file).read_text("utf-8")
    except FileNotFoundError as error:
        raise ConfigError(f"{file}: there is no such file; give a text file, or - for standard input") from error
    except (OSError, UnicodeDecodeError) as error:
        why = error.strerror if isinstance(error, OSError) else "it is not UTF-8"
        raise ConfigError(f"{file}: cannot be read as text ({why})") from error
    language = language_of(text) or "en"
    found, shares = deidentification.find(text), deidentification.Measured(*_FOUND[language], language)
    if report:
        show_result(deidentification.report(found, measured=shares))
        return
    key = from_file(Path(key_file)).secret if key_file else secrets.token_bytes(32)
    surrogates = deidentification.Surrogates(key, "")
    typer.echo(deidentification.redact(text, found, surrogates=surrogates).text, nl=False)
    typer.echo(deidentification.statement(len(found), measured=shares), err=True)
