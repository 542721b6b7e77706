"""The features that the red-flag rules read, in English: how people say what they feel. Decides no rule.

Names are shared with `rag.safety.chinese`. Patterns see lower-case text with straight apostrophes.
"""

from __future__ import annotations

from rag.safety.patterns import english, near

PAIN = (
    r"pains?|painful|aches?|aching|achy|hurts?|hurting|sore|tight\w{0,4}|pressure|heavy|heaviness|squeez\w{1,4}|burn\w{0,4}|"
    r"discomfort|crush\w{0,4}|pressing|stabb\w{1,4}|cramp\w{0,4}|agony|agoni[sz]ing|killing|sharp|vice|band|gripp\w{1,4}|throbb\w{1,4}"
)
_BAD = (
    r"severe\w{0,2}|terrible|horrible|horrendous|excruciating|unbearable|agoni[sz]ing|agony|worst|intense|awful|crippling|bad|"
    r"really bad|doubled over|double[sd]? (?:me|him|her|up)|extreme\w{0,2}|violent\w{0,2}|screaming|worse and worse"
)
_SIDE = r"(?:left|right|one)(?:[ -]hand)?(?:[ -]side[ds]?)?"
_PART = r"(?:arm|hand|leg|foot|side|fingers?|face|half|grip|limb|body)s?"
_WEAK = (
    r"weak\w{0,4}|numb\w{0,4}|paraly[sz]\w{1,4}|can't (?:move|lift|raise|feel|use|grip|hold)|cannot (?:move|lift|raise|feel|use|grip|hold)|"
    r"won't (?:move|work|lift|do what|obey|cooperate)|unable to (?:move|lift|raise|use)|dropping|drops|drags?|dragging|gone dead|dead|heavy|"
    r"useless|limp|clumsy|floppy|belongs? to someone|going everywhere|not working|doesn't work|no strength|lost (?:the )?(?:use|strength|feeling|power)|"
    r"gave way|giving way|hangs?|hanging|ignor\w{2,4}|neglect\w{0,3}|bumps? into|forgets?|doesn't (?:see|notice)|can't see"
)
_WHO = r"(?:i|he|she|they|we|it)"
_CANT = r"(?:can't|cannot|can not|couldn't|could not|can hardly|can barely|cant|unable to|not able to|struggl\w{2,4} to|hardly able to|barely)"
_BABY = r"(?:baby|newborn|infant|neonate|son|daughter|little (?:one|boy|girl)|twins?|grandson|granddaughter|boy|girl)"
_FEVER = (
    r"fever\w{0,4}|high temp\w{0,7}|(?:has|have|had|running|got|with) a (?:high )?temp\w{0,7}|temp\w{0,7} (?:is |of |was |at |reads? |shows? |went |has )?"
    r"(?:now |up to |gone up to )?(?:of )?(?:3[89]|4[0-2]|10[0-5])|(?:3[89]|4[0-2])(?:\.\d)? ?(?:°|degrees|c\b)|3[89]\.\d|4[01]\.\d|"
    r"burning up|feels? (?:very |really |so |burning )?hot|boiling hot|37\.[89]|rigors?|pyrexi\w{1,2}|(?:and|is|so|very|really) hot\b|hot to (?:the )?touch|10[0-5](?:\.\d)? ?(?:f\b|°)"
)
_KID = (
    r"(?:baby|toddler|child|kid|infant|newborn|son|daughter|(?:little|small) (?:one|boy|girl)|grandson|granddaughter|niece|nephew|boy|girl|"
    r"(?:one|two|three|four|five|six|\d{1,2})[ -](?:year|month|week)s?[ -]old|pupil)s?"
)
_MANY = r"(?:too many|extra|double|twice|(?:ten|twelve|fifteen|twenty|thirty|forty|fifty|sixty|\d{2,3}|a (?:whole )?(?:bottle|box|pack\w{0,3}|strip|handful|load|lot|bunch)|all (?:of )?(?:my|his|her|the)|loads|lots|the whole|wrong))"
_PILLS = (
    r"(?:pills?|tablets?|capsules?|medicines?|medications?|meds|paracetamol|acetaminophen|tylenol|aspirin|ibuprofen|antidepressants?|insulin|"
    r"sleeping (?:pills?|tablets?)|codeine|morphine|methadone|oxycodone|opioids?|iron|digoxin|warfarin|beta.?blockers?|amlodipine|metformin|drugs?|dose|painkillers)"
)
_TOXIC = (
    r"(?:bleach|drain cleaner|detergent|dishwasher|(?:laundry|washing|dishwasher) (?:pod|capsule|tablet|liquid)s?|pesticides?|weed ?killer|rat poison|antifreeze|paraquat|insecticide|petrol|paraffin|"
    r"lamp oil|white spirit|turpentine|acid|caustic|lye|oven cleaner|(?:wild|picked|foraged) (?:\w{1,8} )?mushrooms?|death cap|batter(?:y|ies)|magnets?|nicotine|vape (?:liquid|juice)|e-?liquid|hand saniti[sz]er|screen ?wash|"
    r"toilet cleaner|descaler|methanol|mothballs?|wild berries|foxglove|essential oil|poison\w{0,4}|chemicals?|cleaning (?:fluid|product|liquid)s?|slug pellets|gran\w{0,6}(?:'s)? (?:pills|tablets|medicine))"
)

TABLE = {
    "pain": PAIN + r"|agonising",
    "sudden": (
        r"sudden\w{0,2}|all of a sudden|out of (?:nowhere|the blue)|abrupt\w{0,2}|in (?:a|one) (?:second|split second|instant|flash|moment)|instant\w{0,3}|"
        r"just now|all at once|came back to normal|for (?:about )?(?:\w{3,8}|\d{1,2}) minutes|(?:minutes?|an hour|half an hour|hours) ago|since (?:this morning|lunch|breakfast|dinner|last night|tonight|noon|midday)|this (?:morning|afternoon|evening)|"
        r"today|tonight|woke up|waking up|right now|within (?:seconds|minutes)|came on (?:fast|quickly|like)|this minute|in the last (?:hour|half hour|few hours)|for the (?:last|past) (?:half )?(?:an )?hour|won't stop"
    ),
    "chronic": r"(?:for|over) (?:(?:many|several|the (?:past|last)|at least|about|a few|some|\d{1,2}|two|three|four|five|six|ten)\s){0,3}(?:months|years)|since (?:19|20)\d\d|since (?:childhood|birth|i was)|long[- ]standing|for ages|every (?:day|night) for",
    "chest": near(
        r"chest|breast ?bone|sternum|rib ?cage",
        PAIN + r"|weight|brick|elephant|sitting on|stone|clamp\w{0,3}|constrict\w{0,4}|funny|fullness",
    )
    + r"|angina",
    "chest_typical": near(
        r"chest|breast ?bone|sternum",
        r"crush\w{0,4}|elephant|squeez\w{1,4}|weight|vice|clamp\w{0,3}|sitting on|like a (?:brick|band|stone|belt)|brick|tight band|standing on|stood on|parked on|gripp\w{1,4}|heavy|heaviness|pressure|constrict\w{0,4}",
        30,
    ),
    "upper_ache": (
        r"(?:stomach|tummy|belly)\b[^.!?;]{0,12}\b(?:up high|high up|at the top)|"
        + near(
            r"jaw|teeth|neck|shoulders?|(?:left|right|both) arms?|upper back|shoulder blades?|between (?:my|his|her|the) shoulder\w{0,9}|upper (?:tummy|stomach|belly|abdomen)|pit of (?:my|his|her) stomach|epigastri\w{1,3}|under the ribs|left elbow|down (?:my|his|her|the) (?:left )?arm",
            PAIN + r"|numb\w{0,4}|tingl\w{1,4}",
        )
        + r"|(?:heart ?burn|indigestion|stomach acid|trapped wind)|(?:into|to|down|along|through) (?:the|my|his|her|both|one) (?:left |right )?(?:arms?|jaw|neck|shoulder|back)"
    ),
    "sweat": r"sweat\w{0,4}|clammy|drenched|soaked (?:through|in)|perspir\w{1,4}|dripping wet|(?:grey|gray|ashen|pale|white) as|gone (?:grey|gray|pale|white)|(?:looks?|turned|went|is) (?:very |really |so |quite |all )?(?:grey|gray|ashen|pale)|grey-faced|colou?r of putty",
    "nausea": r"naus\w{2,6}|vomit\w{0,4}|throw\w{0,3} up|threw up|being sick|been sick|feels? sick|feeling sick|felt sick|sick to (?:my|his|her) stomach|queasy|puk\w{1,3}|retch\w{0,3}|keep\w{0,3} (?:\w{1,9} ){0,3}down|brought up|bringing up|sick (?:\w{1,8} ){0,2}times|is sick",
    "heartrate": near(
        r"heart|pulse|heartbeat",
        r"going (?:like mad|crazy|so fast)|rac\w{1,3}|pound\w{0,3}|fast|flutter\w{0,3}|irregular\w{0,2}|1[2-9]\d|2\d\d|all over the place|hammer\w{0,3}|thump\w{0,3}|palpitat\w{1,4}|galloping|jump\w{0,3}|skipp\w{1,3}",
    )
    + r"|palpitations",
    "breathless": (
        r"short(?:ness)? of breath|breathless\w{0,4}|out of breath|trouble breathing|difficulty (?:in )?breathing|breathing (?:is |feels |has |gets |difficulty|difficulties|problems|trouble)(?:\w{1,7} ){0,2}\w{0,12}|wheez\w{1,4}|puff(?:ed|ing)|hard to breathe|can't get (?:enough )?(?:my |his |her )?(?:air|breath)|"
        r"catch (?:my|his|her) breath|winded|suffocat\w{1,4}|air hunger|fast breathing|breathing (?:fast|hard|heavily|quickly|rapidly|shallow)|breathes? (?:fast|hard)|breathing"
    ),
    "breath_severe": (
        rf"{_CANT} (?:\w{{1,9}} ){{0,2}}(?:breathe|breath|finish (?:a|my|his|her) (?:sentence|word)|get (?:any|enough) air|get (?:a|one) (?:full |whole |complete )?(?:sentence|word) out|get (?:my|his|her) breath|speak|talk (?:for|because|in)|say more than)|gasp\w{{0,3}}|fight\w{{0,3}} for (?:breath|air|every)|"
        r"(?:ribs?|chest|skin|tummy|stomach|neck|throat)\b[^.!?;]{0,25}\b(?:suck\w{0,3}|pull\w{0,3}|draw\w{0,3}|tug\w{0,4}|cav\w{1,4}) in|suck\w{0,3} in|retract\w{0,6}|grunt\w{0,4}|(?:one|two|three|a few|couple of) words? (?:at a time|between)|stop\w{0,4} for breath|nostrils? (?:are )?flar\w{1,4}|"
        r"inhaler(?:s)? (?:is|are|does|do|has|have|did|was)?n(?:o|')t (?:\w{1,6} )?(?:help|work|touch|do)\w{0,3}|inhaler[^.!?;]{0,30}(?:no (?:relief|effect|difference|good)|nothing|without)|between words|(?:isn't|aren't|not|no|n't)\b[^.!?;]{0,40}\b(?:puffs?|inhalers?|nebuli[sz]ers?|ventolin|salbutamol)|(?:puffs?|nebuli[sz]ers?|ventolin|salbutamol)\b[^.!?;]{0,40}\b(?:not|no|nothing|still|isn't|hasn't|doesn't)|between words|(?:has|have|had|need\w{0,2}) to sit (?:bolt )?up\w{0,5}|sit\w{0,4} up to breathe|breathing stops|stops breathing|pauses in (?:his|her) breathing|struggling to breathe|struggling for (?:breath|air)|long pauses"
    ),
    "low_oxygen": near(r"oxygen|sats?|saturation|oximeter|spo2|o2|finger (?:clip|thing|monitor)", r"[78]\d|90|91", 30),
    "blue": near(
        r"lips?|face|tongue|skin|fingers?|fingertips|(?:finger)?nails?|mouth",
        r"blue|bluish|purple|dusky|grey|gray|blue-ish",
        22,
    )
    + r"|(?:turn\w{0,3}|went|going|goes|gone) (?:completely |all |quite )?(?:blue|purple|grey)",
    "collapsed": r"collaps\w{1,3}|unconscious|knocked out|dropped to the (?:floor|ground)|keeled over|fell (?:down )?(?:unconscious|senseless)|lost consciousness|losing consciousness|unrespons\w{1,4}",
    "faint": r"faint\w{0,3}|pass(?:ed|ing|es)? out|black(?:ed|ing|s)? out|collaps\w{1,3}|lost consciousness|losing consciousness|keel\w{0,3} over|light-?headed\w{0,4}|dizz\w{1,6}|giddy|woozy|about to drop|(?:legs|knees) (?:buckl|g[ia]v)\w{1,4}|(?:goes?|went|going) (?:black|dark)|near(?:ly)? (?:went|going) down|syncope|unsteady when i stand|room (?:is )?spin\w{0,4}",
    "passed_out": r"faint(?:ed|s|ing)|pass(?:ed|es) out|black(?:ed|s) out|collaps\w{1,3}|lost consciousness|keeled over",
    "no_wake": (
        rf"{_CANT} (?:\w{{1,9}} ){{0,2}}(?:wake|waken|rouse|be woken|be roused|stay awake|keep (?:his|her) eyes open)|won't (?:wake|rouse|respond|stay awake)|unrespons\w{{1,4}}|isn't (?:responding|waking)|not (?:responding|waking|responsive)|(?:hard|difficult|impossible|tough) to (?:wake|rouse)|unconscious|doesn't (?:wake|respond|react)|no response|"
        r"isn't answering me"
    ),
    "confused": (
        r"confus\w{1,4}|muddled?|delirious|disorient\w{1,5}|(?:not|isn't|doesn't|never) mak\w{1,4} (?:any )?sense|talk\w{0,3} (?:nonsense|gibberish|rubbish)|rambl\w{1,4}|doesn't (?:know|recogni[sz]e) (?:who|where|me|us|his|her|what)|didn't (?:know|recogni[sz]e) (?:who|where|me|us)|incoherent|out of it|"
        r"not (?:himself|herself|with it)|see\w{0,3} things|hallucinat\w{1,4}|acting (?:drunk|strange\w{0,2}|odd\w{0,2}|weird\w{0,2})|as if (?:he|she) (?:is|was|were) drunk|agitated|vacant|making no sense|away with the fairies|talks nonsense|forgets where"
    ),
    "drowsy": (
        r"drows\w{1,4}|letharg\w{1,4}|floppy|limp|listless|sleepi\w{1,4}|very sleepy|so sleepy|sleepy|nod\w{0,4} off|hard to wake|difficult to (?:wake|rouse)|dozing|won't wake|sluggish|like a rag doll|barely (?:awake|responds?|opens?|moves)|doesn't (?:react|respond|wake|want to play)|just (?:lies|lays|lying|stares|sleeps)|no energy|not (?:interested|playing|moving much)|unrespons\w{1,4}|quiet and still|zonked|slow to respond|sleeps? all the time|sleeping (?:all|more|much|far)"
    ),
    "face_droop": near(
        r"face|mouth|smile|eyelid|cheek|lips?",
        r"droop\w{0,4}|lopsided|uneven|sagg\w{1,4}|crooked|twisted|dropped|slipp\w{1,3}|fallen|hang\w{0,3}|pulled to|slid\w{0,4}|down on one side|gone down|paraly[sz]\w{1,4}",
    )
    + r"|smil\w{1,3} (?:\w{1,9} ){0,2}(?:one side|crooked)|one side of (?:my|his|her) (?:face|mouth)",
    "one_side": r"can't (?:grip|hold|lift|move|use|feel|write)\b[^.!?;]{0,14}\b(?:that|this|his|her|my|one) (?:hand|arm|leg|foot|side)|can't hold (?:his|her|my|a|the) (?:cup|pen|fork|spoon|glass)|"
    + near(rf"{_SIDE} {_PART}|{_SIDE}|(?:arm|leg) on (?:the|one|my|his|her)", _WEAK, 30)
    + rf"|{_WEAK}\b[^.!?;]{{0,20}}(?:down|on|of|in) (?:the |my |his |her )?(?:whole )?(?:one|left|right)(?: hand)? (?:side|half|arm|leg|hand)|hemi(?:plegia|paresis)",
    "speech": (
        r"slurr\w{1,4}|(?:words?|sentences?|speech)\b[^.!?;]{0,20}\b(?:run together|jumbled|mixed up|garbled|muddled|wrong|nonsense|thick|come out|scrambled|gibberish|won't|not com\w{1,4})|(?:can't|couldn't|cannot|unable to|trouble|struggl\w{2,4}|difficulty)\b[^.!?;]{0,15}\b(?:name|read|write|understand|follow|find|finding|get|say|speak|speaking|talk|talking)\b[^.!?;]{0,14}\b(?:words?|letters?|text|screen|out|properly|clearly|suddenly|sentences?|daughter|son|name|wife|husband|me|things|objects)|(?:wrong|mixing up|mixes up|jumbl\w{1,3}|mumbl\w{1,4}|garbl\w{1,4}) (?:\w{1,6} )?words?|"
        r"wrong word|can't (?:speak|talk|understand)|cannot (?:speak|talk|understand)|couldn't (?:speak|talk|understand)|lost (?:his|her|my|the ability) (?:speech|to speak|to talk)|doesn't understand (?:me|us|what)|speech (?:is|has|was|became|went|sounds?)|talking funny|sounds? drunk|gibberish|word salad|language problem"
    ),
    "balance": r"can't (?:walk|stand) without|fall\w{0,3} to the (?:left|right)|world (?:is )?(?:tilt|spin)\w{0,4}|(?:can't|cannot|couldn't) (?:walk|stand|keep (?:my|his|her) balance)|veer\w{0,3}|stagger\w{0,3}|los\w{1,3} (?:\w{1,5} )?balance|off balance|unsteady|wobbl\w{1,3}|to one side|lean\w{0,3} to|tipp\w{1,3} over|bump\w{0,3} into|spin\w{1,4}|vertigo|room is",
    "double_vision": r"see\w{0,3} (?:\w{1,6} )?(?:double|two of)|double vision|vision (?:is |has )?(?:doubled|gone double)|two of everything",
    "headache": near(
        r"head|skull|temples?|back of (?:my|his|her) neck",
        PAIN + r"|explod\w{1,3}|pound\w{0,3}|burst\w{0,3}|bang\w{0,3}|split\w{0,4}",
    )
    + r"|headaches?|migraines?",
    "thunderclap": (
        r"worst head\w{0,4}|worst pain (?:in|of)\b[^.!?;]{0,20}\bhead|worst\b[^.!?;]{0,25}\bhead\w{0,4}|head\w{0,4}\b[^.!?;]{0,40}\b(?:worst|explod\w{1,3}|(?:like|as if) (?:a |being |i was |i'd been |someone |something |he was |she was )?(?:hit|bat|hammer|thunder\w{0,4}|lightning|bomb|shot|struck|kick\w{0,3}|axe|burst|explosion)|in (?:a|one|under a) (?:second|minute|split)|within (?:seconds|a minute)|peak\w{0,3} (?:in|within)|from nothing|zero to|out of nowhere|never had (?:one )?like|snapp?\w{0,3}|popp?\w{0,3})|"
        r"(?:explo\w{2,5}|thunderclap|burst\w{0,3}|popp?\w{0,3}|snapp?\w{0,3}|hit|struck|kicked)\b[^.!?;]{0,30}\bhead\w{0,4}|sudden\w{0,2}\b[^.!?;]{0,20}\b(?:severe|terrible|excruciating|blinding|violent|massive|intense|awful|horrific|enormous)\b[^.!?;]{0,12}\bhead\w{0,4}|thunderclap"
    ),
    "stiff_neck": r"chin (?:to|on|down to) (?:my|his|her|the) chest|"
    + near(r"neck", r"stiff\w{0,4}|rigid|sore|won't bend|can't bend|hurts?|pain\w{0,3}|bend|tight|chin to", 25),
    "photophobia": near(
        r"lights?|bright\w{0,4}|lamp",
        r"hurt\w{0,3}|bother\w{0,3}|bear|stand|pain\w{0,3}|curtains|screams?|cries|hates?",
        25,
    )
    + r"|photophobi\w{1,2}|dark room",
    "purpura": near(
        r"spots?|rash|bruises?|marks?|blotch\w{1,4}|dots|patches",
        r"purple|press\w{0,3}|glass|tumbler|fade|bruise\w{0,3}|pin ?prick\w{0,3}|blood|dark red|non-?blanching|disappear|under the skin|tiny|petechia\w{0,2}|vanish|stays?|remain",
        45,
    )
    + r"|petechia\w{0,2}|don't fade|doesn't fade|do not fade",
    "fever": _FEVER,
    "chills": r"shiver\w{0,3}|rigors?|chills|shak\w{1,3} (?:with cold|uncontrollably|all over|violently)|can't stop shaking|freezing|teeth chatter\w{0,3}|feels? cold|35(?:\.\d)?|uncontrollable shaking|rotten",
    "mottled": r"mottled|blotch\w{1,4}|marbled|(?:cold|blue|grey|gray|pale) (?:hands|feet|skin|and clammy)|hands and feet (?:are )?(?:cold|blue|icy)|skin (?:is |looks |has gone )(?:grey|gray|blue|cold|pale|clammy|mottled)|icy (?:hands|feet)|cold hands|cold feet",
    "no_urine": r"(?:hardly|barely|not|n't|no|little|dry|hasn't|haven't) (?:\w{1,10} ){0,3}(?:urine|pee\w{0,3}|wee\w{0,3}|wet (?:nappy|nappies|diapers?)|urinat\w{1,3}|pass\w{0,3} water|napp(?:y|ies)|diapers?|wet)|dry (?:nappy|nappies|diapers?)|nappy (?:has been |is |was |still )?dry|diaper (?:has been |is |was |still )?dry|no wees?",
    "doom": r"going to die|about to die|feel like (?:i'm |i am )?dying|impending doom|something terrible|something is (?:terribly|very) wrong|never felt (?:so|this) (?:ill|bad|unwell)|really unwell|so ill",
    "low_bp": near(r"blood pressure|bp|pressure", r"low|very low|[5-8]\d|dropp\w{1,3}", 20),
    "high_bp": near(r"blood pressure|bp|pressure", r"1[6-9]\d|2\d\d|high|sky|rais\w{1,3}|through the roof", 20)
    + r"|1[6-9]\d ?/ ?\d{2,3}|1[6-9]\d over|hypertensi\w{1,3}",
    "infection_place": r"(?:urine|water|chest|kidney|bladder|skin|wound|tooth|womb|blood|throat|post-?op\w{0,9}) infection|uti|pneumonia|abscess|cellulitis|infected|sepsis|septic|line site|(?:since|after|following) (?:the|my|his|her|an?) (?:operation|surgery|procedure|c-?section|caesarean|cesarean|miscarriage|birth|abortion|biopsy)|wound|catheter|flu",
    "diabetic": r"diabet\w{1,3}|insulin|type 1|type one|blood sugar|glucose|ketones?|metformin",
    "ketosis": r"pear drops|fruity|acetone|nail (?:polish|varnish)(?: remover)?|ketones?|ketoacid\w{1,5}|(?:breath|breathing)\b[^.!?;]{0,15}\b(?:smells?|sweet|deep|fast|rapid|quick|heavy|hard)|(?:deep|fast|rapid|quick|heavy) breath\w{0,3}|missed (?:\w{1,5} ){0,2}insulin|(?:run|ran) out of insulin|insulin pump|stopped (?:my|his|her|taking) insulin|(?:sugar|glucose|reading)\b[^.!?;]{0,20}\b(?:[23]\d|[4-9]\d\d|very high|sky high|\"?hi\"?)|no insulin",
    "thirst": r"thirst\w{0,3}|drink\w{0,3} (?:\w{1,8} ){0,3}(?:non-?stop|constantly|all the time|loads|lots|gallons|litres|bottle after bottle)|pee\w{0,3} (?:\w{1,8} ){0,2}(?:non-?stop|constantly|all the time|every|loads|lots)|drinking and pee\w{0,3}|wet\w{0,4} the bed|losing weight|lost (?:\w{1,9} ){0,2}weight|weight loss",
    "low_sugar": r"insulin|hypo\w{0,9}|low (?:blood )?sugar|(?:sugar|glucose)\b[^.!?;]{0,15}\b(?:[12]\.\d|low|[23]\d)\b|gliclazide|skipped (?:lunch|dinner|breakfast|a meal)|without eating|didn't eat|glipizide|glimepiride",
    "shaky": r"shak\w{1,3}|trembl\w{1,4}|jitter\w{0,3}",
    "allergen": r"sting\w{0,2}|stung|bees?|wasps?|peanuts?|nuts?|cashews?|walnuts?|shellfish|prawns?|shrimps?|sesame|penicillin|amoxicillin|antibiotics?|injection|vaccin\w{1,5}|jab|latex|contrast|eggs?|fish|kiwi|allerg\w{1,3}|epi-?pen|new (?:\w{1,9} ){0,2}(?:tablet|medicine|pill|drug)s?\b|hornet|ant bite|cake|biscuit|satay|cookie|curry|ate|eaten|eating|hair dye|crab|milk",
    "hives": r"hives|welts?|wheals?|urticaria|itch\w{0,3}|rash|(?:red )?bumps all over|blotch\w{1,4}|flush\w{0,3}|skin (?:came|has come|coming) up|lumps all over",
    "swelling_airway": near(
        r"lips?|tongue|throat|face|mouth|neck|voice",
        r"swell\w{0,3}|swollen|puff\w{1,4}|clos\w{1,4}|tighten\w{0,3}|tight\w{0,4}|lump|thick|balloon\w{0,3}|huge|swelled|hoarse|narrow\w{0,3}|squeaky|bigger|fat\b|enlarg\w{0,3}|tingl\w{1,4}",
        22,
    )
    + "|"
    + near(r"lips?|tongue|mouth", r"itch\w{0,3}", 22)
    + "|"
    + near(r"eyes?|eyelids?", r"swell\w{0,3}|swollen|swelled|clos\w{1,4}|balloon\w{0,3}|huge|puff\w{1,4} up", 22),
    # Of the skin for certain: an itch alone is none of them.
    "rash": r"hives|welts?|wheals?|urticaria|itch\w{0,3} (?:all over|everywhere|from head)|rash|(?:red )?bumps all over|flush\w{0,3}|skin (?:came|has come|coming) up|lumps all over",
    "hives_many": near(
        r"hives|welts?|wheals?|urticaria|nettle rash|bumps|lumps",
        r"all over|everywhere|cover\w{0,3}|head to (?:toe|foot)|whole body|entire body",
        30,
    ),
}
FEATURES = english(TABLE)
