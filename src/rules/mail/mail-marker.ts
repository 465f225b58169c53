import { evidenceIn, isTold, saysWrote } from './mail-evidence.ts';
import { headerBlockAt } from './mail-headers.ts';
import type { MailLine } from './mail-line.ts';

/** What a line across a mail says of the words below it. */
export type Marker = 'history' | 'forward';

const ORIGINAL =
  /^(?:(?:original|reply)[ -]?(?:message|mail|e-mail|appointment)|(?:ursprüngliche|original)[ -]?(?:nachricht|mail|e-mail|termin)|antwort nachricht|message d['’]origine|message original|mensaje original|messaggio originale|mensagem original|oorspronkelijk bericht|oprindelig (?:besked|meddelelse|e-mail)|oprindelige? meddelelse|ursprungligt meddelande|originalmeddelande|opprinnelig melding|alkuperäinen viesti|(?:wiadomość oryginalna|oryginalna wiadomość)|původní zpráva|pôvodná správa|eredeti üzenet|mesaj(?:ul)? original|исходное сообщение|вихідне повідомлення|оригинално съобщение|αρχικό μήνυμα|orijinal (?:mesaj|ileti|posta)|الرسالة الأصلية|הודעה מקורית|原始邮件|原始郵件|原始訊息|元のメッセージ|원본 메시지|원본 메일|thư gốc|pesan asli|missatge original)$/iu;

const FORWARDED =
  /^(?:forwarded (?:message|mail|e-mail)|begin forwarded message|weitergeleitete (?:nachricht|e-?mail|mail)|anfang der weitergeleiteten (?:nachricht|e-?mail)|message transféré|message réexpédié|début du message (?:réexpédié|transféré)|courriel transféré|mensaje reenviado|inicio del mensaje reenviado|messaggio inoltrato|inizio messaggio inoltrato|mensagem (?:encaminhada|reencaminhada)|início da mensagem (?:encaminhada|reencaminhada)|doorgestuurd bericht|begin doorgestuurd bericht|vidarebefordrat (?:meddelande|brev|mail)|vidarebefordrat mejl|videresendt (?:meddelelse|besked|melding|e-mail)|start på videresendt besked|begynnelsen av videresendt melding|välitetty viesti|välitetty viesti alkaa|edelleenlähetetty viesti|przekazana wiadomość|wiadomość przekazana|początek przekazanej wiadomości|přeposlaná zpráva|začátek přeposlané zprávy|preposlaná správa|továbbított (?:üzenet|levél)|továbbított levél kezdete|mesaj redirecționat|пересылаемое сообщение|пересланное сообщение|перенаправленное сообщение|начало переадресованного сообщения|переслане повідомлення|перенаправлене повідомлення|препратено съобщение|προωθημένο μήνυμα|yönlendirilen ileti|iletilen ileti|رسالة معاد توجيهها|الرسالة المعاد توجيهها|הודעה מועברת|ההודעה הועברה|转发的邮件|轉寄郵件|转发邮件信息|已转发邮件|開始轉寄的郵件|転送されたメール|転送メッセージ|전달된 메시지|전달된 메일|thư được chuyển tiếp|thư đã chuyển tiếp|pesan yang diteruskan|pesan terusan|ข้อความที่ส่งต่อ|missatge reenviat|proslijeđena poruka|posredovano sporočilo)$/iu;

/** A line of nothing but dashes, underscores or equals signs. */
export const isRule = (plain: string): boolean => /^[_=–—‐-]{3,}$/.test(plain);

// Proton Mail's are U+2010.
const DASHES = '-‐_–—=*~ ';

/**
 * Gives what stands between two runs of dashes on a line: `mid`. `close`: nothing but the dashes is around it, no
 * space.
 */
const betweenDashes = (plain: string): { mid: string; close: boolean } | null => {
  let start = 0;
  while (DASHES.includes(plain[start] ?? '\n')) start += 1;
  if (start < 2 || !/[-‐_–—=]{2}/.test(plain.slice(0, start))) return null;
  const end = plain.slice(start).search(/ ?[-‐_–—=]{2}/);
  if (end < 1) return null;
  const mid = plain.slice(start, start + end).trim();
  return { mid, close: plain[start - 1] !== ' ' && plain[start + end] !== ' ' };
};

// "Reply above this line": what help desks put above their mails, to know their own words by.
const REPLY_ABOVE =
  /(?:above|over) this line|(?:oberhalb|über) dieser (?:zeile|linie)|au-dessus de cette ligne|(?:encima|arriba) de esta línea|sopra (?:a )?questa (?:riga|linea)|acima desta linha|boven deze (?:lijn|regel)|(?:ovanför|över) (?:den här|denna) (?:raden|linjen)|over denne (?:linje|linjen)|(?:powyżej|nad) t(?:ej|ą) lini|nad t(?:ento|ímto) řádk|выше этой (?:строки|линии)|この(?:行|線)より上|请在此行上方|請在此行上方/iu;

const isReplyAbove = (plain: string): boolean =>
  /^##-.*-##$/.test(plain) ||
  (REPLY_ABOVE.test(plain) &&
    (/^[^\p{L}\p{N}\s]{2,}.*[^\p{L}\p{N}\s]{2,}$/u.test(plain) ||
      /^(?:please )?(?:type your )?reply above this line\.?$/i.test(plain)));

const inSearch = (lines: readonly MailLine[], from: number, next: Uint32Array) => {
  const below = next[from] ?? lines.length;
  return below - from > 2 ? null : headerBlockAt(lines, below);
};

/**
 * Gives what a line across the mail says of what is below it; `null` where it says nothing. Such a line is known by its
 * words, and in a language that no list has by the headers below it: forwarding programs put spaces between dashes and
 * words, Outlook doesn't.
 */
export const markerAt = (
  lines: readonly MailLine[],
  index: number,
  next: Uint32Array,
): { marker: Marker; length: number } | null => {
  const plain = lines[index]?.plain ?? '';
  if (plain === '' || plain.length > 200) return null;
  const bare = plain.replace(/^[*_\s]+|[*_\s:：]+$/g, '');
  if (FORWARDED.test(bare)) return { marker: 'forward', length: 1 };
  if (isReplyAbove(plain)) return { marker: 'history', length: 1 };
  const between = betweenDashes(plain);
  if (between === null) {
    if (plain.endsWith(':') && bare.length < 40 && /^forwarded message|^weitergeleitet/i.test(bare))
      return { marker: 'forward', length: 1 };
    if (!isRule(plain)) return null;
    return inSearch(lines, index + 1, next)?.likely ? { marker: 'history', length: 1 } : null;
  }
  const { mid, close } = between;
  if (ORIGINAL.test(mid)) return { marker: 'history', length: 1 };
  if (FORWARDED.test(mid)) return { marker: 'forward', length: 1 };
  const { address, date, time } = evidenceIn(mid);
  if (saysWrote(mid) && !isTold(mid) && (/(?:wrote|schrieb|écrit)$/i.test(mid) || address || (date && time)))
    return { marker: 'history', length: 1 };
  const block = inSearch(lines, index + 1, next);
  if (!block?.certain && !(block?.likely && block.from !== null && evidenceIn(block.from).address)) return null;
  return { marker: close ? 'history' : 'forward', length: 1 };
};
