/** Patterns for folded text: lower case, no accents. */

/** A colleague, in the words of each language; `SOMEONE_X` somebody, whoever it be. */
const STAFF_EN =
  'colleagues?|agents?|people|staff|employees?|advis[eo]rs?|representatives?|team|managers?|supervisors?';
const SOMEONE_EN = `(?:some|any)(?:one|body)(?: (?:else|real|from (?:your )?\\p{L}+))?|(?:a|an|one of your|your) (?:\\p{L}+ ){0,2}?(?:${STAFF_EN}|human|person)|a member of (?:your )?(?:staff|team)`;
const CONTACT_EN =
  '(?:call|phone|ring|contact|reach out to|get in touch with|get back to|get hold of|speak (?:to|with)|talk (?:to|with)) (?:me|us)';
const STAFF_DE =
  'kolleg\\p{L}*|mitarbeiter\\p{L}*|berater\\p{L}*|kundenberater\\p{L}*|ansprechpartner\\p{L}*|mensch\\p{L}*|person\\p{L}*|leute|jemand\\p{L}*';
const STAFF_FR =
  'collegues?|conseill\\p{L}+|agents?|humains?|personne|responsable|employes?|operat\\p{L}+|collaborat\\p{L}+';
const STAFF_ES =
  'companer[oa]s?|agentes?|asesor\\p{L}*|persona|human[oa]|operador\\p{L}*|responsable|emplead[oa]s?|alguien';
const STAFF_PT =
  'colegas?|agentes?|atendentes?|assistentes?|pessoa|human[oa]|operador\\p{L}*|responsavel|funcionari[oa]s?|alguem';
const STAFF_IT = 'colleg\\p{L}+|operator\\p{L}+|agente|addett[oa]|persona|umano|consulente|responsabile|qualcuno';
const STAFF_NL = "collega(?:'s)?|medewerk\\p{L}+|mens|persoon|adviseur|iemand";
const STAFF_PL = 'kims|konsultant\\p{L}*|pracownik\\p{L}*|czlowiek\\p{L}*|koleg\\p{L}*|osob\\p{L}*';

/** Wishes to be called, or to be got in touch with by somebody who works there. */
const CONTACT_ME = [
  // English
  `\\b(?:(?:can|could|would|will|please) (?:(?:you|someone|somebody|anyone|please) ){0,2}(?:call|phone|ring) me|(?:want|need|like|request|get) (?:\\p{L}+ ){0,3}call ?back|(?:someone|somebody) to (?:call|phone|help|contact) me)\\b`,
  `\\b(?:can|could|would|may|might|please have|have|let|please ask|ask|please get|want|need|like|prefer) (?:${SOMEONE_EN}) (?:to )?(?:please |kindly |maybe |just )?${CONTACT_EN}\\b(?! (?:when|before|once|if) (?:my|the|it|i))`,
  `\\b(?:talk|speak|discuss|chat)\\b(?: \\p{L}+){0,4}? with (?:a member of (?:your )?(?:staff|team)|one of your (?:\\p{L}+ )?(?:${STAFF_EN}))\\b`,
  // German
  '\\b(?:mich (?:bitte |mal )?(?:zuruckrufen|anrufen)|rufen sie mich|(?:um|einen) ruckruf)\\b',
  `\\b(?:kann|konnte|konnten|konnen|wurde|soll|mag|moge) (?:\\p{L}+ ){0,2}?(?:${STAFF_DE}|einer|eine)(?: (?:ihr|eur)\\p{L}* \\p{L}+)?(?: (?:von|aus) \\p{L}+)? (?:\\p{L}+ ){0,4}?(?:(?:bei mir|bei uns) melden|zuruckrufen|anrufen|kontaktieren)\\b`,
  `\\b(?:kann|konnte|konnten|konnen|wurde|soll) (?:mich|mir|uns) (?:\\p{L}+ ){0,3}?(?:${STAFF_DE}|einer|wer) (?:\\p{L}+ ){0,4}?(?:zuruckrufen|anrufen|kontaktieren)\\b`,
  // French
  '\\b(?:rappelez[- ]moi|(?:me|etre) rappeler|me rappelez)\\b',
  `\\b(?:quelqu'un|(?:une?|un de vos|une de vos|l'un de vos) (?:\\p{L}+ )?(?:${STAFF_FR})) (?:\\p{L}+ )?(?:peut|pourrait|peuvent)(?:-il|-elle)? (?:\\p{L}+ ){0,2}?(?:me |m'|nous )(?:rappeler|appeler|contacter|joindre|telephoner)\\b`,
  `\\b(?:mettre|mettez|met)(?:-moi)? en (?:relation|contact) avec (?:\\p{L}+ ){0,3}?(?:${STAFF_FR}|quelqu'un)\\b`,
  // Spanish
  '\\b(?:llamenme|llameme|me (?:pueden?|podrian?) llamar|que me llamen)\\b',
  `\\b(?:puede|podria|pueden|podrian) (?:\\p{L}+ ){0,3}?(?:llamarme|contactarme|contactar conmigo|ponerse en contacto conmigo)\\b`,
  `\\b(?:alguien|un (?:${STAFF_ES})|una (?:${STAFF_ES})) (?:me )?(?:puede|podria) (?:llamar|contactar)(?:me| conmigo)?\\b`,
  `\\b(?:poner|pon|ponga|pongan)(?:me|nos) en contacto con (?:\\p{L}+ ){0,3}?(?:${STAFF_ES})\\b`,
  // Portuguese
  '\\b(?:me liguem|me ligue|liguem-me|ligue-me|(?:podem?|poderiam?|podia|podiam) (?:me )?ligar(?:-me)?)\\b(?! (?:o|a|os|as|ao|com) )',
  `\\b(?:alguem|um (?:${STAFF_PT})|uma (?:${STAFF_PT})) (?:me )?(?:pode|podia|poderia|consegue) (?:me )?(?:ligar|telefonar|contactar|contatar|chamar)(?:-me)?\\b`,
  `\\b(?:por|ponha|colocar|coloque|me colocar|por-me|ponha-me|colocar-me)(?:-me)? em contac?to com (?:\\p{L}+ ){0,3}?(?:${STAFF_PT})\\b`,
  `\\bpass[ea](?:-me| me|m-me) (?:ao|a|para o|para a|para|com o|com a|com|um|uma) (?:\\p{L}+ ){0,2}?(?:apoio|atendimento|suporte|${STAFF_PT})\\b`,
  // Italian
  '\\b(?:richiamatemi|mi (?:puo|potete) (?:ri)?chiamare)\\b',
  `\\b(?:puo|potrebbe|potete|potreste) (?:\\p{L}+ ){0,3}?(?:chiamarmi|richiamarmi|contattarmi)\\b|\\b(?:qualcuno|un (?:${STAFF_IT})) (?:mi )?(?:puo|potrebbe) (?:ri)?(?:chiamar|contattar)\\p{L}+`,
  `\\bin contatto con (?:\\p{L}+ ){0,3}?(?:${STAFF_IT})\\b`,
  // Dutch
  '\\b(?:bel me|bel mij|mij? terugbellen)\\b',
  `\\b(?:kan|kunnen|zou|kunt|wil) (?:\\p{L}+ ){0,4}?(?:mij|me|ons) (?:\\p{L}+ ){0,3}?(?:bellen|terugbellen|contacteren)\\b`,
  `\\b(?:kan|zou) (?:\\p{L}+ ){0,3}?(?:${STAFF_NL}) (?:\\p{L}+ ){0,2}?contact met (?:mij|me) opnemen\\b`,
  // Polish
  '\\b(?:oddzwon\\p{L}*|zadzwon\\p{L}* do mnie)\\b',
  `\\b(?:ktos|${STAFF_PL}) (?:\\p{L}+ ){0,3}?(?:do mnie )?(?:zadzwoni\\p{L}*|oddzwoni\\p{L}*|skontaktowa\\p{L}* sie ze mna)`,
  `\\b(?:skontaktowac|polaczyc) mnie z (?:\\p{L}+ ){0,2}?(?:${STAFF_PL})\\b`,
].map((pattern) => new RegExp(pattern, 'u'));

/** Asks whether a human is there at all: "is anybody real here?" */
const REAL_HERE = [
  /\b(?:any|some)(?:body|one) (?:real|human|alive|who (?:is|isn't|is not) (?:a )?(?:real|human|robot|bot|machine))\b/,
  /\b(?:is|are) there (?:any |a |an |some )?(?:(?:real|actual|live|living) )?(?:humans?|people|person|beings?|agents?|staff) (?:here|there|around|available|at all|behind this|on this chat|in this chat|online)\b(?! (?:in|near|at|for|to)\b)/,
  /\bany (?:(?:real|actual|live) )?(?:humans?|people|persons?|agents?) (?:here|there|around|available|on this chat|online)\b(?! (?:in|near|at|for|to)\b)/,
  /\b(?:gibt'?s|gibt es|ist|sind|arbeiten|sitzen) (?:hier |da |bei euch |auch |denn |uberhaupt |irgendwo )*(?:noch )?(?:ein\p{L}* )?(?:echte\p{L}*|richtige\p{L}*|wirkliche\p{L}*) (?:leute|mensch\p{L}*|person\p{L}*|mitarbeiter\p{L}*)(?! (?:hinter den|die die))/u,
  /\bquelqu'un (?:de |d')?(?:reel|vrai|humain|vivant)\b/,
  /\b(?:y a-t-il|il y a|y a) (?:\p{L}+ )?(?:vraie?s?|humains?) ?(?:personnes?|gens|humains?)? (?:ici|la|derriere)\b/u,
  /\balguien (?:de verdad|real|humano|de carne y hueso)\b|\bhay (?:alguna? |un )?(?:persona|human[oa]) (?:real |de verdad )?(?:ahi|aqui)\b/,
  /\balguem (?:de verdade|real|humano|de carne e osso)\b|\b(?:ha|tem) (?:alguma? |uma? )?(?:pessoa|human[oa]) (?:real |de verdade )?(?:ai|aqui)\b/,
  /\bqualcuno (?:di )?(?:vero|reale|umano|in carne)\b|\bc'e (?:una |un )?(?:persona|umano|essere umano) (?:vera |vero |reale )?(?:qui|li)\b/,
  /\b(?:zit|is|zijn) (?:hier|er|daar) (?:ook |nog |wel )*(?:een )?echte? (?:mens(?:en)?|persoon|medewerkers?)\b|\biemand (?:echt|echts|menselijk)\b/,
  /\b(?:ktos|kogos) (?:prawdziw\p{L}+|zyw\p{L}+)\b|\b(?:jest|sa) (?:tu|tutaj|tam) (?:\p{L}+ )?(?:prawdziw\p{L}+|zyw\p{L}+|czlowiek|ludzie)\b/u,
];

/** A question about delivery: who brings a parcel calls, or somebody does before it comes. */
const BY_COURIER =
  /\b(?:can|could|will|would|does|kann|wird|konnte|peut|pourrait|puede|podria|pode|poderia|puo|potrebbe|kan|zou|czy) (?:\p{L}+ )?(?:driver|courier|carrier|postman|fahrer\p{L}*|zusteller\p{L}*|paketbote|livreur|coursier|repartidor|mensajero|estafeta|entregador|corriere|bezorger|koerier|kurier)\b|\b(?:livreur|coursier|repartidor|mensajero|estafeta|entregador|corriere|kurier|fahrer|driver|courier) (?:me |mi )?(?:can|could|kann|peut|puede|podria|pode|puo|potrebbe|moze)\b|\b(?:before|prior to|vor|avant|antes d[aeo]|prima del\p{L}*|voor|przed) (?:\p{L}+ )?(?:deliver\p{L}*|lieferung|zustellung|livraison|entrega|consegna|bezorging|dostaw\p{L}*)\b/u;

/** Whether a sentence asks for a call, for somebody to get in touch, or for anybody real; `said` is folded. */
export const asksToBeContacted = (said: string): boolean => {
  const plain = said.replaceAll('’', "'");
  if (BY_COURIER.test(plain)) return false;
  return [...CONTACT_ME, ...REAL_HERE].some((pattern) => pattern.test(plain));
};

const NOT =
  /^(?:no|not|non|nao|nie|kein|keine|keinen|nicht|pas|plus|geen|niet|sin|sem|senza|sans|without|zadnych|zaden)$/;
const MACHINE =
  /^(?:bots?|chatbots?|robot\p{L}*|roboter|robo|robos|machines?|maschinen?|computers?|maquinas?|automat\p{L}*|macchin\p{L}+|ai|ki|ia)$/u;
const HUMAN =
  /^(?:humans?|human[oa]s?|persons?|mensch|menschen|humaine?s?|umano|persona|personas|pessoa|personne|mens|persoon|czlowiek\p{L}*|agente?|operator|operador|operateur)$/u;
const BESIDE =
  /^(?:an?|the|please|now|just|only|want|i|real|actual|live|being|beings?|finally|ein|eine|einen|bitte|jetzt|sofort|echte\p{L}*|richtige\p{L}*|un|une|etre|vraie?|svp|maintenant|una|ser|real|ya|ahora|favor|por|um|uma|agora|ja|vero|vera|adesso|subito|een|echte?|nu|graag|prosze|teraz|prawdziw\p{L}+|zyw\p{L}+|tu|czy|quiero|quero|voglio|ich|will|je|veux|wil|ik|chce|your|stupid|bloody|damn|de|verdad|verdade|di)$/u;
const MOST_WORDS = 9;

/** A message that is but "no robot, a human": whole, folded, in words. */
export const isHumanNotMachine = (tokens: readonly string[]): boolean => {
  const isNot = tokens.some((one) => NOT.test(one));
  const isMachine = tokens.some((one) => MACHINE.test(one));
  return (
    tokens.length <= MOST_WORDS &&
    tokens.some((one) => HUMAN.test(one)) &&
    isNot === isMachine &&
    (isNot || tokens.length > 1) &&
    tokens.every((one) => NOT.test(one) || MACHINE.test(one) || HUMAN.test(one) || BESIDE.test(one))
  );
};
