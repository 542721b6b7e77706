"""Words that look like names and are none: eponyms of medicine, states and countries, words that follow a label.

Written for this project; words of medicine come from rag/tables. Decides nothing.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Callable
from pathlib import Path

from rag.records.deid.fold import plain

EPONYMS = frozenset("""
addison adson alport alzheimer apgar arnold chiari asperger babinski baker barrett barthel bartholin bartter basedow beck becker behcet bell bence
bernard billroth blalock taussig boerhaave bouchard bowen bowman braden bright broca brodie bruce brudzinski brugada buerger burkitt burch caldwell castleman charcot cheyne
stokes chvostek cobb colles cooley coombs cooper courvoisier creutzfeldt jakob crohn cullen cushing dandy darier dercum devic dix hallpike doppler down
dupuytren duchenne dubin ebstein edwards ehlers danlos eisenmenger epley epstein barr eustachian ewing fabry fallot fallopian fanconi felty finkelstein fisher
fitz foley fowler fournier friedreich gardner gaucher gilbert glasgow gleason goodpasture gram graves grawitz guillain barre guyon hamman hansen hartmann hashimoto
haversian heberden heimlich henoch hickman hirschsprung hodgkin hoffman hoffmann holter homan homans horner huntington hutchinson jacksonian jaeger janeway kallmann kaposi kawasaki
kegel kernig kerley klinefelter klebsiella koch kocher koplik korsakoff kussmaul lachman lasegue legg lewy lhermitte lisfranc listeria lou gehrig luer lyme maddox
mallory weiss mantoux marfan mcburney mcmurray meckel meniere merkel mohs moro morton murphy neer nissen osler osgood schlatter paget pancoast papanicolaou pap
parkinson parkinsonian peyronie pfannenstiel phalen pott prader willi prinzmetal quincke raynaud ramsay hunt reiter reye rinne romberg rorschach roux rovsing salmonella salter
schirmer schwann sengstaken sertoli shigella sheehan sims sjogren snellen spurling stevens johnson still sturge weber swan ganz sydenham takayasu tanner tay sachs tinel
tietze tourette trendelenburg trousseau turner valsalva vincent virchow waldenstrom wallenberg weber wegener wernicke whipple willebrand wilms wilson wolff parkinson white
yersinia zenker zollinger ellison bishop ballard bohler boyle bruns burnett cantlie carpenter charnley child pugh clark cloward coats cronkhite dieulafoy drummond fick fontan frank
starling galeazzi gerota gertrude gilles hawkins hemovac hesselbach hill sachs jones jackson pratt penrose kirschner kleihauer klatskin kuntscher ladd langerhans lemierre lugol lund mackay marshall martin
mayo medrol monro kellie mueller naegele nash netter nikolsky ogilvie ortolani patrick faber peyer poland polya purkinje ranson rathke richter robinson rokitansky russell schatzki schilling scott sister mary
seldinger shiley smith steinman stokes sudeck thomas thompson todd treitz unna wada wells widal yergason mirena tylenol st jude
""".split())  # fmt: skip
# What an eponym stands before.
NOUNS = frozenset("""
disease diseases syndrome sign signs test maneuver manoeuvre palsy cyst catheter lymphoma contracture phenomenon score scale criteria operation procedure fracture esophagus oesophagus ring node nodes nodule
nodules tumor tumour sarcoma reflex index law stain tube forceps position monitor drain chorea ataxia dystrophy anomaly malformation tetralogy disorder psychosis encephalopathy dementia body bodies
duct gland canal classification respirations respiration breathing thyroiditis sinus hernia pouch diverticulum triad lesion sarcoma granulomatosis arteritis exercise exercises brace splint pin
wire clamp retractor incision approach repair fundoplication graft line port shunt valve graft coma stage grade stages staging line exam smear virus cell cells layer
lavage angle deformity dressing boot stockings traction agar solution ringer lactate clinic factor point spots spot ulcer paralysis murmur law block arthropathy joint joints
""".split())  # fmt: skip
STATES = frozenset(s.strip() for s in """
alabama, alaska, arizona, arkansas, california, colorado, connecticut, delaware, florida, georgia, hawaii, idaho, illinois, indiana, iowa, kansas, kentucky, louisiana, maine, maryland, massachusetts,
michigan, minnesota, mississippi, missouri, montana, nebraska, nevada, new hampshire, new jersey, new mexico, new york, north carolina, north dakota, ohio, oklahoma, oregon, pennsylvania, rhode island,
south carolina, south dakota, tennessee, texas, utah, vermont, virginia, washington, west virginia, wisconsin, wyoming, usa, us, america, united states, canada, mexico, england, scotland, wales, ireland,
uk, united kingdom, britain, france, germany, italy, spain, portugal, netherlands, belgium, switzerland, austria, sweden, norway, denmark, finland, iceland, poland, russia, ukraine, greece, turkey, iran, iraq, israel,
egypt, morocco, algeria, nigeria, ghana, kenya, ethiopia, somalia, sudan, uganda, tanzania, south africa, zimbabwe, india, pakistan, bangladesh, nepal, sri lanka, china, taiwan, hong kong, japan, korea, south korea,
vietnam, thailand, cambodia, laos, philippines, indonesia, malaysia, singapore, australia, new zealand, brazil, argentina, chile, peru, colombia, venezuela, ecuador, bolivia, cuba, haiti, jamaica, puerto rico,
guatemala, honduras, el salvador, nicaragua, panama, costa rica, dominican republic, afghanistan, saudi arabia, syria, lebanon, jordan, africa, asia, europe, greenland, croatia, slovenia, hungary, romania, bulgaria, serbia
""".replace("\n", " ").split(","))  # fmt: skip
# Words of every day that stand where a name might.
STOP = frozenset("""
a about above after again agreed ago all also am an and any are as at be been before being but by called came can chart clinic comfortable complains continue continued could daily day denied denies did discharge discharged do does doing
dr each exam examined feels felt female few first follow followed for from general good had has have he her here hi his history home hospital how i if in is it its just left lives man male may me mom more mr mrs ms
my next no none normal not note noted now number of office old on one or other our out over pain patient patients per phone presented presents pt ready reason received recommended regarding reported reports review right said saw says seems
seen she should since so some son started stated states still stop that the their them then there they this time to today told took treated two unknown up us use visit visits wants was we week well were what when
where which who will with woman would x y yes you your yesterday years date medical record name names doctor nurse physician mother father daughter wife husband sister brother please thanks thank okay ok history diagnosis
medications allergies assessment plan social family past surgical chief complaint examination vital signs constitutional cardiovascular respiratory neurological musculoskeletal skin abdomen chest lungs heart
neck extremities head eyes ears nose throat results impression procedure findings labs imaging return instructions gentleman lady person provider primary care emergency department service team group center
caucasian hispanic american african asian european vietnamese chinese japanese korean mexican indian latino latina filipino united guest agreements pager acct dictated electronically correctional english spanish french german italian
ssn dob mrn npi vin dea fax username thumbprint fingerprint nope yep yeah hello bye hmm pharmacy license licence plate visa sample claim attends spends chemo bachelor master orthopedics pediatrics god internet english tuesday monday wednesday thursday friday saturday sunday
thai kenyan greek canadian czech dutch danish swedish norwegian finnish polish russian turkish iranian iraqi israeli egyptian nigerian ghanaian ethiopian somali pakistani bangladeshi nepali indonesian malaysian
australian brazilian argentine chilean peruvian colombian cuban haitian jamaican ukrainian romanian hungarian portuguese swiss austrian belgian irish scottish welsh british arab arabic jewish muslim hindu buddhist catholic christian baptist
punjabi urdu bengali tagalog mandarin cantonese swahili creole frenchwoman frenchman
pending reviewed available stable alert oriented known used given done made taken negative positive n/a na not mild severe acute chronic and/or mg ml tablet
""".split())  # fmt: skip
# Dotted capitals that are no initials.
DOTTED = frozenset("us usa uk po iv im sc or er ed icu md do rn np pa dds phd bid tid qid prn hs ac pc am pm gi gu ct mri ekg ecg hiv tb uti pt ot ent gp ob gyn obgyn jr sr st no vs ie eg etc dc hn cn bm bp hr rr cc id".split())  # fmt: skip


@functools.cache
def drugs() -> frozenset[str]:
    """Words of drugs' names, brands and others, lower case: capital words that no one is called by."""
    return _words("brands.tsv", columns=2) | _words("drugs.tsv", columns=1)


@functools.cache
def terms() -> frozenset[str]:
    """Words of medicine, lower case: drugs, and what the tables of terms hold."""
    return drugs() | _words("lay.tsv", columns=2) | _words("english-chinese.tsv", columns=1)


def unheard(word: str, level: Callable[[str], int]) -> bool:
    """Whether no medical prose has the word in lower case (`Tagger.level`), and it is neither an eponym nor a term nor
    a state: where a name may stand, it is one."""
    low = plain(word)
    common = low in STOP or low in EPONYMS or low in STATES or low in terms()
    return len(word) > 2 and word.isalpha() and not common and not level(word)


def _words(table: str, *, columns: int) -> frozenset[str]:
    rows = (Path(__file__).parents[2] / "tables" / table).read_text("utf-8").splitlines()
    cells = (" ".join(row.split("\t")[:columns]) for row in rows if row[:1] != "#")
    return frozenset(w for cell in cells for w in re.findall(r"[a-z]{3,}", cell.lower()))
