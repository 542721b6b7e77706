"""More features in English: bleeding, pregnancy, eyes, injuries, poisons, and what a person has or takes.

As `rag.safety.english`, which holds the commoner complaints. Decides no rule.
"""

from __future__ import annotations

from rag.safety.english import _BAD, _KID, _MANY, _PILLS, _TOXIC, PAIN
from rag.safety.patterns import english, near

_SWALLOW = r"(?:swallow\w{0,3}|ate|eaten|eating|drank|drunk|drink\w{0,3}|ingest\w{0,3}|sipp\w{1,3}|gulp\w{0,3}|took|taken|chew\w{0,3}|lick\w{0,3}|got (?:into|hold of)|put)"
_STUCK = r"stuck|lodged|caught|down the wrong (?:way|pipe)"
_HIT = r"hit|bang\w{0,3}|bump\w{0,3}|struck|knock\w{0,3}|smack\w{0,3}|crack\w{0,3}|whack\w{0,3}|injur\w{1,3}|hurt|fell on|landed on|fall on|blow to"

TABLE = {
    "belly": r"(?:sharp |stabbing |severe |bad )?pain on (?:the|my) (?:left|right)(?: side)?|(?:pain|ache|cramp\w{0,3})\b[^.!?;]{0,10}\blow (?:down )?on (?:the|my|one) (?:left|right|side)|"
    + near(
        r"belly|tummy|stomach|abdom\w{2,5}|gut|pelvi\w{1,2}|lower (?:right|left)|side|ovary|flank|groin|insides?",
        PAIN + rf"|{_BAD}",
        30,
    ),
    "belly_severe": near(
        r"belly|tummy|stomach|abdom\w{2,5}|guts?|pelvi\w{1,2}|insides?",
        _BAD + r"|can't (?:move|stand|walk|straighten)|sharp|stabb\w{1,4}",
        40,
    ),
    "rigid_belly": near(
        r"belly|tummy|stomach|abdom\w{2,5}",
        r"(?:hard|rigid|stiff|solid|tense)(?: (?:as|like) (?:a |wood|rock|board)\w{0,5})?|board|swollen and hard|lie (?:completely |perfectly )?still|can't bear (?:it )?(?:being )?touch\w{0,3}",
        30,
    ),
    "severe": _BAD
    + r"|can't (?:move|stand|straighten|sleep|bear|walk)|rock[- ]hard|curled up|out of proportion|bent (?:over|double)",
    "trunk": r"chest|back|belly|stomach|shoulder blades?|abdomen|tummy",
    "curtain": r"(?:curtain|veil|shade|shutter|black (?:sheet|blind)|dark (?:sheet|shadow))\b[^.!?;]{0,40}\b(?:eye|vision|sight|down|across|over)|(?:eye|vision|sight)\b[^.!?;]{0,30}\b(?:curtain|veil|shutter)",
    "tearing": r"tearing|tore|ripp\w{1,4}|torn|knife|stabb\w{1,4}|slic\w{1,4}|shear\w{0,3}|split\w{0,4}",
    "back": near(
        r"back|shoulder blades?|spine",
        PAIN + r"|tear\w{0,3}|ripp\w{1,4}|torn|knife|slipped disc|sciatica|injur\w{1,3}",
        35,
    )
    + r"|sciatica|slipped disc|herniated disc|bulging disc|prolapsed disc|(?:mid|lower|upper)[- ]back",
    "pulsating": r"puls\w{1,6} (?:lump|mass|feeling)|aneurysm|throbbing lump",
    "blood_vomit": near(
        r"vomit\w{0,4}|throw\w{0,3} up|threw up|bring\w{0,3} up|brought up|sick|puk\w{1,3}|retch\w{0,3}|spew\w{0,3}",
        r"blood\w{0,2}|coffee.?grounds?|red stuff|clots?|dark brown bits",
        32,
    )
    + r"|hematemesis|haematemesis",
    "black_stool": near(
        r"stools?|poos?|poop\w{0,3}|poo|motions?|bowel movements?|toilet|faeces|feces|number two|bowels?",
        r"(?:jet )?black|tar\w{0,3}|maroon|like tar|sticky black|dark red|treacle|full of blood|lots of blood|clots|pure blood|bright red blood",
        32,
    )
    + r"|mel[a]?ena|bleeding heavily from (?:the|my|his|her) (?:back passage|bottom|rectum)",
    "much_blood": r"(?:cup|bowl|basin|bucket|half a|lots?|pints?|a lot|pouring|large amounts?|handful)\w{0,3}(?: of)? (?:\w{1,6} )?blood|blood (?:is )?(?:everywhere|pouring|spurt\w{1,4}|pump\w{1,4}|gush\w{1,4})|heavy bleeding|bleeding (?:heavily|badly|a lot)|won't stop bleeding",
    "no_stop": r"spurt\w{0,3}|squirt\w{0,3}|gush\w{0,3}|pumping out|pouring (?:out|from)|(?:won't|doesn't|can't|cannot|not|hasn't|isn't) (?:\w{1,6} )?stopp?\w{0,4}|soak\w{0,3} through|keeps (?:on )?bleeding|fountain|even (?:with|after) press\w{0,3}",
    "wound": r"bleed\w{0,3}|blood|cut|gash|wound|stab\w{0,4}|slash\w{0,3}|nosebleed|severed|knife|saw|amputat\w{1,3}|chainsaw|artery",
    "severed": r"(?:cut|chopped|sliced|torn|sawed|ripped|came|bitten) (?:\w{1,8} ){0,3}off|severed|severing|amputat\w{1,3}|(?:been |was |got )(?:stabbed|shot)|gunshot|stab wound|bone (?:is )?(?:sticking|poking|coming) (?:out|through)|impaled|knife (?:is )?(?:still )?in|run over|hit by a (?:car|bus|truck|van)",
    "pregnant": r"pregnan\w{1,4}|\d{1,2} weeks (?:along|gone|and)|expecting|trimester|(?:i'm|i am|she is|she's|at) (?:2\d|3\d|4[0-2]) weeks|gestation|weeks pregnant|my due date|overdue by|baby due|unborn|(?:2\d|3\d|4[0-2]) weeks",
    "missed_period": r"(?:period|menstruation)\b[^.!?;]{0,20}\b(?:late|missed|overdue|delayed|weeks? late|didn't come|hasn't come)|(?:missed|late|skipped) (?:\w{1,4} )?periods?|(?:positive|line on the) (?:pregnancy )?test|no period|pregnan\w{1,4}|(?:\d|two|three|four|five|six|seven|eight) weeks? late|coil|iud|had unprotected",
    "shoulder_tip": near(r"shoulder", PAIN + r"|tip|weird", 20),
    "vaginal_bleed": r"bleed\w{0,3}|spotting|blood\w{0,2}|soak\w{0,3}|pads?|clots?",
    "soaking": r"soak\w{0,3} (?:\w{1,8} ){0,3}(?:pads?|towels?|sheets?|mattress|through)|pads? (?:every|an|per|in) |(?:pad|towel)s? (?:is|are) soaked|clots? (?:the size|as big|bigger|like)|flooding|gushing|golf ball",
    "postpartum": r"(?:gave birth|had (?:my|a|our|the) (?:baby|c-?section|caesarean)|delivered|after (?:the )?(?:birth|delivery|labou?r|childbirth)|postpartum|post-?natal\w{0,2}|my (?:baby|newborn) (?:is|was born|was delivered)|since (?:the )?(?:birth|delivery)|new mum|baby (?:was born|arrived)|my c-?section|newborn)",
    "preeclampsia_sign": r"flashing|flashes|flicker\w{0,3}|blur\w{1,4}|spots in (?:front|my vision)|see\w{0,3} (?:spots|stars|lights|sparkl\w{1,3}|zig)|stars|vision|visual|right rib\w{0,3}|under (?:my|the|her) (?:right )?ribs?|upper (?:right )?(?:tummy|belly|abdomen|stomach)|upper abdominal|(?:hands?|face|fingers?|ankles and face)\b[^.!?;]{0,24}\b(?:swollen|swelling|swell\w{0,3}|puff\w{1,4}|balloon\w{0,3})|(?:swollen|swelling|puffy|puffiness)\b[^.!?;]{0,24}\b(?:hands?|face|fingers?)|protein in",
    "less_movement": r"(?:hasn't|haven't|not|stopped|no|less|fewer|reduced|n't felt|felt nothing|feel nothing|nothing|quiet\w{0,2}|slow\w{0,4}|barely|hardly)\b[^.!?;]{0,25}\b(?:mov\w{1,6}|kick\w{0,3})|kick\w{0,3}\b[^.!?;]{0,30}\b(?:nothing|not|none|stopped)|(?:baby|bump|mov\w{1,6}|kick\w{0,3})\b[^.!?;]{0,15}\b(?:quiet|still|stopped|less|slowed|reduced)",
    "waters": r"waters? (?:have |has |just )?(?:broke\w{0,1}|gone|went)|cord (?:is )?(?:hanging|coming|out|visible|between)|contractions|in labou?r",
    "exertion": r"(?:when(?:ever)?|if|while|after|every time|climbing|going) (?:i |he |she )?(?:\w{1,8} )?(?:walk\w{0,3}|climb\w{0,3}|stairs|uphill|hurry\w{0,3}|exert\w{0,4}|exercis\w{1,3})|on exertion|uphill|(?:during|while|playing|in the middle of) (?:a )?(?:football|running|run|exercise|sport\w{0,1}|training|match|game|swimming|basketball|gym|race|pe)|while (?:running|swimming|exercising|playing)",
    "testicle": r"(?:touch\w{0,3}|hold\w{0,3}|grab\w{0,4}|guard\w{0,3}|clutch\w{0,3}) (?:his|my) (?:scrotum|balls?|testicles?|privates)|"
    + near(
        r"testic\w{1,3}|testis|testes|balls?|nuts?|scrot\w{1,3}|bollock\w{0,2}|groin and ball",
        PAIN + rf"|{_BAD}|swollen|higher|tender|twisted|swelling|red",
        40,
    ),
    "numb_saddle": r"(?:numb\w{0,4}|(?:can't|cannot|couldn't|don't|lost|no) (?:\w{1,9} ){0,2}feel\w{0,3}|tingl\w{1,4}|pins and needles|dead|feeling (?:is |has )?(?:gone|lost))\b[^.!?;]{0,40}\b(?:between (?:my|the|his|her) (?:legs|thighs)|wip\w{1,3}|genital\w{0,3}|bottom|buttocks?|groin|saddle|private\w{0,2}|perine\w{1,3}|anus|toilet paper|crotch|vagina|penis|inner thighs|seat|backside|bum)|(?:between (?:my|his|her) legs|genital\w{0,3}|bottom|buttocks|groin|saddle|privates?|crotch|inner thighs|bum)\b[^.!?;]{0,25}\b(?:numb\w{0,4}|feeling|tingl\w{1,4}|dead)|saddle an[a]?esthesia",
    "sphincter": r"(?:can't|cannot|couldn't|unable to|haven't been able to|not able to|hasn't been able to|trouble|difficulty|struggl\w{2,4}|lost|no|don't|wet\w{0,4}|leak\w{0,3})\b[^.!?;]{0,28}\b(?:pee\w{0,3}|wee\w{0,3}|urin\w{1,6}|pass\w{0,3} (?:water|urine)|hold (?:it|my)|bladder|bowels?|myself|poo\w{0,3}|control|when i need)|incontinen\w{1,3}|(?:bladder|bowel)\b[^.!?;]{0,20}\b(?:control|leak\w{0,3}|won't|numb|full)|retention|(?:don't|can't|doesn't|no longer) (?:notice|feel|know|tell|sense) (?:when|if|that) (?:my|i|his|her|the)\b[^.!?;]{0,20}\b(?:bladder|pee\w{0,3}|full|go|wee)|sex feels like nothing|soil\w{0,3} (?:my|him|her)self",
    "legs_weak": near(
        r"legs|both legs|feet|knees",
        r"weak\w{0,4}|numb\w{0,4}|give way|giving way|gave way|buckl\w{1,4}|paraly[sz]\w{1,3}|won't (?:hold|work|carry)|can't (?:move|feel|walk|stand|climb)|jelly|rubber|heavy|tingl\w{1,4}|won't do",
        32,
    )
    + r"|can't (?:climb (?:the )?stairs|get (?:up|out) (?:of|from) (?:a |the |my )?chair|walk)",
    "ascending": r"(?:start\w{0,3}|began|first|beginning) (?:\w{1,4} )?(?:my |his |her |the )?(?:feet|toes|hands and feet)|mov\w{1,4} up|climb\w{0,3} (?:up )?(?:my|his|her) legs|spread\w{0,3} up|creep\w{0,3} up|up (?:my|his|her) (?:legs|body)|crept|work\w{0,3} (?:its|their) way up",
    "vision_loss": (
        r"(?:lost|losing|loss of|no) (?:\w{1,8} ){0,3}(?:sight|vision|eyesight)|(?:sight|vision|eyesight)\b[^.!?;]{0,25}\b(?:gone|went|lost|disappear\w{0,3}|black|blank|out|vanish\w{0,3}|dimmed|half|missing|dark)|(?:can't|cannot|couldn't) see\b[^.!?;]{0,30}|(?:gone|went|going|suddenly|am) blind|eye\b[^.!?;]{0,20}\b(?:went|gone|turned|is|goes) (?:black|dark|blank|blind|dim)|(?:black|dark)\b[^.!?;]{0,12}\b(?:in|out of) (?:my|one|his|her) (?:left |right )?eye|"
        r"(?:curtain|shadow|veil|shade|blind|grey area|dark (?:area|patch)|blackness)\b[^.!?;]{0,40}\b(?:eye|vision|sight|down|across|over)|(?:eye|vision|sight)\b[^.!?;]{0,30}\b(?:curtain|shadow|veil|shade)|sees? nothing|(?:half|part|side) (?:of )?(?:the |my |his |her )?(?:vision|sight|visual field)|(?:sudden\w{0,2}|acute)\b[^.!?;]{0,10}\bblindness|blindness in (?:my|one|his|her)|showers? of (?:floaters|spots|black)|(?:sudden\w{0,2}|lots of|hundreds of|new|many)\b[^.!?;]{0,15}\b(?:floaters|flashes)|everything (?:went|is|has gone) (?:black|dark|grey|blurry) in"
    ),
    "eye_pain": near(r"eyes?|eyeball", PAIN + r"|red|bulging", 25),
    "halo": r"colou?red (?:rings?|circles?)|circles of colou?r|halos?|haloes|rainbows?|rings? (?:around|round)|cloudy|haz[ey]\w{0,2}|blur\w{0,4}|misty|vision|foggy",
    "eye_chemical": near(
        r"eyes?",
        r"bleach|alkali|acid|lime|cement|plaster|ammonia|oven cleaner|drain cleaner|caustic\w{0,2}|lye|chemicals?|detergent|battery fluid|glue|metal|nail|glass|dart|penetrat\w{1,4}|(?:drain|oven|toilet) \w{1,8}",
        40,
    ),
    "eye_swollen": near(
        r"eye\w{0,4}|eye socket",
        r"swollen shut|bulg\w{1,4}|push\w{0,3} (?:out|forward)|can't (?:open|move)|hurts? to move|stick\w{0,3} out",
        25,
    ),
    "temporal": r"(?:scalp|temples?)\b[^.!?;]{0,20}\b(?:sore|tender|pain\w{0,3}|hurts?)|sore scalp|tender scalp|(?:jaw)\b[^.!?;]{0,30}\bchew\w{0,3}|chew\w{0,3}\b[^.!?;]{0,25}\bjaw|comb\w{0,3} (?:my|her|his) hair",
    "head_injury": near(r"head|skull|forehead|temple|face-?plant", _HIT, 28)
    + r"|head injury|knocked (?:out|unconscious|himself out|herself out)|slipped (?:on|and)|came off (?:my|his|her|a) (?:bike|horse|motorbike|scooter)|concuss\w{1,4}|fell (?:off|from|down) (?:\w{1,10} ){0,5}(?:stairs|ladder|roof|bed|table|frame|bike|horse|cot|window|sofa|changing|wall|tree|height)|(?:had|after) a fall|fallen|tumbl\w{1,3}",
    "fall": r"fell\b(?! (?:asleep|ill|pregnant|in love|behind|apart|out with|sick|silent|short|to \d))|(?:had|has had|after|from) (?:a |his |her |my |the )?(?:\w{1,8} )?fall\b|fallen (?:over|down|off|out|from|in)|slipped (?!disc)|tripped|tumbl\w{1,3}|came off (?:my|his|her|a) (?:bike|horse|motorbike|scooter)|knocked (?:over|down)",
    "anticoagulant": r"warfarin|coumadin|apixaban|eliquis|rivaroxaban|xarelto|dabigatran|pradaxa|edoxaban|blood thinn\w{2,4}|anticoagul\w{2,4}|heparin|enoxaparin|clopidogrel|ticagrelor|h[a]?emophili\w{1,2}|thins? (?:the|my|his|her) blood|thinn\w{1,4} (?:of )?(?:the|my|his|her) blood|noac|doac",
    "head_worse": r"vomit\w{0,4}|throw\w{0,3} up|threw up|been sick|being sick|confus\w{1,4}|drows\w{1,4}|sleep\w{1,4}|knocked out|unconscious|passed out|blacked out|clear fluid|watery fluid|fluid (?:from|out)|blood (?:from|out of) (?:\w{1,4} )?(?:ear|nose)|pupils?|wobbl\w{1,3}|seizure|fit\b|can't remember|doesn't remember|no memory|memory|headache\b[^.!?;]{0,24}\bworse|walk\w{0,3} like a drunk|slurr\w{1,4}|unsteady|repeating|same question|dazed|walking into|leak\w{0,3}|stagger\w{0,3}|double",
    "baby_young": (
        r"newborn|neonate|(?:one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|\d|1[0-2])[ -]?(?:weeks?|wks?)[ -]old|(?:baby|son|daughter|infant|boy|girl|twins?|little one|grandson|granddaughter)(?:,| is| was| who is| who's|'s)* (?:only |just |barely |about |nearly |now |not yet |not even |under )*(?:\d|1[0-2]|a few|two|three|four|five|six|seven|eight|nine|ten) (?:weeks?|days?)|(?:\d{1,2}|few|five|ten|six)[ -]days?[ -]old|"
        r"(?:1|2|one|two)[ -]?months?[ -]old|(?:baby|son|daughter|infant|little one|twins?|boy|girl)(?:,| is| was| who is| who's)* (?:only |just |barely |about |nearly |not yet |not even |under )*(?:1|2|one|two|a|under three|less than three|not yet three) months?|(?:a|one) month[ -]old|at (?:\d|1[0-2]|five|six|seven|eight|nine|ten) weeks|born (?:\w{1,5} ){0,2}(?:weeks?|days?) ago|(?:\d|1[0-2]|five|six|seven|eight|nine|ten) weeks,"
    ),
    "child": rf"{_KID}|(?:he|she)(?:'s| is) (?:only |about |nearly )?\d{{1,2}} months|he is (?:[1-9]|1[0-5])\b|she is (?:[1-9]|1[0-5])\b|\b\d{{1,2}} ?(?:months?|mo) old",
    "not_feeding": r"(?:won't|not|n't|refus\w{1,4}|stopped|no interest in|barely|hardly|too (?:tired|weak|sleepy) to|off (?:his|her)) (?:\w{1,8} ){0,3}(?:feed\w{0,3}|eat\w{0,3}|drink\w{0,3}|suck\w{0,3}|nurs\w{1,3}|bottles?|milk|breast|latch\w{0,3}|feeds?)",
    "dry_child": r"sunken|no tears|without tears|dry (?:mouth|lips|tongue)|tearless|tears\b|soft spot|fontanel\w{1,3}",
    "diarrhoea": r"diarrh\w{2,4}|loose (?:stools?|motions?|poos?)|runny (?:poos?|stools?|bottom)|the runs|vomit\w{0,4}|stomach bug|gastro\w{0,9}|tummy bug|(?:watery|wet|liquid) (?:stools?|poos?|poops?|motions?)|being sick|throwing up|been sick|not drink\w{0,3}|won't drink",
    "bilious": r"green (?:vomit|bile|fluid|stuff|sick)|(?:vomit\w{0,4}|throwing up|bringing up|sick) (?:\w{1,8} ){0,3}(?:bright |dark )?green|bile",
    "pulls_legs": r"(?:pull|draw|bring|tuck)\w{0,3} (?:\w{1,5} ){0,2}(?:legs|knees)|(?:legs|knees) (?:\w{1,5} ){0,3}(?:chest|tummy)|knees to (?:his |her |the )?chest|(?:cry\w{0,3}|cries|screams?) in bouts|screams? (?:every|in bouts)",
    "jelly_stool": r"(?:red|currant|jam|blood\w{0,2}|strawberry|mucus)\b[^.!?;]{0,14}\b(?:jelly|jam|poo|stool|nappy|mucus|diaper)|blood and (?:mucus|slime)|jelly",
    "choking": r"chok\w{1,3}|(?:food|grape|sweet|coin|meat|bone|something|peanut|candy|bread|toy|marble|nut|steak|chicken|apple|sausage)\b[^.!?;]{0,35}\b(?:"
    + _STUCK
    + r")\b[^.!?;]{0,30}\b(?:throat|windpipe|airway|neck)|(?:grab\w{0,4}|clutch\w{0,3}|hold\w{0,3}|point\w{0,3})\b[^.!?;]{0,12}\b(?:throat|neck)|heimlich|went down the wrong",
    "choking_sign": r"can't (?:cry|cough|speak|talk|breathe|make a sound)|no (?:sound|noise|voice)|turn\w{0,3} (?:red|blue|purple)|going (?:blue|purple)|silent\w{0,2}|blue|purple|cannot (?:cry|cough|speak|breathe)|right now|eyes (?:are )?(?:bulging|watering)|drool\w{0,3}|nothing (?:is )?com(?:es|ing) out|wheez\w{1,4}|still|gasp\w{0,3}|without a sound|not (?:crying|coughing|breathing)|on an? \w{3,12}",
    "seizure": r"seiz\w{2,4}|convuls\w{1,5}|(?:having|had|has|have|in) (?:a|an|another|several|repeated|two|three) (?:\w{1,10} )?(?:fits?|seizures?)|fitting|jerk\w{0,3}|twitch\w{0,3} all over|eyes? (?:\w{1,6} ){0,3}roll\w{0,3}|roll\w{0,3} (?:his|her|back)|foam\w{0,3} at|went (?:stiff|rigid)|stiffen\w{0,3}|shaking all over|epilep\w{1,5}|body (?:is |went |started )?(?:shaking|rigid|stiff|jerking)",
    "seizure_long": r"(?:more than|over|at least|for|about|nearly|lasting|lasted|past) (?:\w{1,6} )?(?:[5-9]|\d\d|five|six|seven|eight|ten|fifteen|twenty) min\w{0,4}|won't stop|not stopp\w{1,4}|still (?:going|shaking|jerking|fitting|seizing|convulsing|not)|hasn't stopped|(?:one|fit|seizure) after (?:another|the other)|back to back|without waking|keeps (?:on )?(?:fitting|seizing|jerking|having)|(?:second|third|another) (?:one|fit|seizure)|in a row|[5-9] minutes|ten minutes|(?:first (?:time|ever|fit|seizure))|never (?:had|happened)|isn't (?:epileptic|waking)|not epileptic|right now|is having|just had|pregnan\w{1,4}|eyes? (?:\w{1,6} ){0,3}roll\w{0,3}|went (?:stiff|rigid)|foam\w{0,3}|all over",
    "overdose": (
        rf"overdos\w{{1,4}}|(?:took|taken|swallowed|had|gave|given|injected|take|ate) (?:\w{{1,10}} ){{0,3}}{_MANY}\b[^.!?;]{{0,40}}\b{_PILLS}|(?:took|taken|gave|given|injected) (?:\w{{1,10}} ){{0,4}}(?:too many|too much|double (?:dose|the)|(?:ten|10) times)|{_MANY} (?:\w{{1,12}} ){{0,3}}{_PILLS}\b[^.!?;]{{0,25}}\b(?:by (?:accident|mistake)|accidental\w{{0,2}})|wrong (?:pills|tablets|medicine|dose)|(?:took|taken|swallowed|ate|had) (?:\w{{1,10}}(?:'s)? ){{0,5}}(?:pill ?box|dosette|week's (?:\w{{1,8}} )?(?:pills|tablets|medicine|worth)|medication)"
    ),
    "overdose_by": r"accident\w{0,4}|by mistake|mistaken\w{0,2}|instead of|ago|just|last night|today|this morning|yesterday|i took|he took|she took|has taken|have taken|'ve taken|at once|in one go|gave|swallowed|overdose",
    "poison": (
        rf"{_SWALLOW} (?:[\w']{{1,12}} ){{0,5}}{_TOXIC}|{_KID} (?:[\w']{{1,12}} ){{0,3}}(?:{_SWALLOW}|found (?:with|eating|chewing)|got into) (?:[\w']{{1,12}} ){{0,5}}(?:{_TOXIC}|{_PILLS})|{_TOXIC}\b[^.!?;]{{0,20}}\b(?:poisoning|swallowed|is missing|was missing|missing from|on (?:his|her|my) (?:lips|mouth))|{_KID}\b[^.!?;]{{0,40}}\b(?:empty|open\w{{0,2}}|chewed) (?:[\w']{{1,12}} ){{0,4}}(?:packet|bottle|pack|box|strip|blister|container)|mushrooms?\b[^.!?;]{{0,24}}\b(?:picked|found|forag\w{{1,3}}|woods?|forest|wild|garden)|poisoned|drank (?:some )?(?:[\w']{{1,12}} ){{0,3}}(?:cleaner|fluid)|bitten by a (?:black )?widow|"
        rf"(?:inhaled|breathed in|sprayed with|breathing in) (?:\w{{1,8}} ){{0,4}}(?:fumes|gas|smoke|chlorine|pesticide|chemicals?)|(?:mixed|mixing) (?:\w{{1,8}} ){{0,3}}bleach|button (?:battery|cell)"
    ),
    "co_source": r"boiler|heaters?|stove|generator|barbecue|bbq|charcoal|fireplace|gas fire|wood burner|engine|exhaust|carbon monoxide|co alarm|car running|fire in the|furnace|coal",
    "co_many": r"all (?:\w{1,4} ){0,2}(?:of us|three|four|have|family|feel|got)|everyone|whole family|both of us|we all|family|(?:my|the) (?:wife|husband|kids|flatmate|dog|cat)[^.!?;]{0,20} too|better (?:when|outside|out)|alarm|housemates|goes away (?:when|outside)|us have|the (?:dog|cat)",
    "burn": r"burn(?:s|t|ed)?\b|scald\w{0,3}|boiling (?:water|oil|soup|milk|tea)|(?<!drink )(?<!drinking )(?<!drank )(?<!sip )(?<!sipping )(?<!cup of )hot (?:oil|water(?! bottle)|tea|soup|coffee|fat)|caught fire|on fire|(?:house|kitchen|flat|car|room|electrical) fire|a fire|flames?|explo\w{2,5}|blister\w{0,3}|acid (?:on|splash\w{0,3}|burn\w{0,2})|firework",
    "burn_bad": rf"face|eyes?|genital\w{{0,2}}|groin|neck|chest|whole (?:arm|leg|hand|back)|hands\b|charred|white (?:and )?(?:leathery|numb)|leather\w{{0,2}}|large|big|deep|all over|chemical|acid|{_KID}|electric\w{{0,4}}|soot\w{{0,1}}|smoke|voice|palm of|percent|legs|back and|tummy|doesn't hurt|arms|inhal\w{{1,3}}|both|head|joint|half",
    "electric": r"electr(?:ic|ocut)\w{0,4} (?:shock\w{0,3}|by)|electrocut\w{1,3}|shock from|shocked by|struck by lightning|lightning|high voltage|live wire|mains|power line",
    "snake": r"(?:bitten|bite|bit|got|nipped|struck|attacked)\b[^.!?;]{0,30}\b(?:snake|viper|adder|cobra|rattler|rattlesnake|krait|copperhead|mamba)|(?:snake|viper|adder|cobra|rattlesnake|krait)\b[^.!?;]{0,30}\b(?:bit\b|bitten|bite|fangs?|struck|got|nipped|attacked|sank)|fang marks?|(?:bitten|bit|bite|sting|stung)\b[^.!?;]{0,30}\b(?:jellyfish|scorpion|funnel.?web|black widow|stonefish|octopus)|two (?:\w{1,9} )?(?:puncture|holes|fang|tooth|pricks|marks)\b[^.!?;]{0,12}",
    "cast": r"\bcast\b|plaster|splint|broke\w{0,1}|fractur\w{1,4}|crush\w{1,3}|trapped under|pinned|tight bandage|shin|tourniquet",
    "limb_sign": r"(?:fingers?|toes?|foot|hand|calf|leg|arm|forearm|shin|thigh|it's|it is)\b[^.!?;]{0,30}\b(?:drum|numb\w{0,4}|tingl\w{1,4}|cold|white|blue|pale|hard|tight|tense|can't move|stretch\w{0,3}|wood\w{0,2}|pins|swollen)|(?:numb\w{0,4}|tingl\w{1,4}|cold|white|blue|pale)\b[^.!?;]{0,15}\b(?:fingers?|toes?|foot|hand)|rock.?hard|hard as|worse (?:\w{1,5} ){0,2}(?:even )?(?:with|despite|after)|(?:morphine|painkillers?)\b[^.!?;]{0,20}\b(?:nothing|not|no|don't|doesn't)|even with painkillers",
    "chemo": r"chemo\w{0,9}|neutropeni\w{1,2}|white (?:blood )?(?:cells?|count)|transplant\w{0,2}|immunosuppress\w{0,4}|leuk[a]?emia|lymphoma treatment|cancer (?:treatment|drugs|drip)|no spleen|spleen (?:was )?removed|docetaxel|low counts|clozapine|carbimazole|methimazole|bone marrow",
    "steroid": r"addison\w{0,2}|adrenal|hydrocortisone|steroids?|prednisol?one|pituitary|dexamethasone|fludrocortisone|cortisone",
    "steroid_fault": r"stopp?\w{0,3} (?:\w{1,9} ){0,4}|keep (?:\w{1,8} ){0,3}down|missed|ran out|vomit\w{0,4}|forgot\w{0,3}|addison\w{0,2}|adrenal|quit|without|lost my|stomach (?:flu|bug|virus)|diarrh\w{2,4}|gastro\w{0,9}|infection|fever|came off|throw\w{0,3}|sick",
    "weak": r"weak\w{0,4}|exhaust\w{1,3}|faint\w{0,3}|dizz\w{1,4}|collaps\w{1,3}|can't (?:stand|get up|get out)|drows\w{1,4}|confus\w{1,4}|low blood pressure|fever\w{0,3}|shak\w{1,3}|light-?headed|limp|no strength|tired\w{0,4}|worn out|wiped out|drained|washed out|fatigue\w{0,1}|wrecked|shattered|flu",
    "calf": near(
        r"calf|calves|leg|thigh|shin",
        r"swoll?\w{1,4}|swell\w{0,3}|bigger|red|pain\w{0,3}|ach\w{1,3}|sore|hurt\w{0,3}|tender|clot|cramp\w{0,3}|tight|fatter",
        25,
    )
    + r"|dvt|deep vein",
    "clot_risk": r"flight(?!s? of)|flew|plane|long (?:drive|journey|haul|bus|car)|surgery|operation|operated|hip replac\w{1,5}|knee replac\w{1,5}|c-?section|caesarean|bed ?rest|in a cast|leg in plaster|plaster cast|bedridden|\bpill\b|contracepti\w{1,3}|hormone (?:therapy|tablets|replacement)|hrt|clot|gave birth|postpartum|had (?:my|a) baby|pregnan\w{1,4}|cancer|broke my leg|\bcast\b|broke (?:my|his|her)|ankle|(?:wore|in|wearing) a (?:boot|brace)",
    "pleuritic": r"(?:when|as|every time|each time|if) (?:i|he|she) (?:take a (?:deep )?breath|breathe?s? in|breathe?s?|inhale?s?|coughs?)|with (?:every|each) (?:deep )?breath|breathing in|on breathing|deep breath|stabb\w{1,4}|sharp",
    "cough_blood": near(r"cough\w{0,3}|spit\w{0,4}|phlegm|sputum|spat", r"blood\w{0,2}|red|pink|clots?", 25)
    + r"|hemoptysis|haemoptysis",
    "froth": r"froth\w{0,2}|pink (?:sputum|foam|phlegm)|bubbl\w{1,4}|can't lie (?:flat|down)|sit (?:bolt )?upright|drown\w{1,4}",
    "not_breathing": r"(?:not|isn't|n't|stopped|no longer|barely|hardly|has stopped) breath(?:e|es|ed|ing|in)\b|no (?:pulse|heartbeat|breath)\b|cardiac arrest|no signs? of life|stopped his heart|heart (?:has )?stopped",
    "attack_now": r"(?:i'm|i am|he is|he's|she is|she's|(?:dad|mum|mom|father|mother|husband|wife|grandma|grandpa|brother|sister|friend) is|i think i'm|might be|may be|could be|am i) having (?:a|an) (?:heart attack|stroke|asthma attack|anaphyla\w{3,5}|allergic reaction|miscarriage)|(?:is|am|are) in (?:septic )?shock|having a heart attack|just had a (?:stroke|heart attack|mini.?stroke)|goes? into anaphyla\w{3,5}",
    "heat_source": r"in the (?:heat|sun|hot)|heat ?wave|heat ?stroke|sauna|hot (?:car|day|weather|kitchen|attic)|marathon|outdoors|4[0-3] ?degrees|under the sun|locked in the car|4[1-3](?:\.\d)? ?(?:°|c\b|degrees)?|running in",
    "heat_sign": r"confus\w{1,4}|stopped sweating|not sweating|no longer sweating|dry skin|collaps\w{1,3}|unconscious|faint\w{0,3}|stagger\w{0,3}|seiz\w{2,4}|talk\w{0,3} nonsense|burning hot|passed out|rambl\w{1,4}|vomit\w{0,4}|delirious|incoherent|won't wake|floppy|disorient\w{1,5}",
    "drool": r"drool\w{0,3}|dribbl\w{1,4}|(?:can't|cannot|unable to|couldn't|won't) (?:even )?swallow\w{0,3}|too painful to swallow|saliva|spit out",
    "stridor": r"stridor|(?:harsh|high.?pitched|whistl\w{1,4}|rasping|noisy|crowing|squeak\w{1,3}|loud)\b[^.!?;]{0,20}\b(?:noise|sound|breath\w{0,3})|noise (?:when|as|every)|noisy breath\w{0,3}|muffled|hot potato|leans? forward|voice (?:is |has |sounds )|can't open (?:my|his|her) mouth|lockjaw|jaw (?:is |has )?locked",
    "limb_cold": near(
        r"leg|foot|arm|hand|toes?|fingers?|limb", r"cold|white|pale|blue|ice|icy|marble|no pulse|waxy", 30
    ),
    "rapid_spread": r"spread\w{0,3}|grow\w{0,3} by the hour|getting bigger by|creeping|track\w{0,3} up|red (?:line|streak)s?|out of proportion|turn\w{0,3} (?:purple|black|grey|dusky)|black patch\w{0,2}|crackl\w{1,4}|purple",
    "red_skin": r"red\w{0,4}|cellulitis|infect\w{1,4}|wound|swell\w{0,3}|swollen|skin|cut|graze|abscess",
    "joint": near(
        r"knee|joint|hip|ankle|elbow|wrist|shoulder",
        r"hot|red|swollen|can't (?:bend|move|put)|agony|unbearable|won't walk|refuses to (?:walk|move)|won't put weight",
        30,
    ),
    "cancer": r"cancer|tumou?r|metasta\w{1,4}|myeloma|lymphoma|prostate",
    "erection": r"(?:erection|penis|priapism)\b[^.!?;]{0,35}\b(?:hours|won't go|hasn't gone|painful|stuck|black|trapped)|priapism",
    "dialysis": r"dialysis|kidney failure|potassium",
    "withdrawal": r"(?:stopp?\w{0,3}|quit\w{0,4}|without|no|last) (?:\w{1,8} ){0,3}(?:drink\w{0,3}|alcohol|booze|vodka|beer|diazepam|xanax|benzo\w{0,9})|alcoholic|heavy drinker|drinks? (?:a bottle|every day|heavily)|cold turkey|detox\w{0,3}",
    "withdrawal_sign": r"hallucinat\w{1,4}|see\w{0,3} things|insects|spiders|seiz\w{2,4}|fit\b|shak\w{1,3} (?:\w{1,5} ){0,3}(?:confus|sweat|fever)\w{0,4}|confus\w{1,4}|hear\w{0,3} voices|delirium|crawling|bugs|convuls\w{1,4}",
    "jaundice": r"jaundice\w{0,1}|yellow|turned yellow",
    "rabies": r"(?:bitten|bite|bit|scratch\w{0,3}|licked)\b[^.!?;]{0,30}\b(?:bat|stray|monkey|rabid|fox|raccoon|wild|street)\b|(?:stray|bat|monkey|raccoon|fox|street dog)\b[^.!?;]{0,20}\b(?:bit|bitten|scratch\w{0,3})",
    "drowned": r"drown\w{0,3}|pulled (?:\w{1,9} ){0,3}(?:from|out of) the (?:water|pool|bath|pond|sea|lake)|under ?water|inhaled water|fell (?:in|into) the (?:pool|pond|water|bath)",
    "hypothermia": r"hypotherm\w{1,3}|(?:found|lying|outside|out) (?:\w{1,9} ){0,4}(?:in the )?(?:cold|snow|freezing)|stopped shivering|(?:temperature|temp) (?:of |is |was )?(?:2\d|3[0-4])\b",
    "intoxicated": r"(?:drunk|drank|drinking|alcohol|ecstasy|mdma|cocaine|heroin|fentanyl|opioids?|ketamine|spice|ghb|fentanyl patch|methadone|oxycodone)",
    "weak_eyes": r"eyelids? (?:\w{1,6} ){0,2}(?:droop\w{0,3}|heavy|can't|won't)|can't (?:lift|open|keep) (?:\w{1,5} )?eye\w{0,4}|double vision|canned|home.?(?:canned|preserved|bottled)|swallow\w{0,3}",
    "swelling": r"swell\w{0,3}|swollen|spreading|puff\w{1,4}|turn\w{0,3} (?:black|purple|blue)",
}
FEATURES = english(TABLE)
