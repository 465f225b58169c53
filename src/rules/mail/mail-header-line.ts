import { type Evidence, evidenceIn } from './mail-evidence.ts';

type Field = 'from' | 'date' | 'to' | 'subject' | 'other';

/** A line such as `Subject: Re: Order`, in any language. */
export interface HeaderLine {
  /** In lower case. */
  label: string;
  value: string;
  /** `null` where the label is in no list. */
  field: Field | null;
  /** What the value names. */
  evidence: Evidence;
}

const LABELS: Record<Field, string> = {
  from: `from|von|de|da|van|fra|från|od|lähettäjä|feladó|expeditor|de la|от|від|од|από|kimden|gönderen|من|מאת|发件人|寄件者|寄件人|差出人|보낸 사람|보낸사람|dari|từ|จาก|saatja|no|nuo|frá|remitente|mittente|afzender|absender|expéditeur|avsändare|nadawca|odesílatel|odosielateľ`,
  date: `sent|date|gesendet|datum|envoyé|envoye|envoyé le|enviado|enviado el|enviada em|enviado em|enviada|fecha|data|inviato|verzonden|sendt|dato|skickat|wysłano|wysłane|odesláno|odoslané|dátum|lähetetty|päivämäärä|päiväys|küldve|elküldve|trimis|дата|отправлено|надіслано|изпратено|ημερομηνία|εστάλη|στάλθηκε|tarih|gönderildi|gönderme tarihi|التاريخ|تم الإرسال|تاريخ|תאריך|נשלח|发送时间|日期|寄件日期|寄件時間|傳送時間|送信日時|日時|日付|보낸 날짜|날짜|보낸 시간|dikirim|tanggal|đã gửi|ngày|วันที่|ส่ง|message du|saadetud|nosūtīts|išsiųsta|sent at|sent on`,
  to: `to|an|à|a|para|aan|til|till|do|komu|pre|címzett|vastaanottaja|către|catre|кому|до|προς|kime|alıcı|إلى|אל|收件人|收件者|宛先|받는 사람|받는사람|kepada|đến|tới|ถึง|destinatario|destinataire|pour|kellele|kam|kas|adresat`,
  subject: `subject|betreff|objet|asunto|oggetto|onderwerp|assunto|emne|ämne|temat|předmět|predmet|tárgy|aihe|otsikko|subiect|тема|относно|θέμα|konu|الموضوع|נושא|主题|主旨|標題|件名|제목|subjek|perihal|chủ đề|tiêu đề|เรื่อง|sujet|teema|tēma|efni|assumpte`,
  other: `cc|bcc|kopie|copie|copie à|cópia|copia|kopia|kopi|kopio|копия|副本|抄送|参照|참조|reply-to|antwort an|répondre à|importance|wichtigkeit|priority|attachments|anlagen|pièces jointes|organization|message-id`,
};

const FIELDS = new Map<string, Field>(
  (['other', 'to', 'date', 'subject', 'from'] as const).flatMap((field) =>
    LABELS[field].split('|').map((label): [string, Field] => [label, field]),
  ),
);

const HEADER = /^[*_|•·\s]{0,6}([\p{L}][\p{L}\p{M} .'’()/-]{0,29}?) ?[*_]{0,2} ?[:：](?!\/\/)[*_]{0,2} ?(.*)$/u;

/** Reads a line of a mail, already tidied, as a header; `null` where it looks like none. */
export const headerLine = (plain: string): HeaderLine | null => {
  // Without this look ahead, each long line would cost what the pattern costs.
  if (!/[:：]/.test(plain.slice(0, 48))) return null;
  const [, label, value] = HEADER.exec(plain) ?? [];
  if (label === undefined || value === undefined) return null;
  const name = label.trim().toLowerCase();
  if (name.split(' ').length > 4) return null;
  const said = value.replace(/[*_|\s]+$/, '');
  return { label: name, value: said, field: FIELDS.get(name) ?? null, evidence: evidenceIn(said) };
};
