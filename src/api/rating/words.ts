/** What a customer reads on the rating page. */
export interface PageWords {
  question: string;
  scale: string;
  thanks: string;
  rated: string;
  /** The link leads to nothing that waits for a rating. */
  over: string;
  overWhy: string;
  later: string;
  laterWhy: string;
}

const EN: PageWords = {
  question: 'How good was our help?',
  scale: 'From 1 (poor) to 5 (very good).',
  thanks: 'Thank you',
  rated: 'We have your rating.',
  over: 'Nothing to rate here',
  overWhy: 'You have rated already, the time for it is over, or the link is not complete.',
  later: 'Please try again',
  laterWhy: 'We could not take your rating just now. Wait a minute, then go back and choose again.',
};

const WORDS: Record<string, PageWords> = {
  en: EN,
  de: {
    question: 'Wie gut war unsere Hilfe?',
    scale: 'Von 1 (schlecht) bis 5 (sehr gut).',
    thanks: 'Vielen Dank',
    rated: 'Ihre Bewertung ist angekommen.',
    over: 'Hier gibt es nichts zu bewerten',
    overWhy: 'Sie haben schon bewertet, die Zeit dafür ist vorbei, oder der Link ist nicht vollständig.',
    later: 'Bitte versuchen Sie es noch einmal',
    laterWhy: 'Gerade hat es nicht geklappt. Warten Sie eine Minute, gehen Sie zurück und wählen Sie noch einmal.',
  },
  fr: {
    question: 'Que pensez-vous de notre aide ?',
    scale: 'De 1 (mauvaise) à 5 (très bonne).',
    thanks: 'Merci',
    rated: 'Nous avons bien reçu votre évaluation.',
    over: 'Rien à évaluer ici',
    overWhy: "Vous avez déjà répondu, le délai est passé, ou le lien n'est pas complet.",
    later: 'Veuillez réessayer',
    laterWhy: "Cela n'a pas fonctionné. Attendez une minute, revenez en arrière et choisissez de nouveau.",
  },
  es: {
    question: '¿Qué le ha parecido nuestra ayuda?',
    scale: 'Del 1 (mala) al 5 (muy buena).',
    thanks: 'Gracias',
    rated: 'Hemos recibido su valoración.',
    over: 'Aquí no hay nada que valorar',
    overWhy: 'Ya ha respondido, el plazo ha terminado o el enlace no está completo.',
    later: 'Inténtelo de nuevo',
    laterWhy: 'Ahora mismo no ha funcionado. Espere un minuto, vuelva atrás y elija otra vez.',
  },
  pt: {
    question: 'O que achou da nossa ajuda?',
    scale: 'De 1 (má) a 5 (muito boa).',
    thanks: 'Obrigado',
    rated: 'Recebemos a sua avaliação.',
    over: 'Não há nada para avaliar aqui',
    overWhy: 'Já respondeu, o prazo terminou ou o link não está completo.',
    later: 'Tente novamente',
    laterWhy: 'Não foi possível agora. Espere um minuto, volte atrás e escolha de novo.',
  },
  it: {
    question: 'Come valuta il nostro aiuto?',
    scale: 'Da 1 (scarso) a 5 (ottimo).',
    thanks: 'Grazie',
    rated: 'Abbiamo ricevuto la sua valutazione.',
    over: 'Qui non c’è nulla da valutare',
    overWhy: 'Ha già risposto, il tempo è scaduto oppure il link non è completo.',
    later: 'Riprovi',
    laterWhy: 'In questo momento non è riuscito. Aspetti un minuto, torni indietro e scelga di nuovo.',
  },
  nl: {
    question: 'Hoe goed was onze hulp?',
    scale: 'Van 1 (slecht) tot 5 (heel goed).',
    thanks: 'Bedankt',
    rated: 'Wij hebben uw beoordeling ontvangen.',
    over: 'Hier valt niets te beoordelen',
    overWhy: 'U hebt al gereageerd, de tijd is voorbij of de link is niet volledig.',
    later: 'Probeer het opnieuw',
    laterWhy: 'Het lukte nu niet. Wacht een minuut, ga terug en kies opnieuw.',
  },
  pl: {
    question: 'Jak dobra była nasza pomoc?',
    scale: 'Od 1 (słaba) do 5 (bardzo dobra).',
    thanks: 'Dziękujemy',
    rated: 'Otrzymaliśmy Twoją ocenę.',
    over: 'Nie ma tu nic do oceny',
    overWhy: 'Ocena została już oddana, czas minął lub link jest niepełny.',
    later: 'Spróbuj ponownie',
    laterWhy: 'Teraz się nie udało. Poczekaj minutę, wróć i wybierz jeszcze raz.',
  },
};

/** The words of a language, or English ones, and which of both they are. */
export const pageWords = (language: string | null): { language: string; words: PageWords } => {
  const known = language !== null && Object.hasOwn(WORDS, language) ? language : 'en';
  return { language: known, words: WORDS[known] ?? EN };
};
