import { describe, expect, it } from '@jest/globals';
import { callApi, createStage, THREADS } from '../stage.ts';

const stage = createStage();

const CONTACTS = '/crm/v3/objects/contacts';

describe('a simulated contact', () => {
  it('shows the properties asked for, null for those never set, and none that no contact has', async () => {
    const simulator = await stage.simulator();
    simulator.createContact({ phone: '1' });
    const contactId = simulator.createContact({ plan: 'pro' });
    const asked = 'properties=plan&properties=phone&properties=no_such_property';
    const { body } = await callApi(simulator, 'GET', `${CONTACTS}/${contactId}?${asked}`);
    expect(body).toMatchObject({ id: contactId });
    expect(body.properties).toEqual({ plan: 'pro', phone: null });
    expect((await callApi(simulator, 'GET', `${CONTACTS}/1`)).status).toBe(404);
  });

  it('is found by a unique property', async () => {
    const simulator = await stage.simulator();
    const contactId = simulator.createContact({ email: 'kim@example.org' });
    const { body } = await callApi(simulator, 'GET', `${CONTACTS}/kim@example.org?idProperty=email`);
    expect(body.id).toBe(contactId);
  });

  it('is the one that a thread names', async () => {
    const simulator = await stage.simulator();
    const contactId = simulator.createContact();
    const { threadId } = simulator.customerWrites({ text: 'Hello', contactId });
    expect((await callApi(simulator, 'GET', `${THREADS}/${threadId}`)).body.associatedContactId).toBe(contactId);
  });
});
