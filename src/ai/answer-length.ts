/** The longest answer of the AI in a chat, in characters: nobody reads more there. */
export const LONGEST_CHAT_ANSWER = 2_000;

/** The longest answer of the AI by email, in characters: a guide may be as long. An agent's correction may be too. */
export const LONGEST_EMAIL_ANSWER = 20_000;
