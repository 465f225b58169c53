import { describe, expect, it } from '@jest/globals';
import { asksForPerson } from '../../../src/ai/knowledge/asks-for-person.ts';

describe('asking for a person', () => {
  it.each([
    'Put me through to an operator',
    'can i chat with a damn humna',
    'is there someone I can speak to?',
    'I do not want to talk to a bot',
    'Live agent',
    'How do I contact somebody?',
    'Ich will mit einem echten Menschen sprechen',
    'Bitte verbinden Sie mich mit einem Mitarbeiter',
    'Kann ich mit jemandem reden?',
    "J'aimerais parler à un conseiller",
    "Puis-je parler à quelqu'un ?",
    '¿Puedo hablar con alguien?',
    'Quiero que me atienda una persona',
    'Preciso falar com um atendente',
    'Vorrei parlare con un operatore',
    'Ik wil graag een medewerker spreken',
    'Chcę porozmawiać z konsultantem',
  ])('%s', (text) => {
    expect(asksForPerson(text)).toBe(true);
  });

  it.each([
    'I need a representative sample of the fabric',
    'Are you a real person?',
    'Can someone tell me how long it takes?',
    'How do I change the contact person?',
    'Can another person sign for the parcel?',
    'At what time can I reach customer support?',
    'Who is the manager of the firm?',
    'I talked to your agent yesterday, and nothing happened',
    'Kostet der Eintritt pro Person mehr?',
    'Combien coûte le billet par personne ?',
    '¿Puede otra persona recoger el pedido?',
    'Outra pessoa pode receber a encomenda?',
    'Thanks',
    '',
  ])('is not: %s', (text) => {
    expect(asksForPerson(text)).toBe(false);
  });
});
