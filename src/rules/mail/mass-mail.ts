import type { MessageKind } from '../../hubspot/conversation.ts';
import type { MessageWords } from './message-words.ts';

// What mails say of themselves at their end, each as a sentence's beginning: who only speaks of such a mail begins
// otherwise.

const AUTOMATED = [
  'this (?:is|was) an? (?:auto(?:mated|matic|matically (?:generated|sent))|system[- ]generated|no-?reply|notification-only)',
  'this (?:e-?mail|mail|message|notification) (?:is|was|has been) (?:sent |generated |created )?automatic',
  '(?:e-?mail|message) (?:generated|sent) automatically',
  "do(?: not|n['’]t) (?:reply|respond) (?:directly )?(?:to (?:this|the) |\\.?$)",
  'this (?:mailbox|inbox|(?:e-?mail )?address|account) (?:is|was) (?:not|un-?) ?monitored',
  'replies to this (?:e-?mail|mail|message|address)[^.!?]{0,40} not ',
  '(?:dies ist eine |diese )?automatisch (?:generierte|erstellte|erzeugte|versendete|verschickte)[nrs]? (?:e-?mail|mail|nachricht|benachrichtigung)',
  'diese[rs]? (?:e-?mail|mail|nachricht|benachrichtigung) (?:wurde|ist|wird) automatisch|(?:dies ist|es handelt sich um) eine automati',
  'antworten sie (?:bitte )?nicht|nicht (?:auf diese (?:e-?mail|mail|nachricht) )?antworten',
  '(?:ceci est un |ce(?:t)? )?(?:message|e-?mail|courriel)(?: est| a été)? (?:automatique|(?:généré|envoyé) automatiquement)',
  "(?:merci de |veuillez |prière de )?ne pas (?:y )?répondre|n['’]y répondez pas",
  '(?:este es un |este )?(?:mensaje|correo(?: electrónico)?)(?: es| ha sido| fue)? (?:automático|(?:generado|enviado) (?:de forma )?automátic)|no respond[ae]s? (?:a este|este)|no contest[ae]s? (?:a este|este)',
  '(?:questo è un |questo )?(?:messaggio|e-?mail)(?: è| è stat[oa])? (?:automatic[oa]|(?:generat|inviat)[oa] automaticamente)|(?:si prega di )?non rispondere',
  '(?:esta é uma |esta )?(?:mensagem|e-?mail)(?: é| foi)? (?:automátic[oa]|(?:gerad|enviad)[oa] automaticamente)|não responda',
  '(?:dit is een )?automatisch (?:gegenereerd|verzonden|bericht|e-?mail)|dit (?:bericht|is een bericht)[^.!?]{0,20} automatisch|(?:gelieve )?niet (?:te )?(?:antwoorden|beantwoorden|reageren)|u kunt niet (?:antwoorden|reageren)',
  '(?:det här|detta|dette) (?:är|er) et(?:t)? automati|svara (?:inte|ej) på|svar (?:venligst )?ikke på|ikke svar på|tämä on automaatti|älä vastaa',
  '(?:ta |niniejsza )?wiadomość (?:została )?(?:wygenerowan|wysłan)[^.!?]{0,20} automatycznie|(?:prosimy )?(?:o )?nie(?: |od)odpowiada|prosimy nie odpowiad',
  '(?:tento e-?mail|tato zpráva|táto správa)[^.!?]{0,30} automaticky|neodpov(?:ídejte|edajte)|ez egy automatikus|(?:kérjük, )?ne válaszoljon|acest mesaj[^.!?]{0,20} automat|nu răspundeți',
  '(?:это|данное) (?:автоматическ|(?:письмо|сообщение)[^.!?]{0,30} автоматически)|не отвечайте на|це (?:автоматичн|(?:лист|повідомлення)[^.!?]{0,30} автоматично)|не відповідайте на|bu (?:e-?posta|mesaj|ileti)[^.!?]{0,30} otomatik|lütfen (?:bu [^.!?]{1,20} )?yanıtlamayın',
  '(?:この|本)(?:メール|メッセージ)は[^。]{0,20}自動|[^。]{0,20}(?:返信しないで|ご返信いただけません)|(?:此|本)(?:邮件|郵件)[^。]{0,10}自[动動]|请勿(?:直接)?回复|請勿(?:直接)?回覆|(?:본|이) (?:메일|메시지)은[^.]{0,20}(?:자동|발신 ?전용)|회신하지 마',
];

const MAILING = [
  "you(?:['’]re| are)? (?:receiv|gett)ing (?:this|our|these)|you(?:['’]ve| have)? (?:receive|received|get|got) (?:this|our|these) (?:e-?mails?|mails?|messages?|newsletter|updates?)[^.!?]{0,60} (?:because|as|since) you",
  '(?:this|the) (?:e-?mail|message|newsletter) was sent to [^\\s@]+@',
  "if you (?:no longer (?:wish|want)|don[’']t (?:wish|want)|do not (?:wish|want)|would (?:prefer|rather) not|prefer not) to (?:receive|get|hear)",
  "(?:no longer|don[’']t) want to (?:receive|get|hear from)",
  'unsubscribe(?: (?:here|from|at|now|instantly|with|by)|\\s*[:|•·<(\\[]|\\.?$)|click here to unsubscribe|to (?:unsubscribe|opt out|stop receiving)(?:$|,| from (?:this|these|all|future)| (?:click|follow|visit|reply|go|please|use|tap)| (?:this|these))',
  '(?:view|read|open) (?:this|it|the)?[^.!?]{0,20}in (?:your|a|the) (?:web )?browser|(?:manage|update|change)[^.!?]{0,20} preferences',
  'sie (?:erhalten|bekommen) (?:diese[ns]?|unsere[ns]?) (?:e-?mail|mail|newsletter|nachricht)|(?:newsletter |hier |vom newsletter )?(?:abmelden|abbestellen)\\.?$|wenn sie (?:keine|unsere[ns]?|diesen?) [^.!?]{0,40}(?:erhalten|bekommen) (?:möchten|wollen)|(?:im|in ihrem) browser (?:ansehen|anzeigen|öffnen)',
  'vous recevez (?:ce|cet|cette|nos)|(?:se |me )?(?:désabonner|désinscrire)\\.?$|si vous ne souhaitez plus recevoir|(?:voir|afficher)[^.!?]{0,20}(?:navigateur)',
  '(?:recibes?|has recibido|ha recibido|est[áa]s? recibiendo) este (?:correo|mensaje|e-?mail)[^.!?]{0,40} porque|darse de baja\\.?$|cancelar (?:la )?suscripción\\.?$|si no (?:desea|deseas|quiere|quieres) (?:seguir )?recib',
  "(?:ricevi|ricevete|hai ricevuto|riceve) (?:questa|questo) [^.!?]{0,40} perché|(?:annulla (?:l[’']) ?iscrizione|disiscriviti|cancellati)\\.?$|se non (?:desideri|vuoi|desidera) (?:più )?ricevere",
  '(?:você )?(?:está recebendo|recebeu|recebe) (?:este|esta) [^.!?]{0,40} porque|(?:cancelar (?:a )?(?:inscrição|subscrição)|descadastrar)\\.?$|se não (?:deseja|quer|quiser) (?:mais )?receber',
  '(?:u|je) ontvangt (?:deze|dit) [^.!?]{0,40} omdat|(?:uitschrijven|afmelden)\\.?$|(?:wil|wilt) (?:u|je) (?:geen|niet)[^.!?]{0,40} ontvangen',
  'du (?:får|modtager|mottar) (?:det här|detta|denne|dette)[^.!?]{0,40} (?:eftersom|för att|fordi)|(?:avregistrera|avsluta prenumeration|afmeld|avmeld)[^.!?]{0,20}$|otrzymujesz (?:tę|ten)[^.!?]{0,40} ponieważ|wypisz się|odhlásit (?:se)?[^.!?]{0,20}$|вы получили это[^.!?]{0,30} (?:потому что|так как)|отписаться[^.!?]{0,20}$',
];

const START = String.raw`^(?:[^\p{L}\p{N}"“„«'‘’»(]{0,6}|(?:please|note|nb|ps|important|hinweis|bitte|achtung|wichtig|note|attention|nota|por favor|atención|attenzione|let op|obs|uwaga|prosimy|пожалуйста|lütfen)\s*[,:!-]?\s*)`;
const begins = (patterns: readonly string[]): RegExp => new RegExp(`${START}(?:${patterns.join('|')})`, 'iu');
const IS_AUTOMATED = begins(AUTOMATED);
const IS_MAILING = begins(MAILING);

/** Who speaks of themselves or of us has something to say. */
const PERSONAL =
  /(?<![\p{L}\p{M}\p{N}])(?:I|my|me|ich|mich|mir|mein\p{L}*|je|mon|yo|mi|io|mio|eu|meu|ik|mijn|jag|jeg|mig|ja|mnie|я|мне)(?![\p{L}\p{M}\p{N}])/u;

/** In characters, from a mail's end. */
const TAIL = 3_000;
/** Who asks to get no more mails says little before. */
const FEWEST_WORDS = 8;
/** Of a paragraph with several sentences, and of a line with several parts between bars. */
const SENTENCES = /(?<=[.!?。！？])\s+|\n+|\s+[|•·–—-]\s+/u;

/**
 * Says whether a mail calls itself one that goes to many, or that nobody reads an answer; `null` where it doesn't, or
 * answers or forwards another. It may be a person's all the same, such as one whose company adds a line to all they
 * send: that it is a machine's is not sure.
 */
export const massMail = ({ own, footer, quoted, forwarded }: MessageWords): MessageKind | null => {
  if (quoted !== null || forwarded !== null || own === '') return null;
  const sentences = `${own}\n${footer ?? ''}`.slice(-TAIL).split(SENTENCES);
  const says = (pattern: RegExp, isBelow: (index: number) => boolean): boolean =>
    sentences.some(
      (sentence, index) =>
        pattern.test(sentence.trim()) && !PERSONAL.test(sentence) && !/[?？]/.test(sentence) && isBelow(index),
    );
  if (says(IS_AUTOMATED, () => true)) return 'notification';
  const hasWordsAbove = (index: number): boolean =>
    sentences.slice(0, index).join(' ').split(/\s+/).length >= FEWEST_WORDS;
  return says(IS_MAILING, hasWordsAbove) ? 'newsletter' : null;
};
