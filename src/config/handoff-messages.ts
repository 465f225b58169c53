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
