/** A customer who has not replied gets this, where the thread stays open, by language; `*` is for all others. */
export const DEFAULT_REMINDERS: Record<string, string> = {
  '*': 'Did this answer your question? If anything is still open, just write to us here.',
  de: 'Hat das Ihre Frage beantwortet? Wenn noch etwas offen ist, schreiben Sie uns einfach hier.',
  fr: 'Cela a-t-il répondu à votre question ? S’il reste un point à éclaircir, écrivez-nous simplement ici.',
  es: '¿Ha quedado resuelta su pregunta? Si queda algo pendiente, escríbanos aquí mismo.',
  pt: 'Isto respondeu à sua pergunta? Se ainda houver alguma dúvida, basta escrever-nos aqui.',
  it: 'Abbiamo risposto alla sua domanda? Se c’è ancora qualcosa in sospeso, ci scriva semplicemente qui.',
  nl: 'Is uw vraag hiermee beantwoord? Als er nog iets openstaat, schrijf ons dan gewoon hier.',
  pl: 'Czy to odpowiedź na Pana/Pani pytanie? Jeśli coś jest jeszcze niejasne, prosimy napisać tutaj.',
};

/** The same where the thread is closed then. */
export const DEFAULT_FAREWELLS: Record<string, string> = {
  '*': "We haven't heard back from you, so we are closing this conversation. If you need us, just write here again.",
  de: 'Wir haben nichts mehr von Ihnen gehört und schließen dieses Gespräch. Schreiben Sie gern jederzeit wieder hier.',
  fr: 'Sans nouvelles de votre part, nous fermons cette conversation. Écrivez-nous de nouveau ici à tout moment.',
  es:
    'No hemos tenido noticias suyas, así que cerramos esta conversación. ' +
    'Puede volver a escribirnos aquí cuando quiera.',
  pt:
    'Não tivemos mais notícias suas, por isso encerramos esta conversa. ' +
    'Pode voltar a escrever-nos aqui quando quiser.',
  it: 'Non abbiamo più avuto sue notizie, quindi chiudiamo questa conversazione. Può riscriverci qui in ogni momento.',
  nl: 'We hebben niets meer van u gehoord en sluiten dit gesprek. Schrijf ons gerust opnieuw hier.',
  pl: 'Nie otrzymaliśmy odpowiedzi, więc zamykamy tę rozmowę. W każdej chwili można napisać tutaj ponownie.',
};
