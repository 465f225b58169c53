// The words of automatic-mail.ts: regular expressions, to be met in any case, in their users' languages.

/** What mail servers and helpdesks put before the subject that they answer. Nobody else begins a subject so. */
export const REPLY_PREFIXES = [
  '(?:auto|automatic|automated)[- ]?(?:reply|response|answer)',
  'request received', // Zendesk
  '(?:vacation|holiday) (?:(?:auto-?)?(?:reply|responder|response)|message|notice)',
  'auto-?responder',
  'automatische (?:antwort|beantwoording|rückantwort)',
  'automatisch antwoord',
  'réponse automatique',
  'respuesta automática',
  'resposta autom[áàa]tica',
  'risposta automatica',
  'risposta non al computer', // Apple's
  'automatiskt? svar',
  'autosvar(?: på)?',
  'sjálfvirkt svar',
  'automaattinen vastaus',
  'automaat(?:ne )?vastus',
  'odpowiedź automatyczna',
  'automatyczna odpowiedź',
  'autoodpowiedź',
  'automatická odpov[ěe]ď',
  'automatikus válasz',
  'răspuns automat',
  'automatski odgovor',
  'аутоматски одговор',
  'автоматски одговор',
  'samodejni odgovor',
  'automātiskā atbilde',
  'automatinis atsakymas',
  'përgjigje automatike',
  'otomatik (?:yanıt|cevap)',
  'αυτόματη απάντηση',
  'автоматичен отговор',
  'автоматический ответ',
  'автоответ',
  'автоматична відповідь',
  'автовідповідь',
  'מענה אוטומטי',
  'תשובה אוטומטית',
  'رد تلقائي',
  'پاسخ خودکار',
  'स्वचालित उत्तर',
  'ตอบกลับอัตโนมัติ',
  'การตอบกลับอัตโนมัติ',
  'trả lời tự động',
  'thư trả lời tự động',
  'balasan otomatis',
  'balasan automatik',
  'erantzun automatikoa',
  '自动(?:答复|回复)',
  '自動(?:回覆|回復)',
  '自動(?:応答|返信)',
  '자동 ?(?:회신|응답|답장)',
  '부재중 (?:알림|회신|자동 ?응답)',
  '不在通知',
];

/** How people head the answer that they leave behind, and helpdesks a confirmation. */
export const ABSENCES = [
  "(?:i am |i['’]m )?(?:currently )?(?:out of (?:the |my )?|away from (?:the |my ))office",
  'oo?to|ooo',
  'abwesenheits(?:notiz|meldung|nachricht|benachrichtigung|assistent|agent)',
  'ich bin (?:derzeit |momentan |zur ?zeit )?(?:nicht im (?:büro|haus)|abwesend|außer haus)',
  '(?:bin |ist )?(?:derzeit |momentan )?(?:nicht im büro|(?:außer|ausser) haus)',
  '(?:je suis )?(?:actuellement )?(?:absente?|absence) du bureau',
  "message d['’]absence",
  '(?:estoy )?fuera de (?:la )?oficina',
  '(?:sono )?fuori (?:sede|ufficio)',
  '(?:estou )?fora do escritório',
  'ausência temporária',
  'afwezigheids(?:bericht|melding|assistent)',
  'frånvaromeddelande',
  'fraværs(?:melding|besked|meddelelse)',
  'poissaoloilmoitus',
  'poza biurem',
  'mimo kancelář',
  'házon kívül',
  'în afara biroului',
  'нет на месте|вне офиса|отсутствую на рабочем месте',
  'поза офісом|извън офиса',
  'εκτός γραφείου',
  'ofis dışında(?:yım)?',
  'מחוץ למשרד',
  'خارج المكتب',
  'ticket received', // Freshdesk
];

/** One word for it, which a customer may begin with as well: a colon and more has to follow. */
export const ABSENCE_WORDS = [
  'away|absence',
  'abwesend|abwesenheit',
  'ausencia|ausência',
  'assenza',
  'afwezigheid',
  'frånvaro|frånvarande',
  'fravær',
  'poissa|poissaolo',
  'nieobecność',
  'nepřítomnost|neprítomnosť',
  'távollét',
  'absență',
  'отсутствие',
];

/** Words for it that are said of what is missing in a box, too, or of a holiday. */
export const WEAK_ABSENCES = [
  'absente?|ausente|assente|afwezig|fraværende',
  "(?:i am |i['’]m )?(?:away )?on (?:annual )?(?:holiday|vacation|leave)",
  '(?:ich bin )?(?:derzeit )?im urlaub|urlaub|en congés?|en vacances|de vacaciones|in ferie|de férias|op vakantie|på semester|på ferie|lomalla',
  '不在|外出',
  '부재중?',
];

/** What mail servers put before the subject of what they could not deliver. A customer may tell of a parcel so. */
export const BOUNCE_PREFIXES = [
  'undeliverable',
  'unzustellbar|nicht zustellbar',
  'non remis',
  'no se puede entregar',
  'non recapitabile',
  'não é possível entregar',
  'não entregue',
  'onbestelbaar',
  'kan (?:ikke|inte) leveres?(?:ras)?',
  'olevererbart|ei voi toimittaa',
  'niedostarczalne',
  'nedoručitelné|nedoručiteľné',
  'kézbesíthetetlen',
  'nelivrabil',
  'не доставлено',
  'teslim edilemedi',
  'μη παραδοτέο',
];

/** What mail servers call such a report. */
export const BOUNCES = [
  'undelivered mail returned to sender',
  'undeliverable (?:mail|message|e-?mail)',
  'returned mail(?=:? *(?:$|see transcript|user|host|unknown|local|cannot|data|delivery|service|response|list|warning|unable|undeliver))(?!$)',
  'mail delivery (?:failed|failure|system|subsystem|error|delayed)',
  '(?:message|e-?mail) delivery (?:has )?(?:failed|failure|delayed)',
  'delivery notification: delivery has (?:failed|been delayed)',
  'delivery status notification',
  'delivery failure notification',
  'warning: (?:could not send message|message still undelivered)[^:]*',
  'delivery has failed to these recipients',
  'mail system error',
  'fehler bei der nachrichtenzustellung',
  'problème de distribution du message',
  'failure notice',
  '(?:nachricht|e-?mail|mail) (?:unzustellbar|nicht zustellbar|konnte nicht zugestellt werden)',
  'message (?:non (?:remis|distribué|délivré)|non distribuable)',
  '(?:mensaje|correo) (?:no entregado|devuelto|no se pudo entregar)',
  'no se pudo entregar el (?:mensaje|correo)',
  '(?:messaggio|mail|e-?mail) non (?:recapitat[oa]|consegnat[oa]|consegnabile)',
  '(?:mensagem|e-?mail) não (?:entregue|pôde ser entregue)',
  '(?:bericht|e-?mail) (?:niet bezorgd|onbestelbaar|kon niet worden bezorgd)',
  '(?:meddelandet|beskeden|meldingen) (?:kunde|kunne) (?:inte|ikke) leveres?(?:ras)?',
  'viestiä ei (?:voi|voitu) toimittaa',
  'wiadomość (?:niedostarczona|nie została dostarczona)',
  'nedoručitelná zpráva|nedoručiteľná správa',
  'недостав(?:ленное|имое) (?:сообщение|письмо)',
  '(?:配信|送信)(?:不能|エラー|できませんでした)',
  '系统退信|系統退信|退信通知|邮件退回',
  '메일 (?:전송|배달) 실패',
];

/** The same in words that may be a parcel's. */
export const BOUNCE_PHRASES = [
  'delivery (?:failure|delayed)',
  'échec de (?:la )?remise',
  'remise différée',
  'zustellung verzögert',
];

/** What a mail server has to say, not a courier. */
export const SERVER_WORDS =
  '(?:user|recipient|mailbox|host|domain|address|quota|smtp|550|message|e-?mail|unknown user|utilisateur|destinataire|empfänger|postfach)';

/** What mail programs send when a mail is opened, or deleted unread. */
export const RECEIPTS = [
  '已读|已讀|읽음|נקרא|مقروءة?|อ่านแล้ว|đã đọc|dibaca',
  '(?:not |un)?read',
  '(?:nicht |un)?gelesen',
  '(?:non )?lue?s?',
  '(?:no )?leído',
  '(?:não )?lid[ao]',
  '(?:niet |on)?gelezen',
  '(?:o)?läst',
  '(?:ikke |u)?læst',
  'luettu',
  '(?:nie)?przeczytan[eao]',
  '(?:ne)?přečteno|(?:ne)?prečítané',
  'elolvasva',
  '(?:ne)?citit',
  'прочитано|прочтено|прочетено|не прочитано',
  'okundu',
  'διαβάστηκε|αναγνώστηκε',
  '(?:ne)?pročitano|prebrano|loetud|izlasīts|perskaityta|llegit',
];

/** The same in words that mean something else, too, such as an Italian bed. */
export const WEAK_RECEIPTS = ['(?:non )?letto', '(?:ikke |u)?lest', '開封済み'];

/** What they call it. */
export const RECEIPT_NAMES = [
  '(?:read|return) receipt',
  'disposition notification',
  'lesebestätigung',
  'accusé de lecture',
  'confirmación de lectura',
  'conferma di lettura',
  'recibo de leitura',
  'leesbevestiging',
  'läskvitto',
  'lesebekreftelse|kvittering for læsning',
  'lukukuittaus',
  'potwierdzenie (?:przeczytania|odczytu)',
  'potvrzení o přečtení',
  'olvasási visszaigazolás',
  'confirmare de citire',
  'уведомление о прочтении',
  'okundu bilgisi',
  '已读回执|開封確認|수신 확인',
];

/** How calendars answer an invitation. */
export const ACCEPTED = [
  '(?:tentatively )?accepted|tentative',
  'zugesagt|angenommen|mit vorbehalt(?: zugesagt| angenommen)?|vorläufig zugesagt',
  'accepté|provisoire',
  'aceptad[oa]|provisional',
  'accettato|provvisorio',
  'aceite|aceito|provisório',
  'geaccepteerd|voorlopig(?: geaccepteerd)?',
  'accepterat?|accepteret|preliminärt|foreløbig(?:t)?|godtatt',
  'hyväksytty|alustava',
  'zaakceptowan[eoy]|wstępna akceptacja',
  'přijato|prijaté|předběžně přijato',
  'elfogadva|feltételesen elfogadva',
  'acceptat|provizoriu',
  'принято|прийнято|прието|под вопросом',
  'kabul edildi|geçici',
  'αποδοχή|αποδεκτό',
  'prihvaćeno|sprejeto|vastu võetud|pieņemts|priimta',
  '已接受|暂定|接受|仮?承諾(?:済み)?|수락됨?|미정',
  'התקבל|تم القبول|مقبول',
];

/** How they tell of an invitation that is sent, changed or taken back: nobody asks us to come. */
export const INVITED = [
  '(?:updated )?invitation(?: with note)?|cancell?ed(?: event)?(?: with note)?',
  '(?:aktualisierte )?einladung|abgesagter termin|termin abgesagt',
  "(?:nouvelle |mise à jour de l[’']?)?invitation|(?:événement )?annulée?",
  '(?:nueva |actualización de la )?invitación|(?:evento )?cancelad[oa]',
  '(?:nuovo )?invito(?: aggiornato)?|(?:evento )?annullato',
  'convite(?: atualizado)?|(?:evento )?cancelad[oa]',
  '(?:bijgewerkte )?uitnodiging|(?:afspraak )?geannuleerd',
  'inbjudan|inställd|invitation|aflyst|invitasjon|avlyst|kutsu|peruutettu',
  'zaproszenie|anulowan[oeay]|odwołan[oeay]|pozvánka|zrušeno|zrušené|meghívó|lemondva|invitație|anulat',
  'приглашение|отменено|запрошення|скасовано|покана|отменено|davet|iptal edildi|πρόσκληση|ακυρώθηκε',
  '邀请|已取消|招待|キャンセル|초대|취소됨',
];

/** How they propose another time. */
export const PROPOSED = [
  'new time proposed',
  'neuer (?:zeit|termin)vorschlag|(?:andere|neue) (?:uhr)?zeit vorgeschlagen',
  'nouvelle heure proposée|proposition de nouvelle heure',
  'nueva hora propuesta',
  'nuova ora proposta|proposta di nuovo orario',
  'nova hora proposta',
  'nieuwe tijd voorgesteld|voorstel voor nieuwe tijd',
];

export const DECLINED = [
  'declined',
  'abgelehnt|abgesagt',
  'refusé|décliné',
  'rechazad[oa]',
  'rifiutato',
  'recusado',
  'geweigerd|afgewezen',
  'avböjt|nekat|tackat nej',
  'afslået|afvist|avslått',
  'hylätty',
  'odrzucon[eoy]',
  'odmítnuto|odmietnuté',
  'elutasítva',
  'refuzat',
  'отклонено|відхилено|отказано',
  'reddedildi',
  'απόρριψη|απορρίφθηκε',
  'odbijeno|zavrnjeno',
  '已拒绝|已謝絕|谢绝|辞退|거절됨?',
  'נדחה|تم الرفض|مرفوض',
];

/** What people are invited to. */
export const MEETINGS =
  '(?:call|meeting|demo|sync|stand-?up|interview|webinar|invitation|invite|appointment|kick-?off|jour fixe|check-?in|catch-?up|workshop|training|1:1|zoom|teams|anruf|besprechung|termin|treffen|vorstellung|telefonat|gespräch|einladung|réunion|appel|entretien|rendez-vous|reunión|llamada|cita|entrevista|riunione|chiamata|colloquio|appuntamento|reunião|chamada|entrevista|vergadering|gesprek|afspraak|overleg|möte|samtal|møde|møte|kokous|palaveri|spotkanie|rozmowa|schůzka|stretnutie|megbeszélés|értekezlet|întâlnire|ședință|встреча|звонок|совещание|зустріч|дзвінок|среща|toplantı|görüşme|σύσκεψη|συνάντηση|sastanak|sestanek|koosolek|sanāksme|susitikimas|会议|會議|会議|面談|打ち合わせ|회의|통화|פגישה|اجتماع)';

/** A mail program takes a mail back. */
export const RECALLS = ['(?:message )?recall(?:ed)?(?: success| failure)?'];

/** The same in words that a customer has for a call, or a reminder. */
export const WEAK_RECALLS = [
  'rückruf|rappel|richiam[ao]|recuperar|intrekken|återkalla|tilbagekald|tilbakekall|odwołanie',
];

/**
 * What a customer speaks of, and no subject of a mail that a machine answers begins with. Only where a word of the
 * lists above may be a person's, too; what isn't in the list is decided there.
 */
export const CUSTOMERS_OWN =
  '(?:my|mine|i|me|we|our|please|but|parcels?|package|shipment|courier|payments?|paid|cards?|visa|mastercard|paypal|refunds?|refunded|boxes|pieces?|items?|missing|deliver(?:y|ed|ies)?|clerk|neighbour|neighbor|address|apartment|' +
  'mein\\p{L}*|ich|mir|wir|unser\\p{L}*|bitte|aber|paket\\p{L}*|sendung\\p{L}*|päckchen|lieferung\\p{L}*|liefern|nachbar\\p{L}*|zahlung|karte|kreditkarte|erstattung|reklamation|retoure fehlt|teile?|rückruf|waschmaschine|adresse|agb|' +
  'mon|ma|mes|je|nous|notre|svp|mais|merci|colis|livraison|livrer|livrez|paiement|carte|remboursement|articles?|pièces?|adresse|conditions|' +
  'mi|mis|yo|nuestr\\p{L}+|por favor|pero|paquete|envío|entregar|pago|tarjeta|reembolso|falta\\p{L}*|piezas?|condiciones|dirección|' +
  'mio|mia|miei|io|nostr\\p{L}+|per favore|ma|pacco|consegn\\p{L}+|pagamento|carta|rimborso|manca\\p{L}*|pezz[oi]|condizioni|indirizzo|' +
  'meu|minha|nosso|nossa|por favor|mas|encomenda|entreg\\p{L}+|pagamento|cartão|reembolso|devolução|falta[m]?|geladeira|peças?|política|apartamento|' +
  'mijn|ik|wij|onze?|graag|alstublieft|aub|maar|pakket\\p{L}*|pakje|lever\\p{L}+|bezorg\\p{L}+|buren|betaling|kaart|terugbetaling|voorwaarden|adres|' +
  'mitt|mina|jag|vi|vår|snälla|men|paket\\p{L}*|leverera\\p{L}*|grann\\p{L}+|betalning|kort|kortet|återbetalning|villkor|min|mit|jeg|vores|vår|pakke\\p{L}*|levering|betaling|' +
  'minun|minä|paketti|toimitus|maksu|kortti|mój|moja|moje|ja|proszę|ale|paczk\\p{L}+|dostarcz\\p{L}+|dostaw\\p{L}+|płatność|kart\\p{L}+|zwrot pieniędzy|regulamin|sąsiad\\p{L}+|' +
  'můj|moje|prosím|balík|zásilka|platba|karta|csomag|fizetés|kártya|kérem|colet|plat[ăa]|card\\p{L}*|мой|моя|моё|моя|пожалуйста|посылк\\p{L}+|доставк\\p{L}+|оплат\\p{L}+|платеж|карт\\p{L}+|возврат|мій|посилк\\p{L}+|benim|kargo|ödeme|kart\\p{L}*|iade|δέμα|πληρωμή|κάρτα)';
/** No spaces between words there. */
export const CUSTOMERS_OWN_INSIDE =
  /荷物|配達|宅配|返金|支払|カード|クレジット|ください|お願い|包裹|快递|退款|付款|信用卡|请|我的|택배|배송|환불|결제|카드|제\s/;
/** What a customer buys, where it is not ours that is spoken of ("your order"). */
export const ORDERS =
  '(?:orders?|purchase|invoice|subscription|quote|offer|bestellung|auftrag|rechnung|angebot|commande|facture|devis|pedido|factura|fatura|ordine|fattura|bestelling|factuur|beställning|ordre|faktura|tilaus|zamówienie|objednávk\\p{L}|rendelés|comanda|заказ|замовлення|sipariş|παραγγελία|注文|订单|주문)';
export const OURS =
  '(?:your|ihre?[nmrs]?|deine?[nmrs]?|votre|vos|sus?|tu|il suo|la sua|o seu|a sua|seu|sua|uw|je|din|ditt|tilauksesi|twoj\\p{L}+|váš|vaše|ваш\\p{L}*)';

/** What is for sale, or comes with it: "Delivery delayed: Sofa". */
export const GOODS =
  '(?:sofa|couch|bed|mattress|table|desk|chairs?|lamps?|shelf|wardrobe|fridge|freezer|washer|dryer|washing machine|dishwasher|oven|kettle|toaster|tv|television|phone|laptop|tablet|camera|bike|bicycle|car|tyres?|tires?|shoes?|boots?|dress|shirts?|coat|jacket|trousers|books?|toys?|seats?|furniture|kitchen|groceries|flowers|gifts?|presents?|manual|instructions|voucher|coupon|discount|booking|reservation|tickets?|flight|hotel|application|contract|claim|complaint|warranty|anleitung|handbuch|gutschein|gutschrift|rabatt|ersatz|kulanz|antrag|ratenzahlung|buchung|vertrag|garantie|geld|möbel|küche|bett|matratze|tisch|stuhl|lampe|schrank|kühlschrank|fahrrad|schuhe|notice|manuel|câbles?|lit|matelas|meuble|chaise|bon|code|manuale|materasso|buono|mobile|manual|cable|mueble|cama|cupón|cabo|móvel|schroeven|bank|bon|korting|skruer|seng|kupong|bruksanvisning|instrukcja|kanapa|łóżko|kupon)';

/**
 * Mailboxes, or parts of their names, that nobody reads. `-`: joined by a dot, a hyphen, an underscore, or not at all.
 */
export const NO_REPLY_MAILBOXES = [
  'no-(?:reply|replies|respond|response)',
  'do-not-(?:reply|respond|answer)',
  'dont-reply',
  'nicht-antworten',
  'keine-antwort',
  'ne-pas-repondre',
  'pas-de-reponse',
  'no-(?:responder|responda|contestar)',
  'non-rispondere',
  'nao-(?:responder|responda)',
  'niet-(?:beantwoorden|antwoorden|reageren)',
  'geen-antwoord',
  'svara-(?:ej|inte)',
  'svar-ikke',
  'ikke-svar',
  'ala-vastaa',
  'nie-odpowiadaj',
];

/** Mailboxes that answer by themselves. */
export const AUTO_REPLY_MAILBOXES = ['auto-(?:reply|responder|response)'];

/** Mailboxes that tell what happened. */
export const NOTIFICATION_MAILBOXES = [
  'notifications?',
  'notify',
  'notifier',
  'alerts',
  'benachrichtigung(?:en)?',
  'notificaciones',
  'notificacoes',
  'powiadomienia',
  'auto-mailer',
];

/** Mailboxes that write to many. */
export const NEWSLETTER_MAILBOXES = ['news-?letters?', 'e-?newsletter', 'mailing-?list', 'mailings'];

/** Mailboxes that may, where the mail says how to get no more. */
export const MAILING_MAILBOXES = [
  'news',
  'marketing',
  'promos?',
  'promotions?',
  'offers?',
  'deals',
  'angebote',
  'ofertas',
  'offres',
  'updates?',
  'digest',
  'campaigns?',
  'mailing',
];

/** How a footer says it. */
export const UNSUBSCRIBES =
  '(?:unsubscri|abmelden|abzumelden|abbestellen|désabonner|désinscrire|darse de baja|cancelar (?:la|su|a|sua) sus?cri|cancelar (?:a|sua) (?:inscri|subscri)|annullare l|disiscri|cancellarsi|uitschrijven|afmelden|avregistrera|afmeld|avmeld|wypisać|zrezygnować|odhlásit|leiratkoz|dezabona|отписа|відписа)';
