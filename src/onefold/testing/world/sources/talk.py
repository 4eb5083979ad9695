"""What agents write down: short notes in three languages, and the words of cases."""

from __future__ import annotations

NOTE_TEXTS: dict[str, dict[str, str]] = {
    "loan": {
        "en": "Asked for the rate of a consumer loan for three years; compares with another bank.",
        "ru": "Интересуется ставкой по потребительскому кредиту на три года, сравнивает с другим банком.",
        "uz": "Uch yillik iste'mol krediti foizini so'radi, boshqa bank bilan solishtirmoqda.",
    },
    "deposit": {
        "en": "Deposit ends next month, wants to know today's conditions before renewing.",
        "ru": "Вклад заканчивается в следующем месяце, хочет узнать условия до продления.",
        "uz": "Omonat muddati kelasi oy tugaydi, uzaytirishdan oldin shartlarni bilmoqchi.",
    },
    "card": {
        "en": "Card did not work in a shop; limit raised, told to try again.",
        "ru": "Карта не прошла в магазине; лимит увеличен, просили повторить.",
        "uz": "Do'konda karta ishlamadi; limit oshirildi, qayta urinib ko'rish aytildi.",
    },
    "tariff": {
        "en": "Finds the tariff too expensive, was told about the family package.",
        "ru": "Считает тариф дорогим, рассказали о семейном пакете.",
        "uz": "Tarifni qimmat deb hisoblaydi, oilaviy paket haqida aytildi.",
    },
    "app": {
        "en": "Cannot see the statement in the app after the update; helped to sign in again.",
        "ru": "После обновления не видит выписку в приложении; помогли войти заново.",
        "uz": "Yangilanishdan keyin ilovada ko'chirmani ko'rmayapti; qayta kirishga yordam berildi.",
    },
    "address": {
        "en": "Moved, will bring the papers to the branch.",
        "ru": "Переехал, принесёт документы в отделение.",
        "uz": "Ko'chgan, hujjatlarni filialga olib keladi.",
    },
    "dispute": {
        "en": "Says a shop charged twice for one purchase and wants the money back.",
        "ru": "Говорит, что магазин списал деньги дважды, просит вернуть.",
        "uz": "Do'kon pulni ikki marta yechib olganini aytdi, qaytarishni so'rayapti.",
    },
    "fraud": {
        "en": "Does not know the night payments abroad; card blocked, statement taken.",
        "ru": "Не совершал ночных платежей за границей; карта заблокирована, заявление принято.",
        "uz": "Tungi chet el to'lovlarini qilmagan; karta bloklandi, ariza olindi.",
    },
    "job_loss": {
        "en": "Lost the job, asks whether loan payments can be put off.",
        "ru": "Потерял работу, спрашивает об отсрочке платежей по кредиту.",
        "uz": "Ishdan ayrilgan, kredit to'lovlarini kechiktirish mumkinligini so'radi.",
    },
    "leaving": {
        "en": "Is moving to another country and asks how to close the accounts.",
        "ru": "Переезжает в другую страну, спрашивает, как закрыть счета.",
        "uz": "Boshqa davlatga ko'chmoqda, hisoblarni yopish tartibini so'radi.",
    },
}
"""Topic → language → text."""

CASE_TEXTS = {
    "dispute": "The same purchase was charged twice on one day.",
    "fraud": "Payments abroad at night that the customer did not make.",
    "complaint": "Waited too long in the branch and was sent to another one.",
}
