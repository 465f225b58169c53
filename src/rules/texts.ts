import { isLanguage } from './handoff/handoff-settings.ts';

/** The language of the text that a customer of this one gets, where it is not the one for all. */
export const ownOf = (messages: Record<string, string>, language: string | undefined): string | undefined =>
  Object.keys(messages).find((key) => key !== '*' && isLanguage(language, key));

/** The text of those by language (`*`: for all others) that a customer of this one gets; `null`: there is none. */
export const textIn = (messages: Record<string, string>, language: string | undefined): string | null => {
  const own = ownOf(messages, language);
  return (own === undefined ? messages['*'] : messages[own]) ?? null;
};
