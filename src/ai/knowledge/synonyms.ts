import { folded, LANGUAGES, type Language } from './languages.ts';

/**
 * Words of customer service that people take for one another, a group a line. Not the language's synonyms at large:
 * what one business tells apart ("plan", "package") is in no group.
 */
const GROUPS: Record<string, string> = {
  en: `order purchase
    buy bought
    bill invoice receipt
    refund reimburse reimbursement compensation repay repayment rebate
    cancel revoke cancellation withdraw
    change modify edit update alter correct amend adjust
    delete remove close deactivate erase terminate
    parcel package shipment item product article goods
    ship shipping delivery deliver dispatch post
    arrive receive arrival come get
    track locate trace whereabouts status
    price cost charge fee rate expensive
    pay payment paid
    account profile
    login access
    password passcode pin pwd passphrase
    reset recover restore retrieve recovery
    review feedback comment opinion rating
    policy rule condition terms
    option method way choice possibility
    register signup registration enroll join create
    problem issue trouble error fault failure bug
    broken damaged defective faulty cracked smashed
    late delayed overdue delay
    lost missing
    contact reach call phone telephone
    complaint complain claim
    voucher coupon discount promo promotion
    guarantee warranty
    return returning
    exchange swap replace replacement
    shop store
    abroad international overseas foreign country
    advantage benefit pro
    documentation docs manual guide
    feature function functionality capability
    support assistance help
    customer client
    estimate eta expect
    kind type sort
    show see view display check
    find search look
    photo picture image
    company business firm
    cheap affordable
    repair fix
    employee staff worker
    quick fast rapid speed
    duration time period
    begin start launch
    stop end finish quit
    permit allow
    download install
    connect link integrate integration`,
  de: `bestellung auftrag kauf bestellen kaufen bestellt gekauft
    rechnung beleg quittung
    erstattung rückerstattung erstatten zurückerstatten geld
    stornieren kündigen abbestellen stornierung kündigung widerrufen widerruf
    ändern bearbeiten aktualisieren anpassen änderung
    löschen entfernen schließen
    paket sendung päckchen artikel ware produkt lieferung
    versand lieferung liefern versenden schicken verschicken zustellung
    preis kosten kostet gebühr teuer
    bezahlen zahlen zahlung bezahlung
    konto profil benutzerkonto kundenkonto
    anmelden einloggen login anmeldung
    passwort kennwort pin
    registrieren registrierung anlegen erstellen
    problem fehler störung
    kaputt beschädigt defekt fehlerhaft
    verspätet verspätung spät
    verloren fehlt fehlend
    kontakt kontaktieren erreichen anrufen telefon telefonnummer rufnummer kontaktdaten
    adresse anschrift standort sitz hauptsitz
    öffnungszeiten geöffnet uhrzeit
    beschwerde reklamation reklamieren beschweren
    gutschein rabatt rabattcode gutscheincode
    garantie gewährleistung
    rückgabe rücksendung zurückgeben zurückschicken retoure zurücksenden retournieren
    umtausch umtauschen tauschen austausch
    geschäft laden filiale
    ausland international
    vorteil nutzen vorteile
    dokumentation anleitung handbuch
    funktion merkmal feature eigenschaft
    kunde klient kunden
    verwenden benutzen einsetzen anwendung verwendung nutzung einsatz
    firma unternehmen
    mitarbeiter angestellte`,
  fr: `commande achat commander acheter
    facture reçu
    remboursement rembourser
    annuler résilier annulation résiliation
    modifier changer modification
    supprimer effacer fermer
    colis paquet article produit
    livraison expédition livrer expédier envoi envoyer
    prix coût coûter tarif frais cher
    payer paiement régler
    compte profil
    connexion connecter
    inscrire inscription créer
    problème erreur panne
    cassé endommagé abîmé défectueux
    retard tard
    perdu manquant
    contacter joindre appeler téléphone
    réclamation plainte
    réduction remise promo coupon
    retour retourner renvoyer
    échange échanger remplacer
    magasin boutique
    étranger international pays
    enfant fils fille bébé
    médecin docteur
    travail travailler emploi boulot
    voyage voyager
    école scolaire
    aliment nourriture alimentation
    employeur patron
    protéger protection prévenir prévention éviter
    risque danger dangereux
    contagion contracter attraper transmettre transmission`,
  es: `pedido compra pedir comprar encargo
    factura recibo
    reembolso devolución reembolsar devolver
    cancelar anular cancelación
    cambiar modificar actualizar editar cambio modificación
    eliminar borrar cerrar
    paquete artículo producto
    envío entrega enviar entregar
    precio costo coste tarifa valor cuesta vale costar cobrar cobro
    pagar pago abonar
    cuenta perfil
    contraseña clave
    registrar registro inscribir inscripción afiliar afiliación
    problema error fallo
    roto dañado defectuoso
    tarde retraso
    perdido falta
    contactar contacto llamar teléfono comunicar línea número
    queja reclamo reclamación
    descuento cupón promoción
    garantía
    tienda sucursal sede oficina
    extranjero internacional
    niño hijo niña infantil menor bebé
    comida alimento menú almuerzo alimentación comer
    reserva reservar reservación
    hotel alojamiento
    requisito documento necesario necesitar
    llevar traer ingresar
    ubicación dirección ubicado queda
    horario hora atender abierto`,
  pt: `pedido compra encomenda comprar
    fatura recibo nota
    reembolso devolução devolver reembolsar
    cancelar anular cancelamento
    mudar alterar modificar atualizar alteração mudança
    excluir apagar deletar remover
    pacote artigo produto
    entrega envio enviar entregar remessa
    preço custo valor custa custar tarifa cobrar
    pagar pagamento
    conta perfil
    senha
    registrar cadastrar cadastro registro inscrever inscrição
    problema erro falha
    quebrado danificado defeituoso
    atrasado atraso
    perdido faltando
    contato contatar ligar telefone número
    endereço localização
    horário hora aberto
    passo etapa
    requisito documento necessário
    reclamação queixa reclamar
    desconto cupom promoção
    garantia
    loja
    exterior internacional
    tipo espécie
    documento documentação
    objetivo finalidade
    prazo tempo
    projeto proposta`,
  it: `ordine acquisto ordinare comprare
    fattura ricevuta
    rimborso rimborsare
    annullare cancellare disdire
    cambiare modificare aggiornare
    eliminare rimuovere chiudere
    pacco articolo prodotto
    spedizione consegna spedire consegnare
    prezzo costo tariffa costa
    pagare pagamento
    account profilo
    problema errore guasto
    rotto danneggiato difettoso
    ritardo tardi
    contattare chiamare telefono
    reclamo lamentela
    sconto coupon buono
    reso restituire restituzione
    negozio punto`,
  nl: `bestelling aankoop bestellen kopen
    factuur rekening bon
    terugbetaling terugbetalen restitutie
    annuleren opzeggen annulering
    wijzigen veranderen aanpassen
    verwijderen wissen sluiten
    pakket pakje artikel product zending
    verzending levering leveren verzenden bezorging bezorgen
    prijs kosten tarief
    betalen betaling
    account profiel
    wachtwoord
    probleem fout storing
    kapot beschadigd defect
    vertraagd vertraging laat
    contact bellen telefoon
    klacht
    korting kortingscode
    retour retourneren terugsturen
    winkel`,
  pl: `zamówienie zakup zamówić kupić
    faktura rachunek paragon
    zwrot zwrócić refundacja
    anulować odwołać rezygnacja
    zmienić zmiana edytować
    usunąć usunięcie skasować
    paczka przesyłka produkt artykuł
    dostawa wysyłka dostarczyć wysłać
    cena koszt opłata
    płatność zapłacić płacić
    konto profil
    hasło
    problem błąd awaria
    uszkodzony zepsuty wadliwy
    opóźnienie spóźniony
    kontakt telefon zadzwonić
    reklamacja skarga
    rabat zniżka kupon
    sklep`,
  zh: `订单 下单 购买 订购
    配送 送货 快递 发货 物流 收货 收到 到货 送达 寄
    运费 邮费 快递费 包邮 免邮
    退货 退 退换 寄回
    退款 退回 退钱 到账 返还
    取消 撤销 撤回 不要
    修改 更改 改 换 更换 变更 错
    删除 注销 删 关闭 删掉
    账号 账户 帐号 帐户 会员
    密码 口令
    忘记 忘 找回 重置 重设 重新设置
    付款 支付 付 刷 结账
    信用卡 银行卡 刷卡
    发票 收据
    优惠券 折扣券 优惠 折扣 券 代金券
    保修 质保 维修 坏 保
    客服 联系 人工 电话
    时间 时候 期 有效期
    价格 费用 价 费
    登录 登陆 登入
    注册 开户 创建
    投诉 抱怨
    商店 门店 实体店 店
    国外 海外 国际`,
  ja: `注文 購入 オーダー 買う
    配送 届く 届き 届け お届け 発送 到着 出荷 送る
    送料 配送料 配達料
    返品 返却 返す 返送
    返金 払い戻し 戻り 戻る
    キャンセル 取り消す 取り消し 取消 取り消せ
    変更 変え 変える 修正 間違え
    削除 退会 解約 やめ やめる 消す
    アカウント 会員 登録
    パスワード 暗証
    忘れ 忘れる 再設定 リセット
    支払い 支払 支払え 支払う 決済 払い
    クレジットカード カード
    領収書 レシート 請求書
    クーポン 割引 割引券
    保証 修理 壊れ 故障
    住所 届け先 宛先 送り先
    問い合わせ 連絡 電話
    期間 時間 日
    料金 費用 価格 代金
    ログイン サインイン
    店舗 店 お店
    海外 国外`,
};

const cache = new Map<string, ReadonlyMap<string, readonly string[]>>();

/** By the stem of a word, the stems of those that mean the same to customers. */
export const synonymsOf = ({ code }: Language): ReadonlyMap<string, readonly string[]> => {
  const known = cache.get(code);
  if (known) return known;
  const { stem } = LANGUAGES.get(code) ?? { stem: (word: string) => word };
  const found = new Map<string, string[]>();
  for (const line of (GROUPS[code] ?? '').split('\n')) {
    const stems = [
      ...new Set(
        line
          .trim()
          .split(/\s+/)
          .filter(Boolean)
          .map((word) => folded(stem(word))),
      ),
    ];
    for (const one of stems) found.set(one, [...(found.get(one) ?? []), ...stems.filter((other) => other !== one)]);
  }
  cache.set(code, found);
  return found;
};
