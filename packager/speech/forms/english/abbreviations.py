"""Abbreviations and what they stand for."""

from __future__ import annotations


def _table(pairs: str) -> dict[str, str]:
    """ "Dr Doctor; Lt Lieutenant": the short form, a space, the long form. A low line is a space in a short form."""
    entries = (pair.split(None, 1) for pair in pairs.split(";"))
    return {short.replace("_", " "): " ".join(long.split()) for short, long in entries}


TITLES = _table(
    """
    Dr Doctor; Rt Right; Ms Miz; Drs Doctors; Mr Mister; Mrs Missus; Messrs Messieurs; Prof Professor; Profs
    Professors; Gen General;
    Lt Lieutenant; Col Colonel; Maj Major; Capt Captain; Cpt Captain; Cmdr Commander; Cdr Commander; Adm Admiral;
    Sgt Sergeant; Cpl Corporal; Pvt Private; Brig Brigadier; Gov Governor; Pres President; Sen Senator; Sens
    Senators; Rep Representative; Reps Representatives; Rev Reverend; Hon Honourable; Supt Superintendent; Insp
    Inspector; Det Detective; Amb Ambassador; Msgr Monsignor; Mme Madame; Mlle Mademoiselle; Fr Father; Sec
    Secretary; Cllr Councillor; Mt Mount; Ft Fort; Pt Point; St Saint
    """
)
"""Before a name."""

BOOKS = _table(
    """
    Gen Genesis; Exod Exodus; Lev Leviticus; Num Numbers; Deut Deuteronomy; Ps Psalm; Prov Proverbs; Isa Isaiah; Jer Jeremiah;
    Ezek Ezekiel; Dan Daniel; Matt Matthew; Mk Mark; Lk Luke; Jn John; Rom Romans; Cor Corinthians; Gal Galatians;
    Eph Ephesians; Heb Hebrews; Rev Revelation
    """
)
"""Before a chapter and a verse."""

ROADS = _table(
    """
    St Street; Ave Avenue; Blvd Boulevard; Rd Road; Dr Drive; Ln Lane; Ct Court; Sq Square; Hwy Highway; Pkwy
    Parkway; Pl Place; Terr Terrace; Cres Crescent
    """
)
"""After the name of a road."""

AFTER_NAMES = _table(
    """
    Jr Junior; Sr Senior; Esq Esquire; Ltd Limited; Inc Incorporated; Corp Corporation; Co Company; Bros Brothers;
    Cos Companies; Assn Association; Assoc Association; Mfg Manufacturing; Dept Department; Univ University; Govt
    Government; Inst Institute; Natl National; Intl International; Div Division
    """
)
"""After the name of a person or a firm, or in one."""

STATES = _table(
    """
    Ala Alabama; Ariz Arizona; Ark Arkansas; Calif California; Colo Colorado; Conn Connecticut; Del Delaware; Fla
    Florida; Ga Georgia; Ill Illinois; Ind Indiana; Kan Kansas; Ky Kentucky; La Louisiana; Mass Massachusetts; Md
    Maryland; Mich Michigan; Minn Minnesota; Miss Mississippi; Mo Missouri; Mont Montana; Neb Nebraska; Nev Nevada;
    Okla Oklahoma; Ore Oregon; Pa Pennsylvania; Tenn Tennessee; Tex Texas; Va Virginia; Vt Vermont; Wash Washington;
    Wis Wisconsin; Wyo Wyoming
    """
)
"""After the name of an American town."""

NUMBERED = _table(
    """
    pp pages; p page; Nos numbers; nos numbers; No number; no number; vols volumes; vol volume; chs chapters; chap
    chapter; chaps chapters; ch chapter; figs figures; fig figure; secs sections; sect section; sec section; arts
    articles; art article; paras paragraphs; para paragraph; par paragraph; cl clause; ll lines; l line; vv verses;
    eqs equations; eqn equation; eq equation; app appendix; ep episode; pt part; pts parts; fn footnote; col column;
    cols columns; bk book; ext extension; ca about; c about; apt apartment; ref reference; max maximum; min minimum
    """
)
"""Before a number, with a full stop."""

ANYWHERE = _table(
    """
    e.g. for example; eg for example; i.e. that is; ie that is; etc. et cetera; etc et cetera; vs. versus; vs
    versus; cf. compare; viz. namely; et_al. et al; ibid. ibid; op._cit. op cit; loc._cit. loc cit; approx.
    approximately; dept. department; depts. departments; govt. government; gov't government; govt government; univ.
    university; assn. association; assoc. association; asst. assistant; avg. average; incl. including; excl.
    excluding; intl. international; int'l international; nat'l national; natl. national; misc. miscellaneous; max.
    maximum; min. minimum; temp. temperature; tel. telephone; esp. especially; trans. translated by; pseud.
    pseudonym; cont. continued; cont'd continued; orig. original; prof. professor; profs. professors; sgt. sergeant;
    mgr. manager; dir. director; rev. revised; abbr. abbreviation; hon. honorary; repr. reprinted; n.d. no date;
    a.k.a. also known as; aka also known as; w.r.t. with respect to; Mx. Mix; Mx Mix; Messrs Messieurs; acct.
    account; qty. quantity
    """
)
"""Wherever they stand."""
