//! Headings of the usual systems (Workday, SuccessFactors, BambooHR, Personio, Entra, ADP, Salesforce, HubSpot, Dynamics …), as
//! listed in `formats/rosters.md` sections 2 and 6. Compared by [`super::table::key`]. Earlier words win over later ones.

use super::table::key;

/// What a column holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[allow(missing_docs)] // The names say it; the fields of Person, Contact, Client, Leave and Expected explain them.
pub enum Target {
    Id,
    Name,
    Given,
    Family,
    Email,
    /// A private address: no work address, but it tells who somebody is.
    Personal,
    Phone,
    Handles,
    Department,
    Grade,
    Manager,
    Region,
    Start,
    LastDay,
    Notice,
    Status,
    Company,
    Domain,
    Owner,
    Value,
    Person,
    From,
    To,
    Kind,
    Channel,
    Day,
    Count,
    /// Known, and of no use here.
    Aside,
}

impl Target {
    /// The word used in readings.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Id => "id",
            Self::Name => "name",
            Self::Given => "given name",
            Self::Family => "family name",
            Self::Email => "e-mail",
            Self::Personal => "private e-mail",
            Self::Phone => "phone",
            Self::Handles => "handles",
            Self::Department => "department",
            Self::Grade => "grade",
            Self::Manager => "manager",
            Self::Region => "region",
            Self::Start => "start date",
            Self::LastDay => "last day",
            Self::Notice => "notice date",
            Self::Status => "status",
            Self::Company => "client",
            Self::Domain => "domain",
            Self::Owner => "owner",
            Self::Value => "value",
            Self::Person => "person",
            Self::From => "from",
            Self::To => "to",
            Self::Kind => "kind",
            Self::Channel => "channel",
            Self::Day => "day",
            Self::Count => "expected",
            Self::Aside => "",
        }
    }
}

impl Target {
    /// What it is, for whoever chooses a field for a column.
    pub const fn said(self) -> &'static str {
        match self {
            Self::Id => "Number of the person",
            Self::Name => "Full name",
            Self::Given => "Given name",
            Self::Family => "Family name",
            Self::Email => "E-mail address",
            Self::Personal => "Private e-mail address",
            Self::Phone => "Phone number",
            Self::Handles => "Handles on messengers",
            Self::Department => "Department",
            Self::Grade => "Grade or title",
            Self::Manager => "Manager",
            Self::Region => "Region or location",
            Self::Start => "First day of work",
            Self::LastDay => "Last day of work",
            Self::Notice => "Day of notice",
            Self::Status => "Employed, on leave, left",
            Self::Company => "Client",
            Self::Domain => "Mail domain or web address",
            Self::Owner => "Who looks after the client",
            Self::Value => "Value of the client",
            Self::Person => "Person",
            Self::From => "First day",
            Self::To => "Last day, inclusive",
            Self::Kind => "Kind of leave",
            Self::Channel => "Channel",
            Self::Day => "Day",
            Self::Count => "Messages expected",
            Self::Aside => "",
        }
    }

    /// Whether its cells hold days.
    pub const fn is_date(self) -> bool {
        matches!(self, Self::Start | Self::LastDay | Self::Notice | Self::From | Self::To | Self::Day)
    }

    /// Whether several columns add up.
    pub const fn is_several(self) -> bool {
        matches!(self, Self::Email | Self::Personal | Self::Phone | Self::Handles | Self::Domain)
    }
}

/// Targets with the headings that mean them, best first; words separated by blanks.
pub type Synonyms = [(Target, &'static str)];

const GIVEN: (Target, &str) = (
    Target::Given,
    "firstname givenname preferredfirstname legalfirstname namegivenname vorname prenom nombre nombres nome primeironome voornaam roepnaam 名 名字 ファーストネーム",
);
const FAMILY: (Target, &str) = (
    Target::Family,
    "lastname familyname surname preferredlastname legallastname namefamilyname sn nachname nomdefamille nom apellido apellidos primerapellido cognome \
     sobrenome apelido achternaam 姓 姓氏 ラストネーム",
);
const EMAIL: (Target, &str) = (
    Target::Email,
    "email primaryworkemail workemail emailaddress mail emails emailaddresses workemails bestemail businessemail companyemail corporateemail emailwork \
     primaryemail officeemail emailaddress1 emailaddress2 emailaddress3 email1 email2 email3 secondaryemail additionalemail additionalemailaddresses \
     proxyaddresses userprincipalname upn othermails emailalias aliases alias emailaliases useremail mailaddress emailadresse mailadresse dienstlicheemail \
     correo correoelectronico courriel adressemail adresseemail adresseelectronique postaelettronica indirizzoemail enderecodeemail correioeletronico \
     emailadres zakelijkemail username 邮箱 电子邮件 邮件 工作邮箱 电子邮箱 電子郵件 電郵 メール メールアドレス 電子メール emailsvalue emailstypeeqworkvalue",
);
const PRIVATE: &str = "homeemail personalemail privateemail emailhome emailprivate emailpersonal personalemailaddress privateemailadresse emailprivat \
     alternateemailaddress emailother emailpersonnel courrielpersonnel correopersonal emailpersonale emailpessoal priveemail 个人邮箱 私人邮箱 個人メール 私用メール";
const PHONE: (Target, &str) = (
    Target::Phone,
    "phone mobile mobilephone cell cellphone workphone primaryworkphone businessphone businessphones phonenumber phonenumbers mobilephonenumber mobilenumber \
     telephone telephonenumber telephone1 telephone2 telephone3 phones bizphone homephone workmobile officephone directphone otherphone tel telefon \
     telefonnummer mobil mobilnummer handy handynummer rufnummer telefono movil portable mobiltelefon cellulare celular telefone telemovel telefoon \
     telefoonnummer mobiel gsm 电话 手机 手机号 手机号码 联系电话 電話 手機 手提電話 電話番号 携帯電話 携帯 携帯番号",
);

/// An employee list.
pub const PEOPLE: &Synonyms = &[
    (
        Target::Id,
        "employeeid workerid personid personnumber userid empid employeenumber employee# staffid staffnumber filenumber associateid personalnummer \
         mitarbeiternummer personalnr matricule numeroemploye numerodeempleado numeroempleado matricola numerodematricula matriculanumero matricula \
         numerofuncionario personeelsnummer externalid hrid 工号 员工编号 员工号 員工編號 社員番号 従業員番号 id",
    ),
    (
        Target::Name,
        "name displayname preferredname fullname employeename worker legalname formattedname employee cn mitarbeiter mitarbeiterin mitarbeitername fullname1 \
         fullname2 fullname3 fullname4 fullname5 staffname personname nomcomplet nometprenom nombrecompleto nombreyapellidos nomecompleto nomecognome \
         nomeecognome collaborateur empleado dipendente funcionario naam volledigenaam medewerker 姓名 员工姓名 員工姓名 氏名 名前 社員名 nameformatted nickname",
    ),
    GIVEN,
    FAMILY,
    EMAIL,
    (Target::Personal, PRIVATE),
    PHONE,
    (Target::Handles, "handles handle accounts messengers messenger chathandles imhandles chataccounts socialhandles messengeraccounts"),
    (
        Target::Department,
        "department supervisoryorganization division costcenter costcenterhierarchy team homedepartment departmentname orgunit organizationalunit ou \
         businessunit subcompany abteilung bereich kostenstelle departement service departamento reparto dipartimento area setor unidade afdeling 部门 部門 部署 \
         所属 departmentnumber desk",
    ),
    (
        Target::Grade,
        "grade joblevel managementlevel level businesstitle jobtitle title position jobprofile joblevelname jobcode rank stelle positionsbezeichnung \
         stellenbezeichnung funktion poste fonction cargo puesto qualifica mansione funcao functie functietitel 职位 职级 职务 職位 職稱 役職 職種 等級 \
         employeetype corporatetitle",
    ),
    (
        Target::Manager,
        "manager managerid managername manageremail linemanager supervisor supervisorid supervisoreid supervisorname reportsto reportsemail managervalue \
         managerdisplayname vorgesetzter vorgesetzte vorgesetzterr fuhrungskraft responsable jefe superior responsabile gestor chefia supervisore \
         leidinggevende 经理 上级 直属上级 主管 上司 直属上司",
    ),
    (
        Target::Region,
        "region location office country officelocation worklocation physicaldeliveryofficename site city standort buro ort land region pays pais ubicacion \
         oficina bureau lieu sede paese localizacao escritorio vestiging locatie kantoor co l usagelocation 地区 地點 地点 城市 办公地点 勤務地 拠点",
    ),
    (
        Target::Start,
        "hiredate startdate rehiredate originalhiredate continuousservicedate employeehiredate dateofjoining joiningdate joindate start firstday \
         employmentstartdate eintrittsdatum eintritt dateembauche datedembauche datedentree datearrivee fechadeingreso fechaalta fechadealta dataassunzione \
         datadiassunzione datadeadmissao dataadmissao datumindienst indiensttreding datumindiensttreding 入职日期 入职时间 到職日期 入職日期 入社日 入社年月日",
    ),
    (
        Target::LastDay,
        "lastday lastdayofwork lastworkingday lastdayworked lastdate terminationdate enddate leavingdate leavedate companyexitdate exitdate separationdate \
         leaverdate dol dateofleaving employeeleavedatetime terminatedat employmentenddate contractenddate austrittsdatum austritt letzterarbeitstag datedesortie \
         datesortie datedepart datededepart dernierjour fechadebaja fechabaja fechasalida fechadesalida datacessazione datadicessazione ultimogiorno \
         datadesligamento datadedesligamento datademissao datadesaida datumuitdienst uitdiensttreding datumuitdiensttreding laatstewerkdag 离职日期 最后工作日 \
         离职时间 離職日期 最後工作日 退職日 退社日 退職年月日 accountexpires end",
    ),
    (
        Target::Notice,
        "noticedate notificationdate resignationdate noticegiven dateofnotice dateofresignation kundigungsdatum kuendigungsdatum terminationterminatedat \
         datedemission datedepreavis fechadepreaviso fechadimision datadimissioni datadoavisoprevio opzegdatum 辞职日期 提出离职日期 辭職日期 退職届提出日",
    ),
    (
        Target::Status,
        "status employmentstatus workerstatus employeestatus employmenthistorystatus activestatus active accountenabled useraccountcontrol userstatus statut \
         estado stato situacao situacion onleave beschaftigungsstatus 状态 在职状态 狀態 在職狀態 状態 在籍区分",
    ),
    (
        Target::Aside,
        "terminationreason terminationtype primaryterminationcategory gender dateofbirth birthdate nationality usertype company hr timezone managementchain \
         covered registered salary geschlecht geburtsdatum emergencycontact objectclass dn userpassword",
    ),
];

/// A client list.
pub const CLIENTS: &Synonyms = &[
    (
        Target::Company,
        "client clientname cliententity entity company companyname account accountname associatedcompany organization organisation organizationname \
         parentcustomerid parentcustomeridname customer customername employer firm firma unternehmen kunde mandant kundenname societe entreprise empresa cliente \
         azienda ragionesociale klant klantnaam bedrijf bedrijfsnaam 公司 客户 客户名称 公司名称 客戶 客戶名稱 会社 会社名 顧客 顧客名 取引先 取引先名 org",
    ),
    (
        Target::Name,
        "name contact contactname fullname contactperson person displayname fn ansprechpartner kontakt kontaktperson nomcontact nomcomplet contacto contatto \
         nombrecompleto nomecompleto contato contactpersoon naam 姓名 联系人 聯絡人 氏名 担当者 担当者名",
    ),
    GIVEN,
    FAMILY,
    EMAIL,
    (Target::Email, PRIVATE),
    PHONE,
    (Target::Handles, "handles handle accounts messengers messenger chathandles imhandles messengeraccounts"),
    (
        Target::Domain,
        "domain domains companydomain companydomainname emaildomain emaildomains maildomain maildomains website websiteurl web url homepage internetseite \
         siteweb sitioweb sitoweb dominio domaine domein 域名 网站 網站 ドメイン ウェブサイト",
    ),
    (
        Target::Owner,
        "owner accountowner contactowner ownername ownerid owneridname hubspotownerid relationshipmanager relationshipowner accountmanager coverage coverageofficer \
         salesperson salesrep betreuer kundenbetreuer chargedecompte gestordecuenta gestore gerentedeconta 客户经理 负责人 客戶經理 担当営業 営業担当",
    ),
    (
        Target::Value,
        "value annualvalue revenue annualrevenue clientvalue accountvalue aum amount wert umsatz valeur valor valore fatturato omzet 价值 金额 金額 売上",
    ),
    (Target::Region, "region country location billingcountry mailingcountry city territory land standort pays pais paese 地区 国家 地域 国"),
    (
        Target::Aside,
        "id contactid recordid accountid hsobjectid associatedcompanyids createddate createdate lastactivitydate lastcontacted type accountstatus isdeleted \
         lifecyclestage leadstatus statecode title jobtitle salutation department status donotmodifycontact donotmodifyrowchecksum donotmodifymodifiedon",
    ),
];

/// Leave.
pub const LEAVE: &Synonyms = &[
    (
        Target::Person,
        "person employee name worker employeename employeeid workerid personid userid email workemail user mitarbeiter personalnummer staff who custodian \
         collaborateur employe salarie empleado dipendente funcionario medewerker personeelsnummer matricule 员工 姓名 工号 氏名 社員番号",
    ),
    (
        Target::From,
        "from start startdate firstday leavestart leavefrom begin beginn von begindate startsat absencestart desde du debut datededebut fechadeinicio inicio dal \
         datainizio datadeinicio van begindatum startdatum 开始日期 開始日 開始日期",
    ),
    (
        Target::To,
        "to end enddate lastday leaveend leaveto until till bis ende endsat absenceend hasta au fin datedefin fechadefin al datafine datadefim ate tot \
         einddatum enddatum 结束日期 終了日 結束日期",
    ),
    (
        Target::Kind,
        "kind type leavetype reason absencetype timeofftype category art grund abwesenheitsart motif tipo motivo soort reden 类型 種類 類型 休暇種別",
    ),
];

/// Public holidays.
pub const HOLIDAYS: &Synonyms = &[
    (Target::Day, "date day holidaydate datum fecha jour data giorno dia 日期 日付 start startdate from dtstart"),
    (Target::Name, "holiday holidayname name description summary event feiertag bezeichnung jourferie festivo festa feriado feestdag 节日 祝日 祝日名"),
    (Target::Region, "region country office location site calendar land bundesland pays pais 地区 国"),
];

/// Expected counts.
pub const EXPECTED: &Synonyms = &[
    (Target::Channel, "channel platform medium app application system kanal canal 渠道"),
    (Target::Person, "person employee name custodian worker employeename employeeid personid userid email user mitarbeiter account 员工 姓名"),
    (Target::Day, "day date datum tag fecha jour 日期"),
    (Target::Count, "expected count expectedcount messages messagecount number total anzahl erwartet nombre 数量"),
];

/// The target an exact synonym names, with its rank (0 = best word).
pub fn exact(synonyms: &Synonyms, heading: &str) -> Option<(Target, usize)> {
    exact_key(synonyms, &key(heading))
}

/// The same for a heading whose [`key`] is known.
pub fn exact_key(synonyms: &Synonyms, key: &str) -> Option<(Target, usize)> {
    if key.is_empty() {
        return None;
    }
    synonyms.iter().find_map(|(target, words)| words.split_whitespace().position(|w| w == key).map(|rank| (*target, rank)))
}

/// The target whose synonym (six letters or more) stands within the heading: `Employee Work Email`.
pub fn contained(synonyms: &Synonyms, heading: &str) -> Option<(Target, usize)> {
    let key = key(heading);
    // `Manager Work Email` is about the manager, `Emergency Contact Phone` about somebody else.
    if ["emergency", "assistant", "approver", "hrbp", "spouse", "dependent", "createdby", "modifiedby"].iter().any(|w| key.contains(w)) {
        return None;
    }
    for (word, target) in [
        ("manager", Target::Manager),
        ("supervisor", Target::Manager),
        ("vorgesetzt", Target::Manager),
        ("上级", Target::Manager),
        ("上司", Target::Manager),
        ("owner", Target::Owner),
    ] {
        if key.contains(word) && synonyms.iter().any(|(t, _)| *t == target) {
            return Some((target, 500));
        }
    }
    let hits = synonyms.iter().flat_map(|(t, words)| words.split_whitespace().map(move |w| (*t, w)));
    let long = hits.filter(|(_, w)| if w.is_ascii() { w.len() >= 6 } else { w.chars().count() >= 2 } && key.contains(w));
    long.max_by_key(|(_, w)| w.len()).map(|(t, w)| (t, 1000 - w.len()))
}

/// The channel a handle column is about: `Slack ID`, `whatsapp`, `WeChat handle`; empty for a general one.
pub fn handle_channel(heading: &str) -> Option<String> {
    let key = key(heading);
    if matches!(
        key.as_str(),
        "handles" | "handle" | "accounts" | "messengers" | "messenger" | "chathandles" | "imhandles" | "messengeraccounts" | "chataccounts"
    ) {
        return Some(String::new());
    }
    let mut stem = key.as_str();
    for _ in 0..2 {
        let cut = ["userid", "memberid", "objectid", "handle", "number", "account", "username", "user", "name", "phone", "id"];
        stem = cut.iter().find_map(|s| stem.strip_suffix(s)).unwrap_or(stem);
    }
    let channel = crate::import::delimited::platform::known(stem)?;
    // `E-mail`, `Phone` and `Text` are other columns.
    (!matches!(channel, "email" | "phone" | "sms" | "line") || matches!(key.as_str(), "lineid" | "smsnumber" | "linehandle")).then(|| channel.to_owned())
}
