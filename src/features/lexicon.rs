//! Words of business, a comma and a blank between them, lower case. `*` at the end: the beginning of a word (`invoic*` finds `invoices`).
//! [`STRONG`] words are hardly ever written in private chats; of [`WEAK`] ones, which are (an order of pizza, the delivery of a parcel, the
//! price of a flat), two different ones must meet in one message. In Chinese, Japanese, Korean and Arabic a word is found wherever it
//! stands, since these are written without blanks or with articles before the word.

/// One of these makes a message one about work.
pub const STRONG: &[&str] = &[
    // English
    "invoic*, rfq, rfp, purchase order*, sales order*, vessel arriv*, vessel is, bill of lading, bills of lading, shipment*, consignment*, freight*, incoterm*, cif",
    "wholesal*, procurement, supplier*, stakeholder*, deliverable*, kpi, kpis, quarterly, q1, q2, q3, q4, ebitda",
    "p&l, revenue*, counterpart*, nda, sla, kyc, aml, compliance, audits, auditor*, auditing, audited, external audit, internal audit, clause*, addendum, term sheet*, termsheet*, due diligence, underwrit*",
    "trade confirm*, basis points, bps, notional, client account*, tonnes, pallets, payment terms, delivery note*, proforma, pro forma, remittance*",
    "account manager*, credit note*, ledger*, accrual*, price list*, pricelist*, steering committee, workstream*, timesheet*, headcount, payroll",
    "cost centre, cost center, lead time*, sku, skus, moq, b2b, crm, erp, month-end, year-end, board meeting, board paper*, letter of credit",
    "demurrage, laytime, charter party, customs clear*, month end, draft agreement, framework agreement, statement of work, purchas* depart*, go-live",
    "po number",
    // German
    "lieferschein*, lieferant*, auftragsbest*, auftragnehm*, auftraggeb*, rechnungsnummer*, eingangsrechnung*, mandant*, umsatz*, spedition*, fracht*",
    "vertrieb*, besprechung*, zahlungsziel*, zahlungsbeding*, skonto, quartal*, aufsichtsrat*, geschäftsführ*, ausschreibung*, liefertermin*",
    "lieferbeding*, kundentermin*, jahresabschluss*, monatsabschluss*, buchhaltung*, wareneingang*, bestellnummer*, angebotsnummer*, werkvertrag*",
    "rahmenvertrag*, gewährleist*, projektleit*, vertragsentwurf*",
    // French
    "fournisseur*, navire*, échéance*, appel d'offres, chiffre d'affaires, bon de commande, bons de commande, trésorerie, comptabilit*",
    "bon de livraison, connaissement*, affréte*, cahier des charges, sous-traitan*, conseil d'administration, avenant*, acompte*",
    // Spanish
    "albarán*, proveedor*, buque*, tonelada*, cotizaci*, licitaci*, accionista*, orden de compra, conocimiento de embarque, flete*",
    "cuenta de resultados, contraparte*, facturación, plazo de entrega, plazos de entrega",
    // Portuguese, Italian, Dutch
    "nota fiscal, fornecedor*, cotaç*, frete, fornitor*, fatturato, bolla di consegna, ordine d'acquisto, capitolato, leverancier*, offerte",
    "vergadering*, omzet, pakbon, vrachtbrief*, inkooporder*",
    // Russian
    "накладн*, поставк*, Поставк*, отгрузк*, Отгрузк*, контрагент*, тендер*, счет-фактур*, счёт-фактур*, закупк*",
    // Chinese, simplified and traditional
    "合同, 报价, 報價, 交货, 交貨, 货款, 貨款, 货柜, 貨櫃, 集装箱, 提单, 提單, 装船, 裝船, 客户, 客戶, 供应商, 供應商, 采购, 採購, 付款条件, 付款條件, 审计, 審計, 合规, 合規, 结算, 報關, 报关, 清关, 清關, 季度, 股东, 董事会",
    "招标, 投标, 对账, 尾款, 预付款, 甲方, 乙方, 出货, 出貨, 船期, 到港, 信用证, 信用證",
    // Japanese, Korean
    "請求書, 見積, 納品, 契約書, 発注, 取引先, お世話になっております, 계약서, 견적, 세금계산서, 납품, 거래처",
    // Arabic
    "فاتور, فواتير, توريد, مناقصة, عرض سعر, السفينة, بضاعة, البضائع, العميل, العملاء, بوليصة, أمر شراء, الحاوية, حاويات, عقد بيع, المورد, الشحنة",
];

/// Two different ones of these in one message do.
pub const WEAK: &[&str] = &[
    // English; some are shared with other languages.
    "backlog, order*, price*, pricing, offer*, quote*, quotation*, contract*, agreement*, meeting*, account*, payment*, deliver*, client*, customer*, buyer*",
    "seller*, container*, shipping, customs, tender*, budget*, agenda, deadline*, proposal*, project*, inspect*, confirm*, settlement*, broker*, hedg*",
    "portfolio*, equity, margin*, turnover, forecast*, amendment*, reference*, units, stock*, supply, signed, signature, approv*, desk, due, draft*",
    "loading, terms, position*, trade*, figures, schedul*, report*, presentation*, department*, policy, transfer*, bank*, wire, spreadsheet*, sheet*",
    "onboard*, roadmap*, release*, sample*, spec, specs, volume*, per tonne, tonne, lots, premium*, discount*, port, quantity, quantities, unit price",
    "commission*, licence*, license*",
    // German
    "rechnung*, vertrag*, lieferung*, liefern*, angebot*, bestellung*, auftrag*, kunde*, zoll*, zahlung*, mahnung*, vorstand*, protokoll*, bestätig*",
    "tonne*, schiff*, fällig*, unterschrieb*, unterzeichn*, preis*, termin*, treffen, einkauf*, projekt*, zeichen, konto*, ware*, muster*, abteilung*",
    "freigabe*, frist*",
    // French
    "factur*, devis, commande*, livraison*, contrat*, réunion*, paiement*, règlement*, signé*, référence*, marge*, prix, remise*, douan*, offre*",
    "projet*, échantillon*, stocks, virement*, due le, compte*, entrepôt*, arrive à",
    // Spanish, Portuguese, Italian, Dutch
    "contrato*, pedido*, presupuesto*, oferta*, entrega*, reunión*, pago*, aduana*, almacén*, trimestre*, referencia*, unidades, firmad*, vence*",
    "precio*, muestra*, proyecto*, cliente*, fatura*, reunião*, prazo*, fattur*, ordin*, consegna*, contratto*, preventiv*, spedizion*, riunion*",
    "pagament*, prezz*, factuur*, facturen, klant*, bestelling*, levering*, betaling*, prijs*, contracten, transferencia*, confirmar*",
    // Russian
    "договор*, Договор*, контракт*, оплат*, заказ*, Заказ*, клиент*, встреч*, цена, цены, партия",
    // Chinese, simplified and traditional
    "发票, 發票, 订单, 訂單, 会议, 會議, 开会, 项目, 項目, 价格, 價格, 交易, 发货, 發貨, 物流, 到期, 预算, 定金, 付款, 仓库, 样品, 编号, 每吨, 确认, 確認, 签字, 已签, 公司, 经理, 出口, 进口, 交付, 数量",
    // Japanese, Korean
    "会議, 契約, 注文, 納期, 価格, 支払, 회의, 계약, 주문, 입금, 배송",
    // Arabic
    "عقد, العقد, شحن, تسليم, اجتماع, الاجتماع, جمارك, دفعة, الشركة, ميزانية, المرجع, توقيع, تستحق, السعر, عرضنا, الطلب, الكمية, التسليم, للطن, موعد",
];
