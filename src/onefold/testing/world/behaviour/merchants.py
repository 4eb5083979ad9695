"""Where people spend: invented shops with a category, a usual amount in whole units and how far it strays."""

from __future__ import annotations

from typing import NamedTuple


class Merchant(NamedTuple):
    """One kind of purchase; `usual` is the middle amount, `spread` the sigma of its logarithm."""

    name: str
    category: str
    usual: int
    spread: float


MERCHANTS: tuple[Merchant, ...] = tuple(
    Merchant(name, category, usual, spread)
    for category, usual, spread, names in (
        (
            "GROC",
            165_000,
            0.6,
            "Dasturxon Market/Oltin Savdo/Bozorcha/Fresh Basket/Yashil Bog' Market/Magazin Uyut",
        ),
        ("GROC", 165_000, 0.6, "Dasturxon Market/Oltin Savdo/Bozorcha"),
        ("REST", 95_000, 0.5, "Osh Markazi/Choyxona Navro'z/Pitsa Uyi/Kafe Vesna/Curry House"),
        ("TRAN", 28_000, 0.6, "Tez Taxi/Metro Karta/Benzin Plus/Shahar Avtobus"),
        ("HLTH", 120_000, 0.7, "Shifo Dorixona/Apteka 24/Stomatolog Nur/Klinika Salomat"),
        ("SHOP", 420_000, 0.8, "Texno Dunyo/Kiyim Olami/Uy Bezagi/Knijniy Mir/Sport Time/Mebel City"),
        ("ENT", 70_000, 0.5, "Kino Plaza/Tomosha TV/O'yin Park"),
        ("EDU", 600_000, 0.4, "Bilim Markazi/English Point/Musiqa Maktabi"),
        ("TEL", 60_000, 0.3, "Aloqa Plus/Uy Internet"),
    )
    for name in names.split("/")
)
EMPLOYERS = (
    "Bunyod Stroy MChJ", "Sharq Textil XK", "Maktab 114", "Shahar Shifoxonasi", "Agro Baraka MChJ",
    "Vostok Trade OOO", "Temir Yo'l Xizmat", "Elektr Tarmoq AJ", "Ziyo Universiteti", "Nur Plast MChJ",
    "Alfa Logistik LLC", "Omega Consult LLC", "Davlat Xizmatlari", "Sever Auto OOO",
)  # fmt: skip
