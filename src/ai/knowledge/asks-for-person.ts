import { folded } from './languages.ts';
import { typosBetween } from './vocabulary.ts';
import { tokensOf } from './words.ts';

/** How a language asks for a human. Words without accents, forms with a space between them. */
interface Asking {
  /** To speak with, to be put through to. */
  verbs: string;
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
    verbs:
      'talk talking speak speaking spoke chat chatting connect connected transfer transferred forward escalate pass put switch handed hand',
    reaching: 'contact contacting reach reaching call',
    people:
      'human humans agent agents representative representatives rep operator advisor adviser employee manager supervisor person staff colleague',
    anyone: 'someone somebody anyone anybody people assistant service support care team',
    real: 'real live actual human living',
    wants: 'want need get give prefer have like wanna gimme find',
    glue: 'to with a an the some your one of me my us through on over directly i can could we may please customer live real actual human in person would like else member be being at',
  },
  {
    verbs:
      'sprechen reden spreche rede chatten verbinden verbinde verbindet durchstellen weiterleiten unterhalten schreiben',
    reaching: 'kontaktieren erreichen telefonieren',
    people:
      'mensch menschen mitarbeiter mitarbeiterin mitarbeitern mitarbeitenden berater beraterin kundenberater kundenbetreuer sachbearbeiter ansprechpartner ansprechpartnerin agent agenten vorgesetzten kundendienstmitarbeiter supportmitarbeiter person',
    anyone: 'jemand jemanden jemandem kundendienst kundenservice support',
    real: 'echt echte echten echter echtem richtigen richtiger richtige menschlichen menschlicher lebenden realen',
    wants: 'mochte will brauche brauch hatte wunsche gib geben haben',
    glue: 'mit einem einer einen eine ein dem der den die von ihnen euch zu an mich mir ich bitte kann konnte darf ihrem ihrer eurem echten richtigen menschlichen realen direkt personlich mal gerne gern vom sie lieber nur',
  },
  {
    verbs: 'parler discuter echanger parle transferer transferez transfere passez passer communiquer mettre mettez',
    reaching: 'joindre contacter',
    people:
      'humain humaine agent conseiller conseillere operateur operatrice representant responsable employe personne teleconseiller collaborateur',
    anyone: "quelqu'un quelqu un service support equipe",
    real: 'vrai vraie reel reelle humain humaine physique vivante',
    wants: 'veux voudrais besoin souhaite souhaiterais prefere',
    glue: 'a avec au aux un une le la l de d du des votre vos moi me en relation contact vrai vraie reel reelle humain humaine client clientele clients pouvez puis je directement service',
  },
  {
    verbs:
      'hablar hablo hable comunicar comunicarme comuniqueme comunicame conectar conectarme conecteme transferir transfieran transfierame pasar pasame paseme pasarme chatear atienda atender',
    reaching: 'contactar contacto',
    people:
      'humano humana agente asesor asesora operador operadora representante persona ejecutivo encargado supervisor gerente empleado',
    anyone: 'alguien servicio soporte atencion',
    real: 'real humana humano fisica verdadera viva',
    wants: 'quiero necesito prefiero deseo quisiera dame',
    glue: 'con a al un una el la de del por para algun alguna su sus me favor real verdadera verdadero que puedo puede podria directamente cliente uno usted en le lo',
  },
  {
    verbs:
      'falar falo fale conversar transferir transfira transfere conectar comunicar passar passe passa atender atendimento',
    reaching: 'contatar contactar',
    people:
      'humano humana atendente agente operador operadora representante pessoa consultor assistente gerente supervisor funcionario colaborador',
    anyone: 'alguem atendimento suporte',
    real: 'real humano humana verdade',
    wants: 'quero preciso gostaria prefiro desejo queria',
    glue: 'com a ao um uma o de do da para por algum alguma seu sua me favor real que posso pode poderia diretamente voces uma',
  },
  {
    verbs: 'parlare parlo trasferire trasferisci collegare mettermi mettimi passami passatemi comunicare chattare',
    reaching: 'contattare',
    people: 'umano umana persona operatore operatrice agente consulente rappresentante addetto responsabile impiegato',
    anyone: 'qualcuno assistenza',
    real: 'reale vera vero umana umano',
    wants: 'voglio vorrei preferisco serve bisogno',
    glue: 'con a ad al un una uno il la lo di del della in contatto qualche vostro vostra mi posso puo vero vera reale umano clienti',
  },
  {
    verbs: 'spreken praten spreek praat chatten doorverbinden verbinden verbind',
    reaching: 'contact bellen',
    people:
      'mens medewerker medewerkster persoon agent adviseur vertegenwoordiger klantenservicemedewerker leidinggevende',
    anyone: 'iemand klantenservice',
    real: 'echt echte menselijke levende',
    wants: 'wil heb nodig liever graag',
    glue: 'met een de het van uw jullie aan mij me ik kan mag graag alstublieft alsjeblieft echt echte menselijke opnemen door naar',
  },
  {
    verbs:
      'rozmawiac porozmawiac rozmowa rozmowe polaczyc polacz polaczenie polaczcie pogadac mowic przelacz przelaczyc przekierowac',
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

const asSets = ({ verbs, reaching, people, anyone, real, wants, glue }: Asking) => ({
  verbs: set(verbs),
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
const NOT_A_MACHINE =
  /\b(?:not|no|without|instead of|kein|keinen|nicht mit|statt|pas|plus|sans|no con|sin|nao com|sem|non|senza|geen|niet met|nie z)\b(?: \p{L}+){0,6} (?:bot|bots|robot|robots|chatbot|roboter|machine|maschine|computer|maquina|automat|automate|botem|robotem)\b/u;
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
  const isAnyone = (token: string): boolean => has(sets.anyone, token);
  return tokens.some((token, at) => {
    const next = tokens[at + 1];
    if (sets.real.has(token) && next !== undefined && has(sets.people, next)) return true;
    if (next !== undefined && sets.people.has(token) && sets.real.has(next)) return true;
    if (has(sets.verbs, token) && near(tokens, at, sets, (other) => isOne(other) || isAnyone(other))) return true;
    if ((isOne(token) || isAnyone(token)) && near(tokens, at, sets, (other) => sets.verbs.has(other), 0)) return true;
    // "Contact person" is a field of a form.
    const isNamed = (other: string, place: number): boolean =>
      (sets.people.has(other) && !(place === at + 1 && other === 'person')) ||
      (place === tokens.length - 1 && SOMEBODY.has(other));
    if (sets.reaching.has(token) && near(tokens, at, sets, isNamed, 0)) return true;
    // "I need an agent", but not "I need a representative sample".
    const isLast = (place: number): boolean => place === tokens.length - 1 || POLITE.has(tokens[place + 1] ?? '');
    return sets.wants.has(token) && near(tokens, at, sets, (other, place) => sets.people.has(other) && isLast(place));
  });
};

/**
 * Says whether the customer asks for a person, in any of eight languages: one who is to be spoken with, not one who is
 * spoken of. A word alone never says so, unless the whole message is that word.
 */
export const asksForPerson = (text: string): boolean =>
  text
    .slice(0, LONGEST_READ)
    .split(/[.!?;\n]+/)
    .some((sentence, _, all) => {
      const plain = folded(sentence).trim();
      const tokens = tokensOf(plain);
      if (tokens.length === 0 || ARE_YOU.test(plain)) return false;
      if (NOT_A_MACHINE.test(plain) && SPEAKS.test(plain)) return true;
      const isAlone = all.filter((other) => /\p{L}/u.test(other)).length === 1;
      return SETS.some(
        (sets) =>
          (isAlone &&
            tokens.length <= 5 &&
            tokens.some((one) => sets.people.has(one)) &&
            tokens.every((one) => sets.people.has(one) || POLITE.has(one))) ||
          isAsked(tokens, sets),
      );
    });
