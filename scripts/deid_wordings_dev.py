"""Sentences that carry identifiers, for development: misses on them were looked at while the rules were written.

DEV wordings are written one by one and are measured, not trained on; `drilled` composes many more for training, from
lists of roles, verbs and frames, so that the tagger does not learn a few sentences by heart. Knows nothing of the rules.
"""

from __future__ import annotations

import random

DEV: dict[str, tuple[str, ...]] = {
    "name": (
        "[full] is here today for a medication check.", "Pt [last] resting in bed, call light in reach.", "[first] was tearful when asked about the accident.", "Spoke to patient's aunt [first] about placement.",
        "[first] and [first] were both present at the family meeting.", "Under the care of [title] [last] since last year.", "Informed consent obtained from [first]'s mother.", "Anesthesia: [full]", "Assessment by [first] from physiotherapy.",
        "[last] vomited twice overnight.", "Prescribed by [last] in the pain clinic.", "Lives with granddaughter [first].", "This is a note about [full].", "Received call from [full] at the nursing facility.", "Plan reviewed with the nurse, [first].",
        "[title] [last]'s blood pressure is better.", "He asked that [first] be told first.", "Primary: [last]", "Mom ([first]) is worried about his weight.", "The foster parent is [full].", "PCP [full] was notified.",
        "CC [last], [last]", "[full] (wife) gave most of the history.", "[first] [last] 's ride arrived at noon.", "Operating surgeon was [title] [full].", "We thank [full] for the consultation.", "Per RN [first], no events overnight.",
        "When I entered the room [first] was sleeping.", "Fellow: [full] / Staff: [full]", "Next dose to be given by [initials].", "His teacher, [title] [last], noticed the tremor.", "Ex-husband [first] has custody.", "Chart reviewed by [initials] on rounds.",
        "Patient known as [first] at home.", "We discussed hospice with [last] and his sons.", "good morning [first], what brings you in?", "I explained this to [first].", "I, [full], attest to the above.", "Identical twin [first] has the same rash.", "Does [first] smoke?",
        "Speech therapy ([last]) recommends thickened liquids.", "[first] denies any fever.", "Attending addendum ([last]): agree with above.", "Roommate [first] called 911.", "[first], age 6, has asthma too.", "Driver was her friend [full].",
    ),
    "place": (
        "Patient lives in [town] with two dogs.", "Visiting from [town] for a wedding.", "Flew in from [town] two nights ago.", "She was hospitalized at [hospital] for sepsis.", "Last seen at [hospital] for this problem.", "Permanent address [address].",
        "He drives a truck for [company].", "Employed as a welder with [company].", "Home visit to [address].", "The accident happened in [town].", "Originally from [town], moved here for work.", "Sent over from [hospital] by ambulance.", "[company] employee, exposed to solvents.",
        "Went camping near [town].", "Dialysis unit in [town] three times weekly.", "Lives alone at [address].", "Outside records from [hospital] were reviewed.", "[town] native.", "Attends school in [town].", "Spends winters in [town], [state].", "Bills go to [address].",
        "Retired to [town] in his sixties.", "Found down near a bus stop in [town].", "Staying with relatives in [town] for now.", "CT done at [hospital].", "Has worked at [company] all her life.", "House in [town] has mold.", "Will establish care in [town].",
    ),
    "date": (
        "Pacemaker placed [date].", "Stopped smoking on [date].", "Labs drawn [date].", "Last tetanus booster in [monthyear].", "He turned [age] this year.", "Woman of [age], lives independently.", "Return to clinic [date].", "Procedure date [date].", "Symptoms started [daymonth].",
        "Came in on [weekday] with fever.", "Since [holiday] he has not eaten well.", "Birth date [dob].", "Work note through [date].", "Biopsy on [date] was benign.",
    ),
    "phone": ("Best number: [phone].", "Mother's phone [phone].", "Please ring him on [phone].", "Office [phone]"),
    "fax": ("Fax to [phone] please.", "Pharmacy fax: [phone]"),
    "email": ("E-mailed to [email].", "Username [email]"),
    "ssn": ("SSN is [ssn].", "Social Security: [ssn]"),
    "record": ("Patient: [mrn]", "Med rec # [mrn]", "Chart no. [mrn]", "Patient [mrn] was identified.", "Record: [mrn]", "Hospital ID [mrn].", "Pt: [mrn]", "Pt ID [mrn]"),
    "plan": ("Plan ID [plan].", "Insurance ID: [plan]"),
    "account": ("Acct no. [account]", "Visa card [card]."),
    "licence": ("License: [licence]", "NPI number [npi]."),
    "vehicle": ("Car plate [plate].", "VIN: [vin]"),
    "device": ("Lead serial number [serial].", "Pump S/N [serial]."),
    "url": ("More at [url].",),
    "ip": ("IP was [ip].",),
    "biometric": ("Thumbprint ID [bio].",),
    "photo": ("[photo] in chart.",),
    "other": ("Sample ID [other].", "Referral number [other].", "Claim no. [other]"),
}  # fmt: skip

_ROLES = """mother father wife husband daughter son sister brother aunt uncle niece nephew cousin partner girlfriend boyfriend friend neighbor fiance grandmother grandfather granddaughter grandson
stepfather stepmother mother-in-law son-in-law roommate caregiver guardian landlord teacher coach boss coworker pastor nurse therapist aide interpreter midwife dietitian pharmacist surgeon cardiologist
resident fellow intern student chaplain counselor psychologist hospitalist paramedic psychiatrist neurologist oncologist nephrologist radiologist pathologist dentist podiatrist""".split()  # fmt: skip
_DESKS = """surgery, physiotherapy, speech therapy, oncology, transport, the pharmacy, the laboratory, radiology, the front desk, anesthesia, infectious disease, dietetics, social work, the blood bank, cardiology,
occupational therapy, palliative care, wound care, the night team, dermatology, neurology, registration, the school, the agency, billing""".replace("\n", " ").split(", ")  # fmt: skip
_VERBS = """is doing well|was seen today|has been stable|had a fall|came in with cough|feels dizzy|called again|called about the results|agreed to surgery|refused the vaccine|was counseled|was given fluids|slept poorly|ate half of lunch
ambulated with a walker|was transferred to the floor|wants to go home|states that the pain is worse|reports no bleeding|denies alcohol use|takes insulin|does not smoke|lives alone|works nights|will follow up|will be discharged
needs a new brace|asked about side effects|understands the plan|was not available|signed the form|brought the pills|noticed blood|helps with meals|drove him in|found the patient|gave the history|stayed overnight|cannot drive
presented with chest pain|complains of back pain|underwent a hip replacement|tolerated the diet|remains intubated|was started on antibiotics|failed the trial of voiding|responded to questions|has a history of gout|developed a rash
is recovering|was born at term|became confused|lost weight|looked pale|requested a letter|attended the session|missed the appointment|is on oxygen|passed the swallow test|cried during the visit|is allergic to latex|has diabetes
recommends rest|performed the biopsy|reviewed the film|placed the line|closed the wound|dressed the ulcer|changed the catheter|administered the dose|agreed with the assessment|examined the knee|wrote the order|advised against it""".replace("\n", "|").split("|")  # fmt: skip
_WHO = [
    "[full]",
    "[first]",
    "[last]",
    "[title] [last]",
    "[title] [full]",
    "[first] [last]",
    "Pt [last]",
    "pt. [first]",
    "Dr. [last]",
    "dr [last]",
    "Nurse [first]",
    "patient [first]",
]
_WHOM = """spoke with {} about the plan|discussed with {} at length|handoff given to {}|report called to {}|message left for {}|seen with {}|evaluated by {} this morning|cared for by {}|supervised by {}|referred to {} for a second opinion
consulted {} for the rash|asked {} to return|told {} to stop aspirin|reminded {} about the fast|I saw {} today|I met {} in the ward|we reviewed this with {}|results given to {}|copy to {}|appointment with {}|followed by {}|admitted under {}
thanks to {} for sending him|paged {} twice|accompanied by {}|brought by {}|verified with {}|witnessed by {}|on behalf of {}|in the presence of {}|according to {}, he fell|unlike {}, she has no rash|as {} explained|history from {}
operation done by {}|assisted by {}|interpreted by {}|at the request of {}|to be seen by {}|meeting with {} and family|for {} only|care of {} was resumed|I examined {}|please contact {}|please call {}|let {} know|help {} with stairs""".replace("\n", "|").split("|")  # fmt: skip
_LABELS = """Patient|Name|Pt name|Attending|Surgeon|Assistant|Anesthesiologist|Author|Signed|Provider|PCP|Referring|Consultant|Resident|Fellow|Nurse|RN|Contact|Next of kin|Guardian|Mother|Father|Spouse|Proxy|Interpreter|Scribe
Witness|To|From|Cc|RE|Attn|Dictated by|Reviewed by|Verified by|Prepared by|Radiologist|Pathologist|Technologist|Midwife|Case manager|Social worker|Emergency contact|Informant|Ordering physician|Performed by|Staff|Team|Responsible""".replace("\n", "|").split("|")  # fmt: skip
_IN = """lives in|lived in|moved to|moved from|came from|is from|was born in|was raised in|travelled to|just returned from|is visiting from|has family in|works in|owns a house in|was treated in|was found in|had surgery in|retired in|studied in|stays in|went to
commutes to|drove from|flew to|spent the summer in|was stationed in|was arrested in|went hiking near|has a farm outside|resides in|relocated to|was vaccinated in|goes to church in|plays in a band in|is moving back to|has a shop in|grew up in""".replace("\n", "|").split("|")  # fmt: skip
_AT = """was admitted to|was transferred from|was seen at|was operated on at|is followed at|delivered at|was discharged from|had an MRI at|gets dialysis at|was taken to|presented to|is known to|was born at|receives chemotherapy at|had labs at|was referred to|was cared for at|was hospitalized at|had a CT at|had surgery at|recovered at|was stabilized at|brought records from|sent a report from|is a patient at|was sent over from
has outside films from|gave blood at|was intubated at|visits a clinic called|died at|woke up at|goes for wound care to""".replace("\n", "|").split("|")  # fmt: skip
_TO = """lives at|lives alone at|resides at|is staying at|can be found at|wants mail sent to|has bills go to|was picked up at|moved to|gave his address as|needs a home visit to|was assaulted outside|rents a room at|owns the shop at|asked to be taken to""".split("|")  # fmt: skip
_FOR = """works for|works at|was laid off from|is employed by|is a driver for|is a cook at|retired from|teaches at|studies at|volunteers at|is a manager with|is a clerk at|was a guard at|cleans offices at|got insurance through|owns|is on leave from|was injured at|drives a truck for|is a welder with|has worked at|was employed as a nurse with|delivers parcels for|sued|is the founder of|gets a pension from|does the books for
is an engineer for|runs machines at|was fired by|handles chemicals at|sells insurance for|paints cars for""".replace("\n", "|").split("|")  # fmt: skip
_LEAD = [
    "",
    "",
    "",
    "Today ",
    "Overnight ",
    "However, ",
    "In addition, ",
    "This morning ",
    "On exam ",
    "Per chart, ",
    "Of note, ",
    "Plan: ",
    "- ",
    "1. ",
    "Unfortunately, ",
    "HPI: ",
    "Social: ",
    "At noon ",
]
_TAIL = [".", ".", ".", " today.", " again.", ", no change.", " and feels fine.", ";", "", ", as before.", " per protocol.", " (see above)."]  # fmt: skip


def drilled(rng: random.Random, count: int) -> dict[str, tuple[str, ...]]:
    """`count` composed wordings of names and half as many of places."""
    return {"name": tuple(_named(rng) for _ in range(count)), "place": tuple(_placed(rng) for _ in range(count // 2))}


def _named(rng: random.Random) -> str:
    who = rng.choice(_WHO[:6] if rng.random() < 0.75 else _WHO)
    role = rng.choice(_ROLES)
    near = rng.choice(
        [
            "His {r} {w}",
            "Her {r}, {w},",
            "The {r} {w}",
            "{w}, her {r},",
            "{w} ({r})",
            "the patient's {r}, {w},",
            "their {r} {w}",
            "{w} from {r}'s office",
            "a {r} named {w}",
            "{R} {w}",
            "{w}'s {r}",
            "{w}",
            "the {r} ({w})",
            "{D} ({w})",
            "{w} from {d}",
            "per {r} {w}",
            "a call from {w}",
        ]
    )
    desk = rng.choice(_DESKS)
    subject = near.format(r=role, R=role.capitalize(), w=who, d=desk, D=desk.capitalize())
    lead, tail = rng.choice(_LEAD), rng.choice(_TAIL)
    kind = rng.random()
    if kind < 0.45:
        text = f"{subject} {rng.choice(_VERBS)}"
    elif kind < 0.75:
        text = rng.choice(_WHOM).format(subject[0].lower() + subject[1:] if subject[0] != "[" else subject)
        text = text if lead else text[0].upper() + text[1:]
    elif kind < 0.85:
        return f"{rng.choice(_LABELS)}{rng.choice([':', ': ', ' - ', ' '])}{rng.choice(['[full]', '[full]', '[last]', '[lastfirst]', '[upper]', '[first]', '[initials]'])}{rng.choice(['', '.', ', MD', ', RN', ' (on call)', '; phone below'])}"
    elif kind < 0.93:
        text = f"{who} and {rng.choice(['[first]', '[last]', '[full]', 'family'])} {rng.choice(_VERBS)}"
    else:
        return rng.choice(
            [
                "Did {w} sleep",
                "Is {w} eating",
                "Hello {w}, come in",
                "Okay {w}, let me look",
                "so {w}, any pain",
                "Thank you, {w}",
                "Has {w} been taking the pills",
            ]
        ).format(w=who) + rng.choice("?.")
    return lead + text + tail


def _placed(rng: random.Random) -> str:
    subject = rng.choice(
        [
            "He",
            "She",
            "The patient",
            "Pt",
            "Patient",
            "The family",
            "Her son",
            "His wife",
            "who",
            "and",
            "[first]",
            "Mr. [last]",
            "They",
        ]
    )
    kind = rng.random()
    if kind < 0.07:
        text = f"{subject} {rng.choice(_TO)} [address]"
    elif kind < 0.12:
        text = rng.choice(
            [
                "[company] employee",
                "[company] driver",
                "A manager at [company]",
                "Former [company] worker",
                "Insurance through [company]",
            ]
        ) + rng.choice([", exposed to dust", " with back pain", " since 2010", ", retired"])
    elif kind < 0.4:
        text = f"{subject} {rng.choice(_IN)} [town]{rng.choice(['', '', ', [state]', ' with a cousin', ' for work', ' and [town]'])}"
    elif kind < 0.6:
        text = f"{subject} {rng.choice(_AT)} [hospital]"
    elif kind < 0.8:
        text = f"{subject} {rng.choice(_FOR)} [company]{rng.choice(['', '', ' as a clerk', ' for ten years', ' in [town]'])}"
    elif kind < 0.9:
        return (
            rng.choice(
                [
                    "Address",
                    "Home",
                    "Residence",
                    "Mailing address",
                    "Location",
                    "Site",
                    "Facility",
                    "Employer",
                    "Hometown",
                    "Transfer from",
                    "Clinic",
                ]
            )
            + rng.choice([": ", " ", " - "])
            + rng.choice(["[address]", "[address]", "[town]", "[hospital]", "[company]"])
        )
    else:
        text = rng.choice(
            [
                "A {p} resident",
                "Our {p} office will call",
                "{p} police brought him in",
                "Heading to {p} on leave",
                "the {p} clinic is closer",
                "Seen in {p} before",
                "Pharmacy in {p}",
                "{p} born",
                "Home in {p}, two floors",
                "via {p}",
            ]
        ).format(p="[town]")
    return rng.choice(_LEAD) + text + rng.choice(_TAIL)
