"""The word lists behind `lexicon`: verbs and how they inflect, words that exchange, words that agree."""

from __future__ import annotations

# Base form: past, participle. Every other verb takes -ed.
IRREGULAR = """
become became become; begin began begun; break broke broken; bring brought brought; build built built; buy
bought bought; catch caught caught; choose chose chosen; come came come; cut cut cut; draw drew drawn;
drive drove driven; eat ate eaten; fall fell fallen; feed fed fed; fight fought fought; find found found;
fly flew flown; forbid forbade forbidden; forget forgot forgotten; get got got; give gave given; go went
gone; grow grew grown; hide hid hidden; hold held held; keep kept kept; know knew known; lead led led;
leave left left; lend lent lent; lose lost lost; make made made; meet met met; pay paid paid; read read
read; rise rose risen; run ran run; say said said; see saw seen; sell sold sold; send sent sent; shoot
shot shot; shut shut shut; sing sang sung; sink sank sunk; spend spent spent; split split split; spread
spread spread; stand stood stood; steal stole stolen; take took taken; teach taught taught; tell told
told; think thought thought; throw threw thrown; wear wore worn; win won won; withdraw withdrew withdrawn;
write wrote written; overthrow overthrew overthrown; undergo underwent undergone; speak spoke spoken
"""

# Verbs whose final consonant is doubled before -ed and -ing.
DOUBLED = frozenset(
    "admit ban commit drop occur permit plan refer rob ship stop submit transfer trap grab expel".split()
)

VERB_EXCHANGES = """
found dissolve; found join; found abolish; establish abolish; establish dissolve; create destroy; create
discover; build demolish; build buy; build design; construct demolish; construct restore; open close; open
shut; join leave; join found; enter leave; enter exit; begin end; begin finish; start end; start finish;
start stop; launch cancel; launch land; arrive depart; arrive leave; come go; rise fall; increase
decrease; increase reduce; grow shrink; gain lose; win lose; win boycott; win host; defeat ally; attack
defend; invade leave; invade liberate; conquer lose; capture release; capture sink; arrest release;
imprison pardon; convict acquit; accept reject; approve reject; approve veto; adopt abandon; adopt oppose;
support oppose; praise criticize; praise condemn; allow forbid; permit ban; legalize ban; legalize outlaw;
include exclude; include lack; add remove; buy sell; buy rent; buy steal; acquire sell; purchase sell;
sell donate; import export; lend borrow; pay receive; give receive; give take; send receive; hire fire;
hire train; appoint dismiss; appoint elect; elect impeach; elect replace; crown depose; promote demote;
marry divorce; marry meet; die retire; die marry; kill rescue; kill wound; save destroy; protect harm;
heal injure; cure cause; cause prevent; prevent encourage; write translate; write publish; write read;
compose perform; compose record; paint sell; paint restore; paint steal; sing write; direct produce;
direct star; produce direct; produce consume; invent sell; invent patent; discover name; discover lose;
find lose; find hide; design build; develop abandon; develop test; release withdraw; release record;
publish burn; publish ban; broadcast cancel; air cancel; premiere end; teach study; teach learn; study
teach; graduate enroll; graduate drop; ask answer; know forget; remember forget; believe doubt; claim
deny; admit deny; confirm deny; agree refuse; offer refuse; invite expel; unite split; unite divide; merge
separate; combine separate; connect isolate; separate join; expand shrink; extend shorten; raise lower;
lift drop; fill empty; lock unlock; hide reveal; reveal hide; heat cool; melt freeze; absorb emit; attract
repel; push pull; throw catch; lead follow; precede follow; replace precede; succeed fail; pass fail; pass
reject; sign reject; sign break; ratify reject; start delay; host win; host visit; visit leave; visit
describe; name rename; call describe; use ban; use replace; use avoid; need avoid; require forbid; contain
lack; serve close; own rent; own lease; own sell; collect delete; collect share; share sell; store delete;
keep delete; live die; move stay; settle leave; flee return; return leave; emigrate return; drive fly; eat
grow; feed starve; spend earn; earn lose; earn donate; borrow repay; fund cancel; vote abstain; fight
surrender; surrender resist; rebel surrender; retreat advance; withdraw advance; arrive travel; destroy
restore; damage repair; break repair; broke mend; cover expose; measure estimate; predict disprove; prove
disprove; explain predict; score miss; play coach; play watch; train compete; perform cancel; record
release; star direct; inspire criticize; influence criticize; influence meet; recognize ignore; award
revoke; receive reject; honor insult; bury exhume; baptize excommunicate; translate write; replace
precede; inherit sell; resign serve; occupy abandon; plan cancel; propose reject; introduce abolish;
introduce withdraw; upgrade remove; connect disconnect; locate relocate
"""

VERB_SYNONYMS = """
found establish; build construct; build erect; start begin; end finish; finish complete; buy purchase; buy
acquire; get receive; get obtain; make create; produce make; invent devise; help assist; use employ; use
utilize; show demonstrate; allow permit; let allow; need require; want desire; choose select; pick choose;
increase grow; reduce decrease; cut reduce; kill murder; attack assault; defeat beat; conquer defeat;
capture seize; seize take; arrest detain; leave depart; arrive come; move relocate; live reside; stay
remain; happen occur; say state; tell inform; claim assert; believe think; call name; name call; marry
wed; publish release; release issue; ban prohibit; forbid prohibit; destroy demolish; ruin destroy; repair
fix; replace substitute; join enter; lead head; hold contain; contain include; comprise include; collect
gather; gather collect; share disclose; keep retain; store keep; protect guard; teach instruct; study
examine; examine inspect; discover find; locate find; write author; pass approve; approve accept; adopt
accept; reject refuse; try attempt; award give; grant give; give provide; provide supply; send transmit;
air broadcast; play perform; star appear; throw toss; raise lift; rise climb; fall drop; explain clarify;
describe portray; award grant; elect vote; appoint designate; hire employ; fire dismiss; resign quit; stop
halt; stop cease; cause trigger; prevent stop; change alter; alter modify; influence affect; translate
render; merge combine; divide split; expel banish
"""

# One set a line: any member may be exchanged for any other, and none stands for another.
WORD_SETS = """
first last second third fourth fifth final
largest smallest oldest newest longest shortest tallest fastest slowest richest poorest highest lowest
biggest smallest oldest youngest
larger smaller older newer
higher lower
greater lesser
best worst
most least fewest
more less fewer
maximum minimum average
early late
earlier later
earliest latest
before after
north south east west
northern southern eastern western central
northeast northwest southeast southwest
left right
upper lower middle
inner outer
internal external
above below
inside outside
old new modern ancient medieval
young old
rich poor
public private
male female
men women children
boys girls
father mother brother sister wife husband son daughter cousin uncle aunt grandfather
sons daughters
born killed married buried educated crowned
birth death marriage education
birthplace hometown grave
king queen emperor prince princess duke pope bishop
president minister governor mayor senator ambassador
army navy police church
war peace
battle treaty siege
victory defeat
winner loser host sponsor
teacher student
professor graduate dean
author editor publisher translator illustrator
director producer actor writer composer
singer drummer guitarist bassist
song album tour video
book film play poem painting
movie novel musical
episode season series
player coach owner captain referee
team league stadium
game tournament practice
goal penalty
doctor patient nurse
cause effect cure symptom treatment
causes effects cures symptoms treatments
advantage disadvantage
advantages disadvantages
benefit drawback risk
benefits drawbacks risks
strength weakness
success failure
profit loss debt revenue
price weight size age
cost profit
income tax rent
salary bonus pension
population area elevation climate density
capital border flag anthem currency
city village county country continent
river lake mountain island desert
language religion cuisine currency
languages religions cuisines
height width depth length weight
temperature pressure speed
distance duration frequency
color shape size smell taste
colour shape
day night
morning evening
summer winter spring autumn
january february march april may june july august september october november december
monday tuesday wednesday thursday friday saturday sunday
daily weekly monthly yearly
day week month year decade century
days weeks months years hours minutes
percent percentage number
name age nationality occupation
nickname surname
title subtitle
beginning end
opening closing
entry exit
origin destination
source target
theory experiment
question answer
law crime
crime punishment
majority minority
supporters opponents
supporter opponent
ally enemy
allies enemies
friend enemy
hero villain
buyer seller
employer employee
employers employees
customer supplier
customers suppliers
parents grandparents children siblings
import export
imports exports
birds fish mammals insects reptiles
dogs cats horses
plant animal
plants animals
iron copper gold silver lead
oxygen hydrogen nitrogen carbon helium
water oil gas
solid liquid
positive negative
hot cold
hard soft
strong weak
heavy light
wet dry
fast slow
safe dangerous
legal illegal
common rare
popular unpopular
primary secondary
major minor
temporary permanent
domestic foreign
urban rural
military civilian
religious secular
political economic cultural social
only other
always never
minimum maximum
one two three four five six seven eight nine ten
twice once
half quarter third
single double
red blue green yellow black white
radio television newspaper
website phone email address
server client
read write
password username
upload download
online offline
catholic protestant orthodox muslim jewish buddhist
christianity islam judaism buddhism hinduism
american british french german italian spanish russian chinese japanese indian dutch polish \
greek turkish canadian
english french german italian spanish russian chinese japanese latin greek arabic portuguese
americans germans italians russians romans greeks
america britain france germany italy spain russia china japan india canada mexico brazil australia \
egypt turkey
europe asia africa australia
london paris berlin rome madrid moscow tokyo beijing vienna
california texas florida virginia ohio georgia alaska oklahoma tennessee
republican democratic
democrats republicans
socialist conservative liberal
"""

WORD_SYNONYMS = """
biggest largest; big large; large great; tiny small; main primary; main chief; major important; famous
well-known; movie film; film movie; tv television; photo picture; kids children; people persons; country
nation; city town; begin start; job occupation; company firm; company corporation; firm company; author
writer; director head; leader head; amount quantity; kind type; type kind; sort type; reason cause; reason
purpose; goal aim; aim purpose; area region; region area; place location; location place; part portion;
method way; way manner; law statute; rule regulation; illness disease; sickness disease; disease illness;
doctor physician; lawyer attorney; war conflict; fight battle; army military; ruler monarch; king monarch;
student pupil; school institution; error mistake; result outcome; effect impact; current present; former
previous; prior previous; initial first; final last; entire whole; approximately about; around about;
nearly almost; often frequently; rapidly quickly; fast quick; old ancient; typical usual; usual common;
rich wealthy; smart intelligent; car automobile; road street; house home; ship vessel; plane aircraft;
money funds; price cost; cost price; info information; data information; title name; term word; role part;
group band; song track; story tale; customers clients; employees workers; user visitor; website site;
internet web; percent percentage; yearly annual; annual yearly; century age; residents inhabitants;
inhabitants residents; border boundary; shore coast
"""
