"""Every rate of the world, with what it counts; `docs/reference/world.md` says the same, and a test compares.

They are properties of the world: nothing here is a knob for making a matcher look good. Rates of writing
errors, which differ by source, are in `habits`.
"""

from __future__ import annotations

FIGURES: dict[str, tuple[float, str]] = {
    # who lives in it
    "culture.uzbek": (0.48, "households that bear Uzbek names"),
    "culture.russian": (0.26, "households that bear Russian names"),
    "culture.indian": (0.13, "households that bear Indian names"),
    "culture.english": (0.13, "households that bear English names"),
    "household.single": (0.28, "households of one person"),
    "household.couple": (0.24, "households of two partners"),
    "household.family": (0.34, "households of parents and one to four children, grown ones included"),
    "household.three_generations": (0.09, "families whose grandparents live with them"),
    "household.siblings": (0.05, "households of grown brothers and sisters"),
    "family.one_parent": (0.12, "families with one parent"),
    "family.known_minor": (0.22, "children under 18 who have an account; the others are not counted"),
    "family.twins": (0.14, "families with two or more children of which two are twins"),
    "family.namesake": (0.12, "families whose first son bears his father's given and family name"),
    "marriage.takes_name": (0.75, "wives who took the husband's family name, at a known date"),
    "company.owned": (0.03, "people of 24 to 70 who own a small company"),
    # how lives change before and during the window
    "year.moves": (0.06, "households that move, a year"),
    "year.new_phone": (0.06, "people who change their phone number, a year"),
    "year.new_email": (0.04, "people who change their e-mail, a year"),
    "phone.recycled": (0.03, "number changes that end on a number a stranger gave up 90 or more days before"),
    "phone.shared_by_couple": (0.04, "couples who use one phone number"),
    "phone.of_grown_child": (0.15, "people over 70 who use a relative's number"),
    "email.shared_by_couple": (0.04, "couples who use one e-mail"),
    "device.shared_at_home": (0.08, "households of two or more app users with one shared tablet"),
    "device.kiosk_login": (0.004, "logins made on a branch kiosk, which many people use"),
    "device.unnamed_before": (0.20, "logins with a page seen within 20 minutes before, naming nobody"),
    "device.unnamed_within": (0.15, "logins with a page seen within 10 minutes after, naming nobody"),
    "device.logout": (0.35, "logins that end in a logout"),
    "device.unnamed_between": (0.06, "logins on an own device after which a page is seen within 20 days"),
    "device.another_unnamed": (0.25, "logins on a shared device after which another person sees a page"),
    # life events in the last twelve months
    "life.job_loss": (0.08, "working adults who lose their job"),
    "life.layoff_wave": (0.35, "of those, who lose it in the last 75 days"),
    "life.new_job": (0.55, "of those, who find another after 100 to 220 days"),
    "life.leaving": (0.02, "adults who move away and take their business elsewhere"),
    "life.dispute": (0.025, "adult account holders who dispute a charge"),
    "life.fraud": (0.01, "adult account holders whose card is abused"),
    "life.big_purchase": (0.06, "adult account holders who spend most of their balance at once"),
    "life.disengaged": (0.05, "app users who stop using the app for no other reason"),
    # who is in which system
    "source.core_adult": (0.40, "adults in core banking; guardians of minors always"),
    "source.telecom": (0.34, "adults in telecom billing"),
    "source.only_core": (0.40, "adults no system would know, put in core banking; the rest in telecom"),
    "source.crm_customer": (0.42, "adults of core banking who are in CRM too"),
    "source.crm_lead": (0.06, "other adults in CRM"),
    "source.digital_bank": (0.62, "adults of core banking who use the app"),
    "source.digital_telecom": (0.22, "other telecom subscribers who use the app"),
    "source.marketing_digital": (0.50, "app users in the marketing system"),
    "source.marketing_other": (0.09, "other adults in the marketing system"),
    "duplicate.core-banking": (0.02, "people entered twice in core banking (another branch, years apart)"),
    "duplicate.telecom": (0.04, "people with a second telecom record (prepaid, poorly filled)"),
    "duplicate.crm": (0.06, "people entered twice in CRM"),
    "duplicate.marketing": (0.04, "people entered twice in marketing"),
    "crm.customer_number": (0.50, "CRM contacts of bank customers that carry the bank's customer number"),
    "crm.wrong_customer_number": (0.002, "CRM contacts that carry a relative's customer number"),
    "digital.customer_number": (0.30, "app users of the bank whose identify carries the customer number"),
    "digital.verified": (0.70, "app users whose e-mail (and, apart from it, phone) is verified"),
    "telecom.line_of_relative": (0.10, "subscribers who also pay the line of somebody at home"),
    # consent
    "consent.no_record": (0.18, "marketing contacts without any consent record"),
    "consent.granted": (0.72, "others who granted marketing by e-mail; each other channel 0.6 of that"),
    "consent.withdrawn": (0.14, "grants withdrawn later"),
    "consent.objected": (0.03, "contacts with a record who object to all marketing"),
    "consent.segment_context": (0.70, "identify calls that carry context.consent"),
    "agreement.signed": (0.90, "adults of core banking who signed a form about advertising at the bank"),
    "agreement.at_opening": (0.75, "of those, who signed when their record was made; the others later"),
    "agreement.agreed": (0.84, "forms that say yes to advertising"),
    "agreement.box": (0.90, "channels (app, e-mail, SMS, call) ticked on such a form"),
    "agreement.analytics": (0.60, "forms that say yes to analytics"),
    "agreement.renewed": (0.60, "forms of before July 2019, which end after five years, signed anew"),
    "agreement.withdrawn": (0.06, "forms that say yes, later withdrawn on paper for every channel"),
    "agreement.objected": (0.01, "customers with a form who later object to all advertising on paper"),
    "agreement.undated": (0.012, "forms entered without the day they were signed; all their rows are bad"),
    "agreement.no_notice": (0.02, "forms entered without the version of the notice"),
    # who stands to whom, as core banking keeps it
    "relation.household": (0.45, "households of two or more bank customers that the bank keeps as one"),
    "relation.moved_out": (0.10, "those of three or more whose last, if grown, is of it no longer"),
    "relation.guardian": (0.85, "minors whose guardian is in the register of relations, too"),
    "relation.spouse": (0.60, "couples of two bank customers whose marriage is in it"),
    "relation.partner_owns": (0.25, "firms of whose owner's partner, a bank customer, half of it is"),
    "relation.former_director": (0.20, "firms with a director who is one no longer"),
    "relation.authorised": (0.30, "firms with somebody else who may sign"),
    "relation.parent_firm": (0.20, "firms, but for the first of a block, that belong to another"),
    "care.vulnerable": (0.03, "people in core banking of whom a branch noted that they are vulnerable"),
    "suppression.any": (0.02, "marketing contacts on the do-not-contact list"),
    "suppression.do_not_call": (0.02, "CRM contacts who are not to be called"),
    "campaign.opened": (0.24, "sends that are opened"),
    "campaign.clicked": (0.15, "opened sends that are clicked"),
    "campaign.unsubscribed": (0.004, "opened or not, sends answered by an unsubscribe, which withdraws"),
    # rows that no contract can accept
    "bad.rows": (0.0004, "rows added to the files that must end in quarantine"),
}  # fmt: skip


def figure(name: str) -> float:
    """The value of a figure."""
    return FIGURES[name][0]
