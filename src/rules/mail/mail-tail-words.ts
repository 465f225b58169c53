// The words of mail-tail.ts, in their users' languages. What no list has stays with the author: that is the lesser
// harm.

/** How letters end. `^`, `$` and punctuation come from mail-tail.ts. */
export const CLOSINGS = [
  // English
  '(?:(?:with |my |our )?(?:very )?(?:best|kind|kindest|warm|warmest|many|sincere|good)(?: (?:and|&) (?:best|kind|kindest|warm|warmest))? )?(?:regards|wishes|greetings)',
  'with (?:kind|best) regards',
  'all the best',
  '(?:yours )?sincerely(?: yours)?',
  'yours (?:truly|faithfully|sincerely)',
  'respectfully(?: yours)?',
  'cordially',
  'take care',
  'have a (?:nice|great|good|lovely) (?:day|weekend|evening|week)',
  // German
  'mit (?:freundlichen?|besten?|herzlichen?|lieben|vielen|schönen|sonnigen|kollegialen) (?:grüßen|grüssen|gruß|gruss|grüße)',
  '(?:freundliche|beste|herzliche|liebe|viele|schöne|sonnige|liebste|ganz liebe)[rn]? (?:grüße|grüsse|gruß|gruss|grüßen)',
  '(?:gruß|gruss|grüße|grüsse)',
  'hochachtungsvoll',
  'herzlichst',
  'einen schönen (?:tag|abend)(?: noch)?',
  // French
  '(?:bien )?(?:très )?cordialement(?: vôtre)?',
  'bien à (?:vous|toi)',
  'sincères salutations',
  '(?:meilleures|respectueuses|cordiales) salutations',
  '(?:salutations|respectueusement)(?: distinguées)?',
  '(?:bonne|belle) (?:journée|soirée|réception)',
  'amicalement',
  // Spanish
  '(?:un )?(?:cordial |atento |fuerte )?(?:saludo|abrazo)(?: cordial)?',
  '(?:muchos |atentos )?saludos(?: cordiales)?',
  '(?:muy )?atentamente',
  'cordialmente',
  // Italian
  '(?:cordiali|distinti|cari|i migliori|i più cordiali) saluti',
  '(?:un caro |cordiale )?saluto?i?',
  'buona (?:giornata|serata)',
  'in fede',
  // Portuguese
  '(?:com os )?(?:melhores|meus|nossos)(?: melhores)? cumprimentos',
  'cumprimentos',
  'atenciosamente|atentamente',
  '(?:um )?abraços?',
  // Dutch
  '(?:met )?(?:vriendelijke|hartelijke|beste|warme|lieve) groet(?:en|jes)?',
  'groet(?:en|jes)?',
  'hoogachtend',
  // Swedish, Danish, Norwegian, Finnish, Icelandic
  '(?:med )?(?:vänliga?|bästa|varma) hälsning(?:ar)?|hälsningar|vänligen',
  '(?:med )?(?:venlige?|kærlige?|bedste|de bedste|vennlige?|beste|hjertelige?) hils(?:e)?n(?:er)?|hilsen',
  '(?:parhain|ystävällisin|terveisin|lämpimin)(?: terveisin)?|terveisin|terveisiä',
  '(?:með )?(?:bestu|kærri|góðri) kveðju?',
  // Polish, Czech, Slovak
  '(?:serdecznie |z poważaniem|pozdrawiam|z pozdrowieniami|pozdrowienia|z wyrazami szacunku)(?: serdecznie|pozdrawiam)?',
  's (?:přátelským )?pozdravem|s úctou|hezký den|pěkný den',
  's (?:priateľským )?pozdravom|pekný deň',
  // Hungarian, Romanian
  '(?:szívélyes |baráti )?üdvözlettel|tisztelettel',
  '(?:cu )?(?:stimă|respect|drag|prietenie)|toate cele bune|o zi (?:bună|frumoasă)',
  // Russian, Ukrainian, Bulgarian, Serbian, Croatian, Slovene, Greek, Turkish
  'с (?:уважением|наилучшими пожеланиями)|всего доброго|хорошего дня',
  '(?:з|із) (?:повагою|найкращими побажаннями)|гарного дня',
  'поздрави|с уважение|срдачан поздрав|поздрав',
  '(?:srdačan |lijep |lep )?pozdrav|s poštovanjem|s spoštovanjem|lep pozdrav',
  '(?:με )?(?:εκτίμηση|φιλικούς χαιρετισμούς)|φιλικά',
  'saygılarımla|saygılar|iyi (?:günler|çalışmalar)|selamlar',
  // Estonian, Latvian, Lithuanian
  'parimate soovidega|tervitades|lugupidamisega|ar cieņu|pagarbiai',
  // Catalan, Vietnamese, Indonesian
  'salutacions(?: cordials)?|atentament|trân trọng|thân mến|hormat saya|salam(?: hangat)?',
  // Japanese, Chinese, Korean, Arabic, Hebrew
  '(?:以上、)?(?:どうぞ)?(?:よろしく|宜しく)(?:お願い(?:いた|致)?します|お願い申し上げます)',
  '敬具|草々|此致|敬礼|祝好|顺祝商祺|谢谢，祝好',
  '감사합니다\\. ?드림|드림|올림',
  'مع (?:أطيب |فائق )?(?:التحيات|التحية|الاحترام|تحياتي)|تحياتي',
  'בברכה|בכבוד רב',
];

/** How letters begin. */
export const GREETINGS =
  'hello|hi|hey|dear|good (?:morning|afternoon|evening|day)|hallo|guten (?:tag|morgen|abend)|sehr geehrte[rs]?|liebe[rs]?|moin|servus|bonjour|bonsoir|salut|madame|monsieur|cher|chère|hola|buenos (?:días|dias)|buenas|estimad[oa]s?|querid[oa]s?|ciao|buongiorno|buonasera|salve|gentile|gentili|olá|oi|bom dia|boa tarde|car[oa]|prezad[oa]s?|beste|geachte|goede(?:morgen|middag|navond)|dag|hoi|hej|hei|god dag|moi|cześć|dzień dobry|witam|szanown[iya]|dobrý den|ahoj|jó napot|szia|bună(?: ziua)?|здравствуйте|привет|добрый день|доброго дня|merhaba|γεια';

/** Short ones, which may be a word or a brand as well. */
export const SHORT_CLOSINGS = [
  'best',
  'cheers',
  'b\\.?r\\.?',
  'mfg|lg|vg|glg|bg|hg',
  'cdlt|cdt|bàv',
  'gr\\.?|mvg|mvh',
  'vh|kh|hälsn\\.?',
  'pozdr\\.?|üdv\\.?|t\\.',
];

/** What thanks before a letter's end. */
export const THANKS = [
  '(?:many |kind )?thanks(?: a lot| again| so much| very much| in advance)?',
  'thank you(?: very much| so much| in advance| again)?|thx|tia',
  '(?:vielen |herzlichen |besten |lieben )?dank(?: im voraus| vorab)?|danke(?: schön| im voraus| vorab)?',
  "merci(?: beaucoup| d[’']avance| par avance| bien)?",
  '(?:muchas |mil )?gracias(?: de antemano| por adelantado)?',
  '(?:tante |molte |mille )?grazie(?: mille| in anticipo)?',
  '(?:muito )?obrigad[oa](?: desde já)?',
  '(?:alvast )?(?:bedankt|dank u(?: wel)?|dank je(?: wel)?)(?: alvast)?',
  'tack(?: så mycket| på förhand)?|(?:mange |på forhånd )?tak(?:k)?',
  'kiitos(?: etukäteen| paljon)?',
  'dziękuję(?: z góry| bardzo)?|z góry dziękuję',
  '(?:předem )?děkuji(?: předem)?|(?:vopred )?ďakujem',
  '(?:előre is )?köszönöm|mulțumesc(?: anticipat)?',
  '(?:заранее )?спасибо|(?:наперед )?дякую|благодаря',
  'teşekkürler|teşekkür ederim|ευχαριστώ',
];

export const ANDS = [
  'and',
  '&',
  '\\+',
  'und',
  'u\\.',
  'et',
  'y',
  'e',
  'en',
  'och',
  'og',
  'ja',
  'i',
  'a',
  'és',
  'și',
  'и',
  'та',
  'и с',
  've',
  'και',
];

/** What mail programs write of themselves, before or behind a device's name. */
export const SENT = [
  'sent|mailed|composed|written|posted',
  'gesendet|geschrieben|verfasst|verschickt',
  'envoyé|expédié|envoyée',
  'enviado|enviada|escrito|mandado',
  'inviato|inviata|spedito|scritto',
  'verzonden|verstuurd|gestuurd',
  'skickat|skickad|sendt|sent fra|lähetetty',
  'wysłane|wysłano|odesláno|odoslané|poslané|posláno',
  'küldve|elküldve|trimis',
  'отправлено|надіслано|відправлено|изпратено|послато|пратено',
  'poslano|poslato|saadetud|išsiųsta|nosūtīts|sent from',
  'στάλθηκε|απεσταλμένο|gönderildi|gönderilmiştir',
  'أ?ُ?رسلت|مرسل|تم الإرسال|נשלח|ارسال شده|فرستاده شده',
  'dikirim|dihantar|đã gửi|được gửi|gửi từ|ส่งจาก|enviat|sendita|seolta',
  '送信|发自|發自|發送自|寄自|来自|보냄|발송|전송',
];

export const DEVICES = [
  'i(?:phon|pad|pod|mac|cloud)\\p{L}*',
  'android\\p{L}*',
  'samsung|galaxy|huawei|xiaomi|redmi|oneplus|pixel|nokia|xperia|motorola|blackberry|honor|oppo|htc|lg',
  'windows|outlook|yahoo|gmail|gmx|web\\.de|freenet|t-online|telekom|vodafone|proton\\s?mail|spark|aol|orange|libero|virgilio|seznam|wp|onet|yandex\\p{L}*|яндекс\\p{L}*|mail\\.ru|zoho|hotmail|icloud|bluemail|aquamail|fairemail|k-9|thunderbird|superhuman|mailbird|hey|edison|airmail|newton|naver|qq邮箱|网易\\p{L}*',
  'mail|e-?mail|mailapp|app|application|aplikac\\p{L}*|aplicaci\\p{L}*|applicazione|приложени\\p{L}*',
  '(?:smart|mobil|mobile )?(?:phone|tele(?:f|ph)on\\p{L}*)|handy|mobil\\p{L}*|smartphone\\p{L}*|tablet\\p{L}*|portable|móvil|celular|cellulare|gsm|gerät|device|appareil|dispositivo|телефон\\p{L}*|telefon\\p{L}*|téléphone|unterwegs|手机|手機|携帯|スマートフォン|휴대폰|스마트폰|手机版',
];

/** "Get Outlook for iOS". */
export const GET_APP = [
  'yahoo mail: search, organize, conquer',
  '(?:get|download) (?:outlook|\\p{L}+ mail) for \\p{L}+',
  'outlook für \\p{L}+ (?:beziehen|herunterladen|abrufen)|(?:holen sie sich|laden sie) outlook für \\p{L}+.*',
  '(?:obtenir|télécharger|téléchargez) outlook pour \\p{L}+',
  '(?:obtener|obtén|descargar?) outlook (?:para|en) \\p{L}+',
  '(?:ottieni|scarica) outlook per \\p{L}+',
  '(?:obter|obtenha|baixar) o outlook (?:para|no) \\p{L}+',
  '(?:outlook voor \\p{L}+ (?:downloaden|ophalen)|download outlook voor \\p{L}+)',
  '(?:hämta|skaffa|få|hent|hanki|få fatt i) outlook (?:för|til|for|for:) ?\\p{L}+',
  '(?:pobierz|uzyskaj) (?:aplikację )?outlook dla (?:systemu )?\\p{L}+',
  '(?:získat|získať|stáhnout) outlook (?:pro|pre) \\p{L}+',
  '(?:скачать|получить|завантажити|отримати) outlook (?:для|на) \\p{L}+',
  'az outlook \\p{L}+ (?:beszerzése|letöltése)|obțineți outlook pentru \\p{L}+',
  '(?:获取|下載|取得|下载) ?outlook for \\p{L}+|outlook for \\p{L}+ ?を(?:入手|取得)|\\p{L}+용 outlook (?:다운로드|받기)',
  "\\p{L}+ için outlook[’']?u? (?:edinin|indirin)",
];

const THIS_MAIL = {
  en: '(?:this|the) (?:e-?mail|mail|message|communication|transmission|newsletter)',
  de: '(?:diese[rs]?|die) (?:e-?mail|mail|nachricht|newsletter)',
  fr: 'ce (?:message|courriel|mail|e-?mail)|cet e-?mail',
  es: 'este (?:mensaje|correo(?: electrónico)?|e-?mail)',
  it: '(?:questo|il presente) messaggio|(?:questa|la presente) (?:e-?mail|mail|comunicazione)',
  pt: 'est[ea] (?:mensagem|e-?mail)',
  nl: '(?:dit|deze) (?:bericht|e-?mail|mail)',
};

/**
 * What stands below mails in many companies, one phrase of which tells the paragraph. Anything that people ask for is
 * left out.
 */
export const FOOTERS = [
  // English
  `if you (?:have )?(?:received|got|get|receive) (?:this|${THIS_MAIL.en})[^.?!]{0,40} (?:by mistake|in error)`,
  'if you are not (?:the|an) (?:intended|named|addressed)|if you (?:have )?received it (?:by mistake|in error)',
  '^[^\\p{L}]*(?:confidentiality (?:notice|note)|(?:legal )?disclaimer|privacy notice|vertraulichkeitshinweis|rechtlicher hinweis|avis de confidentialité|aviso (?:legal|de confidencial\\p{L}+)|avviso di riservatezza|proclaimer)(?!\\p{L})',
  '^follow us on (?:facebook|instagram|linkedin|twitter|x|youtube|tiktok)',
  `${THIS_MAIL.en}[^.?!]{0,80} (?:is|are|be|contains?)[^.?!]{0,60} (?:confidential|privileged)`,
  '(?:is|are) intended (?:only|solely|exclusively) for',
  `you(?:['’]re| are| have)? (?:receive|received|receiving|get|got|getting) ${THIS_MAIL.en}[^.?!]{0,60} (?:because|as|since) you`,
  '(?:^|[.!|] ?)to unsubscribe',
  'unsubscribe (?:here|at any time|using|via)|^unsubscribe(?: \\||$)',
  '(?:click|tap|use|follow)[^.?!]{0,40} to unsubscribe|(?:click|tap) (?:here|below)[^.?!]{0,20} unsubscribe',
  'manage (?:your )?(?:subscription|email preferences|notification)|update your (?:email )?preferences|view (?:this (?:e-?mail|mail) )?in (?:your )?browser',
  'please (?:consider|think of) the environment before printing|(?:do you really need to|before you) print this',
  "(?:please )?(?:do not|don[’']t) (?:reply|respond) (?:directly )?to this (?:e-?mail|mail|message|address)",
  'this is an automat(?:ed|ic)(?:ally generated)? (?:e-?mail|mail|message|notification)|please do not reply\\.?$',
  'virus-?free|scanned (?:for viruses|by)|checked for viruses',
  'registered (?:office|in england)|all rights reserved',
  // German
  `(?:falls|wenn|sollten) sie (?:nicht der|${THIS_MAIL.de}|[^.?!]{0,20}adressat)[^.?!]{0,60}(?:adressat|empfänger|irrtümlich|versehentlich|fehler)`,
  `${THIS_MAIL.de}[^.?!]{0,60} (?:enthält|enthalten|ist|sind|könnte?n?)[^.?!]{0,40} (?:vertraulich|rechtlich geschützt)`,
  'sie erhalten diese[ns]? (?:e-?mail|mail|newsletter|nachricht)[^.?!]{0,40}(?:,? weil|,? da)',
  '(?:um sich|wenn sie)[^.?!]{0,60} (?:abmelden|abzumelden|abbestellen)[^.?!]{0,60} (?:klicken|hier|nutzen|link)|(?:newsletter|hier) (?:abbestellen|abmelden)$',
  '(?:bitte )?(?:antworten sie nicht|nicht antworten)[^.?!]{0,20} auf diese|diese (?:e-?mail|nachricht) wurde automatisch|bitte nicht (?:auf diese e-?mail )?antworten',
  'bitte (?:denken sie|prüfen sie)[^.?!]{0,40} (?:umwelt|ausdruck|drucken)|virenfrei|auf viren (?:geprüft|überprüft)',
  'handelsregister|amtsgericht [^.?!]{2,40} hr[ab]|ust-?id(?:nr)?\\.?',
  // French
  "si vous (?:avez reçu|recevez|n[’']êtes pas)[^.?!]{0,60} (?:par erreur|destinataire)",
  `(?:${THIS_MAIL.fr})[^.?!]{0,80} (?:confidentiel|destinés? exclusivement)`,
  '(?:^|[.!|] ?)pour (?:vous|se) (?:désabonner|désinscrire)|vous recevez ce[^.?!]{0,40} (?:car|parce)',
  "(?:merci de )?ne pas répondre à ce(?:t)? (?:message|e-?mail|courriel)|ce(?:ci est un)? message (?:est )?(?:automatique|a été envoyé automatiquement)|garanti sans virus|pensez à l[’']environnement",
  // Spanish
  'si (?:usted )?(?:ha recibido|recibe|no es)[^.?!]{0,60} (?:por error|destinatario)',
  `${THIS_MAIL.es}[^.?!]{0,80} (?:confidencial|dirigido exclusivamente)`,
  '(?:^|[.!|] ?)para (?:darse de baja|cancelar (?:la|su) suscripción)|(?:por favor,? )?no responda a este|libre de virus|mensaje automático',
  // Italian
  'se (?:ha|avete|hai) ricevuto[^.?!]{0,60} (?:per errore|errore)|se non (?:è|siete) (?:il|i) destinatar',
  `(?:${THIS_MAIL.it})[^.?!]{0,80} (?:riservat|confidenzial|destinat)`,
  "(?:^|[.!|] ?)per (?:annullare l[’']iscrizione|cancellarsi|disiscriversi)|non rispondere a questa|messaggio automatico|le informazioni contenute in quest[^.?!]{0,60} riservate",
  // Portuguese
  'se (?:você )?(?:recebeu|não (?:é|for))[^.?!]{0,60} (?:por engano|por erro|destinatário)',
  `${THIS_MAIL.pt}[^.?!]{0,80} (?:confidencial|destina-se)`,
  '(?:^|[.!|] ?)para cancelar (?:a|sua) (?:subscrição|inscrição)|não responda a est|mensagem automática|livre de vírus',
  // Dutch
  '(?:als|indien|mocht) u (?:dit|deze|niet de)[^.?!]{0,60} (?:per ongeluk|abusievelijk|ten onrechte|geadresseerde|bestemd)',
  `${THIS_MAIL.nl}[^.?!]{0,80} (?:vertrouwelijk|uitsluitend bestemd)`,
  '(?:^|[.!|] ?)om (?:u|je) (?:uit|af) te (?:schrijven|melden)|niet (?:te )?(?:antwoorden|beantwoorden)[^.?!]{0,20} (?:dit|deze)|automatisch (?:bericht|gegenereerd)',
  // Swedish, Danish, Norwegian, Finnish
  '(?:detta|denne|dette|denna) (?:meddelande|meddelelse|melding|e-?post|mail|besked)[^.?!]{0,80} (?:konfidentiell|fortrolig|avsett|konfidensiell)',
  'om du (?:har )?(?:fått|mottagit)[^.?!]{0,40} (?:av misstag|felaktigt)|hvis du (?:har )?(?:modtaget|mottatt)[^.?!]{0,40} (?:ved en fejl|ved en feil|feil)',
  'tämä (?:viesti|sähköposti)[^.?!]{0,80} luottamuksellinen|svara inte på detta|svar ikke på denne',
  // Polish, Czech, Slovak, Hungarian, Romanian
  '(?:niniejsza|ta|treść tej) wiadomo[^.?!]{0,80} (?:poufn|przeznaczon)|jeśli otrzymał[^.?!]{0,60} (?:omyłk|przez pomyłkę)|prosimy nie odpowiadać na',
  'tat?o (?:zpráva|správa|e-?mail)[^.?!]{0,80} (?:důvěrn|dôvern)|neodpovídejte na tuto|ez (?:az üzenet|az e-?mail)[^.?!]{0,80} bizalmas|acest (?:mesaj|e-?mail)[^.?!]{0,80} confiden',
  // Russian, Ukrainian, Greek, Turkish
  '(?:это|данное) (?:сообщение|письмо)[^.?!]{0,80} (?:конфиденциальн|предназначен)|если вы получили это[^.?!]{0,40} по ошибке|не отвечайте на это',
  'це повідомлення[^.?!]{0,80} конфіденційн|το παρόν (?:μήνυμα|e-?mail)[^.?!]{0,80} εμπιστευτικ|bu (?:e-?posta|ileti|mesaj)[^.?!]{0,80} gizli',
];
