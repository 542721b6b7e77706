"""The red-flag rules: which complaints together mean that somebody must be seen at once. Decides no wording.

A rule is a list of groups that must all be found, `|` between what may stand for one another; `-` names what must not
be there. Sources: the warning signs that public services teach (FAST for stroke, the Sepsis Trust's signs, NICE's
traffic lights for feverish children, the red flags of back pain and headache, of pregnancy and of the eye).
level "call": an ambulance. "go": the emergency department, at once. Knows nothing of how people say things.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Level = Literal["call", "go"]


@dataclass(frozen=True, slots=True)
class Rule:
    """group: the condition that is feared. groups: each a set of features of which one must be found."""

    group: str
    level: Level
    groups: tuple[tuple[str, ...], ...]
    without: tuple[str, ...]


_TABLE = """
arrest call: not_breathing
arrest call: no_wake - chronic
arrest call: collapsed & sudden|breathless|blue|chest - chronic
choking call: choking & choking_sign
stroke call: face_droop - chronic
stroke call: one_side & sudden|speech|face_droop|headache|confused|double_vision|balance - chronic
stroke call: speech & sudden|one_side|headache|confused|double_vision|balance|drool - chronic
stroke call: balance & double_vision
stroke call: balance & sudden & nausea|headache|one_side - chronic
stroke call: double_vision & sudden|speech|weak_eyes - chronic
heart call: chest_typical - chronic
heart call: chest & sweat|upper_ache|passed_out|faint|blue|doom - chronic
heart call: chest & nausea - chronic
heart call: chest & breathless & sudden|sweat|severe|heartrate - chronic
heart call: chest & sudden & severe - chronic
heart call: upper_ache & sweat
heart call: upper_ache & breathless - chronic
heart call: nausea & sweat & faint|weak|diabetic|breathless|doom
heart go: upper_ache|chest & exertion - chronic
heart call: passed_out & exertion
heart call: nausea & breathless & weak|diabetic|sweat - chronic
heart call: sweat & weak & nausea|upper_ache|heartrate - chronic
heart call: diabetic & sweat & belly|upper_ache|pain
heart call: heartrate & passed_out|chest|low_bp
heart call: heartrate & breathless & faint|sweat|blue
heart call: passed_out & chest|breathless|headache|one_side|back
anaphylaxis call: allergen & swelling_airway
anaphylaxis call: allergen & hives & breathless|faint|nausea|heartrate|breath_severe|low_bp
anaphylaxis call: allergen & faint & nausea|heartrate|breathless|low_bp|swelling_airway
anaphylaxis call: allergen & breath_severe
anaphylaxis call: rash & swelling_airway|breath_severe
anaphylaxis go: allergen & hives_many - chronic
anaphylaxis call: swelling_airway & breathless|breath_severe|speech|drool
breathing call: breath_severe - chronic
breathing call: low_oxygen
breathing call: blue & breathless|sudden|child|drowsy|nausea|chest|cough_blood|baby_young|choking_sign
breathing call: breathless & blue|confused|drowsy|sweat|froth|no_wake
breathing call: breathless & sudden & severe|faint|chest|heartrate - chronic
breathing call: froth & cough_blood|sudden|breath_severe
airway call: drool & stridor|breathless|breath_severe|swelling_airway|fever
airway call: stridor & breathless|child|blue|fever|breath_severe
lung_clot call: breathless & calf|clot_risk|cough_blood - chronic
lung_clot call: chest & calf|cough_blood
lung_clot call: chest & pleuritic & sudden|clot_risk - chronic
lung_clot call: clot_risk & faint & heartrate|breathless
lung_clot call: cough_blood & clot_risk|much_blood|chest|calf
aorta call: tearing & trunk & sudden|severe|high_bp|limb_sign|pain
aorta call: back & sudden & severe & chest|belly|faint|sweat
aorta call: pulsating & belly|back|faint
sepsis call: fever & confused|mottled|no_urine|low_bp|breath_severe|no_wake|blue
sepsis call: chills & confused|mottled|heartrate|doom|low_bp|no_urine
sepsis call: infection_place & confused|mottled|low_bp|no_urine|doom
sepsis call: confused & mottled|no_urine|breathless
sepsis call: fever & heartrate & breathless|faint|doom|chills|weak
sepsis go: chills & fever & infection_place
sepsis call: drowsy & fever & mottled|breathless|nausea|chills - chronic
meningitis call: fever & stiff_neck|purpura
meningitis call: fever & photophobia & headache|nausea|drowsy
meningitis call: stiff_neck & headache & photophobia|nausea|thunderclap|drowsy
meningitis call: purpura & drowsy|mottled|chills|headache|infection_place
meningitis call: fever & headache & confused|seizure|drowsy
diabetes call: diabetic & ketosis & nausea|drowsy|belly|breathless|confused|thirst|weak
diabetes call: thirst & drowsy|confused|ketosis - chronic
diabetes call: thirst & nausea & belly|weak|breathless|diabetic
diabetes call: diabetic & nausea & drowsy|belly_severe|confused|no_urine
diabetes call: ketosis & drowsy|no_wake
low_sugar call: low_sugar & confused|no_wake|passed_out|seizure
low_sugar call: low_sugar & shaky & sweat|weak|drowsy
bleeding call: blood_vomit
bleeding call: black_stool & faint|weak|sweat|heartrate|pain|sudden|anticoagulant|much_blood|breathless
bleeding call: wound & no_stop
bleeding call: severed
bleeding call: much_blood & faint|sudden|no_stop|cough_blood|pregnant|anticoagulant|postpartum
bleeding call: postpartum & soaking
bleeding call: soaking & pregnant|faint|weak|missed_period
ectopic call: missed_period & belly|belly_severe & vaginal_bleed|severe|faint|shoulder_tip|sweat|sudden
ectopic call: missed_period & shoulder_tip|vaginal_bleed & faint|belly|severe
pregnancy call: pregnant & belly|belly_severe & severe|vaginal_bleed|faint
pregnancy call: pregnant & vaginal_bleed & much_blood|soaking|faint|no_stop
pregnancy go: pregnant & less_movement
pregnancy go: pregnant & waters
pregnancy call: waters & less_movement
preeclampsia call: pregnant|postpartum & preeclampsia_sign & headache|high_bp|belly|sudden|seizure
preeclampsia call: pregnant|postpartum & preeclampsia_sign & preeclampsia_sign
preeclampsia call: pregnant|postpartum & headache & high_bp|severe|nausea
preeclampsia call: pregnant|postpartum & seizure
testicle go: testicle & sudden|severe|nausea|child|belly - chronic
spine go: numb_saddle - chronic
spine go: sphincter & back|legs_weak
spine go: legs_weak & cancer|ascending|back & sudden|sphincter|breathless|cancer|ascending|weak
spine go: legs_weak & sudden & sphincter|ascending|fever
nerve call: ascending & breathless|speech|drool|weak
nerve call: weak_eyes & breathless|speech|drool|weak|legs_weak & double_vision|breathless|weak|snake|speech
nerve call: breathless & speech & weak|legs_weak|one_side
eye go: vision_loss & sudden|eye_pain|temporal|headache|one_side|child - chronic
eye go: curtain - chronic
eye go: vision_loss & pain - chronic
eye go: eye_pain & halo & nausea|severe|headache|sudden - chronic
eye go: temporal & vision_loss|double_vision|halo|headache & vision_loss|double_vision|halo
eye go: eye_chemical
eye go: eye_swollen & fever|eye_pain|headache
head call: head_injury & anticoagulant
head call: fall & anticoagulant & head_worse|drowsy|confused|nausea|headache|speech|one_side
head call: head_injury & head_worse|seizure
infant go: baby_young & fever
infant call: baby_young & not_feeding & drowsy|fever|nausea|no_urine|mottled|chills
infant call: baby_young & drowsy|blue|bilious|breath_severe|no_wake|chills
child go: child & no_urine|dry_child & diarrhoea|drowsy|not_feeding|fever|nausea
child call: child & drowsy & fever|diarrhoea|not_feeding|nausea|purpura|breathless - chronic
child go: diarrhoea & no_urine & faint|confused|weak|drowsy
child call: child & pulls_legs & nausea|jelly_stool|drowsy|belly|sudden
child call: child & jelly_stool & nausea|belly|sudden|diarrhoea|drowsy
child call: child & bilious
seizure call: seizure & seizure_long
seizure call: seizure & fever|head_injury|no_wake|low_sugar|headache|child|sudden|confused - chronic
poisoning call: overdose & overdose_by
poisoning call: poison
poisoning call: co_source & co_many & headache|nausea|faint|drowsy|no_wake|confused
burn call: burn & burn_bad
burn call: electric
burn call: burn & breathless|stridor
bite call: snake
bite go: rabies
limb call: cast & limb_sign
limb call: limb_cold & sudden & pain|limb_sign - chronic
neutropenia go: chemo & fever|chills
adrenal call: steroid & steroid_fault & weak|nausea|low_bp|faint|confused
headache call: thunderclap - chronic
headache call: headache & sudden & stiff_neck|passed_out|confused|double_vision|vision_loss|seizure|drowsy - chronic
headache call: headache & nausea & passed_out|collapsed|confused|drowsy|no_wake - chronic
abdomen call: rigid_belly & severe|fever|nausea|sudden|faint
abdomen go: belly_severe & fever|faint|rigid_belly|sweat|no_urine
abdomen go: belly_severe & nausea & sudden|severe - chronic
attack call: attack_now
heat call: heat_source & heat_sign
cold call: hypothermia & confused|drowsy|no_wake|collapsed|faint|shaky|speech|weak
infection call: red_skin & rapid_spread & severe|fever|weak|chills|numb_saddle
joint go: joint & fever
erection go: erection
dialysis call: dialysis & weak|heartrate|breathless|chest
withdrawal call: withdrawal & withdrawal_sign
liver call: jaundice & confused|no_wake|drowsy & confused|no_wake|nausea|fever|weak
drowning call: drowned & breathless|drowsy|child|confused|nausea
intoxication call: intoxicated & no_wake|blue|breath_severe|seizure
"""


def _parsed(line: str) -> Rule:
    head, _, body = line.partition(": ")
    group, level = head.split()
    wanted, _, without = body.partition(" - ")
    groups = tuple(tuple(g.strip().split("|")) for g in wanted.split(" & "))
    return Rule(group, "go" if level == "go" else "call", groups, tuple(filter(None, without.strip().split("|"))))


RULES = tuple(sorted(map(_parsed, _TABLE.strip().splitlines()), key=lambda r: r.level))
# What a person has, takes or went through: it counts although it is long past.
BACKGROUND = frozenset(
    "diabetic pregnant postpartum anticoagulant chemo steroid cancer clot_risk infection_place low_sugar dialysis baby_young child "
    "missed_period high_bp withdrawal intoxicated allergen sudden chronic thirst cast temporal co_source heat_source".split()
)
# Said with a negation of its own ("can't breathe", 没有尿): a denial before it is not looked for.
OWN_NEGATION = frozenset(
    "no_urine not_feeding no_wake not_breathing less_movement chronic sudden child baby_young no_stop steroid_fault missed_period seizure_long choking_sign dry_child drool sphincter heat_sign".split()
)
# What comes with snoring night after night: not counted where only sleep is spoken of.
BREATH = frozenset("not_breathing breath_severe breathless".split())

# Complaints that no rule joins, weighed: together at least `ENOUGH`, and somebody must be seen at once. Set on the first
# half of the vignettes and on patients' questions, of which the weights alone flag few.
WEIGHTS = {
    "breath_severe": 4, "no_wake": 4, "collapsed": 4, "blood_vomit": 4, "one_side": 3, "speech": 3, "vision_loss": 3, "confused": 3,
    "passed_out": 3, "blue": 3, "chest": 3, "purpura": 3, "seizure": 3, "double_vision": 3, "low_bp": 3, "doom": 3, "numb_saddle": 3,
    "severe": 2, "faint": 2, "breathless": 2, "drowsy": 2, "sweat": 2, "mottled": 2, "heartrate": 2, "stiff_neck": 2, "balance": 2,
    "no_urine": 2, "legs_weak": 2, "baby_young": 2, "sphincter": 2, "anticoagulant": 2, "swelling_airway": 2, "thunderclap": 3, "black_stool": 2,
    "headache": 1, "nausea": 1, "fever": 1, "weak": 1, "sudden": 2, "pain": 1, "chills": 1, "pregnant": 1, "diabetic": 1, "chemo": 2,
    "upper_ache": 1, "exertion": 1, "not_feeding": 2, "postpartum": 1, "infection_place": 1, "limb_cold": 2, "halo": 1, "eye_pain": 1,
}  # fmt: skip
ENOUGH = 8
CHRONIC = 4
SEVERAL = Rule("several", "go", (), ())
