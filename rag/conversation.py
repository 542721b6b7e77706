"""The commands around a conversation: chat, export, replay. Decides their words and exit codes."""

from __future__ import annotations

from typing import Annotated, Any

import typer

from rag.options import Deadline, EffortAt, GeneratorAt, IndexAt, Json, JudgeAt, Where, open_library, safe, show_result

Saved = Annotated[str, typer.Argument(metavar="ANSWER.json", help="What ask --json printed; - for standard input.")]


def chat(
    index: IndexAt = None,
    effort: EffortAt = None,
    where: Where = None,
    generator: GeneratorAt = None,
    judge: JudgeAt = None,
    deadline: Deadline = None,
) -> None:
    """Ask in a conversation: "and in children?" is understood from the question before it.

    Commands: /why, /source, /filter, /effort, /save, /help, /quit. Nothing is written to disk unless you say /save.

    \b
    rag chat -i index
    rag chat --generator openai:qwen3@http://127.0.0.1:8000/v1
    """
    from rag.chat import Chat
    from rag.lines import questions

    with open_library(index, effort, generator=generator, judge=judge, deadline=deadline) as library:
        talk = Chat(library, show=show_result)
        if where:
            talk.say(f"/filter {where}")
        for said in questions():
            if not talk.say(said):
                break


def export(
    answer: Saved,
    to: Annotated[str, typer.Option("--to", help="The file; .md, .bib, .ris or .json (CSL-JSON) by its suffix.")],
    replace: Annotated[bool, typer.Option("--replace", help="Replace the file if it is there.")] = False,
    as_json: Json = False,
) -> None:
    """Write an answer as Markdown with its references and quotes, or its references for a reference manager.

    \b
    ask "Does metformin reduce mortality?" --json > answer.json
    rag export answer.json --to answer.md
    rag export answer.json --to references.bib
    """
    from rag.export import save
    from rag.saved import all_parsed, load

    answers = all_parsed(load(answer))
    path = save(answers, to, replace=replace)
    if as_json:
        show_result({"file": str(path), "answers": len(answers), "citations": sum(len(a.citations) for a in answers)})
    else:
        typer.echo(safe(path))


def replay(answer: Saved, index: IndexAt = None, as_json: Json = False) -> None:
    """Ask again what a saved answer was asked, and say whether the answer is the same, byte for byte.

    Exit code 1: it is not; what changed since is printed. Times are not compared.

    \b
    ask "Does metformin reduce mortality?" --json > answer.json
    rag replay answer.json -i index
    """
    from rag.replay import replay as run
    from rag.saved import load

    found = [run(one, index=index) for one in load(answer)]
    for one in found:
        show_result(_replay_json(one) if as_json else _replay_text(one))
    if not all(one.identical for one in found):
        raise typer.Exit(1)


def _replay_json(found: Any) -> dict[str, Any]:
    return {
        "identical": found.identical,
        "changed": [{"what": what, "then": then, "now": now} for what, then, now in found.changed],
        "differs": list(found.differs), "gone": {k: list(v) for k, v in found.gone.items()},
        "new": {k: list(v) for k, v in found.new.items()},
    }  # fmt: skip


def _replay_text(found: Any) -> str:
    from rag.words import say

    q = found.answer["question"]
    if found.identical:
        counts = {name: len(found.answer[name]) for name in ("claims", "citations", "hits")}
        return safe(f"{q}\n{say('identical', q, **counts)}")
    lines = [f"{q}\n{say('different', q)} {', '.join(found.differs)}".rstrip()]
    none = say("nothing known", q)
    lines += [
        say("changed", q, what=what, old=none if old is None else old, new=none if new is None else new)
        for what, old, new in found.changed
    ]
    for key, side in (("gone", found.gone), ("came", found.new)):
        lines += [say(key, q, what=say(what, q), text=text) for what, texts in side.items() for text in texts]
    return safe("\n".join(lines if found.changed else [*lines, say("unexplained", q)]))
