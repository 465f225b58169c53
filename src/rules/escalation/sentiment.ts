import type { AnswerNotes } from '../../ai/backend.ts';
import { folded, phraseFinder } from './phrases.ts';

export type Sentiment = NonNullable<AnswerNotes['sentiment']>;

/**
 * What hardly anybody says who isn't upset; no single word that a calm question has too ("broken", "problem", "late").
 * A language a line.
 */
const UPSET = `furious|outrageous|outraged|disgusting|disgusted|disgraceful|appalling|appalled|unacceptable|ridiculous|infuriating|incompetent|scam|scammers|rip off|ripped off|fed up|sick and tired|had enough of|worst service|worst company|worst experience|worst support|terrible service|terrible experience|horrible service|horrible experience|awful service|pathetic|absolute joke|so angry|very angry|really angry|so frustrated|very frustrated|extremely frustrating|very disappointed|extremely disappointed|really disappointed|so disappointed|waste of money|waste of time|never again|shame on you|wtf|bullshit|how dare you|third time i*|for weeks now
  |unverschamt*|frechheit|unmoglich von|inakzeptabel|nicht akzeptabel|unzumutbar|lacherlich|sauerei|schweinerei|abzocke|betruger|stinksauer|wutend|verargert|sehr argerlich|sehr enttauscht|maslos enttauscht|so enttauscht|reicht mir|reicht es mir|nase voll|schnauze voll|nie wieder|eine zumutung|katastrophaler service|schlechtester service|eine schande|unfassbar|saftladen
  |inacceptable|inadmissible|scandaleux|scandaleuse|honteux|une honte|furieux|furieuse|degoute|degoutee|ras le bol|marre de|en ai marre|arnaque|arnaqueurs|escrocs|tres decu|tres decue|extremement decu|extremement decue|tres en colere|plus jamais|foutage de gueule|lamentable|n'importe quoi
  |inaceptable|indignante|indignado|indignada|verguenza|furioso|furiosa|harto|harta|estafa|estafadores|pesimo servicio|pesima atencion|muy decepcionado|muy decepcionada|muy enfadado|muy enfadada|muy enojado|muy enojada|nunca mas|una burla|lamentable|que asco
  |inaceitavel|absurdo|um absurdo|vergonha|furioso|furiosa|revoltado|revoltada|golpe|pessimo atendimento|pessimo servico|muito decepcionado|muito decepcionada|muito desapontado|muito desapontada|nunca mais|palhacada|falta de respeito|cansado disso|cansada disso
  |inaccettabile|vergognoso|vergognosa|una vergogna|furioso|furiosa|indignato|indignata|truffa|truffatori|pessimo servizio|molto deluso|molto delusa|molto arrabbiato|molto arrabbiata|mai piu|stufo|stufa|presa in giro|ridicolo|scandaloso
  |onacceptabel|onaanvaardbaar|schandalig|schande|belachelijk|woedend|woest|oplichters|oplichting|zwaar teleurgesteld|zeer teleurgesteld|erg teleurgesteld|heel boos|erg boos|nooit meer|spuugzat|ik ben het zat|slechtste service|waardeloos|te gek voor woorden
  |skandal|skandaliczne|nie do przyjecia|niedopuszczalne|oburzony|oburzona|wsciekly|wsciekla|oszusci|oszustwo|zenada|zenujace|kpina|kpiny|bardzo rozczarowany|bardzo rozczarowana|mam dosc|nigdy wiecej|tragiczna obsluga|fatalna obsluga|najgorsza obsluga
  |😡|😠|🤬|😤|👎|🖕|💩|🤮`;

const isUpset = phraseFinder(UPSET.split('|').map((phrase) => phrase.trim()));

/**
 * `negative` where the customer's words are those of somebody upset, in eight languages; else `null`: words alone say
 * nothing of who is content.
 */
export const sentimentIn = (text: string): Extract<Sentiment, 'negative'> | null =>
  isUpset(folded(text)) ? 'negative' : null;
