import { parse } from 'tldts';

/** Providers that have their name below many endings: `gmx.de`, `yahoo.co.uk`. */
const BRANDS = new Set(
  `gmail googlemail outlook hotmail live msn passport yahoo ymail rocketmail aol aim gmx yandex icloud protonmail proton
  tutanota tuta fastmail hushmail zoho mailbox posteo orange wanadoo tiscali telenet vodafone eclipso
  freenet rambler rediffmail laposte libero seznam naver`.split(/\s+/),
);

/**
 * The others by their whole names, those of access providers too: an address there says where somebody is a customer.
 */
const PROVIDERS = new Set(
  `web.de t-online.de arcor.de 1und1.de online.de kabelmail.de o2online.de o2mail.de unitybox.de unity-mail.de
  email.de e-mail.de mail.de emailn.de versanet.de ewetel.net ewe.net netcologne.de htp-tel.de onlinehome.de
  aon.at chello.at a1.net inode.at bluewin.ch sunrise.ch hispeed.ch swissonline.ch green.ch
  free.fr sfr.fr neuf.fr bbox.fr numericable.fr numericable.com club-internet.fr cegetel.net 9online.fr aliceadsl.fr
  skynet.be proximus.be scarlet.be voo.be belgacom.net
  ziggo.nl kpnmail.nl kpnplanet.nl planet.nl xs4all.nl home.nl hetnet.nl upcmail.nl casema.nl chello.nl quicknet.nl
  zeelandnet.nl caiway.nl zonnet.nl tele2.nl
  virgilio.it alice.it tim.it tin.it inwind.it iol.it fastwebnet.it email.it blu.it poste.it pec.it
  telefonica.net terra.es ono.com movistar.es sapo.pt netcabo.pt clix.pt iol.pt
  uol.com.br bol.com.br terra.com.br ig.com.br globo.com globomail.com r7.com zipmail.com.br oi.com.br
  telia.com comhem.se bredband.net spray.se swipnet.se tele2.se bahnhof.se
  online.no sol.no broadpark.no frisurf.no getmail.no epost.no
  mail.dk stofanet.dk jubii.dk ofir.dk tdcadsl.dk youmail.dk email.dk
  luukku.com elisanet.fi kolumbus.fi saunalahti.fi suomi24.fi pp.inet.fi welho.com
  wp.pl o2.pl onet.pl onet.eu op.pl interia.pl interia.eu poczta.fm gazeta.pl tlen.pl go2.pl vp.pl
  centrum.cz email.cz post.cz atlas.cz volny.cz quick.cz azet.sk zoznam.sk centrum.sk post.sk pobox.sk
  freemail.hu citromail.hu indamail.hu vipmail.hu t-email.hu t-online.hu upcmail.hu
  abv.bg mail.bg dir.bg siol.net net.hr otenet.gr forthnet.gr in.gr
  mail.ru bk.ru inbox.ru list.ru internet.ru ya.ru ukr.net i.ua meta.ua bigmir.net tut.by
  inbox.lv one.lt mail.ee hot.ee online.ee
  mynet.com superonline.com ttmail.com walla.com walla.co.il 012.net.il bezeqint.net
  qq.com foxmail.com 163.com 126.com 139.com 189.cn yeah.net sina.com sina.cn sohu.com tom.com aliyun.com
  daum.net hanmail.net nate.com kakao.com docomo.ne.jp ezweb.ne.jp softbank.ne.jp i.softbank.jp au.com nifty.com
  biglobe.ne.jp ocn.ne.jp so-net.ne.jp plala.or.jp
  bigpond.com bigpond.net.au optusnet.com.au iinet.net.au tpg.com.au xtra.co.nz
  comcast.net verizon.net att.net sbcglobal.net bellsouth.net cox.net charter.net spectrum.net earthlink.net
  optonline.net juno.com netzero.net centurylink.net windstream.net frontier.com roadrunner.com rr.com
  rogers.com shaw.ca sympatico.ca bell.net telus.net videotron.ca cogeco.ca
  btinternet.com bt.com sky.com talktalk.net virginmedia.com ntlworld.com blueyonder.co.uk tesco.net plusnet.com
  eircom.net mail.com email.com usa.com inbox.com me.com mac.com pm.me hey.com duck.com mozmail.com relay.firefox.com
  privaterelay.appleid.com lycos.com excite.com runbox.com startmail.com disroot.org riseup.net cock.li
  mailinator.com yopmail.com guerrillamail.com 10minutemail.com tempmail.com`.split(/\s+/),
);

/**
 * Says whether anybody can have an address there: mail providers and access providers. The best known ones, in lower
 * case; what is missing here is taken for a business's own domain.
 */
export const isFreeMail = (domain: string): boolean => {
  const { domain: registered, domainWithoutSuffix: brand } = parse(domain, { allowPrivateDomains: true });
  return PROVIDERS.has(domain) || PROVIDERS.has(registered ?? domain) || BRANDS.has(brand ?? '');
};
