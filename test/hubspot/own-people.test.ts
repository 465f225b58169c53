import { describe, expect, it } from '@jest/globals';
import { isFreeMail } from '../../src/hubspot/free-mail.ts';
import { ownDomains } from '../../src/hubspot/own-people.ts';

describe('ownDomains', () => {
  it.each<[string[], string[]]>([
    [['support@example.com'], ['example.com']],
    [['support@help.example.com', 'sales@example.com'], ['example.com']],
    [['support@example.co.uk'], ['example.co.uk']],
    [['support@shop.myshopify.com'], ['shop.myshopify.com']],
    [['support@münchen.example'], ['münchen.example']],
    [['support@example.com', 'shop@gmail.com'], ['example.com']],
    [['shop@web.de', 'shop@gmx.net', 'shop@t-online.de', 'shop@yahoo.co.uk'], []],
    [['support@example-shop.hs-inbox.com', '62515@bcc.eu1.hubspot.com'], []],
    [['support@localhost'], []],
    [[], []],
  ])('of %j are %j', (mailboxes, domains) => {
    expect(ownDomains(mailboxes)).toEqual(domains);
  });
});

describe('isFreeMail', () => {
  it.each(
    `gmail.com googlemail.com outlook.com outlook.de hotmail.com hotmail.co.uk live.com live.fr msn.com yahoo.com yahoo.co.jp
    ymail.com aol.com gmx.de gmx.net gmx.at web.de t-online.de freenet.de icloud.com me.com proton.me protonmail.com
    posteo.de mailbox.org orange.fr wanadoo.fr free.fr laposte.net libero.it bluewin.ch telenet.be ziggo.nl telia.com
    online.no wp.pl onet.pl seznam.cz freemail.hu mail.ru yandex.ru yandex.com ukr.net qq.com 163.com naver.com
    docomo.ne.jp bigpond.com comcast.net verizon.net btinternet.com uol.com.br`.split(/\s+/),
  )('%s is anybody’s', (domain) => {
    expect(isFreeMail(domain)).toBe(true);
  });

  it.each('example.com mit.edu telekom.example gmail.example.com company.de web.example my-outlook.com'.split(' '))(
    '%s is somebody’s',
    (domain) => {
      expect(isFreeMail(domain)).toBe(false);
    },
  );
});
