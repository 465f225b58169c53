import { folded, LANGUAGES } from './languages.ts';
import { withoutSignature } from './signature.ts';

/** A message with nothing to answer but politeness. */
export type SmallTalk = 'greeting' | 'thanks' | 'farewell';

const phrases = (list: string): string[][] =>
  list
    .split('|')
    .map((phrase) => phrase.trim().split(/\s+/))
    .filter(([first]) => first !== '');

/** Lower case, without accents and marks; a phrase a `|`. */
const GREETINGS = phrases(
  `hi|hello|hey|hiya|hi there|hello there|hey there|greetings|good morning|good afternoon|good evening|good day|morning|dear all|dear team|hi all|hello everyone|hi everyone|hi team|hello team
  |anyone there|is anyone there|is anybody there|anybody there|are you there|you there|is someone there|how are you|how are you doing|nice to meet you
  |hallo|hallo zusammen|guten tag|guten morgen|guten abend|servus|moin|gruss gott|ist da jemand|ist jemand da|jemand da|wie geht es ihnen|wie gehts|wie geht s|sehr geehrte damen und herren
  |bonjour|bonsoir|salut|coucou|bonjour a tous|il y a quelqu un|y a quelqu un|comment allez vous|comment ca va|ca va|bonjour madame|bonjour monsieur|madame monsieur
  |hola|buenos dias|buenas tardes|buenas noches|buenas|buen dia|hola que tal|que tal|hay alguien|hay alguien ahi|como estas|como esta|estimados
  |ola|oi|bom dia|boa tarde|boa noite|tudo bem|tem alguem ai|alguem ai|como vai
  |ciao|salve|buongiorno|buonasera|buona sera|c e qualcuno|come stai|come va
  |hoi|goedemorgen|goedemiddag|goedenavond|goedendag|is daar iemand|is er iemand|hoe gaat het|dag
  |czesc|witam|dzien dobry|dobry wieczor|hej|jest tam ktos|halo|jak sie masz`,
);
const THANKS = phrases(
  `thanks|thank|thank you|thank u|thanx|thx|ty|tysm|cheers|many thanks|thanks a lot|thanks a million|thanks a bunch|thank you so much|thank you very much|thanks so much|thanks very much|much appreciated|appreciated|i appreciate it|i appreciate your help|i really appreciate it|really appreciate it|i am grateful|very grateful|very kind of you|that is very kind|thats very kind|so kind|you are the best|youre the best
  |that helped|that helps|that was helpful|this helped|this helps|very helpful|that worked|this worked|it worked|that did it|that did the trick|it works|it works now|works now|works fine|works great|works like a charm|that works
  |danke|danke schon|danke sehr|danke dir|danke ihnen|danke euch|dankeschon|vielen dank|vielen lieben dank|besten dank|herzlichen dank|lieben dank|tausend dank|ich danke ihnen|das hat geholfen|hat geholfen|das hat geklappt|hat geklappt|hat funktioniert|es funktioniert|das funktioniert|funktioniert jetzt|jetzt geht es|jetzt gehts|super danke
  |merci|merci beaucoup|merci bien|mille mercis|un grand merci|grand merci|merci a vous|je vous remercie|merci d avance|ca marche|ca a marche|ca fonctionne|ca m a aide
  |gracias|muchas gracias|mil gracias|muchisimas gracias|se lo agradezco|te lo agradezco|muy amable|ya funciona|funciono|me sirvio|me ayudo
  |obrigado|obrigada|muito obrigado|muito obrigada|obg|valeu|brigado|brigada|agradeco|agradecida|agradecido|funcionou|deu certo|ajudou
  |grazie|grazie mille|tante grazie|molte grazie|ti ringrazio|la ringrazio|vi ringrazio|ha funzionato|funziona|mi e stato utile
  |bedankt|dankjewel|dankuwel|dank je|dank u|dank je wel|dank u wel|hartelijk dank|heel erg bedankt|hartelijk bedankt|alvast bedankt|het werkt|het is gelukt|gelukt
  |dziekuje|dzieki|dziekuje bardzo|bardzo dziekuje|wielkie dzieki|serdecznie dziekuje|dziekujemy|zadzialalo|dziala|pomoglo`,
);
const FAREWELLS = phrases(
  `ok|okay|k|kk|okey|okie|alright|all right|right|sure|fine|great|perfect|awesome|cool|nice|super|wonderful|excellent|amazing|lovely|brilliant|good|very good|sounds good|got it|i got it|gotcha|understood|i understand|i see|noted|makes sense|will do|yes|yep
  |bye|bye bye|goodbye|good bye|see you|see ya|take care|good night|have a good day|have a nice day|have a great day|have a good one|have a lovely day|have a nice weekend|have a great weekend|have a good weekend|have a nice evening|enjoy your day|enjoy your weekend|you too|same to you|all the best|good luck
  |no thanks|no thank you|nope thanks|no that s all|no thats all|that is all|that s all|thats all|that will be all|that is all i needed|thats all i needed|nothing else|nothing more|no more questions|no further questions|no other questions|i am good|i m good|im good|all good|all fine|it is all good|everything is fine|everything is good|never mind|nevermind|nvm|forget it please|all set|i am all set|im all set|i m all set
  |solved|it is solved|its solved|it s solved|problem solved|sorted|all sorted|it is sorted|its sorted|issue resolved|it is resolved|its resolved|resolved|it is fixed now|its fixed now|fixed now|found it|i found it|i have found it|i figured it out|figured it out|i have it now|my order arrived|my order has arrived|my parcel arrived|my parcel has arrived|the parcel arrived|the parcel has arrived|my package arrived|my package has arrived|the package arrived|it arrived|it has arrived|it has just arrived|it just arrived
  |alles klar|alles gut|alles bestens|verstanden|passt|passt so|in ordnung|prima|toll|perfekt|sehr gut|gut|genau|ja|tschuss|tschuess|auf wiedersehen|bis dann|schonen tag|schonen tag noch|einen schonen tag|schones wochenende|schonen abend|ihnen auch|gleichfalls|nein danke|das ist alles|das war alles|das wars|hat sich erledigt|erledigt|schon erledigt|das problem ist gelost|gelost|habs gefunden|ich habe es gefunden|keine fragen mehr|keine weiteren fragen
  |d accord|entendu|compris|parfait|tres bien|bien|genial|oui|au revoir|a bientot|bonne journee|bonne soiree|bon week end|non merci|c est tout|c est bon|tout est bon|c est regle|probleme resolu|j ai trouve|rien d autre|vous aussi
  |vale|de acuerdo|entendido|perfecto|muy bien|genial|listo|claro|si|adios|hasta luego|hasta pronto|buen fin de semana|que tenga un buen dia|que tengas un buen dia|no gracias|eso es todo|nada mas|ya esta|ya esta resuelto|resuelto|solucionado|ya lo encontre|igualmente|chao|chau
  |certo|entendi|perfeito|muito bem|otimo|beleza|blz|sim|tchau|ate logo|ate mais|tenha um bom dia|bom fim de semana|nao obrigado|nao obrigada|e so isso|so isso|nada mais|resolvido|ja resolvi|ja encontrei|ta bom|esta bem|igualmente
  |va bene|d accordo|capito|perfetto|ottimo|benissimo|bene|arrivederci|a presto|buona giornata|buona serata|buon weekend|no grazie|e tutto|nient altro|risolto|ho risolto|trovato|l ho trovato|altrettanto
  |prima|duidelijk|begrepen|top|perfect|geweldig|oke|goed|ja|tot ziens|doei|fijne dag|fijne avond|fijn weekend|prettige dag|nee bedankt|nee dank je|dat is alles|dat was alles|opgelost|het is opgelost|gevonden|ik heb het gevonden|insgelijks|laat maar
  |dobrze|rozumiem|jasne|swietnie|super|tak|do widzenia|milego dnia|milego weekendu|pa|nie dziekuje|to wszystko|rozwiazane|znalazlem|znalazlam|wzajemnie`,
);
/** Said along with the others; alone they are nothing. */
const COMPANY = phrases(
  `so much|very much|a lot|again|once again|all|everyone|team|guys|folks|sir|madam|mate|for everything|for all|for that|for this|for your help|for the help|for all your help|for all the help|for your quick help|for the quick help|for your fast help|for helping|for helping me|for your time|for your support|for your patience|for the info|for the information|for the reply|for your reply|for the quick reply|for your quick reply|for the fast reply|for the answer|for your answer|for the quick answer|for the quick response|for your quick response|for your response|for the response|for letting me know|for the update|for clarifying|for the clarification|for your assistance|in advance|and|then|now|very|so|please|it|to you|to you all|you|have a good rest of your day|just what i needed|that is what i needed|thats what i needed|exactly what i needed
  |noch|noch mal|nochmal|nochmals|sehr|fur alles|fur ihre hilfe|fur die hilfe|fur deine hilfe|fur eure hilfe|fur die schnelle hilfe|fur ihre schnelle hilfe|fur die schnelle antwort|fur ihre schnelle antwort|fur die antwort|fur ihre antwort|fur die info|fur die information|fur die informationen|fur die ruckmeldung|fur die schnelle ruckmeldung|fur ihre muhe|im voraus|und|dann|dir auch|euch|ihnen
  |beaucoup|encore|pour tout|pour votre aide|pour ton aide|pour l aide|pour votre reponse|pour la reponse|pour votre reponse rapide|pour l info|pour l information|pour les informations|a tous|et|infiniment
  |por todo|por su ayuda|por tu ayuda|por la ayuda|por la informacion|por la respuesta|por su respuesta|por responder|de nuevo|a todos|y|entonces
  |pela ajuda|por tudo|pela sua ajuda|pela informacao|pela resposta|pela atencao|pelo retorno|de novo|a todos|e|entao|mesmo
  |per tutto|per l aiuto|per il tuo aiuto|per il suo aiuto|per la risposta|per l informazione|per le informazioni|ancora|di nuovo|a tutti|allora
  |voor alles|voor je hulp|voor uw hulp|voor de hulp|voor het antwoord|voor uw antwoord|voor de informatie|voor de snelle reactie|nogmaals|allemaal|en|dan
  |za wszystko|za pomoc|za odpowiedz|za informacje|za szybka odpowiedz|jeszcze raz|bardzo|wszystkim|i`,
);

/** Longer than this and someone has something to say. */
const LONGEST = 240;
const MOST_WORDS = 30;
const MOST_NAMES = 2;

/** What a reader knows for anger, refusal or grief, whatever is said with it. */
const UNHAPPY = /[👎😠😡🤬😤😞😢😭😩😫😣😖🙁☹😕😟😒🙄💔🤮🤢❌🚫⛔🖕💩😾🤦🤷‼⁉❓❗🆘😔😧😨😱😰😓🥺😿]/u;
/** A mail program's or a phone's word for an emoji under a message. */
const REACTION =
  /^\s*(?:(\p{Extended_Pictographic}\p{M}*)\s*.{0,80}\breacted via gmail\b.*|.{0,80}\breacted (?:with )?(\p{Extended_Pictographic}\p{M}*)?\s*to (?:your message\b|[“"„«]).*|(?:liked|loved|laughed at|emphasized) [“"„«].*)$/isu;

interface Token {
  word: string;
  isName: boolean;
  /** Nothing but a mark or a line's end stands before it. */
  begins: boolean;
  /** In a part of the text that a question mark ends. */
  asks: boolean;
}

/** Those whose words of grammar are no first names of the others' ("Kim" is a Polish word). */
const WITHOUT_NAMES = ['en', 'de', 'fr', 'es', 'pt', 'it', 'nl'].flatMap((code) => LANGUAGES.get(code) ?? []);
const isFunctionWord = (word: string): boolean => WITHOUT_NAMES.some(({ stopWords }) => stopWords.has(word));

const tokensIn = (text: string): Token[] =>
  [...text.matchAll(/([^.!?,;:\n…]*)([.!?,;:\n…]+|$)/gu)].flatMap(([, part = '', mark = '']) =>
    (part.match(/[\p{L}\p{M}\p{N}]+/gu) ?? []).map((raw, index) => ({
      word: folded(raw),
      isName: /^\p{Lu}[\p{L}\p{M}]*$/u.test(raw) && !isFunctionWord(folded(raw)),
      begins: index === 0,
      asks: mark.includes('?'),
    })),
  );

type Kind = SmallTalk | 'company';

const ALL: [Kind, string[][]][] = [
  ['greeting', GREETINGS],
  ['thanks', THANKS],
  ['farewell', FAREWELLS],
  ['company', COMPANY],
];
const BY_FIRST = new Map<string, { kind: Kind; phrase: string[] }[]>();
for (const [kind, list] of ALL) {
  for (const phrase of list) {
    const first = phrase[0] as string;
    BY_FIRST.set(first, [...(BY_FIRST.get(first) ?? []), { kind, phrase }]);
  }
}

/** The kinds of phrases of which the whole text is made, `null` where a word of it is in none. */
const kindsIn = (tokens: Token[]): ReadonlySet<Kind> | null => {
  const reached: (Set<Kind> | undefined)[] = [new Set()];
  for (let at = 0; at < tokens.length; at += 1) {
    const before = reached[at];
    if (!before) continue;
    const reach = (end: number, kind: Kind): void => {
      const known = reached[end];
      if (!known || known.size > before.size + 1) reached[end] = new Set([...before, kind]);
    };
    for (const { kind, phrase } of BY_FIRST.get(tokens[at]?.word ?? '') ?? []) {
      const said = tokens.slice(at, at + phrase.length);
      if (said.length < phrase.length || !said.every(({ word }, index) => word === phrase[index])) continue;
      if (kind !== 'greeting' && said.some(({ asks }) => asks)) continue;
      reach(at + phrase.length, kind);
      if (kind === 'company' && !before.has('thanks')) continue;
      // A name after it: "Thank you Kim". A sentence that begins there is more than a name.
      for (let names = 1; names <= MOST_NAMES; names += 1) {
        const rest = tokens.slice(at + phrase.length, at + phrase.length + names);
        if (rest.length < names || !rest.every(({ isName, begins, asks }) => isName && !begins && !asks)) break;
        const next = tokens[at + phrase.length + names];
        if (kind !== 'farewell' && (!next || next.begins)) reach(at + phrase.length + names, kind);
      }
    }
  }
  return reached[tokens.length] ?? null;
};

/**
 * Gives what kind of small talk a message is, or `null` when there is more to it: in eight languages, without its
 * signature. Every word has to belong to a courtesy. One word that doesn't may be a complaint, and nobody who complains
 * is sent away.
 */
export const smallTalkIn = (message: string): SmallTalk | null => {
  const reaction = REACTION.exec(message);
  if (reaction && !UNHAPPY.test(reaction[1] ?? reaction[2] ?? '')) return 'farewell';
  const text = withoutSignature(message);
  if (text.length > LONGEST || UNHAPPY.test(text)) return null;
  const tokens = tokensIn(text);
  if (tokens.length === 0) return /\p{Extended_Pictographic}/u.test(text) && !text.includes('?') ? 'farewell' : null;
  if (tokens.length > MOST_WORDS) return null;
  const kinds = kindsIn(tokens);
  if (!kinds) return null;
  return (['thanks', 'greeting', 'farewell'] as const).find((kind) => kinds.has(kind)) ?? null;
};
