"""Which names of HighLevel fields every account has, and which are an account's own."""

from __future__ import annotations

#: Fields of a contact that come with the platform, without case, dots and underscores.
_STANDARD = frozenset(
    {"id", "contactid", "name", "firstname", "lastname", "fullname", "firstnamelowercase"}
    | {"lastnamelowercase", "fullnamelowercase", "contactname", "email", "emaillowercase", "phone"}
    | {"phoneraw", "phonelabel", "additionalemails", "additionalphones", "validemail", "validphone"}
    | {"companyname", "businessname", "businessid", "company", "address", "address1", "address2"}
    | {"fulladdress", "city", "state", "country", "postalcode", "zip", "zipcode", "timezone"}
    | {"dateofbirth", "birthday", "birthdate", "birthmonth", "source", "website"}
    | {"tags", "tag", "type", "contacttype", "assignedto", "assigneduser", "owner", "followers"}
    | {"dnd", "dndsettings", "dnddirection", "dateadded", "dateupdated", "datecreated", "createdat"}
    | {"updatedat", "createdby", "createdon", "updatedon", "lastactivity", "lastactivitydate"}
    | {"lastactivitytype", "gender", "attributionsource", "lastattributionsource", "attributions"}
    | {"firstattribution", "latestattribution", "lastattribution", "utmsource", "utmmedium"}
    | {"utmcampaign", "utmcontent", "utmterm", "utmkeyword", "utmmatchtype", "sessionsource"}
    | {"sourceid", "sourcetype", "medium", "mediumid", "campaign", "campaignid", "adid", "adname"}
    | {"adsetid", "adgroupid", "gclid", "fbclid", "msclkid", "gacliendid", "referrer", "url", "ip"}
    | {"fbc", "fbp", "useragent", "pageurl", "notes", "note", "engagementscore", "score", "lang"}
    | {"language", "preferredlanguage", "profilephoto", "ssn", "keyword", "locationid", "deleted"}
    | {"lastnote", "lastappointment", "lastappointmentdate", "appointmentdate", "contactsource"}
    | {"customfield", "customfields", "currentdate", "weekday", "currentday", "currenttime"}
    | {"socialfacebook", "facebook", "instagram", "linkedin", "twitter", "youtube", "tiktok"}
    | {"numberofemployees", "industry", "annualrevenue", "lastemailclickeddate", "lastreply"}
    | {"lastemailopeneddate", "lastcampaign", "lastmessage", "lastmessagedate", "lastmessagetype"}
    | {"bounceemail", "unsubscribeemail", "validwhatsapp", "offlinelead", "inbounddnd"}
)  # fmt: skip
#: How people who name ids by hand begin those of custom fields.
_PREFIXES = ("cf", "custom", "field", "fld")


def _bare(name: str) -> str:
    name = name.strip().removeprefix("contact.")
    return name.replace("_", "").replace("-", "").replace(".", "").lower()


def is_standard(name: str) -> bool:
    return _bare(name) in _STANDARD


def is_custom(name: str) -> bool:
    """Whether a name in the place of a field can only be one of the account's own."""
    return bool(name) and "{{" not in name and not is_standard(name)


def looks_custom(name: str) -> bool:
    """The same where something else may stand too: only what has the look of an id counts."""
    if not is_custom(name) or " " in name:
        return False
    word = name.removeprefix("contact.")
    has_figure = any(letter.isdigit() for letter in word)
    has_capital = word != word.lower() and (has_figure or len(word) >= 15)
    return has_figure or has_capital or word.lower().startswith(_PREFIXES)
