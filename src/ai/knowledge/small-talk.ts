import { folded, LANGUAGES } from './languages.ts';
import { withoutSignature } from './signature.ts';

/** A message with nothing to answer but politeness. */
export type SmallTalk = 'greeting' | 'thanks' | 'farewell';

const phrases = (list: string): string[][] =>
  folded(list)
    .split('|')
    .map((phrase) => phrase.trim().split(/\s+/))
    .filter(([first]) => first !== '');

/** A phrase a `|`. */
const GREETINGS = phrases(
  `hi|hello|hey|hiya|hi there|hello there|hey there|greetings|good morning|good afternoon|good evening|good day|morning|dear all|dear team|hi all|hello everyone|hi everyone|hi team|hello team|yo|helo|hallo there
  |anyone there|is anyone there|is anybody there|anybody there|are you there|you there|is someone there|is somebody there|is somebody here|is anyone here|anyone here|anybody here|somebody there|somebody here|can anyone hear me|can anybody hear me|how are you|how are you doing|nice to meet you
  |hallo|hallo zusammen|guten tag|guten morgen|guten abend|servus|moin|gruss gott|ist da jemand|ist jemand da|jemand da|wie geht es ihnen|wie gehts|wie geht s|sehr geehrte damen und herren
  |bonjour|bonsoir|salut|coucou|bonjour a tous|il y a quelqu un|y a quelqu un|comment allez vous|comment ca va|ca va|bonjour madame|bonjour monsieur|madame monsieur
  |hola|buenos dias|buenas tardes|buenas noches|buenas|buen dia|hola que tal|que tal|hay alguien|hay alguien ahi|como estas|como esta|estimados
  |ola|oi|bom dia|boa tarde|boa noite|tudo bem|tem alguem ai|alguem ai|como vai
  |ciao|salve|buongiorno|buonasera|buona sera|c e qualcuno|come stai|come va
  |hoi|goedemorgen|goedemiddag|goedenavond|goedendag|is daar iemand|is er iemand|hoe gaat het|dag
  |czesc|witam|dzien dobry|dobry wieczor|hej|jest tam ktos|halo|jak sie masz
  |hejsan|tjena|god morgon|god kvall|god dag|hei|god morgen|god aften|goddag|moi|terve|hyvaa paivaa|hyvaa huomenta
  |ahoj|dobry den|dobre rano|dobry vecer|cau|szia|sziasztok|jo napot|jo reggelt|udvozlom|buna|buna ziua|salut
  |привет|здравствуйте|добрый день|доброе утро|добрый вечер|привіт|вітаю|добрий день|здравейте|здрасти|добър ден|zdravo|dobar dan|bok|pozdrav
  |merhaba|selam|iyi gunler|gunaydin|γεια|γεια σας|γεια σου|καλημερα|καλησπερα|καλησπέρα|καλημέρα
  |こんにちは|おはようございます|こんばんは|はじめまして|你好|您好|早上好|在吗|안녕하세요|안녕|여보세요|مرحبا|السلام عليكم|اهلا|שלום|היי|สวัสดี|สวัสดีครับ|สวัสดีค่ะ|xin chao|chao ban|halo|selamat pagi|selamat siang`,
);
const THANKS = phrases(
  `thanks|thank|thank you|thank u|thanx|thx|ty|tysm|cheers|many thanks|thanks a lot|thanks a million|thanks a bunch|thank you so much|thank you very much|thanks so much|thanks very much|much appreciated|appreciated|i appreciate it|i appreciate your help|i really appreciate it|really appreciate it|i am grateful|very grateful|very kind of you|that is very kind|thats very kind|so kind|you are the best|youre the best
  |that helped|that helps|that was helpful|that was very helpful|that answers my question|that answers it|this answers my question|noted with thanks|thnx|thanks for clarifying|this helped|this helps|very helpful|that worked|this worked|it worked|that did it|that did the trick|it works|it works now|works now|works fine|works great|works like a charm|that works|that was all i needed|that s all i needed|that s what i needed|that is what i wanted|that s what i wanted|that s all i wanted to know|that is all i wanted to know|thats all i wanted to know|you ve been very helpful|you have been very helpful|you ve been great|you have been great|you were very helpful|that s very helpful|that is very helpful|that clears it up|that clears things up
  |danke|danke schon|danke sehr|danke dir|danke ihnen|danke euch|dankeschon|vielen dank|vielen lieben dank|besten dank|herzlichen dank|lieben dank|tausend dank|ich danke ihnen|das hat geholfen|hat geholfen|das hat geklappt|hat geklappt|hat funktioniert|es funktioniert|das funktioniert|funktioniert jetzt|jetzt geht es|jetzt gehts|super danke|das war hilfreich|das war sehr hilfreich|sie haben mir sehr geholfen|du hast mir sehr geholfen|das hilft mir weiter|das hilft mir|mehr brauche ich nicht|mehr wollte ich nicht wissen|ich danke dir|ich danke euch|ich bedanke mich
  |merci|merci beaucoup|merci bien|mille mercis|un grand merci|grand merci|merci a vous|je vous remercie|merci d avance|ca marche|ca a marche|ca fonctionne|ca m a aide|cela m a aide|ca m a beaucoup aide|cela m a beaucoup aide|vous m avez bien aide|c est tout ce qu il me fallait|c est tout ce que je voulais savoir|c est tres utile|c etait tres utile|je te remercie|mes remerciements|avec mes remerciements
  |gracias|muchas gracias|mil gracias|muchisimas gracias|se lo agradezco|te lo agradezco|muy amable|ya funciona|funciono|me sirvio|me ayudo|me ha servido|me ha servido mucho|me sirvio mucho|me ha ayudado|me ha ayudado mucho|me has ayudado mucho|me ayudo mucho|me ha sido util|me ha sido muy util|ha sido muy util|ha sido de gran ayuda|es todo lo que necesitaba|era todo lo que necesitaba|eso es lo que necesitaba|le agradezco|te agradezco|les agradezco|os agradezco|agradezco|le agradezco mucho|les agradezco mucho|quedo agradecido|quedo agradecida
  |obrigado|obrigada|muito obrigado|muito obrigada|obg|valeu|brigado|brigada|agradeco|agradecida|agradecido|funcionou|deu certo|ajudou|ajudou muito|ajudou imenso|ajudou bastante|ajudou me muito|ajudou me imenso|foi muito util|foi uma grande ajuda|foi de grande ajuda|era tudo o que precisava|era tudo o que eu precisava|era isso que eu precisava|agradeco lhe|agradeco vos|agradecemos|muito grato|muito grata|fico grato|fico grata
  |grazie|grazie mille|tante grazie|molte grazie|ti ringrazio|la ringrazio|vi ringrazio|ha funzionato|funziona|mi e stato utile|mi e stato molto utile|mi e servito|mi e stato di aiuto|mi ha aiutato|mi ha aiutato molto|e tutto quello che mi serviva|era quello che mi serviva|le sono grato|le sono grata
  |bedankt|dankjewel|dankuwel|dank je|dank u|dank je wel|dank u wel|hartelijk dank|heel erg bedankt|hartelijk bedankt|alvast bedankt|het werkt|het is gelukt|gelukt|dat helpt|dat heeft geholpen|daar heb ik veel aan|dat is alles wat ik nodig had|dat was alles wat ik nodig had|u heeft me goed geholpen|je hebt me goed geholpen
  |dziekuje|dzieki|dziekuje bardzo|bardzo dziekuje|wielkie dzieki|serdecznie dziekuje|dziekujemy|zadzialalo|dziala|pomoglo|bardzo pomoglo|bardzo mi to pomoglo|to mi pomoglo|to wszystko czego potrzebowalem|to wszystko czego potrzebowalam|jestem wdzieczny|jestem wdzieczna
  |tack|tack sa mycket|tusen tack|tack for hjalpen|tak|mange tak|tusind tak|tak for hjælpen|tak skal du have|takk|tusen takk|mange takk|takk for hjelpen|takk skal du ha|kiitos|kiitos paljon|paljon kiitoksia
  |dekuji|dekuji moc|diky|moc dekuji|dakujem|dakujem pekne|vdaka|koszonom|koszonom szepen|koszi|multumesc|mersi|va multumesc
  |спасибо|большое спасибо|спасибо большое|благодарю|дякую|щиро дякую|благодаря|мерси|hvala|hvala lijepa|hvala vam|хвала
  |tesekkurler|tesekkur ederim|cok tesekkurler|sag olun|sagol|ευχαριστω|ευχαριστώ|ευχαριστω πολυ|ευχαριστώ πολύ
  |ありがとう|ありがとうございます|ありがとうございました|どうもありがとうございます|谢谢|謝謝|谢谢你|谢谢您|多谢|非常感谢|감사합니다|고맙습니다|고마워요|감사해요
  |شكرا|شكرا جزيلا|شكرا لك|תודה|תודה רבה|ขอบคุณ|ขอบคุณครับ|ขอบคุณค่ะ|cam on|cam on ban|terima kasih|makasih`,
);
const FAREWELLS = phrases(
  `ok|okay|k|kk|okey|okie|alright|all right|right|sure|fine|great|perfect|awesome|cool|nice|super|wonderful|excellent|amazing|lovely|brilliant|good|very good|sounds good|got it|i got it|gotcha|understood|i understand|i see|noted|makes sense|will do|yes|yep
  |bye|bye bye|goodbye|good bye|see you|see ya|take care|good night|have a good day|have a nice day|have a great day|have a good one|have a lovely day|have a nice weekend|have a great weekend|have a good weekend|have a nice evening|enjoy your day|enjoy your weekend|you too|same to you|all the best|good luck|see you soon|see you later|see you then|talk soon|talk to you soon|talk to you later|until next time|farewell|cheerio|so long
  |no thanks|no thank you|nope thanks|no that s all|no thats all|no that is all|that is great|that s great|thats great|that is perfect|thats perfect|that s perfect|that is all|that s all|thats all|that will be all|that is all i needed|thats all i needed|nothing else|nothing more|no more questions|no further questions|no other questions|i am good|i m good|im good|all good|all fine|it is all good|everything is fine|everything is good|never mind|nevermind|nvm|forget it please|all set|i am all set|im all set|i m all set
  |solved|it is solved|its solved|it s solved|problem solved|sorted|all sorted|it is sorted|its sorted|issue resolved|it is resolved|its resolved|resolved|it is fixed now|its fixed now|fixed now|found it|i found it|i have found it|i figured it out|figured it out|i have it now|my order arrived|my order has arrived|my parcel arrived|my parcel has arrived|the parcel arrived|the parcel has arrived|my package arrived|my package has arrived|the package arrived|it arrived|it has arrived|it has just arrived|it just arrived
  |geht klar|alles klar|alles gut|alles bestens|verstanden|passt|passt so|in ordnung|prima|toll|perfekt|sehr gut|gut|genau|ja|tschuss|tschuess|auf wiedersehen|bis dann|schonen tag|schonen tag noch|einen schonen tag|schones wochenende|schonen abend|ihnen auch|gleichfalls|nein danke|das ist alles|das war alles|das wars|hat sich erledigt|erledigt|schon erledigt|das problem ist gelost|gelost|habs gefunden|ich habe es gefunden|keine fragen mehr|keine weiteren fragen|bis bald|bis spater|bis morgen|bis zum nachsten mal|bis demnachst|auf wiederhoren|auf bald|ade|machs gut|mach s gut|machen sie es gut|schonen feierabend|servus|ciao
  |c est note|bien note|d accord|entendu|compris|parfait|tres bien|bien|genial|oui|au revoir|a bientot|bonne journee|bonne soiree|bon week end|non merci|c est tout|c est bon|tout est bon|c est regle|probleme resolu|j ai trouve|rien d autre|vous aussi|a plus|a plus tard|a tres bientot|a la prochaine|a demain|adieu|bonne fin de journee|bonne continuation|bon apres midi
  |vale|de acuerdo|entendido|perfecto|muy bien|genial|listo|claro|si|adios|hasta luego|hasta pronto|buen fin de semana|que tenga un buen dia|que tengas un buen dia|no gracias|eso es todo|nada mas|ya esta|ya esta resuelto|resuelto|solucionado|ya lo encontre|igualmente|chao|chau|hasta manana|hasta la proxima|hasta otra|nos vemos|que vaya bien|que le vaya bien|que te vaya bien|buena tarde|buen dia
  |certo|entendi|perfeito|muito bem|otimo|beleza|blz|sim|tchau|ate logo|ate mais|tenha um bom dia|bom fim de semana|nao obrigado|nao obrigada|e so isso|so isso|nada mais|resolvido|ja resolvi|ja encontrei|ta bom|esta bem|igualmente|adeus|ate breve|ate ja|ate amanha|ate a proxima|ate a vista|xau|passe bem|fique bem|continuacao de um bom dia|continuacao de bom dia|bom dia para si|um bom dia
  |va bene|d accordo|capito|perfetto|ottimo|benissimo|bene|arrivederci|a presto|buona giornata|buona serata|buon weekend|no grazie|e tutto|nient altro|risolto|ho risolto|trovato|l ho trovato|altrettanto|alla prossima|a domani|a dopo|ci vediamo|addio|ci sentiamo|buona continuazione|buon proseguimento
  |prima|duidelijk|begrepen|top|perfect|geweldig|oke|goed|ja|tot ziens|doei|fijne dag|fijne avond|fijn weekend|prettige dag|nee bedankt|nee dank je|dat is alles|dat was alles|opgelost|het is opgelost|gevonden|ik heb het gevonden|insgelijks|laat maar|tot snel|tot later|tot morgen|tot de volgende keer|tot gauw|vaarwel|dag|doeg|een fijne dag|een prettige dag
  |dobrze|rozumiem|jasne|swietnie|super|tak|do widzenia|milego dnia|milego weekendu|pa|nie dziekuje|to wszystko|rozwiazane|znalazlem|znalazlam|wzajemnie|do zobaczenia|na razie|do uslyszenia|do jutra|zegnam|zegnaj|trzymaj sie|papa|zycze milego dnia`,
);
/** Said along with the others; alone they are nothing. */
const COMPANY = phrases(
  `so much|very much|a lot|again|once again|all|everyone|team|guys|folks|sir|madam|mate|for everything|for all|for that|for this|for your help|for the help|for all your help|for all the help|for your quick help|for the quick help|for your fast help|for helping|for helping me|for your time|for your support|for your patience|for the info|for the information|for the reply|for your reply|for the quick reply|for your quick reply|for the fast reply|for the answer|for your answer|for the quick answer|for the quick response|for your quick response|for your response|for the response|for letting me know|for the update|for clarifying|for the clarification|for your assistance|in advance|and|then|now|very|so|please|it|to you|to you all|you|have a good rest of your day|just what i needed|that is what i needed|thats what i needed|exactly what i needed|your help|your reply|your quick reply|your answer|your quick answer|your prompt reply|your prompt response|your quick response|your time|your support|your assistance|for your prompt reply|for your prompt response|for the prompt reply|for the prompt response|for the fast response|for your fast response|for your kind help|for your kind reply|for your kind assistance|all your help|indeed|so kindly|most kindly
  |noch|noch mal|nochmal|nochmals|sehr|fur alles|fur ihre hilfe|fur die hilfe|fur deine hilfe|fur eure hilfe|fur die schnelle hilfe|fur ihre schnelle hilfe|fur die schnelle antwort|fur ihre schnelle antwort|fur die antwort|fur ihre antwort|fur die info|fur die information|fur die informationen|fur die ruckmeldung|fur die schnelle ruckmeldung|fur ihre muhe|im voraus|fur ihre muhen|fur ihre unterstutzung|fur die unterstutzung|fur ihre bemuhungen|fur die auskunft|fur ihre auskunft|fur ihre zeit|fur ihre ruckmeldung|fur deine antwort|fur eure antwort|fur ihre schnelle ruckmeldung|fur die prompte antwort|fur ihre prompte antwort|fur die rasche antwort|fur ihre rasche antwort|herzlich|recht herzlich|ganz herzlich|bei ihnen|mich|hiermit|und|dann|dir auch|euch|ihnen
  |beaucoup|encore|pour tout|pour votre aide|pour ton aide|pour l aide|pour votre reponse|pour la reponse|pour votre reponse rapide|pour l info|pour l information|pour les informations|a tous|et|infiniment|pour votre retour|pour ce retour|pour votre retour rapide|pour votre reactivite|pour la reponse rapide|pour cette reponse|pour ces informations|pour votre temps|pour le renseignement|pour ces precisions|vivement|sincerement
  |por todo|por su ayuda|por tu ayuda|por la ayuda|por la informacion|por la respuesta|por su respuesta|por responder|la respuesta|su respuesta|tu respuesta|la rapida respuesta|su rapida respuesta|la respuesta rapida|la ayuda|su ayuda|tu ayuda|la informacion|su tiempo|su atencion|la atencion|por su tiempo|por su atencion|por la atencion|por su rapida respuesta|por la rapida respuesta|por la pronta respuesta|por su pronta respuesta|mucho|muchisimo|de antemano|de nuevo|a todos|y|entonces
  |pela ajuda|por tudo|pela sua ajuda|pela informacao|pela resposta|pela atencao|pelo retorno|a resposta|a sua resposta|a resposta rapida|a rapida resposta|a sua rapida resposta|a ajuda|a sua ajuda|a informacao|a atencao|a sua atencao|pela rapida resposta|pela resposta rapida|pela sua resposta|pela sua rapida resposta|pelo seu tempo|pelo apoio|pelo esclarecimento|muito|imenso|desde ja|bastante|de novo|a todos|e|entao|mesmo
  |per tutto|per l aiuto|per il tuo aiuto|per il suo aiuto|per la risposta|per l informazione|per le informazioni|per la rapida risposta|per la sua risposta|per la vostra risposta|per la disponibilita|per la sua disponibilita|per il tempo|per il supporto|molto|sentitamente|anticipatamente|in anticipo|ancora|di nuovo|a tutti|allora
  |voor alles|voor je hulp|voor uw hulp|voor de hulp|voor het antwoord|voor uw antwoord|voor de informatie|voor de snelle reactie|voor uw snelle reactie|voor je snelle reactie|voor het snelle antwoord|voor uw snelle antwoord|voor uw reactie|voor de moeite|voor uw tijd|hartelijk|bij voorbaat|nogmaals|allemaal|en|dan
  |za wszystko|za pomoc|za odpowiedz|za informacje|za szybka odpowiedz|za szybka reakcje|za panstwa odpowiedz|za wyjasnienie|za czas|za wsparcie|serdecznie|z gory|jeszcze raz|bardzo|wszystkim|i`,
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

const EMOJI = /\p{Extended_Pictographic}/u;
const SMILE = /^\s*(?:[:;]-?[)\]]|\^\^|<3|\s)+\s*$/;

interface Token {
  word: string;
  isName: boolean;
  /** Nothing but a mark or a line's end stands before it. */
  begins: boolean;
  /** Nothing but a comma stands before it. */
  afterComma: boolean;
  /** In a part of the text that a question mark ends. */
  asks: boolean;
}

/** Those whose words of grammar are no first names of the others' ("Kim" is a Polish word). */
const WITHOUT_NAMES = ['en', 'de', 'fr', 'es', 'pt', 'it', 'nl'].flatMap((code) => LANGUAGES.get(code) ?? []);
const isFunctionWord = (word: string): boolean => WITHOUT_NAMES.some(({ stopWords }) => stopWords.has(word));

const tokensIn = (text: string): Token[] =>
  [...text.matchAll(/([^.!?,;:\n…。！？、]*)([.!?,;:\n…。！？、]+|$)/gu)].flatMap(
    ([, part = '', mark = ''], at, parts) =>
      (part.match(/[\p{L}\p{M}\p{N}]+/gu) ?? []).map((raw, index) => ({
        word: folded(raw),
        isName: /^\p{Lu}[\p{L}\p{M}]*$/u.test(raw) && !isFunctionWord(folded(raw)),
        begins: index === 0,
        afterComma: index === 0 && parts[at - 1]?.[2] === ',',
        asks: /[?？]/.test(mark),
      })),
  );

const GERMAN = /^(?:dank|viel|best|herz|lieb|taus|ich|noch|sehr|fur|im|und|hallo|guten|hat|das)/;

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
      // A name after it: "Thank you Kim", "Thank you, Kim". A sentence that begins there is more than a name, and in
      // German any thing may be written so.
      const called = tokens[at + phrase.length];
      const isCalled = called?.afterComma && called.isName && !called.asks && tokens.length === at + phrase.length + 1;
      if (isCalled && kind !== 'farewell' && !GERMAN.test(phrase[0] ?? '')) reach(tokens.length, kind);
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
  // An emoji's variation is no word; who holds a key down says no more.
  const text = withoutSignature(message)
    .replace(/\ufe0f/g, '')
    .replace(/(\p{Ll})\1{2,}/gu, '$1');
  if (text.length > LONGEST || UNHAPPY.test(text)) return null;
  const tokens = tokensIn(text);
  if (tokens.length === 0) return (EMOJI.test(text) || SMILE.test(text)) && !/[?？]/.test(text) ? 'farewell' : null;
  if (tokens.length > MOST_WORDS) return null;
  const kinds = kindsIn(tokens);
  if (!kinds) return null;
  return (['thanks', 'greeting', 'farewell'] as const).find((kind) => kinds.has(kind)) ?? null;
};
