// The words of automatic-mail.ts: regular expressions, to be met in any case, in their users' languages.

/** What mail servers and helpdesks put before the subject that they answer. */
export const REPLY_PREFIXES = [
  '(?:auto|automatic|automated)[- ]?(?:reply|response)',
  'request received', // Zendesk
  'automatische (?:antwort|beantwoording)',
  'automatisch antwoord',
  'réponse automatique',
  'respuesta automática',
  'resposta autom[áà]tica',
  'risposta automatica',
  'automatiskt? svar',
  'autosvar',
  'automaattinen vastaus',
  'automaatvastus',
  'odpowiedź automatyczna',
  'automatyczna odpowiedź',
  'automatická odpov[ěe]ď',
  'automatikus válasz',
  'răspuns automat',
  'automatski odgovor',
  'samodejni odgovor',
  'automātiskā atbilde',
  'automatinis atsakymas',
  'otomatik yanıt',
  'αυτόματη απάντηση',
  'автоматичен отговор',
  'автоматический ответ',
  'автоматична відповідь',
  '自动答复',
  '自動回覆',
  '自動応答',
  '自動返信',
];

/** How people head the answer that they leave behind, and helpdesks a confirmation. */
export const ABSENCES = [
  "(?:i am |i['’]m )?(?:currently )?out of (?:the |my )?office",
  'abwesenheits(?:notiz|meldung|nachricht|benachrichtigung)',
  'ich bin (?:derzeit |momentan )?(?:nicht im büro|abwesend)',
  '(?:absente?|absence) du bureau',
  "message d['’]absence",
  'fuera de (?:la )?oficina',
  'fuori (?:sede|ufficio)',
  'fora do escritório',
  'ausência temporária',
  'afwezigheids(?:bericht|melding)',
  'frånvaromeddelande',
  'fraværs(?:melding|besked)',
  'poissaoloilmoitus',
  'poza biurem',
  'ticket received', // Freshdesk
];

/** What mail servers put before the subject of what they could not deliver. */
export const BOUNCE_PREFIXES = [
  'undeliverable',
  'unzustellbar',
  'non remis',
  'no se puede entregar',
  'non recapitabile',
  'não é possível entregar',
  'não entregue',
  'onbestelbaar',
  'kan ikke leveres',
  'olevererbart',
  'niedostarczalne',
  'nedoručitelné',
];

/** What mail servers call such a report. */
export const BOUNCES = [
  'undelivered mail returned to sender',
  'undeliverable (?:mail|message|email)',
  'returned mail',
  'mail delivery (?:failed|failure|system|subsystem|error)',
  'message delivery (?:failed|failure)',
  'delivery status notification',
  'delivery failure notification',
  'mail system error',
  'failure notice',
];

/** Mailboxes, or parts of their names, that nobody reads. `-`: joined by a dot, a hyphen, an underscore, or not at all. */
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
