/** The search says these in words of its own. */
export interface Phrases {
  greeting: string;
  thanks: string;
  farewell: string;
  /** Where an answer comes from, and the way out. */
  origin: string;
  partly: string;
  /** Before the beginning of a section that is longer than the channel takes, or a part of one. */
  part: string;
  /** Before a numbered list of headings. */
  which: string;
}

const ENGLISH: Phrases = {
  greeting:
    "Hello! I'm an automatic search of our help articles. What would you like to know? If you'd rather have a person, just ask for one.",
  thanks: "You're welcome! Write again whenever you have a question.",
  farewell: 'All right. Write again whenever you have a question.',
  origin:
    "This comes from an automatic search of our help articles. If it doesn't answer your question, ask for a person.",
  partly: 'I found nothing about the rest of what you asked.',
  part: 'This is a part of a longer article:',
  which: 'Which of these do you mean? A number is enough. If none of them fits, ask for a person.',
};

const OTHERS: Record<string, Phrases> = {
  de: {
    greeting:
      'Hallo! Ich bin eine automatische Suche in unseren Hilfeartikeln. Was möchten Sie wissen? Wenn Sie lieber mit einem Menschen schreiben, sagen Sie es einfach.',
    thanks: 'Gern geschehen! Schreiben Sie wieder, wenn Sie eine Frage haben.',
    farewell: 'Alles klar. Schreiben Sie wieder, wenn Sie eine Frage haben.',
    origin:
      'Das stammt aus einer automatischen Suche in unseren Hilfeartikeln. Wenn es Ihre Frage nicht beantwortet, fragen Sie nach einem Menschen.',
    partly: 'Zum Rest Ihrer Frage habe ich nichts gefunden.',
    part: 'Das ist ein Teil eines längeren Artikels:',
    which: 'Was davon meinen Sie? Die Nummer genügt. Wenn nichts passt, fragen Sie nach einem Menschen.',
  },
  fr: {
    greeting:
      "Bonjour ! Je suis une recherche automatique dans nos articles d'aide. Que souhaitez-vous savoir ? Si vous préférez une personne, demandez-la simplement.",
    thanks: 'Je vous en prie ! Écrivez à nouveau dès que vous avez une question.',
    farewell: "C'est noté. Écrivez à nouveau dès que vous avez une question.",
    origin:
      "Ceci vient d'une recherche automatique dans nos articles d'aide. Si cela ne répond pas à votre question, demandez une personne.",
    partly: "Je n'ai rien trouvé sur le reste de votre question.",
    part: "Voici une partie d'un article plus long :",
    which: 'De quoi parlez-vous ? Le numéro suffit. Si rien ne convient, demandez une personne.',
  },
  es: {
    greeting:
      '¡Hola! Soy una búsqueda automática en nuestros artículos de ayuda. ¿Qué desea saber? Si prefiere hablar con una persona, solo tiene que pedirlo.',
    thanks: '¡De nada! Escriba de nuevo cuando tenga una pregunta.',
    farewell: 'De acuerdo. Escriba de nuevo cuando tenga una pregunta.',
    origin:
      'Esto viene de una búsqueda automática en nuestros artículos de ayuda. Si no responde a su pregunta, pida hablar con una persona.',
    partly: 'No encontré nada sobre el resto de su pregunta.',
    part: 'Esto es parte de un artículo más largo:',
    which: '¿A cuál de estos se refiere? Basta con el número. Si ninguno sirve, pida hablar con una persona.',
  },
  pt: {
    greeting:
      'Olá! Sou uma busca automática nos nossos artigos de ajuda. O que deseja saber? Se preferir uma pessoa, é só pedir.',
    thanks: 'De nada! Escreva de novo quando tiver uma pergunta.',
    farewell: 'Certo. Escreva de novo quando tiver uma pergunta.',
    origin:
      'Isto vem de uma busca automática nos nossos artigos de ajuda. Se não responder à sua pergunta, peça uma pessoa.',
    partly: 'Não encontrei nada sobre o resto da sua pergunta.',
    part: 'Esta é uma parte de um artigo mais longo:',
    which: 'Qual destes quer dizer? Basta o número. Se nenhum servir, peça uma pessoa.',
  },
  it: {
    greeting:
      'Salve! Sono una ricerca automatica nei nostri articoli di aiuto. Che cosa desidera sapere? Se preferisce una persona, basta chiederla.',
    thanks: 'Prego! Scriva di nuovo quando ha una domanda.',
    farewell: 'Va bene. Scriva di nuovo quando ha una domanda.',
    origin:
      'Questo viene da una ricerca automatica nei nostri articoli di aiuto. Se non risponde alla sua domanda, chieda una persona.',
    partly: 'Non ho trovato nulla sul resto della sua domanda.',
    part: 'Questa è una parte di un articolo più lungo:',
    which: 'Quale di questi intende? Basta il numero. Se nessuno va bene, chieda una persona.',
  },
  nl: {
    greeting:
      'Hallo! Ik ben een automatische zoekfunctie in onze hulpartikelen. Wat wilt u weten? Als u liever een mens spreekt, vraag er gewoon om.',
    thanks: 'Graag gedaan! Schrijf gerust weer als u een vraag hebt.',
    farewell: 'Goed. Schrijf gerust weer als u een vraag hebt.',
    origin:
      'Dit komt uit een automatische zoekopdracht in onze hulpartikelen. Als het uw vraag niet beantwoordt, vraag dan om een mens.',
    partly: 'Over de rest van uw vraag heb ik niets gevonden.',
    part: 'Dit is een deel van een langer artikel:',
    which: 'Welke hiervan bedoelt u? Het nummer is genoeg. Als er niets bij zit, vraag dan om een mens.',
  },
  pl: {
    greeting:
      'Dzień dobry! Jestem automatyczną wyszukiwarką artykułów pomocy. Co chcesz wiedzieć? Jeśli wolisz rozmawiać z człowiekiem, po prostu o to poproś.',
    thanks: 'Nie ma za co! Napisz ponownie, gdy pojawi się pytanie.',
    farewell: 'W porządku. Napisz ponownie, gdy pojawi się pytanie.',
    origin:
      'To wynik automatycznego wyszukiwania w naszych artykułach pomocy. Jeśli to nie jest odpowiedź na Twoje pytanie, poproś o rozmowę z człowiekiem.',
    partly: 'Nie udało się znaleźć nic na temat pozostałej części pytania.',
    part: 'To część dłuższego artykułu:',
    which: 'O które z nich chodzi? Wystarczy numer. Jeśli nic nie pasuje, poproś o rozmowę z człowiekiem.',
  },
};

/** In a customer's language; in English where it isn't one of ours. */
export const phrasesIn = (language: string | null): Phrases =>
  language === null ? ENGLISH : (OTHERS[language] ?? ENGLISH);

/** The line before a list of headings in any language: how a clarifying question is known again in a transcript. */
export const CLARIFYING_LINES: readonly string[] = [ENGLISH, ...Object.values(OTHERS)].map(({ which }) => which);

/** All that is ever said in words of its own, in every language. */
export const ALL_PHRASES: readonly string[] = [ENGLISH, ...Object.values(OTHERS)].flatMap((words) =>
  Object.values(words),
);
