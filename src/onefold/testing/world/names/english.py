"""Common English given names and family names, most frequent first, each with its usual Cyrillic form."""

from __future__ import annotations

MALE = """
James=Джеймс John=Джон Robert=Роберт Michael=Майкл William=Уильям David=Дэвид Richard=Ричард Joseph=Джозеф
Thomas=Томас Charles=Чарльз Christopher=Кристофер Daniel=Дэниел Matthew=Мэтью Anthony=Энтони Mark=Марк
Andrew=Эндрю Steven=Стивен Paul=Пол Kenneth=Кеннет George=Джордж Edward=Эдвард Brian=Брайан Ronald=Рональд
Timothy=Тимоти Jason=Джейсон Jeffrey=Джеффри Ryan=Райан Jacob=Джейкоб Gary=Гэри Nicholas=Николас Eric=Эрик
Jonathan=Джонатан Stephen=Стивен Larry=Ларри Justin=Джастин Scott=Скотт Benjamin=Бенджамин Samuel=Сэмюэл
Gregory=Грегори Frank=Фрэнк Alexander=Александр Patrick=Патрик Raymond=Рэймонд Jack=Джек Dennis=Деннис
Peter=Питер Henry=Генри Philip=Филип Alan=Алан Simon=Саймон Oliver=Оливер Harry=Гарри Lewis=Льюис Graham=Грэм
Keith=Кит Martin=Мартин Neil=Нил Stuart=Стюарт Adam=Адам Ian=Иэн Arthur=Артур
""".split()

FEMALE = """
Mary=Мэри Patricia=Патрисия Jennifer=Дженнифер Linda=Линда Elizabeth=Элизабет Barbara=Барбара Susan=Сьюзан
Jessica=Джессика Sarah=Сара Karen=Карен Margaret=Маргарет Lisa=Лиза Nancy=Нэнси Sandra=Сандра Ashley=Эшли
Emily=Эмили Donna=Донна Michelle=Мишель Carol=Кэрол Amanda=Аманда Melissa=Мелисса Deborah=Дебора
Stephanie=Стефани Rebecca=Ребекка Laura=Лора Helen=Хелен Sharon=Шэрон Cynthia=Синтия Kathleen=Кэтлин Amy=Эми
Angela=Анджела Anna=Анна Ruth=Рут Catherine=Кэтрин Christine=Кристин Samantha=Саманта Rachel=Рэйчел Emma=Эмма
Charlotte=Шарлотта Alice=Элис Julie=Джули Victoria=Виктория Lucy=Люси Hannah=Ханна Grace=Грейс Sophie=Софи
Olivia=Оливия Chloe=Хлоя Jane=Джейн Fiona=Фиона Claire=Клэр Diana=Диана Joanne=Джоанна Eleanor=Элеонор
Abigail=Эбигейл Megan=Меган Holly=Холли Ellen=Эллен Natalie=Натали Theresa=Тереза
""".split()

FAMILIES = """
Smith=Смит Jones=Джонс Taylor=Тейлор Brown=Браун Williams=Уильямс Wilson=Уилсон Johnson=Джонсон Davies=Дэвис
Robinson=Робинсон Wright=Райт Thompson=Томпсон Evans=Эванс Walker=Уокер White=Уайт Roberts=Робертс
Green=Грин Hall=Холл Wood=Вуд Jackson=Джексон Clarke=Кларк Clark=Кларк Harris=Харрис Lewis=Льюис
Martin=Мартин Hill=Хилл Moore=Мур Turner=Тёрнер Cooper=Купер Ward=Уорд Morris=Моррис King=Кинг Watson=Уотсон
Harrison=Харрисон Morgan=Морган Baker=Бейкер Young=Янг Patterson=Паттерсон Allen=Аллен Mitchell=Митчелл
Anderson=Андерсон Phillips=Филлипс Lee=Ли Bell=Белл Parker=Паркер Davis=Дэвис Bennett=Беннетт Miller=Миллер
Cook=Кук Shaw=Шоу Richardson=Ричардсон Carter=Картер Collins=Коллинз Marshall=Маршалл Bailey=Бейли Gray=Грей
Cox=Кокс Adams=Адамс Wilkinson=Уилкинсон Foster=Фостер Chapman=Чепмен Mason=Мейсон Russell=Рассел
Powell=Пауэлл Webb=Уэбб Rogers=Роджерс Hunt=Хант Mills=Миллс Holmes=Холмс Palmer=Палмер Matthews=Мэтьюс
Fisher=Фишер Barnes=Барнс Knight=Найт Lloyd=Ллойд Butler=Батлер Price=Прайс Barker=Баркер Stevens=Стивенс
Jenkins=Дженкинс Dixon=Диксон Fletcher=Флетчер Hughes=Хьюз Edwards=Эдвардс Campbell=Кэмпбелл Stewart=Стюарт
Murray=Мюррей Simpson=Симпсон Murphy=Мёрфи Kelly=Келли Reid=Рид Ross=Росс Graham=Грэм Scott=Скотт Ford=Форд
Hamilton=Гамильтон Burns=Бёрнс Crawford=Кроуфорд Gibson=Гибсон Hunter=Хантер Spencer=Спенсер Ellis=Эллис
Lawrence=Лоуренс Sutton=Саттон
""".split()
