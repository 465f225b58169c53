import { asksToBeContacted, isHumanNotMachine } from './asks-to-be-contacted.ts';
import { folded } from './languages.ts';
import { typosBetween } from './vocabulary.ts';
import { tokensOf } from './words.ts';

/** How a language asks for a human. Words without accents, forms with a space between them. */
interface Asking {
  /** To speak with. */
  speaking: string;
  /** To put through to. */
  handing: string;
  /** To reach: said of what is no person too, and of hours and addresses. */
  reaching: string;
  /** Those who work there. */
  people: string;
  /** Somebody: asked for only with one of the verbs. */
  anyone: string;
  /** A human of flesh and blood. */
  real: string;
  /** To want, to need, to get. */
  wants: string;
  /** What stands between them. */
  glue: string;
}

const LANGUAGES: Asking[] = [
  {
    speaking: 'talk talking speak speaking chat chatting',
    handing: 'connect connected transfer transferred forward escalate pass put switch handed hand',
    reaching: 'contact contacting reach reaching call',
    people:
      'human humans agent agents representative representatives rep operator advisor adviser employee manager supervisor person staff colleague',
    anyone: 'someone somebody anyone anybody people assistant service support care team',
    real: 'real live actual human living',
    wants: 'want need get give prefer have like wanna gimme find',
    glue: 'to with a an the some your one of me my us through on over directly i can could we may please customer live real actual human in person would like else member be being at damn goddamn bloody fucking freaking request case ticket question issue problem message conversation chat call this',
  },
  {
    speaking: 'sprechen reden spreche rede chatten unterhalten schreiben',
    handing: 'verbinden verbinde verbindet durchstellen weiterleiten',
    reaching: 'kontaktieren erreichen telefonieren',
    people:
      'mensch menschen mitarbeiter mitarbeiterin mitarbeitern mitarbeitenden berater beraterin kundenberater kundenbetreuer sachbearbeiter ansprechpartner ansprechpartnerin agent agenten vorgesetzten kundendienstmitarbeiter supportmitarbeiter person',
    anyone: 'jemand jemanden jemandem kundendienst kundenservice support',
    real: 'echt echte echten echter echtem richtigen richtiger richtige menschlichen menschlicher lebenden realen',
    wants: 'mochte will brauche brauch hatte wunsche gib geben haben',
    glue: 'mit einem einer einen eine ein dem der den die von ihnen euch zu an mich mir ich bitte kann konnte darf ihrem ihrer eurem echten richtigen menschlichen realen direkt personlich mal gerne gern vom sie lieber nur',
  },
  {
    speaking: 'parler discuter echanger parle communiquer',
    handing: 'transferer transferez transfere passez passer mettre mettez',
    reaching: 'joindre contacter',
    people:
      'humain humaine agent conseiller conseillere operateur operatrice representant responsable employe personne teleconseiller collaborateur',
    anyone: "quelqu'un quelqu un service support equipe",
    real: 'vrai vraie reel reelle humain humaine physique vivante',
    wants: 'veux voudrais besoin souhaite souhaiterais prefere',
    glue: 'a avec au aux un une le la l de d du des votre vos moi me en relation contact vrai vraie reel reelle humain humaine client clientele clients pouvez puis je directement service',
  },
  {
    speaking: 'hablar hablo hable comunicar comunicarme chatear atienda atender',
    handing:
      'comuniqueme comunicame conectar conectarme conecteme transferir transfieran transfierame pasar pasame paseme pasarme',
    reaching: 'contactar contacto',
    people:
      'humano humana agente asesor asesora operador operadora representante persona ejecutivo encargado supervisor gerente empleado',
    anyone: 'alguien servicio soporte atencion',
    real: 'real humana humano fisica verdadera viva',
    wants: 'quiero necesito prefiero deseo quisiera dame',
    glue: 'con a al un una el la de del por para algun alguna su sus me favor real verdadera verdadero que puedo puede podria directamente cliente uno usted en le lo',
  },
  {
    speaking: 'falar falo fale conversar comunicar atender atendimento',
    handing: 'transferir transfira transfere conectar passar passe passa',
    reaching: 'contatar contactar',
    people:
      'humano humana atendente agente operador operadora representante pessoa consultor assistente gerente supervisor funcionario colaborador',
    anyone: 'alguem atendimento suporte',
    real: 'real humano humana verdade',
    wants: 'quero preciso gostaria prefiro desejo queria',
    glue: 'com a ao um uma o de do da para por algum alguma seu sua me favor real que posso pode poderia diretamente voces uma',
  },
  {
    speaking: 'parlare parlo comunicare chattare',
    handing: 'trasferire trasferisci collegare mettermi mettimi passami passatemi',
    reaching: 'contattare',
    people: 'umano umana persona operatore operatrice agente consulente rappresentante addetto responsabile impiegato',
    anyone: 'qualcuno assistenza',
    real: 'reale vera vero umana umano',
    wants: 'voglio vorrei preferisco serve bisogno',
    glue: 'con a ad al un una uno il la lo di del della in contatto qualche vostro vostra mi posso puo vero vera reale umano clienti',
  },
  {
    speaking: 'spreken praten spreek praat chatten',
    handing: 'doorverbinden verbinden verbind',
    reaching: 'contact bellen',
    people:
      'mens medewerker medewerkster persoon agent adviseur vertegenwoordiger klantenservicemedewerker leidinggevende',
    anyone: 'iemand klantenservice',
    real: 'echt echte menselijke levende',
    wants: 'wil heb nodig liever graag',
    glue: 'met een de het van uw jullie aan mij me ik kan mag graag alstublieft alsjeblieft echt echte menselijke opnemen door naar',
  },
  {
    speaking: 'rozmawiac porozmawiac rozmowa rozmowe pogadac mowic',
    handing: 'polaczyc polacz polaczenie polaczcie przelacz przelaczyc przekierowac',
    reaching: 'skontaktowac kontakt',
    people:
      'czlowiekiem czlowieka czlowiek konsultantem konsultanta konsultantka konsultant pracownikiem pracownika pracownik agentem agenta osoba doradca doradcy operatorem',
    anyone: 'kims ktos',
    real: 'prawdziwym prawdziwa zywym zywa',
    wants: 'chce chcialbym chcialabym potrzebuje wole prosze',
    glue: 'z ze do sie mnie o jakims kims prawdziwym zywym prosze moge waszym obslugi klienta byc',
  },
];

/** Somebody, whoever it be; the others of `anyone` are places that have hours and addresses. */
const SOMEBODY: ReadonlySet<string> = new Set(
  "someone somebody anyone anybody jemand jemanden jemandem quelqu'un quelqu alguien alguem qualcuno iemand kims ktos".split(
    ' ',
  ),
);

const set = (words: string): ReadonlySet<string> => new Set(words.split(/\s+/));
const POLITE = set(
  'please pls now hi hello hey bitte hallo svp plait s il vous te bonjour por favor hola porfa ola per favore ciao alstublieft alsjeblieft hoi prosze an a the ein einen einer eine un une una um uma een live real customer service support echte echter echten real humano menselijke prawdziwy asap immediately sofort',
);

const asSets = ({ speaking, handing, reaching, people, anyone, real, wants, glue }: Asking) => ({
  speaking: set(speaking),
  handing: set(handing),
  reaching: set(reaching),
  people: set(people),
  anyone: set(anyone),
  real: set(real),
  wants: set(wants),
  glue: set(glue),
});
const SETS = LANGUAGES.map(asSets);
type Sets = (typeof SETS)[number];

/** So many words may stand between, one of them unknown ("a damn operator"). */
const LONGEST_GAP = 6;
const MOST_UNKNOWN = 1;
const SHORTEST_MISSPELT = 5;
/** Longer than this and it is a story: what it asks stands in one of its sentences. */
const LONGEST_READ = 4_000;

const has = (words: ReadonlySet<string>, token: string): boolean => {
  if (words.has(token)) return true;
  if (token.length < SHORTEST_MISSPELT) return false;
  for (const word of words) if (word.length >= SHORTEST_MISSPELT && typosBetween(token, word, 1) <= 1) return true;
  return false;
};

/** Who is asked about, not for: "are you a real person?" */
const ARE_YOU =
  /\b(?:are you|r u|bist du|sind sie|seid ihr|es[- ]tu|etes[- ]vous|eres|es usted|voce e|sei|siete|ben je|bent u|jestes)\b/u;
/** Of one who did, or who need not: taken out before anything is looked for. */
const NOT_NOW = [
  /\b(?:was|were|been|got) (?:\p{L}+ ){0,2}?(?:transferred|connected|passed|handed|put)(?!\p{L})/gu,
  /\b(?:ai|as|a|avons|avez|ont) (?:deja |aussi )?(?:parle|discute|communique)(?!\p{L})/gu,
  /\bhable(?= .*\b(?:ayer|antes|pasad[oa])\b)/gu,
  /\b(?:don'?t|do not|doesn'?t|didn'?t|won'?t|wouldn'?t|no|rather not|not) (?:really )?(?:want|need|wish|have|like|care) (?:to )?(?:talk|speak|chat)\b[^,]*/gu,
  /\bno need to (?:talk|speak|chat)\b[^,]*/gu,
  /\b(?:mochte|will|muss|wollte|brauche)\b[^,]*\b(?:nicht|kein|keinen|keine|keinem|keiner)\b[^,]*/gu,
  /\bne (?:veux|souhaite|voudrais|desire) (?:pas|plus) (?:parler|discuter|echanger)\b[^,]*/gu,
  /\bno (?:quiero|necesito|deseo|quisiera) (?:hablar|comunicarme|chatear)\b[^,]*/gu,
  /\bnao (?:quero|preciso|desejo|gostaria de) (?:falar|conversar)\b[^,]*/gu,
  /\bnon (?:voglio|vorrei|ho bisogno di) parlare\b[^,]*/gu,
  /\b(?:wil|hoef) (?:\p{L}+ )?(?:niet|geen)\b[^,]*\b(?:spreken|praten|chatten)\b/gu,
  /\bnie (?:chce|musze|potrzebuje) (?:po)?rozmawiac\b[^,]*/gu,
  /\b(?:in|per|contact|delivery|each|every) person\b/gu,
];
/** Asks about the product, not for someone. */
const ABOUT_A_FEATURE =
  /\b(?:features?|functions?|functionality|funktion(?:en)?|fonction(?:s|nalites?)?|funcion(?:es)?|funcao|funcoes|funzion[ei]|functies?|funkcj[aei])\b/u;
const PLEASE = set('please pls bitte svp plait favor favore alstublieft alsjeblieft prosze');
const ME = set('me us be mich mir uns moi nous mi ci mij ons mnie nas comunicame conectarme conecteme');
/** What leads to the one who is asked for. */
const LEADS = set('to with through over mit dem einem an zu avec a au con al com ao met aan door z ze do');
const HELPS = set(
  'with help helps helping there somewhere hilfe hilft helfen aide aider ayuda ayude ajuda ajude aiuto pomoc gibt hay tem',
);
const NOT_A_MACHINE =
  /\b(?:not|no|without|instead of|kein|keinen|nicht mit|statt|pas|plus|sans|no con|sin|nao com|sem|non|senza|geen|niet met|nie z)\b(?: \p{L}+){0,6} (?:bot|bots|robot|robots|chatbot|roboter|machine|maschine|computer|maquina|automat|automate|botem|robotem)\b/u;
/** What a customer may have handed over to an agent. */
const CASES = set('request case ticket question issue problem message conversation chat call');
const SPEAKS = /\b(?:talk|speak|chat|sprechen|reden|parler|hablar|falar|parlare|praten|spreken|rozmawiac)\b/u;

const near = (
  tokens: string[],
  from: number,
  sets: Sets,
  isGoal: (token: string, at: number) => boolean,
  mostUnknown = MOST_UNKNOWN,
): boolean => {
  let unknown = 0;
  for (let at = from + 1; at < tokens.length && at <= from + LONGEST_GAP; at += 1) {
    const token = tokens[at] as string;
    if (isGoal(token, at)) return true;
    if (!sets.glue.has(token)) unknown += 1;
    if (unknown > mostUnknown) return false;
  }
  return false;
};

const isAsked = (tokens: string[], sets: Sets): boolean => {
  const isOne = (token: string): boolean => has(sets.people, token);
  const isSomebody = (token: string): boolean => sets.anyone.has(token) && SOMEBODY.has(token);
  const isAnyone = (token: string): boolean => has(sets.anyone, token);
  const isSaid = (token: string): boolean => has(sets.speaking, token) || has(sets.handing, token);
  const hasMe = tokens.some((token) => ME.has(token));
  return tokens.some((token, at) => {
    const next = tokens[at + 1];
    const isWished = (): boolean =>
      tokens.some((other) => sets.wants.has(other) || isSaid(other) || sets.reaching.has(other) || HELPS.has(other));
    if (sets.real.has(token) && next !== undefined && has(sets.people, next) && isWished()) return true;
    if (next !== undefined && sets.people.has(token) && sets.real.has(next) && isWished()) return true;
    // "Does the chat support pictures?"
    const isMet = (other: string, place: number): boolean =>
      isOne(other) || (isAnyone(other) && (place > at + 1 || SOMEBODY.has(other)));
    if (has(sets.speaking, token) && near(tokens, at, sets, isMet)) return true;
    // "Transfer my ticket to a colleague", "connect my assistant": something, not the customer, is handed over.
    if (has(sets.handing, token)) {
      const isHanded = (other: string, place: number): boolean => {
        const between = tokens.slice(at, place);
        const isOwnThing = between.some((one, index) => one === 'my' && !CASES.has(between[index + 1] ?? ''));
        const leads = between.some((one) => ME.has(one) || LEADS.has(one));
        return leads && !isOwnThing && isMet(other, place) && (hasMe || !isSomebody(other));
      };
      if (near(tokens, at, sets, isHanded, hasMe ? MOST_UNKNOWN : 0)) return true;
    }
    if (isOne(token) || isAnyone(token)) {
      if (near(tokens, at, sets, (other) => sets.speaking.has(other), 0)) return true;
      if ((hasMe || isOne(token)) && near(tokens, at, sets, (other) => sets.handing.has(other), 0)) return true;
    }
    // "Contact person" is a field of a form.
    const isNamed = (other: string, place: number): boolean =>
      (sets.people.has(other) && !(token === 'contact' && place === at + 1)) ||
      (other === 'assistant' && place > at + 1) ||
      (place === tokens.length - 1 && has(SOMEBODY, other));
    if (sets.reaching.has(token) && near(tokens, at, sets, isNamed, 0)) return true;
    // "I need an agent", but not "I need a representative sample".
    const isLast = (place: number): boolean => place === tokens.length - 1 || POLITE.has(tokens[place + 1] ?? '');
    return sets.wants.has(token) && near(tokens, at, sets, (other, place) => sets.people.has(other) && isLast(place));
  });
};

const isNobodyElse = (tokens: string[], sets: Sets): boolean =>
  tokens.length <= 5 &&
  tokens.some((one) => sets.people.has(one)) &&
  tokens.every((one) => sets.people.has(one) || POLITE.has(one) || LEADS.has(one));

/**
 * Says whether the customer asks for a person, in any of eight languages: one who is to be spoken with, not one who is
 * spoken of. A word alone never says so, unless the whole message is that word.
 */
export const asksForPerson = (text: string): boolean =>
  isHumanNotMachine(tokensOf(folded(text.slice(0, LONGEST_READ)))) ||
  text
    .slice(0, LONGEST_READ)
    .split(/[.!?;\n]+/)
    .some((sentence, _, all) => {
      const said = folded(sentence.replace(/\bhablé(?!\p{L})/giu, ' ')).trim();
      if (said === '' || ARE_YOU.test(said)) return false;
      if (NOT_A_MACHINE.test(said) && SPEAKS.test(said)) return true;
      if (ABOUT_A_FEATURE.test(said)) return false;
      const plain = NOT_NOW.reduce((rest, pattern) => rest.replace(pattern, ' '), said);
      if (asksToBeContacted(plain)) return true;
      const tokens = tokensOf(plain);
      const isAlone = all.filter((other) => /\p{L}/u.test(other)).length === 1;
      const clauses = plain.split(',').map(tokensOf);
      return SETS.some(
        (sets) =>
          (isAlone && isNobodyElse(tokens, sets)) ||
          clauses.some((clause) => clause.some((one) => PLEASE.has(one)) && isNobodyElse(clause, sets)) ||
          isAsked(tokens, sets),
      );
    });
