"""Names of organisations: the legal form apart, the rest as script-independent tokens.

A legal form is folded into a class that countries share, so that ООО, MChJ, GmbH and LLC are one where a
bank's sources write the same firm in several languages; it tells two firms apart only if both have one and
they differ, and even that weakly, since clerks leave it out. Generic words (trade, group, holding,
company) stay tokens, but are told: two firms that share only those share nothing. `The` and `and` go.
"""

from __future__ import annotations

import re
import unicodedata

import msgspec

from onefold.customer.identity.normal.scripts import romanised
from onefold.customer.identity.normal.sounds import Sound, sound
from onefold.kernel.memory import remembered

TOKENS_MOST = 12


class Organisation(msgspec.Struct, frozen=True):
    """`form` is the class of the legal form, empty if none was written; `tokens` in the order written."""

    tokens: tuple[Sound, ...]
    form: str
    generic: tuple[bool, ...]

    @property
    def key(self) -> tuple[str, ...]:
        """Sorted skeletons of all tokens; equal for every script, order and legal form."""
        return tuple(sorted(it.skeleton for it in self.tokens))

    @property
    def telling(self) -> tuple[str, ...]:
        """The skeletons that are no generic word; all of them where nothing else is left."""
        kept = [it.skeleton for it, plain in zip(self.tokens, self.generic, strict=True) if not plain]
        return tuple(sorted(kept)) or self.key


# Class: spellings, longest first where one holds another; `_` is a blank.
_FORMS = """
limited: limited_liability_company limited_liability_partnership private_limited_company private_limited
 pvt_limited private_ltd p_ltd pvt_ltd pty_limited proprietary_limited pty_ltd pte_ltd sdn_bhd co_ltd
 company_limited limited ltd llc llp lc lllp общество_с_ограниченной_ответственностью ооо
 товариство_з_обмеженою_відповідальністю тов жауапкершілігі_шектеулі_серіктестігі
 товарищество_с_ограниченной_ответственностью тоо жшс масъулияти_чекланган_жамият
 маъсулияти_чекланган_жамият мчж одо осоо masuliyati_cheklangan_jamiyat masuliyati_cheklangan_jamiyati mchj
 mas_uliyati_cheklangan_jamiyat ooo too gesellschaft_mit_beschrankter_haftung gmbh ggmbh mbh ug
 ug_haftungsbeschrankt gmbh_co_kg gmbh_and_co_kg gmbh_u_co_kg sociedad_de_responsabilidad_limitada
 sociedad_limitada s_de_rl srl sl slu sarl sas_u societe_a_responsabilite_limitee
 societa_a_responsabilita_limitata srls sociedade_limitada ltda lda sp_z_oo
 spolka_z_ograniczona_odpowiedzialnoscia bv besloten_vennootschap bvba aps ehf oü uab sia sro spol_s_ro doo
 dooel eood ood kft korlatolt_felelossegu_tarsasag limited_sirketi ltd_sti mmc мчс шпк ผจก प्राइवेट_लिमिटेड
 लिमिटेड ذ_م_م شركة_ذات_مسؤولية_محدودة εpe epe yugen_kaisha godo_kaisha
joint_stock: public_limited_company public_joint_stock_company open_joint_stock_company
 closed_joint_stock_company joint_stock_company private_joint_stock_company plc jsc pjsc ojsc cjsc
 incorporated inc corporation corp co_inc акционерное_общество публичное_акционерное_общество
 открытое_акционерное_общество закрытое_акционерное_общество ао пао оао зао нао акціонерне_товариство ат
 прат пат акционерлик_жамияти акционердик_коом ақционерлік_қоғам ақ aksiyadorlik_jamiyati
 aksiadorlik_jamiyati aj oaj aksionerlik_jamiyati pao oao zao aktiengesellschaft ag kgaa se sa
 sociedad_anonima societe_anonyme societa_per_azioni spa sas sa_de_cv sab_de_cv s_a nv naamloze_vennootschap
 ab aktiebolag as aksjeselskap a_s asa oy oyj osakeyhtio hf as_a anonim_sirketi ad akcionersko_drustvo
 spolka_akcyjna nyrt zrt rt tbk pt kabushiki_kaisha kk kabushikigaisha berhad bhd qsc psc saog sae शेयर
 sociedade_anonima εταιρεια ae
sole: индивидуальный_предприниматель ип фоп фізична_особа_підприємець жеке_кәсіпкер жк
 yakka_tartibdagi_tadbirkor ytt якка_тартибдаги_тадбиркор sole_proprietor sole_trader einzelunternehmen ek
 eirl ip freelancer чп частный_предприниматель
private: private_enterprise pe частное_предприятие хусусий_корхона хк xususiy_korxona xk
 oilaviy_korxona oilaviy_korxonasi ok
 оилавий_корхона qoshma_korxona qk кушма_корхона совместное_предприятие сп шк семейное_предприятие
 крестьянское_фермерское_хозяйство кфх fermer_xojaligi фх fx
partnership: limited_partnership general_partnership lp gp kg ohg kommanditgesellschaft gbr vof cv maatschap
 snc societe_en_nom_collectif sas_di hb kb ky sc sp_k sp_j полное_товарищество коммандитное_товарищество
state: государственное_унитарное_предприятие муниципальное_унитарное_предприятие гуп муп фгуп
 davlat_unitar_korxonasi duk гп государственное_предприятие government_undertaking
nonprofit: foundation stiftung nonprofit charity ev eingetragener_verein gemeinnutzige
 автономная_некоммерческая_организация ано нко общественная_организация фонд vakfi fondazione association
 ngo нодавлат_нотижорат_ташкилоти ннт nnt
"""
_GENERIC_WORDS = """
 company co group holding holdings international global trading trade trader traders enterprise
 enterprises industries industry services service solutions systems technologies technology investment
 investments capital partners bank компания группа холдинг торговый дом торг трейд предприятие фирма завод
 банк сервис услуги центр kompaniya guruh firma savdo korxona zavod bank servis markaz xizmat gesellschaft
 gruppe handel handels compagnie groupe societe empresa grupo comercial compania gruppo compagnia sirketi
 ticaret sanayi grup कंपनी समूह व्यापार बैंक شركة مجموعة بنك تجارة
"""
_DROPPED = frozenset(
    "the and und et y e of for de la le les der die das i va & в для ve ltd_ und the and".split()
)
_APOSTROPHES = re.compile("['`´ʻʼʹʿ‘’′\".]")
_PARTS = re.compile(r"\d+|[^\W\d_]+(?:[\u0900-\u0dff\u064b-\u0652]+[^\W\d_]*)*")


def _words_of(text: str) -> list[str]:
    """Romanised words and numbers; dots of abbreviations are gone: `S.R.L.` is `srl`."""
    text = text if text.isascii() else unicodedata.normalize("NFKC", text)
    return [word for it in _PARTS.findall(_APOSTROPHES.sub("", text.casefold())) if (word := romanised(it))]


def _forms() -> dict[tuple[str, ...], str]:
    found: dict[tuple[str, ...], str] = {}
    for entry in _FORMS.replace("\n ", " ").strip().splitlines():
        name, _, spellings = entry.partition(": ")
        for spelling in spellings.split():
            found[tuple(_words_of(spelling.replace("_", " ")))] = name
    return found


_FORM_OF = _forms()
_LONGEST = max(map(len, _FORM_OF))
_GENERIC = frozenset(sound(it).skeleton for it in _GENERIC_WORDS.split())
_AMBIGUOUS = frozenset(
    "pe as sa se ad ok co ip at gp sp rt ab sl sc hf pt ev ae foundation association fond limited".split()
)
"""Forms that are words too: taken for a form only at either end of the name."""

_VOWELS = frozenset("aeiou")
"""A form of two letters with one of these among them is as likely a word or a name."""


@remembered(65_536)
def organisation(text: str) -> Organisation:
    """The tokens and the legal form of a name. Raises nothing."""
    words = _words_of(text)
    words, form = _without_form(words)
    kept = [it for it in words if it not in _DROPPED] or words
    tokens = tuple(heard for it in kept[:TOKENS_MOST] if (heard := sound(it)).folded)
    return Organisation(tokens, form, tuple(it.skeleton in _GENERIC for it in tokens))


def looks_like_one(text: str) -> bool:
    """Whether a name carries a legal form or a word that only firms have."""
    found = organisation(text)
    return bool(found.form) or any(found.generic)


def says_a_form(text: str) -> bool:
    """Whether a word of a name is a legal form and hardly anything else; quick, for names of any kind."""
    return any(map(_is_a_form, text.split()))


@remembered(262_144)
def _is_a_form(word: str) -> bool:
    found = _words_of(word)
    if len(found) != 1 or found[0] in _AMBIGUOUS or (found[0],) not in _FORM_OF:
        return False
    return len(found[0]) > 2 or _VOWELS.isdisjoint(found[0])


def _without_form(words: list[str]) -> tuple[list[str], str]:
    """Takes the legal forms out, longest first; a name that is nothing but a form keeps its words."""
    kept: list[str] = []
    form = ""
    at = 0
    while at < len(words):
        for size in range(min(_LONGEST, len(words) - at), 0, -1):
            candidate = tuple(words[at : at + size])
            found = _FORM_OF.get(candidate, "")
            inside = at > 0 and at + size < len(words)
            if found and not (inside and size == 1 and candidate[0] in _AMBIGUOUS):
                form = form or found
                at += size
                break
        else:
            kept.append(words[at])
            at += 1
    return (kept, form) if any(len(it) > 1 for it in kept) else (words, "")
