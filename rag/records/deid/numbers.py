"""Numbers and addresses on the net in English text: telephones, records, accounts, licences, devices and the like.

Decides by the label before a number ("MRN:", "Acct#") where there is one, else by the number's own form and check
digits. Labelled numbers need a digit; a mere word after a label is none. Reads the folded copy (`fold.py`). All
linear: every repetition is bounded or of one class. Knows nothing of names, places or dates.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from rag.records.deid.types import Category, Finding

# What may stand between a label and its value: "no.", "#", "is", a colon.
_LINK = r"(?:[ \t]{0,3}(?:numbers?|num|nos?|ids?|identifier|code|card|file|template|record|is|was|of|reads?|as|[:#=.]|-(?!\d))){0,4}[ \t]{0,3}\n?[ \t]{0,3}\(?"
# The value holds a digit within its first characters: "serial" after "pacemaker" is none.
_VALUE = r"(?P<v>(?=[A-Z/._·-]{0,12}\d)[A-Z0-9](?:[A-Z0-9]|[-/.·_](?=[A-Z0-9])|[ ](?=\d)){2,30})"
_LABELS: tuple[tuple[Category, str], ...] = (
    ("ssn", r"ssn?|s\.s\.n\.?|soc(?:ial)?\.? ?sec(?:urity)?|ss(?=[ ]?#)|national (?:insurance|id(?:entity)?)|tax(?:payer)? id"),
    ("record", r"mrn|mr(?=[ ]?[#:])|m\.r\.n?\.?|med(?:ical)?\.? ?rec(?:ord)?s?|(?:medical )?(?:chart|unit|hospital|hosp|clinic)(?= ?(?:#|no|num|id))|(?:patient|pt|health record)(?= ?(?:#|no\b|num|id))|record(?= ?(?:#|no\b|num|id))|emr|ehr(?= ?(?:#|no|id))|cmrn|urn|nhs"),
    ("plan", r"(?:member|subscriber|beneficiary|policy|policyholder|group|plan|insurance|insured|coverage|enrollee|hicn?|mbi|payer|health ?plan|medicare|medicaid|hmo|ppo)(?: (?:policy|plan|group|member))?"),
    ("account", r"acc(?:oun)?ts?|a/c|billing|invoice|iban|credit card|debit card|card on file|card|cc(?= ?#| \d)|bank|routing|guarantor|swift|statement"),
    ("licence", r"(?:driver'?s?'? )?licen[cs]e|dl(?= ?[#:])|d\.l\.|dea|npi|upin|certificat(?:e|ion)|registration|permit|board cert"),
    ("vehicle", r"vin|v\.i\.n\.|vehicle(?: identification| id| plate| tag| reg(?:istration)?)?|(?:licen[cs]e|number) plates?|plates?|car reg(?:istration)?|tag(?= ?(?:#|no|num))"),
    ("device", r"serial|s/n|sn(?= ?[#:])|device|implant|pacemaker|icd(?= (?:serial|s/n|#))|pump|udi|model|lot|lead|stent|prosthesis|mac(?: address| addr)?|imei|hardware|defibrillator|monitor|meter|hearing aid"),
    ("biometric", r"finger ?prints?|thumb ?prints?|retinal?(?: scan)?|iris(?: scan)?|voice ?prints?|biometrics?|palm(?: print| vein| scan)?|face ?(?:id|print|scan)|facial recognition|dna profile|hand geometry|gait"),
    ("other", r"accession|acc(?= ?[#:])|study|subject|participant|encounter|visit|specimen|sample|order|requisition|req(?= ?#)|passport|employee|badge|case|claim|ref(?:erence)?|student|military|service|confirmation|ticket|tracking|authorization|auth|prescription|rx(?= ?[#:])|isolate|barcode|random(?:ization|isation)|referral|image|scan|file|csn|har|fin|booking|user ?name|password|pin"),
)  # fmt: skip
_PLATE = r"(?P<v>(?=[A-Z]{0,4}[ -]?[A-Z]?\d|[A-Z0-9]{17}(?![A-Z0-9]))[A-Z0-9]{1,4}(?:-?[A-Z0-9]{1,13}|[ ](?=[A-Z]{0,3}\d)[A-Z0-9]{1,5}){0,2})"
_LABELLED = tuple(
    (
        category,
        re.compile(
            rf"(?i)(?<![A-Za-z0-9])(?:{label})(?![A-Za-z]){_LINK}{_PLATE if category == 'vehicle' else _VALUE}(?![A-Za-z0-9])",
            re.A,
        ),
    )
    for category, label in _LABELS
)
# "Patient: 1001", "pt T571607": a word for the patient or the chart, and a number; what a value of the body or a
# year's day could be is none unless the line ends there.
_OF_PATIENT = re.compile(
    r"(?i)(?<![A-Za-z0-9])(?:patient|pt|client|resident|record|chart|case file|folder|file|id)(?P<c>[ ]?[:#][ \t]{0,3}|[ ])(?P<v>(?=[A-Z-]{0,5}\d)[A-Z0-9](?:[A-Z0-9]|[-/.](?=[A-Z0-9])){2,20})(?![A-Za-z0-9%]|[/.:]\d|[ ]?(?:mg|ml|mcg|units?|steps|times|dollars|over|to|and)\b)(?P<e>(?:[ \t]{0,3}[.;,]?[ \t]{0,3}(?:\n|\Z))?)",
    re.A,
)
# A date, a fraction or an amount behind such a word, and a year.
_MEASURE = re.compile(r"(?i)\d{1,4}[./-]\d{1,2}(?:[./-]\d{1,4})?|\d{1,4}(?:mg|ml|mm|cm|kg|lb)")
_YEAR = re.compile(r"(?:19|20)\d\d")
# Words of medicine that also stand before plain numbers: theirs must look like an identifier (five digits or letters
# too).
_LOOSE = {"device", "other", "licence", "plan", "account", "vehicle"}
_EMAIL = re.compile(
    r"(?<![\w.+-])[\w.+%'-]{1,64}(?: ?@ ?|[ ]?\(at\)[ ]?|[ ]?\[at\][ ]?)(?:[\w-]{1,63}\.){1,5}[A-Za-z]{2,12}(?![\w-])",
    re.A,
)
_URL = re.compile(r"(?i)\b(?:https?|ftp)://[^\s<>\"'，。；、）]{3,300}|\bwww\.[^\s<>\"'，。；、）]{3,300}", re.A)
_DOMAIN = re.compile(
    r"(?i)(?<![\w@.-])(?:[a-z0-9][a-z0-9-]{2,62}\.){1,4}(?:com|org|net|edu|gov|info|biz|io|co\.[a-z]{2}|com\.[a-z]{2}|[a-z]{2})(?:/[^\s<>\"']{0,200})?(?![\w-])",
    re.A,
)
_WORDS_TLD = set("is in it at no so to us me my be am as by do an if or on of he we up id pm".split())
_IP = re.compile(r"(?<![\d.])(?:(?:25[0-5]|2[0-4]\d|1?\d?\d)\.){3}(?:25[0-5]|2[0-4]\d|1?\d?\d)(?![\d.]\d|\d)", re.A)
_IP6 = re.compile(
    r"(?<![\w:])(?:[0-9A-Fa-f]{1,4}:){2,7}(?::|[0-9A-Fa-f]{1,4})(?::[0-9A-Fa-f]{1,4}){0,5}(?![\w:])", re.A
)
_MAC = re.compile(r"(?<![\w:-])(?:[0-9A-Fa-fOSIl]{2}[:-]){5}[0-9A-Fa-fOSIl]{2}(?![\w:-])", re.A)
_UUID = re.compile(r"(?i)\b[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}\b", re.A)
_SSN = re.compile(r"(?<![\d-])(?!000|666)\d{3}[- ]\d{2}[- ]\d{4}(?![\d-]\d|\d)", re.A)
_VIN = re.compile(r"(?<![A-Za-z0-9])[A-HJ-NPR-Za-hj-npr-z0-9]{17}(?![A-Za-z0-9])", re.A)
_CARD = re.compile(r"(?<![\d-])\d(?:[ -]?\d){12,18}(?![\d-]\d|\d)", re.A)
_IBAN = re.compile(r"\b[A-Z]{2}\d{2}(?:[ ]?[A-Z0-9]{4}){2,7}(?:[ ]?[A-Z0-9]{1,3})?\b", re.A)
_PHONE = re.compile(
    r"(?<![\w./+-])(?:\+\d{1,3}[ .-]?(?:\(?0?\)?[ .-]?)?(?:\(?\d{1,5}\)?[ ./-]?){2,5}\d{1,5}"
    r"|(?:1[ .-])?\(\d{2,5}\)[ .-]{0,2}\d{2,5}(?:[ .-]\d{2,5}){0,3}|(?:1[ .-])?[2-9]\d{2}[ .-]\d{3}[ .-]\d{4}|[2-9]\d{2}-\d{4}"
    r"|0\d{1,4}(?:[ .-]\d{2,7}){1,4}|[2-9]\d{9})(?:[ ,]{0,2}(?:[ec]xt|x|extension)\.?[ ]?[\dOIlSB]{1,6})?(?!\w|[./-]\d)",
    re.I | re.A,
)  # fmt: skip
_CALL = re.compile(
    r"(?i)(?<![A-Za-z])(?:phone|tele?(?:phone)?|cell(?:ular)?|mobile|pager|beeper|call(?:ed|ing|s)?|reach(?:ed)?|contact(?:ed)?|ph|hotline|extension|ext|text(?:ed)?|number|dial|ring|line|whatsapp|landline|answer(?:ing|s|ed)?|office|voice ?mail|call ?back|\([hcwmo]\)|fax(?:ed)?|facsimile|f|telefax)"
    r"(?![A-Za-z])(?:[ \t]{1,2}[A-Za-z]{1,9}){0,4}[ \t]{0,2}[.:#(]{0,3}[ \t]{0,2}(?P<v>\+?\(?\d[\d ().+/-]{4,22}\d(?:[ ,]{0,2}(?:[ec]xt|x)\.?[ ]?[\dOIlSB]{1,6})?)(?![\w])",
    re.A,
)  # fmt: skip
_FAX = re.compile(r"(?i)(?<![a-z])(?:tele)?fax|facsimile|(?:^|[\s(])f:\s*$", re.A)
_PHOTO = re.compile(
    r"(?i)(?<![\w])[\w-]{1,60}\.(?:jpe?g|png|gif|tiff?|heic|bmp|dcm)\b"
    r"|\b(?:full[- ]?face|facial|face|patient|identification|id|passport|portrait|clinical|wound|head ?shot)[- ]?(?:photo(?:graph)?s?|pictures?|images?|portraits?|selfies?)\b"
    r"|\b(?:photo(?:graph)?s?|pictures?|selfies?|portraits?) (?:of|showing) (?:the |his |her |their )?(?:patient|face|child|mother|father|family|him|her|self)\b"
)  # fmt: skip
# Letters and digits mixed, or many digits, with no label: a number that somebody gave out.
_ODD = re.compile(
    r"(?<![\w.#/-])(?:[A-Z]{1,5}[-_]?\d{5,14}[A-Z]{0,3}|\d{7,20}|[A-Z]{2,5}-\d{2,6}(?:-\d{2,8}){1,3}|\d{2,4}-\d{5,10}|\d{2,3}-\d{2,3}-\d{2,3}|[A-Z]{2,4}-[A-Z]{0,2}\d{4,10}|\d[A-Z]{3}\d{3}|[A-Z]{2}\d{2}-[A-Z]{3})(?![\w/-]|\.\d)",
    re.A,
)
_PUBLIC = re.compile(r"(?i)nct\d{8}|pmc\d+|pmid|isrctn\d+|doi", re.A)


def find_numbers(folded: str) -> Iterator[Finding]:
    """Findings in a folded text, in no order; some overlap."""
    yield from _net(folded)
    yield from _labelled(folded)
    yield from _of_patient(folded)
    yield from _phones(folded)
    for m in _PHOTO.finditer(folded):
        yield Finding(m.start(), m.end(), "photo", 0.9)
    for pattern, category in ((_UUID, "other"), (_MAC, "device"), (_SSN, "ssn"), (_IBAN, "account")):
        for m in pattern.finditer(folded):
            if pattern is not _IBAN or sum(c.isdigit() for c in m.group()) >= 8:
                yield Finding(m.start(), m.end(), category, 0.9)  # type: ignore[arg-type]
    for m in _VIN.finditer(folded):
        if vin(m.group().upper()):
            yield Finding(m.start(), m.end(), "vehicle", 0.99)
    for m in _CARD.finditer(folded):
        if luhn(re.sub(r"\D", "", m.group())):
            yield Finding(m.start(), m.end(), "account", 0.97)
    for m in _ODD.finditer(folded):
        if not _PUBLIC.match(m.group()):
            yield Finding(m.start(), m.end(), "other", 0.6)


def _net(folded: str) -> Iterator[Finding]:
    for m in _EMAIL.finditer(folded):
        yield Finding(m.start(), m.end(), "email", 0.99)
    for m in _URL.finditer(folded):
        yield Finding(m.start(), m.start() + len(m.group().rstrip(".,;:)]")), "url", 0.99)
    for m in _DOMAIN.finditer(folded):
        ending = re.split(r"[./]", m.group().split("/")[0])[-1]
        short = len(ending) == 2 and not re.search(r"(?i)\.com?\.[a-z]{2}$", m.group().split("/")[0])
        # "noted.no" is a missing space; so is a capital after the stop.
        if (ending[0].isupper() and not m.group().isupper()) or (
            short and (ending.lower() in _WORDS_TLD or len(m.group()) < 8)
        ):
            continue
        # The stop of the sentence is none of the path.
        yield Finding(m.start(), m.start() + len(m.group().rstrip(".,;:)]")), "url", 0.7 if short else 0.9)
    for m in _IP.finditer(folded):
        yield Finding(m.start(), m.end(), "ip", 0.95)
    for m in _IP6.finditer(folded):
        if sum(c == ":" for c in m.group()) >= 4 or "::" in m.group():
            yield Finding(m.start(), m.end(), "ip", 0.8)


def _labelled(folded: str) -> Iterator[Finding]:
    for category, pattern in _LABELLED:
        for m in pattern.finditer(folded):
            value = m["v"]
            # A space inside is only for digits in groups; what follows it otherwise is the next sentence.
            numbers = sum(c.isdigit() for c in value)
            if numbers < (1 if category == "vehicle" and len(value) > 4 else 2) or (
                len(value) < 4 and category != "ssn"
            ):
                continue
            if category in _LOOSE and numbers < 4 and not re.search(r"(?i)\d-?[a-z]|[a-z]-?\d", value):
                continue
            if category in _LOOSE and re.fullmatch(r"(?:19|20)\d\d|\d{1,2}/\d{1,2}(?:/\d{2,4})?", value):
                continue
            yield Finding(m.start("v"), m.end("v"), category, 0.96)


def _of_patient(folded: str) -> Iterator[Finding]:
    for m in _OF_PATIENT.finditer(folded):
        value, numbers = m["v"], sum(c.isdigit() for c in m["v"])
        ends = bool(m["e"].strip(" \t.;,")) or "\n" in m["e"] or m.end() == len(folded)
        least = 5 if m["c"] == " " else 3 if ends else 4
        if numbers >= least and not _MEASURE.fullmatch(value) and (ends or not _YEAR.fullmatch(value)):
            yield Finding(m.start("v"), m.end("v"), "record", 0.9)


def _phones(folded: str) -> Iterator[Finding]:
    for m in _PHONE.finditer(folded):
        if 7 <= sum(c.isdigit() for c in m.group()) <= 18:
            yield Finding(m.start(), m.end(), _line(folded, m.start()), 0.92)
    for m in _CALL.finditer(folded):
        if 6 <= sum(c.isdigit() for c in m["v"]) <= 18:
            yield Finding(m.start("v"), m.end("v"), _line(folded, m.start("v")), 0.93)


def _line(folded: str, start: int) -> Category:
    """Whether the number is a fax's: the word stands within the 28 characters before it."""
    before = folded[max(0, start - 28) : start].rsplit("\n", 1)[-1]
    return "fax" if _FAX.search(before) else "phone"


# Check digits: Luhn (ISO/IEC 7812-1, cards; NPI with the prefix 80840), vehicle numbers (49 CFR 565), Chinese citizen
# numbers (GB 11643). A check that fails never hides a labelled number: a mistyped one still leads to its owner.
_VIN_WEIGHTS = (8, 7, 6, 5, 4, 3, 2, 10, 0, 9, 8, 7, 6, 5, 4, 3, 2)
_VIN_VALUES = {c: int(v) for c, v in zip("ABCDEFGHJKLMNPRSTUVWXYZ", "12345678123457923456789", strict=True)}
_CITIZEN = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)


def luhn(number: str) -> bool:
    """Whether the digits of a card or of an NPI (`80840` put before it) pass."""
    total = 0
    for i, char in enumerate(reversed(number)):
        digit = int(char) * (1 + i % 2)
        total += digit - 9 if digit > 9 else digit
    return total % 10 == 0


def vin(number: str) -> bool:
    """Whether the ninth of 17 characters is the check character."""
    try:
        total = sum(w * (int(c) if c.isdigit() else _VIN_VALUES[c]) for w, c in zip(_VIN_WEIGHTS, number, strict=True))
    except (KeyError, ValueError):
        return False
    return number[8] == "0123456789X"[total % 11]


def citizen(number: str) -> bool:
    """Whether the last of 18 characters is the check character."""
    if len(number) != 18 or not (number[:17].isascii() and number[:17].isdigit()):
        return False
    return number[17].upper() == "10X98765432"[sum(w * int(c) for w, c in zip(_CITIZEN, number, strict=False)) % 11]
