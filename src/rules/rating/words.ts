/** What stands beside the question, by language; `*` is for all others. */
interface Words {
  /** The link of an email. */
  link: Record<string, string>;
  /** How to answer in a chat. */
  scale: Record<string, string>;
}

export const RATING_WORDS: Words = {
  link: {
    '*': 'Rate our help',
    de: 'Unsere Hilfe bewerten',
    fr: 'Évaluer notre aide',
    es: 'Valorar nuestra ayuda',
    pt: 'Avaliar a nossa ajuda',
    it: 'Valuta il nostro aiuto',
    nl: 'Onze hulp beoordelen',
    pl: 'Oceń naszą pomoc',
  },
  scale: {
    '*': 'Reply with a number from 1 (poor) to 5 (very good).',
    de: 'Antworten Sie mit einer Zahl von 1 (schlecht) bis 5 (sehr gut).',
    fr: 'Répondez par un chiffre de 1 (mauvaise) à 5 (très bonne).',
    es: 'Responda con un número del 1 (mala) al 5 (muy buena).',
    pt: 'Responda com um número de 1 (má) a 5 (muito boa).',
    it: 'Risponda con un numero da 1 (scarso) a 5 (ottimo).',
    nl: 'Antwoord met een cijfer van 1 (slecht) tot 5 (heel goed).',
    pl: 'Odpowiedz liczbą od 1 (słaba) do 5 (bardzo dobra).',
  },
};
