import { stemmer as danish } from '@orama/stemmers/danish';
import { stemmer as dutch } from '@orama/stemmers/dutch';
import { stemmer as english } from '@orama/stemmers/english';
import { stemmer as finnish } from '@orama/stemmers/finnish';
import { stemmer as french } from '@orama/stemmers/french';
import { stemmer as german } from '@orama/stemmers/german';
import { stemmer as italian } from '@orama/stemmers/italian';
import { stemmer as norwegian } from '@orama/stemmers/norwegian';
import { stemmer as portuguese } from '@orama/stemmers/portuguese';
import { stemmer as romanian } from '@orama/stemmers/romanian';
import { stemmer as russian } from '@orama/stemmers/russian';
import { stemmer as spanish } from '@orama/stemmers/spanish';
import { stemmer as swedish } from '@orama/stemmers/swedish';
import { stemmer as turkish } from '@orama/stemmers/turkish';
import { stemmer as ukrainian } from '@orama/stemmers/ukrainian';
import { stopwords as danishWords } from '@orama/stopwords/danish';
import { stopwords as dutchWords } from '@orama/stopwords/dutch';
import { stopwords as finnishWords } from '@orama/stopwords/finnish';
import { stopwords as frenchWords } from '@orama/stopwords/french';
import { stopwords as germanWords } from '@orama/stopwords/german';
import { stopwords as italianWords } from '@orama/stopwords/italian';
import { stopwords as japaneseWords } from '@orama/stopwords/japanese';
import { stopwords as mandarinWords } from '@orama/stopwords/mandarin';
import { stopwords as norwegianWords } from '@orama/stopwords/norwegian';
import { stopwords as portugueseWords } from '@orama/stopwords/portuguese';
import { stopwords as romanianWords } from '@orama/stopwords/romanian';
import { stopwords as russianWords } from '@orama/stopwords/russian';
import { stopwords as spanishWords } from '@orama/stopwords/spanish';
import { stopwords as swedishWords } from '@orama/stopwords/swedish';
import { stopwords as turkishWords } from '@orama/stopwords/turkish';
import { stopwords as ukrainianWords } from '@orama/stopwords/ukrainian';
import { polish } from 'multilingual-stemmer';
import { STOP_WORDS } from './stop-words.ts';

/** The search has to know this of a language. */
export interface Language {
  /** BCP 47, the language alone. */
  code: string;
  /** The part of a word that its forms share. It takes a word in lower case, with its accents. */
  stem(word: string): string;
  /** Words that are in every question and say nothing of its subject, without accents. */
  stopWords: ReadonlySet<string>;
  /** What is one thing in two words, and the word that others have for it; in lower case. */
  phrases: readonly (readonly [RegExp, string])[];
  /** Whether it writes compounds as one word. */
  compounds: boolean;
}

/** Lower case, no accents. */
export const folded = (text: string): string =>
  text
    .toLowerCase()
    .replaceAll('ß', 'ss')
    .replaceAll('ł', 'l')
    .replaceAll('ø', 'o')
    .replaceAll('æ', 'ae')
    .replaceAll('’', "'")
    .normalize('NFKD')
    .replace(/\p{M}/gu, '')
    .normalize('NFC');

/**
 * What customers wrap a question in, beside the words that a language has everywhere: wishes, courtesies, the asking
 * itself. Written in the forms in which they come; a list of a library holds none of them.
 */
const ASKING: Record<string, string> = {
  de: `bitte danke dank vielen besten herzlichen lieben hallo hi guten tag morgen abend moechte möchte mochte will wollen würde gern gerne kannst könnt könnten kann konnen
    mal sagen sag sagt erklären erklär erkläre wissen weiß weiss frage fragen hilfe helfen hilf brauche benötige bekomme bekommen gibt geht
    gehen machen mache macht tun tut lassen finden finde suche info infos information informationen mehr etwas über
    warum wieso weshalb wann wer wen wem was wie wo woher wohin wozu welche welcher welches wieviel viele ja nein ok okay
    liebe lieber sehr geehrte geehrter damen herren haben hast habt sind seid bist sie ihr ihre euer eure du dein mir mich uns ihnen euch denn eigentlich
    zeigen zeig nennen nenn geben gib erzähl erzählen möglich möglichkeit eben schon wirklich einfach genau bieten bietet anbieten funktioniert funktionieren`,
  fr: `bonjour bonsoir salut merci svp plaît plait vous voudrais veux veut voulez aimerais souhaite souhaiterais puis peux peut pouvez
    pourriez pourrais peut-on peuvent dois doit devrais faut est-ce quoi que qui quand comment pourquoi combien où ou quel quelle quels quelles savoir sais dire dites expliquer
    aide aider besoin faire fais fait font faut-il avoir obtenir trouver cherche question info infos information informations plus oui non ok a y
    car donc si alors tres très comme possible cela ça ca c'est cette chez aller vais va cas tu je on il elle les`,
  es: `hola buenos buenas días dias tardes noches gracias favor por quiero quisiera querría deseo gustaría gustaria necesito podría podrían puedes
    puede puedo pueden pueda debo debe hay tengo tiene tienen qué que cómo como cuándo cuando dónde donde cuál cual cuáles cuanto cuánto cuanta quién quien porqué
    saber sé decir dime dígame explica explicar ayuda ayudar ayudarme ayúdame hacer hago hace pregunta consulta información informacion info más mas sí si no ok
    me mi mis te tu su sus es son ser estar está esta este para con los las del al un una y o de en el la lo a se`,
  pt: `olá ola oi bom boa dia tarde noite obrigado obrigada favor por quero queria gostaria preciso poderia pode posso podem deve devo tem tenho têm ter há
    que quê qual quais quando como onde quanto quanta quantos quem porque porquê saber sei dizer diga explique explicar explica me ajuda ajudar ajude fazer faço faz
    pergunta dúvida duvida informação informações informacao info mais sim não nao ok é e o a os as um uma do da de no na em pra para pro meu minha meus minhas eu você voce vc
    significa quer falar fala sobre isso esse essa este esta ser são sao vai vou fale entender existe existem funciona serve acontece`,
  it: `ciao salve buongiorno buonasera grazie prego favore per vorrei voglio desidero bisogno posso può puo potete potrei potrebbe puoi devo deve dobbiamo c'è
    ce che cosa quando come dove quale quali quanto quanta chi perché sapere so dire dirmi dimmi spiegare spiegami aiuto aiutare aiutarmi fare faccio fa domanda
    informazione informazioni info più piu sì si no ok avere ottenere trovare`,
  nl: `hallo hoi goedemorgen goedemiddag goedendag dag dank hartelijk wel jullie bedankt dankjewel alsjeblieft alstublieft graag wil willen zou kunt kun kan mag moet nodig
    wat wanneer hoe waar waarom welke wie hoeveel weten weet zeggen zeg uitleggen hulp help helpen doen doe vraag info informatie meer ja nee ok krijgen krijg vinden vind
    mijn jullie jij ik u uw we wij er heeft heb bestaat gaat`,
  sv: `hej tack snälla vill skulle kan behöver vad när hur var varför vilken vilka vem veta säga hjälp hjälpa göra fråga information mer ja nej ok finns får`,
  da: `hej tak venligst vil gerne kan behøver hvad hvornår hvordan hvor hvorfor hvilken hvem vide sige hjælp hjælpe gøre spørgsmål information mere ja nej ok findes får`,
  no: `hei takk vennligst vil gjerne kan trenger hva når hvordan hvor hvorfor hvilken hvem vite si hjelp hjelpe gjøre spørsmål informasjon mer ja nei ok finnes får`,
  pl: `a aby albo ale ani az bardzo bez bo byc byl byla bylo byly bym by chce chcę chciałbym chciałabym chcialbym chciec ci cie cię ciebie co czego czemu czy
    czyli dla dlaczego do dobry dzien dzień dziekuje dziękuję prosze proszę witam czesc cześć gdy gdzie go i ich ile im inny ja ją jak jaka jaki jakie jakies jako je jego jej jemu jest jestem
    jesli jeśli jeszcze jeżeli juz już każdy kiedy kim kto która które którego której który których ktos lub ma mają mam masz mi mnie moge mogę może możecie mozna można móc moj mój moja moje mna
    mną mu musi muszę na nad nam nami nas nasz nasza nasze nawet nic nich nie niech nim niż no o od on ona one oni ono oraz po pod pomoc pomóc pomocy potrzebuję potrzebuje pan pani panstwo państwo powiedzieć
    przed przez przy pytanie sa są sam sie się sobie swoj swoje ta tak taka taki takie tam te tego tej ten to tobie trzeba tu twoj twój twoja ty tych tylko tym u w wam was wasz we wiedzieć wiem więc wszystko wy
    z za zawsze ze że zrobić robić żeby informacje informacja jakoś`,
  zh: `请问 请 想 想要 可以 能 能否 怎么 怎样 怎么样 如何 什么 哪里 哪儿 哪个 哪些 谁 多少 几 为什么 吗 呢 吧 啊 的 了 是 我 你 您 我们 你们 他们 帮 帮忙 帮助 告诉 知道 谢谢 你好 您好 有 没有 要 需要 会 应该 办 怎么办 一下 在`,
  ja: `ください 教え 教えて 知り たい です ます か は が を に で と の も へ から まで どう どの どこ 何 なに いつ 誰 だれ なぜ いくら いくつ 方法 できる できます でき し する お願い ありがとう こんにちは て た ない いる ある 欲しい 場合 もらえ くれ`,
  ru: `здравствуйте привет спасибо пожалуйста хочу хотел хотела можно могу может нужно надо что когда как где почему какой какая какие сколько кто знать сказать помощь помогите делать вопрос информация да нет`,
};

const PHRASES: Record<string, readonly (readonly [RegExp, string])[]> = {
  de: [
    [/\bwie ?viel\b|\bwas kostet\b/g, 'preis'],
    [/\bwie (?:lange|schnell)\b|\bwie viele (?:tage|wochen)\b/g, 'dauer'],
  ],
  fr: [
    [/\bcombien (?:de (?:temps|jours)|d'heures)\b/g, 'durée'],
    [/\bcombien (?=co[uû]te|ça co|est-ce que ça co)/g, 'prix '],
  ],
  es: [
    [/\bcu[aá]nt[oa]s? (?:tiempo|d[ií]as|tarda)\b/g, 'duración'],
    [/\bcu[aá]nto (?:cuesta|vale|sale|cobran)(?!\p{L})/gu, 'precio'],
    [/\bqu[eé] horas?(?!\p{L})/gu, 'horario'],
    [/\bd[oó]nde quedan?(?!\p{L})/gu, 'ubicación'],
  ],
  pt: [
    [/\bquant[oa]s? (?:tempo|dias|demora)\b/g, 'duração'],
    [/\bquanto (?:custa|cobram|sai)(?!\p{L})/gu, 'preço'],
    [/\bque horas?(?!\p{L})/gu, 'horário'],
    [/\bonde fica(?!\p{L})/gu, 'endereço'],
  ],
  zh: [
    [/多久|多长时间|几天|多少天|几个工作日|什么时候|何时|时长|时效/g, ' 时间 '],
    [/多少钱|什么价格|价钱|怎么收费/g, ' 价格 '],
  ],
  ja: [
    [/何日(?:くらい|ぐらい|間)?|どのくらい|どれくらい|どのぐらい|いつ(?:頃|ごろ)?|日数|時期|期間|何年/g, ' 期間 '],
    [/配送料|配達料/g, ' 送料 '],
    [/いくら|料金|値段/g, ' 料金 '],
  ],
  it: [[/\bquant[oi] (?:tempo|giorni)\b/g, 'durata']],
  nl: [
    [/\bhoe ?lang\b/g, 'duur'],
    [/\bhoe ?veel kost\b/g, 'prijs'],
  ],
};

const setOf = (code: string, ...lists: readonly (readonly string[])[]): ReadonlySet<string> =>
  new Set([...lists.flat(), ...(ASKING[code] ?? '').split(/\s+/)].filter((word) => word !== '').map(folded));

const unchanged = (word: string): string => word;

const WITH_COMPOUNDS: ReadonlySet<string> = new Set(['de', 'nl', 'da', 'no', 'sv', 'fi']);

const language = (code: string, stem: (word: string) => string, stopWords: readonly string[]): Language => ({
  code,
  stem,
  stopWords: setOf(code, stopWords),
  phrases: PHRASES[code] ?? [],
  compounds: WITH_COMPOUNDS.has(code),
});

const ENGLISH_PHRASES: readonly (readonly [RegExp, string])[] = [
  [/\b(?:log|logging|logged|sign|signing|signed)[ -]?in(?:to)?\b/g, 'login'],
  [/\b(?:sign|signing|signed|signs)[ -]?up\b/g, 'signup'],
  [/\bmoney[ -]back\b/g, 'refund'],
  [/\b(?:send|sending|sent|give|giving|bring|ship)\b((?: \p{L}+){0,2}) back\b/gu, 'return$1'],
  [/\bget(?:ting)? (?:my|the|our) money\b/g, 'refund'],
  [/\b(?:get|getting|be|keep) in touch\b/g, 'contact'],
  [/\be-mail/g, 'email'],
  [/\bcheck[ -]out\b/g, 'checkout'],
  // Whose it is, and that help is wanted, is no subject.
  [/\b(?:want|need|require|some|any|get|like|for) (?:assistance|support) (?=(?:to|in|with|for|on|\p{L}+ing)\b)/gu, ' '],
  [/\b(?:mr|mrs|ms|dr)\.? \p{L}+/gu, ' '],
  // What is asked for stands in words that are otherwise grammar.
  [/\bhow (?:much|expensive)\b/g, 'price'],
  [/\bhow (?:long|fast|quick|quickly|soon|many (?:days|weeks|hours|months))\b/g, 'duration'],
];

export const ENGLISH: Language = {
  code: 'en',
  stem: english,
  stopWords: STOP_WORDS,
  phrases: ENGLISH_PHRASES,
  compounds: false,
};

/** Every language whose words the search knows; all others are searched by their bare words. */
export const LANGUAGES: ReadonlyMap<string, Language> = new Map(
  [
    ENGLISH,
    language('da', danish, danishWords),
    language('nl', dutch, dutchWords),
    language('fi', finnish, finnishWords),
    language('fr', french, frenchWords),
    language('de', german, germanWords),
    language('it', italian, italianWords),
    language('no', norwegian, norwegianWords),
    language('pt', portuguese, portugueseWords),
    language('ro', romanian, romanianWords),
    language('ru', russian, russianWords),
    language('es', spanish, spanishWords),
    language('sv', swedish, swedishWords),
    language('tr', turkish, turkishWords),
    language('uk', ukrainian, ukrainianWords),
    language('pl', polish, []),
    language('zh', unchanged, mandarinWords),
    language('ja', unchanged, japaneseWords),
  ].map((one) => [one.code, one]),
);

/** A language of which nothing is known but its name. */
export const languageOf = (code: string): Language =>
  LANGUAGES.get(code) ?? { code, stem: unchanged, stopWords: new Set(), phrases: [], compounds: false };
