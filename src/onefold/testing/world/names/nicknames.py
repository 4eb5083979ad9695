"""Short forms people use for themselves and each other, by culture; several are shared by different names."""

from __future__ import annotations

_RUSSIAN = """
Александр:Саша,Саня,Шура Александра:Саша,Шура Алексей:Лёша,Алёша Анастасия:Настя Анатолий:Толя
Андрей:Андрюша Анна:Аня Антон:Антоша Борис:Боря Валентин:Валя Валентина:Валя Валерий:Валера Василий:Вася
Вера:Верочка Вероника:Ника Виктор:Витя Виктория:Вика Виталий:Виталик Владимир:Вова,Володя Вячеслав:Слава
Галина:Галя Геннадий:Гена Георгий:Гоша,Жора Григорий:Гриша Дарья:Даша Денис:Дэн Дмитрий:Дима,Митя
Евгений:Женя Евгения:Женя Екатерина:Катя Елена:Лена Елизавета:Лиза Иван:Ваня Игорь:Игорёк Илья:Илюша
Ирина:Ира Кирилл:Кирюша Константин:Костя Ксения:Ксюша Лариса:Лара Леонид:Лёня Людмила:Люда,Мила Любовь:Люба
Максим:Макс Маргарита:Рита Марина:Мариша Мария:Маша Михаил:Миша Надежда:Надя Наталья:Наташа Никита:Ник
Николай:Коля Оксана:Ксюша Олег:Олежка Ольга:Оля Павел:Паша Пётр:Петя Полина:Поля Роман:Рома Светлана:Света
Семён:Сёма Сергей:Серёжа Софья:Соня Станислав:Стас,Слава Степан:Стёпа Тамара:Тома Татьяна:Таня Тимофей:Тима
Фёдор:Федя Эдуард:Эдик Юлия:Юля Юрий:Юра Ярослав:Слава
"""

_ENGLISH = """
Alexander:Alex,Sandy Andrew:Andy,Drew Anthony:Tony Benjamin:Ben Charles:Charlie,Chuck Christopher:Chris
Daniel:Dan,Danny David:Dave Edward:Ed,Ted Gregory:Greg Henry:Harry,Hal Jack:Jackie Jacob:Jake
James:Jim,Jimmy Jeffrey:Jeff John:Jack,Johnny Jonathan:Jon Joseph:Joe Kenneth:Ken Lawrence:Larry
Matthew:Matt Michael:Mike,Mick Nicholas:Nick Patrick:Pat,Paddy Peter:Pete Philip:Phil Raymond:Ray
Richard:Rick,Dick Robert:Bob,Rob Ronald:Ron Samuel:Sam Stephen:Steve Steven:Steve Thomas:Tom Timothy:Tim
William:Bill,Will Abigail:Abby Amanda:Mandy Barbara:Barb Catherine:Cathy,Kate Charlotte:Lottie
Christine:Chris,Tina Cynthia:Cindy Deborah:Debbie Eleanor:Ellie Elizabeth:Liz,Beth,Betty Jennifer:Jenny,Jen
Jessica:Jess Kathleen:Kathy Margaret:Maggie,Peggy Melissa:Mel Michelle:Shelly Natalie:Nat Patricia:Pat,Trish
Rebecca:Becky Samantha:Sam Sandra:Sandy Stephanie:Steph Susan:Sue Theresa:Terry Victoria:Vicky
"""

_UZBEK = """
Abdulla:Abdu Alisher:Ali Anvar:Anvarjon Aziza:Azi Bahodir:Baha Baxtiyor:Baxti Bekzod:Bek Botir:Botirjon
Dilfuza:Dilya Dilnoza:Dilya,Dili Dildora:Dora Dilshod:Dil Doniyor:Doni Farhod:Farik Farrux:Farik Feruza:Fera
Gulchehra:Gulya Gulnora:Gulya Islomjon:Islom Jahongir:Jahon Jamshid:Jam Jasur:Jasik Javohir:Jovik Kamola:Kama
Madina:Madi Malika:Mali Muhammad:Muha Nargiza:Nargiz Nigora:Nigor Nilufar:Nilu Nodira:Nodi Otabek:Ota
Oybek:Oybekjon Rustam:Rustik Sardor:Sardik Sevara:Seva Shahnoza:Shahi Shavkat:Shavkatjon Sherzod:Sher
Ulug'bek:Ulik Umida:Umi Zarina:Zara Zilola:Zilo Zulfiya:Zulya
"""

_INDIAN = """
Abhishek:Abhi Aditya:Adi Aishwarya:Aishu Ananya:Anu Anjali:Anju Arjun:Arju Deepak:Deepu Divya:Divi Ganesh:Ganu
Gaurav:Gauri Karthik:Kartik Lakshmi:Lucky Madhuri:Madhu Meenakshi:Meena Mohan:Mohanji Nandini:Nandu Nikhil:Nik
Pradeep:Pradi Priya:Pri Rajesh:Raju Rajiv:Raju Rahul:Rahi Ramesh:Ramu Sandeep:Sandy Sanjay:Sanju Siddharth:Sid
Sneha:Snehu Srinivas:Srini Suresh:Suri Swati:Swatu Vikram:Vicky Vivek:Viv
"""


def _table(text: str) -> dict[str, tuple[str, ...]]:
    pairs = (entry.partition(":") for entry in text.split())
    return {name: tuple(short.split(",")) for name, _, short in pairs}


NICKNAMES: dict[str, dict[str, tuple[str, ...]]] = {
    "russian": _table(_RUSSIAN),
    "english": _table(_ENGLISH),
    "uzbek": _table(_UZBEK),
    "indian": _table(_INDIAN),
}
"""Culture → given name as the lists write it → its short forms."""
