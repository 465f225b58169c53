import { allChannels } from '../channels.ts';
import { notFound } from './errors.ts';
import type { Handlers } from './operations.ts';
import { pageOf } from './paging.ts';

export const directoryHandlers: Handlers<
  'getAccountDetails' | 'getActor' | 'listChannels' | 'listChannelAccounts' | 'getChannelAccount'
> = {
  getAccountDetails: (world) => ({
    status: 200,
    body: {
      portalId: Number(world.portalId),
      uiDomain: 'app.hubspot.com',
      timeZone: 'Europe/Dublin',
      accountType: 'DEVELOPER_TEST',
      companyCurrency: 'EUR',
      additionalCurrencies: [],
      dataHostingLocation: 'eu1',
      utcOffset: '+00:00',
      utcOffsetMilliseconds: 0,
    },
  }),

  getActor: (world, { path }) => {
    const actor = world.actors.get(path.actorId);
    if (!actor) throw notFound(`Actor with id ${path.actorId}`);
    return { status: 200, body: actor };
  },

  listChannels: (_world, { query }) => {
    const channels = allChannels();
    const page = pageOf(channels, { after: query.after, limit: query.limit ?? channels.length });
    return { status: 200, body: { ...page, total: channels.length } };
  },

  listChannelAccounts: (world, { query }) => {
    const accounts = [...world.channelAccounts.values()].filter(
      ({ archived }) => archived === (query.archived ?? false),
    );
    const page = pageOf(accounts, { after: query.after, limit: query.limit ?? accounts.length });
    return { status: 200, body: { ...page, total: accounts.length } };
  },

  getChannelAccount: (world, { path, query }) => {
    const account = world.channelAccounts.get(path.channelAccountId);
    if (!account || account.archived !== (query.archived ?? false)) {
      throw notFound(`Channel account with id ${path.channelAccountId}`);
    }
    return { status: 200, body: account };
  },
};
