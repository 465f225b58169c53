import { folded } from './languages.ts';

const plainOf = (text: string): string => folded(text).replaceAll('’', "'").replace(/\s+/g, ' ');

const MONEY =
  /[€$£]\s?\d|\b\d+(?:[.,]\d{1,2})? ?(?:€|\$|£|(?:eur|euros?|usd|dollars?|pounds?|gbp|chf|franken|zl|zloty(?:ch)?|pln|reais|dolares|dollari)\b)|\b\d+[.,]\d\d\b(?![.,]\d)/u;
/** What makes of an amount one that was billed, not a price: without accents, in eight languages. */
const BILLED =
  /\b(?:explain|bill|billed|charge[ds]?|debit(?:ed)?|deducted|withdrawn|statement|refund(?:ed)?|owe|took|taken|paid|credited|invoice|too (?:much|high)|(?:what(?:'s| is| was)|why is) (?:this|that|there))\b|\b(?:rechnung|abgebucht|abbuchung|belastet|berechnet|kontoauszug|erstattet|bezahlt|schuldet|erklar\w*)\b|\b(?:facture|factures?|debit\w*|preleve\w*|prelevement|releve|rembourse\w*|paye|devez|expliqu\w*)\b|\b(?:factura\w*|cobr(?:ado|aron|asteis|o)|cargo|cargado|extracto|reembols(?:ado|aron)|pague|debeis|deben|explic\w*)\b|\b(?:fatura|cobr(?:ado|aram|anca)|debit(?:ado|aram)|extrato|reembols(?:ado|aram)|paguei|devem)\b|\b(?:fattura|addebit\w*|prelev\w*|estratto|rimborsat\w*|pagato|spieg\w*)\b|\b(?:factuur|afgeschreven|afschrijving|rekening|terugbetaald|betaald|uitleg\w*)\b|\b(?:faktur\w*|pobran\w*|obciaz\w*|rachunk\w*|zwrocon\w*|zaplacil\w*|wyjasni\w*)\b/u;

/** What happened to this customer or their thing: only the business's records know it. */
const EVENTS = [
  // "Has my address been changed?", "why was my account closed?", "did you ship mine?", "have you received my return?"
  /\b(?:has|was|were|had|did|hasn't|haven't|wasn't|weren't|didn't) (?:my|mine|our)\b|(?:^|\b(?:and|why|but) )have (?:my|mine|our)\b/,
  /\b(?:have|did|has|haven't|didn't|hasn't) (?:you|your \p{L}+|they|anyone|someone|somebody|the \p{L}+) (?:\p{L}+ ){0,4}?(?:my|mine|me|our)\b/u,
  /\bwhy (?:was|were|did|has|have|am|wasn't|weren't|didn't|hasn't|haven't)(?: \p{L}+){0,3}? (?:i|my|our|me)\b/u,
  /\bwhy (?:is|are) (?:my|our) (?:\p{L}+ ){1,2}(?:blocked|locked|closed|suspended|banned|frozen|cancell?ed|deleted|limited)\b/u,
  /\bi (?:was|have been|got|am being|keep being|keep getting)(?: \p{L}+){0,2}? (?:billed|charged|debited|invoiced|overcharged)\b/u,
  /\bi've been(?: \p{L}+)? (?:billed|charged|debited|invoiced|overcharged)\b/u,
  /\b(?:never|not|didn't|haven't) (?:even )?(?:order(?:ed)?|bought|buy|sign(?:ed)? up|subscribed?|agreed?|authori[sz]ed?|placed?|booked?) (?:any|it|this|that|to|for|the|a|an|from|with)\w*\b(?=.*\b(?:bill|charge|invoice|paid|pay|debit|money|subscription)|$)/,
  /\bonly (?:\p{L}+ ){1,5}(?:refunded|credited|reimbursed|paid back)\b|\b(?:refunded|credited|reimbursed)(?: me)? only\b/u,
  // "My code was taken off", "was the voucher I bought used", "explain my invoice"
  /\bmy (?:\p{L}+ ){1,3}?(?:was|were|wasn't|weren't|has been|have been|hasn't been) \p{L}+/u,
  /\b(?:was|were|has|have) the (?:\p{L}+ ){1,3}?(?:that )?i (?:\p{L}+ed|bought|sent|paid)\b/u,
  /\b(?:explain|clarify) (?:my|the|this|that) (?:\p{L}+ )?(?:invoice|bill|charges?|fee|payment|amount)\b/u,
  /\b(?:status|progress|state|update|news) (?:of|on|about|with|for) (?:my|our)\b/,
  /\bdo i (?:still |already )?have (?:an? |any )(?:\p{L}+ )?(?:accounts?|orders?|subscriptions?|credit|points|contracts?)\b|\bam i (?:still |already )?(?:registered|subscribed|signed up|a member|blocked|banned)\b/u,
  // German
  /\berklar\p{L}* (?:\p{L}+ ){0,2}?(?:mein\p{L}*|diese[rns]?) (?:\p{L}+ )?(?:rechnung|abbuchung|gebuhr|betrag)\b/u,
  /\b(?:wurden?|worden) (?:\p{L}+ ){0,2}?(?:mein\p{L}*|unser\p{L}*|mir|mich)\b/u,
  /\b(?:haben|habt|hat) (?:sie|ihr|jemand|man|der \p{L}+|die \p{L}+) (?:\p{L}+ ){0,3}?(?:mein\p{L}*|mir|mich|unser\p{L}*)\b/u,
  /\b(?:ist|sind) mein\p{L}* (?:\p{L}+ ){1,4}?(?:angekommen|eingegangen|eingetroffen|verschickt|versandt|versendet|geandert|storniert|bearbeitet|gesperrt|geschlossen|bezahlt|worden)\b/u,
  /\b(?:warum|wieso|weshalb|weswegen) (?:wurden?|ist|sind|haben?|habt|hat|bin)(?: \p{L}+){0,3}? (?:ich|mein\p{L}*|mir|mich|unser\p{L}*)\b/u,
  /\bmir (?:\p{L}+ ){0,5}(?:abgebucht|berechnet|belastet|eingezogen)\b|\bmir wurden? \p{L}+/u,
  /\bnie (?:etwas |was )?(?:bestellt|gekauft|abonniert|zugestimmt|beauftragt|abgeschlossen)\b/,
  /\bnur (?:\p{L}+ ){1,4}(?:erstattet|gutgeschrieben|zuruckgezahlt)\b/u,
  // French
  /\b(?:mon|ma|mes|notre|nos) (?:\p{L}+ ){1,3}?(?:a|ont|n'a|n'ont)(?:-t-elle|-t-il|-elles|-ils)? (?:pas )?(?:bien |deja )*ete\b/u,
  /\bavez[- ]vous (?:\p{L}+ ){0,2}?(?:recu|envoye|expedie|rembourse|traite|annule|change|modifie|debite|enregistre)\b/u,
  /\bpourquoi\b.{0,30}\b(?:mon|ma|mes|notre|nos|ai-je|m'a|m'ont|m'avez|m'avoir|j'ai ete|me suis)\b(?=.*(?:\bete\b|\p{L}e[es]*\b))/u,
  /\b(?:j'ai ete|on m'a|vous m'avez|m'avez-vous|m'ont) (?:\p{L}+ )?(?:debite|facture|preleve|rembourse)e?\b/u,
  /\bjamais (?:rien )?(?:commande|achete|souscrit|signe|autorise)\b/,
  /\b(?:qu'un seul|qu'une seule|seulement) (?:\p{L}+ ){0,4}rembourse/u,
  // Spanish
  /\b(?:se ha|se han|ha sido|han|fue|fueron|habeis|ha llegado|ha salido) (?:\p{L}+ ){0,3}?(?:mi|mis|nuestr[oa]s?)\b/u,
  /\b(?:mi|mis) \p{L}+ (?:ya )?(?:ha sido|han sido|fue|fueron|se ha|ha llegado)\b/u,
  /\bpor que\b.{0,30}\b(?:me|mi|mis|nuestr[oa]s?)\b(?=.*(?:ad[oa]s?|id[oa]s?|aron|ieron|asteis)\b)/u,
  /\bpor que (?:me|mi|mis|fue|se) (?:\p{L}+ ){0,3}\p{L}+(?:ad[oa]|id[oa]|aron|ieron|o)\b/u,
  /\bme (?:han|habeis|ha) (?:\p{L}+ )?(?:cobrado|facturado|cargado|descontado)\b|\bme (?:cobraron|cobrasteis|facturaron|cargaron|descontaron)\b/u,
  /\bnunca (?:he )?(?:pedi|pedido|compre|comprado|contrate|contratado|me suscribi|autorice|autorizado)\b/,
  /\bsolo (?:\p{L}+ ){0,4}reembols/u,
  // Portuguese
  /\b(?:foi|foram|receberam|enviaram|cancelaram|alteraram|processaram|mudaram|recebeu|enviou) (?:\p{L}+ ){0,3}?(?:meus?|minhas?|noss[oa]s?)\b/u,
  /\b(?:meus?|minhas?) \p{L}+ (?:ja )?(?:foi|foram)\b/u,
  /\bpor ?que\b.{0,30}\b(?:me|meus?|minhas?|fui)\b(?=.*(?:ad[oa]s?|id[oa]s?|aram|eram|iram)\b)/u,
  /\bme (?:cobraram|faturaram|debitaram)\b|\b(?:cobraram|faturaram|debitaram)-me\b|\bfui (?:cobrad|debitad|faturad)[oa]\b/,
  /\bnunca (?:encomendei|comprei|pedi|assinei|autorizei|subscrevi)\b/,
  /\bso (?:\p{L}+ ){0,4}reembols/u,
  // Italian
  /\b(?:e|sono) stat[oaie] (?:\p{L}+ ){0,4}?(?:mio|mia|miei|mie)\b|\b(?:mio|mia|miei|mie) \p{L}+ (?:e|sono) (?:gia )?stat[oaie]\b/u,
  /\bavete (?:\p{L}+ ){0,2}?(?:ricevuto|spedito|inviato|rimborsato|elaborato|annullato|cambiato)\b/u,
  /\bperche\b.{0,30}\b(?:mi|mio|mia|miei|mie)\b(?=.*\p{L}(?:at|ut|it|us)[oaie]\b)/u,
  /\bmi (?:avete|hanno|e stato|e stata|sono stati) (?:\p{L}+ )?(?:addebit|fattur|prelev|rimbors)\p{L}+/u,
  /\bmai (?:ordinato|comprato|acquistato|sottoscritto|autorizzato)\b/,
  /\bsolo (?:\p{L}+ ){0,4}rimbors/u,
  // Dutch
  /\bwerd(?:en)? (?:mijn|onze)\b|\b(?:is|zijn) mijn (?:\p{L}+ ){1,4}?(?:gewijzigd|veranderd|aangepast|aangekomen|ontvangen|verzonden|verwerkt|geannuleerd|geblokkeerd|gesloten|teruggestort)\b/u,
  /\bheb(?:ben|t)? (?:jullie|u|je) (?:\p{L}+ ){0,3}?(?:mijn|mij|me)\b/u,
  /\bwaarom (?:is|zijn|werd|werden|heb|hebben|ben)(?: \p{L}+){0,3}? (?:mijn|ik|mij|me|onze)\b/u,
  /\b(?:er is|ik ben|mij is|is er|jullie hebben) .{0,40}\b(?:afgeschreven|gefactureerd|aangerekend)\b/,
  /\bnooit (?:iets )?(?:besteld|gekocht|afgesloten|aangevraagd)\b/,
  /\b(?:maar|slechts) (?:\p{L}+ ){0,4}terugbetaald\b/u,
  // Polish
  /\b(?:dlaczego|czemu)\b.{0,40}\b(?:moj\p{L}*|moje\p{L}*|mi|mnie)\b/u,
  /\bczy (?:\p{L}+ ){0,2}?(?:moj\p{L}*|moje\p{L}*) (?:\p{L}+ ){0,2}?(?:zosta\p{L}+|dotar\p{L}+|przysz\p{L}+|wysz\p{L}+)/u,
  /\b(?:obciazono|pobrano|naliczono|obciazyliscie|pobraliscie)\b/,
  /\bnigdy (?:nic |niczego )?nie (?:zamawia|zamowi|kupi|kupowa)\p{L}*/u,
];

/** Who did what, and when: no article has that, only one on how to look it up. */
const RECORDS = [
  // Who did something to it: "who changed my password" is not for who has forgotten it.
  /\b(?:who|someone|somebody) (?:has |have )?\p{L}+ (?:for )?(?:my|our)\b(?<!\b(?:to|can|could|should|will|would|must|do|may|is|of) \p{L}+ (?:for )?(?:my|our))/u,
  /\b(?:wer|jemand) (?:hat|haben) (?:\p{L}+ ){0,2}?mein\p{L}*/u,
  /\b(?:qui|quelqu'un) a (?:\p{L}+ ){1,2}?(?:mon|ma|mes)\b/u,
  /\b(?:quien|alguien) (?:ha|han) (?:\p{L}+ ){1,2}?(?:mi|mis)\b|\b(?:quien|alguien) \p{L}+o (?:mi|mis)\b/u,
  /\b(?:quem|alguem) \p{L}+(?:ou|eu|iu) (?:a |o |as |os )?(?:meus?|minhas?)\b/u,
  /\b(?:chi|qualcuno) ha (?:\p{L}+ ){1,3}?(?:mio|mia|miei|mie)\b/u,
  /\b(?:wie|iemand) heeft mijn\b/,
  /\b(?:kto|ktos) (?:\p{L}+ ){0,2}?(?:zmieni|odebra|usuna|uzy)\p{L}* (?:moj\p{L}*|moje\p{L}*)/u,
  /\b(?:my|mein\p{L}*|mon|ma|mes|mi|mis|meu|minha|mio|mia|mijn|moj\p{L}*|moje\p{L}*) (?:very )?(?:last|latest|previous|letzte\p{L}*|derni\p{L}+|ultim[oa]s?|laatste|ostatni\p{L}*)\b(?! (?:name|nom))/u,
  /\b(?:when|which|what|where|how much|how many|how often)(?: \p{L}+){0,3}? did (?:i|we)\b|\b(?:when|which \p{L}+|where) did you (?:ship|send|deliver|bill|charge|refund|post)\b|^(?:and )?did i\b|\bhave i (?:already|ever|been)\b|\bwhen (?:was|were) (?:my|our)\b|\bmy (?:very )?(?:last|latest|previous) (?:\p{L}+ )?(?:order|orders|payment|invoice|purchase)s? (?:was|were)\b/u,
  /\b(?:wann|wie oft) (?:haben?|hab|war|waren) (?:ich|wir|mein\p{L}*)\b|\bhabe? ich (?:schon|bereits|jemals) (?:\p{L}+ ){0,3}(?:bestellt|bezahlt|gekauft|gekundigt)\b/u,
  /\bquand (?:est-ce que )?(?:ai-je|j'ai|avons-nous|etait m\p{L}+)\b|\bai-je (?:deja|bien)\b/u,
  /\bcuando (?:hice|pedi|compre|pague|realice|fue mi|fue la ultima vez|he)\b/,
  /\bquando (?:foi (?:a |o )?(?:minha|meu|ultima)|comprei|encomendei|pedi|fiz|paguei)\b/,
  /\bquando (?:ho|abbiamo|e stato il mio|e stata la mia)\b/,
  /\bwanneer (?:heb|had|hebben|was) (?:ik|wij|we|mijn)\b/,
  /\bkiedy (?:\p{L}+ ){0,2}\p{L}+(?:alem|alam|ilem|ilam|ylem|ylam)\b/u,
];

/** What a heading says that is about what became of something, or about how to find that out; in eight languages. */
const OF_A_STATE =
  /\b(?:where(?:'s| is| are)|when (?:will|do|does|is|are)|why|status|my|i|i've|mine|not|no|never|\p{L}+n't|missing|lost|late|delay(?:ed|s)?|damaged|broken|wrong|faulty|defective|declined|failed|rejected|refused|twice|double|duplicate|blocked|locked|suspended|closed|charged|billed|charges?|track\w*|trace|check\w*|history|problems?|issues?|trouble|unknown|incorrect|arrived|received|refunds?)\b|\b(?:wo (?:ist|sind|bleibt)|wann (?:kommt|bekomme|erhalte|wird)|warum|wieso|mein\p{L}*|nicht|kein\p{L}*|fehl\p{L}*|verloren|verspat\p{L}*|beschadigt\p{L}*|defekt\p{L}*|falsch\p{L}*|abgelehnt|doppelt\p{L}*|zweimal|gesperrt|verfolg\p{L}*|prufen|stand|problem\p{L}*|angekommen)\b|\b(?:ou (?:est|sont)|quand|pourquoi|statut|suivi|suivre|mon|ma|mes|pas|perdu\p{L}*|retard|manqu\p{L}*|endommage\p{L}*|casse\p{L}*|refuse\p{L}*|deux fois|bloque\p{L}*|verifier|probleme\p{L}*)\b|\b(?:donde esta\p{L}*|cuando|por que|estado|mi|mis|seguimiento|rastrear|perdid[oa]s?|retras\p{L}*|falta\p{L}*|danad[oa]s?|rot[oa]s?|rechazad[oa]s?|dos veces|bloquead[oa]s?|comprobar|problemas?)\b|\b(?:onde esta\p{L}*|meus?|minhas?|nao|atras\p{L}*|danificad[oa]s?|partid[oa]s?|recusad[oa]s?|duas vezes|rastre\p{L}*|acompanhar|verificar)\b|\b(?:dov'e|dove (?:e|sono)|perche|stato|mio|mia|miei|mie|non|pers[oa]|ritard\p{L}*|manca\p{L}*|dannegg\p{L}*|rifiutat\p{L}*|due volte|bloccat\p{L}*|tracci\p{L}*|verificare)\b|\b(?:waar (?:is|zijn|blijft)|wanneer|waarom|mijn|niet|geen|kwijt|vertra\p{L}*|ontbre\p{L}*|beschadigd\p{L}*|geweigerd\p{L}*|dubbel|geblokkeerd\p{L}*|volgen|controleren)\b|\b(?:gdzie jest|kiedy|dlaczego|moj\p{L}*|moje\p{L}*|nie|zagin\p{L}*|opozni\p{L}*|brak\p{L}*|uszkodz\p{L}*|odrzuc\p{L}*|podwojn\p{L}*|zablokow\p{L}*|sledz\p{L}*|sprawdz\p{L}*)\b/u;
/** One that says how something is done, though it speaks of "mine". */
const HOW_TO =
  /\b(?:(?:how|where) (?:do|can|to|should|could)|wie (?:kann|andere|funktioniert|stelle|mache)|wo (?:kann|finde)|comment|ou (?:puis|trouver)|como|donde (?:puedo|encuentro)|onde (?:posso|encontro)|come|dove (?:posso|trovo)|hoe|waar (?:kan|vind)|jak|gdzie (?:moge|znajde))\b/;
/** One that says where it is looked up. */
const TO_FIND_OUT =
  /\b(?:track\w*|trace|check(?:ing)?|status|history|(?:past|previous) orders|verfolg\p{L}*|prufen|suivre|verifier|seguimiento|rastrear|comprobar|rastre\p{L}*|acompanhar|verificar|tracci\p{L}*|verificare|volgen|controleren|sledz\p{L}*|sprawdz\p{L}*)\b/u;

/** How a question asks for what happened to the customer's own thing. */
export type OwnEvent = 'event' | 'record';

/**
 * Says whether a question asks what became of the customer's own order, account or money (`event`: "has my address
 * been changed", "explain the 3.20 on my bill"), or who did what and when (`record`: "when did I
 * last order"). `null`: it does not. In eight languages; how something is done is neither, though it is about "my"
 * thing.
 */
export const ownEventIn = (question: string): OwnEvent | null => {
  const plain = plainOf(question);
  if (RECORDS.some((pattern) => pattern.test(plain))) return 'record';
  if (EVENTS.some((pattern) => pattern.test(plain)) || (MONEY.test(plain) && BILLED.test(plain))) return 'event';
  return null;
};

/**
 * Says whether an article with this heading may answer such a question: one about what became of something, or on how
 * to find out; what customers themselves did, only one on how to find out.
 */
export const mayAnswerEvent = (heading: string, event: OwnEvent): boolean => {
  const plain = plainOf(heading);
  return TO_FIND_OUT.test(plain) || (event === 'event' && OF_A_STATE.test(plain) && !HOW_TO.test(plain));
};
