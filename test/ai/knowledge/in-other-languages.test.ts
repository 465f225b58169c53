import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { languageOf } from '../../../src/ai/knowledge/languages.ts';
import { wordsOf } from '../../../src/ai/knowledge/words.ts';
import { loadKnowledgeBackend } from '../../../src/ai/knowledge.ts';
import { asking, noting } from '../request.ts';

/** A heading, its text, and what customers may ask. */
type Article = [heading: string, text: string, questions: string[]];

const CHINESE: Article[] = [
  [
    '配送需要多长时间？',
    '国内订单一般两到四个工作日送达，偏远地区可能需要七天。',
    ['快递几天能到？', '下单以后多久可以收到货', '送货一般要几天'],
  ],
  ['运费是多少？', '满两百元免运费，不满的收取十二元运费。', ['邮费多少钱', '运费怎么算', '包邮吗，满多少免运费？']],
  [
    '怎么退货？',
    '收到商品七天内可以退货。在“我的订单”中点击“申请退货”，打印退货单后寄回。',
    ['我想退货，怎么操作', '衣服不合适可以退吗', '申请退货的流程是什么？'],
  ],
  [
    '退款什么时候到账？',
    '我们收到退货后三个工作日内退款，原路返回付款账户。',
    ['退款多久能到', '钱什么时候退回来', '退货以后几天退款？'],
  ],
  [
    '如何修改收货地址？',
    '发货之前可以在订单详情里修改收货地址，发货之后请联系客服。',
    ['地址填错了怎么改', '想换一个收货地址', '修改配送地址在哪里'],
  ],
  [
    '忘记密码怎么办？',
    '在登录页面点击“忘记密码”，我们会发送短信验证码，用它设置新密码。',
    ['密码忘了怎么登录', '怎么重置密码', '我想找回密码'],
  ],
  [
    '支持哪些付款方式？',
    '可以用支付宝、微信支付、银行卡和信用卡付款。',
    ['可以用微信付款吗', '有什么支付方式？', '能不能刷信用卡'],
  ],
  [
    '怎么取消订单？',
    '未发货的订单可以在“我的订单”里点击“取消订单”。',
    ['我不想要了，想取消订单', '订单能取消吗', '如何撤销刚下的订单'],
  ],
  [
    '如何开发票？',
    '下单时勾选“需要发票”并填写抬头，电子发票会发到邮箱。',
    ['能开发票吗', '发票怎么申请', '我需要电子发票'],
  ],
  [
    '优惠券怎么使用？',
    '结账时在“优惠券”一栏选择可用的券，每笔订单只能用一张。',
    ['优惠券在哪里用', '一个订单可以用两张优惠券吗', '折扣券如何使用？'],
  ],
  [
    '保修期有多久？',
    '电子产品保修一年，电池保修六个月。凭订单号即可申请维修。',
    ['保修多长时间', '坏了能保修吗，保修期几年', '质保是多久'],
  ],
  [
    '如何删除账号？',
    '在“设置”里选择“账号与安全”，点击“注销账号”。',
    ['怎么注销账户', '我想删除我的账号', '账号不用了，怎么删掉'],
  ],
];

const JAPANESE: Article[] = [
  [
    '配送には何日かかりますか',
    '国内のご注文は二日から四日でお届けします。離島は一週間ほどかかります。',
    ['届くまで何日ぐらいですか', '配送日数を知りたい', '注文してからいつ届きますか'],
  ],
  [
    '送料はいくらですか',
    '五千円以上のお買い上げで送料無料です。五千円未満は五百円をいただきます。',
    ['送料を教えてください', '送料無料になるのはいくらからですか', '配送料はかかりますか'],
  ],
  [
    '返品の方法',
    '商品の到着から八日以内に返品できます。注文履歴で「返品する」を選んでください。',
    ['返品したいです', 'サイズが合わないので返品できますか', '返品の手順を教えて'],
  ],
  [
    '返金はいつされますか',
    '返品の商品が届いてから三営業日以内に、お支払いの方法に返金します。',
    ['返金までどのくらいかかりますか', 'お金はいつ戻りますか', '返金の時期'],
  ],
  [
    'お届け先の住所を変更する',
    '発送の前であれば、注文の詳細から住所を変更できます。',
    ['住所を間違えたので変更したい', '届け先を変えられますか', '配送先の住所変更'],
  ],
  [
    'パスワードを忘れたとき',
    'ログイン画面の「パスワードをお忘れの方」から再設定のメールをお送りします。',
    ['パスワードがわからなくなりました', 'パスワードを再設定したい', 'パスワードを忘れてログインできません'],
  ],
  [
    '支払い方法',
    'クレジットカード、コンビニ払い、銀行振込がご利用いただけます。',
    ['どんな支払い方法がありますか', 'クレジットカードは使えますか', 'コンビニで支払えますか'],
  ],
  [
    '注文のキャンセル',
    '発送の前のご注文は、注文履歴の「キャンセル」から取り消せます。',
    ['注文をキャンセルしたい', 'キャンセルの方法は', '注文を取り消すことはできますか'],
  ],
  [
    '領収書の発行',
    '注文履歴の「領収書」から宛名を入れてダウンロードできます。',
    ['領収書をください', '領収書はどこで発行できますか', '会社名で領収書が欲しい'],
  ],
  [
    'クーポンの使い方',
    'お支払いの画面でクーポンコードを入力してください。一回のご注文に一枚使えます。',
    ['クーポンはどこで使えますか', 'クーポンコードの入力方法', 'クーポンを二枚使えますか'],
  ],
  [
    '保証期間',
    '電化製品の保証は一年間です。修理には注文番号が必要です。',
    ['保証は何年ですか', '保証期間を教えてください', '壊れたのですが保証はありますか'],
  ],
  [
    '退会の手続き',
    '「設定」から「退会する」を選ぶと、アカウントと個人情報を削除します。',
    ['退会したい', 'アカウントを削除するには', '会員をやめたいのですが'],
  ],
];

const OFF_TOPIC = {
  zh: ['你们的股票代码是什么', '今天天气怎么样', '你们招人吗', '请推荐一家餐厅'],
  ja: ['株価を教えてください', '今日の天気は', '求人はありますか', 'おすすめのレストランは'],
};

const answering = async (
  articles: string,
  ask: (sourceOf: (question: string) => Promise<string | null>) => unknown,
) => {
  const folder = await mkdtemp(join(tmpdir(), 'articles-'));
  try {
    await writeFile(join(folder, 'help.md'), articles);
    const ai = await loadKnowledgeBackend(folder);
    await ask(async (question) => {
      const answer = await ai.generate(asking(question), noting());
      return answer.action === 'reply' ? (answer.sources[0]?.title ?? null) : null;
    });
  } finally {
    await rm(folder, { recursive: true });
  }
};

describe('the search in languages without spaces', () => {
  it.each([
    ['zh', CHINESE, OFF_TOPIC.zh],
    ['ja', JAPANESE, OFF_TOPIC.ja],
  ])('answers most questions in %s, and none that is off topic', async (_, articles, offTopic) => {
    const written = articles.map(([heading, text]) => `## ${heading}\n\n${text}`).join('\n\n');
    await answering(written, async (sourceOf) => {
      let right = 0;
      let wrong = 0;
      let all = 0;
      for (const [heading, , questions] of articles) {
        for (const question of questions) {
          const source = await sourceOf(question);
          all += 1;
          if (source === heading) right += 1;
          else if (source !== null) wrong += 1;
        }
      }
      expect(right / all).toBeGreaterThanOrEqual(0.7);
      expect(wrong / (right + wrong)).toBeLessThanOrEqual(0.1);
      for (const question of offTopic) expect([question, await sourceOf(question)]).toEqual([question, null]);
    });
  });
});

describe('the search in other languages than English', () => {
  const expectAnswers = (articles: string, expected: [question: string, title: string | null][]) =>
    answering(articles, async (sourceOf) => {
      for (const [question, title] of expected) expect([question, await sourceOf(question)]).toEqual([question, title]);
    });

  it('finds a German compound by one of its parts, though other articles have that part as a word', async () => {
    await expectAnswers(
      `## Garantieverlängerung kaufen

Sie kostet zwanzig Euro im Jahr und gilt fünf Jahre.

## Garantie und Reparatur

Wir reparieren Ihr Gerät kostenlos, so lange sie läuft.`,
      [['Kann ich eine Garantie kaufen?', 'Garantieverlängerung kaufen']],
    );
  });

  it('finds what the articles write as one word', async () => {
    await expectAnswers(
      '## Reservar en Solymar\n\nLlame o escriba a la recepción.\n\n' + '## Reservar en Montalto\n\nSolo por la web.',
      [
        ['quiero reservar en sol y mar', null],
        ['reservar en soly mar', 'Reservar en Solymar'],
      ],
    );
  });

  it('knows what asks for a price, an hour and a place in Spanish and Portuguese', async () => {
    await expectAnswers(
      '## Precio del desayuno\n\nDoce euros.\n\n' +
        '## Horario del restaurante\n\nDe ocho a once.\n\n' +
        '## Ubicación del hotel\n\nJunto al lago.',
      [
        ['¿Cuánto vale el desayuno?', 'Precio del desayuno'],
        ['¿A qué hora abre el restaurante?', 'Horario del restaurante'],
        ['¿Dónde queda el hotel?', 'Ubicación del hotel'],
      ],
    );
    await expectAnswers(
      '## Preço do ingresso\n\nVinte reais.\n\n' +
        '## Horário da loja\n\nDas nove às seis.\n\n' +
        '## Endereço da loja\n\nRua das Flores.',
      [
        ['Quanto custa o ingresso?', 'Preço do ingresso'],
        ['Que horas a loja abre?', 'Horário da loja'],
        ['Onde fica a loja?', 'Endereço da loja'],
      ],
    );
  });

  it.each([
    'hasło hasła hasłem',
    'konto konta kontem',
    'paczka paczki paczkę',
    'koszt koszty kosztów',
    'reklamacja reklamacji reklamację',
  ])('takes the Polish "%s" for one word', (forms) => {
    expect(new Set(wordsOf(forms, languageOf('pl')).map(({ stem }) => stem)).size).toBe(1);
  });
});
