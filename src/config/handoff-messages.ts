/** The customer notice unless something else is set. */
export const DEFAULT_HANDOFF_MESSAGE =
  "I can't answer this one myself, so I have passed it on to our team. Someone will get back to you here.";

/** The same by the customer's language; `*` is for all others, and where nobody knows it. */
export const DEFAULT_HANDOFF_MESSAGES: Record<string, string> = {
  '*': DEFAULT_HANDOFF_MESSAGE,
  de:
    'Das kann ich nicht selbst beantworten und habe es deshalb an unser Team weitergegeben. ' +
    'Jemand meldet sich hier bei Ihnen.',
  fr:
    "Je ne peux pas répondre moi-même à cette question, je l'ai donc transmise à notre équipe. " +
    "Quelqu'un vous répondra ici.",
  es: 'No puedo responder yo mismo a esto, así que lo he pasado a nuestro equipo. Alguien le responderá aquí.',
  pt: 'Não consigo responder a isto sozinho, por isso passei o assunto à nossa equipa. Alguém vai responder-lhe aqui.',
  it: 'Non posso rispondere da solo a questa domanda, quindi l’ho passata al nostro team. Qualcuno le risponderà qui.',
  nl: 'Dit kan ik niet zelf beantwoorden, dus ik heb het doorgegeven aan ons team. Iemand antwoordt u hier.',
  pl: 'Nie potrafię sam na to odpowiedzieć, dlatego przekazuję sprawę naszemu zespołowi. Ktoś odpowie tutaj.',
};

/** The same outside of business hours. */
export const DEFAULT_CLOSED_MESSAGE =
  "I can't answer this one myself, so I have passed it on to our team. They are back on {opening}, and " +
  'will get back to you here.';

/** By the customer's language, as the others. What `{opening}` becomes is in the language of the text. */
export const DEFAULT_CLOSED_MESSAGES: Record<string, string> = {
  en: DEFAULT_CLOSED_MESSAGE,
  '*': DEFAULT_CLOSED_MESSAGE,
  de:
    'Das kann ich nicht selbst beantworten und habe es deshalb an unser Team weitergegeben. ' +
    'Es ist wieder da: {opening}. Dann meldet sich jemand hier bei Ihnen.',
  fr:
    "Je ne peux pas répondre moi-même à cette question, je l'ai donc transmise à notre équipe. " +
    "Elle sera de retour : {opening}. Quelqu'un vous répondra alors ici.",
  es:
    'No puedo responder yo mismo a esto, así que lo he pasado a nuestro equipo. ' +
    'Estará de vuelta: {opening}. Entonces alguien le responderá aquí.',
  pt:
    'Não consigo responder a isto sozinho, por isso passei o assunto à nossa equipa. ' +
    'Estará de volta: {opening}. Nessa altura alguém vai responder-lhe aqui.',
  it:
    'Non posso rispondere da solo a questa domanda, quindi l’ho passata al nostro team. ' +
    'Tornerà: {opening}. Allora qualcuno le risponderà qui.',
  nl:
    'Dit kan ik niet zelf beantwoorden, dus ik heb het doorgegeven aan ons team. ' +
    'Het is er weer: {opening}. Dan antwoordt iemand u hier.',
  pl:
    'Nie potrafię sam na to odpowiedzieć, dlatego przekazuję sprawę naszemu zespołowi. ' +
    'Zespół wróci: {opening}. Wtedy ktoś odpowie tutaj.',
};
