"""Fields that identify, in comparable form: one file a kind of field, all pure functions of one value.

| value | function | what it gives |
|---|---|---|
| name of a person | `person_names.person_name`, `person_name_of` | tokens with kinds, and a key |
| two such names | `name_agreement.names_agree` | level, score, what the patronymics say |
| token of a name | `sounds.sound` | forms of rising coarseness, for keys and for comparing |
| two tokens | `agreement.agreement`, `sounds_agree` | level and score, across scripts |
| name of a firm | `organisations.organisation` | tokens, class of the legal form, generic words |
| phone, e-mail | `phones.phone`, `emails.email` | E.164, one mailbox; or what kind of nothing it is |
| day of birth | `dates.day`, `dates.order_of` for its column | year, month, day as far as said |
| address | `addresses.address`, `postal_code`, `city_words` | tokens with kinds |
| national id | `national_ids.national_id` | country, kind, valid or not |
| gender | `genders.gender` | `female`, `male` or nothing |
| a table | `columns.recognise` | the field of each column, and why |

Functions of a value raise nothing on any text and are cached; what they give is frozen. Which region, order
of dates or day it is, the caller says. Nothing here knows a record, a cluster or a model, and nothing here
may import the rest of identity.
"""
