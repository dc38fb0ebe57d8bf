"""The words that people write of how far an activity has come, and which state each kind says.

`STATES` are words that leave no doubt. All else is asked about with a proposal, sought in three
tables of which the first that fits wins: `TURNED` where a sentence turns what its words say alone
("inte gå vidare", "ska utvärderas"), `PROPOSALS` of single words and short wordings, and `TELLING`
of sentences that tell what has happened. How a cell is read is told in intake/plan/states.py.
"""

_NOT = r"(?:(?:är |har )?(?:ännu )?(?:ej|inte|icke)|not)(?: än| ännu| yet)?"
_YET = r"(?: än| ännu)?"
_DONE = (
    r"klara?t?|genomförda?|genomfört|utförda?|utfört|färdiga?|färdigt|färdigställda?"
    r"|färdigställt|slutförda?|slutfört|avklarad|avklarat|uppnådd|uppnått|levererad|levererat"
    r"|verkställd|verkställt|åtgärdad|åtgärdat|done|completed?|finished|closed|ok|helt klar"
    r"|gjord|gjorda|gjort|uppfyll[dt]|fullgjord|fullgjort|avprickad|avprickat|avbocka[dt]|bockad"
)
_BEGUN = r"(?:på)?(?:börja[dt]|starta[dt]|startats|börjats|igångsatt|igång|i gång)"
# What begins, or goes on, says a time as well, so of no column.
_BEGINS_LATER = (
    r"startar|startas|börjar|inleds|påbörjas|ska (?:starta|börja|inledas|påbörjas)"
    r"|(?:drar|sparkar|kör|går) i ?gång|dras i ?gång|(?:kommer|ska) (?:dra |komma )?i ?gång"
)
_UNDER_WAY = r"(?:kommit|dragit|satt) (?:i ?gång|i ?väg|till start)"
_GOES_ON_ELSEWHERE = r"fortsätter\b(?= (?:till |under |i )?(?:¤|nästa|kommande))|övergår till"
_FOLLOWED_UP = r"uppföljda?|uppfölj[dt]?t?|följ(?:t|ts|d|da) upp|utvärderad|utvärderat"
_ON_AND_ON = r"löpande|återkommande|kontinuerlig\w*"  # says of a time as well, so of no column
# Whole words that leave no doubt.
STATES: tuple[tuple[str, str], ...] = (
    (r"föreslagen|föreslaget|föreslagna|förslag|föreslås|utkast|idé|proposed|draft"
     rf"|{_NOT} beslutad?t?{_YET}", "föreslagen"),
    (
        r"beslutade?|beslutat|fastställd|fastställt|antagen|antaget|att göra|to ?do|open"
        r"|beslut (?:är )?(?:taget|fattat)|ostartad|opåbörjad"
        rf"|(?:beslutad,? |beslutat,? )?(?:men )?{_NOT} (?:{_BEGUN}|started){_YET}",
        "beslutad",
    ),
    (
        r"pågår|pågående|(?:upp)?starta[dt]|påbörja[dt]|påbörjats|startats|igång|i gång"
        r"|igångsatt|löper på|löper|håller på|fortgår|fortlöper|initiera[dt]|inledd|inlett"
        r"|i process|arbete pågår"
        r"|under (?:arbete|genomförande|framtagande|uppstart|införande"
        r"|uppbyggnad|utveckling|utförande"
        r"|implementering)"
        r"|pågår enligt plan|följer plan|aktiv|ongoing|in progress|started|doing|active"
        r"|in work|under ?way|wip|working on it|på gång|rullar(?: på)?",
        "pågående",
    ),
    (
        rf"(?:{_DONE})?(?:,? ?(?:och|samt|&|/|\+|-|–)? ?)?(?:{_FOLLOWED_UP})"
        rf"|(?:{_FOLLOWED_UP}),? ?(?:och|samt|&|/|\+|-|–)? ?(?:{_DONE}|avslutad|avslutat)",
        "uppföljd",
    ),
    (r"avslutade?|avslutat|avslutats", "avslutad"),
    (r"pausade?|pausat|pausas|på paus|paus|vilande|vilar|on hold|paused", "pausad"),
)  # fmt: skip
# What is asked, with what it most likely means; searched for anywhere, the first that fits wins.
PROPOSALS: tuple[tuple[str, str], ...] = (
    (rf"(?:{_FOLLOWED_UP}|uppföljning|utvärdering) (?:är )?(?:{_DONE})", "uppföljd"),
    (r"(?:slut|åter)?(?:redovisa[dt]|rapportera[dt])", "uppföljd"),
    (
        rf"(?:{_DONE})\W+(?:men |uppföljning\w* |utvärdering\w* )+"
        r"(?:återstår|kvarstår|kvar|saknas|väntar|(?:är )?(?:ej|inte) (?:gjord|klar)\w*)",
        "pågående",
    ),
    (
        r"(?:in)?väntar (?:på )?beslut|(?:till|inför|för) beslut|beslut saknas|ny idé|backlog"
        rf"|{_NOT} (?:förankra|beslut|fastställ)\w*",
        "föreslagen",
    ),
    (
        rf"{_NOT} (?:helt |riktigt )?(?:{_BEGUN}|{_UNDER_WAY}|kommer i ?gång)|{_NOT} gjor[dt]"
        r"|(?:ej|inte) aktuell\w* (?:än|ännu)"
        r"|kvar att göra|återstår|ingen aktivitet (?:än|ännu)",
        "beslutad",
    ),
    (r"flytta[dst]* fram\w*|framflytta[dt]|senarel[aä]g\w*", "pågående"),
    (
        r"överför[dts]\w*|överflyttad|flyttas? (?:till|över)|flytta[dt]|skjuts till"
        r"|(?:tas|följer|tar vi) med (?:in )?(?:i|till)|carried (?:over|forward)"
        r"|för(?:s|ts|d|t) (?:över|vidare) (?:till|i)",
        "överförd",
    ),
    (_GOES_ON_ELSEWHERE, "överförd"),
    (
        r"väntar|avvakta\w*|uppskju\w*|skjuts|parkerad|bordlagd|waiting|blocked|deferred|på is"
        r"|frys[ts]\w*|ligger nere|(?:tillfälligt|tills vidare) (?:stopp\w*|inställ\w*)"
        r"|paus(?:a[dts]|ats)?|vilar|vilande",
        "pausad",
    ),
    (
        r"avbr[uy]t\w*|inställ\w*|utgår|utgått|nedlagd|nedlagt|upphör\w*|stopp\w*|struken|struket"
        r"|stryks|stängd|annullera\w*|makulera\w*|cancell?ed|(?:ej|inte)(?: längre)? aktuell\w*"
        r"|l[aä]g(?:gs|ts|d|t) ne(?:d|r)|ställ(?:s|ts) in|tas bort|tagits bort|borttage[nt]"
        r"|(?:bort|ned)prioriter\w*|(?:genomförs|görs|utförs) (?:ej|inte)"
        r"|bl(?:ir|ev|i) (?:ej|inte) (?:av|något)|kommer (?:ej|inte) att|avskriv\w*"
        r"|skrota\w*|slopa\w*|avförd|avfört|avförs|ersatt",
        "avslutad",
    ),
    (
        rf"{_NOT} (?:helt )?(?:klar\w*|genomför\w*|färdig\w*|slutför\w*)|delvis"
        r"|försena[dt]\w*|sent?|avvik\w+|bevakas|risk|enligt plan|i fas|delayed|at risk|behind"
        r"|överskrid\w+|on (?:track|schedule)|off track|släpar\w*|(?:ligger|är|halkat) efter"
        r"|efter (?:tid)?plan(?:en)?|osäker\w*|oklart om|tveksam\w*",
        "pågående",
    ),
    (_BEGINS_LATER, "beslutad"),
    (r"(?:redo|klar) att (?:sätta |dra |köra )?(?:starta|börja|igång|i gång)|ready", "beslutad"),
    (
        r"genomförs|genomförande(?:fas\w*)?|(?:in|under) review|på remiss|(?:ute )?på granskning"
        r"|implementeras|påbörja[dt]\w*|pågår|pågående|startat|igång",
        "pågående",
    ),
    (r"till viss del|halvvägs", "pågående"),
    (_DONE, "pågående"),
    (
        r"planera\w*|planering\w*|förbered\w*|inplanera\w*|(?:in)?boka[dt]|kommande|godkän[dt]"
        r"|ny|new",
        "beslutad",
    ),
    (
        r"under (?:beredning|utredning|diskussion)|bereds|diskuteras|utreds|önskemål"
        r"|i tankestadiet",
        "föreslagen",
    ),
    (_ON_AND_ON, "pågående"),
    (r"grön[at]?|green|gula?|gult|yellow|amber|orange", "pågående"),
    (r"röda?|rött|red|gråa?|grått|grey|gray", "beslutad"),
)
_YEAR_TO_COME = (
    r"(?:till|to|över till|fram till|i|into) ¤(?:[ :]*(?:års|handlings|verksamhets)?\w*)?"
)
# A sentence that says something else than the words that stand in it.
TURNED: tuple[tuple[str, str], ...] = (
    (
        rf"{_NOT} gå vidare|inget intresse|släpp(?:er|s|t)|(?:ej|inte) (?:möjligt|genomförbar\w*)"
        rf"|(?:kan|kunde|gick|går) (?:ej|inte) (?:att )?genomför\w*"
        rf"|blev (?:det )?(?:inget|inte av)"
        r"|återkalla[dt]\w*|återta\w+|wont (?:do|fix)|rejected|abandoned|dropped|avslag\w*"
        r"|(?:ej|inte) prio\w*|runnit ut i sanden|slagits ihop\w*|kommer (?:ej|inte) att"
        r"|duplicate"
        r"|lägg(?:er|s|a) (?:\w+ )?ne(?:d|r)|faller (?:därmed|bort)|behövs (?:ej|inte)"
        r"|(?:ej|inte) längre|dubblett|inhibera\w*|(?:ej|inte) (?:relevant|tillämplig)\w*",
        "avslutad",
    ),
    (
        r"(?:stopp\w*|inställ\w*|ligger nere|vilar) (?:tills vidare|tillfälligt)|lega[tr] still"
        r"|står still\w*|icebox|återupptas|uppehåll|avstanna\w*|stanna(?:t|de) (?:av|upp)"
        r"|återkommer i|ligger lågt|stå tillbaka|stranda\w*|exspekter\w*",
        "pausad",
    ),
    (rf"(?:är |har )?{_NOT} (?:{_FOLLOWED_UP})|{_NOT} (?:ha |blivit )?utvärdera\w*", "pågående"),
    (
        r"(?:innan|före|inför|(?:in)?väntar|avvakta\w*|pending|awaiting) (?:på )?(?:\w+ )?"
        r"(?:beslut\w*|approval|decision)|pending approval|inget (?:är )?(?:bestämt|beslutat)"
        r"|(?:ska|bör|behöver|måste) (?:först )?(?:beslutas|förankras)|^önskas|idé\w*"
        rf"|(?:ännu )?inget beslut|beslut (?:fattas|tas|återstår|kvarstår|i nämnd\w*)"
        r"|needs? (?:approval|decision)|(?:för|till) ställningstagande|vill att|yrkar|återremi\w*"
        rf"|förslag [^.;]*{_NOT} (?:antag|beslut)\w*",
        "föreslagen",
    ),
    (
        rf"inge[tn] (?:\w+ )?(?:hän[dt]\w*|gjort|påbörjat)|{_NOT} (?:hän[dt]\w*|på gång|hunnit)$"
        r"|(?<!utvärdering )(?<!uppföljning )(?:görs|sker|hålls) (?:till|i|under|efter)"
        r" (?:¤|vår|höst|somm|vint|nästa|början|slutet)\w*",
        "beslutad",
    ),
    (
        rf"{_NOT} (?:started|inled\w*|satt|än|ännu)|driftstart|(?:start|uppstarts)möte"
        r"|genomförs (?:¤|till|i|under|efter|v)|boka\w* (?:till|i|¤)",
        "beslutad",
    ),
    (rf"^{_NOT} (?:genomför\w*|utför\w*)$", "beslutad"),
    (rf"{_NOT} verkställ\w*|selected for \w+|next up|scheduled", "beslutad"),
    (
        rf"(?:har |kan |kunnat |kunde ){_NOT} (?:kunnat )?(?:start|börj|påbörj|inled)\w*"
        rf"|(?:start|börj)\w* {_NOT}|kom\w* {_NOT} i ?gång|{_NOT} kunnat \w+",
        "beslutad",
    ),
    (r"(?:ready|waiting) for (?:review|test\w*|qa)|in (?:review|test\w*|qa)", "pågående"),
    (
        rf"(?:flytta\w*|moved?|överf\w*|skjut\w*|tas upp|läggs) {_YEAR_TO_COME}"
        r"|(?:till|in i) ¤ års \w*plan|^- ¤|åker med till|kvarstår till ¤|nästa års plan",
        "överförd",
    ),
    (
        r"(?:går|tas|lägg(?:s|er)|inarbetas|flytta\w*|förs|migrated|moved?|skjuts) [^.;]*"
        r"\w*plan(?:en)?(?: för)? ?(?:¤|-?\d\d(?:/\d\d)?)",
        "överförd",
    ),
    (
        r"ansvar(?:et)? (?:ligger|övertag\w*|tas över)|ägs (?:nu|numera)|^överlämna[dt] till",
        "överförd",
    ),
    (
        r"klar\w* för (?!uppfölj|utvärder)[^.;]*\b(?:väntar|återstår|kvarstår|kvar|inte|ej)\b",
        "pågående",
    ),
    (
        r"(?:två|tre|fyra|fem|\d+|flera|några|en del|hälften) av [^.;]*"
        r"(?:i ?gång|startat|börjat|klara?|infört|genomfört)"
        r"|i ?gång i [^.;]* (?:inte|ej) i",
        "pågående",
    ),
    (
        r"(?:beslut(?:at|ade)?|överens\w*|enades?|enats) (?:om )?att (?:\w+ ){0,4}\w+"
        r"|planen är att|i startgroparna",
        "beslutad",
    ),
    (
        r"(?:fått |gett |har )?[^.;]*i uppdrag att|med start (?:i|v|¤)|införs (?:i|v|¤)"
        r"|undertecknat?",
        "beslutad",
    ),
    (
        r"(?:ska|skall|kommer att|återstår att|kvar att) (?:\w+ )?(?:utvärderas|följas upp)"
        r"|(?:utvärderas|följs upp) (?:på|¤|under|i|efter|till|vid|om|senare)",
        "pågående",
    ),
    (
        r"(?:uppföljning(?:en)?|utvärdering(?:en)?|follow[- ]?up|evaluation|review)"
        r" (?:är |was |is )?"
        rf"(?:{_DONE}|visa(?:r|de|t)|presentera(?:s|des|ts|d)|redovisa(?:s|des|ts|d)|gjordes"
        r"|genomfördes|hölls|sker? på|är \w+[dt]\b)",
        "uppföljd",
    ),
    (rf"{_FOLLOWED_UP}|följdes upp|utvärderades|evaluated|reviewed", "uppföljd"),
    (rf"(?:{_DONE}) ?/ ?uppföljning|studera", "uppföljd"),
    (rf"(?:fu|uppföljn|utvärd|uppföljning|utvärdering)\.? (?:{_DONE})", "uppföljd"),
    (
        r"(?:har|hade) (?!\w*(?:beslut|föresl|skju|flytt|paus|avbr|avs[lk]|ställ|lag|leg|stå|utgå))"
        r"(?:(?!inte|ej|icke|ännu)\w+ ){0,2}\w{2,}(?:ats?|its?|tts|t[td]s)",
        "pågående",
    ),
    (
        r"(?:övergått|går över) i ordinarie|klar\w*,? (?:men )?(?:in)?väntar"
        r"|avslutas (?:i|under|till|vid|¤)"
        r"|(?:har|är|klart?) [^.;]*(?:återstår|kvarstår)|^återstår att",
        "pågående",
    ),
    (r"^avsluta[dt]e?(?! *(?:,|och|men)? *uppf)", "avslutad"),
    (r"(?:uppföljning|utvärdering)\w* (?:ska|kommer|planera\w*|sker|görs|om \d|¤)", "pågående"),
    (
        r"(?:ärendet|aktiviteten|arbetet|insatsen|projektet) (?:är )?avsluta\w*"
        r"|avsluta\w* i förtid",
        "avslutad",
    ),
)
# Verbs in any form, where no word of status is said: what was ended, rests, is told of or decided,
# is to come, and at last what has happened or goes on.
TELLING: tuple[tuple[str, str], ...] = (
    (
        r"avslut\w*|avbr(?:yt|öt|ut)\w*|avbok\w*|ställ(?:er|de|des|s|ts|d|t) in|utgick"
        r"|utgå\w*|uteblev|ersätt\w*|stryk\w*|strök\w*|avsl(?:og|ogs|ås)|nekad\w*|uppsag\w*"
        r"|(?:ej|inte) kvar",
        "avslutad",
    ),
    (
        r"paus\w*|vila\w*|sk(?:jut|öt)\w* (?:på|upp)|frös\w*|lagd på is|tills vidare|hindra\w*"
        r"|(?:får|måste) vänta"
        r"|sjukskriv\w*|vakant|vakans",
        "pausad",
    ),
    (
        r"(?:mätning\w*|resultat\w*|enkät\w*|analys\w*|utfall\w*) visar?d?e?|utvärder(?:ad|at)\w*"
        r"|uppfölj[dt]\w*",
        "uppföljd",
    ),
    (r"överta\w*|tar över|tog över", "överförd"),
    (rf"föresl\w*|bered\w*|{_NOT} (?:godkänd|godkänt|antag\w*)|(?:på|ute på) remiss", "föreslagen"),
    (r"beslut\w*|antag\w*|överens\w*|approved|agreed|accepted", "beslutad"),
    (r"förslag\w*|propos\w*|suggest\w*|önskas", "föreslagen"),
    (
        rf"har (?:ännu )?{_NOT}|(?:ska|skall|kommer att|tänker) \w+|börjar?|startar?|inleds"
        r"|planen är|uppstart\w*|(?:^|,) ?start ¤|genomföres|tillsatt\w*|rekryter\w*|upphandl\w*",
        "beslutad",
    ),
    (
        r"(?:jobba|arbeta|testa|prova|pröva|träna|använd|utbilda|delta)(?:r|s|t|des|de)?"
        r"|arbetet|löper|rulla\w*|fort(?:går|skrider|sätter|löp\w*)|i ?gång|i (?:bruk|drift)"
        r"|driftsatt"
        r"|återuppta\w+|halv(?:färdig\w*|klar\w*)|förläng\w+|under (?!¤)\w+|(?:bra|god|på) väg"
        r"|enligt (?:schema|tidplan)"
        r"|framta(?:gen|get|gits)|(?:finns|ligger) (?:nu|på plats|ute)|finns i"
        r"|håll(?:s|its|er)|hölls"
        r"|togs|tagits|gjordes|gjorts|ut?skicka[dt]\w*|skickat|fungera\w*|används|gick|gjorde"
        r"|resolved"
        r"|(?:har|haft|fått|gett|tagit|träffat|skrivit|bildat|startat|kommit)\b|nästan|bara"
        r"|blev av"
        r"|\w{3,}(?:ades|erades|fördes)|på (?:plats|rull|hälft\w*)|funkar|träffas|given|givet"
        r"|overdue|\w+-fasen"
        r"|(?:full|god) gång"
        r"|utse\w*|försen\w+|\w{3,}eras|(?:tas|tar) fram|insatt",
        "pågående",
    ),
)
# What is written short, with or without its full stop.
SHORT = {
    "påb": "påbörjad", "påbörj": "påbörjad", "påg": "pågår", "besl": "beslutad",
    "försl": "förslag", "föresl": "föreslagen", "avbr": "avbruten", "avsl": "avslutad",
    "utg": "utgår", "överf": "överförd", "genomf": "genomförd", "slutf": "slutförd",
    "akt": "aktuell", "förb": "förbereds", "inpl": "inplanerad", "försen": "försenad",
    "uppf": "uppföljning", "utv": "utvärdering", "utvärd": "utvärdering", "vil": "vilande",
    "bordl": "bordlagd", "inst": "inställd", "avv": "avvaktar", "påbrj": "påbörjad", "pgr": "pågår",
}  # fmt: skip
OF_TIMES = frozenset({_ON_AND_ON, _BEGINS_LATER, _GOES_ON_ELSEWHERE})
