import fc from 'fast-check';

/** Where answers may lead in the tests of links. */
export const ALLOWED_DOMAIN = 'example.com';
export const OWN_ADDRESS = 'kim.lee@mail.example';

const GOOD_HOSTS = [
  'help.example.com',
  'example.com',
  'HELP.Example.com',
  'help.example.com.',
  'help.example.com:8443',
];
const EVIL_HOSTS = [
  ...[
    'evil.com',
    'EVIL.Com',
    'evil.com.',
    'evil.ru',
    'evil.рф',
    'xn--80ak6aa92e.com',
    'evil.io',
    'evil.co.uk',
    'a.b.evil.shop',
  ],
  ...[
    'evil。com',
    'evil．com',
    'evil｡com',
    'evil․com',
    'ｅｖｉｌ.com',
    '𝐞vil.com',
    'evil.ｃｏｍ',
    'evil.com/',
    'еvil.com',
  ],
  ...['evil%2ecom', 'evil%2Ecom', '%65vil.com', 'evil%252ecom', 'evil&#46;com', 'evil&period;com', 'evil&#x2e;com'],
  ...[
    'e\u200bvil.com',
    'evil\u00ad.com',
    'evil.\u200ccom',
    'evil\u2060.com',
    '\u202eevil.com',
    'evil.c\u200dom',
    'evil\ufe0f.com',
  ],
  ...[
    'evil\t.com',
    'evil\n.com',
    'evil\0.com',
    'evil\u001b.com',
    'evil**.**com',
    'evil.*com*',
    'evil`.`com',
    'evil\\.com',
  ],
  ...[
    'notexample.com',
    'example.com.evil.ru',
    'example.com-evil.ru',
    'help.example.comevil.ru',
    'exаmple.com',
    'example.co',
  ],
  ...['192.0.2.7', '3221225991', '0xC0000207', '0300.0.02.07', '192.0.519', '[::1]', '[::ffff:192.0.2.7]', '0x7f.1'],
  ...['evil.zip', 'evil.md', 'EVIL.NET', 'setup.py', 'v2.io', 'tomorrow.It', 'localhost', 'evil.example', 'evil.test'],
];
const USERS = [
  ...[
    '',
    '',
    '',
    '',
    'help.example.com@',
    "help.example.com'@",
    'a:b@',
    'help.example.com%40',
    'help.example.com\\@',
    ':@',
  ],
  ...[
    'help.example.com/@',
    'help.example.com#@',
    'help.example.com?@',
    'help.example.com&commat;',
    'help.example.com＠',
  ],
  ...[
    "help.example.com'",
    'help.example.com|',
    'help.example.com,',
    'help.example.com\u200b.',
    'help.example.com`',
    'kim@',
  ],
];
const SCHEMES = [
  ...[
    'https://',
    'http://',
    'https://',
    'HTTPS://',
    'hTTp://',
    'https:',
    'http:',
    'https:/',
    'https:///',
    'https:\\\\',
    'https:/\\',
  ],
  ...[
    '//',
    '\\\\',
    '',
    '',
    'www.',
    'hxxp://',
    'hxxps://',
    'ftp://',
    'intent://',
    'javascript://',
    'javascript:',
    'data:text/html,',
  ],
  ...[
    'ht\u200btps://',
    'https&colon;//',
    '&#104;ttps://',
    'ｈttps://',
    'https：//',
    'https:／／',
    'ws://',
    'view-source:https://',
  ],
  ...[
    'mailto:',
    'mailto:a@',
    'MAILTO:a@',
    'mailto:a%40',
    'mailto:help@example.com,a@',
    'mailto:help@example.com?cc=a@',
    'a@',
  ],
  ...[
    'mailto:?to=a%2540',
    'mailto:help@example.com?bcc=a%40',
    'mailto:help@example.com?body=https://',
    'kim.lee@',
    'tel:+1@',
  ],
];
const PATHS = [
  ...[
    '',
    '',
    '',
    '/',
    '/x',
    '?a=b',
    '#x',
    '/x(y)',
    '/%2e%2e/',
    '/a@b',
    '?u=https://evil.com',
    '/https://evil.com',
    '/,evil.com',
  ],
  ...[
    ':443/x',
    ':80',
    '/x?cc=x@evil.com',
    '?cc=x@evil.com&bcc=y@evil.com',
    '/を見て',
    "/'evil.com",
    '/x;y',
    '/x\\y',
    '.',
    ',',
    ').',
  ],
];
const WRAPS: ((link: string) => string)[] = [
  (link) => link,
  (link) => `[here](${link})`,
  (link) => `[here](${link} "title")`,
  (link) => `[here](<${link}>)`,
  (link) => `[here]( ${link} )`,
  (link) => `[${link}](https://help.example.com/x)`,
  (link) => `[https://help.example.com](${link})`,
  (link) => `[![here](https://help.example.com/x)](${link})`,
  (link) => `![here](${link})`,
  (link) => `[here][1]\n\n[1]: ${link}`,
  (link) => `<${link}>`,
  (link) => `<a href="${link}">here</a>`,
  (link) => `<a href=${link}>here</a>`,
  (link) => `\`${link}\``,
  (link) => `\`\`\`\n${link}\n\`\`\``,
  (link) => `**${link}**`,
  (link) => `*${link}*`,
  (link) => `_${link}_`,
  (link) => `(${link})`,
  (link) => `"${link}"`,
  (link) => `'${link}'`,
  (link) => `- ${link}`,
  (link) => `# ${link}`,
  (link) => `> ${link}`,
  (link) => `| ${link} |`,
  (link) => `こちら${link}をご覧ください。`,
  (link) => `Siehe ${link}.`,
  (link) => `\u202e${link}\u202c`,
  (link) => `<!-- ${link} -->`,
  (link) => `\\[here\\](${link})`,
];
const JOINTS = [
  ' ',
  ' ',
  ' and ',
  '',
  '\n',
  '\n\n',
  "'",
  ',',
  '\u200b',
  '|',
  ';',
  '、',
  'を',
  '\t',
  '&nbsp;',
  '@',
  '.',
  '/',
  ':',
  '(',
  '\\',
];

const one = (...from: readonly string[]) => fc.constantFrom(...from);

/** A link, or nearly one: about one in three leads to where it may. */
export const links = fc
  .tuple(
    one(...SCHEMES),
    one(...USERS),
    fc.oneof(one(...GOOD_HOSTS), one(...EVIL_HOSTS), one(...EVIL_HOSTS)),
    one(...PATHS),
  )
  .map((parts) => parts.join(''));

const wrapped = fc
  .tuple(links, fc.constantFrom(...WRAPS), fc.constantFrom(...WRAPS))
  .map(([link, inner, outer]) => outer(inner(link)));
const plain = one(
  'Returns are free.',
  'See https://help.example.com/returns',
  'Write to help@example.com',
  'kim.lee@mail.example',
);

/** An answer of one to three of them, and of words. */
export const answers = fc
  .array(fc.tuple(fc.oneof(wrapped, wrapped, plain, links), one(...JOINTS)), { minLength: 1, maxLength: 3 })
  .map((parts) => parts.flat().join(''));
