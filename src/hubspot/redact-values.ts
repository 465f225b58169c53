/** What stands in quotation marks of any kind; to the end, where the text was cut before the last one. An apostrophe is none. */
const QUOTED =
  /"[^"]*(?:"|$)|“[^”]*(?:”|$)|„[^“”]*(?:[“”]|$)|«[^»]*(?:»|$)|`[^`]*(?:`|$)|(?<!\p{L})['‘].*?(?:['’](?!\p{L})|$)/gu;
const ADDRESS = /\S+@\S+/g;
const PHONE_NUMBER = /\+\d[\d ().-]{5,}\d/g;

/** One line of HubSpot's, fit for logs and comments: it quotes values in its messages, and they may be a customer's. */
export const redactValues = (text: string): string =>
  text.replace(QUOTED, '"…"').replace(ADDRESS, '…').replace(PHONE_NUMBER, '…').slice(0, 200);
