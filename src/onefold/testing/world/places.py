"""Where people live: cities with the spellings in use, streets, and the ways to write an address."""

from __future__ import annotations

from random import Random
from typing import NamedTuple

from onefold.testing.world.draws import below
from onefold.testing.world.names.naming import Pool
from onefold.testing.world.names.scripts import everyday_latin


class City(NamedTuple):
    """One city: the spelling of three languages, its region and the first digits of its postcodes."""

    uzbek: str
    english: str
    russian: str
    region: str
    postcode: int


def _city(names: str, region: str, postcode: int) -> City:
    uzbek, english, russian = names.split("/")
    return City(uzbek, english, russian, region, postcode)


CITIES: tuple[City, ...] = tuple(
    _city(names, region, postcode)
    for names, region, postcode in (
        ("Toshkent/Tashkent/Ташкент", "TAS", 100),
        ("Samarqand/Samarkand/Самарканд", "SAM", 140),
        ("Namangan/Namangan/Наманган", "NAM", 160),
        ("Andijon/Andijan/Андижан", "AND", 170),
        ("Buxoro/Bukhara/Бухара", "BUX", 200),
        ("Farg'ona/Fergana/Фергана", "FAR", 150),
        ("Nukus/Nukus/Нукус", "QQR", 230),
        ("Qarshi/Karshi/Карши", "QAS", 180),
        ("Qo'qon/Kokand/Коканд", "FAR", 151),
        ("Termiz/Termez/Термез", "SUR", 190),
        ("Jizzax/Jizzakh/Джизак", "JIZ", 130),
        ("Navoiy/Navoi/Навои", "NAV", 210),
        ("Urganch/Urgench/Ургенч", "XOR", 220),
        ("Chirchiq/Chirchik/Чирчик", "TAS", 111),
        ("Angren/Angren/Ангрен", "TAS", 110),
        ("Guliston/Gulistan/Гулистан", "SIR", 120),
        ("Olmaliq/Almalyk/Алмалык", "TAS", 112),
        ("Marg'ilon/Margilan/Маргилан", "FAR", 152),
        ("Shahrisabz/Shakhrisabz/Шахрисабз", "QAS", 181),
        ("Xiva/Khiva/Хива", "XOR", 221),
        ("Bekobod/Bekabad/Бекабад", "TAS", 113),
        ("Zarafshon/Zarafshan/Зарафшан", "NAV", 211),
    )
)

STREETS = """
Навои Бабура Темура Фурката Беруни Улугбека Мукими Чиланзарская Юнусабадская Мирабадская Садовая Школьная Мира
Дружбы Узбекистанская Шота-Руставели Пушкина Гоголя Чехова Лермонтова Космонавтов Строителей Зелёная Новая
Молодёжная Центральная Тинчлик Гулистан Навруз Истиклол Бустон Сайрам Чустий Зульфии Гафура-Гуляма Айбека
Хамзы Каххара Нукусская Бухарская Самаркандская Ферганская Андижанская Паркентская Богишамол Шахрисабзская
Кичик-Халка Катартал Алмазар Себзар Лабзак Бешагач Учтепинская Яккасарайская Сергелийская Ойбека
""".split()
_CITY_POOL = Pool(list(map(str, range(len(CITIES)))))


class Home(NamedTuple):
    """A dwelling: indexes of city and street, house and flat (0: a house of its own)."""

    city: int
    street: int
    house: int
    flat: int

    @property
    def postcode(self) -> str:
        """Six digits: the city's, then the part of town."""
        return f"{CITIES[self.city].postcode}{self.street * 3 % 1000:03d}"


def draw_home(rng: Random) -> Home:
    """A new home; big cities more often."""
    flat = 0 if rng.random() < 0.35 else 1 + below(rng, 90)
    return Home(int(_CITY_POOL.draw(rng)), below(rng, len(STREETS)), 1 + below(rng, 140), flat)


def street_line(home: Home, form: int, *, cyrillic: bool) -> str:
    """Street, house and flat in one of four habits of writing."""
    street = STREETS[home.street]
    if cyrillic:
        flat = f", кв. {home.flat}" if home.flat else ""
        return (
            f"ул. {street}, д. {home.house}{flat}"
            if form % 2
            else f"{street} {home.house}{flat.replace(', кв. ', '-')}"
        )
    latin = _LATIN_STREETS[home.street]
    if form == 0:
        return f"{latin} ko'chasi, {home.house}-uy" + (f", {home.flat}-xonadon" if home.flat else "")
    if form == 1:
        return f"{home.house} {latin} street" + (f", apt {home.flat}" if home.flat else "")
    if form == 2:
        return f"ul. {latin} {home.house}" + (f"-{home.flat}" if home.flat else "")
    return f"{latin} {home.house}" + (f"/{home.flat}" if home.flat else "")


_LATIN_STREETS = [everyday_latin(street) for street in STREETS]
