"""Short and pet names, and what they stand for: facts of languages, as small tables of our own.

A short form may stand for several names (Sasha is Aleksandr or Aleksandra), and that is no reason to take
those for one another: two names agree here when one is short for the other, or both are short for the
same.
"""

from __future__ import annotations

from collections import defaultdict
from functools import cache

from onefold.customer.identity.normal.sounds import sound

_ENGLISH = """
robert:rob,bob,bobby,robbie,bert william:will,bill,billy,willy,liam richard:rick,dick,rich,ricky,richie
edward:ed,eddie,ted,ned,teddy edmund:ed,eddie,ted theodore:ted,theo,teddy james:jim,jimmy,jamie,jem
john:jack,johnny,jon jonathan:jon,jonny,nathan joseph:joe,joey charles:charlie,chuck,chas,chaz
thomas:tom,tommy michael:mike,mick,mickey,mikey david:dave,davy daniel:dan,danny matthew:matt,matty
andrew:andy,drew anthony:tony,ant christopher:chris,kit,topher christian:chris nicholas:nick,nicky,nico
benjamin:ben,benny,benji alexander:alex,al,sandy,xander,alec,lex samuel:sam,sammy samantha:sam,sammy
patrick:pat,paddy,rick patricia:pat,patty,tricia,trish,patsy peter:pete philip:phil,pip gregory:greg
jeffrey:jeff,geoff geoffrey:jeff,geoff stephen:steve,stevie steven:steve,stevie kenneth:ken,kenny
ronald:ron,ronnie donald:don,donnie raymond:ray lawrence:larry,laurie,lars leonard:len,lenny,leo
timothy:tim,timmy frederick:fred,freddie,fritz alfred:alf,fred,alfie albert:al,bert,albie harold:harry,hal
henry:harry,hal,hank francis:frank,fran franklin:frank frances:fran,frannie,fanny walter:walt,wally
arthur:art,artie vincent:vince,vinny gerald:gerry,jerry gerard:gerry,jerry jeremy:jerry,jem jerome:jerry
zachary:zach,zack nathaniel:nat,nate,nathan nathan:nat,nate jacob:jake,jay joshua:josh dominic:dom,nick
maximilian:max maxwell:max oliver:ollie,noll louis:lou,louie bernard:bernie,barney douglas:doug
duncan:dunc eugene:gene ernest:ernie gilbert:gil,bert hubert:hugh,bert isaac:ike,zac leslie:les
martin:marty maurice:morris,mo norman:norm oscar:ossie percival:percy ralph:ralphie reginald:reg,reggie
roger:rog rudolph:rudy,rolf russell:russ sidney:sid stanley:stan terence:terry,tel
theresa:terry,tess,tessa,tracy tobias:toby victor:vic victoria:vicky,vic,tori wilfred:wilf,fred
elizabeth:liz,beth,betty,eliza,lisa,bess,libby,lizzie,elsie,betsy
margaret:maggie,meg,peggy,madge,greta,marge,daisy,rita mary:molly,polly,mamie,may
catherine:kate,cathy,cat,katie,kitty,kay katherine:kate,kathy,katie,kit,kitty,kay
kathleen:kath,kathy,kate,katie jennifer:jen,jenny,jenna jessica:jess,jessie susan:sue,susie,suzy
susanna:sue,susie,sanna rebecca:becky,becca,reba deborah:deb,debbie,debra barbara:barb,babs,barbie
dorothy:dot,dolly,dotty,dora eleanor:ellie,nell,nora,elly helen:nell,ellen,lena isabella:bella,izzy,belle
isabel:bella,izzy,belle abigail:abby,gail amanda:mandy alexandra:alex,sandra,sandy,lexi,alexa
ann:annie,nan,nancy anne:annie,nan,nancy anna:annie,nan christine:chris,tina,chrissy
christina:tina,chris,chrissy caroline:carrie,caro,lynn charlotte:lottie,charlie,lotte constance:connie
cynthia:cindy diana:di emily:em,emmy,millie emma:em,emmy esther:essie,hettie evelyn:eve,evie
florence:flo,flossie georgina:georgie,gina gertrude:gertie,trudy gwendolyn:gwen harriet:hattie
henrietta:hetty,etta jacqueline:jackie jane:jenny,janie janet:jan josephine:jo,josie joanna:jo,joan
judith:judy julia:julie,jules lillian:lily,lil louise:lou,lulu lucille:lucy madeline:maddie,lena
matilda:tilly,mattie,maud melissa:mel,lissa melanie:mel michelle:shelly,mickey mildred:millie miriam:mimi
natalie:nat,nattie nicola:nicky nicole:nicky,cole olivia:liv,ollie,livvy pamela:pam penelope:penny
philippa:pippa,pip prudence:prue rachel:rae,shelly roberta:bobbie,robbie rosemary:rose,rosie
sarah:sally,sadie stephanie:steph,stevie sophia:sophie sylvia:syl tabitha:tabby valerie:val
veronica:ronnie,vera virginia:ginny,ginger vivian:viv wilhelmina:mina,minnie,wilma
winifred:win,winnie,freda yvonne:vonnie
archibald:archie augustus:gus bartholomew:bart benedict:ben bertram:bert,bertie bradley:brad calvin:cal
cameron:cam clifford:cliff clinton:clint cornelius:neil,connie curtis:curt dennis:denny desmond:des edgar:ed
edwin:ed,eddie elijah:eli emmanuel:manny ezekiel:zeke felicity:fliss gabrielle:gabby gordon:gord
herbert:herb,bert howard:howie jeremiah:jerry kimberly:kim lester:les lucinda:lucy,cindy malcolm:mal
marcus:marc marjorie:marge marvin:marv melvin:mel mitchell:mitch montgomery:monty mortimer:mort phillip:phil
priscilla:cilla randall:randy randolph:randy roderick:rod rodney:rod rosalind:roz sebastian:seb
sheldon:shelly sidney:syd solomon:sol spencer:spence thaddeus:thad tyler:ty vernon:vern wallace:wally
wesley:wes
"""
_RUSSIAN = """
александр:саша,саня,шура,алекс,санёк,сашка александра:саша,шура,саня,аля алексей:лёша,алёша,лёха
анастасия:настя,ася,стася анатолий:толя,толик андрей:андрюша,дрон анна:аня,анюта,нюра,нюша
антон:тоша,антоша антонина:тоня аркадий:аркаша артём:тёма артур:артурик борис:боря вадим:вадик,дима
валентин:валя,валик валентина:валя валерий:валера валерия:лера василий:вася вера:верочка,веруня
вероника:ника виктор:витя виктория:вика,тори виталий:виталик,виталя владимир:вова,володя,вовка
владислав:влад,слава владислава:влада вячеслав:слава галина:галя геннадий:гена георгий:гоша,жора,гога,юра
глеб:глебушка григорий:гриша дарья:даша денис:дениска,дэн дмитрий:дима,митя,димон евгений:женя
евгения:женя екатерина:катя,катюша елена:лена,алёна,леночка елизавета:лиза захар:захарка зинаида:зина
зоя:зойка иван:ваня,ванюша игорь:гоша,игорёк илья:илюша иннокентий:кеша ирина:ира,ириша кирилл:кирюша
клавдия:клава константин:костя ксения:ксюша,оксана лариса:лара,лора леонид:лёня лидия:лида любовь:люба
людмила:люда,мила,люся маргарита:рита,марго марина:мариша мария:маша,маруся,маня,муся максим:макс
михаил:миша надежда:надя наталья:наташа,ната наталия:наташа,ната никита:ник,никитка николай:коля
нина:нинуля оксана:ксюша,ксана олег:олежка ольга:оля павел:паша пётр:петя полина:поля,полли раиса:рая
роман:рома руслан:русик светлана:света,лана семён:сёма сергей:серёжа,серёга,серж софия:соня,софа
софья:соня,софа станислав:стас,слава степан:стёпа тамара:тома татьяна:таня тимофей:тима фёдор:федя
эдуард:эдик юлия:юля юрий:юра яков:яша ярослав:слава,ярик
"""
_UKRAINIAN = """
олександр:сашко,сашко,лесь олексій:олекса,льоша андрій:андрійко михайло:мишко,михась іван:івась,ванько
василь:василько григорій:грицько дмитро:дмитрик,діма катерина:катруся,катя марія:маруся,марійка
ганна:ганнуся,галя оксана:ксеня юрій:юрко павло:павлик петро:петрик тетяна:таня наталія:наталка,ната
олена:оленка,лена євген:женя володимир:володя,вова микола:коля
"""
_CENTRAL_ASIAN = """
abdulla:abdu alisher:ali,lisher baxtiyor:baxti,boxa bahodir:baha bekzod:bek dilshod:dilik
farrux:faruh,farik gulnora:gulya,gulnor gulnoza:gulya islom:islomjon jahongir:jaha,jahon jasur:jas
kamola:kamol malika:mali muhammad:muha nargiza:nargiz nigora:niga nodira:nodi oybek:oy rustam:rus,rustik
sanjar:sanj shavkat:shava sherzod:sher ulugbek:ulug zulfiya:zulya feruza:fera lola:lolaxon dildora:dilya
dilnoza:dilya,dili нурсултан:нурик,султан асель:аселька айгуль:айка,гуля алия:аля бауыржан:баур ержан:ерж
гульнара:гуля,гульнар данияр:дан динара:дина
"""
_INDIAN = """
rajesh:raju,raj rajendra:raju,raj,rajen rajiv:raju surendra:suren suresh:suri mahendra:mahen,mahi
ramesh:ramu venkatesh:venkat,venky venkataraman:venkat srinivas:srini,vasu krishnan:krish
krishna:krish,kanha lakshmi:laxmi,lucky subramaniam:mani,subbu balasubramaniam:bala siddharth:sid,sidhu
abhishek:abhi aditya:adi anjali:anju ashok:ashu deepak:deepu dinesh:dinu ganesh:ganu gopal:gopi
harish:hari jagdish:jaggu manish:manu mohan:mohu mukesh:mukku narendra:naren,nari pradeep:pradip
prakash:pakya priyanka:priya sanjay:sanju sandeep:sandy santosh:santu satish:satya vijay:viju
vikram:vicky,viki vishal:vishu vivek:vicky yogesh:yogi aishwarya:aish,aishu kavita:kavi
meenakshi:meena,minu nandini:nandu padmavathi:padma parvati:paro radhika:radha saraswati:saras
savitri:savi sunita:suni swati:swa
"""
_ROMANCE = """
jose:pepe,chepe josefa:pepa francisco:paco,pancho,kiko,fran ignacio:nacho guadalupe:lupe,lupita
maria:mari,maruja dolores:lola rosario:charo,chayo concepcion:concha,conchita mercedes:merche
enrique:quique,kike eduardo:edu,lalo alejandro:alex,ale,jandro alejandra:ale,sandra
antonio:tonio,tono,toni manuel:manolo,manu,manny jesus:chuy,chus luis:lucho guillermo:memo,guille
roberto:beto,tito alberto:beto,tito rafael:rafa fernando:nando,fer gabriel:gabi isabel:isa,chabela
consuelo:chelo teresa:tere,maite pilar:pili giovanni:gianni,nanni giuseppe:beppe,peppe,pino luigi:gigi
francesco:franco,ciccio,checco antonella:nella salvatore:totò,turi vincenzo:enzo,vince lorenzo:renzo,enzo
domenico:mimmo,nico elisabetta:betta,lisa caterina:rina,cate alessandro:sandro,ale alessandra:sandra,ale
federico:fede,rico riccardo:ricky,rico joao:joca joaquim:quim,quinho josé:zé antónio:tó,toninho
"""
_GERMANIC = """
johannes:hans,hannes,jan,jo johann:hans,hannes joachim:jochen,achim heinrich:heinz,heiner,hinrich
friedrich:fritz,fred,frieder wilhelm:willi,helm,wim katharina:kathi,käthe,tina,katja
elisabeth:lisa,elli,sissi,liesel,else margarete:grete,gretel,rita maximilian:max,maxi
sebastian:basti,bastian alexander:alex,sascha andreas:andi michael:michi,michel matthias:matze,hias
thomas:tom stefan:steff,stef christian:chris franziska:franzi josef:sepp,jupp,pepi ludwig:lutz,luis
georg:jörg,schorsch ulrich:uli,ulli wolfgang:wolf rudolf:rudi karl:kalle konrad:kurt cornelis:kees,cor
jacobus:jaap,koos,ko pieter:piet hendrik:henk,rik gerardus:gerard,gerrit antonius:toon,ton,anton
petrus:piet,peter wilhelmina:mien,willemijn anders:anda lars:lasse nils:nisse
"""
_ARABIC_TURKIC = """
mohammed:mo,hamada muhammad:mo,hamada ibrahim:brahim,ibo,bob mustafa:musti,safa mehmet:memo,mete
yusuf:joe,yusef abdullah:abood,abdul ahmed:hamada,hamoudi fatima:fatma,fati,fatoum khadija:khadi
aysha:ayşe,aish suleyman:sulo hüseyin:hüso
"""


@cache
def _short_for() -> dict[str, frozenset[str]]:
    """Skeleton → skeletons of the names that it stands for, itself among them where it is a full name."""
    found: dict[str, set[str]] = defaultdict(set)
    for table in (
        _ENGLISH, _RUSSIAN, _UKRAINIAN, _CENTRAL_ASIAN, _INDIAN, _ROMANCE, _GERMANIC, _ARABIC_TURKIC,
    ):  # fmt: skip
        for entry in table.split():
            name, _, shorts = entry.partition(":")
            full = sound(name).skeleton
            found[full].add(full)
            for short in shorts.split(","):
                found[sound(short).skeleton].add(full)
    return {short: frozenset(names) for short, names in found.items()}


@cache
def _initials() -> dict[str, frozenset[str]]:
    """Skeleton of a full name → the letters that it and its short forms begin with."""
    found: dict[str, set[str]] = defaultdict(set)
    for short, names in _short_for().items():
        for name in names:
            found[name].add(short[0])
    return {name: frozenset(letters) for name, letters in found.items()}


_NONE: frozenset[str] = frozenset()


def full_names(skeleton: str) -> frozenset[str]:
    """Skeletons of the names that a name is short for; itself where it is a full name; none if unknown."""
    known = _short_for()
    # Peggie is Peggy.
    return known.get(skeleton) or known.get(
        skeleton.removesuffix("e") if skeleton.endswith("ie") else "", _NONE
    )


def short_for_one_name(one: str, other: str) -> bool:
    """Whether one skeleton is short for the other, or both for the same name; symmetric."""
    return not full_names(one).isdisjoint(full_names(other))


def may_begin(initial: str, skeleton: str) -> bool:
    """Whether a letter can stand for a name: B. for Robert, who is Bob, and R. for Bob, who is Robert."""
    known = _initials()
    return skeleton.startswith(initial) or any(initial in known.get(it, _NONE) for it in full_names(skeleton))
