"""Whether a given name is a woman's or a man's, where that is a fact of the languages it is common in.

Aleksandr and Aleksandra are a letter apart and two people; no slip of a typist makes one of the other. What
both bear (Leslie, Jean, Nikita, Andrea, Sasha) and what nobody here knows has no gender. Small tables of our
own; a short form has the gender of the names that it stands for, if they are of one.
"""

from __future__ import annotations

from onefold.customer.identity.normal.nicknames import full_names
from onefold.customer.identity.normal.sounds import sound
from onefold.kernel.memory import remembered

_WOMEN = """
patricia mary elizabeth margaret catherine katherine kathleen jennifer jessica susan susanna rebecca
deborah barbara dorothy eleanor helen isabella isabel abigail amanda alexandra ann anne anna anita
annabel annabelle christine christina caroline carol charlotte constance cynthia diana diane emily emma
esther florence georgina gertrude gwendolyn harriet henrietta jacqueline jane janet janice jill josephine
joanna joan joyce judith julia juliet karen karin katrina laura lillian linda lisa louise lucille lucinda
lucy madeline marsha martha matilda melissa melanie michelle mildred miriam nancy natalie nicole nora
olivia pamela penelope philippa phyllis priscilla rachel roberta rosalind rosemary rose ruth samantha
sandra sarah sara sharon sheila shirley sonia stephanie sophia sylvia tabitha tanya tina valerie vanessa
vera veronica victoria virginia wilhelmina winifred yvonne zoe felicity gabrielle kimberly marjorie
josefa dolores concepcion mercedes alejandra teresa pilar antonella elisabetta caterina alessandra
katharina elisabeth margarete franziska francesca daniela claudia monica silvia paola paula martina
angelina angela antonia antoinette bernadette brigitte ingrid ursula petra monika magdalena agnieszka
małgorzata ewa krystyna александра анастасия анна антонина валентина валерия василиса вера вероника
виктория владислава галина дарья диана евгения екатерина елена елизавета зинаида зоя инна ирина карина
кира клавдия кристина ксения лариса лидия любовь людмила маргарита марина мария надежда наталья наталия
нина оксана олеся ольга полина раиса светлана софия софья станислава тамара татьяна ульяна юлия яна
ярослава катерина марія ганна тетяна олена gulnora gulnoza kamola malika nargiza nigora nodira zulfiya
feruza lola dildora dilnoza madina munira saodat barno zamira zarina aziza umida nilufar shahnoza асель
айгуль алия гульнара динара жанна сауле айжан lakshmi anjali priyanka aishwarya kavita meenakshi nandini
padmavathi parvati radhika saraswati savitri sunita swati pooja neha rekha fatima khadija aisha zainab
maryam mariam leila layla
"""
_MEN = """
patrick robert william richard edward edmund theodore james john jonathan joseph charles thomas michael
david daniel matthew andrew anthony christopher nicholas benjamin alexander samuel peter philip phillip
gregory jeffrey geoffrey stephen steven kenneth ronald donald raymond lawrence leonard timothy frederick
alfred albert harold henry franklin walter arthur vincent gerald gerard jeremy jerome zachary nathaniel
nathan jacob joshua dominic maximilian maxwell oliver louis luis bernard douglas duncan eugene ernest
gilbert hubert isaac mark martin maurice norman oscar percival ralph reginald roger rudolph russell
stanley tobias victor wilfred archibald augustus bartholomew benedict bertram bradley calvin clifford
clinton cornelius curtis dennis desmond edgar edwin elijah emmanuel ezekiel george gordon herbert howard
hugh jeremiah keith kevin lester malcolm marcus marvin melvin mitchell mortimer neil nigel paul randall
randolph roderick rodney scott sebastian simon solomon spencer stuart thaddeus trevor vernon wallace
wesley brian carl craig eric frank gary ian ivan jim jack francisco ignacio enrique eduardo alejandro
antonio manuel guillermo roberto alberto rafael fernando giovanni giuseppe luigi francesco salvatore
vincenzo lorenzo domenico alessandro federico riccardo joão joaquim johannes johann joachim heinrich
friedrich wilhelm matthias stefan josef ludwig georg ulrich wolfgang rudolf karl konrad jacobus pieter
hendrik gerardus antonius petrus anders lars nils carlos pablo pedro miguel juan paolo pietro marco mario
stanisław paweł krzysztof tomasz wojciech александр алексей анатолий андрей антон аркадий артём артур
борис вадим валентин валерий василий виктор виталий владимир владислав вячеслав геннадий георгий глеб
григорий денис дмитрий евгений егор захар иван игорь иннокентий кирилл константин леонид максим матвей
михаил николай олег павел пётр роман руслан семён сергей станислав степан тимофей фёдор эдуард юлий юрий
яков ярослав олександр олексій андрій михайло василь дмитро юрій павло петро євген володимир микола
abdulla alisher baxtiyor bahodir bekzod dilshod farrux islom jahongir jasur muhammad oybek rustam sanjar
shavkat sherzod ulugbek aziz botir davron ravshan shuhrat timur нурсултан бауыржан ержан данияр ерлан
нурлан rajesh rajendra rajiv surendra suresh mahendra ramesh venkatesh srinivas krishnan siddharth
abhishek ashok deepak dinesh ganesh gopal harish mohan mukesh narendra pradeep prakash sanjay sandeep
vijay vikram vishal vivek yogesh amit anil sunil arjun mohammed ibrahim mustafa mehmet yusuf abdullah
ahmed suleyman hüseyin hassan omar ali khalid
"""


def _skeletons(names: str) -> frozenset[str]:
    return frozenset(sound(it).skeleton for it in names.split())


_FEMALE = _skeletons(_WOMEN) - _skeletons(_MEN)
_MALE = _skeletons(_MEN) - _skeletons(_WOMEN)


@remembered(65_536)
def gender_of_name(skeleton: str) -> str:
    """`female` or `male` by the skeleton of a given name, else nothing."""
    known = _of(skeleton)
    found = {known} if known else {_of(it) for it in full_names(skeleton)}
    return found.pop() if len(found) == 1 else ""


def _of(skeleton: str) -> str:
    return "female" if skeleton in _FEMALE else "male" if skeleton in _MALE else ""
