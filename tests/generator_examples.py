"""Examples to train on, made up for the tests: what a drug does, among passages about other drugs."""

from rag.prompt import DECLINES

_DRUGS = "alphadine betazole gammavir deltamab epsilol zetapril etastatin thetaxaban".split()
_EFFECTS = ("lowered blood pressure", "relieved pain", "shortened fever", "reduced relapses", "improved sleep")


def _passage(n, drug, effect):
    text = f"In a trial of {100 + n} adults {drug} {effect} compared with placebo. Nausea was rare."
    return {
        "id": f"x:{n}",
        "title": f"A trial of {drug}",
        "text": text,
        "year": 2000 + n,
        "design": "randomized controlled trial",
    }


def _example(n):
    drug, effect = _DRUGS[n % 8], _EFFECTS[n % 5]
    others = [_passage(n + k, _DRUGS[(n + k) % 8], _EFFECTS[(n + k) % 5]) for k in (1, 2)]
    own = [] if n % 5 == 4 else [_passage(n, drug, effect)]
    passages = [*others[: n % 3], *own, *others[n % 3 :]]
    answer = f"{drug} {effect}. [{min(n % 3, 2) + 1}]" if own else DECLINES["en"]
    return {"id": str(n), "question": f"What does {drug} do in study {n}?", "passages": passages, "answer": answer}


EXAMPLES = [_example(n) for n in range(40)]
