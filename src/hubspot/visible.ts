const NOTHING_VISIBLE = /^[\s\p{Z}\p{Default_Ignorable_Code_Point}\p{Cc}\p{Cf}\u2800\ufffc]*$/u;

/** Says whether a text shows anything: a word, a sign, an emoji. Characters that no screen shows are no words. */
export const hasVisible = (text: string): boolean => !NOTHING_VISIBLE.test(text);
