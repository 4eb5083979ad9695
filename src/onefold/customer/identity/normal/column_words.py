"""What columns are called in many languages: phrases of romanised words, and the field each one names."""

from __future__ import annotations

import re
from enum import StrEnum

import msgspec

from onefold.customer.identity.normal.scripts import APOSTROPHES, romanised


class Field(StrEnum):
    """What a column holds, as far as identity cares."""

    RECORD_ID = "record_id"
    FULL_NAME = "full_name"
    GIVEN_NAME = "given_name"
    MIDDLE_NAME = "middle_name"
    FAMILY_NAME = "family_name"
    BIRTH_DATE = "birth_date"
    BIRTH_PLACE = "birth_place"
    GENDER = "gender"
    PHONE = "phone"
    EMAIL = "email"
    NATIONAL_ID = "national_id"
    ORGANISATION = "organisation"
    ADDRESS = "address"
    STREET = "street"
    HOUSE = "house"
    POSTCODE = "postcode"
    CITY = "city"
    REGION = "region"
    COUNTRY = "country"
    OTHER = "other"


class Named(msgspec.Struct, frozen=True):
    """What a header names, the phrase that says so, and whether that is all of the header."""

    field: Field
    phrase: str
    whole: bool


# Phrases of one to four words joined by `_`; the longest phrase of a header wins, then the earlier line.
_PHRASES = """
other: truth cluster cluster_id entity_id entity true_id label ground_truth match_id group_id
 company_name_old file_name user_name username login nick screen_name event_name product_name bank_name
 branch_name field_name table_name type date_of_death death_date dod created created_at opened closed
 changed changed_at updated updated_at modified timestamp since start_date end_date open_date
 registration_date issue_date expiry_date expiration_date valid_from valid_to data_source source
 source_system record_type status category amount balance occupation profession job title notes comment
 comments description nationality citizenship employer_address age salutation дата_регистрации дата_создания
 дата_выдачи статус комментарий примечание phone_type email_type addr_type address_type name_type id_type
 relationship passport_country driver_license_state drivers_license_state national_id_country
 national_id_type passport_issuer id_country id_issuer last_login first_seen last_seen last_updated
 last_modified ip ip_address device device_id url website social
record_id: id unique_id record_id rec_id row_id recid uid uuid guid pk key record_key row_number customer_id
 customer_no customer_number client_id client_no person_id party_id account_id account_no account_number
 member_id contact_id subscriber_id user_id cust_id cust_no ид идентификатор код_клиента номер_клиента
 mijoz_id kundennummer kunden_nr id_cliente no index
full_name: name full_name fullname complete_name person_name customer_name client_name contact_name
 display_name account_name subscriber_name holder_name name_full first_last native_name_full фио ф_и_о
 имя_клиента полное_имя клиент наименование_клиента піб fish f_i_sh toliq_ism ism_familiya tolyq_aty
 vollstandiger_name nombre_completo nombre_y_apellidos nom_complet nom_prenom nome_completo ad_soyad
 adi_soyadi imie_i_nazwisko पूरा_नाम ग्राहक_का_नाम नाम الاسم_الكامل الاسم ονοματεπωνυμο naam namn navn
 שם_מלא 姓名 氏名
given_name: first_name firstname given_name givenname given_names forename forenames fname f_name first
 name_first christian_name имя имена імя ism ismi исм есімі аты at esim vorname rufname nombre nombres
 primer_nombre prenom prenoms nome primeiro_nome ad adi isim imie jmeno keresztnev voornaam fornamn fornavn
 etunimi प्रथम_नाम पहला_नाम الاسم_الأول ονομα שם_פרטי 名
middle_name: middle_name middlename middle mname second_name name_middle patronymic father_name fathers_name
 отчество по_батькові sharifi sharif otasining_ismi otasi_ismi әкесінің_аты zweiter_vorname segundo_nombre
 drugie_imie पिता_का_नाम اسم_الأب
family_name: last_name lastname surname family_name familyname family lname l_name last sname name_last
 sur_name maiden_name birth_name фамилия прізвище familiya familiyasi фамилияси тегі tegi nachname
 familienname zuname apellido apellidos primer_apellido nom nom_de_famille cognome sobrenome apelido
 ultimo_nome soyad soyadi soyisim nazwisko prijmeni vezeteknev achternaam efternamn etternavn sukunimi उपनाम
 कुलनाम اسم_العائلة اللقب επωνυμο שם_משפחה 姓
birth_date: date_of_birth dateofbirth dob birth_date birthdate birthday bday birth born born_on d_o_b
 date_birth дата_рождения д_р др день_рождения дата_народження tugilgan_sana tugilgan_sanasi tugilgan_kuni
 туғилган_сана туған_күні туган_куни geburtsdatum geburtstag geb_datum fecha_de_nacimiento fecha_nacimiento
 f_nacimiento date_de_naissance date_naissance ddn data_di_nascita data_nascita data_de_nascimento
 data_nascimento dogum_tarihi data_urodzenia datum_narozeni szuletesi_datum geboortedatum fodelsedatum
 fodselsdato syntymaaika जन्म_तिथि जन्मतिथि जन्म_तारीख تاريخ_الميلاد ημερομηνια_γεννησης תאריך_לידה 出生日期
 生年月日 year_of_birth birth_year yob
birth_place: birth_place birthplace place_of_birth pob city_of_birth место_рождения tugilgan_joyi geburtsort
 lugar_de_nacimiento lieu_de_naissance luogo_di_nascita dogum_yeri miejsce_urodzenia
gender: gender sex пол стать jins jinsi жынысы geschlecht sexo genero sexe sesso cinsiyet plec pohlavi
 geslacht kon लिंग الجنس φυλο מין 性别
phone: phone phone_number telephone telephone_number tel telno phone_no mobile mobile_phone mobile_number
 cell cellphone cell_phone contact_number msisdn landline home_phone work_phone whatsapp телефон тел
 мобильный моб_тел сотовый номер_телефона telefon telefon_raqami raqam телефони handy handynummer
 telefonnummer rufnummer mobil telefono movil celular portable telephone_portable cellulare telefone
 telemovel cep cep_telefonu telefoon gsm फोन मोबाइल هاتف الجوال τηλεφωνο טלפון 电话 手机
email: email e_mail mail email_address e_mail_address mail_address emailaddress электронная_почта почта
 эл_почта имейл elektron_pochta pochta correo correo_electronico courriel adresse_mail posta_elettronica
 eposta e_posta ईमेल البريد_الإلكتروني
national_id: national_id national_id_number nationalid nid ssn soc_sec_id social_security
 social_security_number sin national_insurance nino tax_id tax_number tax_no tin taxpayer_id itin passport
 passport_number passport_no id_number idcard id_card identity_number identity_card document_number
 document_no doc_number driver_license driver_license_number drivers_license drivers_license_number
 driving_licence aadhaar aadhar aadhaar_number pan pan_number voter_id pinfl jshshir пинфл жшшир инн снилс
 паспорт номер_паспорта серия_номер иин рнокпп іпн stir inn snils iin pesel cpf curp rfc dni nie cedula cui
 rut nif nss codice_fiscale codicefiscale steuer_id steuernummer ausweis ausweisnummer personnummer
 fodselsnummer cpr henkilotunnus bsn isikukood rodne_cislo oib emso egn tc_kimlik tckn kimlik_no nric आधार
 رقم_الهوية
organisation: organisation organization organisation_name organization_name company company_name
 business_name business employer firm firm_name legal_name trade_name corporate_name org org_name name_org
 enterprise организация компания наименование название фирма юр_лицо tashkilot tashkilot_nomi korxona
 korxona_nomi ұйым firma firmenname unternehmen empresa razon_social societe entreprise raison_sociale
 azienda ragione_sociale sirket bedrijf foretag कंपनी شركة
address: address full_address addr addr_full postal_address mailing_address home_address residence
 residential_address адрес адрес_проживания адрес_регистрации адреса manzil yashash_manzili manzili мекенжай
 anschrift adresse direccion domicilio indirizzo endereco adres osoite पता العنوان διευθυνση כתובת 地址 住所
street: street street_address street_name address_line address_line_1 address_line1 addr_line1 address_1
 address1 addr1 line1 addr_line_1 address_2 address2 address_line_2 addr_line2 улица вулиця kocha kochasi
 көше strasse str calle rue via rua sokak cadde ulica ulice straat gata gade मार्ग شارع
house: house house_number house_no street_number street_no building building_number flat apartment apt unit
 дом квартира номер_дома uy xonadon hausnummer numero_civico huisnummer
postcode: postcode post_code postal_code postalcode zip zip_code zipcode addr_postal_code pincode pin_code
 pin plz postleitzahl индекс почтовый_индекс indeks pochta_indeksi код_почты cp codigo_postal code_postal
 cap cep codice_postale posta_kodu kod_pocztowy psc postnummer iranyitoszam पिन_कोड الرمز_البريدي 邮编
city: city town suburb locality village municipality settlement addr_city place city_name город г
 населенный_пункт нас_пункт місто shahar shahri қала ort stadt wohnort ciudad localidad poblacion municipio
 ville commune citta comune cidade sehir il ilce miasto miejscowosc mesto obec varos plaats woonplaats stad
 by kaupunki शहर नगर المدينة πολη עיר 城市
region: state province region county district addr_state oblast область регион край район viloyat viloyati
 tuman облыс bundesland provincia estado departement regione distrito wojewodztwo राज्य जिला المنطقة
country: country country_code addr_country nation страна країна davlat mamlakat ел land pais pays paese ulke
 kraj देश الدولة
"""
_CAMEL = re.compile(r"(?<=[a-z\d])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])")
_WORDS = re.compile(r"[^\W\d_](?:[^\W\d_]|[\u0900-\u0dff\u064b-\u0652])*|\d+")


def header_words(name: str) -> tuple[str, ...]:
    """The words of a column's name, romanised: `PRIMARY_NAME_LAST`, `firstName` and `Дата рождения` alike."""
    text = _CAMEL.sub(" ", APOSTROPHES.sub("", name)) if not name.isupper() else APOSTROPHES.sub("", name)
    return tuple(romanised(it) for it in _WORDS.findall(text))


def _phrases() -> dict[tuple[str, ...], Field]:
    found: dict[tuple[str, ...], Field] = {}
    for entry in _PHRASES.replace("\n ", " ").strip().splitlines():
        field, _, phrases = entry.partition(": ")
        for phrase in phrases.split():
            found.setdefault(header_words(phrase), Field(field))
    return found


_FIELD_OF = _phrases()
_LONGEST = max(map(len, _FIELD_OF))
_SHORT_BUT_TELLING = frozenset("dob tel zip ssn sex fio inn".split())


def named(name: str) -> Named | None:
    """The field that a header names; the longest phrase wins, then the last one.

    A header that speaks of given and family names both (`first_and_surname`) names the full one.
    """
    words = header_words(name)
    found: list[Named] = []
    for size in range(min(_LONGEST, len(words)), 0, -1):
        for at in range(len(words) - size, -1, -1):
            phrase = words[at : at + size]
            field = _FIELD_OF.get(phrase)
            if field is not None and (size == len(words) or _telling(phrase)):
                found.append(Named(field, " ".join(phrase), whole=size == len(words)))
    fields = {it.field for it in found}
    if found and not found[0].whole and {Field.GIVEN_NAME, Field.FAMILY_NAME} <= fields:
        return Named(Field.FULL_NAME, " ".join(words), whole=False)
    return found[0] if found else None


def _telling(phrase: tuple[str, ...]) -> bool:
    """Whether a phrase says something as a part of a longer header: `no`, `id` and `by` do not."""
    return len("".join(phrase)) > 3 or phrase[0] in _SHORT_BUT_TELLING
