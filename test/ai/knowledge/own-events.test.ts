import { describe, expect, it } from '@jest/globals';
import { mayAnswerEvent, ownEventIn } from '../../../src/ai/knowledge/own-events.ts';
import { splitArticle } from '../../../src/ai/knowledge/passages.ts';
import { createKnowledgeBackend, loadKnowledgeBackend } from '../../../src/ai/knowledge.ts';
import { asking, noting } from '../request.ts';

describe("what became of the customer's own thing", () => {
  it.each([
    'Was my phone number updated?',
    'Have you got my parcel back yet?',
    'did your driver leave my box somewhere',
    'why were my points deleted',
    'Why is my profile locked?',
    'I was invoiced for something I sent back',
    'what is the £12 charge on the statement',
    'two chairs went back and only one has been credited',
    'My coupon was removed at the till',
    'was the lamp I returned accepted',
    'Explain this fee',
    'any progress on my complaint?',
    'Do I still have an account here?',
    'what is this 6.50',
    'Wurde meine Adresse geändert?',
    'Habt ihr meine Retoure schon bekommen?',
    'Wieso wurde mir doppelt so viel abgebucht?',
    'Ich habe nie etwas bestellt und bekomme eine Rechnung',
    'Mon adresse a-t-elle été modifiée ?',
    'Avez-vous bien reçu mon retour ?',
    "on m'a débité deux fois",
    '¿Han recibido mi devolución?',
    '¿Por qué me cobraron más?',
    'Nunca he pedido nada y hay una factura',
    'A minha morada foi alterada?',
    'receberam a minha devolução?',
    'cobraram-me a mais',
    'Avete ricevuto il mio reso?',
    'perché il mio conto è stato chiuso',
    'Hebben jullie mijn retour ontvangen?',
    'Waarom is mijn account gesloten?',
    'Czy moja paczka została wysłana?',
    'Dlaczego moje konto jest zablokowane?',
  ])('is asked for: %s', (question) => {
    expect(ownEventIn(question)).toBe('event');
  });

  it.each([
    'when did I first buy here',
    'which lamp did I order in May',
    'who cancelled my booking',
    'somebody has used my points',
    'Wer hat mein Paket angenommen?',
    'Qui a modifié mon adresse ?',
    '¿Quién cambió mi clave?',
    'Quem cancelou a minha reserva?',
    'Chi ha cambiato la mia password?',
    'Wie heeft mijn pakket aangenomen?',
    'Kto odebrał moją paczkę?',
    'what did we pay for postage',
    'which address did you send it to',
    'was war meine letzte Rechnung',
    'wann habe ich zuletzt bezahlt',
    'quand ai-je commandé pour la dernière fois',
    'cuándo pedí la mesa',
    'quando paguei a última fatura',
    'quando ho comprato la lampada',
    'wanneer heb ik dat besteld',
    'kiedy ostatnio zamówiłam',
  ])('is on record: %s', (question) => {
    expect(ownEventIn(question)).toBe('record');
  });

  it.each([
    'How do I change my password?',
    'Where do I find my invoice?',
    'Can I send my order back after a month?',
    'What happens to my subscription if I move?',
    'Is my parcel insured?',
    'Who do I ask about my invoice?',
    'Who can collect my parcel?',
    'How do I change my last name?',
    'Where do I see what I paid?',
    'Do I have to pay for my return?',
    'I would like to have my account closed',
    'How many days have I got to decide?',
    'Is shipping free from 49.90?',
    'Wie ändere ich meine Adresse?',
    'Ist mein Paket versichert?',
    'Wie viele Tage habe ich Zeit?',
    'Comment changer mon mot de passe ?',
    'Combien de jours ai-je pour changer d’avis ?',
    '¿Cómo cambio mi dirección?',
    'Como altero a minha morada?',
    'Come cambio il mio indirizzo?',
    'Hoe wijzig ik mijn adres?',
    'Jak zmienić moje hasło?',
  ])('is not asked for: %s', (question) => {
    expect(ownEventIn(question)).toBeNull();
  });

  it('is answered by a heading about what became of it, not about how it is done', () => {
    expect(mayAnswerEvent('My refund has not arrived', 'event')).toBe(true);
    expect(mayAnswerEvent('Track an order', 'event')).toBe(true);
    expect(mayAnswerEvent('Close an account', 'event')).toBe(false);
    expect(mayAnswerEvent('Where do I find my invoice?', 'event')).toBe(false);
    expect(mayAnswerEvent('No order confirmation', 'record')).toBe(false);
    expect(mayAnswerEvent('See past orders', 'record')).toBe(true);
  });

  it('goes to agents where articles only share its words', async () => {
    const articles = ['Close an account', 'My card was charged twice', 'Change the address'].map((title) =>
      splitArticle(`# ${title}\n\nWrite to us.`, `${title}.md`),
    );
    const ai = await createKnowledgeBackend(articles.flat());
    const titlesFor = async (question: string) => {
      const answer = await ai.generate(asking(question), noting());
      return answer.action === 'reply' ? answer.sources.map(({ title }) => title) : answer.action;
    };
    expect(await titlesFor('why was my account closed')).toBe('handoff');
    expect(await titlesFor('has my address changed')).toBe('handoff');
    expect(await titlesFor('How do I close my account?')).toEqual(['Close an account']);
    expect(await titlesFor('why was my card charged twice')).toEqual(['My card was charged twice']);
  });
});

describe('a customer who is upset', () => {
  it.each([
    'Still no parcel. Cheers, the party is over',
    'Still no parcel. Thanks, our wedding was yesterday',
    'Disgusting! The repair made it louder.',
    'You stole from me! The gift card is empty.',
  ])('is left to agents, neither sent away nor asked back: %s', async (question) => {
    const ai = await loadKnowledgeBackend('knowledge');
    expect(await ai.generate(asking(question), noting())).toMatchObject({ action: 'handoff' });
  });
});
